"""A store that lives as long as the process."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from communityrules.model.decision import Decision, RulebookRef
from communityrules.stores.protocol import Batch, Entry, Part, Standing, is_plain

#: Event, digest, ordinal, previous, time, community, number of the rulebook, late.
_Plain = tuple[str, str, int, int, int, str, int, bool]


class MemoryStore:
    """`memory:`. The engine's working set is the state; this keeps ids and decisions.

    Decisions are kept as long as their event ids are remembered, so that memory stays bounded.
    """

    resident = True

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}
        #: By log position. What only allows, nearly everything, stands as a tuple of plain values, to save memory and
        #: the garbage collector's time.
        self._entries: dict[int, Entry | _Plain] = {}
        self._rulebooks: dict[RulebookRef, int] = {}
        self._by_number: list[RulebookRef] = []
        self._seq = 0
        #: Community → event id → log position.
        self._ids: dict[str, dict[str, int]] = {}
        #: Community → log positions in order of arrival, for forgetting.
        self._arrivals: dict[str, deque[int]] = {}
        #: Community → log positions of its timers' decisions.
        self._timer_seqs: dict[str, list[int]] = {}
        self._pending: dict[int, None] = {}

    def last_seq(self) -> int:
        return self._seq

    def standing(self, community: str) -> Standing | None:
        return self._standings.get(community)

    def cell(self, community: str, table: str, key: str) -> Any | None:  # noqa: ARG002  # the protocol's
        return None

    def cells(self, community: str, table: str, prefix: str) -> list[tuple[str, Any]]:  # noqa: ARG002
        return []

    def timers(self, community: str) -> list[tuple[int, str, str]]:  # noqa: ARG002
        return []

    def due(self, until: int) -> list[str]:  # noqa: ARG002
        return []

    def window(self, community: str, measure: str, key: str) -> list[tuple[Part, bytes]]:  # noqa: ARG002
        return []

    def keep_measures(self, measures: Iterable[str]) -> None:
        """Windows live in the engine."""

    def find(self, community: str, event: str) -> Entry | None:
        ids = self._ids.get(community)
        if ids is None:
            return None
        seq = ids.get(event)
        return None if seq is None else self.entry(seq)

    def timer_entries(self, community: str, after: int, before: int | None) -> list[Entry]:
        seqs = self._timer_seqs.get(community, [])
        end = len(seqs) if before is None else bisect_left(seqs, before)
        found = (self.entry(seq) for seq in seqs[bisect_right(seqs, after) : end])
        return [entry for entry in found if entry is not None]

    def pending(self) -> list[int]:
        return list(self._pending)

    def entry(self, seq: int) -> Entry | None:
        found = self._entries.get(seq)
        if found is None or isinstance(found, Entry):
            return found
        event, digest, ordinal, previous, time, community, rulebook, late = found
        decision = Decision(event, time, community, self._by_number[rulebook], "allow", late=late)
        return Entry(seq, event, digest, ordinal, previous, decision)

    def log(self, after: int = 0) -> Iterator[Entry]:
        for seq in range(after + 1, self._seq + 1):
            entry = self.entry(seq)
            if entry is not None:
                yield entry

    def forget(self, community: str, before: int, ordinal: int) -> None:
        arrivals = self._arrivals.get(community)
        if not arrivals:
            return
        ids = self._ids[community]
        gone = 0
        while arrivals:
            found = self._entries[arrivals[0]]
            event, arrived, time = (
                (found.event, found.ordinal, found.decision.time)
                if isinstance(found, Entry)
                else (found[0], found[2], found[4])
            )
            if time >= before and arrived > ordinal:
                break
            gone = arrivals.popleft()
            if event is not None and ids.get(event) == gone:
                del ids[event]
            del self._entries[gone]
        seqs = self._timer_seqs.get(community)
        if seqs and seqs[0] < gone:
            count = bisect_left(seqs, gone)
            for seq in seqs[:count]:
                if seq not in self._pending:
                    self._entries.pop(seq, None)
            self._timer_seqs[community] = [seq for seq in seqs[:count] if seq in self._pending] + seqs[count:]

    def commit(self, batch: Batch) -> None:
        for community, changes in batch.changes.items():
            self._standings[community] = changes.standing
        for entry in batch.entries:
            seq = self._seq = entry.seq
            decision = entry.decision
            event = entry.event
            if event is not None and is_plain(decision):
                _, _, digest, ordinal, previous, _ = entry
                rulebook = self._rulebooks.get(decision.rulebook)
                if rulebook is None:
                    rulebook = self._rulebooks[decision.rulebook] = len(self._by_number)
                    self._by_number.append(decision.rulebook)
                self._entries[seq] = (
                    event, digest, ordinal, previous, decision.time, decision.community, rulebook, decision.late
                )  # fmt: skip
            else:
                self._entries[seq] = entry
            community = decision.community
            if event is None:
                self._timer_seqs.setdefault(community, []).append(seq)
                continue
            ids = self._ids.get(community)
            if ids is None:
                ids = self._ids[community] = {}
                self._arrivals[community] = deque()
            ids[event] = seq
            self._arrivals[community].append(seq)
        for seq in batch.pending:
            self._pending[seq] = None
        for seq in batch.handed:
            self._pending.pop(seq, None)

    def close(self) -> None:
        """Nothing to give back."""
