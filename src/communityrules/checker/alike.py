"""Comparisons of a fact with a written value, which is what most conditions are: what was found of one is not looked
for in others like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from communityrules.checker import checked
from communityrules.checker.constants import CONSTANTS
from communityrules.checker.context import Context
from communityrules.language import tree

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

#: Written values that are constants by themselves, whatever they are; a day can be a stretch of time.
_VALUES: Final = frozenset({tree.Text, tree.Number, tree.Duration, tree.TimeOfDay})
#: Facts that are told by names, of the library or of rules: what is written beside them is looked up.
_NAMED: Final = frozenset({
    ("event", "type"), ("own", "duty"), ("own", "kind"), ("own", "action"), ("own", "rule"), ("target", "rule"),
})  # fmt: skip

#: Types of facts of which not each can be the same object: a text beside a member is an id, and of conditions it is
#: known where each of them stands.
_TOGETHER: Final = frozenset({"member", "message", "boolean"})

#: Of a fact the two names of its path, the operator, the class of the value, the events that are judged.
_Shape = tuple[str, str, str, type, tuple[str, ...]]


class Alike:
    """Facts by the comparisons that were found sound."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._facts: dict[_Shape, checked.FieldRef] = {}

    def sides(
        self, left: tree.Expression, operator: str, right: tree.Expression, context: Context
    ) -> tuple[checked.FieldRef, checked.Const] | None:
        """Both sides of a comparison, where one like it was sound; None where it has to be looked at."""
        shape = _shape(left, operator, right, context)
        fact = self._facts.get(shape) if shape is not None else None
        if fact is None:
            return None
        constant = CONSTANTS[right.__class__](right, self._resolver, context)
        return (fact, constant) if constant is not None else None

    def note(
        self, left: tree.Expression, operator: str, right: tree.Expression, context: Context,
        found: checked.Expression, value: checked.Expression,
    ) -> None:  # fmt: skip
        """A comparison was found sound, and both sides of it are these."""
        shape = _shape(left, operator, right, context)
        if shape is None or not isinstance(found, checked.FieldRef) or not isinstance(value, checked.Const):
            return
        if found.type.kind not in _TOGETHER and (found.root, found.name) not in _NAMED:
            self._facts[shape] = found


def _shape(left: tree.Expression, operator: str, right: tree.Expression, context: Context) -> _Shape | None:
    # In what several places can use, each fact has its own place, and only there is anything nested too deeply.
    if context.kind != "event" or context.use is not None or context.query:
        return None
    if left.__class__ is not tree.Path or right.__class__ not in _VALUES:
        return None
    parts = left.parts
    if len(parts) != 2:
        return None
    return parts[0].text, parts[1].text, operator, right.__class__, context.events
