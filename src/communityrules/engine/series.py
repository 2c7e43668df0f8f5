"""Measures over values in the order in which they came: `sum`, `average`, `last` and `since`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from communityrules.compiler.runtime import add, divide, subtract
from communityrules.engine.history import Notes
from communityrules.engine.measures import Measure, Stages
from communityrules.model.values import Value
from communityrules.stores.protocol import Part


class Totals(Notes):
    """Numbers, with what they come to from the first kept one on."""

    __slots__ = ("totals",)

    def __init__(self) -> None:
        super().__init__()
        self.totals: list[Any] = []

    def tally(self, place: int) -> None:
        """Add up again from an entry on."""
        totals = self.totals
        del totals[place:]
        total: Any = totals[-1] if totals else 0
        for number in self.notes[place:]:
            total = add(total, number)
            totals.append(total)

    def drop(self, count: int) -> int:
        count = super().drop(count)
        if count:
            self.tally(0)
        return count

    def clear(self) -> None:
        super().clear()
        self.totals.clear()

    def load(self, pieces: list[tuple[Part, bytes]]) -> None:
        super().load(pieces)
        self.tally(0)


class Sum(Measure[Totals]):
    """What the values come to."""

    def new_cell(self) -> Totals:
        return Totals()

    def put(self, cell: Totals, time: int, value: Value, stages: Stages) -> int | None:  # noqa: ARG002  # one type only
        total: Any = add(cell.totals[-1] if cell.totals else 0, value)
        place = cell.add_note(time, value)
        if place is None:
            cell.totals.append(total)
        else:
            cell.tally(place)
        return place

    def take_back(self, cell: Totals, token: int | None) -> None:
        place = len(cell.stamps) - 1 if token is None else token
        cell.remove(place)
        cell.tally(place)

    def take_out(self, cell: Totals, time: int, value: Value, stages: Stages) -> bool:  # noqa: ARG002  # one type only
        place = cell.place_of_note(time, value)
        if place is None:
            return False
        cell.remove(place)
        cell.tally(place)
        return True

    def span_of_entries(self, cell: Totals, first: int, time: int, closing: bool) -> tuple[int, int]:
        """The half-open range of entries that an answer is over."""
        stamps = cell.stamps
        end = bisect_left(stamps, time) if closing else bisect_right(stamps, time)
        return bisect_left(stamps, first, 0, end), end

    def read(self, cell: Totals, first: int, time: int, closing: bool) -> Value:
        start, end = self.span_of_entries(cell, first, time, closing)
        return self.total(cell, start, end)

    def total(self, cell: Totals, start: int, end: int) -> Value:
        """What a range of entries comes to."""
        if start == end:
            return 0
        total: Value = subtract(cell.totals[end - 1], cell.totals[start - 1]) if start else cell.totals[end - 1]
        return total

    def nothing(self) -> Value:
        return 0

    def alone(self, value: Value) -> Value:
        return value

    def trim(self, cell: Totals, horizon: int, settled: int) -> None:  # noqa: ARG002  # a sum has no limit
        count = bisect_left(cell.stamps, horizon)
        # Adding up again costs as much as is kept.
        if count * 2 > len(cell.stamps):
            cell.drop(count)


class Average(Sum):
    """The mean of the values, exact."""

    def read(self, cell: Totals, first: int, time: int, closing: bool) -> Value:
        start, end = self.span_of_entries(cell, first, time, closing)
        mean: Value = divide(self.total(cell, start, end), end - start)
        return mean

    def nothing(self) -> Value:
        return None


class Last(Measure[Notes]):
    """The latest value before the judged event."""

    before_only = True

    def new_cell(self) -> Notes:
        return Notes()

    def put(self, cell: Notes, time: int, value: Value, stages: Stages) -> int | None:  # noqa: ARG002  # one type only
        return cell.add_note(time, value)

    def take_back(self, cell: Notes, token: int | None) -> None:
        cell.remove(len(cell.stamps) - 1 if token is None else token)

    def take_out(self, cell: Notes, time: int, value: Value, stages: Stages) -> bool:  # noqa: ARG002  # one type only
        place = cell.place_of_note(time, value)
        if place is None:
            return False
        cell.remove(place)
        return True

    def read(self, cell: Notes, first: int, time: int, closing: bool) -> Value:
        stamps = cell.stamps
        place = (bisect_left(stamps, time) if closing else bisect_right(stamps, time)) - 1
        return None if place < 0 or stamps[place] < first else self.found(cell, place, time)

    def found(self, cell: Notes, place: int, time: int) -> Value:  # noqa: ARG002  # `since` needs it
        value: Value = cell.notes[place]
        return value

    def nothing(self) -> Value:
        return None

    def alone(self, value: Value) -> Value:  # noqa: ARG002  # it is not before itself
        return None

    def trim(self, cell: Notes, horizon: int, settled: int) -> None:
        # The newest that every event still to come exactly can find.
        count = max(bisect_left(cell.stamps, horizon), bisect_right(cell.stamps, settled) - 1)
        if count > 0:
            cell.drop(count)


class Since(Last):
    """How long ago the latest event before the judged one was; microseconds."""

    def found(self, cell: Notes, place: int, time: int) -> Value:
        return time - cell.stamps[place]
