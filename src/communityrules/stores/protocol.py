"""What a store promises.

A store keeps, for each community, its state (cells, windows, timers, clock) and the log: every event id with its
digest, and every decision in order. It knows nothing of rules; it is driven by one engine at a time.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from msgspec import Struct

from communityrules.model.decision import Decision
from communityrules.stores.seen import Seen

#: The number of a stored piece of a window cell, or the value that it is about as JSON.
Part = int | str


@dataclass(slots=True)
class Standing:
    """Where a community stands."""

    #: The latest instant that an event had or a timer fired at; microseconds since the epoch.
    clock: int
    #: How many events it has had.
    events: int
    #: The log position of its last event's decision, 0 when it has had none.
    last: int


# What is in these leads nowhere back: the garbage collector need not look through the thousands of a batch.


class Entry(Struct, frozen=True, gc=False):
    """One decision of the log."""

    #: Position in the log, from 1, without gaps.
    seq: int
    #: The event's id, or None for a timer's decision.
    event: str | None
    #: The digest of the event's body.
    digest: str
    #: The event's ordinal within its community, from 1; 0 for a timer's.
    ordinal: int
    #: The log position of the community's event before this one, 0 when there is none.
    previous: int
    decision: Decision
    #: Whether the decision is known to be plain (`is_plain`), and so need not be kept as a whole.
    plain: bool = False


def is_plain(decision: Decision) -> bool:
    """Whether a decision only allows an event, so that its envelope says all."""
    return (
        decision.verdict == "allow"
        and type(decision.event) is str
        and not (
            decision.outcomes or decision.sanctions or decision.duties or decision.cases or decision.notices
            or decision.points or decision.labels or decision.errors
        )
    )  # fmt: skip


class CellChange(Struct, frozen=True, gc=False):
    """A cell of state; `value` None removes it."""

    table: str
    key: str
    value: Any | None


class TimerChange(Struct, frozen=True, gc=False):
    """A timer; `due` None takes it back."""

    what: str
    key: str
    due: int | None


class WindowChanges(Struct):
    """Pieces of window cells of one measure, one at each place of the lists."""

    measure: str
    keys: list[str] = []
    parts: list[Part] = []
    #: The newest instant in each: when that has left the window, the piece may go.
    newest: list[int] = []
    #: None removes it.
    data: list[bytes | None] = []

    def add(self, key: str, part: Part, newest: int, data: bytes | None) -> None:
        """One more piece."""
        self.keys.append(key)
        self.parts.append(part)
        self.newest.append(newest)
        self.data.append(data)


class Stale(Struct, frozen=True):
    """Every piece of a measure whose newest instant is before the horizon may go."""

    measure: str
    horizon: int


@dataclass(slots=True)
class CommunityChanges:
    """What a batch changes in one community."""

    standing: Standing
    cells: list[CellChange] = field(default_factory=list)
    timers: list[TimerChange] = field(default_factory=list)
    windows: list[WindowChanges] = field(default_factory=list)
    stale: list[Stale] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """Everything that is committed together."""

    #: By community.
    changes: dict[str, CommunityChanges] = field(default_factory=dict)
    #: In the order of the log.
    entries: list[Entry] = field(default_factory=list)
    #: Log positions of timer decisions that are still to be handed out; and of those that now have been.
    pending: list[int] = field(default_factory=list)
    handed: list[int] = field(default_factory=list)
    #: Whether it must outlast a loss of power, not only the death of the process.
    lasting: bool = True


class Store(Protocol):
    """Where facts live.

    Every method may raise `stores.errors.StoreError`. After `commit` has raised, the store holds what it held before.
    """

    #: What it is called in messages.
    name: str
    #: Whether the engine's own working set lives as long as the store does. Such a store is never asked for cells,
    #: windows or timers, and is told only of standings, entries and hand-outs.
    resident: bool

    def last_seq(self) -> int:
        """The position of the newest entry of the log, 0 when it is empty."""

    def standing(self, community: str) -> Standing | None:
        """Where a community stands, or None for one without events."""

    def cell(self, community: str, table: str, key: str) -> Any | None:
        """The value of a cell, or None."""

    def cells(self, community: str, table: str, prefix: str) -> list[tuple[str, Any]]:
        """The cells whose key begins with a prefix, in order of key (code points)."""

    def timers(self, community: str) -> list[tuple[int, str, str]]:
        """Every timer of a community as `(due, what, key)`, in that order."""

    def due(self, until: int) -> list[str]:
        """The communities with a timer at or before an instant, in order of name."""

    def window(self, community: str, measure: str, key: str) -> list[tuple[Part, bytes]]:
        """The pieces of one window cell, numbered ones first, in order."""

    def window_keys(self, community: str, measure: str) -> list[str]:
        """The keys of a measure's window cells, in order (code points)."""

    def keep_measures(self, measures: Iterable[str]) -> None:
        """Drop the windows of all measures but these, in every community."""

    def find(self, community: str, event: str) -> Entry | None:
        """The newest entry of an event id."""

    def seen(self, community: str) -> Seen | None:
        """What tells most event ids that have no entry; None where that is not known. Good until a commit fails."""

    def timer_entries(self, community: str, after: int, before: int | None) -> list[Entry]:
        """A community's timer decisions at log positions in the open interval, in order."""

    def pending(self) -> list[int]:
        """Log positions of timer decisions that have not been handed out, in order."""

    def entry(self, seq: int) -> Entry | None:
        """One entry of the log."""

    def log(self, after: int = 0) -> Iterator[Entry]:
        """The entries of the log after a position, in order.

        A store in memory lets go of entries of events that are not remembered, and of one whose id came again.
        """

    def forget(self, community: str, before: int, ordinal: int) -> None:
        """Event ids with an earlier time, or an ordinal at or below this one, will not be asked for again."""

    def commit(self, batch: Batch) -> None:
        """Make all of a batch last, or nothing of it."""

    def close(self) -> None:
        """Give back what the store holds. It must not be used afterwards."""


class ResidentLog(Protocol):
    """The entries of one community in a store that lives as long as the process."""

    @property
    def events(self) -> Container[str]:
        """The ids of events that have an entry."""

    def keep(
        self, seq: int, event: str, digest: str, ordinal: int, previous: int, decision: Decision, plain: bool
    ) -> None:
        """Add the entry of an event. `plain` is `is_plain(decision)`."""


class ResidentStore(Store, Protocol):
    """A store that lives as long as the process, and so takes entries of events at once instead of in batches."""

    def log_of(self, community: str) -> ResidentLog:
        """The entries of a community, always by the same object."""
