"""The state of one community while an engine works on it.

What is not at hand is loaded when asked for. What one event or timer changes can be rolled back until it is settled;
what settled events have changed waits here for the next commit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from communityrules.engine.timers import Timers
from communityrules.engine.windows import WindowPlan, Windows
from communityrules.kernel import quick
from communityrules.model.event import Member
from communityrules.stores.protocol import (
    CellChange,
    CommunityChanges,
    Entry,
    ResidentStore,
    Standing,
    Store,
    TimerChange,
)

#: Between the parts of a cell's key (see `engine.plain`): listing by whole parts is what is made fast.
_SEPARATOR: Final = "\t"


@quick
class WorkingSet:
    """One community. Is the `Transaction` that consequences are handed, for one event or timer at a time."""

    __slots__ = (
        "_cells", "_changed_cells", "_changed_timers", "_home", "_ids", "_lists", "_store", "_undo", "checked",
        "community", "crowds", "fresh", "gone", "known", "log", "now", "people", "seen", "standing",
        "stirred", "subject", "timers", "windows",
    )  # fmt: skip

    def __init__(self, community: str, store: Store, plan: WindowPlan) -> None:
        """Loads where the community stands and its timers; the rest when it is asked for."""
        self.community = community
        self.now = 0
        #: What ids begin with: the id of the event or timer at hand.
        self.subject = ""
        standing = store.standing(community)
        self.standing = standing or Standing(0, 0, 0)
        persistent = not store.resident
        #: Where to look for what is not at hand; None when everything is.
        self._store = store if persistent and standing is not None else None
        #: Of a store that lives as long as the process, the entries of the community.
        self.log = None if persistent else cast(ResidentStore, store).log_of(community)
        self.timers = Timers(self._store.timers(community) if self._store else ())
        self.windows = Windows(plan, community, persistent=persistent, store=self._store)
        self._home = self.windows.home
        self._home.transaction = self
        self._home.clock = self.standing.clock
        #: Table → key → value; None for a cell that is known not to be there.
        self._cells: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self.people: dict[str, tuple[Mapping[str, Any], Member, Member]] = {}
        self.checked: Mapping[str, Any] | None = None
        self.known: int | None = None
        self.stirred = 0
        self.crowds: dict[str, tuple[int, int]] = {}
        #: Table → beginning of keys → the keys that begin so, in order.
        self._lists: dict[str, dict[str, list[str]]] = {}
        self._changed_cells: dict[tuple[str, str], None] | None = {} if persistent else None
        self._changed_timers: dict[tuple[str, str], int | None] = {}
        #: How to undo what the event at hand changed: table, key, value before; or a timer with table None.
        self._undo: list[tuple[str | None, str, Any]] = []
        self._ids: dict[str, int] = {}
        #: What knows of most ids that no entry has them; None where the store is asked about each.
        self.seen = None if store.resident else store.seen(community)
        #: Entries of events that wait for the commit, by event id.
        self.fresh: dict[str, Entry] = {}
        #: Whether it has been let go of: nothing may be done with it any more.
        self.gone = False

    # --- one event or timer ----------------------------------------------------------------------------------

    def follow(self, plan: WindowPlan) -> None:
        """Go on under another rulebook."""
        self.windows.follow(plan)
        # A field may be of another type now: `true` is not 1, though they are equal.
        self.people.clear()
        self.checked = None
        self.crowds.clear()

    def begin(self, now: int, subject: str) -> bool:
        """Turn to an event or timer at an instant. Whether it is before the latest one."""
        self.now = now
        self.subject = subject
        if self._ids:
            self._ids.clear()
        standing = self.standing
        home = self._home
        clock = home.settled = standing.clock
        if now > clock:
            standing.clock = home.clock = now
        return now < clock

    def settle(self) -> None:
        """What the event or timer did stays."""
        if self._undo:
            self._undo.clear()
        home = self._home
        if home.tallied:
            home.tallied.clear()
        if home.done or self.windows.held:
            self.windows.settle()

    def roll_back(self) -> None:
        """The event or timer is not to have been."""
        self.windows.roll_back()
        self.known = None
        self.stirred += 1
        undo = self._undo
        while undo:
            table, key, before = undo.pop()
            if table is None:
                what, name = key.split(_SEPARATOR, 1)
                self._set_timer(what, name, before)
            else:
                self._set(table, key, before)
        self.standing.clock = self._home.clock = self._home.settled

    # --- cells -----------------------------------------------------------------------------------------------

    def get(self, table: str, key: str) -> Any | None:
        value = self._cells[table].get(key)
        return value if value is not None or self._store is None else self._load(table, key)

    def _load(self, table: str, key: str) -> Any | None:
        """A cell that is not at hand."""
        cells = self._cells[table]
        if self._store is None or key in cells:
            return None
        lists = self._lists.get(table)
        if lists is not None and any(beginning in lists for beginning in _beginnings(key)):
            return None
        value = cells[key] = self._store.cell(self.community, table, key)
        return value

    def put(self, table: str, key: str, value: Any) -> None:
        if value is None:
            raise ValueError("a cell cannot hold None: delete it")
        before = self.get(table, key)
        self._undo.append((table, key, before))
        if before is None:
            self._set(table, key, value)
            return
        self._cells[table][key] = value
        if self._changed_cells is not None:
            self._changed_cells[table, key] = None

    def delete(self, table: str, key: str) -> None:
        before = self.get(table, key)
        if before is not None:
            self._undo.append((table, key, before))
            self._set(table, key, None)

    def items(self, table: str, prefix: str = "") -> Iterator[tuple[str, Any]]:
        beginning = prefix[: prefix.rfind(_SEPARATOR) + 1]
        keys = self._listed(table, beginning)
        if beginning != prefix:
            start = bisect_left(keys, prefix)
            keys = [key for key in keys[start:] if key.startswith(prefix)]
        cells = self._cells[table]
        return iter([(key, cells[key]) for key in keys])

    def _set(self, table: str, key: str, value: Any | None) -> None:
        cells = self._cells[table]
        there = cells.get(key) is not None
        if value is not None:
            cells[key] = value
        elif self._store is None:
            cells.pop(key, None)
        else:
            cells[key] = None
        if self._changed_cells is not None:
            self._changed_cells[table, key] = None
        if (value is not None) != there:
            self._relist(table, key, value is not None)

    def _listed(self, table: str, beginning: str) -> list[str]:
        lists = self._lists.setdefault(table, {})
        keys = lists.get(beginning)
        if keys is not None:
            return keys
        if self._store is None and beginning:
            # Lists by whole parts are always there when everything is at hand.
            return []
        cells = self._cells[table]
        if self._store is not None:
            stored = self._store.cells(self.community, table, beginning)
            for key, value in stored:
                cells.setdefault(key, value)
            # A list by whole parts is loaded before a cell is added to it, so the store knows of every other.
            if beginning:
                keys = lists[beginning] = [key for key, _ in stored if cells[key] is not None]
                return keys
        keys = lists[beginning] = sorted(key for key, value in cells.items() if value is not None)
        return keys

    def _relist(self, table: str, key: str, there: bool) -> None:
        lists = self._lists.setdefault(table, {})
        for beginning in _beginnings(key):
            keys = lists.get(beginning)
            if there:
                if keys is None and beginning:
                    keys = (
                        self._listed(table, beginning) if self._store is not None else lists.setdefault(beginning, [])
                    )
                if keys is not None:
                    place = bisect_left(keys, key)
                    if keys[place : place + 1] != [key]:
                        keys.insert(place, key)
            elif keys is not None:
                del keys[bisect_left(keys, key)]
                if not keys and self._store is None and beginning:
                    del lists[beginning]

    # --- timers and ids ----------------------------------------------------------------------------------------

    def schedule(self, due: int, what: str, key: str) -> None:
        self._undo.append((None, f"{what}{_SEPARATOR}{key}", self._set_timer(what, key, due)))

    def unschedule(self, what: str, key: str) -> None:
        before = self._set_timer(what, key, None)
        if before is not None:
            self._undo.append((None, f"{what}{_SEPARATOR}{key}", before))

    def _set_timer(self, what: str, key: str, due: int | None) -> int | None:
        if self._changed_cells is not None:
            self._changed_timers[what, key] = due
        return self.timers.set(what, key, due)

    def new_id(self, kind: str) -> str:
        number = self._ids[kind] = self._ids.get(kind, 0) + 1
        return f"{self.subject}/{kind}/{number}"

    # --- commits ---------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many cells are at hand."""
        return self.windows.size + sum(len(cells) for cells in self._cells.values()) + len(self.timers)

    def changes(self) -> CommunityChanges:
        """What settled events have changed since the last time."""
        standing = self.standing
        changes = CommunityChanges(Standing(standing.clock, standing.events, standing.last))
        if self._changed_cells is None:
            return changes
        for table, key in self._changed_cells:
            changes.cells.append(CellChange(table, key, self._cells[table].get(key)))
        for (what, key), due in self._changed_timers.items():
            changes.timers.append(TimerChange(what, key, due))
        changes.windows.extend(self.windows.changes())
        changes.stale.extend(self.windows.stale())
        self._changed_cells.clear()
        self._changed_timers.clear()
        return changes


def _beginnings(key: str) -> Iterator[str]:
    """The empty text, and the key up to each end of a part."""
    yield ""
    end = key.find(_SEPARATOR)
    while end >= 0:
        yield key[: end + 1]
        end = key.find(_SEPARATOR, end + 1)
