"""How many events there were."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from struct import Struct
from typing import Any, Final

from communityrules.engine.history import History
from communityrules.engine.measures import Key, Measure, Stages
from communityrules.kernel import native
from communityrules.model.values import Value
from communityrules.stores.codec import write_key
from communityrules.stores.protocol import WindowChanges

_pack: Final = Struct("<q").pack
_KERNEL: Final = native("turning")


class Count(Measure[Any]):
    """How many events.

    Most keys are seen once and never again (a member's very words), so a cell is a `History` only from its second
    event on, and the bare instant of its only one until then.
    """

    __slots__ = ()

    cells: dict[Key, History | int]
    older: dict[Key, History | int]
    dirty: dict[Key, History | int] | None

    def no_cells(self) -> dict[Key, History | int]:
        # In memory the kernel keeps them in a table of its own, which does what is asked of a dictionary here.
        made: dict[Key, History | int] = {} if _KERNEL is None or self.dirty is not None else _KERNEL.Cells()
        return made

    def observe(self, key: Key, time: int, value: Value, stages: Stages) -> None:
        home = self.home
        if time != home.clock:
            super().observe(key, time, value, stages)
            return
        # What nearly every event does, without ado: it is the newest of its community.
        if home.settled >= self.turn:
            self.sweep()
        cells = self.cells
        cell: Any = cells.get(key)
        if cell is None:
            cell = self.older.pop(key, None)
            if cell is None and self.dirty is not None:
                cell = self.load(key)
            if cell is None:
                cells[key] = time
                home.done.append((self, key, time, None))
                return
            cells[key] = cell
        if cell.__class__ is int:
            cell = cells[key] = self._history(key, cell)
        stamps = cell.stamps
        if not len(stamps) & 15:
            self.let_go(cell)
        stamps.append(time)
        home.done.append((self, key, cell, None))

    def answer(self, key: Key, time: int, closing: bool) -> Value:
        cell: Any = self.cells.get(key)
        if cell is None or closing or time != self.home.clock:
            return super().answer(key, time, closing)
        if cell.__class__ is int and cell == time:
            return 1
        length = self.length
        if length is not None:
            first = time - length
        else:
            span = self.span
            first = span.first if span.first <= time < span.end else span.start(time)
        if cell.__class__ is int:
            return 1 if cell >= first else 0
        stamps: array[int] = cell.stamps
        end = len(stamps)
        keep = self.keep
        if keep is None or end < keep:
            return end - bisect_left(stamps, first)
        # Whether the window is full is told by one look.
        return keep if stamps[end - keep] >= first else end - bisect_left(stamps, first, end - keep)

    def at_hand(self, key: Key) -> History | None:
        cell = super().at_hand(key)
        if isinstance(cell, int):
            cell = self.cells[key] = self._history(key, cell)
        found: History | None = cell
        return found

    def undo(self, key: Key, cell: History | int, token: int | None) -> None:
        if isinstance(cell, int):
            self.forget(key)
        else:
            super().undo(key, cell, token)

    def forget(self, key: Key) -> None:
        """Take back a cell that the event at hand has made. It may have become one of the older ones since."""
        self.cells.pop(key, None)
        self.older.pop(key, None)

    def settle(self, key: Key, cell: History | int) -> None:
        if self.dirty is not None:
            there = cell if not isinstance(cell, int) else self.cells.get(key)
            self.dirty[key] = self.older[key] if there is None else there

    def emptied(self, cell: History | int) -> History | None:
        # All that a store has of it is stale by now, and is written over when the key comes again.
        if isinstance(cell, int) or cell.is_one_piece:
            return None
        cell.clear()
        return None if cell.is_told else cell

    def let_go_of_older(self, dirty: dict[Key, History | int]) -> None:
        if _KERNEL is None or not _KERNEL.let_go(self):
            super().let_go_of_older(dirty)

    def tell(self, dirty: dict[Key, History | int], into: WindowChanges) -> None:
        if _KERNEL is None or not _KERNEL.changes(self, into, write_key):
            super().tell(dirty, into)

    def cell_changes(self, cell: History | int, key: str, into: WindowChanges) -> None:
        if isinstance(cell, int):
            # No store has been told of it yet. As a history of one writes it.
            into.add(key, 0, cell, _pack(cell))
        else:
            cell.changes(key, into)

    def _history(self, key: Key, only: int) -> History:
        """The history of a key that has had one event."""
        return History(only, stored=not self._is_untold(key))

    def _is_untold(self, key: Key) -> bool:
        """Of a key that has had one event, whether a store is still to be told of it."""
        return self.dirty is not None and isinstance(self.dirty.get(key), int)

    # --- histories -----------------------------------------------------------------------------------------------

    def new_cell(self) -> History:
        return History()

    def put(self, cell: History, time: int, value: Value, stages: Stages) -> int | None:  # noqa: ARG002  # counts alike
        return cell.add(time)

    def take_back(self, cell: History, token: int | None) -> None:
        cell.remove(len(cell.stamps) - 1 if token is None else token)

    def take_out(self, cell: History, time: int, value: Value, stages: Stages) -> bool:  # noqa: ARG002  # counts alike
        place = cell.place_of(time)
        if place is not None:
            cell.remove(place)
        return place is not None

    def read(self, cell: History, first: int, time: int, closing: bool) -> int:
        stamps = cell.stamps
        end = bisect_left(stamps, time) if closing else bisect_right(stamps, time)
        count = end - bisect_left(stamps, first, 0, end)
        keep = self.keep
        return count if keep is None or count < keep else keep

    def nothing(self) -> int:
        return 0

    def alone(self, value: Value) -> int:  # noqa: ARG002  # counts alike
        return 1

    def let_go(self, cell: History) -> None:
        # As often as the sixteenth event of a key: nothing that can be known beforehand is asked for.
        length, keep, stamps = self.length, self.keep, cell.stamps
        settled = self.home.settled - self.span.margin
        horizon = self.span.kept(settled) if length is None else settled - length
        if keep is not None and len(stamps) > keep:
            count = bisect_right(stamps, settled) - keep
            if count > 0 and stamps[count - 1] >= horizon:
                cell.drop(count)
                if self.dirty is None:
                    cell.untold()
                return
        if stamps and stamps[0] < horizon:
            super().let_go(cell)

    def trim(self, cell: History, horizon: int, settled: int) -> None:
        stamps = cell.stamps
        count = bisect_left(stamps, horizon)
        if self.keep is not None:
            count = max(count, bisect_right(stamps, settled) - self.keep)
        if count > 0:
            cell.drop(count)
