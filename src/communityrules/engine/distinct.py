"""How many different values there were."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

from communityrules.engine.history import Notes
from communityrules.engine.measures import Measure, Stages
from communityrules.engine.spans import NEVER
from communityrules.model.values import Value
from communityrules.stores.codec import read_values, write_values
from communityrules.stores.protocol import Part, WindowChanges


class Values(Notes):
    """When each value was seen last.

    The notes are of late: each what value came and when it had been seen before that (None: not), so that what was
    known at an earlier instant can be told.
    """

    __slots__ = ("changed", "latest", "top")

    def __init__(self) -> None:
        super().__init__()
        #: In order of instant.
        self.latest: dict[Value, int] = {}
        #: Values whose instant a store has not been told.
        self.changed: dict[Value, None] = {}
        #: The newest instant ever put in.
        self.top = NEVER

    def untold(self) -> None:
        super().untold()
        self.changed.clear()

    def see(self, value: Value, time: int | None) -> None:
        """Set when a value was seen last; keeps the order."""
        self.changed[value] = None
        self.latest.pop(value, None)
        if time is None:
            return
        ordered = time >= self.top
        self.latest[value] = time
        if ordered:
            self.top = time
        else:
            self.sort()

    def sort(self) -> None:
        self.latest = dict(sorted(self.latest.items(), key=lambda item: item[1]))

    def clear(self) -> None:
        super().clear()
        self.changed.update(dict.fromkeys(self.latest))
        self.latest.clear()
        self.top = NEVER


class Distinct(Measure[Values]):
    """How many different values there were."""

    def new_cell(self) -> Values:
        return Values()

    def put(self, cell: Values, time: int, value: Value, stages: Stages) -> Any:  # noqa: ARG002  # one type only
        if time >= cell.top:
            before = cell.latest.get(value)
            cell.see(value, time)
            cell.add_note(time, (value, before))
            return None
        return self._put_late(cell, time, value)

    def _put_late(self, cell: Values, time: int, value: Value) -> Any:
        token = (list(cell.stamps), list(cell.notes), dict(cell.latest), cell.top)
        # The next sighting of the same value, if there was one of late, knew what was before it.
        place = bisect_right(cell.stamps, time)
        for later in range(place, len(cell.stamps)):
            if cell.notes[later][0] == value:
                before = cell.notes[later][1]
                cell.set_note(later, (value, time if before is None else max(before, time)))
                break
        else:
            before = cell.latest.get(value)
            if before is None or before <= time:
                cell.see(value, time)
        if before is not None and before > time:
            # Seen after this, but before anything noted: note that as well.
            cell.add_note(before, (value, time))
            before = None
        cell.add_note(time, (value, before))
        return token

    def take_back(self, cell: Values, token: Any) -> None:
        if token is None:
            value, before = cell.notes[-1]
            cell.remove(len(cell.stamps) - 1)
            cell.see(value, before)
            return
        stamps, notes, cell.latest, cell.top = token
        cell.changed.update(dict.fromkeys(cell.latest))
        cell.changed.update((value, None) for value, _ in cell.notes)
        while cell.stamps:
            cell.remove(len(cell.stamps) - 1)
        for stamp, note in zip(stamps, notes, strict=True):
            cell.add_note(stamp, note)

    def take_out(self, cell: Values, time: int, value: Value, stages: Stages) -> bool:
        place = cell.place_of(time)
        while place is not None and cell.notes[place][0] != value:
            place = place - 1 if place > 0 and cell.stamps[place - 1] == time else None
        if place is None:
            return False
        seen = [(stamp, note[0]) for stamp, note in zip(cell.stamps, cell.notes, strict=True)]
        del seen[place]
        while cell.stamps:
            cell.remove(len(cell.stamps) - 1)
        cell.changed.update(dict.fromkeys(cell.latest))
        noted = {value, *(one for _, one in seen)}
        cell.latest = {one: stamp for one, stamp in cell.latest.items() if one not in noted}
        cell.top = next(reversed(cell.latest.values()), NEVER)
        for stamp, one in seen:
            self.put(cell, stamp, one, stages)
        return True

    def read(self, cell: Values, first: int, time: int, closing: bool) -> Value:
        if time < cell.top or closing:
            return self._capped(sum(1 for stamp in self._as_of(cell, time, closing).values() if stamp >= first))
        latest = cell.latest
        if self.keep is not None:
            count = 0
            for stamp in reversed(latest.values()):
                if stamp < first or count == self.keep:
                    break
                count += 1
            return count
        over = 0
        for stamp in latest.values():
            if stamp >= first:
                break
            over += 1
        return len(latest) - over

    def _as_of(self, cell: Values, time: int, closing: bool) -> dict[Value, int]:
        """When each value had been seen last at an earlier instant."""
        known = dict(cell.latest)
        for place in range(len(cell.stamps) - 1, -1, -1):
            stamp = cell.stamps[place]
            if stamp < time or (stamp == time and not closing):
                break
            value, before = cell.notes[place]
            if before is None:
                known.pop(value, None)
            else:
                known[value] = before
        return {value: stamp for value, stamp in known.items() if stamp < time or (stamp == time and not closing)}

    def _capped(self, count: int) -> int:
        return count if self.keep is None else min(count, self.keep)

    def nothing(self) -> int:
        return 0

    def alone(self, value: Value) -> int:  # noqa: ARG002  # one value, whichever
        return 1

    def trim(self, cell: Values, horizon: int, settled: int) -> None:
        count = bisect_left(cell.stamps, settled)
        if count > 0:
            cell.drop(count)
        over = [value for value, stamp in self._until(cell, horizon)]
        if self.keep is not None:
            old = [value for value, _ in self._until(cell, settled)]
            over = max(over, old[: max(0, len(old) - self.keep)], key=len)
        for value in over:
            del cell.latest[value]
            cell.changed[value] = None

    def _until(self, cell: Values, end: int) -> Iterator[tuple[Value, int]]:
        for value, stamp in cell.latest.items():
            if stamp >= end:
                return
            yield value, stamp

    # --- stores ------------------------------------------------------------------------------------------------

    def cell_changes(self, cell: Values, key: str, into: WindowChanges) -> None:
        cell.changes(key, into)
        for value in cell.changed:
            stamp = cell.latest.get(value)
            part = write_values(value).decode()
            if stamp is None:
                into.add(key, part, 0, None)
            else:
                into.add(key, part, stamp, write_values(stamp))
        cell.changed.clear()

    def fill(self, cell: Values, pieces: list[tuple[Part, bytes]]) -> None:
        cell.load(pieces)
        named = [(read_values(part), read_values(data)) for part, data in pieces if isinstance(part, str)]
        cell.latest = dict(sorted(named, key=lambda item: item[1]))
        cell.top = next(reversed(cell.latest.values()), NEVER)
        if cell.stamps:
            cell.top = max(cell.top, cell.stamps[-1])
