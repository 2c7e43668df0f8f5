"""Conditions that are always or never true."""

from __future__ import annotations

from typing import Final

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.checker.logic import Logic
from communityrules.checker.occasion import Occasion, occasion_of
from communityrules.checker.types import is_boolean
from communityrules.checker.walk import parts
from communityrules.checker.wording import shortened
from communityrules.diagnostics.message import Bilingual, Message

NEVER: Final = Message(
    code="CR501",
    severity="error",
    title=Bilingual("Condition that is never true", "永不成立的条件"),
    text=Bilingual("`{what}` can never be true.", "`{what}` 永远不会成立。"),
    hint=Bilingual(
        "Look for limits that exclude each other, such as `> 5 and < 3`, and for an empty text that is looked for.",
        "请找出互相排斥的界限,例如 `> 5 且 < 3`,以及用来查找的空文本。",
    ),
)

ALWAYS: Final = Message(
    code="CR502",
    severity="error",
    title=Bilingual("Condition that is always true", "恒成立的条件"),
    text=Bilingual("`{what}` is always true, so it decides nothing.", "`{what}` 恒成立,起不到判断作用。"),
    hint=Bilingual("Remove it, or correct the limit.", "请删去它,或改正界限。"),
)


def check_constancy(book: Book) -> None:
    """Conditions of definitions, groups, measures and rules; the smallest part that cannot vary is reported."""
    logic = Logic(book)
    roots = [*book.definitions.values(), *book.groups.values()]
    roots.extend(one.where for one in book.measures if one.where is not None)
    seen: set[int] = set()
    for root in roots:
        _visit(root, logic, book, seen)
    on_occasion: dict[Occasion, Logic] = {}
    occasions: dict[tuple[object, ...], Occasion] = {}
    for one in book.rules:
        rule = one.rule
        if rule.condition is None:
            continue
        said = rule.events, rule.places, rule.in_places
        occasion = occasions.get(said) or occasions.setdefault(said, occasion_of(rule, book))
        logic = on_occasion.get(occasion) or on_occasion.setdefault(occasion, Logic(book, occasion))
        if not logic.varies(rule.condition):
            _visit(rule.condition, logic, book, seen)


def _visit(one: checked.Expression, logic: Logic, book: Book, seen: set[int]) -> bool:
    """Whether something in the expression was reported, now or before."""
    if isinstance(one, checked.Tally):
        found = [_visit(weight.condition, logic, book, seen) for weight in one.weights]
        return any(found)
    if not is_boolean(one):
        return False
    if isinstance(one, checked.DefinitionRef):
        # Told where it is defined.
        return logic.truth(one) is not None
    # A `true` that something is compared with is a value, not a condition.
    joins = isinstance(one, checked.Logic | checked.Not | checked.AtLeast)
    inside = [_visit(part, logic, book, seen) for part in parts(one) if joins or not isinstance(part, checked.Const)]
    if any(inside):
        return True
    truth = logic.truth(one)
    if truth is None:
        return False
    span = book.resolver.place(one)
    if span is not None and id(one) not in seen:
        seen.add(id(one))
        book.report.add(ALWAYS if truth else NEVER, span, what=shortened(span))
    return True
