"""Walking checked expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from communityrules.checker import checked


def parts(one: checked.Expression) -> tuple[checked.Expression, ...]:
    """The expressions directly inside an expression; a definition's is not inside its name."""
    inside = _PARTS.get(one.__class__)
    return () if inside is None else inside(one)


def _searched(one: Any, items: tuple[Any, ...]) -> tuple[checked.Expression, ...]:
    return (one.operand, *(item for item in items if not isinstance(item, checked.ListRef | checked.DetectorRef)))


def _operand(one: Any) -> tuple[checked.Expression, ...]:
    return (one.operand,)


def _sides(one: Any) -> tuple[checked.Expression, ...]:
    return (one.left, one.right)


#: By class, as there are many expressions and they are walked often.
_PARTS: Final[dict[type, Callable[[Any], tuple[checked.Expression, ...]]]] = {
    checked.Logic: lambda one: one.operands,
    checked.AtLeast: lambda one: one.conditions,
    checked.Tally: lambda one: tuple(part for weight in one.weights for part in (weight.weight, weight.condition)),
    checked.Not: _operand,
    checked.Empty: _operand,
    checked.Matches: _operand,
    checked.Compare: _sides,
    checked.Arithmetic: _sides,
    checked.InRange: lambda one: (one.operand, one.low, one.high),
    checked.Contains: lambda one: _searched(one, one.matchers),
    checked.OneOf: lambda one: _searched(one, one.items),
    checked.Affix: lambda one: _searched(one, one.items),
    checked.FunctionCall: lambda one: one.arguments,
    checked.AggregateRef: lambda one: one.keys,
}


def walk(
    one: checked.Expression, definitions: Mapping[str, checked.Expression] | None = None
) -> Iterator[checked.Expression]:
    """An expression and all inside it, outermost first; through definitions, each once, when they are given."""
    seen: set[str] = set()
    rest: list[checked.Expression] = [one]
    while rest:
        current = rest.pop()
        yield current
        if isinstance(current, checked.DefinitionRef) and definitions is not None:
            if current.name not in seen and current.name in definitions:
                seen.add(current.name)
                rest.append(definitions[current.name])
            continue
        inside = _PARTS.get(current.__class__)
        if inside is not None:
            rest.extend(inside(current)[::-1])
