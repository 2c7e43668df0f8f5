"""Which event ids a log may hold, so that it is not searched for the many that it does not.

Says no only of ids that are not there. Now and then it says yes of one that is not: then the log is asked, and knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from communityrules.kernel import native

_KERNEL: Final = native("turning")
#: Slots for each id, one byte each, of which it takes three: of each part, one id in two hundred is asked for in vain.
_SLOTS: Final = 16
#: Ids of the first part; each next one has room for sixteen times as many as the one before, up to the last number.
_FIRST: Final = 256
_MOST: Final = 1 << 18


class Seen:
    """The ids of one community, in parts by age, so that old ones can be let go of."""

    __slots__ = ("_newest", "_ordinals", "_parts", "_room")

    def __init__(self, ids: Iterable[str] = (), count: int = 0, newest: int = 0) -> None:
        """`ids` are those of a log that holds `count`, the newest with the ordinal `newest`."""
        #: Slots and mask of each part, the newest first; and the newest ordinal in each but the newest.
        self._parts: list[tuple[bytearray, int]] = []
        self._ordinals: list[int] = []
        self._room = 0
        self._newest = newest
        if count:
            self._begin(count)
            self._mark(ids)
            self._room = 0

    def may_hold(self, event: str) -> bool:
        """Whether it is worth looking for an id."""
        # What Python's hash of a text is differs between processes; nothing that is decided hangs on it.
        found = hash(event)
        for slots, mask in self._parts:
            if slots[found & mask] and slots[found >> 20 & mask] and slots[found >> 40 & mask]:
                return True
        return False

    def add(self, events: Sequence[str], ordinal: int) -> None:
        """Ids that the log has from now on, and the ordinal of the newest of them."""
        if self._room < len(events):
            self._begin(max(min(_FIRST << 4 * len(self._parts), _MOST), len(events)))
        self._room -= len(events)
        self._newest = max(self._newest, ordinal)
        self._mark(events)

    def _mark(self, events: Iterable[str]) -> None:
        """Note ids in the newest part."""
        if _KERNEL is not None:
            _KERNEL.mark(self._parts[0], events)
            return
        slots, mask = self._parts[0]
        for one in events:
            found = hash(one)
            slots[found & mask] = slots[found >> 20 & mask] = slots[found >> 40 & mask] = 1

    def forget(self, ordinal: int) -> None:
        """Ids up to an ordinal will not be asked for again."""
        while self._ordinals and self._ordinals[-1] <= ordinal:
            self._ordinals.pop()
            self._parts.pop()

    def _begin(self, room: int) -> None:
        if self._parts:
            self._ordinals.insert(0, self._newest)
        size = 1 << (room * _SLOTS - 1).bit_length()
        self._parts.insert(0, (bytearray(size), size - 1))
        self._room = room
