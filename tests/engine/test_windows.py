"""Windows against the naive answer from the whole history."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring import PARAMETERS, START, Bench, Seen, aggregate, capped, event, naive, plan, seconds

from communityrules.checker.checked import CalendarWindow, ParameterRef, SlidingWindow
from communityrules.compiler.match import Observer
from communityrules.engine.spans import span_of
from communityrules.model.event import Event
from communityrules.model.values import DAY, DURATION, HOUR, MINUTE, SECOND, instant
from communityrules.stores.sqlite import SqliteStore

TEN = SlidingWindow(10 * SECOND)
LONG = SlidingWindow(3 * HOUR)
SAID = SlidingWindow(ParameterRef("spell", DURATION))
TODAY = CalendarWindow("day")
MEASURES = (
    aggregate("count", TEN, limit=3),
    aggregate("count", LONG),
    aggregate("count", TODAY, limit=5),
    aggregate("count", CalendarWindow("hour")),
    aggregate("count", SAID, limit=3),
    aggregate("distinct", SAID),
    aggregate("average", SAID),
    aggregate("sequence", SAID, events=("join", "message")),
    aggregate("distinct", TEN),
    aggregate("distinct", LONG, limit=3),
    aggregate("distinct", TODAY),
    aggregate("sum", LONG),
    aggregate("sum", TODAY),
    aggregate("average", TEN),
    aggregate("last", None),
    aggregate("last", TEN),
    aggregate("since", None, events=("join",)),
    aggregate("since", LONG),
    aggregate("sequence", LONG, events=("join", "message")),
    aggregate("sequence", TEN, events=("message", "message", "join")),
)
# Events in these tests are at most as late as every measure promises to be exact for.
assert all(span_of(one.window, lambda _unit, _time: (0, 1), PARAMETERS).margin >= MINUTE for one in MEASURES)

VALUES = st.sampled_from([1, 2, 3, Decimal("0.5"), Decimal("2.50"), -4])
GAPS = st.sampled_from(
    [0, 1, seconds(0.5), seconds(3), seconds(10), seconds(11), MINUTE, 20 * MINUTE, 2 * HOUR, 9 * HOUR]
)
LATE = st.sampled_from([0, 0, 0, 0, seconds(1), seconds(10), seconds(40), MINUTE])
STEPS = st.lists(
    st.tuples(
        GAPS, LATE, st.sampled_from(["message", "message", "join"]), st.sampled_from("ab"), VALUES, st.integers(0, 9)
    ),
    max_size=60,
)  # fmt: skip


def check(bench: Bench, history: list[Seen], judged: Seen) -> None:
    for key in "ab":
        got = bench.answers(key, judged.time)
        for one, answer in zip(MEASURES, got, strict=True):
            expected = naive(one, history, key, judged.time, judged if judged.type in one.events else None)
            assert capped(one, answer) == capped(one, expected), (one.what, key, judged, history)


def walk(bench: Bench, steps: list[Any], store: bool) -> None:
    history: list[Seen] = []
    clock = START
    for gap, late, kind, key, value, luck in steps:
        clock += gap
        seen = Seen(clock - late, kind, key, value)
        if luck == 0:
            # An event that is taken back leaves nothing behind.
            bench.begin(Seen(seen.time + DAY, kind, key, 77))
            bench.also(Seen(seen.time, kind, key, 78))
            bench.roll_back()
            bench.windows.home.clock = bench.before = max((one.time for one in history), default=0)
        bench.begin(seen)
        history.append(seen)
        check(bench, history, seen)
        bench.settle()
        check_after(bench, history, seen.time)
        if store and luck in (1, 2, 3):
            bench.commit(reopen=luck == 1)


def check_after(bench: Bench, history: list[Seen], time: int) -> None:
    for key in "ab":
        for closing in (False, True):
            got = bench.answers(key, time, closing)
            for one, answer in zip(MEASURES, got, strict=True):
                expected = naive(one, history, key, time, None, closing)
                assert capped(one, answer) == capped(one, expected), (one.what, key, time, closing, history)


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_windows_equal_the_naive_answer(steps: list[Any]) -> None:
    walk(Bench(plan(*MEASURES)), steps, store=False)


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_windows_in_a_store_equal_the_naive_answer(tmp_path_factory: pytest.TempPathFactory, steps: list[Any]) -> None:
    store = SqliteStore(str(tmp_path_factory.mktemp("windows") / "w.db"))
    try:
        walk(Bench(plan(*MEASURES), store), steps, store=True)
    finally:
        store.close()


def test_long_histories_in_pieces(tmp_path: Path) -> None:
    """Thousands of entries in one cell: pieces are dropped and written at the end, late ones in the middle."""
    luck = random.Random(7)
    measures = (aggregate("count", LONG), aggregate("distinct", LONG), aggregate("sum", LONG), aggregate("last", None))
    store = SqliteStore(str(tmp_path / "long.db"))
    bench = Bench(plan(*measures), store)
    history: list[Seen] = []
    clock = START
    for number in range(6_000):
        clock += luck.choice([0, SECOND, 9 * SECOND])
        late = luck.choice([0] * 20 + [seconds(5), MINUTE])
        seen = Seen(clock - late, "message", "a", luck.randrange(40))
        bench.begin(seen)
        history.append(seen)
        if number % 97 == 0:
            for one, answer in zip(measures, bench.answers("a", seen.time), strict=True):
                assert answer == naive(one, history, "a", seen.time, seen), one.what
        bench.settle()
        if number % 300 == 0:
            bench.commit(reopen=luck.random() < 0.3)
    bench.commit(reopen=True)
    (rows,) = store._db.execute("SELECT count(*) FROM piece").fetchone()
    assert rows < 70
    store.close()


def test_an_event_later_than_the_margin_sees_no_more_than_happened() -> None:
    bench = Bench(plan(*MEASURES))
    history: list[Seen] = []
    luck = random.Random(3)
    for number in range(400):
        late = luck.choice([0, 0, 0, HOUR, 5 * HOUR, 3 * DAY])
        seen = Seen(START + number * MINUTE - late, "message", luck.choice("ab"), 1)
        bench.begin(seen)
        history.append(seen)
        for one, answer in zip(MEASURES, bench.answers(seen.key, seen.time), strict=True):
            expected = naive(one, history, seen.key, seen.time, seen)
            if one.function in ("count", "distinct", "sum"):
                least = 1 if seen.type in one.events else 0
                assert least <= capped(one, answer) <= capped(one, expected), (one.what, seen)
        bench.settle()


def test_the_edges_of_windows() -> None:
    """An age of exactly the length is inside; the instant at which a unit begins belongs to it."""
    bench = Bench(plan(aggregate("count", TEN), aggregate("count", TODAY)))
    midnight = instant(datetime(2024, 3, 10, 5, tzinfo=UTC))
    for time, expected in [
        (midnight - 10 * SECOND, [1, 1]),
        (midnight - 1, [2, 2]),
        (midnight, [3, 1]),
        (midnight + 1, [3, 2]),
    ]:
        seen = Seen(time, "message", "a", 1)
        bench.begin(seen)
        assert bench.answers("a", time) == expected
        bench.settle()
    # The day on which clocks go forward has 23 hours.
    assert bench.answers("a", midnight + 23 * HOUR - 1)[1] == 2
    assert bench.answers("a", midnight + 23 * HOUR)[1] == 0
    assert bench.answers("a", midnight + 23 * HOUR, closing=True)[1] == 2
    assert bench.answers("a", midnight, closing=True) == [2, 2]


def test_memory_stays_flat() -> None:
    """New keys for ever, each left behind: what is at hand is bounded by what the windows can hold."""
    bench = Bench(plan(aggregate("count", TEN, limit=3), aggregate("distinct", TEN, limit=3), aggregate("sum", TEN)))
    most = 0
    for number in range(50_000):
        bench.begin(Seen(START + number * SECOND, "message", f"m{number}", number))
        bench.settle()
        most = max(most, bench.windows.size)
    # A minute's margin and ten seconds at one event a second, three measures, twice for patience.
    assert most < 3 * 2 * 140


def test_a_busy_key_keeps_what_the_limit_can_tell() -> None:
    bench = Bench(plan(aggregate("count", SlidingWindow(30 * DAY), limit=5)))
    for number in range(20_000):
        bench.begin(Seen(START + number * MINUTE, "message", "a", number))
        assert bench.answers("a", START + number * MINUTE)[0] >= min(number + 1, 5)
        bench.settle()
    (cell,) = bench.windows.measures[0].cells.values()
    assert len(cell.stamps) < 100


@pytest.mark.parametrize("function", ["count", "distinct", "sum", "last", "sequence", "similar"])
def test_a_key_that_is_busy_for_ever_keeps_no_more_than_its_window(function: str) -> None:
    """Nor any note for a store that there is not of what has left it."""
    bench = Bench(plan(aggregate(function, LONG)))
    sizes = []
    for number in range(6_000):
        value = ("so it was said", number) if function == "similar" else number
        bench.begin(Seen(START + number * 20 * SECOND, "message", "a", value))
        bench.settle()
        if number >= 3_000:
            (cell,) = bench.windows.measures[0].cells.values()
            parts = [getattr(cell, name) for one in type(cell).__mro__ for name in getattr(one, "__slots__", ())]
            sizes.append(sum(len(part) for part in parts if hasattr(part, "__len__")))
            assert not cell._gone
    half = len(sizes) // 2
    assert max(sizes[half:]) <= max(sizes[:half]) + 16


def test_unchanged_measures_keep_their_history() -> None:
    count, distinct = aggregate("count", LONG, limit=3), aggregate("distinct", LONG)
    bench = Bench(plan(count))
    for number in range(3):
        bench.begin(Seen(START + number, "message", "a", number))
        bench.settle()
    bench.plan = plan(distinct, aggregate("count", LONG, limit=9))
    bench.windows.follow(bench.plan)
    assert bench.answers("a", START + 5) == [0, 3]


def test_what_cannot_be_read_is_not_counted_and_harms_nothing_else() -> None:
    measures = plan(aggregate("count", TEN), aggregate("sum", TEN))
    bench = Bench(measures)

    def broken(_one: Event, _facts: Any, _sinks: Any, failed: Any, *_: Any) -> Any:
        failed(1, ZeroDivisionError("a host's function"))

    sound = plan(aggregate("count", TEN)).observers["message"].parts[0][0]
    measures.observers = {"message": Observer((0, 1), ((sound, 0, 1), (broken, 1, 2)))}
    bench.windows.follow(measures)
    failures = bench.windows.observe(event(Seen(START, "message", "a", 1)), "message", None)
    assert failures is not None
    assert {index: str(error) for index, error in failures.items()} == {1: "a host's function"}
    assert bench.answers("a", START) == [1, 0]


def test_a_cell_that_comes_back_is_not_forgotten_while_it_does() -> None:
    bench = Bench(plan(aggregate("count", LONG), aggregate("distinct", LONG)))
    time = START
    for visit in range(150):
        # Long enough apart to have left the window each time, sixteen at a time, so that cells are looked through.
        time += 400 * DAY
        for number in range(16):
            bench.begin(Seen(time + number, "message", "a", number))
            bench.settle()
        assert bench.answers("a", time + 15) == [16, 16], visit
        bench.begin(Seen(time + 16, "message", "a", 99))
        bench.settle()
        assert bench.answers("a", time + 16) == [17, 17], visit
