"""Dated values: in order, each date once, and a value for all the time in which a rule needs one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.checker.rules import Judged
from communityrules.checker.saying import names_in, texts_of
from communityrules.checker.versions import ENDS_BEFORE
from communityrules.checker.walk import walk
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

GAP: Final = Message(
    code="CR304",
    severity="error",
    title=Bilingual("Gap between dates", "日期之间有空档"),
    text=Bilingual(
        "`{name}` has no value before `{day}`, and rule `{rule}` needs one {since}.",
        "`{name}` 在 `{day}` 之前没有值,而规则 `{rule}` {since}就需要。",
    ),
    hint=Bilingual(
        "Let the first value hold from that day on, or leave its date out so that it holds from the beginning.",
        "请让第一个值自那天起有效,或不写日期使其从头有效。",
    ),
)

SAME_DATE: Final = Message(
    code="CR313",
    severity="error",
    title=Bilingual("Two values from the same day", "同一天的两个值"),
    text=Bilingual("`{name}` has a value from `{day}` already.", "`{name}` 自 `{day}` 起已有一个值。"),
    hint=Bilingual("Keep one of them, or give one another day.", "只保留一个,或改其中一个的日期。"),
)

UNDATED: Final = Message(
    code="CR314",
    severity="error",
    title=Bilingual("Value without a date", "没有日期的值"),
    text=Bilingual("Only the first value of `{name}` can stand without a date.", "`{name}` 只有第一个值可以不写日期。"),
    hint=Bilingual("Say from when it holds, such as `5 from 2025-01-01`.", "请写明自何时起,例如 `5 自 2025-01-01`。"),
)


def check_parameters(book: Book) -> None:
    """Every parameter and every rule that reads one."""
    nodes: dict[str, tree.ParameterDeclaration] = book.scope.declared.get("parameter", {})
    for name, node in nodes.items():
        previous: tree.Day | None = None
        for position, one in enumerate(node.values):
            if one.start is None:
                if position:
                    book.report.add(UNDATED, one.span, name=name)
                continue
            if previous is not None and one.start.value == previous.value:
                book.report.add(SAME_DATE, one.start.span, name=name, day=one.start.span.text)
            elif previous is not None and one.start.value < previous.value:
                book.report.add(ENDS_BEFORE, one.start.span, later=one.start.span.text, earlier=previous.span.text)
            previous = one.start
    if not book.complete or not book.parameters:
        return  # the dates from which rules are in force may be what did not parse
    reported: set[str] = set()
    for judged in book.rules:
        for name in _read(judged, book):
            known = book.parameters.get(name)
            if known is None or name in reported or not known.values:
                continue
            first, begins = known.values[0][0], judged.rule.start
            if first is None or (begins is not None and begins >= first):
                continue
            written = nodes[name].values[0]
            if written.start is not None:
                reported.add(name)
                since = _since(judged)
                book.report.add(
                    GAP, written.start.span, name=name, day=written.start.span.text, rule=judged.rule.id, since=since
                )


def _since(judged: Judged) -> Bilingual:
    effective = judged.text.get(tree.Effective)
    if effective is not None and effective.start is not None:
        return Bilingual(f"from {effective.start.span.text}", f"自 {effective.start.span.text} 起")
    if judged.rule.start is None:
        return Bilingual("from the beginning", "从一开始")
    return Bilingual("from the published day", "自发布之日起")


def _read(judged: Judged, book: Book) -> Iterator[str]:
    """Parameters that a version of a rule reads, in its condition, its groups and its templates."""
    rest: list[checked.Expression] = [judged.rule.condition] if judged.rule.condition is not None else []
    rest.extend((*judged.rule.in_places, *judged.rule.except_places))
    groups = {*judged.rule.applies_to, *judged.rule.excluded}
    rest.extend(book.groups[group] for group in sorted(groups) if group in book.groups)
    seen_measures: set[int] = set()
    while rest:
        for one in walk(rest.pop(), book.definitions):
            if isinstance(one, checked.ParameterRef):
                yield one.name
            elif isinstance(one, checked.Contains):
                yield from (item.name for item in one.matchers if isinstance(item, checked.ParameterRef))
            elif isinstance(one, checked.InGroup) and one.group not in groups:
                groups.add(one.group)
                if one.group in book.groups:
                    rest.append(book.groups[one.group])
            elif isinstance(one, checked.AggregateRef) and one.index not in seen_measures:
                seen_measures.add(one.index)
                measure = book.measures[one.index]
                rest.extend(part for part in (measure.value, *measure.keys, measure.where) if part is not None)
                if isinstance(measure.window, checked.SlidingWindow) and not isinstance(measure.window.length, int):
                    yield measure.window.length.name
    yield from _amounts(judged.rule, book)
    late = [action for duty in judged.rule.duties for action in duty.if_late]
    early = [action for duty in judged.rule.duties for one in duty.reminders for action in one.actions]
    for action in (*judged.rule.actions, *early, *late):
        for text in texts_of(str(action.arguments.get("template")), book.scope):
            yield from names_in(text.value)
        yield from names_in(str(action.arguments.get("text", "")))


def _amounts(rule: checked.Rule, book: Book) -> Iterator[str]:
    """Parameters that say a deadline, a number of times or an amount."""
    said: list[object] = [rule.cooldown]
    done = list(rule.actions)
    for duty in rule.duties:
        said += (duty.times, duty.within, *(one.within for one in duty.urgencies))
        said += (part for one in duty.reminders for part in (one.share, one.before))
        done += (*duty.if_late, *(action for one in duty.reminders for action in one.actions))
    while done:
        action = done.pop()
        said.extend(action.arguments.values())
        said.extend(one.points for one in action.arguments.values() if isinstance(one, checked.Allowance))
        said.extend(one.value for one in action.arguments.values() if isinstance(one, checked.Noted))
        done.extend(action.if_late)
        penalty = book.penalties.get(str(action.arguments.get("penalty")))
        if penalty is not None:
            said += (penalty.over, penalty.appeal.within if penalty.appeal is not None else None)
            done.extend(inner for step in penalty.steps for inner in step.actions if "penalty" not in inner.arguments)
    yield from (one.name for one in said if isinstance(one, checked.ParameterRef))
