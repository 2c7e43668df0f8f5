"""Hits as the outcomes that decisions show, where no engine does what they ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from communityrules.checker import checked
from communityrules.compiler.match import Hit
from communityrules.library.declare import Library
from communityrules.model.decision import STRICTNESS, ActionTaken, Outcome, Verdict
from communityrules.model.event import Event, Member, Message

#: Reads the id that a field of the event names, the amount that a parameter says, or what is to be written down.
Read = Callable[[checked.FieldRef | checked.ParameterRef | checked.Noted], Any]


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    """The strictest of some verdicts; allow when there is none."""
    return max(verdicts, key=STRICTNESS.__getitem__, default="allow")


def outcome(hit: Hit, event: Event, library: Library, read: Read) -> Outcome:
    """The outcome of a hit, with the rule's direct actions. A penalty by itself is allow: its step decides.

    An action on a member is left out where the event has none.
    """
    rule = hit.rule
    taken = [one for one in (action_taken(action, event, library, read) for action in rule.actions) if one is not None]
    return Outcome(
        rule=rule.id,
        name=rule.name,
        content=rule.content,
        modality=rule.modality,
        verdict=strictest(library.actions[one.do].verdict for one in taken),
        trial=hit.trial,
        overridden_by=hit.overridden_by,
        actions=tuple(taken),
        evidence=hit.evidence,
    )


def action_taken(action: checked.Action, event: Event, library: Library, read: Read) -> ActionTaken | None:
    """One action and what it falls on; None when it falls on a member and there is none."""
    falls_on = library.actions[action.do].falls_on
    against = read(action.against) if action.against is not None else None
    subject = subject_of(event, library)
    on: Mapping[str, str] = {"member": against} if against is not None else {}
    if falls_on == "member":
        who = against if action.against is not None else subject.id if subject is not None else None
        if who is None:
            return None
        written = action.arguments.get("value")
        if isinstance(written, checked.Noted) and read(written) is None:
            return None
        on = {"member": who}
    elif falls_on == "message":
        message = message_of(event, library)
        # What somebody says when they ask to be let in is not a message in the community.
        if message is not None and message.id is not None and event.type != "join_request":
            on = {"message": message.id}
        else:
            on = {"event": event.id, **({"member": subject.id} if subject is not None else {})}
    elif falls_on == "case" and event.target.case is not None:
        on = {"case": event.target.case}
    return ActionTaken(action.do, on, arguments(action.arguments, read))


def arguments(given: Mapping[str, checked.ArgumentValue | checked.FieldRef], read: Read) -> dict[str, Any]:
    """An action's arguments as the wire says them: lengths in microseconds, a range from `duration` to `up_to`."""
    told: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, checked.DurationRange):
            told["duration"] = value.low
            told["up_to"] = value.high
        elif isinstance(value, checked.Allowance):
            points = value.points if isinstance(value.points, int) else read(value.points)
            told.update(at_most=points, per=value.unit)
        elif value is not None and name != "against":
            told[name] = (
                read(value) if isinstance(value, checked.FieldRef | checked.ParameterRef | checked.Noted) else value
            )
    return told


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
