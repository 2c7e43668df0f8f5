"""Dates of rules: when each is in force, and what amendments and repeals make of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from communityrules.checker import dates
from communityrules.checker.clauses import Clauses, read_clauses
from communityrules.checker.header import Head
from communityrules.checker.scope import Scope
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.frozen import dataclass, replace
from communityrules.language import tree

ENDS_BEFORE: Final = Message(
    code="CR303",
    severity="error",
    title=Bilingual("Dates in the wrong order", "日期先后颠倒"),
    text=Bilingual(
        "`{later}` comes before `{earlier}`, which it should follow.", "`{later}` 早于 `{earlier}`,本应在其后。"
    ),
    hint=Bilingual("Put the earlier one first.", "请把较早的写在前面。"),
)

AMENDED_BEFORE: Final = Message(
    code="CR305",
    severity="error",
    title=Bilingual("Changed before it is in force", "实施之前就被修改"),
    text=Bilingual(
        "Rule `{rule}` is in force from {start}; this changes it from {day}.",
        "规则 `{rule}` 自 {start} 起实施,此处却自 {day} 起修改。",
    ),
    hint=Bilingual("Choose a day after {start}, or mend the rule itself.", "请选 {start} 之后的日期,或直接修改规则。"),
)

AMENDED_AFTER: Final = Message(
    code="CR306",
    severity="error",
    title=Bilingual("Changed after it has ended", "终止之后才被修改"),
    text=Bilingual(
        "Rule `{rule}` is over by {end}, so from then to {day} there would be a gap.",
        "规则 `{rule}` 到 {end} 已终止,到 {day} 之间会出现空档。",
    ),
    hint=Bilingual(
        "Choose a day on which the rule is still in force, or write a new rule.",
        "请选规则仍有效的日期,或另写一条规则。",
    ),
)

SAME_DAY: Final = Message(
    code="CR307",
    severity="error",
    title=Bilingual("Two changes from the same day", "同一天的两处修改"),
    text=Bilingual(
        "Rule `{rule}` is changed from {day} already, on line {line}.",
        "规则 `{rule}` 在第 {line} 行已有自 {day} 起的修改。",
    ),
    hint=Bilingual("Join both changes or give one another day.", "请合并两处修改,或改其中一个的日期。"),
)

DATE_IN_AMENDMENT: Final = Message(
    code="CR308",
    severity="error",
    title=Bilingual("An amendment with dates of its own", "修订中另写了日期"),
    text=Bilingual("From when an amendment holds stands in its head.", "修订自何时起,写在它的首行。"),
    hint=Bilingual("Remove this clause; end a rule with `repeal`.", "请删去这一子句;终止规则用 `废止`。"),
)

TRIAL_OUTSIDE: Final = Message(
    code="CR309",
    severity="error",
    title=Bilingual("Trial outside the rule's time", "试行期不在规则有效期内"),
    text=Bilingual("The trial ends on {day}, before the rule is in force.", "试行到 {day} 为止,而规则那时尚未实施。"),
    hint=Bilingual("Choose a day after the rule begins.", "请选规则实施之后的日期。"),
)


OWN_AT_ONCE: Final = Message(
    code="CR316",
    severity="error",
    title=Bilingual("Change of one's own rule without a date", "无日期地修改自己的规则"),
    text=Bilingual(
        "Rule `{rule}` stands in this same file; only rules of a used file are changed `immediately`.",
        "规则 `{rule}` 就在本文件中;只有被引用文件的规则可以 `即时` 修改。",
    ),
    hint=Bilingual("Mend the rule itself, or write from which day.", "请直接修改该规则,或写明自哪一天起。"),
)


NO_TEXT_BEFORE: Final = Message(
    code="CR317",
    severity="error",
    title=Bilingual("Grace without a text before", "宽限期之前没有旧文本"),
    text=Bilingual(
        "Rule `{rule}` has this text from its beginning, so there is none that could still hold.",
        "规则 `{rule}` 自始即为此文本,没有可在宽限期内继续有效的旧文本。",
    ),
    hint=Bilingual("Remove `grace`, or write from which day.", "请删去 `宽限`,或写明自哪一天起。"),
)


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a rule with the time it is in force: `start <= t < end`."""

    text: Clauses
    start: int | None
    end: int | None
    #: Which amendment made it; 0 for the text as first written.
    number: int = 0
    #: Until then the version before is in force as well, and this one only reminds.
    grace_end: int | None = None


def versions_of(
    texts: Iterable[Clauses], declarations: Iterable[tree.Declaration], scope: Scope, head: Head
) -> dict[str, list[Version]]:
    """Every version of every rule by id, each list in the order of time; wrong dates are reported."""
    found: dict[str, list[Version]] = {}
    for text in texts:
        start, end = _in_force(text, head, scope)
        # A second rule of the same number has been reported; it is looked at all the same.
        key = text.id.text if text.id.text not in found else f"{text.id.text}\0{len(found)}"
        found[key] = [Version(text, start, end)]
    changes: dict[str, list[tree.Amend | tree.Repeal]] = {}
    for one in declarations:
        if isinstance(one, tree.Amend | tree.Repeal) and scope.has_rule(one.rule):
            changes.setdefault(one.rule.text, []).append(one)
    for rule, listed in changes.items():
        if rule in found:
            found[rule] = _changed(found[rule][0], listed, scope, head)
    return found


def _in_force(text: Clauses, head: Head, scope: Scope) -> tuple[int | None, int | None]:
    clause = text.get(tree.Effective)
    start, end = head.published, None
    if clause is not None and clause.start is not None:
        start = dates.midnight(clause.start.value, head.zone)
    if clause is not None and clause.end is not None:
        end = dates.after(clause.end.value, head.zone)
        if end is not None and start is not None and end <= start:
            earlier = clause.start.span.text if clause.start is not None else "published"
            scope.report.add(ENDS_BEFORE, clause.end.span, later=clause.end.span.text, earlier=earlier)
            end = None
    trial = text.get(tree.Trial)
    if trial is not None and start is not None:
        trial_end = dates.after(trial.through.value, head.zone)
        if trial_end is not None and trial_end <= start:
            scope.report.add(TRIAL_OUTSIDE, trial.through.span, day=trial.through.span.text)
    review = text.get(tree.ReviewBy)
    if review is not None and start is not None and dates.midnight(review.day.value, head.zone) < start:
        scope.report.add(ENDS_BEFORE, review.day.span, later=review.day.span.text, earlier=_day(start, head))
    return start, end


def _day(moment: int | None, head: Head) -> str:
    return dates.day_text(moment, head.zone) if moment is not None else "—"


def _changed(first: Version, changes: list[tree.Amend | tree.Repeal], scope: Scope, head: Head) -> list[Version]:
    """The versions that amendments make, by date, and the end that a repeal makes."""
    report = scope.report
    rule = first.text.id.text
    now = [one for one in changes if _at_once(one, first, head)]
    for again in now[1:]:
        report.add(SAME_DAY, again.span, rule=rule, day=_when(again), line=str(now[0].span.line))
    if now:
        change = now[0]
        if change.start is None and change.span.source is first.text.id.span.source:
            report.add(OWN_AT_ONCE, change.span, rule=rule)
        elif isinstance(change, tree.Repeal):
            return []
        else:
            if change.grace is not None:
                report.add(NO_TEXT_BEFORE, change.grace.span, rule=rule)
            first = replace(first, text=first.text.over(_amendment(change, scope)))
    versions = [first]
    seen: dict[int, tree.Amend | tree.Repeal] = {}
    repealed = False
    later = [(one.start, one) for one in changes if one.start is not None and all(one is not other for other in now)]
    # A stable order by day: the text may list changes in any order.
    for start, change in sorted(later, key=lambda one: one[0].value):
        at = dates.midnight(start.value, head.zone)
        day = start.span.text
        last = versions[-1]
        if at in seen:
            report.add(SAME_DAY, start.span, rule=rule, day=day, line=str(seen[at].span.line))
            continue
        seen[at] = change
        if first.start is not None and at <= first.start:
            report.add(AMENDED_BEFORE, start.span, rule=rule, start=_day(first.start, head), day=day)
            continue
        if last.end is not None and (at >= last.end or repealed):
            report.add(AMENDED_AFTER, start.span, rule=rule, end=_day(last.end, head), day=day)
            continue
        grace = _grace(change, at, last.end, scope)
        # Nor does an older text outlive the one that followed it.
        versions = [replace(one, end=at if one.end is None else min(one.end, at)) for one in versions]
        versions[-1] = replace(last, end=at if grace is None else grace)
        if isinstance(change, tree.Repeal):
            repealed = True
            continue
        text = last.text.over(_amendment(change, scope))
        versions.append(Version(text, at, last.end, last.number + 1, grace))
    return versions


def _grace(change: tree.Amend | tree.Repeal, at: int, end: int | None, scope: Scope) -> int | None:
    """Until when the text before an amendment still holds; the rule's own end comes first."""
    if isinstance(change, tree.Repeal) or change.grace is None:
        return None
    length = dates.length(change.grace, scope.report)
    if length is None:
        return None
    return at + length if end is None else min(at + length, end)


def _at_once(change: tree.Amend | tree.Repeal, first: Version, head: Head) -> bool:
    """Whether a change holds as long as the rule: `immediately`, or for a used file's rule from its first day."""
    if change.start is None:
        return True
    used = change.span.source is not first.text.id.span.source
    return used and first.start is not None and dates.midnight(change.start.value, head.zone) == first.start


def _when(change: tree.Amend | tree.Repeal) -> str | Bilingual:
    return change.start.span.text if change.start is not None else Bilingual("immediately", "即时")


def _amendment(change: tree.Amend, scope: Scope) -> Clauses:
    found = read_clauses(change.rule, None, change.clauses, scope.report)
    dated = found.get(tree.Effective)
    if dated is not None:
        scope.report.add(DATE_IN_AMENDMENT, dated.span)
        del found.by_kind[tree.Effective]
    return found
