"""Which timer decisions of the log are handed out with which events, so that a stream given again gives the same.

A timer decision belongs before the community's next event in the log. `run` hands it out there, whether it has just
been made or was made before; `advance` hands out what belongs after the last event. Decisions that never reached
anyone are pending and are handed out in any case; others only to who has given the events before them again.
"""

from __future__ import annotations

from collections.abc import Iterable

from communityrules.engine.ledger import Ledger
from communityrules.engine.working_set import WorkingSet
from communityrules.stores.protocol import Entry, Store


class Handing:
    """One session of an engine with its store."""

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger
        #: What is up to here was logged by earlier sessions: there may be something for `before_new` of a community
        #: that has not reached it.
        self.opened = store.last_seq()
        #: Up to which log position a community's decisions have been handed out in this session, by `run`; or are
        #: about to be.
        self.reached: dict[str, int] = {}
        #: Timer decisions that `run` or `advance` is about to hand out.
        self._claimed: set[int] = set()

    def before_again(self, work: WorkingSet, found: Entry) -> list[Entry]:
        """What belongs right before an event that was judged before, as far as not handed out by this session."""
        reached = self.reached.get(work.community, 0)
        if found.seq <= reached:
            return []
        after = max(reached, found.previous)
        # Noted only once the store has answered: who is given the event again must get them then.
        timers = [] if found.seq - after <= 1 else self._timers(work.community, after, found.seq)
        self.reached[work.community] = found.seq
        return timers

    def before_new(self, work: WorkingSet) -> list[Entry]:
        """What earlier sessions logged after the community's last event."""
        community = work.community
        reached = self.reached.get(community)
        if reached is None:
            timers = self._claim(self._pending(community)) if self._ledger.pending else []
        elif reached >= self.opened:
            return []
        else:
            timers = self._timers(community, reached, self.opened + 1)
        self.reached[community] = self.opened
        return timers

    def left_over(self, until: int) -> list[Entry]:
        """What is to be handed out without an event, up to an instant."""
        found = {entry.seq: entry for entry in self._pending(None)}
        for community, reached in self.reached.items():
            if reached < self.opened:
                for entry in self._store.timer_entries(community, reached, self.opened + 1):
                    found[entry.seq] = entry
        return self._claim([found[seq] for seq in sorted(found) if found[seq].decision.time <= until])

    def claim(self, entry: Entry) -> None:
        """A timer decision has just been made and is about to be handed out."""
        self._claimed.add(entry.seq)

    def let_go(self, given: Iterable[object]) -> None:
        """Decisions are not going to be handed out after all."""
        for one in given:
            if isinstance(one, Entry):
                self._claimed.discard(one.seq)

    def handed_out(self, entry: Entry) -> None:
        """A timer decision has reached its host."""
        self._ledger.handed_out(entry.seq)
        self._claimed.discard(entry.seq)
        community = entry.decision.community
        if entry.seq > self.reached.get(community, entry.seq):
            self.reached[community] = entry.seq

    def _timers(self, community: str, after: int, before: int) -> list[Entry]:
        return self._claim(self._store.timer_entries(community, after, before))

    def _claim(self, entries: list[Entry]) -> list[Entry]:
        entries = [entry for entry in entries if entry.seq not in self._claimed]
        self._claimed.update(entry.seq for entry in entries)
        return entries

    def _pending(self, community: str | None) -> list[Entry]:
        positions = sorted(seq for seq, whose in self._ledger.pending.items() if community in (None, whose))
        entries = (self._store.entry(seq) for seq in positions)
        return [entry for entry in entries if entry is not None]
