"""What can be asked of an event without failing, and without anybody noticing.

Scores, measures, states, arithmetic, facts of other people and functions of the host's may fail, or are seen from
outside; a look at a field, and what the library works out of one, is neither, as long as the value of the field is of
the type that it should have.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from communityrules.checker import checked
from communityrules.checker.walk import parts
from communityrules.compiler.kinds import type_of
from communityrules.compiler.writer import Program
from communityrules.library.declare import Function
from communityrules.library.detectors import DETECTORS
from communityrules.library.functions import FUNCTIONS
from communityrules.model.values import INSTANT

NOW: Final = checked.FieldRef("event", "time", INSTANT)

#: Expressions that cannot fail when what stands in them does not.
_HARMLESS: Final = frozenset({
    checked.Logic, checked.Not, checked.AtLeast, checked.Matches, checked.Empty, checked.ParameterRef
})  # fmt: skip

#: Functions of the library that answer every value of their types.
_ANSWERING: Final = frozenset({
    "length", "line_count", "lower", "capital_share", "digit_share", "longest_run", "link_count", "mention_count",
    "size", "minutes", "hours", "days", "sample", "date_of", "hour_of", "weekday_of", "day_of", "month_of", "year_of",
    "anniversary",
})  # fmt: skip

#: Those that count.
_WHOLE: Final = frozenset({"length", "line_count", "longest_run", "link_count", "mention_count", "size"})


def answering(program: Program, call: checked.FunctionCall) -> Function | None:
    """The function that a condition calls, where it can neither fail nor be seen; None for others."""
    function = program.library.functions[call.function]
    # A host may have put another in its place.
    if call.function not in _ANSWERING or function is not FUNCTIONS.get(call.function):
        return None
    # Not every instant has a day on the calendar; that of the event is looked at first.
    if function.zoned and any(type_of(one).kind == "instant" and one != NOW for one in call.arguments):
        return None
    return function


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
                if _is_others(program, item):
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
            case checked.FunctionCall() if answering(program, one) is None:
                return None
            case checked.AggregateRef() | checked.GroupSize() | checked.StateRef():
                return None
            case checked.Arithmetic() if not _is_whole(one):
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
                if any(_is_others(program, item) for item in looked):
                    return None
                if isinstance(one, checked.OneOf) and not _on_clock(one):
                    return None
            case _:
                pass
        rest.extend(parts(one))
    return fields


def _is_others(program: Program, item: object) -> bool:
    """Whether it is a detector that the host has put in the place of the library's, or beside these."""
    return isinstance(item, checked.DetectorRef) and program.library.detectors[item.name] is not DETECTORS.get(
        item.name
    )


def _is_whole(node: checked.Expression) -> bool:
    """Whether what is worked out is made of whole numbers alone, which have no end that could be passed."""
    match node:
        case checked.Arithmetic():
            return node.operator in ("+", "-") and _is_whole(node.left) and _is_whole(node.right)
        case checked.FieldRef(root="message", name="length", custom=False):
            return True
        case checked.FunctionCall(function=name):
            return name in _WHOLE
        case checked.Const(value=value):
            return isinstance(value, int) or (isinstance(value, Decimal) and value == value.to_integral_value())
        case _:
            return False


def _on_clock(node: checked.Compare | checked.InRange | checked.OneOf) -> bool:
    """Whether a comparison asks the local clock for no instant but that of the event, which always has one."""
    kinds = {type_of(one).kind for one in parts(node)}
    if len(kinds) == 1 or "instant" not in kinds:
        return True
    return all(one == NOW for one in parts(node) if type_of(one).kind == "instant")
