"""The log's plain decisions in a SQLite store: those of one community and one commit, packed into one row.

Nearly every decision only allows its event. A row and a place in an index for each costs several times as much.
"""

from __future__ import annotations

import sqlite3
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import attrgetter
from typing import Final
from zlib import crc32

from msgspec import Struct, msgpack

from communityrules.model.decision import Decision, RulebookRef
from communityrules.stores.protocol import Entry

#: Packs that are searched one by one, beside a quarter of those that are searched together.
_LOOSE: Final = 16
#: Bits of a mark.
_MARK: Final = 32


class _Pack(Struct, frozen=True, array_like=True):
    """Entries of plain decisions, in the order of the log: what an `Entry` says of each, field by field."""

    events: list[str]
    digests: list[str]
    seqs: list[int]
    ordinals: list[int]
    previous: list[int]
    times: list[int]
    #: Places in the lists of those that were late.
    late: list[int]

    def __post_init__(self) -> None:
        if any(len(one) != len(self.seqs) for one in (self.events, self.digests, self.ordinals, self.previous,
                                                      self.times)):  # fmt: skip
            raise ValueError("lists of different lengths")

    def entry(self, place: int, community: str, rulebook: RulebookRef) -> Entry:
        event, late = self.events[place], place in self.late
        decision = Decision(event, self.times[place], community, rulebook, "allow", late=late)
        return Entry(
            self.seqs[place], event, self.digests[place], self.ordinals[place], self.previous[place], decision, True
        )

    def entries(self, community: str, rulebook: RulebookRef) -> Iterator[Entry]:
        late = frozenset(self.late)
        for place, (event, digest, seq, ordinal, previous, time) in enumerate(
            zip(self.events, self.digests, self.seqs, self.ordinals, self.previous, self.times, strict=True)
        ):
            decision = Decision(event, time, community, rulebook, "allow", late=place in late)
            yield Entry(seq, event, digest, ordinal, previous, decision, True)


class _Ids(Struct, array_like=True):
    """The ids of a pack alone."""

    events: list[str]


_columns: Final = attrgetter(
    "event", "digest", "seq", "ordinal", "previous", "decision.time", "decision.late"
)  # as `_Pack` has them
_encode: Final = msgpack.Encoder().encode
_decode: Final = msgpack.Decoder(_Pack).decode
_decode_ids: Final = msgpack.Decoder(_Ids).decode


def _marks(events: Iterable[str]) -> array[int]:
    """A short mark of each id, in order of the marks: an id whose mark is not there is not there."""
    return array("I", sorted(map(crc32, map(str.encode, events))))


def _little(marks: array[int]) -> array[int]:
    if sys.byteorder == "big":
        marks.byteswap()
    return marks


class Packs:
    """Reads and writes rows of `pack`. Raises what sqlite3 raises, and ValueError or KeyError for what is damaged."""

    def __init__(self, db: sqlite3.Connection, rulebooks: Mapping[int, RulebookRef]) -> None:
        self._db = db
        self._rulebooks = rulebooks
        #: By the number of a community, where its ids are, once one has been looked for.
        self._places: dict[int, _Places] = {}
        #: The pack that was read last, by position: what is looked for next is mostly in the same one.
        self._last: tuple[int, _Pack, int, dict[str, int]] | None = None

    def last_seq(self) -> int:
        (seq,) = self._db.execute("SELECT max(last) FROM pack").fetchone()
        return seq or 0

    def write(self, opens: int, community: int, rulebook: int, entries: Sequence[Entry]) -> None:
        """`opens` is the log position of the first entry of the whole commit."""
        columns = zip(*map(_columns, entries), strict=True)
        events, digests, seqs, ordinals, previous, times, late = map(list, columns)
        late_ones = list(compress(range(len(events)), late))
        pack = _Pack(events, digests, seqs, ordinals, previous, times, late_ones)
        newest = entries[-1]
        marks = _marks(events)
        places = self._places.get(community)
        if places is not None:
            places.add(newest.seq, newest.ordinal, marks)
        self._db.execute(
            "INSERT INTO pack VALUES (?, ?, ?, ?, ?, ?, ?)",
            (newest.seq, opens, community, rulebook, newest.ordinal, _little(marks[:]).tobytes(), _encode(pack)),
        )

    def roll_back(self) -> None:
        """Forget what the failed transaction had added."""
        self._places.clear()
        self._last = None

    def begin(self, community: int) -> None:
        """A community that has had no event yet."""
        self._places[community] = _Places()

    def forget(self, community: int, ordinal: int) -> None:
        """Events of a community up to an ordinal will not be asked for again."""
        places = self._places.get(community)
        if places is not None:
            places.forgotten = ordinal

    # --- reading -----------------------------------------------------------------------------------------------

    def ids(self, community: int, ordinal: int) -> Iterator[str]:
        """The ids of a community in packs with any after an ordinal."""
        for (data,) in self._db.execute("SELECT data FROM pack WHERE community=? AND ordinal>?", (community, ordinal)):
            yield from _decode_ids(data).events

    def find(self, number: int, community: str, event: str, forgotten: int) -> Entry | None:
        """The newest entry of an id."""
        places = self._places.get(number)
        if places is None:
            # Only as a whole: what is not in it is not looked for.
            places = self._places[number] = self._learn(number, forgotten)
        newest: Entry | None = None
        for last in places.of(event):
            if newest is not None and last < newest.seq:
                break
            pack, rulebook, by_event = self._pack(last)
            place = by_event.get(event)
            if place is not None and (newest is None or pack.seqs[place] > newest.seq):
                newest = pack.entry(place, community, self._rulebooks[rulebook])
        return newest

    def _learn(self, number: int, forgotten: int) -> _Places:
        """In which packs the ids of a community after an ordinal are."""
        places = _Places()
        places.forgotten = forgotten
        for last, ordinal, marks in self._db.execute(
            "SELECT last, ordinal, marks FROM pack WHERE community=? AND ordinal>? ORDER BY last", (number, forgotten)
        ):
            found = array("I")
            found.frombytes(marks)
            places.add(last, ordinal, _little(found))
        return places

    def _pack(self, last: int) -> tuple[_Pack, int, dict[str, int]]:
        known = self._last
        if known is None or known[0] != last:
            rulebook, data = self._db.execute("SELECT rulebook, data FROM pack WHERE last=?", (last,)).fetchone()
            pack = _decode(data)
            known = self._last = (last, pack, rulebook, {one: place for place, one in enumerate(pack.events)})
        return known[1:]

    def after(self, seq: int, until: int) -> list[Entry]:
        """The entries at log positions after one and up to another, in no order."""
        found: list[Entry] = []
        rows = self._db.execute(
            "SELECT opens, name, rulebook, data FROM pack JOIN community ON number=pack.community "
            "WHERE pack.last>? ORDER BY pack.last",
            (seq,),
        )
        for opens, community, rulebook, data in rows:
            # Packs of one commit lie across one another; those of two never do.
            if opens > until:
                break
            entries = _decode(data).entries(community, self._rulebooks[rulebook])
            found.extend(one for one in entries if seq < one.seq <= until)
        return found


class _Places:
    """In which packs the ids of one community may be."""

    __slots__ = ("_loose", "_marks", "_packs", "forgotten")

    def __init__(self) -> None:
        #: Packs searched together: position and newest ordinal; of each id its mark, then the number of its pack.
        self._packs: list[tuple[int, int]] = []
        self._marks: array[int] = array("Q")
        #: Packs that came since: position, newest ordinal, marks.
        self._loose: list[tuple[int, int, array[int]]] = []
        #: Events up to this ordinal are not asked for any more.
        self.forgotten = 0

    def add(self, last: int, ordinal: int, marks: array[int]) -> None:
        """A pack, newer than the others."""
        self._loose.append((last, ordinal, marks))

    def of(self, event: str) -> list[int]:
        """The positions of packs that may have an id, the newest first."""
        if len(self._loose) > _LOOSE + len(self._packs) // 4:
            self._gather()
        mark = crc32(event.encode())
        found = [last for last, _, marks in self._loose if _has(marks, mark)]
        marks = self._marks
        place = bisect_left(marks, mark + 1 << _MARK) - 1
        while place >= 0 and marks[place] >> _MARK == mark:
            found.append(self._packs[marks[place] & (1 << _MARK) - 1][0])
            place -= 1
        return sorted(set(found), reverse=True) if len(found) > 1 else found

    def _gather(self) -> None:
        """Have all packs searched together, but those with nothing that is asked for any more."""
        shift = {
            number: kept
            for kept, number in enumerate(
                number for number, (_, ordinal) in enumerate(self._packs) if ordinal > self.forgotten
            )
        }
        low = (1 << _MARK) - 1
        if len(shift) == len(self._packs):
            every = self._marks.tolist()
        else:
            every = [one & ~low | shift[one & low] for one in self._marks if one & low in shift]
        self._packs = [self._packs[number] for number in shift]
        for last, ordinal, marks in self._loose:
            if ordinal > self.forgotten:
                number = len(self._packs)
                self._packs.append((last, ordinal))
                every.extend([mark << _MARK | number for mark in marks])
        every.sort()
        self._marks = array("Q", every)
        self._loose.clear()


def _has(marks: array[int], mark: int) -> bool:
    place = bisect_left(marks, mark)
    return place < len(marks) and marks[place] == mark
