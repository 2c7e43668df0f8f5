"""Where windows begin, and how much longer history is kept for events that come late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from communityrules.checker.checked import CalendarWindow, Parameter, SlidingWindow
from communityrules.library.periods import Unit
from communityrules.model.values import HOUR, MINUTE

#: Before every instant.
ALWAYS = -(1 << 62)
#: The instant of what has not been: before every window.
NEVER = ALWAYS - 1

#: `(first instant of the unit that holds an instant, first instant of the next)`.
UnitOf = Callable[[Unit, int], tuple[int, int]]


class Span:
    """The extent of one window. `margin` is by how much an event may be late and still be judged exactly.

    A sliding window keeps history as long again as it is, at least a minute and at most an hour; everything else
    keeps an hour. So what is kept is at most about twice what the rules ask for.
    """

    __slots__ = ("end", "first", "length", "margin")

    margin: int
    #: Of a calendar window, the last unit that was asked for: its first instant, and the next one's.
    first: int
    end: int
    #: How far back a sliding window goes; None where its beginning is no fixed distance away.
    length: int | None

    def start(self, time: int) -> int:
        """The first instant inside the window of an event at `time`."""
        raise NotImplementedError

    def kept(self, time: int) -> int:
        """The first instant that can be inside the window of any event from `time` on: what is older may go."""
        return self.start(time)

    def start_closing(self, end: int) -> int:
        """The first instant inside the window that ends at `end`, which is not in it."""
        return self.start(end)


class Sliding(Span):
    __slots__ = ("_length",)

    def __init__(self, length: int) -> None:
        self.length = self._length = length
        self.margin = min(max(length, MINUTE), HOUR)
        self.first = self.end = 0

    def start(self, time: int) -> int:
        return time - self._length


class Dated(Span):
    """A sliding window whose length a dated parameter says. All that its longest needs is kept."""

    __slots__ = ("_lengths", "_most")

    def __init__(self, lengths: Sequence[tuple[int | None, int]]) -> None:
        """The lengths, each with the instant from which it holds; before the first of them, the first holds."""
        self._lengths = lengths
        self._most = max(length for _, length in lengths)
        self.length = None
        self.margin = min(max(self._most, MINUTE), HOUR)
        self.first = self.end = 0

    def start(self, time: int) -> int:
        return time - self._at(time)

    def start_closing(self, end: int) -> int:
        return end - self._at(end - 1)

    def kept(self, time: int) -> int:
        return time - self._most

    def _at(self, time: int) -> int:
        found = self._lengths[0][1]
        for since, length in self._lengths:
            if since is None or since <= time:
                found = length
        return found


class Calendar(Span):
    """Remembers the last unit that it was asked for, which changes no answer."""

    __slots__ = ("_unit", "_unit_of")

    def __init__(self, unit: Unit, unit_of: UnitOf) -> None:
        self._unit = unit
        self._unit_of = unit_of
        self.first = self.end = 0
        self.length = None
        self.margin = HOUR

    def start(self, time: int) -> int:
        if not self.first <= time < self.end:
            self.first, self.end = self._unit_of(self._unit, time)
        return self.first

    def start_closing(self, end: int) -> int:
        return self.start(end - 1)


class Unbounded(Span):
    __slots__ = ()

    def __init__(self) -> None:
        self.length = None
        self.margin = HOUR
        self.first = self.end = 0

    def start(self, time: int) -> int:  # noqa: ARG002  # every span is asked the same way
        return ALWAYS


def span_of(
    window: SlidingWindow | CalendarWindow | None, unit_of: UnitOf, parameters: Mapping[str, Parameter]
) -> Span:
    """The extent of a checked window."""
    if isinstance(window, SlidingWindow):
        if isinstance(window.length, int):
            return Sliding(window.length)
        values: Any = parameters[window.length.name].values
        return Dated(values)
    if isinstance(window, CalendarWindow):
        return Calendar(window.unit, unit_of)
    return Unbounded()
