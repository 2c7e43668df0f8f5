"""Hits as the outcomes that decisions show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from communityrules.checker import checked
from communityrules.compiler.match import Hit
from communityrules.compiler.plain import plain
from communityrules.library.declare import Library
from communityrules.model.decision import STRICTNESS, ActionTaken, Outcome, Verdict
from communityrules.model.event import Event, Member, Message

if TYPE_CHECKING:
    from communityrules.compiler.evaluator import Evaluator
    from communityrules.compiler.facts import Facts


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    """The strictest of some verdicts; allow when there is none."""
    return max(verdicts, key=STRICTNESS.__getitem__, default="allow")


def verdict_of(actions: Iterable[checked.Action], library: Library) -> Verdict:
    """The strictest verdict of some actions. A penalty by itself is allow: its step decides."""
    return strictest(library.actions[action.do].verdict for action in actions)


def outcome(evaluator: Evaluator, hit: Hit, event: Event, facts: Facts) -> Outcome:
    """The outcome of a hit, with the rule's direct actions."""

    def whom(field: checked.FieldRef) -> str | None:
        value = evaluator.value(field, event, facts)
        return value if isinstance(value, str) else None

    return shown(hit, hit.rule.actions, event, evaluator.library, whom)


def shown(
    hit: Hit,
    actions: Iterable[checked.Action],
    event: Event,
    library: Library,
    whom: Callable[[checked.FieldRef], str | None],
) -> Outcome:
    """The outcome of a hit that asks for these actions; `whom` reads the field that `against` names."""
    actions = tuple(actions)
    rule = hit.rule
    return Outcome(
        rule=rule.id,
        name=rule.name,
        content=rule.content,
        modality=rule.modality,
        verdict=verdict_of(actions, library),
        trial=hit.trial,
        overridden_by=hit.overridden_by,
        actions=tuple(action_taken(action, event, library, whom) for action in actions),
        evidence=hit.evidence,
    )


def action_taken(
    action: checked.Action, event: Event, library: Library, whom: Callable[[checked.FieldRef], str | None]
) -> ActionTaken:
    """One action and what it falls on; on nothing where the event has no such thing."""
    falls_on = library.actions[action.do].falls_on
    on: Mapping[str, str] = {}
    if falls_on == "member":
        against = whom(action.against) if action.against is not None else None
        member = subject_of(event, library)
        if action.against is not None:
            on = {"member": against} if against is not None else {}
        elif member is not None:
            on = {"member": member.id}
    elif falls_on == "message":
        message = message_of(event, library)
        if message is not None:
            on = {"message": message.id or event.id}
        elif sent_by_subject(event.type, library):
            on = {"message": event.id}
    elif falls_on == "case" and event.target.case is not None:
        on = {"case": event.target.case}
    return ActionTaken(action.do, on, plain_arguments(action.arguments))


def plain_arguments(arguments: Mapping[str, checked.ArgumentValue]) -> dict[str, Any]:
    """Arguments as plain JSON: lengths of time as in the rules, in microseconds, a range as `[low, high]`."""
    return {name: _plain_argument(value) for name, value in arguments.items()}


def _plain_argument(value: checked.ArgumentValue) -> Any:
    if isinstance(value, checked.DurationRange):
        return [value.low, value.high]
    return plain(value, "", "UTC")


def sent_by_subject(event_type: str, library: Library) -> bool:
    """Whether events of a type are about who sent them, where nothing else is said."""
    declared = library.events.get(event_type)
    return declared is None or declared.subject == "sender"


def subject_of(event: Event, library: Library) -> Member | None:
    """The member whom the event is about."""
    if event.subject is not None or not sent_by_subject(event.type, library):
        return event.subject
    return event.member


def message_of(event: Event, library: Library) -> Message | None:
    """The message that the event is about."""
    if event.subject_message is not None or not sent_by_subject(event.type, library):
        return event.subject_message
    return event.message
