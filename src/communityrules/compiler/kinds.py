"""Types and wording of checked expressions."""

from __future__ import annotations

from communityrules.checker import checked
from communityrules.checker.paths import type_of as type_of  # for others


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
            return f"{describe(node.left, rulebook)} {node.operator} {describe(node.right, rulebook)}"
        case checked.Const():
            return node.what or str(node.value)
        case checked.InGroup():
            return node.group
        case checked.Not() | checked.Logic() | checked.AtLeast():
            return "condition"
        case _:
            return node.what
