"""Types and wording of checked expressions."""

from __future__ import annotations

from typing import Final

from communityrules.checker import checked
from communityrules.checker.types import type_of as type_of  # for others

#: An operator as it is read from the other side.
FLIPPED: Final = {"is": "is", "is_not": "is_not", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _binds(node: checked.Expression | checked.Matcher) -> int:
    """How tightly an operand holds together: sums less than products, these less than all else."""
    if not isinstance(node, checked.Arithmetic):
        return 2
    return 0 if node.operator in "+-" else 1


def _runs_on(node: checked.Arithmetic) -> bool:
    """Whether the right operand goes on with the same operator, in any order the same."""
    return isinstance(node.right, checked.Arithmetic) and node.operator == node.right.operator and node.operator in "+*"


def describe(node: checked.Expression | checked.Matcher, rulebook: checked.Rulebook) -> str:
    """What an expression is called in evidence: the writer's words where the node kept them."""
    match node:
        case checked.FieldRef():
            return node.what or f"{node.root}.{node.name}"
        case checked.AggregateRef():
            return node.what or rulebook.aggregates[node.index].what or rulebook.aggregates[node.index].function
        case checked.ParameterRef() | checked.StateRef() | checked.DefinitionRef():
            return node.name
        case checked.ListRef() | checked.DetectorRef():
            return node.name
        case checked.FunctionCall():
            return f"{node.function}({', '.join([describe(one, rulebook) for one in node.arguments])})"
        case checked.Arithmetic():
            left, right = (describe(one, rulebook) for one in (node.left, node.right))
            if _binds(node.left) < _binds(node):
                left = f"({left})"
            # `a - (b - c)` and `a * (b / c)`, but not `a + (b + c)`: a sum of sums is told without.
            loose = _binds(node.right) == _binds(node) and not _runs_on(node)
            if _binds(node.right) < _binds(node) or loose:
                right = f"({right})"
            return f"{left} {node.operator} {right}"
        case checked.Const():
            return node.what or str(node.value)
        case checked.InGroup():
            return node.group
        case checked.Not() | checked.Logic() | checked.AtLeast():
            return "condition"
        case _:
            return node.what
