"""What a rulebook lets hosts send: the library's event types with the fields that it adds, and its own types."""

from __future__ import annotations

from communityrules.checker.checked import Rulebook
from communityrules.library.declare import Library
from communityrules.wire.types import WireTypes


def wire_types(rulebook: Rulebook, library: Library) -> WireTypes:
    """The types against which events for this rulebook are read."""
    events = {
        one.names.en: {field.names.en: field.type for field in one.fields}
        for one in library.events.values()
        if not one.raised
    }
    raised = frozenset(one.names.en for one in library.events.values() if one.raised)
    for name, declared in rulebook.event_types.items():
        if name not in raised:
            events[name] = {**events.get(name, {}), **declared.fields}
    return WireTypes(events=events, member=rulebook.member_fields, raised=raised)
