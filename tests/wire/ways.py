"""The ways in which events are read: what is said of one must hold of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from communityrules.kernel import native
from communityrules.wire import events
from communityrules.wire.events import event_from_wire
from communityrules.wire.reading import decode_event
from communityrules.wire.types import WireTypes
from communityrules.wire.usual import Plain, in_c

needs_kernel = pytest.mark.skipif(native("reading") is None, reason="the kernel was not built")
#: Runs a test with each of the short ways.
each_way = pytest.mark.parametrize(
    "way", [pytest.param(Plain, id="python"), pytest.param(in_c, id="c", marks=needs_kernel)]
)
Way = Callable[[WireTypes], Any]


class Nothing:
    """Reads nothing on a short way."""

    def __init__(self, types: WireTypes) -> None:
        pass

    def line(self, line: bytes) -> None:
        """Never an event."""

    body = line


def by(way: Way, types: WireTypes) -> WireTypes:
    """The same types, read in one of the ways."""
    own = replace(types)
    own.__dict__["usual"] = way(own)
    return own


def long_body(body: dict[str, Any], types: WireTypes) -> Any:
    """What comes of a body without the short ways."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "flat_body", lambda *_: None)
        return event_from_wire(body, by(Nothing, types))


def long_line(line: bytes, types: WireTypes) -> Any:
    """What comes of a line without the short ways."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "flat_body", lambda *_: None)
        return decode_event(line, by(Nothing, types))
