"""A store that lives as long as the process."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from struct import Struct
from typing import Any, Final

from communityrules.model.decision import Decision, RulebookRef
from communityrules.stores.protocol import Batch, Entry, Part, Standing

#: An entry whose decision only allows, nearly every one, in few bytes: to save memory, and the time of the garbage
#: collector, which looks through tuples. Position, ordinal, previous, time, number of the rulebook, late, digest.
_PLAIN: Final = Struct("<QQQqI?16s")
_pack: Final = _PLAIN.pack
_DIGEST: Final = 16


class Rulebooks:
    """The rulebooks that decided, by number: one decides nearly everything."""

    __slots__ = ("_numbers", "by_number", "last", "last_number", "seq")

    def __init__(self) -> None:
        self._numbers: dict[RulebookRef, int] = {}
        self.by_number: list[RulebookRef] = []
        #: The one that decided last, and its number.
        self.last: RulebookRef | None = None
        self.last_number = 0
        #: The position of the newest entry of all logs.
        self.seq = 0

    def number(self, rulebook: RulebookRef) -> int:
        number = self._numbers.get(rulebook)
        if number is None:
            number = self._numbers[rulebook] = len(self.by_number)
            self.by_number.append(rulebook)
        self.last, self.last_number = rulebook, number
        return number


class Log:
    """The entries of one community."""

    __slots__ = ("_shared", "events", "forgotten", "order", "timers")

    def __init__(self, shared: Rulebooks) -> None:
        self._shared = shared
        self.events: dict[str, Entry | bytes] = {}
        #: Event ids in order of arrival, and how many have been taken off the front.
        self.order: deque[str] = deque()
        self.forgotten = 0
        self.timers: dict[int, Entry] = {}

    def keep(
        self, seq: int, event: str, digest: str, ordinal: int, previous: int, decision: Decision, plain: bool
    ) -> None:
        shared = self._shared
        if plain and len(digest) == _DIGEST and digest.isascii():
            rulebook = decision.rulebook
            number = shared.last_number if rulebook is shared.last else shared.number(rulebook)
            written = digest.encode()
            self.events[event] = _pack(seq, ordinal, previous, decision.time, number, decision.late, written)
        else:
            self.events[event] = Entry(seq, event, digest, ordinal, previous, decision, plain)
        self.order.append(event)
        shared.seq = seq


class MemoryStore:
    """`memory:`. The engine's working set is the state; this keeps ids and decisions.

    Decisions are kept as long as their event ids are remembered, so that memory stays bounded.
    """

    name = "memory:"
    resident = True

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}
        self._logs: dict[str, Log] = {}
        self._shared = Rulebooks()
        self._pending: dict[int, str] = {}

    def last_seq(self) -> int:
        return self._shared.seq

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

    def window_keys(self, community: str, measure: str) -> list[str]:  # noqa: ARG002
        return []

    def keep_measures(self, measures: Iterable[str]) -> None:
        """Windows live in the engine."""

    # --- the log -----------------------------------------------------------------------------------------------

    def find(self, community: str, event: str) -> Entry | None:
        log = self._logs.get(community)
        if log is None:
            return None
        found = log.events.get(event)
        return None if found is None else self._whole(community, event, found)

    def seen(self, community: str) -> None:  # noqa: ARG002  # all entries are at hand
        return None

    def timer_entries(self, community: str, after: int, before: int | None) -> list[Entry]:
        log = self._logs.get(community)
        if log is None:
            return []
        seqs = list(log.timers)
        end = len(seqs) if before is None else bisect_left(seqs, before)
        return [log.timers[seq] for seq in seqs[bisect_right(seqs, after) : end]]

    def pending(self) -> list[int]:
        return list(self._pending)

    def entry(self, seq: int) -> Entry | None:
        community = self._pending.get(seq)
        if community is not None:
            return self._logs[community].timers.get(seq)
        return next((one for one in self.log(seq - 1) if one.seq == seq), None)

    def log(self, after: int = 0) -> Iterator[Entry]:
        found: list[Entry] = []
        for community, log in self._logs.items():
            for event, stored in log.events.items():
                entry = self._whole(community, event, stored)
                if entry.seq > after:
                    found.append(entry)
            found.extend(one for seq, one in log.timers.items() if seq > after)
        return iter(sorted(found, key=lambda one: one.seq))

    def forget(self, community: str, before: int, ordinal: int) -> None:
        log = self._logs.get(community)
        if log is None:
            return
        gone = 0
        while log.order:
            event = log.order[0]
            found = log.events.get(event)
            entry = None if found is None else self._whole(community, event, found)
            # An id that was forgotten and came again stands further back as well.
            if entry is not None and entry.ordinal == log.forgotten + 1:
                if entry.decision.time >= before and entry.ordinal > ordinal:
                    break
                gone = entry.seq
                del log.events[event]
            log.order.popleft()
            log.forgotten += 1
        if gone:
            for seq in [seq for seq in log.timers if seq < gone and seq not in self._pending]:
                del log.timers[seq]

    def _whole(self, community: str, event: str, stored: Entry | bytes) -> Entry:
        if isinstance(stored, Entry):
            return stored
        seq, ordinal, previous, time, rulebook, late, digest = _PLAIN.unpack(stored)
        decision = Decision(event, time, community, self._shared.by_number[rulebook], "allow", late=late)
        return Entry(seq, event, digest.decode(), ordinal, previous, decision, True)

    # --- writing ---------------------------------------------------------------------------------------------

    def log_of(self, community: str) -> Log:
        log = self._logs.get(community)
        if log is None:
            log = self._logs[community] = Log(self._shared)
        return log

    def commit(self, batch: Batch) -> None:
        for community, changes in batch.changes.items():
            self._standings[community] = changes.standing
        pending = set(batch.pending)
        for entry in batch.entries:
            seq, event, decision = entry.seq, entry.event, entry.decision
            if event is not None:
                log = self.log_of(decision.community)
                log.keep(seq, event, entry.digest, entry.ordinal, entry.previous, decision, entry.plain)
                continue
            self.log_of(decision.community).timers[seq] = entry
            if seq in pending:
                self._pending[seq] = decision.community
            self._shared.seq = seq
        for seq in batch.handed:
            self._pending.pop(seq, None)

    def close(self) -> None:
        """Nothing to give back."""
