"""Pieces of evidence that tell one value and else what never changes, as most do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from communityrules.checker import checked
from communityrules.compiler.kinds import FLIPPED, describe, type_of
from communityrules.compiler.plain import plain

#: The part of a piece that is an expression.
VALUE: Final = "value"
#: What is told as the limit, on whichever side it stands.
_LIMIT: Final = checked.Const | checked.ParameterRef
_COUNTED: Final = ("count", "distinct", "similar", "open_duties")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence of a condition that holds."""

    kind: str
    #: In the order in which they are told. `value` is an expression; all else is told as it is.
    parts: Mapping[str, Any]


def simple(rulebook: checked.Rulebook, node: checked.Expression) -> Piece | None:
    """The piece that tells why a condition holds; None where it is none of these."""
    match node:
        case checked.Compare():
            left, right, operator = sides(node)
            limit = fixed(rulebook, right)
            if limit is None or is_count(rulebook, left, right):
                return None
            said = describe(left, rulebook)
            return Piece(kind_of(left), {"what": said, VALUE: left, "operator": operator, "limit": limit})
        case checked.InRange(operand=operand):
            low, high = fixed(rulebook, node.low), fixed(rulebook, node.high)
            if low is None or high is None:
                return None
            operator = "outside" if node.outside else "between"
            said = describe(operand, rulebook)
            return Piece(
                span_of(operand), {"what": said, VALUE: operand, "operator": operator, "low": low, "high": high}
            )
        case checked.OneOf(operand=operand):
            return Piece(
                "not_one_of" if node.negated else "one_of", {"what": describe(operand, rulebook), VALUE: operand}
            )
        case _:
            return None


def sides(node: checked.Compare) -> tuple[checked.Expression, checked.Expression, str]:
    """What is compared, the limit behind it, and the operator in that order."""
    if isinstance(node.left, _LIMIT) and not isinstance(node.right, _LIMIT):
        return node.right, node.left, FLIPPED[node.operator]
    return node.left, node.right, node.operator


def is_count(rulebook: checked.Rulebook, left: checked.Expression, right: checked.Expression) -> bool:
    """Whether a comparison is told as a count with its limit."""
    return _is_counted(rulebook, left) and not _is_counted(rulebook, right)


def _is_counted(rulebook: checked.Rulebook, node: checked.Expression) -> bool:
    return isinstance(node, checked.AggregateRef) and rulebook.aggregates[node.index].function in _COUNTED


def kind_of(left: checked.Expression) -> str:
    """The kind of a comparison with something."""
    kind = type_of(left).kind
    return "state" if kind == "state" else "time" if kind == "instant" else "compare"


def span_of(operand: checked.Expression) -> str:
    """The kind of a range that something is in."""
    return "time" if type_of(operand).kind in ("instant", "time_of_day") else "range"


def fixed(rulebook: checked.Rulebook, node: checked.Expression) -> str | int | float | None:
    """What never changes as plain JSON; None for all else."""
    if isinstance(node, checked.ParameterRef):
        values = rulebook.parameters[node.name].values
        value = values[0][1] if len(values) == 1 and values[0][0] is None else None
    else:
        value = node.value if isinstance(node, checked.Const) else None
    found = plain(value, type_of(node).kind, rulebook.timezone)
    return found if isinstance(found, str | int | float) else None
