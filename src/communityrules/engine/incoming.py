"""What a rulebook lets hosts send: the library's event types with the fields that it adds, and its own types.

And how an `Event` that a host made itself, or gives a second time, is taken in.
"""

from __future__ import annotations

from msgspec.structs import replace

from communityrules.checker.checked import Rulebook
from communityrules.library.declare import Library
from communityrules.model.event import Event
from communityrules.wire.events import unknown_type
from communityrules.wire.types import WireTypes, declared_types, read_id, read_moment, read_text


def wire_types(rulebook: Rulebook, library: Library) -> WireTypes:
    """The types against which events for this rulebook are read."""
    known = declared_types(library.events.values())
    events = dict(known.events)
    for name, declared in rulebook.event_types.items():
        if name not in known.raised:
            events[name] = {**events.get(name, {}), **declared.fields}
    return WireTypes(events=events, member=rulebook.member_fields, raised=known.raised)


def own(event: Event) -> Event:
    """A copy for the engine to fill in.

    What one community knows of people must not stand in the host's object: given again it would be another event, and
    given to another engine it would tell that one what it does not know.
    """
    # Copied by what copies structs fastest: this is done for every event that was read from a file. Its member is left
    # as it is: `members.meet` puts another in its place.
    mine: Event = event.__copy__()  # type: ignore[attr-defined]  # msgspec does not declare it
    mine.subject = mine.subject_message = mine.subject_group = mine.aimed = None
    sender = event.member
    if sender is not None and (sender.labels or sender.points):
        # What another engine may have said of them is no part of what happened, nor of its digest.
        mine.member = replace(sender, labels={}, points=0)
    return mine


def believe(event: Event, types: WireTypes) -> None:
    """Hold an event that did not come in the wire form to the rules without which nothing can be decided or kept.

    Raises WireError.
    """
    read_id(event.id, "id")
    read_moment(event.time, "time")
    if event.type not in types.events:
        raise unknown_type(event.type, types)
    read_id(event.community, "community")
    if event.member is not None:
        read_id(event.member.id, "member.id")
    if event.message is not None:
        read_text(event.message.text, "message.text")
