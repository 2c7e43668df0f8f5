"""Sums, differences, products and ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from communityrules.checker import checked
from communityrules.checker.context import Context
from communityrules.checker.types import is_open_label, type_of
from communityrules.checker.wording import text_of
from communityrules.checker.words import type_word
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.model.values import DURATION, INSTANT, NUMBER, Type

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

NOT_A_SUM: Final = Message(
    code="CR218",
    severity="error",
    title=Bilingual("Values that cannot be reckoned with", "无法运算的值"),
    text=Bilingual(
        "`{operator}` does not go between {left_type} and {right_type}.",
        "`{operator}` 不能用于{left_type}与{right_type}之间。",
    ),
    hint=Bilingual("Reckon with numbers or with lengths of time.", "请用数值或时长运算。"),
)

_RESULTS: Final[dict[tuple[str, str, str], Type]] = {
    ("number", "+", "number"): NUMBER,
    ("number", "-", "number"): NUMBER,
    ("number", "*", "number"): NUMBER,
    ("number", "/", "number"): NUMBER,
    ("duration", "+", "duration"): DURATION,
    ("duration", "-", "duration"): DURATION,
    ("duration", "*", "number"): DURATION,
    ("number", "*", "duration"): DURATION,
    ("duration", "/", "number"): DURATION,
    ("duration", "/", "duration"): NUMBER,
    ("instant", "-", "instant"): DURATION,
    ("instant", "+", "duration"): INSTANT,
    ("instant", "-", "duration"): INSTANT,
}


def arithmetic(node: tree.Arithmetic, resolver: Resolver, context: Context) -> checked.Expression | None:
    """One sum or ratio."""
    left, right = resolver.value(node.left, context), resolver.value(node.right, context)
    if left is None or right is None:
        return None
    left, right = _number(left), _number(right)
    type_ = _RESULTS.get((type_of(left).kind, node.operator, type_of(right).kind))
    if type_ is None:
        resolver.report.add(
            NOT_A_SUM,
            node.span,
            operator=node.operator,
            left_type=type_word(type_of(left)),
            right_type=type_word(type_of(right)),
            what=text_of(node),
        )
        return None
    return checked.Arithmetic(node.operator, left, right, type_)


def _number(operand: checked.Expression) -> checked.Expression:
    if is_open_label(operand):
        return replace(operand, type=NUMBER)
    return operand
