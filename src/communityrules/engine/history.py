"""The history that a window cell keeps: instants in order, each with what was seen then.

Held in numbered pieces when written to a store, so that a commit writes the end of a long history and not all of it.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from typing import Any

from communityrules.kernel import quick
from communityrules.stores.codec import read_values, write_values
from communityrules.stores.protocol import Part, WindowChanges

#: Entries in one piece.
PIECE = 512


@quick
class Instants:
    """What a history holds: its instants, and what a store has of them."""

    __slots__ = ("_base", "_gone", "_saved", "_stored", "stamps")

    def __init__(self, only: int | None = None, *, stored: bool = False) -> None:
        """Empty, or with `only` one instant, of which a store knows (`stored`) or is still to be told."""
        #: Microseconds since the epoch, never falling.
        self.stamps: array[int] = array("q")
        if only is not None:
            self.stamps.append(only)
        #: The number of the first piece.
        self._base = 0
        #: How many entries from the front the store has as they are here.
        self._saved = 0
        #: Whether a store has any of it.
        self._stored = stored
        #: Pieces that the store is to remove.
        self._gone: list[int] | None = None


class History(Instants):
    """Instants in order. `drop`, `add` and `remove` keep note of what a store has not yet been told."""

    __slots__ = ()

    def add(self, time: int) -> int | None:
        """Put an instant in its place, after equal ones. Where it went, or None for the end."""
        stamps = self.stamps
        if not stamps or time >= stamps[-1]:
            stamps.append(time)
            return None
        place = bisect_right(stamps, time)
        stamps.insert(place, time)
        self._saved = min(self._saved, place)
        return place

    def remove(self, place: int) -> None:
        """Take an entry out again."""
        del self.stamps[place]
        self._saved = min(self._saved, place)
        pieces, over = divmod(len(self.stamps), PIECE)
        if pieces and not over:
            # It was alone in its piece.
            self._let_go(self._base + pieces, 1)

    def place_of(self, time: int) -> int | None:
        """The latest entry of an instant."""
        place = bisect_right(self.stamps, time) - 1
        return place if place >= 0 and self.stamps[place] == time else None

    def drop(self, count: int) -> int:
        """Let go of up to `count` entries from the front, as far as whole pieces allow; how many it was."""
        if len(self.stamps) > PIECE:
            pieces = count // PIECE
            if pieces == 0:
                return 0
            count = pieces * PIECE
            self._let_go(self._base, pieces)
            self._base += pieces
            self._saved = max(0, self._saved - count)
        else:
            self._saved = 0
        del self.stamps[:count]
        return count

    def clear(self) -> None:
        """Let go of everything."""
        pieces = -(-len(self.stamps) // PIECE)
        self._let_go(self._base, max(pieces, 1))
        self._stored = False
        self._base += pieces
        self._saved = 0
        del self.stamps[:]

    def _let_go(self, first: int, pieces: int) -> None:
        """Note that a store that has any of it is to remove pieces."""
        if self._stored:
            if self._gone is None:
                self._gone = []
            self._gone.extend(range(first, first + pieces))

    @property
    def is_one_piece(self) -> bool:
        """Whether a store has at most the first piece of it, and is to have no other."""
        return not self._base and self._gone is None and len(self.stamps) <= PIECE

    @property
    def is_told(self) -> bool:
        """Of one that holds nothing, whether no store has to hear of it."""
        return not (self._stored or self._gone)

    def untold(self) -> None:
        """No store is ever told of this: keep no note of what one would have to hear."""
        self._gone = None

    def changes(self, key: str, into: WindowChanges) -> None:
        """Add what a store is to write, and then has."""
        if self._gone:
            for piece in self._gone:
                into.add(key, piece, 0, None)
            self._gone = None
        count = len(self.stamps)
        if not count:
            if self._stored:
                into.add(key, self._base, 0, None)
                self._stored = False
            return
        self._stored = True
        for first in range(self._saved // PIECE * PIECE, count, PIECE):
            end = min(first + PIECE, count)
            number = self._base + first // PIECE
            into.add(key, number, self.stamps[end - 1], self._write(first, end))
        self._saved = count

    def load(self, pieces: list[tuple[Part, bytes]]) -> None:
        """Take in what a store has."""
        numbered = [(part, data) for part, data in pieces if isinstance(part, int)]
        if numbered:
            self._base = numbered[0][0]
        for _, data in numbered:
            self._read(data)
        self._saved = len(self.stamps)
        self._stored = bool(numbered)

    def _write(self, first: int, end: int) -> bytes:
        piece = array("q", self.stamps[first:end])
        if sys.byteorder == "big":
            piece.byteswap()
        return piece.tobytes()

    def _read(self, data: bytes) -> None:
        piece: array[int] = array("q")
        piece.frombytes(data)
        if sys.byteorder == "big":
            piece.byteswap()
        self.stamps.extend(piece)


class Notes(History):
    """Instants with a note each. Notes are values of the language or tuples of them."""

    __slots__ = ("notes",)

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[Any] = []

    def add_note(self, time: int, note: Any) -> int | None:
        place = self.add(time)
        if place is None:
            self.notes.append(note)
        else:
            self.notes.insert(place, note)
        return place

    def remove(self, place: int) -> None:
        super().remove(place)
        del self.notes[place]

    def place_of_note(self, time: int, note: Any) -> int | None:
        """The latest entry of an instant with a note."""
        place = self.place_of(time)
        while place is not None and self.notes[place] != note:
            place = place - 1 if place > 0 and self.stamps[place - 1] == time else None
        return place

    def set_note(self, place: int, note: Any) -> None:
        """Put another note in the place of one."""
        self.notes[place] = note
        self._saved = min(self._saved, place)

    def drop(self, count: int) -> int:
        count = super().drop(count)
        del self.notes[:count]
        return count

    def clear(self) -> None:
        super().clear()
        self.notes.clear()

    def _write(self, first: int, end: int) -> bytes:
        return write_values((list(self.stamps[first:end]), self.notes[first:end]))

    def _read(self, data: bytes) -> None:
        stamps, notes = read_values(data)
        self.stamps.extend(stamps)
        self.notes.extend(notes)
