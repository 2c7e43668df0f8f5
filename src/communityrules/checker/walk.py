"""Walking checked expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from communityrules.checker import checked


def parts(one: checked.Expression) -> tuple[checked.Expression, ...]:
    """The expressions directly inside an expression; a definition's is not inside its name."""
    match one:
        case checked.Logic():
            return one.operands
        case checked.AtLeast():
            return one.conditions
        case checked.Tally():
            return tuple(part for weight in one.weights for part in (weight.weight, weight.condition))
        case checked.Not() | checked.Empty() | checked.Matches():
            return (one.operand,)
        case checked.Compare() | checked.Arithmetic():
            return (one.left, one.right)
        case checked.InRange():
            return (one.operand, one.low, one.high)
        case checked.Contains():
            return (
                one.operand,
                *(item for item in one.matchers if not isinstance(item, checked.ListRef | checked.DetectorRef)),
            )
        case checked.OneOf() | checked.Affix():
            return (
                one.operand,
                *(item for item in one.items if not isinstance(item, checked.ListRef | checked.DetectorRef)),
            )
        case checked.FunctionCall():
            return one.arguments
        case checked.AggregateRef():
            return one.keys
        case _:
            return ()


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
        rest.extend(reversed(parts(current)))
