"""A store that fails at any call: the caller gives everything again, and in the end all is as if nothing had failed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from streams import BUSY, START, evaluator_of, lines, stream

from communityrules.engine.engine import Engine
from communityrules.model.decision import Decision
from communityrules.model.values import DAY, instant
from communityrules.stores.errors import CANNOT_READ, StoreError
from communityrules.stores.sqlite import SqliteStore

EVALUATOR = evaluator_of(BUSY)
END = instant(START) + 40 * DAY


class Flaky:
    """Fails before some calls, as `fails` says of a method's name."""

    def __init__(self, inner: SqliteStore, fails: Callable[[str], bool]) -> None:
        self._inner = inner
        self.fails = fails

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            if self.fails(name):
                raise StoreError(CANNOT_READ, file="flaky", reason=name)
            return found(*given, **named)

        return call


def never(_: str) -> bool:
    return False


def insist(take: Callable[[], Iterable[Decision]], into: dict[bytes, None]) -> int:
    """Take decisions until nothing fails; how often something did."""
    for failed in range(1_000):
        try:
            for decision in take():
                into[lines([decision])[0]] = None
        except StoreError:
            continue
        return failed
    raise AssertionError("it never comes to an end")


@pytest.mark.parametrize("seed", range(4))
def test_run_until_it_works(tmp_path: Path, seed: int) -> None:
    events = stream(200, seed, twice=False)
    undisturbed = Engine(EVALUATOR)
    wanted = lines([*undisturbed.run(events), *undisturbed.advance(END)])
    luck = random.Random(seed)
    store = Flaky(SqliteStore(str(tmp_path / "f.db")), never)
    engine = Engine(EVALUATOR, store, batch=luck.choice([1, 5, 20]))
    store.fails = lambda _: luck.random() < 0.004
    got: dict[bytes, None] = {}
    failed = insist(lambda: engine.run(events), got) + insist(lambda: engine.advance(END), got)
    store.fails = never
    counts = engine.counts
    assert failed
    assert counts.read == counts.judged + counts.duplicate + counts.quarantined
    assert sorted(got) == sorted(wanted)
    assert sorted(lines(list(engine.log()))) == sorted(wanted)
    assert not list(engine.advance(END))
    engine.close()


def test_what_fails_after_a_commit_does_not_undo_it(tmp_path: Path) -> None:
    events = stream(40, 1, twice=False)
    store = Flaky(SqliteStore(str(tmp_path / "f.db")), lambda name: name == "forget")
    engine = Engine(EVALUATOR, store)
    with pytest.raises(StoreError):
        engine.judge(events[0])
    store.fails = never
    assert [one.event for one in engine.log()] == [events[0]["id"]]
    for event in events:
        engine.judge(event)
    assert engine.counts.duplicate == 1
    assert engine.counts.read == 40
    engine.close()


def test_what_is_known_of_ids_before_a_commit_is_not_believed_after_it(tmp_path: Path) -> None:
    events = stream(40, 1, twice=False)
    store = Flaky(SqliteStore(str(tmp_path / "f.db")), never)
    engine = Engine(EVALUATOR, store)
    first = engine.judge(events[0])
    assert engine._ledger.work(first.community).seen is not None
    store.fails = lambda name: name == "forget"
    with pytest.raises(StoreError):
        engine.judge({**events[0], "id": "anew"})
    store.fails = never
    assert engine._ledger.work(first.community).seen is None
    assert engine.judge({**events[0], "id": "anew"}).event == "anew"
    assert engine.counts.duplicate == 1
    engine.close()


def test_a_store_that_fails_twice_in_a_row(tmp_path: Path) -> None:
    """Nothing is asked of the store to undo what it did not take."""
    events = stream(120, 2, twice=False)
    undisturbed = Engine(EVALUATOR)
    wanted = lines([*undisturbed.run(events), *undisturbed.advance(END)])
    store = Flaky(SqliteStore(str(tmp_path / "f.db")), never)
    engine = Engine(EVALUATOR, store, batch=7)
    got: dict[bytes, None] = {}
    run = engine.run(events)
    for _ in range(40):
        got[lines([next(run)])[0]] = None
    store.fails = lambda name: name in ("commit", "entry")
    with pytest.raises(StoreError):
        list(run)
    store.fails = never
    insist(lambda: engine.run(events), got)
    insist(lambda: engine.advance(END), got)
    assert sorted(got) == sorted(wanted)
    engine.close()
