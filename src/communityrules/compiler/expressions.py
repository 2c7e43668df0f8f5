"""Checked expressions to Python expressions.

A condition becomes code that gives True or False, a value code that gives the value or None where the fact is absent.
Both run from left to right and stop as soon as the answer stands, so that a failure in a branch that is not needed does
no harm. A comparison with an absent fact is false, and `not` of it therefore true.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, Final

from communityrules.checker import checked
from communityrules.compiler import fields, texts
from communityrules.compiler.kinds import type_of
from communityrules.compiler.writer import Writer
from communityrules.model.values import Type

_PYTHON: Final = {"is": "==", "is_not": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
#: What every event has.
_GIVEN: Final = ("id", "time", "type", "community")
_ARITHMETIC: Final = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}


def value(w: Writer, node: checked.Expression) -> str:
    """Code for what an expression is worth."""
    write = _VALUES.get(type(node))
    if write is not None:
        return write(w, node)
    return test(w, node)


def test(w: Writer, node: checked.Expression) -> str:
    """Code for whether a condition holds: truthy or falsy."""
    write = _TESTS.get(type(node))
    if write is not None:
        return write(w, node)
    if isinstance(node, checked.Const):
        return "True" if node.value is True else "False"
    return f"({value(w, node)} is True)"


# --- values ------------------------------------------------------------------------------------------------


def _const(w: Writer, node: checked.Const) -> str:
    constant = node.value
    if isinstance(constant, Decimal) and constant == constant.to_integral_value() and abs(constant) < 1 << 53:
        constant = int(constant)
    return w.program.constant(constant)


def _field(w: Writer, node: checked.FieldRef) -> str:
    if node.root == "message" and node.name in ("links", "mentions") and not node.custom:
        return texts.message_list(w, node.name, node)
    return fields.read(w, node)


def _parameter(w: Writer, node: checked.ParameterRef) -> str:
    values = w.program.rulebook.parameters[node.name].values
    if len(values) == 1 and values[0][0] is None:
        return _const(w, checked.Const(values[0][1], node.type))
    dated = w.program.make(("parameter", node.name), lambda: values)
    return w.shared(("parameter", node.name), lambda inner: f"dated({dated}, {law(inner)})")


def law(w: Writer) -> str:
    """The instant whose text of the rules holds."""
    if w.plan.periodic:
        return w.load("law", f"law = {fields.now(w)} - 1")
    return fields.now(w)


def _state(w: Writer, node: checked.StateRef) -> str:
    return w.shared(("state", node.name), lambda _: f"facts.state({w.program.constant(node.name)})")


def _definition(w: Writer, node: checked.DefinitionRef) -> str:
    body = w.program.rulebook.definitions[node.name]
    write = test if node.type.kind == "boolean" else value
    return w.shared(("definition", node.name), lambda inner: write(inner, body))


def _aggregate(w: Writer, node: checked.AggregateRef) -> str:
    return w.shared(node, lambda inner: _ask(inner, node))


def _ask(w: Writer, node: checked.AggregateRef) -> str:
    checks: list[str] = []
    keys: list[str] = []
    for key in node.keys:
        first, again = w.bind(value(w, key))
        keys.append(again)
        if not _never_absent(key):
            checks += w.given(first)
        elif first != again:
            checks.append(f"({first},)")
    asked = f"facts.aggregate({node.index}, ({''.join(f'{key}, ' for key in keys)}))"
    return f"({asked} if {' and '.join(checks)} else None)" if checks else asked


def _call(w: Writer, node: checked.FunctionCall) -> str:
    return w.shared(node, lambda inner: _call_now(inner, node))


def _call_now(w: Writer, node: checked.FunctionCall) -> str:
    function = w.program.library.functions[node.function]
    run = w.program.make(
        ("function", node.function),
        lambda: partial(function.run, w.program.rulebook.timezone) if function.zoned else function.run,
    )
    arguments = [value(w, one) for one in node.arguments]
    return f"call({', '.join((run, *arguments))})"


def _size(w: Writer, node: checked.GroupSize) -> str:
    return w.shared(("size", node.group), lambda _: f"facts.size({w.program.constant(node.group)})")


def _tally(w: Writer, node: checked.Tally) -> str:
    def write(inner: Writer) -> str:
        weighed = [f"({weight(inner, one)} if {test(inner, one.condition)} else 0)" for one in node.weights]
        return f"tallied({', '.join(weighed)})"

    return w.shared(node, write)


def weight(w: Writer, one: checked.Weight) -> str:
    """What a condition of a tally counts when it holds."""
    code = value(w, one.weight)
    return code if isinstance(one.weight, checked.Const) else f"({code} or 0)"


def _arithmetic(w: Writer, node: checked.Arithmetic) -> str:
    def write(inner: Writer) -> str:
        return f"{_ARITHMETIC[node.operator]}({value(inner, node.left)}, {value(inner, node.right)})"

    return w.nested(write)


# --- conditions --------------------------------------------------------------------------------------------


def _never_absent(node: checked.Expression) -> bool:
    if isinstance(node, checked.Const):
        return node.value is not None
    return isinstance(node, checked.FieldRef) and node.root == "event" and node.name in _GIVEN


def side(w: Writer, node: checked.Expression, other: Type, exactly: bool) -> str:
    """One side of a comparison, in the form in which it is compared with the other's type."""
    kind = type_of(node).kind
    if kind == "instant" and other.kind == "time_of_day":
        return local(w, node, "minute_of_day")
    if kind == "instant" and other.kind == "date":
        return local(w, node, "date")
    if kind == "text" and other.kind == "text" and not exactly:
        return texts.folded_text(w, node)
    return value(w, node)


def local(w: Writer, node: checked.Expression, what: str) -> str:
    """An instant on the local clock (`minute_of_day`) or calendar (`date`)."""

    def write(inner: Writer) -> str:
        if _never_absent(node):
            return f"clock.{what}({value(inner, node)})"
        return inner.applied(f"clock.{what}", value(inner, node))

    return w.shared((what, node), write)


def _compare(w: Writer, node: checked.Compare) -> str:
    left, right = type_of(node.left), type_of(node.right)

    def write(inner: Writer) -> str:
        first, again = inner.bind(side(inner, node.left, right, node.exactly))
        other_first, other = inner.bind(side(inner, node.right, left, node.exactly))
        checks = []
        if not _never_absent(node.left):
            checks += w.given(first)
            first = again
        if not _never_absent(node.right):
            checks += w.given(other_first)
            other_first = other
        return _both(checks, f"{first} {_PYTHON[node.operator]} {other_first}")

    return w.nested(write)


def _both(checks: list[str], last: str) -> str:
    return f"({' and '.join((*checks, last))})"


def _in_range(w: Writer, node: checked.InRange) -> str:
    operand, low, high = type_of(node.operand), type_of(node.low), type_of(node.high)

    def write(inner: Writer) -> str:
        first, again = inner.bind(side(inner, node.operand, low, True))
        checks = [] if first == again and _never_absent(node.operand) else w.given(first)
        ends: list[str] = []
        for end in (node.low, node.high):
            code, name = inner.bind(side(inner, end, operand, True))
            ends.append(name)
            if not (code == name and _never_absent(end)):
                checks += w.given(code)
        if low.kind == "time_of_day" and high.kind == "time_of_day":
            inside = _day_part(again, ends[0], ends[1], node)
        else:
            inside = f"{ends[0]} <= {again} <= {ends[1]}"
        return _both(checks, f"not ({inside})" if node.outside else inside)

    return w.nested(write)


def _day_part(minute: str, low: str, high: str, node: checked.InRange) -> str:
    """Its start included and its end not, past midnight when it starts later than it ends."""
    day, night = f"{low} <= {minute} < {high}", f"({minute} >= {low} or {minute} < {high})"
    if isinstance(node.low, checked.Const) and isinstance(node.high, checked.Const):
        return day if _minutes(node.low) <= _minutes(node.high) else night
    return f"({day} if {low} <= {high} else {night})"


def _minutes(node: checked.Const) -> int:
    return node.value if isinstance(node.value, int) else 0


def _empty(w: Writer, node: checked.Empty) -> str:
    def write(inner: Writer) -> str:
        first, again = inner.bind(value(inner, node.operand))
        size = {"text": f"len({again}.strip())", "list": f"len({again})"}.get(type_of(node.operand).kind)
        if node.negated:
            return f"({first} is not None{f' and {size} > 0' if size else ''})"
        return f"({first} is None{f' or {size} == 0' if size else ''})"

    return w.nested(write)


def group(w: Writer, name: str) -> str:
    """Whether the subject member is in a group; never without a subject."""
    if name == "everyone":
        return "True"
    body = w.program.group(name)
    return w.shared(("group", name), lambda inner: f"({fields.subject(inner)} is not None and {test(inner, body)})")


def _in_group(w: Writer, node: checked.InGroup) -> str:
    return group(w, node.group)


def _not(w: Writer, node: checked.Not) -> str:
    return w.nested(lambda inner: f"(not {test(inner, node.operand)})")


def _logic(w: Writer, node: checked.Logic) -> str:
    if not node.operands:
        return "True" if node.operator == "and" else "False"
    joint = f" {node.operator} "
    return w.nested(lambda inner: f"({joint.join([test(inner, one) for one in node.operands])})")


def _at_least(w: Writer, node: checked.AtLeast) -> str:
    """In order, until enough of them hold."""
    if node.number <= 0:
        return "True"

    def write(inner: Writer) -> str:
        steps: list[str] = []
        before = ""
        for one in node.conditions:
            code = f"(1 if {test(inner, one)} else 0)"
            total = inner.temp()
            steps.append(f"({total} := {before}{code}) >= {node.number}")
            before = f"{total} + "
        return f"({' or '.join(steps)})" if steps else "False"

    return w.nested(write)


def _contains(w: Writer, node: checked.Contains) -> str:
    return w.shared(node, lambda inner: texts.contains(inner, node))


def _one_of(w: Writer, node: checked.OneOf) -> str:
    return w.shared(node, lambda inner: texts.one_of(inner, node))


def _affix(w: Writer, node: checked.Affix) -> str:
    return w.shared(node, lambda inner: texts.affix(inner, node))


def _matches(w: Writer, node: checked.Matches) -> str:
    return w.shared(node, lambda inner: texts.matches(inner, node))


_VALUES: Final[dict[type, Callable[[Writer, Any], str]]] = {
    checked.Const: _const,
    checked.FieldRef: _field,
    checked.ParameterRef: _parameter,
    checked.StateRef: _state,
    checked.DefinitionRef: _definition,
    checked.AggregateRef: _aggregate,
    checked.FunctionCall: _call,
    checked.GroupSize: _size,
    checked.Tally: _tally,
    checked.Arithmetic: _arithmetic,
}
_TESTS: Final[dict[type, Callable[[Writer, Any], str]]] = {
    checked.DefinitionRef: _definition,
    checked.Compare: _compare,
    checked.InRange: _in_range,
    checked.Contains: _contains,
    checked.OneOf: _one_of,
    checked.Affix: _affix,
    checked.Matches: _matches,
    checked.Empty: _empty,
    checked.InGroup: _in_group,
    checked.Not: _not,
    checked.Logic: _logic,
    checked.AtLeast: _at_least,
}
