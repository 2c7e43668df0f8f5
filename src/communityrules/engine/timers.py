"""The timers of one community, and those of several in the order in which they fire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappop, heappush

Due = tuple[int, str, str]

#: After every instant.
FOREVER = 1 << 62


class Timers:
    """One timer for each `(what, key)`. Ordered by instant, then `what`, then key."""

    __slots__ = ("_due", "_heap", "soonest")

    def __init__(self, timers: Iterable[Due] = ()) -> None:
        #: May hold timers that have been changed or taken back since; `_due` tells.
        self._heap: list[Due] = list(timers)
        heapify(self._heap)
        self._due = {(what, key): due for due, what, key in self._heap}
        #: No timer fires before this instant. There may be none that fires at it.
        self.soonest = self._heap[0][0] if self._heap else FOREVER

    def set(self, what: str, key: str, due: int | None) -> int | None:
        """Set a timer, or take it back with None. The instant that it had before."""
        before = self._due.get((what, key))
        if due is None:
            self._due.pop((what, key), None)
        else:
            self._due[what, key] = due
            if due != before:
                heappush(self._heap, (due, what, key))
                if due < self.soonest:
                    self.soonest = due
                if len(self._heap) > 2 * len(self._due) + 64:
                    self._heap = [(due, what, key) for (what, key), due in self._due.items()]
                    heapify(self._heap)
        return before

    def next(self) -> Due | None:
        """The timer that fires next, or None."""
        heap = self._heap
        while heap:
            due, what, key = heap[0]
            if self._due.get((what, key)) == due:
                self.soonest = due
                return heap[0]
            heappop(heap)
        self.soonest = FOREVER
        return None

    def __len__(self) -> int:
        return len(self._due)


def in_order(
    communities: Iterable[str], until: int, timers: Callable[[str], Timers]
) -> Iterator[tuple[int, str, str, str]]:
    """The timers of communities that are due up to an instant, by instant, community, what, key.

    Each is fired before the next is asked for, if it still stands: firing another may have moved it.
    """
    heap: list[tuple[int, str, str, str]] = []

    def line_up(community: str) -> None:
        due = timers(community).next()
        if due is not None and due[0] <= until:
            heappush(heap, (due[0], community, due[1], due[2]))

    for one in communities:
        line_up(one)
    while heap:
        found = heappop(heap)
        yield found
        line_up(found[1])
