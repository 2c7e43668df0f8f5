"""Measures without rules: hand-made plans over tiny events, and a naive answer to hold theirs against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from communityrules.checker.checked import Aggregate, CalendarWindow, Parameter, SlidingWindow
from communityrules.compiler.facts import GivenFacts
from communityrules.compiler.match import Observer, Tally
from communityrules.engine.spans import Span, span_of
from communityrules.engine.windows import WindowPlan, Windows
from communityrules.library.periods import periods
from communityrules.model.event import Event, Member
from communityrules.model.values import DAY, DURATION, HOUR, MINUTE, NUMBER, SECOND, instant
from communityrules.stores.protocol import Batch, CommunityChanges, Standing, Store

ZONE = "America/New_York"
UNIT_OF = periods(ZONE).bounds
NO_FACTS = GivenFacts()
#: The evening before clocks go forward in New York.
START = instant(datetime(2024, 3, 10, 3, tzinfo=UTC))
#: A length that changes: longer, much longer, then shorter than at first.
PARAMETERS = {
    "spell": Parameter(
        "spell",
        DURATION,
        ((None, 10 * SECOND), (START + MINUTE, 3 * HOUR), (START + 5 * HOUR, 1), (START + DAY, 20 * MINUTE)),
    )
}
COMMUNITY = "c"


@dataclass(frozen=True)
class Seen:
    """One event as the naive answer looks back on it."""

    time: int
    type: str
    key: str
    value: Any


def aggregate(
    function: Any,
    window: SlidingWindow | CalendarWindow | None,
    events: tuple[str, ...] = ("message",),
    limit: int | None = None,
) -> Aggregate:
    name = f"{function} {events} {window}"
    return Aggregate(function, events, None, (), None, window, NUMBER, limit, name, name)


def tally(event: Event, count: Tally, undo: Any) -> bool:
    """Feed a count as generated code does. False where that leaves it to the sink."""
    assert event.member is not None
    key = (event.member.id,)
    cell = count.cells.get(key)
    if cell is None:
        if event.time >= count.turn or key in count.older:
            return False
        count.cells[key] = event.time
        undo((key, None, count))
        return True
    if isinstance(cell, int) or not len(cell.stamps) & 15:
        return False
    cell.stamps.append(event.time)
    undo((key, cell, count))
    return True


def plan(*aggregates: Aggregate) -> WindowPlan:
    """Every event counts under its sender's id; its value is its own field `value`."""
    places: dict[str, dict[int, list[int]]] = {}
    for index, one in enumerate(aggregates):
        for stage, kind in enumerate(one.events):
            of_measure = places.setdefault(kind, {}).setdefault(index, [])
            of_measure.insert(0, stage if one.function == "sequence" else 0)

    def observer(fed: dict[int, list[int]]) -> Observer:
        def observe(event: Event, _facts: Any, sinks: Any, failed: Any, tallies: Any = None, undo: Any = None) -> None:
            assert event.member is not None
            key = (event.member.id,)
            for place, (index, stages, sink) in enumerate(zip(fed, fed.values(), sinks, strict=True)):
                try:
                    if (
                        tallies is None
                        or aggregates[index].function != "count"
                        or not tally(event, tallies[place], undo)
                    ):
                        sink(key, event.time, event.fields["value"], tuple(stages))
                except Exception as error:  # noqa: BLE001  # as generated code does
                    failed(index, error)

        return Observer(tuple(fed), ((observe, 0, len(fed)),))

    class Book:
        pass

    book: Any = Book()
    book.aggregates = aggregates
    book.parameters = PARAMETERS
    return WindowPlan(book, {kind: observer(fed) for kind, fed in places.items()}, UNIT_OF)


def event(seen: Seen) -> Event:
    return Event("e", seen.time, seen.type, COMMUNITY, Member(seen.key), fields={"value": seen.value})


class Bench:
    """The windows of one community, with or without a store behind them."""

    def __init__(self, measures: WindowPlan, store: Store | None = None) -> None:
        self.plan = measures
        self.store = store
        self.windows = self._windows(None)

    def _windows(self, store: Store | None) -> Windows:
        return Windows(self.plan, COMMUNITY, persistent=self.store is not None, store=store)

    def begin(self, seen: Seen) -> None:
        home = self.windows.home
        self.before = home.settled = home.clock
        home.clock = max(home.clock, seen.time)
        self.also(seen)

    def also(self, seen: Seen) -> None:
        """Something that the event at hand brings about."""
        told = event(seen)
        self.windows.observe(told, told.heard_as, NO_FACTS)

    def answers(self, key: str, time: int, closing: bool = False) -> list[Any]:
        return [self.windows.answer(index, (key,), time, closing) for index in range(len(self.plan.aggregates))]

    def settle(self) -> None:
        self.windows.settle()

    def roll_back(self) -> None:
        self.windows.roll_back()
        self.windows.home.clock = self.before

    def commit(self, reopen: bool) -> None:
        """Write to the store what has changed; with `reopen`, begin again with nothing at hand."""
        assert self.store is not None
        changes = CommunityChanges(Standing(self.windows.home.clock, 1, 1))
        changes.windows.extend(self.windows.changes())
        changes.stale.extend(self.windows.stale())
        self.store.commit(Batch({COMMUNITY: changes}))
        if reopen:
            clock = self.windows.home.clock
            self.windows = self._windows(self.store)
            self.windows.home.clock = clock


def naive(one: Aggregate, history: list[Seen], key: str, time: int, judged: Seen | None, closing: bool = False) -> Any:
    """The answer from the whole history, in order of arrival. `judged` is its last, or None for another's facts."""
    span: Span = span_of(one.window, UNIT_OF, PARAMETERS)
    first = span.start_closing(time) if closing else span.start(time)
    past = history[:-1] if judged is not None and one.function in ("last", "since") else history
    inside = [
        seen for seen in past
        if seen.key == key and seen.type in one.events and first <= seen.time
        and (seen.time < time if closing else seen.time <= time)
    ]  # fmt: skip
    # Equal instants stay in order of arrival.
    inside.sort(key=lambda seen: seen.time)
    values = [seen.value for seen in inside]
    if one.function == "count":
        return len(inside)
    if one.function == "distinct":
        return len(set(values))
    if one.function == "sum":
        return sum(values)
    if one.function == "average":
        return Fraction(sum(values)) / len(values) if values else None
    if one.function == "last":
        return values[-1] if values else None
    if one.function == "since":
        return time - inside[-1].time if inside else None
    place = 0
    for seen in inside:
        if place < len(one.events) and seen.type == one.events[place]:
            place += 1
    return place == len(one.events)


def capped(one: Aggregate, answer: Any) -> Any:
    """As far as rules can tell it apart."""
    return answer if one.limit is None or one.function not in ("count", "distinct") else min(answer, one.limit)


def seconds(number: float) -> int:
    return int(number * SECOND)
