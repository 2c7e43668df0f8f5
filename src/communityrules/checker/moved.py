"""What was checked, at other places: after an edit whatever follows it stands some lines or letters further on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar

from communityrules.checker import checked
from communityrules.diagnostics.message import Diagnostic, Fix
from communityrules.diagnostics.source import Source, Span
from communityrules.frozen import replace

#: From the line where something stood to the line where it stands.
LineOf = Callable[[int], int]
#: The same of offsets.
OffsetOf = Callable[[int], int]

_T = TypeVar("_T")


def moved_origin(origin: checked.Origin, line_of: LineOf) -> checked.Origin:
    line = line_of(origin.line)
    return origin if line == origin.line else checked.Origin(origin.file, line, origin.column)


def moved_rule(rule: checked.Rule, line_of: LineOf) -> checked.Rule:
    """The same rule, with its origins and those of its actions and duties at their new lines."""
    origin = moved_origin(rule.origin, line_of)
    actions = moved_actions(rule.actions, line_of) if rule.actions else ()
    duties = tuple([_moved_duty(one, line_of) for one in rule.duties]) if rule.duties else ()
    if origin is rule.origin and actions is rule.actions and _same(duties, rule.duties):
        return rule
    if not duties:
        return replace(rule, origin=origin, actions=actions)
    return replace(rule, origin=origin, actions=actions, duties=duties)


def moved_by(rule: checked.Rule, lines: int) -> checked.Rule:
    """The same rule some lines further on, with all its parts."""
    if lines == 0:
        return rule
    where = rule.actions[0].origin if len(rule.actions) == 1 else None
    if where is None or rule.duties or rule.actions[0].if_late:
        return moved_rule(rule, lambda line: line + lines)
    # As nearly all rules are: this is asked of thousands.
    action, at = rule.actions[0], rule.origin
    return replace(
        rule,
        origin=checked.Origin(at.file, at.line + lines, at.column),
        actions=(replace(action, origin=checked.Origin(where.file, where.line + lines, where.column)),),
    )


def places(rule: checked.Rule) -> tuple[checked.Origin | None, ...]:
    """Where a rule and all of its actions and duties stand."""
    found = [rule.origin, *(one.origin for one in rule.duties)]
    rest = [*rule.actions]
    for duty in rule.duties:
        rest += [*duty.if_late, *(action for one in duty.reminders for action in one.actions)]
    while rest:
        action = rest.pop()
        found.append(action.origin)
        rest += action.if_late
    return tuple(found)


def moved_actions(actions: tuple[checked.Action, ...], line_of: LineOf) -> tuple[checked.Action, ...]:
    found = tuple([moved_action(one, line_of) for one in actions])
    return actions if _same(found, actions) else found


def moved_action(action: checked.Action, line_of: LineOf) -> checked.Action:
    origin = moved_origin(action.origin, line_of) if action.origin is not None else None
    if not action.if_late:
        return action if origin is action.origin else replace(action, origin=origin)
    late = moved_actions(action.if_late, line_of)
    if origin is action.origin and late is action.if_late:
        return action
    return replace(action, origin=origin, if_late=late)


def _moved_duty(duty: checked.DutySpec, line_of: LineOf) -> checked.DutySpec:
    origin = moved_origin(duty.origin, line_of) if duty.origin is not None else None
    late = moved_actions(duty.if_late, line_of)
    reminders = tuple([replace(one, actions=moved_actions(one.actions, line_of)) for one in duty.reminders])
    return replace(duty, origin=origin, if_late=late, reminders=reminders)


def moved_list(words: checked.WordList, line_of: LineOf) -> checked.WordList:
    origin = moved_origin(words.origin, line_of)
    return words if origin is words.origin else replace(words, origin=origin)


def moved_penalty(penalty: checked.Penalty, line_of: LineOf) -> checked.Penalty:
    steps = tuple([replace(one, actions=moved_actions(one.actions, line_of)) for one in penalty.steps])
    return replace(penalty, origin=moved_origin(penalty.origin, line_of), steps=steps)


def moved_power(power: checked.Power, line_of: LineOf) -> checked.Power:
    return power if power.above is None else replace(power, above=moved_action(power.above, line_of))


def moved_breaker(breaker: checked.Breaker, line_of: LineOf) -> checked.Breaker:
    return replace(breaker, actions=moved_actions(breaker.actions, line_of))


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(map(_is, one, other))


def _is(one: object, other: object) -> bool:
    return one is other


# --- places in a source --------------------------------------------------------------------------------------


def moved_diagnostic(found: Diagnostic, source: Source, offset_of: OffsetOf, line_of: LineOf) -> Diagnostic:
    """The same report in another source; the line that it tells of stands elsewhere, too."""
    span = _moved_span(found.span, source, offset_of) if found.span is not None else None
    fix = Fix(_moved_span(found.fix.span, source, offset_of), found.fix.replacement) if found.fix is not None else None
    values = found.values
    if (line := values.get("line")) is not None:
        values = {**values, "line": str(line_of(int(str(line))))}
    return Diagnostic(found.message, span, values, fix)


def _moved_span(span: Span, source: Source, offset_of: OffsetOf) -> Span:
    return Span(source, offset_of(span.start), offset_of(span.start) + span.end - span.start)


def moved_node(node: _T, source: Source, offset_of: OffsetOf) -> _T:
    """A part of a syntax tree with all its places in another source."""
    if isinstance(node, Span):
        return _moved_span(node, source, offset_of)  # type: ignore[return-value]  # of its class
    if isinstance(node, tuple):
        return tuple([moved_node(one, source, offset_of) for one in node])  # type: ignore[return-value]  # the same
    kind: type[Any] = node.__class__
    names = _names(kind)
    if not names:
        return node
    made: _T = kind(*[moved_node(getattr(node, one), source, offset_of) for one in names])
    return made


#: By class, the fields of its records; nothing for what is no record.
_FIELDS: Final[dict[type[Any], tuple[str, ...]]] = {}


def _names(kind: type[Any]) -> tuple[str, ...]:
    found = _FIELDS.get(kind)
    if found is None:
        found = _FIELDS[kind] = tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
    return found
