"""Duties have an owner and a number: a deadline that nobody named cannot be missed."""

from __future__ import annotations

from typing import Final

from communityrules.checker import amounts, checked
from communityrules.checker.book import Book
from communityrules.checker.rules import Judged
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.diagnostics.source import Span
from communityrules.language import tree
from communityrules.model.values import DAY, HOUR, MINUTE, WEEK

NO_OWNER: Final = Message(
    code="CR440",
    severity="error",
    title=Bilingual("Duty without an owner", "职责没有责任人"),
    text=Bilingual(
        "Rule `{rule}` requires `{event}` and does not say of whom.",
        "规则 `{rule}` 要求 `{event}`,却没有说明由谁负责。",
    ),
    hint=Bilingual(
        "Add `responsible GROUP`, or `assign to` a group or a member, such as `assign to event.member`.",
        "请加上 `责任人 用户组`,或用 `指派` 指定用户组或成员,例如 `指派 事件.成员`。",
    ),
)

NO_DEADLINE: Final = Message(
    code="CR441",
    severity="error",
    title=Bilingual("Duty without a deadline", "职责没有期限"),
    text=Bilingual(
        "Rule `{rule}` requires `{event}` and does not say by when.", "规则 `{rule}` 要求 `{event}`,却没有说明期限。"
    ),
    hint=Bilingual("Add a number, such as `within 24 hours`.", "请加上数字,例如 `限时 24小时`。"),
)

CONTRADICTION: Final = Message(
    code="CR442",
    severity="error",
    title=Bilingual("Contradictory deadlines", "互相矛盾的期限"),
    text=Bilingual(
        "The same duty has another deadline in rule `{rule}`, on line {line}.",
        "同一职责在规则 `{rule}`(第 {line} 行)另有期限。",
    ),
    hint=Bilingual(
        "Keep one deadline, or say what makes the two cases differ.", "只保留一个期限,或写明两种情形的区别。"
    ),
)

BEYOND_PERIOD: Final = Message(
    code="CR443",
    severity="error",
    title=Bilingual("Deadline after the period", "期限超出周期"),
    text=Bilingual(
        "The deadline of `{event}` lies beyond the period it belongs to.", "`{event}` 的期限超出了所属的周期。"
    ),
    hint=Bilingual(
        "Shorten the deadline, or leave it out: then it is the period's end.", "请缩短期限,或不写:不写即为周期结束时。"
    ),
)

#: The shortest that each unit can be.
_SHORTEST: Final = {
    "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK, "month": 28 * DAY, "quarter": 90 * DAY, "year": 365 * DAY,
}  # fmt: skip


def check_duties(book: Book) -> None:
    """Every `require`."""
    for text, asked in book.asked:
        if not text.requires:
            continue
        assigned = any(name == "assign" for _, name in asked)
        for duty in text.requires:
            if text.get(tree.Responsible) is None and not assigned and book.complete:
                book.report.add(NO_OWNER, _at(duty), rule=text.id.text, event=duty.event.text)
            if duty.within is None and duty.until is None and text.get(tree.Every) is None:
                book.report.add(NO_DEADLINE, _at(duty), rule=text.id.text, event=duty.event.text)
    _contradictions(book)


def _at(duty: tree.Require) -> Span:
    return duty.event.span


def _contradictions(book: Book) -> None:
    """The same duty from the same occasion, with two deadlines."""
    seen: dict[tuple[object, ...], list[tuple[Judged, checked.DutySpec, tree.Require]]] = {}
    for judged in book.rules:
        rule = judged.rule
        for spec, written in zip(rule.duties, judged.text.requires, strict=False):
            if rule.every is not None and spec.within is not None:
                longest = amounts.most(spec.within, book.resolver) or 0
                if longest > _SHORTEST[rule.every.unit] * rule.every.count:
                    book.report.add(
                        BEYOND_PERIOD, written.within.span if written.within else written.span, event=written.event.text
                    )
                continue
            key = duty_key(rule, spec)
            for other, earlier, _ in seen.get(key, ()):
                differs = _deadline(earlier) != _deadline(spec)
                if differs and not (rule.grace_end and other.rule.id == rule.id) and _overlap(other.rule, rule):
                    line = str(earlier.origin.line) if earlier.origin is not None else "?"
                    book.report.add(CONTRADICTION, written.span, rule=other.rule.id, line=line)
                    break
            seen.setdefault(key, []).append((judged, spec, written))


def duty_key(rule: checked.Rule, spec: checked.DutySpec) -> tuple[object, ...]:
    """What two duties share that are the same. Rows of a first-match table exclude each other."""
    return (
        rule.events, rule.condition, rule.applies_to, rule.excluded, rule.places, rule.excluded_places,
        rule.in_places, rule.except_places, rule.responsible, rule.each, spec.event, spec.times,
        rule.first_match and rule.id,
    )  # fmt: skip


def _deadline(spec: checked.DutySpec) -> tuple[object, ...]:
    return spec.within, spec.calendar, spec.until, spec.urgencies


def _overlap(one: checked.Rule, other: checked.Rule) -> bool:
    return (one.end is None or other.start is None or other.start < one.end) and (
        other.end is None or one.start is None or one.start < other.end
    )
