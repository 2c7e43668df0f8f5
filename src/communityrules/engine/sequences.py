"""Whether events of several types came in an order."""

from __future__ import annotations

from bisect import bisect_left

from communityrules.checker.checked import Aggregate
from communityrules.engine.history import Notes
from communityrules.engine.measures import Home, Ignored, Key, Measure, Stages
from communityrules.engine.spans import NEVER, Span
from communityrules.model.values import Value
from communityrules.stores.codec import read_values, write_values
from communityrules.stores.protocol import Part, WindowChanges

#: For each stage, the latest instant at which a chain of events up to that stage began.
Chains = list[int]


class Steps(Notes):
    """Of late: each event with its stage. `before` is what had come together before those, `now` with them."""

    __slots__ = ("before", "now", "top")

    def __init__(self, stages: int) -> None:
        super().__init__()
        self.before: Chains = [NEVER] * stages
        self.now: Chains = [NEVER] * stages
        self.top = NEVER

    def follow(self) -> None:
        """Work out `now` anew."""
        self.now = self.until(len(self.stamps))

    def until(self, end: int) -> Chains:
        """What has come together with the first `end` events of late."""
        chains = list(self.before)
        for place in range(end):
            _step(chains, self.stamps[place], self.notes[place])
        return chains

    def clear(self) -> None:
        super().clear()
        self.before = [NEVER] * len(self.before)
        self.now = list(self.before)
        self.top = NEVER

    def drop(self, count: int) -> int:
        stamps, notes = self.stamps[:count], self.notes[:count]
        count = super().drop(count)
        for place in range(count):
            _step(self.before, stamps[place], notes[place])
        return count


def _step(chains: Chains, time: int, stages: Stages) -> None:
    # `stages` fall: from the end, so that one event does not stand at two places of one chain.
    for stage in stages:
        start = time if stage == 0 else chains[stage - 1]
        if start > chains[stage]:
            chains[stage] = start


class Sequence(Measure[Steps]):
    """Whether events of the types came in that order, the judged one included."""

    def __init__(self, aggregate: Aggregate, span: Span, home: Home, *, persistent: bool) -> None:
        super().__init__(aggregate, span, home, persistent=persistent)
        self._stages = len(aggregate.events)

    def new_cell(self) -> Steps:
        return Steps(self._stages)

    def observe(self, key: Key, time: int, value: Value, stages: Stages) -> None:
        home = self.home
        if time < home.clock - self.span.margin:
            # What it would have to be put between is no longer told apart.
            home.done.append((self, key, None, Ignored(value)))
            return
        super().observe(key, time, value, stages)

    def put(self, cell: Steps, time: int, value: Value, stages: Stages) -> int | None:  # noqa: ARG002  # only the type counts
        place = cell.add_note(time, stages)
        if place is None:
            _step(cell.now, time, stages)
            cell.top = time
        else:
            cell.follow()
        return place

    def take_back(self, cell: Steps, token: int | None) -> None:
        cell.remove(len(cell.stamps) - 1 if token is None else token)
        cell.follow()

    def take_out(self, cell: Steps, time: int, value: Value, stages: Stages) -> bool:  # noqa: ARG002  # only the type counts
        place = cell.place_of_note(time, stages)
        if place is None:
            return False
        cell.remove(place)
        cell.follow()
        return True

    def read(self, cell: Steps, first: int, time: int, closing: bool) -> bool:
        if time >= cell.top and not closing:
            return cell.now[-1] >= first
        end = bisect_left(cell.stamps, time if closing else time + 1)
        return cell.until(end)[-1] >= first

    def nothing(self) -> bool:
        return False

    def alone(self, value: Value) -> bool:  # noqa: ARG002  # one event is no sequence
        return False

    def trim(self, cell: Steps, horizon: int, settled: int) -> None:  # noqa: ARG002  # chains hold what is older
        count = bisect_left(cell.stamps, settled)
        if count > 0:
            cell.drop(count)

    # --- stores ------------------------------------------------------------------------------------------------

    def cell_changes(self, cell: Steps, key: str, into: WindowChanges) -> None:
        cell.changes(key, into)
        data = None if cell.top == NEVER else write_values((cell.before, cell.top))
        into.add(key, "before", cell.top, data)

    def fill(self, cell: Steps, pieces: list[tuple[Part, bytes]]) -> None:
        cell.load(pieces)
        for part, data in pieces:
            if part == "before":
                before, cell.top = read_values(data)
                cell.before = list(before)
        cell.follow()
