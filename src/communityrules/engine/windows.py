"""All windows of one community, and the plan of them that a rulebook makes.

Answers are exact for every event that is at most the measure's margin late (see `spans`). For one that came later
still they count what is kept: perhaps less than has happened, never more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from communityrules.checker.checked import Aggregate, Rulebook
from communityrules.compiler.facts import Facts
from communityrules.compiler.match import Observer, Sink
from communityrules.engine.backlog import OldestDuty, OpenDuties
from communityrules.engine.count import Count
from communityrules.engine.distinct import Distinct
from communityrules.engine.measures import REVOCABLE, Home, Key, Measure, Stages
from communityrules.engine.sequences import Sequence
from communityrules.engine.series import Average, Last, Since, Sum
from communityrules.engine.similar import Similar
from communityrules.engine.spans import Span, UnitOf, span_of
from communityrules.kernel import native, quick
from communityrules.library.entities import OPEN_DUTY
from communityrules.model.event import Event
from communityrules.model.values import Value
from communityrules.stores.errors import StoreError
from communityrules.stores.protocol import Stale, Store, WindowChanges

#: Every kind of measure by the name of its function.
MEASURES: Final[Mapping[str, type[Measure[Any]]]] = {
    "count": Count,
    "distinct": Distinct,
    "sum": Sum,
    "average": Average,
    "last": Last,
    "since": Since,
    "sequence": Sequence,
    "similar": Similar,
    "open_duties": OpenDuties,
    "oldest_duty": OldestDuty,
}

#: What one event was to one measure: the measure's id, the key, the instant, the value, the stages.
Fed = tuple[str, Key, int, Value, Stages]

#: What observes events of a type: the function, and what it is handed for each measure that it feeds.
_Part = tuple[Callable[..., None], tuple[Sink, ...], tuple[Count | None, ...]]
#: By event type: what observes, and whether counts may be fed without their sinks where nothing was done before: not
#: where a store must hear of it, or what is fed may be taken back. Last what feeds all of them at once in the kernel.
_Observing = tuple[bool, tuple[_Part, ...], object | None]
_NOTHING: Final[_Observing] = (False, (), None)
_KERNEL: Final = native("turning")


class WindowPlan:
    """What a rulebook measures and which events feed it. Shared by all communities."""

    def __init__(self, rulebook: Rulebook, observers: Mapping[str, Observer], unit_of: UnitOf) -> None:
        self.aggregates: tuple[Aggregate, ...] = rulebook.aggregates
        self.spans: tuple[Span, ...] = tuple(
            span_of(one.window, unit_of, rulebook.parameters) for one in rulebook.aggregates
        )
        #: By event type.
        self.observers = observers

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.aggregates)


@quick
class Windows:
    """The measures of one community."""

    __slots__ = ("_observing", "_persistent", "_undo", "_unread", "fed", "held", "home", "measures")

    def __init__(self, plan: WindowPlan, community: str, *, persistent: bool, store: Store | None) -> None:
        """`store`: where cells are that are not at hand; `persistent`: whether changes will be asked for."""
        self.home = Home(community, store)
        self._persistent = persistent
        self.measures: list[Measure[Any]] = []
        self._observing: dict[str, _Observing] = {}
        self._undo = self.home.tallied.append
        #: What could not be read of the event at hand.
        self._unread: dict[int, Exception] = {}
        #: The newest observed event in measures that leave the judged event out: not yet in them.
        self.held: list[tuple[Measure[Any], Key, int, Value, Stages]] = []
        #: What the newest event that can be revoked was to which measures.
        self.fed: list[Fed] = []
        self.follow(plan)

    def follow(self, plan: WindowPlan) -> None:
        """Measure what a plan says. Measures that were there already keep their history."""
        known = {one.aggregate.id: one for one in self.measures}
        made: list[Measure[Any]] = []
        for aggregate, span in zip(plan.aggregates, plan.spans, strict=True):
            measure = known.get(aggregate.id)
            if measure is None:
                measure = MEASURES[aggregate.function](aggregate, span, self.home, persistent=self._persistent)
            else:
                measure.follow(aggregate, span)
            made.append(measure)
        self.measures = made
        for index, measure in enumerate(made):
            if isinstance(measure, OpenDuties):
                measure.look_through(plan.observers[OPEN_DUTY], index)
        self._observing = {
            event_type: self._lined_up(event_type, observer) for event_type, observer in plan.observers.items()
        }

    def _lined_up(self, event_type: str, observer: Observer) -> _Observing:
        parts: list[_Part] = []
        for part, first, end in observer.parts:
            fed = [self.measures[index] for index in observer.indices[first:end]]
            sinks = tuple(self._sink(one, event_type) for one in fed)
            parts.append((part, sinks, tuple(one if isinstance(one, Count) else None for one in fed)))
        direct = not self._persistent and event_type not in REVOCABLE
        at_once = None
        if event_type not in REVOCABLE and observer.keys is not None and _KERNEL is not None:
            at_once = _KERNEL.fed(tuple(self.measures[index] for index in observer.indices), observer.keys)
        return direct, tuple(parts), at_once

    def _sink(self, measure: Measure[Any], event_type: str) -> Sink:
        if event_type in REVOCABLE:
            return partial(self._feed, measure)
        return partial(self._hold, measure) if measure.before_only else measure.observe

    # --- one event -----------------------------------------------------------------------------------------------

    def observe(self, event: Event, heard: str, facts: Facts) -> dict[int, Exception] | None:
        """Record an event. Measures for which it could not be read do not count it, and come back with the reason.

        `heard` is `event.heard_as`.
        """
        if self.held:
            self._release()
        direct, observing, _ = self._observing.get(heard, _NOTHING)
        home = self.home
        if direct and event.time == home.clock and not home.done and not home.tallied:
            for part, sinks, tallies in observing:
                part(event, facts, sinks, self._failed, tallies, self._undo)
        else:
            if heard in REVOCABLE:
                self.fed = []
            for part, sinks, _ in observing:
                part(event, facts, sinks, self._failed)
        if not self._unread:
            return None
        unread, self._unread = self._unread, {}
        return unread

    def _failed(self, index: int, error: Exception) -> None:
        # A host's function may raise anything, and harms one measure only; a store that does not answer harms all.
        if isinstance(error, StoreError):
            self._unread = {}
            raise error
        self._unread[index] = error

    def _feed(self, measure: Measure[Any], key: Key, time: int, value: Value, stages: Stages) -> None:
        self.fed.append((measure.aggregate.id, key, time, value, stages))
        if measure.before_only:
            self._hold(measure, key, time, value, stages)
        else:
            measure.observe(key, time, value, stages)

    def revoke(self, fed: Iterable[Fed]) -> None:
        """Forget an event of the past."""
        if self.held:
            self._release()
        known = {one.aggregate.id: one for one in self.measures}
        for measure, key, time, value, stages in fed:
            if measure in known:
                known[measure].revoke(key, time, value, stages)

    def _hold(self, measure: Measure[Any], key: Key, time: int, value: Value, stages: Stages) -> None:
        self.held.append((measure, key, time, value, stages))

    def answer(self, index: int, key: Key, time: int, closing: bool) -> Value:
        """The value of a measure as of an instant."""
        return self.measures[index].answer(key, time, closing)

    def settle(self) -> None:
        """The event at hand has been judged: what it did stays."""
        if self.held:
            self._release()
        done = self.home.done
        if self._persistent:
            for measure, key, cell, _ in done:
                if cell is not None:
                    measure.settle(key, cell)
        done.clear()
        self.home.tallied.clear()

    def roll_back(self) -> None:
        """The event at hand is not to have been."""
        self.held.clear()
        done = self.home.done
        while done:
            measure, key, cell, token = done.pop()
            if cell is not None:
                measure.undo(key, cell, token)
        # Counts that were fed without their sinks were fed before all that.
        tallied = self.home.tallied
        while tallied:
            key, cell, count = tallied.pop()
            if cell is None:
                count.forget(key)
            else:
                del cell.stamps[-1]

    def _release(self) -> None:
        held, self.held = self.held, []
        for measure, key, time, value, stages in held:
            measure.observe(key, time, value, stages)

    # --- stores ------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many cells are at hand."""
        return sum(len(one.cells) + len(one.older) for one in self.measures)

    def changes(self) -> Iterable[WindowChanges]:
        """What a store has not been told yet."""
        for measure in self.measures:
            found = measure.changes()
            if found is not None:
                yield found

    def stale(self) -> Iterable[Stale]:
        """What a store may let go of."""
        for measure in self.measures:
            found = measure.stale()
            if found is not None:
                yield found
