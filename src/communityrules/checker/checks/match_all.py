"""A rule that punishes whatever happens."""

from __future__ import annotations

from typing import Final

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.checker.logic import Logic
from communityrules.checker.occasion import occasion_of, usual_occasions
from communityrules.checker.rules import Judged
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

PUNISHES_ALL: Final = Message(
    code="CR450",
    severity="error",
    title=Bilingual("Punishment for everything", "一概处罚"),
    text=Bilingual(
        "Rule `{rule}` has no condition that sets a wrong apart, so every {events} would be punished with `{action}`.",
        "规则 `{rule}` 没有能区分违规与否的条件,每个 {events} 都会受到 `{action}`。",
    ),
    hint=Bilingual(
        "Say in an `if` what is wrong; name a group there to punish its members.",
        "请用 `若` 写明何为违规;要处罚某组成员,也请写在其中。",
    ),
)


_PERIOD: Final = Bilingual("member in every period", "周期内的成员")


def check_match_all(book: Book) -> None:
    """Rules without condition, or with one that every usual event fulfils, whose consequence is a sanction."""
    for judged in book.rules:
        rule = judged.rule
        action = next((one for one in rule.actions if is_sanction(one, book)), None)
        if action is None:
            continue
        if rule.found_by is not None or _only_raised(judged, book) or _is_otherwise(judged):
            continue
        written = judged.text.get(tree.If)
        if written is None and not book.complete:
            continue  # its condition may be what did not parse
        # A row of a table need not tell apart what the rows above it have taken out; a pattern or a number that did not
        # parse may stand as one that fits everything.
        expected = rule.first_match is None and book.complete
        events = rule.events if _always(rule, Logic(book, occasion_of(rule, book), expected=expected)) else ()
        if not events and expected:
            usual = usual_occasions(rule, book)
            events = tuple(e for one in usual if _always(rule, Logic(book, one, expected=True)) for e in one.events)
        if not events and not (rule.every is not None and _always(rule, Logic(book))):
            continue
        then = judged.text.get(tree.Then)
        span = then.span if then is not None else judged.text.id.span
        named = _written(then, action, book) if then is not None else None
        if named is not None:
            span = named.span
        if written is not None and written.condition is not None:
            span = written.condition.span
        book.report.add(
            PUNISHES_ALL,
            span,
            rule=rule.id,
            events=book.scope.event_words(events) if events else _PERIOD,
            action=named.name.text if named is not None else action.do,
        )


def _always(rule: checked.Rule, logic: Logic) -> bool:
    condition = rule.condition
    if condition is None:
        return True
    # What is joined by `and` always holds only where each of its parts does: most often the first one tells.
    if isinstance(condition, checked.Logic) and condition.operator == "and":
        return all(logic.truth(one) is True for one in condition.operands) and logic.truth(condition) is True
    return logic.truth(condition) is True


def is_sanction(action: checked.Action, book: Book) -> bool:
    """Whether an action imposes a sanction, at once or by a step of its penalty."""
    if book.scope.library.actions[action.do].sanction:
        return True
    penalty = book.penalties.get(str(action.arguments.get("penalty"))) if action.do == "penalty" else None
    if penalty is None:
        return False
    return any(book.scope.library.actions[one.do].sanction for step in penalty.steps for one in step.actions)


def _written(then: tree.Then, action: checked.Action, book: Book) -> tree.Action | None:
    for one in then.consequences:
        if isinstance(one, tree.Action) and book.scope.library.resolve("actions", one.name.text) == action.do:
            return one
    return None


def _only_raised(judged: Judged, book: Book) -> bool:
    """Events of the engine's are themselves what went wrong: a late duty, a breach."""
    types = [book.scope.event_type(name) for name in judged.rule.events]
    return bool(types) and all(one is not None and one.raised for one in types)


def _is_otherwise(judged: Judged) -> bool:
    clause = judged.text.get(tree.If)
    return clause is not None and clause.condition is None and judged.rule.first_match is not None
