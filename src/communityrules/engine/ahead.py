"""Events of a file judged many at a time, where the kernel can: `Engine.run` passes on what came of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from communityrules.engine.errors import EventError
from communityrules.model.decision import Decision
from communityrules.model.event import Event
from communityrules.wire.errors import WireError


class Refused(Struct, frozen=True):
    """An event that was not judged, and why: it is not to be taken again."""

    event: Event
    error: WireError | EventError


class Judged(Struct, frozen=True):
    """What came of some lines that follow one another, which each held one event."""

    #: What is written of each decision.
    written: list[bytes]
    #: The event of the line behind them, where it was read and is not judged yet, or is refused.
    left: Event | Refused | None

    @property
    def count(self) -> int:
        """How many lines there were."""
        return len(self.written)


class Ahead:
    """Judges lines for one stream that an engine is given. Its engine's decisions are written by `write`.

    Only what is ordinary: whatever is not is left for the engine to take by itself. What it gives is to be given to
    `Engine.run_ahead` at once, which hands it out when it hands out decisions, and tells of what is refused.
    """

    __slots__ = ("_judge", "_write")

    def __init__(self, judge: Callable[[], tuple[Any, int]], write: Callable[[Decision], bytes]) -> None:
        """`judge` says what in the kernel judges now, and how many events until the next commit."""
        self._judge = judge
        self._write = write

    def __call__(self, lines: list[bytes], at: int, read: Callable[[bytes], Event | None]) -> Judged:
        """What came of lines from a place on."""
        kernel, most = self._judge()
        written: list[bytes] = []
        left: Event | Refused | None
        try:
            left = kernel.lines(lines, at, most, read, self._write, written)
        except (WireError, EventError) as error:
            # Of the line behind those of which something is written. It is read again, and not judged again: what a
            # host's functions were asked, they were asked.
            event = read(lines[at + len(written)])
            left = Refused(event, error) if event is not None else None
        return Judged(written, left)
