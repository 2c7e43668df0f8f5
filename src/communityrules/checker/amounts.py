"""Lengths of time and numbers in clauses and actions: written out, or the name of a parameter that says them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from communityrules.checker import checked, dates
from communityrules.checker.words import type_word
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree
from communityrules.model.values import DURATION, NUMBER, Type

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

MOST: Final = 1_000_000_000

UNFIT: Final = Message(
    code="CR253",
    severity="error",
    title=Bilingual("Parameter that cannot stand here", "参数不能用在这里"),
    text=Bilingual("`{name}` cannot stand here: {reason}.", "`{name}` 不能用在这里:{reason}。"),
    hint=Bilingual(
        "A deadline takes a length of time such as `24 hours`, an amount a whole number from 1, a reminder also a part "
        "such as `80%`.",
        "期限要用时长,例如 `24小时`;数量要用从 1 起的整数;提醒也可用 `80%` 这样的比例。",
    ),
)

_WANTED: Final = {
    DURATION: Bilingual("a length of time is needed", "此处需要时长"),
    NUMBER: Bilingual("a number is needed", "此处需要数值"),
}


def length(node: tree.Duration | tree.Name, resolver: Resolver) -> int | checked.ParameterRef | None:
    """A length of time in microseconds, or the parameter; None after reporting what is wrong."""
    if isinstance(node, tree.Name):
        return parameter(node, DURATION, resolver)
    return dates.length(node, resolver.report)


def parameter(name: tree.Name, wanted: Type, resolver: Resolver) -> checked.ParameterRef | None:
    """A parameter all of whose values are such amounts; None after reporting what is wrong."""
    scope = resolver.scope
    node: tree.ParameterDeclaration | None = scope.find("parameter", name)
    type_ = resolver.parameter_type(name.text) if node is not None else None
    if node is None or type_ is None:
        return None
    if type_ != wanted:
        word, needed = type_word(type_), _WANTED[wanted]
        reason = Bilingual(f"it is {word.en}, and {needed.en}", f"它是{word.zh},而{needed.zh}")
        resolver.report.add(UNFIT, name.span, name=name.text, reason=reason)
        return None
    for one in node.values:
        if not _makes_sense(one.value):
            reason = Bilingual(
                f"its value `{one.value.span.text}` makes no sense", f"它的值 `{one.value.span.text}` 没有意义"
            )
            resolver.report.add(UNFIT, name.span, name=name.text, reason=reason)
            return None
    return checked.ParameterRef(name.text, type_)


def share(name: tree.Name, resolver: Resolver) -> checked.ParameterRef | None:
    """A parameter all of whose values are parts of a whole, between 0% and 100%; None after reporting what is wrong."""
    node: tree.ParameterDeclaration | None = resolver.scope.find("parameter", name)
    type_ = resolver.parameter_type(name.text) if node is not None else None
    if node is None or type_ is None:
        return None
    for one in node.values:
        value = one.value
        if not (isinstance(value, tree.Number) and value.percent and 0 < value.value < 1):
            written = value.span.text
            reason = Bilingual(
                f"its value `{written}` is no part such as `80%`", f"它的值 `{written}` 不是 `80%` 这样的比例"
            )
            resolver.report.add(UNFIT, name.span, name=name.text, reason=reason)
            return None
    return checked.ParameterRef(name.text, type_)


def most(amount: int | checked.ParameterRef, resolver: Resolver) -> int | None:
    """The largest that an amount can be, in microseconds for a length of time."""
    if not isinstance(amount, checked.ParameterRef):
        return amount
    node: tree.ParameterDeclaration = resolver.scope.declared["parameter"][amount.name]
    found = [dates.measure(one.value) for one in node.values if isinstance(one.value, tree.Duration)]
    return max((one for one in found if one is not None), default=None)


def _makes_sense(value: tree.Expression) -> bool:
    """A length of time that can be waited for, or a whole number from 1."""
    if isinstance(value, tree.Duration):
        return bool(dates.measure(value))
    if isinstance(value, tree.Number):
        number = dates.whole(value.value)
        return not isinstance(number, Decimal) and 1 <= number <= MOST and not value.percent
    return False
