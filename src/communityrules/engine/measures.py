"""The windows of one measure in one community: what every kind of measure has in common."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, Generic, TypeVar

from communityrules.checker.checked import Aggregate
from communityrules.engine.history import History
from communityrules.engine.spans import ALWAYS, NEVER, Span
from communityrules.engine.transaction import Transaction
from communityrules.kernel import native
from communityrules.model.values import Value
from communityrules.stores.codec import read_key, write_key
from communityrules.stores.errors import DAMAGED, StoreError
from communityrules.stores.protocol import Part, Stale, Store, WindowChanges
from communityrules.stores.reasons import UNREADABLE_ENTRY

Key = tuple[Value, ...]
#: For `sequence`, the places in the order that an event of its type takes, from the last to the first.
Stages = tuple[int, ...]
Cell = TypeVar("Cell", bound=History)
#: What was done, for settling or undoing: the measure, the key, the cell, and what the measure needs to know.
Done = tuple["Measure[Any]", Key, Any, Any]


#: Under so many new cells none are let go of: that would save nothing and have a store look through its own.
_PATIENCE: Final = 64
#: After every instant.
_NEVER: Final = 1 << 62
_KERNEL: Final = native("turning")


class Ignored:
    """Noted in place of an entry for an event older than anything kept: it counts for itself alone."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Revoked:
    """Noted in place of an entry that was taken out, so that it can be put back."""

    __slots__ = ("stages", "time", "value")

    def __init__(self, time: int, value: Value, stages: Stages) -> None:
        self.time = time
        self.value = value
        self.stages = stages


#: Events that count no more once people have taken back what raised them.
REVOCABLE: Final = frozenset({"breach", "sanctioned"})


class Home:
    """What the measures of one community share."""

    __slots__ = ("clock", "community", "done", "settled", "store", "tallied", "transaction")

    def __init__(self, community: str, store: Store | None) -> None:
        self.community = community
        #: Where cells that are not at hand are loaded from; None when all there are are at hand.
        self.store = store
        #: The latest instant of the community.
        self.clock = 0
        #: The latest instant before the event at hand: what it lets go of stays right if the event is taken back.
        self.settled = 0
        #: What the event at hand has done to the windows so far.
        self.done: list[Done] = []
        #: What it did to counts before that without their sinks (see `compiler.match.Observer`).
        self.tallied: list[Any] = [] if _KERNEL is None else _KERNEL.Notes()
        #: The community, for measures of its state. Set by the working set.
        self.transaction: Transaction | None = None


class Measure(Generic[Cell]):
    """One measure. Cells are kept by key; `persistent` ones keep note of what a store has not been told.

    Cells are in two generations, so that nobody has to look at each of them to find those that have left the window:
    what nobody has asked for between two turns is in `older`, and is let go of as a whole when `turned` has left it.
    """

    __slots__ = (
        "_patience", "_stale", "aggregate", "cells", "dirty", "home", "keep", "length", "older", "revocable", "span",
        "turn", "turned",
    )  # fmt: skip

    #: Whether the judged event is left out of its own answer.
    before_only = False

    def __init__(self, aggregate: Aggregate, span: Span, home: Home, *, persistent: bool) -> None:
        self.home = home
        #: Cells that changed since the last `changes`, None when nobody will ask.
        self.dirty: dict[Key, Cell] | None = {} if persistent else None
        self.cells: dict[Key, Cell] = self.no_cells()
        self.older: dict[Key, Cell] = self.no_cells()
        #: The latest instant that a cell of `older` can hold, and the first at which it is worth looking again.
        self.turned = NEVER
        self.turn = ALWAYS
        self.aggregate = aggregate
        self.span = span
        #: At how many an answer stops counting; None: never.
        self.keep: int | None = None
        self.follow(aggregate, span)
        # One that begins with what a store has turns at once: a short session may have few new cells.
        self._patience = _PATIENCE if home.store is None else 0
        self._stale = False

    def follow(self, aggregate: Aggregate, span: Span) -> None:
        """Take another rulebook's words and limit for the same measure."""
        self.aggregate = aggregate
        self.span = span
        self.length = span.length
        # One more than the limit tells every comparison apart that rules make.
        # What may have to be taken out again, though, is kept for as long as it counts, and what was before it.
        self.revocable = not REVOCABLE.isdisjoint(aggregate.events)
        self.keep = None if aggregate.limit is None or self.revocable else max(aggregate.limit, 0) + 1

    # --- what kinds of measures differ in ----------------------------------------------------------------------

    def no_cells(self) -> dict[Key, Cell]:
        """What a generation of cells begins as."""
        return {}

    def new_cell(self) -> Cell:
        raise NotImplementedError

    def put(self, cell: Cell, time: int, value: Value, stages: Stages) -> Any:
        """Add an entry; what `take_back` needs to know."""
        raise NotImplementedError

    def take_back(self, cell: Cell, token: Any) -> None:
        """Undo the latest `put` that has not been undone."""
        raise NotImplementedError

    def take_out(self, cell: Cell, time: int, value: Value, stages: Stages) -> bool:
        """Remove an entry, whenever it was put in. Whether it was there."""
        raise NotImplementedError

    def read(self, cell: Cell, first: int, time: int, closing: bool) -> Value:
        """The answer over entries from instant `first` to `time`, included unless `closing`."""
        raise NotImplementedError

    def nothing(self) -> Value:
        """The answer when there is no entry at all."""
        raise NotImplementedError

    def alone(self, value: Value) -> Value:
        """The answer for an entry that is older than all that is kept."""
        raise NotImplementedError

    def trim(self, cell: Cell, horizon: int, settled: int) -> None:
        """Let go of what no answer can need: entries before `horizon`, and beyond the limit up to `settled`."""
        raise NotImplementedError

    # --- what they share -----------------------------------------------------------------------------------------

    def observe(self, key: Key, time: int, value: Value, stages: Stages) -> None:
        """Record one counted event."""
        home = self.home
        if time < home.clock - self.span.margin and time < self._horizon():
            home.done.append((self, key, None, Ignored(value)))
            return
        if home.settled >= self.turn:
            self.sweep()
        cell = self.at_hand(key)
        if cell is None:
            cell = self.cells[key] = self.new_cell()
        elif not len(cell.stamps) & 15:
            self.let_go(cell)
        home.done.append((self, key, cell, self.put(cell, time, value, stages)))

    def answer(self, key: Key, time: int, closing: bool) -> Value:
        """The value for a key as of an instant."""
        span = self.span
        first = span.start_closing(time) if closing else span.start(time)
        home = self.home
        if time < home.clock - span.margin:
            horizon = self._horizon()
            if time < horizon:
                for measure, done_key, _, token in home.done:
                    if measure is self and done_key == key and isinstance(token, Ignored):
                        return self.alone(token.value)
                return self.nothing()
            first = max(first, horizon)
        cell = self.at_hand(key)
        return self.nothing() if cell is None else self.read(cell, first, time, closing)

    def at_hand(self, key: Key) -> Cell | None:
        """The cell of a key, loaded where it must be, or None where there is none."""
        cell = self.cells.get(key)
        if cell is None:
            cell = self.older.pop(key, None)
            if cell is None:
                cell = self.load(key)
            if cell is not None:
                self.cells[key] = cell
        return cell

    def undo(self, key: Key, cell: Cell, token: Any) -> None:  # noqa: ARG002  # `count` needs the key
        """Take back what `observe` or `revoke` did last."""
        if isinstance(token, Revoked):
            self.put(cell, token.time, token.value, token.stages)
        else:
            self.take_back(cell, token)

    def revoke(self, key: Key, time: int, value: Value, stages: Stages) -> None:
        """Forget a counted event of the past, if it is still known."""
        cell = self.at_hand(key)
        if cell is not None and self.take_out(cell, time, value, stages):
            self.home.done.append((self, key, cell, Revoked(time, value, stages)))

    def settle(self, key: Key, cell: Cell) -> None:
        """After the event at hand has been judged: note what a store must hear of. Only for persistent measures."""
        if self.dirty is not None:
            self.dirty[key] = cell

    def let_go(self, cell: Cell) -> None:
        """Let go of what is over in a cell."""
        settled = self.home.settled - self.span.margin
        horizon = self.span.kept(settled)
        self.trim(cell, horizon, horizon if self.revocable else settled)
        if self.dirty is None:
            cell.untold()

    def let_go_of_older(self, dirty: dict[Key, Cell]) -> None:
        """Have a store hear that the older cells hold nothing any more."""
        for key, cell in self.older.items():
            emptied = self.emptied(cell)
            if emptied is None:
                dirty.pop(key, None)
            else:
                # Not yet out of the store: found here until then.
                dirty[key] = emptied

    def emptied(self, cell: Cell) -> Cell | None:
        """What a store is to hear of a cell that has left the window: that it holds nothing. None for nothing."""
        cell.clear()
        return cell

    def keys(self) -> Collection[Key]:
        """Every key of which anything is kept, in no order."""
        found = dict.fromkeys(self.cells)
        found.update(dict.fromkeys(self.older))
        found.update(dict.fromkeys(self.dirty or ()))
        store = self.home.store
        if store is not None:
            try:
                found.update((read_key(one), None) for one in store.window_keys(self.home.community, self.aggregate.id))
            except (ValueError, KeyError, TypeError, StopIteration) as error:
                raise StoreError(DAMAGED, file=store.name, reason=UNREADABLE_ENTRY) from error
        return found

    def load(self, key: Key) -> Cell | None:
        """A cell that is not at hand."""
        if self.dirty and (swept := self.dirty.get(key)) is not None:
            return swept
        store = self.home.store
        if store is None:
            return None
        pieces = store.window(self.home.community, self.aggregate.id, write_key(key))
        if not pieces:
            return None
        cell = self.new_cell()
        try:
            self.fill(cell, pieces)
        except (ValueError, KeyError, TypeError, IndexError, StopIteration) as error:
            raise StoreError(DAMAGED, file=store.name, reason=UNREADABLE_ENTRY) from error
        return cell

    def fill(self, cell: Cell, pieces: list[tuple[Part, bytes]]) -> None:
        """Take in what a store has of a cell."""
        cell.load(pieces)

    def cell_changes(self, cell: Cell, key: str, into: WindowChanges) -> None:
        """Add what a store has not been told yet of a cell."""
        cell.changes(key, into)

    def tell(self, dirty: dict[Key, Cell], into: WindowChanges) -> None:
        """Add what a store has not been told yet of the cells that changed."""
        for key, cell in dirty.items():
            self.cell_changes(cell, write_key(key), into)

    def changes(self) -> WindowChanges | None:
        """What a store has not been told yet; None for nothing."""
        if not self.dirty:
            return None
        found = WindowChanges(self.aggregate.id)
        self.tell(self.dirty, found)
        self.dirty.clear()
        return found if found.keys else None

    def stale(self) -> Stale | None:
        """What a store may let go of, if cells have left the window since the last time."""
        if not self._stale:
            return None
        self._stale = False
        return Stale(self.aggregate.id, self._horizon())

    def _horizon(self) -> int:
        return self.span.kept(self.home.clock - self.span.margin)

    def sweep(self) -> None:
        """Let go of the cells that have left the window, if it is time. What the event at hand did is not lost."""
        home, margin = self.home, self.span.margin
        if len(self.cells) < self._patience:
            self.turn = home.settled + margin
            return
        horizon = self.span.kept(home.settled - margin)
        if horizon <= ALWAYS:
            self.turn = _NEVER
            return
        if self.turned < horizon:
            if self.dirty is not None:
                self.let_go_of_older(self.dirty)
                self._stale = True
            self.older, self.cells = self.cells, self.no_cells()
            self.turned = home.clock
            self._patience = _PATIENCE
        self.turn = max(home.settled, self.turned + (self.length or 0) + 1) + margin
