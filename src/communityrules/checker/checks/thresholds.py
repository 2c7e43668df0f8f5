"""Limits that a tally can never, or must always, reach: what its weights can come to is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.checker.walk import walk
from communityrules.checker.wording import shortened
from communityrules.diagnostics.message import Bilingual, Message

OUT_OF_REACH: Final = Message(
    code="CR506",
    severity="error",
    title=Bilingual("Limit that the tally never reaches", "计分永远达不到的界限"),
    text=Bilingual(
        "`{what}` can never be true: the weights come to between {least} and {most}.",
        "`{what}` 永远不会成立:分值合计在 {least} 与 {most} 之间。",
    ),
    hint=Bilingual("Lower the limit, or give the conditions more weight.", "请调低界限,或提高各条件的分值。"),
)

ALWAYS_REACHED: Final = Message(
    code="CR507",
    severity="error",
    title=Bilingual("Limit that the tally always reaches", "计分必然达到的界限"),
    text=Bilingual(
        "`{what}` is always true, even when no condition holds: the weights come to between {least} and {most}.",
        "`{what}` 恒成立,即使没有条件成立:分值合计在 {least} 与 {most} 之间。",
    ),
    hint=Bilingual("Raise the limit, or correct the weights.", "请调高界限,或改正分值。"),
)

#: From the least to the most that something can come to.
_Range = tuple[Fraction, Fraction]


def check_thresholds(book: Book) -> None:
    """Every comparison of a tally, or of a metric that is made of tallies, with a number or a parameter."""
    if not book.resolver.tallied:
        return
    roots = [*book.definitions.values(), *book.groups.values()]
    roots.extend(one.where for one in book.measures if one.where is not None)
    roots.extend(one.rule.condition for one in book.rules if one.rule.condition is not None)
    told: set[int] = set()
    for root in roots:
        for one in walk(root):
            if not isinstance(one, checked.Compare | checked.InRange) or id(one) in told:
                continue
            told.add(id(one))
            found = _verdict(one, book)
            span = book.resolver.place(one)
            if found is not None and span is not None:
                always, (least, most) = found
                message = ALWAYS_REACHED if always else OUT_OF_REACH
                book.report.add(message, span, what=shortened(span), least=_shown(least), most=_shown(most))


def _verdict(one: checked.Compare | checked.InRange, book: Book) -> tuple[bool, _Range] | None:
    """Whether a comparison always or never holds, with what the tally can come to; None when it can vary."""
    if isinstance(one, checked.InRange):
        tally, low, high = (_range(node, book) for node in (one.operand, one.low, one.high))
        if tally is None or low is None or high is None or not _tallies(one.operand, book):
            return None
        inside = None
        if tally[0] >= low[1] and tally[1] <= high[0]:
            inside = True
        elif tally[1] < low[0] or tally[0] > high[1]:
            inside = False
        return None if inside is None else (inside != one.outside, tally)
    left, right = _range(one.left, book), _range(one.right, book)
    if left is None or right is None:
        return None
    on_left, on_right = _tallies(one.left, book), _tallies(one.right, book)
    if on_left == on_right:
        return None
    holds = _compared(one.operator, left, right)
    return None if holds is None else (holds, left if on_left else right)


def _compared(operator: str, left: _Range, right: _Range) -> bool | None:
    match operator:
        case ">":
            return True if left[0] > right[1] else False if left[1] <= right[0] else None
        case ">=":
            return True if left[0] >= right[1] else False if left[1] < right[0] else None
        case "<":
            return _compared(">", right, left)
        case "<=":
            return _compared(">=", right, left)
        case _:
            apart = left[1] < right[0] or left[0] > right[1]
            return (operator == "is_not") if apart else None


def _tallies(node: checked.Expression, book: Book) -> bool:
    return any(isinstance(one, checked.Tally) for one in walk(node, book.definitions))


def _range(node: checked.Expression, book: Book) -> _Range | None:
    """What a number can be; None where that is not known beforehand."""
    match node:
        case checked.Const() | checked.ParameterRef():
            values = list(_values(node, book))
            return (min(values), max(values)) if values else None
        case checked.DefinitionRef():
            meaning = book.definitions.get(node.name)
            return _range(meaning, book) if meaning is not None else None
        case checked.Tally():
            least = most = Fraction(0)
            for one in node.weights:
                # Once before a parameter has a value it weighs nothing.
                values = [Fraction(0), *_values(one.weight, book)]
                least += min(values)
                most += max(values)
            return least, most
        case checked.Arithmetic(operator="+" | "-"):
            left, right = _range(node.left, book), _range(node.right, book)
            if left is None or right is None:
                return None
            if node.operator == "+":
                return left[0] + right[0], left[1] + right[1]
            return left[0] - right[1], left[1] - right[0]
        case _:
            return None


def _values(node: checked.Const | checked.ParameterRef, book: Book) -> Iterator[Fraction]:
    if isinstance(node, checked.Const):
        values = [node.value]
    else:
        known = book.parameters.get(node.name)
        values = [value for _, value in known.values] if known is not None else []
    for value in values:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            yield Fraction(value)


def _shown(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.12g}"
