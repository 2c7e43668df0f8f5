"""The types of resolved expressions."""

from __future__ import annotations

from typing import Final, TypeGuard

from communityrules.checker import checked
from communityrules.model.values import BOOLEAN, Type

#: Expressions that say their type; all others are conditions.
TYPED: Final = frozenset({
    checked.Const, checked.FieldRef, checked.ParameterRef, checked.StateRef, checked.DefinitionRef,
    checked.AggregateRef, checked.FunctionCall, checked.GroupSize, checked.Tally, checked.Arithmetic,
})  # fmt: skip


def type_of(expression: checked.Expression) -> Type:
    """The type of a resolved expression."""
    if expression.__class__ in TYPED:
        found: Type = expression.type  # type: ignore[union-attr] # those of these classes have one
        return found
    return BOOLEAN


def is_boolean(expression: checked.Expression) -> bool:
    """Whether an expression can stand as a condition."""
    return type_of(expression) == BOOLEAN


def is_open_label(node: checked.Expression) -> TypeGuard[checked.FieldRef]:
    """Whether a node is a label whose type nobody said: it takes the type of what it meets."""
    return isinstance(node, checked.FieldRef) and node.root == "label" and not node.custom
