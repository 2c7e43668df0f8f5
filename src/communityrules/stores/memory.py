"""A store that lives as long as the process."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from communityrules.stores.protocol import Batch, Entry, Part, Standing


class MemoryStore:
    """`memory:`. The engine's working set is the state; this keeps ids and decisions.

    Decisions are kept as long as their event ids are remembered, so that memory stays bounded.
    """

    resident = True

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}
        self._entries: dict[int, Entry] = {}
        self._seq = 0
        #: Community → event id → log position.
        self._ids: dict[str, dict[str, int]] = {}
        #: Community → (time, ordinal, id, log position) in order of arrival, for forgetting.
        self._arrivals: dict[str, deque[tuple[int, int, str, int]]] = {}
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
        return None if seq is None else self._entries[seq]

    def timer_entries(self, community: str, after: int, before: int | None) -> list[Entry]:
        seqs = self._timer_seqs.get(community, [])
        end = len(seqs) if before is None else bisect_left(seqs, before)
        return [self._entries[seq] for seq in seqs[bisect_right(seqs, after) : end]]

    def pending(self) -> list[int]:
        return list(self._pending)

    def entry(self, seq: int) -> Entry | None:
        return self._entries.get(seq)

    def log(self, after: int = 0) -> Iterator[Entry]:
        for seq in range(after + 1, self._seq + 1):
            entry = self._entries.get(seq)
            if entry is not None:
                yield entry

    def forget(self, community: str, before: int, ordinal: int) -> None:
        arrivals = self._arrivals.get(community)
        if not arrivals:
            return
        ids = self._ids[community]
        gone = 0
        while arrivals and (arrivals[0][0] < before or arrivals[0][1] <= ordinal):
            _, _, event, gone = arrivals.popleft()
            if ids.get(event) == gone:
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
            seq = entry.seq
            self._entries[seq] = entry
            self._seq = seq
            community = entry.decision.community
            if entry.event is None:
                self._timer_seqs.setdefault(community, []).append(seq)
                continue
            ids = self._ids.get(community)
            if ids is None:
                ids = self._ids[community] = {}
                self._arrivals[community] = deque()
            ids[entry.event] = seq
            self._arrivals[community].append((entry.decision.time, entry.ordinal, entry.event, seq))
        for seq in batch.pending:
            self._pending[seq] = None
        for seq in batch.handed:
            self._pending.pop(seq, None)

    def close(self) -> None:
        """Nothing to give back."""
