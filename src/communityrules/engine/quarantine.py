"""Events that are not judged, as a stream tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from communityrules.diagnostics.message import Diagnostic
from communityrules.engine.ahead import Refused
from communityrules.engine.errors import EventError
from communityrules.model.event import Event
from communityrules.wire.events import WireError


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An event that is not judged."""

    #: Its place among what `run` was given, from 1.
    position: int
    #: Its id, where it could be read.
    event: str | None
    #: The field that is wrong, where it is one.
    field: str | None
    diagnostic: Diagnostic


def quarantined(position: int, given: Any, error: WireError | EventError) -> Quarantined:
    """What is told of an event at a place of a stream, and why it is not judged."""
    if isinstance(given, Refused):
        given = given.event
    name = given.id if isinstance(given, Event) else given.get("id") if isinstance(given, Mapping) else None
    field = error.field if isinstance(error, WireError) else None
    return Quarantined(position, name if isinstance(name, str) else None, field, error.diagnostic)
