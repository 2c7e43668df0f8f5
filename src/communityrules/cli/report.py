"""What happened in a run of `judge`, for people: each decision that did something, then what each rule did.

Holds the first decisions up to a bound and counts the rest, so that a run over millions of events fits in memory and on
a screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from communityrules.checker.checked import Rulebook
from communityrules.cli.phrases import Phrases
from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.text import Part, Style, StyledLine
from communityrules.diagnostics.width import cells, cut, pad, visible
from communityrules.model.decision import Decision, Outcome, Timer
from communityrules.model.event import Event

_VERDICTS: Final = ("allow", "flag", "hold", "block")
_VERDICT: Final = {
    "allow": Bilingual("allow", "放行"),
    "flag": Bilingual("flag", "标记"),
    "hold": Bilingual("hold", "送审"),
    "block": Bilingual("block", "拦截"),
}
_STYLE: Final[dict[str, Style]] = {"allow": "good", "flag": "warning", "hold": "warning", "block": "error"}
_TIMER: Final = {
    "duty": Bilingual("a deadline passed", "期限已到"),
    "case": Bilingual("a case's deadline passed", "案件期限已到"),
    "sanction": Bilingual("a sanction ended", "处分到期"),
    "label": Bilingual("a label ended", "标签到期"),
    "state": Bilingual("a state ended", "状态到期"),
    "period": Bilingual("a period ended", "一个周期结束"),
}
_RULE: Final = Bilingual("rule {id}", "规则 {id}")
_MUTED: Final = Bilingual("silenced", "禁言中")
_TRIAL: Final = Bilingual("on trial: only recorded", "试行:只记录")
_OVERRIDDEN: Final = Bilingual("overridden by rule {id}", "被规则 {id} 取代")
_LATE: Final = Bilingual("came late", "迟到的事件")
_FAILED: Final = Bilingual(
    "rule {id} failed at {place} and was skipped: {error}", "规则 {id} 在 {place} 运行出错,已跳过:{error}"
)
_MORE: Final = Bilingual(
    "… and {number} more; `--show all` shows every one, `-o FILE` keeps all decisions.",
    "……另有 {number} 项;`--show all` 全部显示,`-o 文件` 保存所有判定。",
)
_NOTHING: Final = Bilingual(
    "Every event was let pass; no rule had anything to say.", "所有事件都已放行,没有规则需要处理。"
)
_TO: Final = Bilingual("tell {to}: {words}", "告知 {to}:{words}")
_POINTS: Final = Bilingual("{member}: {change} points, now {balance}", "{member}:积分 {change},现为 {balance}")
_LABELLED: Final = Bilingual("{on}: label {label}", "{on}:贴标签 {label}")
_UNLABELLED: Final = Bilingual("{on}: label {label} taken off", "{on}:摘标签 {label}")
_BY_RULE: Final = Bilingual("Rules", "各条规则")
_HEAD: Final = (
    Bilingual("rule", "规则"),
    Bilingual("name", "名称"),
    Bilingual("answered", "触发"),
    Bilingual("blocked", "拦截"),
    Bilingual("held", "送审"),
    Bilingual("flagged", "标记"),
    Bilingual("trial", "试行"),
)
_SILENT: Final = Bilingual("Never answered: {rules}", "从未触发:{rules}")
_VERDICTS_LINE: Final = Bilingual(
    "Verdicts: {allow} allow, {flag} flag, {hold} hold, {block} block",
    "判定:放行 {allow},标记 {flag},送审 {hold},拦截 {block}",
)
_COUNTS: Final = Bilingual(
    "Events: {read} read = {judged} judged + {duplicate} seen before + {quarantined} refused; {late} came late",
    "事件:读入 {read} = 评判 {judged} + 重复 {duplicate} + 拒收 {quarantined};其中迟到 {late}",
)


class Report:
    """Collects decisions and lays them out."""

    def __init__(self, phrases: Phrases, rulebook: Rulebook, width: int, most: int | None) -> None:
        self._say = phrases
        self._language = phrases.language
        self._width = width
        #: How many decisions are shown; None: all.
        self._most = most
        self._kept: list[tuple[Decision, Event | None]] = []
        self._untold = 0
        self._verdicts: Counter[str] = Counter()
        self._rules: dict[str, Counter[str]] = {}
        self._names: dict[str, str | None] = {one.id: one.name for one in rulebook.rules}
        #: Reserved: it blocks what silenced members send.
        self._reserved = {"mute": self._text(_MUTED)}
        self._communities: set[str] = set()

    def add(self, decision: Decision, event: Event | None) -> None:
        """Take note of one decision and the event that it answers."""
        if isinstance(decision.event, str):
            self._verdicts[decision.verdict] += 1
        for one in decision.outcomes:
            counter = self._rules.setdefault(one.rule, Counter())
            counter["answered"] += 1
            if one.trial:
                counter["trial"] += 1
            elif one.overridden_by is None:
                counter[one.verdict] += 1
            self._names.setdefault(one.rule, self._reserved.get(one.rule, one.name))
        if not _worth_telling(decision):
            return
        if self._most is None or len(self._kept) < self._most:
            self._kept.append((decision, event))
            self._communities.add(decision.community)
        else:
            self._untold += 1

    # --- the whole -------------------------------------------------------------------------------------------

    def lines(self) -> list[StyledLine]:
        """Everything that is to be shown, except the counts of events."""
        found: list[StyledLine] = []
        day = ""
        for decision, event in self._kept:
            date = self._say.time(decision.time)[:10]
            if date != day:
                found += [[Part(f"── {date} " + "─" * max(0, self._width - 14), "place")]]
                day = date
            found += self._decision(decision, event)
        if self._untold:
            found += [[], [Part(self._text(_MORE, number=str(self._untold)), "strong")]]
        if not self._kept and not self._untold:
            found += [[Part(self._text(_NOTHING))]]
        return [*found, [], *self._summary()]

    def counts(self, read: int, judged: int, duplicate: int, quarantined: int, late: int) -> StyledLine:
        """The line that accounts for every event."""
        said = {"read": read, "judged": judged, "duplicate": duplicate, "quarantined": quarantined, "late": late}
        return [Part(self._text(_COUNTS, **{name: str(number) for name, number in said.items()}))]

    def _text(self, text: Bilingual, **values: str) -> str:
        return text.fill(self._language, values)

    # --- one decision ----------------------------------------------------------------------------------------

    def _decision(self, decision: Decision, event: Event | None) -> list[StyledLine]:
        clock = self._say.time(decision.time, decision.time)
        timed = isinstance(decision.event, Timer)
        verdict = "" if timed else self._text(_VERDICT[decision.verdict])
        head: StyledLine = [
            Part(f"{pad(clock, 8)} ", "faint"),
            Part(pad(verdict, 6), _STYLE[decision.verdict]),
            Part(self._happening(decision, event), "plain" if timed else "strong"),
        ]
        found = [head]
        indent = " " * 15
        for one in decision.outcomes:
            found += self._outcome(one, indent)
        room = self._width - len(indent) - 2
        for text in self._consequences(decision):
            found.append([Part(f"{indent}{cut('• ' + text, room)}")])
        for failure in decision.errors:
            place = f"{visible(failure.file)}:{failure.line}"
            text = self._text(_FAILED, id=failure.rule, place=place, error=visible(failure.error))
            found.append([Part(f"{indent}! {text}", "error")])
        return found

    def _happening(self, decision: Decision, event: Event | None) -> str:
        where = f"[{visible(decision.community)}] " if len(self._communities) > 1 else ""
        late = f" ({self._text(_LATE)})" if decision.late else ""
        if isinstance(decision.event, Timer):
            what = _TIMER.get(decision.event.what)
            return where + (self._text(what) if what else visible(decision.event.what))
        if event is None:
            return f"{where}{visible(decision.event)}{late}"
        who = visible(event.member.id) if event.member is not None else "—"
        text = f"{where}{who} {self._say.event(event.type)}{late}"
        if event.target.member is not None:
            text += f" → {visible(event.target.member)}"
        if event.message is not None and event.message.text:
            room = self._width - 15 - cells(text) - 3
            excerpt = visible(event.message.text[: self._width])
            text += " " + cut(f"「{excerpt}」" if self._language == "zh" else f"“{excerpt}”", max(room, 20))
        return text

    def _outcome(self, one: Outcome, indent: str) -> list[StyledLine]:
        number = self._text(_MUTED) if one.rule == "mute" else self._text(_RULE, id=visible(one.rule))
        title = f"{number} {visible(one.name)}" if one.name else number
        aside = ""
        if one.trial:
            aside = f" ({self._text(_TRIAL)})"
        elif one.overridden_by is not None:
            aside = f" ({self._text(_OVERRIDDEN, id=visible(one.overridden_by))})"
        why = self._say.why(one)
        found: list[StyledLine] = [[Part(f"{indent}{title}", "hint"), Part(aside, "warning")]]
        room = self._width - len(indent) - 2
        found += [[Part(f"{indent}  {line}", "faint")] for line in _wrap(why, room)]
        if one.actions:
            acted = ("、" if self._language == "zh" else ", ").join(map(self._say.acted, one.actions))
            style: Style = "faint" if aside else "plain"
            found += [[Part(f"{indent}  → {cut(acted, room - 2)}", style)]]
        return found

    def _consequences(self, decision: Decision) -> list[str]:
        now = decision.time
        found = [self._say.sanction(one, now) for one in decision.sanctions]
        # A late duty is what its outcome tells.
        told = {piece.get("duty") for one in decision.outcomes for piece in one.evidence}
        found += [self._say.duty(one, now) for one in decision.duties if one.status != "late" or one.id not in told]
        found += [self._say.case(one, now) for one in decision.cases]
        for notice in decision.notices:
            text = notice.texts.get(self._language) or next(iter(notice.texts.values()), "")
            to = visible(next(iter(notice.to.values()), "—"))
            if text:
                found.append(self._text(_TO, to=to, words=self._say.quote(text)))
        for move in decision.points:
            found.append(
                self._text(_POINTS, member=visible(move.member), change=f"{move.change:+d}", balance=str(move.balance))
            )
        for label in decision.labels:
            on = visible(next(iter(label.on.values()), "—"))
            found.append(self._text(_UNLABELLED if label.removed else _LABELLED, on=on, label=label.label))
        return found

    # --- the summary -----------------------------------------------------------------------------------------

    def _summary(self) -> list[StyledLine]:
        found: list[StyledLine] = []
        answered = [one for one in self._names if one in self._rules]
        if answered:
            rows = [tuple(self._text(one) for one in _HEAD)]
            for rule in answered:
                counter = self._rules[rule]
                numbers = [counter[name] for name in ("answered", "block", "hold", "flag", "trial")]
                name = cut(visible(self._names[rule] or ""), 36)
                rows.append((visible(rule), name, *(str(number) if number else "·" for number in numbers)))
            found += [[Part(self._text(_BY_RULE), "strong")], *_columns(rows), []]
        silent = [visible(one) for one in self._names if one not in self._rules]
        if silent:
            found += [
                [Part(line, "faint")] for line in _wrap(self._text(_SILENT, rules=", ".join(silent)), self._width)
            ]
        found.append([Part(self._text(_VERDICTS_LINE, **{name: str(self._verdicts[name]) for name in _VERDICTS}))])
        return found


def _worth_telling(decision: Decision) -> bool:
    return bool(
        decision.outcomes or decision.sanctions or decision.duties or decision.cases or decision.notices
        or decision.points or decision.labels or decision.errors
    )  # fmt: skip


def _columns(rows: Sequence[tuple[str, ...]]) -> list[StyledLine]:
    """Rows under each other; numbers, all but the first two columns, to the right."""
    widths = [max(cells(row[index]) for row in rows) for index in range(len(rows[0]))]
    found: list[StyledLine] = []
    for number, row in enumerate(rows):
        parts = [
            pad(text, width) if index < 2 else " " * (width - cells(text)) + text
            for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        found.append([Part("  " + "  ".join(parts), "faint" if number == 0 else "plain")])
    return found


def _wrap(text: str, width: int) -> list[str]:
    """A text on several lines, broken at spaces and between wide characters."""
    if cells(text) <= width:
        return [text] if text else []
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while cells(line) > width:
            at = next(index for index in range(1, len(line) + 1) if cells(line[: index + 1]) > width)
            lines.append(line[:at])
            line = line[at:]
    return [*lines, line] if line else lines
