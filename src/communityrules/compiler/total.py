"""What can be asked of an event without failing, and without anybody noticing.

Functions, scores, measures, arithmetic and facts of other people may fail, or are seen from outside; a look at a field
is neither, as long as its value is of the type that it should have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from communityrules.checker import checked
from communityrules.checker.walk import parts
from communityrules.compiler.kinds import type_of
from communityrules.compiler.writer import Program
from communityrules.model.values import INSTANT

NOW: Final = checked.FieldRef("event", "time", INSTANT)

#: Expressions that cannot fail when what stands in them does not.
_HARMLESS: Final = frozenset({
    checked.Logic, checked.Not, checked.AtLeast, checked.Matches, checked.Empty, checked.ParameterRef
})  # fmt: skip


def relied_on(program: Program, node: checked.Expression) -> Sequence[checked.FieldRef] | None:
    """The fields on whose types a condition relies so as not to fail; None when it may fail or be seen anyhow."""
    rest, seen = [node], set[str]()
    fields: list[checked.FieldRef] = []
    while rest:
        one = rest.pop()
        # The most common ones by their class, as every condition of every rule is asked.
        kind = one.__class__
        if kind is checked.Const:
            continue
        if kind in _HARMLESS:
            rest.extend(parts(one))
            continue
        if isinstance(one, checked.Contains):
            rest.append(one.operand)
            for item in one.matchers:
                if isinstance(item, checked.DetectorRef):
                    return None
                if isinstance(item, checked.ParameterRef):
                    rest.append(item)
            continue
        if isinstance(one, checked.FieldRef):
            if one.root == "named" or (one.root == "label" and one.name in program.library.scores):
                return None
            fields.append(one)
            continue
        if isinstance(one, checked.Compare):
            left, right = one.left, one.right
            if type_of(left).kind != type_of(right).kind and not _on_clock(one):
                return None
            rest += (left, right)
            continue
        match one:
            case checked.AggregateRef() | checked.FunctionCall() | checked.GroupSize() | checked.Arithmetic():
                return None
            case checked.StateRef():
                return None
            case checked.DefinitionRef(name=name) if name not in seen:
                seen.add(name)
                rest.append(program.rulebook.definitions[name])
            case checked.InGroup(group=group) if group != "everyone" and f"\0{group}" not in seen:
                seen.add(f"\0{group}")
                rest.append(program.group(group))
            case checked.InRange() if not _on_clock(one):
                return None
            case checked.OneOf(items=looked) | checked.Affix(items=looked):
                if any(isinstance(item, checked.DetectorRef) for item in looked):
                    return None
                if isinstance(one, checked.OneOf) and not _on_clock(one):
                    return None
            case _:
                pass
        rest.extend(parts(one))
    return fields


def _on_clock(node: checked.Compare | checked.InRange | checked.OneOf) -> bool:
    """Whether a comparison asks the local clock for no instant but that of the event, which always has one."""
    kinds = {type_of(one).kind for one in parts(node)}
    if len(kinds) == 1 or "instant" not in kinds:
        return True
    return all(one == NOW for one in parts(node) if type_of(one).kind == "instant")
