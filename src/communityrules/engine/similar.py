"""How many texts were nearly the same as one text.

Bounded: a key is compared with its newest `COMPARED` texts, and at most `KEPT` more and one piece of a store stay at
hand for events that come late. Where a window holds more, the answer says that it is `at_least` so many. What is kept
of a text is its sketch (`library.likeness`), never the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

from communityrules.checker.checked import Aggregate
from communityrules.compiler.facts import Alike
from communityrules.engine.history import Notes
from communityrules.engine.measures import Ignored, Key, Measure, Stages
from communityrules.engine.spans import Span
from communityrules.library.likeness import SHARED, alike, anchors, sketch
from communityrules.model.values import Value
from communityrules.stores.codec import read_values, write_values

#: How many texts of a key one text is compared with, the newest.
COMPARED: Final = 1024
#: How many newer ones may have come before an event that is late is compared with fewer than it should be.
KEPT: Final = 512
#: So many that may be alike are compared at once, so that often nothing is left to look for.
_FEW: Final = 24
#: Under so many entries of the index it is counted first which may be.
_MANY: Final = 1024


class Sketches(Notes):
    """Of each text its sketch and the id of its event; the notes are pairs of them.

    `known` counts the notes by sketch, and `places` finds the sketches that may be alike. Both follow from the notes.
    """

    __slots__ = ("known", "places")

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[bytes, int] = {}
        #: By anchor.
        self.places: dict[int | bytes, dict[bytes, None]] = {}

    def learn(self, notes: Iterable[Any]) -> None:
        for one, _ in notes:
            number = self.known.get(one, 0)
            self.known[one] = number + 1
            if not number:
                for anchor in anchors(one):
                    self.places.setdefault(anchor, {})[one] = None

    def forget(self, notes: Iterable[Any]) -> None:
        for one, _ in notes:
            number = self.known[one] - 1
            if number:
                self.known[one] = number
                continue
            del self.known[one]
            for anchor in anchors(one):
                there = self.places[anchor]
                del there[one]
                if not there:
                    del self.places[anchor]

    def add_note(self, time: int, note: Any) -> int | None:
        self.learn((note,))
        return super().add_note(time, note)

    def remove(self, place: int) -> None:
        self.forget((self.notes[place],))
        super().remove(place)

    def drop(self, count: int) -> int:
        notes = self.notes[:count]
        count = super().drop(count)
        self.forget(notes[:count])
        return count

    def clear(self) -> None:
        super().clear()
        self.known.clear()
        self.places.clear()

    def _write(self, first: int, end: int) -> bytes:
        notes = [(one.hex(), event) for one, event in self.notes[first:end]]
        return write_values((list(self.stamps[first:end]), notes))

    def _read(self, data: bytes) -> None:
        stamps, notes = read_values(data)
        read = [(bytes.fromhex(one), event) for one, event in notes]
        self.stamps.extend(stamps)
        self.notes.extend(read)
        self.learn(read)


class _Near:
    """Which sketches are alike to one. Each is compared when it is first asked about, unless there are few."""

    __slots__ = ("_buckets", "_known", "_mine", "_wanted", "all")

    def __init__(self, cell: Sketches, mine: bytes) -> None:
        self._mine = mine
        self._known: dict[bytes, bool] = {mine: True}
        places = cell.places
        self._buckets = [there for anchor in anchors(mine) if (there := places.get(anchor)) is not None]
        #: Those that may be alike; None when it has not been counted.
        self._wanted: set[bytes] | None = None
        #: All that are alike; None when they have not been compared.
        self.all: set[bytes] | None = None
        if sum(map(len, self._buckets)) > _MANY:
            # In a flood the newest are enough, long before all have been looked at.
            return
        times = Counter(chain.from_iterable(self._buckets))
        self._wanted = {one for one, number in times.items() if number >= SHARED and one != mine}
        if len(self._wanted) <= _FEW:
            self.all = {one for one in self._wanted if alike(one, mine)}
            if mine in cell.known:
                self.all.add(mine)

    def has(self, one: bytes) -> bool:
        """Whether a sketch of the cell is alike."""
        if self.all is not None:
            return one in self.all
        known = self._known.get(one)
        if known is None:
            known = self._known[one] = self._may_be(one) and alike(one, self._mine)
        return known

    def _may_be(self, one: bytes) -> bool:
        if self._wanted is not None:
            return one in self._wanted
        return sum([one in there for there in self._buckets]) >= SHARED


def _same(fed: Any, text: str) -> bool:
    return alike(sketch(fed[0]), sketch(text))


class Similar(Measure[Sketches]):
    """How many texts. What is fed is a pair of text and event id; a key that is asked for ends with the text."""

    #: The answer given last and what was asked: evidence asks again. Gone as soon as anything is put in or taken out.
    _given: tuple[tuple[Key, int, bool, int], Alike] | None = None

    def follow(self, aggregate: Aggregate, span: Span) -> None:
        self._given = None
        super().follow(aggregate, span)

    def observe(self, key: Key, time: int, value: Value, stages: Stages) -> None:
        self._given = None
        super().observe(key, time, value, stages)

    def new_cell(self) -> Sketches:
        return Sketches()

    def put(self, cell: Sketches, time: int, value: Any, stages: Stages) -> int | None:  # noqa: ARG002  # one type only
        text, event = value
        return cell.add_note(time, (sketch(text), event))

    def take_back(self, cell: Sketches, token: int | None) -> None:
        self._given = None
        cell.remove(len(cell.stamps) - 1 if token is None else token)

    def answer(self, key: Key, time: int, closing: bool) -> Value:
        asked = (key, time, closing, self.home.clock)
        if self._given is not None and self._given[0] == asked:
            return self._given[1]
        *rest, text = key
        answer = self._compared(tuple(rest), str(text), time, closing)
        self._given = asked, answer
        return answer

    def _compared(self, key: Key, text: str, time: int, closing: bool) -> Alike:
        span, home = self.span, self.home
        first = span.start_closing(time) if closing else span.start(time)
        if time < home.clock - span.margin:
            horizon = self._horizon()
            if time < horizon:
                for measure, done_key, _, token in home.done:
                    if measure is self and done_key == key and isinstance(token, Ignored):
                        return Alike(1 if _same(token.value, text) else 0)
                return Alike(0)
            first = max(first, horizon)
        cell = self.at_hand(key)
        return Alike(0) if cell is None else self._among(cell, sketch(text), first, time, closing)

    def _among(self, cell: Sketches, mine: bytes, first: int, time: int, closing: bool) -> Alike:
        stamps, notes = cell.stamps, cell.notes
        end = bisect_left(stamps, time) if closing else bisect_right(stamps, time)
        start = bisect_left(stamps, first, 0, end)
        # Whatever stood before the first that is kept may have been in the window.
        more = end - start > COMPARED or (start == 0 < end and len(stamps) >= COMPARED + KEPT)
        start = max(start, end - COMPARED)
        judged = self._judged(cell)
        near = _Near(cell, mine)
        there = end - start
        if near.all is not None:
            there = sum([cell.known[one] for one in near.all])
            if not there:
                return Alike(0, None, more)
            if there == 1 and judged is not None and notes[judged][0] in near.all:
                # As in ordinary talk: there is none but the judged one.
                return Alike(1 if start <= judged < end else 0, None, more)
        number, like = 0, None
        # From the newest on; so many as tell every limit of rules apart are enough.
        most = self.keep if self.keep is not None else end - start
        for place in range(end - 1, start - 1, -1):
            one, event = notes[place]
            if not near.has(one):
                continue
            number += 1
            if like is None and place != judged:
                like = event
            if (number >= most and like is not None) or number == there:
                break
        return Alike(min(number, most), like, more)

    def _judged(self, cell: Sketches) -> int | None:
        """Where the event at hand stands in a cell, if it does."""
        for measure, _, done_cell, token in reversed(self.home.done):
            if measure is self:
                return (len(cell.stamps) - 1 if token is None else token) if done_cell is cell else None
        return None

    def read(self, cell: Sketches, first: int, time: int, closing: bool) -> Value:
        """How many texts there were, whatever they say."""
        end = bisect_left(cell.stamps, time) if closing else bisect_right(cell.stamps, time)
        return end - bisect_left(cell.stamps, first, 0, end)

    def nothing(self) -> int:
        return 0

    def alone(self, value: Value) -> int:  # noqa: ARG002  # itself, whatever it says
        return 1

    def trim(self, cell: Sketches, horizon: int, settled: int) -> None:  # noqa: ARG002  # bounded by number
        count = max(bisect_left(cell.stamps, horizon), len(cell.stamps) - COMPARED - KEPT)
        if count > 0:
            cell.drop(count)
