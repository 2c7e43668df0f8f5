"""The engine's book-keeping: working sets of communities, what waits for the next commit, ids that are remembered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from communityrules.engine.working_set import WorkingSet
from communityrules.model.decision import Decision
from communityrules.stores.errors import StoreError
from communityrules.stores.protocol import Batch, Entry, Store

#: Cells at hand beyond which a store's working sets are let go of after a commit.
ROOM: Final = 200_000
#: Commits between two looks at how much is at hand.
_LOOK: Final = 16


class Ledger:
    """What has been decided and not yet committed, over one store."""

    __slots__ = (
        "_commits", "_entries", "_handed", "_new_pending", "_open_set", "_remember", "_remember_ids", "_seq", "_sets",
        "_touched", "_weighty", "find_stored", "pending", "store", "timers_waiting", "waiting",
    )  # fmt: skip

    def __init__(self, store: Store, remember: int, remember_ids: int, open_set: Callable[[str], WorkingSet]) -> None:
        self.store = store
        #: The newest stored entry of an event id.
        self.find_stored = store.find
        self._remember = remember
        self._remember_ids = remember_ids
        self._open_set = open_set
        self._sets: dict[str, WorkingSet] = {}
        self._touched: dict[str, WorkingSet] = {}
        self._entries: list[Entry] = []
        #: How many entries wait for the commit, and how many of them are of timers.
        self.waiting = 0
        self.timers_waiting = 0
        self._seq = 0
        #: Timer decisions still to be handed out, by log position: their community. What is new, and what is over.
        self.pending: dict[int, str] = {}
        self._look_up()
        self._new_pending: list[int] = []
        #: Whether any of what waits is more than a plain decision.
        self._weighty = False
        #: Timer decisions that have been handed out since, by log position: their community.
        self._handed: dict[int, str] = {}
        self._commits = 0

    def _look_up(self) -> None:
        """Where the log ends, and what of it is to be handed out."""
        self._seq = self.store.last_seq()
        self.pending.clear()
        for seq in self.store.pending():
            entry = self.store.entry(seq)
            if entry is not None:
                self.pending[seq] = entry.decision.community

    # --- working sets ------------------------------------------------------------------------------------------

    def work(self, community: str) -> WorkingSet:
        """The working set of a community. Not to be kept over a commit."""
        found = self._sets.get(community)
        if found is None:
            found = self._sets[community] = self._open_set(community)
        return found

    def sets(self) -> list[WorkingSet]:
        """All working sets at hand."""
        return list(self._sets.values())

    # --- ids -----------------------------------------------------------------------------------------------------

    def find(self, work: WorkingSet, event: str, time: int) -> Entry | None:
        """The entry of an id that is remembered when an event of `time` arrives."""
        found = work.fresh.get(event) or self.find_stored(work.community, event)
        if found is None:
            return None
        standing = work.standing
        if found.ordinal <= standing.events - self._remember_ids:
            return None
        return None if found.decision.time < max(standing.clock, time) - self._remember else found

    def add_event(self, work: WorkingSet, event: str, digest: str, decision: Decision, plain: bool) -> int:
        """Log the decision of an event; the log position. `plain` is `is_plain(decision)`."""
        standing = work.standing
        ordinal = standing.events = standing.events + 1
        seq = self._seq = self._seq + 1
        log = work.log
        if log is not None:
            # Nothing to lose: it lives as long as the process.
            log.keep(seq, event, digest, ordinal, standing.last, decision, plain)
        else:
            entry = Entry(seq, event, digest, ordinal, standing.last, decision, plain)
            self._entries.append(entry)
            work.fresh[event] = entry
            if not plain:
                self._weighty = True
        standing.last = seq
        self.waiting += 1
        self._touched[work.community] = work
        return seq

    def add_timer(self, work: WorkingSet, decision: Decision | None) -> Entry | None:
        """Log what a timer brought about. Its decision is pending until it has been handed out."""
        self._touched[work.community] = work
        if decision is None:
            return None
        self._seq += 1
        entry = Entry(self._seq, None, "", 0, work.standing.last, decision)
        self._entries.append(entry)
        self.waiting += 1
        self.timers_waiting += 1
        self.pending[entry.seq] = work.community
        self._new_pending.append(entry.seq)
        self._weighty = True
        return entry

    def handed_out(self, seq: int) -> None:
        """A timer decision has reached its host."""
        community = self.pending.pop(seq, None)
        if community is not None:
            self._handed[seq] = community

    @property
    def at_risk(self) -> int:
        """How many events' decisions are undone if the next commit fails."""
        return 0 if self.store.resident else self.waiting - self.timers_waiting

    # --- commits ---------------------------------------------------------------------------------------------

    def commit(self) -> None:
        """Make everything so far last. Raises StoreError: then all since the last commit is undone."""
        if not (self._touched or self._entries or self._handed):
            return
        batch = Batch(entries=self._entries, pending=self._new_pending, handed=list(self._handed))
        if not self.store.resident:
            batch.lasting = self._weighty
        try:
            for community, work in self._touched.items():
                batch.changes[community] = work.changes()
            self.store.commit(batch)
            touched = list(self._touched.values())
            # From here on it is done, also when the store does not answer to what follows.
            self._clear()
        except StoreError:
            # A store that lives as long as the process has what it has; the rest is told it again.
            if not self.store.resident:
                self._undo()
            raise
        except BaseException:
            self.drop()
            raise
        self._commits += 1
        for work in touched:
            standing = work.standing
            self.store.forget(work.community, standing.clock - self._remember, standing.events - self._remember_ids)
            if not self.store.resident:
                # It may have been learnt since.
                work.seen = self.store.seen(work.community)
        if not self.store.resident and self._commits % _LOOK == 0:
            self._make_room()

    def drop(self) -> None:
        """All since the last commit is undone, after an interruption: what it left half done is not to last. Without
        effect on a store that lives as long as the process."""
        if self.store.resident:
            return
        self._undo()
        # It may have come when a commit was done already. A store that does not answer refuses the next one.
        with suppress(StoreError):
            self._look_up()

    def _clear(self) -> None:
        self._entries = []
        self.waiting = self.timers_waiting = 0
        for work in self._touched.values():
            # Until it is asked for again, the store is asked about each id.
            work.seen = None
            work.fresh.clear()
        self._touched.clear()
        self._new_pending = []
        self._handed = {}
        self._weighty = False

    def _undo(self) -> None:
        # No store is asked anything here: one that has just failed may fail again.
        self.pending.update(self._handed)
        for seq in self._new_pending:
            self.pending.pop(seq, None)
        self._seq -= len(self._entries)
        self._clear()
        # What is in the store is what holds: everything is loaded again when it is next asked for.
        self._let_go()

    def _make_room(self) -> None:
        if sum(work.size for work in self._sets.values()) > ROOM:
            self._let_go()

    def _let_go(self) -> None:
        for work in self._sets.values():
            work.gone = True
        self._sets.clear()
