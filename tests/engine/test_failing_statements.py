"""Statements of a SQLite store fail or are interrupted, and one engine goes on over it: each event is judged once."""

from __future__ import annotations

import gc
import random
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from streams import BUSY, evaluator_of, lines, stream

from communityrules.engine.engine import Engine
from communityrules.stores import entries, journal, seen, strangers
from communityrules.stores.errors import StoreError

_EVALUATOR = evaluator_of(BUSY)


def _failure(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("no luck")
    error.sqlite_errorcode = code
    return error


class Connection(sqlite3.Connection):
    """Raises what it is told to before a statement; an interruption may come after one as well."""

    raises: ClassVar[Callable[[str], BaseException | None]] = lambda _: None

    def _ask(self, method: Callable[..., Any], statement: str, *rest: Any) -> Any:
        # Whether a transaction is given up is not what fails here.
        if statement != "ROLLBACK" and (error := Connection.raises(statement)) is not None:
            raise error
        found = method(statement, *rest)
        if not statement.startswith(("SELECT", "PRAGMA", "ROLLBACK")):
            error = Connection.raises(statement)
            if isinstance(error, KeyboardInterrupt):
                raise error
        return found

    def execute(self, *given: Any) -> Any:
        return self._ask(super().execute, *given)

    def executemany(self, *given: Any) -> Any:
        return self._ask(super().executemany, *given)


@pytest.fixture(autouse=True)
def _failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Connection))
    monkeypatch.setattr(Connection, "raises", lambda _: None)
    # What takes thousands of events otherwise.
    monkeypatch.setattr(journal, "_FEW", 10)
    monkeypatch.setattr(strangers, "_PATIENCE", 4)
    monkeypatch.setattr(entries, "_PATIENCE", 3)
    monkeypatch.setattr(entries, "_MANY", 3)
    monkeypatch.setattr(seen, "_FIRST", 4)


def _taken(engine: Engine, luck: random.Random, events: list[Any], into: dict[bytes, None]) -> None:
    """Give all events, some of them more than once, until each has been judged."""
    place = 0
    while place < len(events):
        some = events[place : place + luck.choice([1, 10])]
        again = luck.sample(events[: place + 1], min(place + 1, 2))
        try:
            for decision in engine.run([*again, *some]):
                into[lines([decision])[0]] = None
        except (StoreError, KeyboardInterrupt):
            continue
        place += len(some)


@pytest.mark.parametrize("seed", range(8))
def test_every_event_is_judged_once(seed: int, tmp_path: Path) -> None:
    luck = random.Random(seed)
    events = stream(120, seed, twice=False)
    wanted = lines(list(Engine(_EVALUATOR).run(events)))
    kinds: list[Callable[[], BaseException]] = [
        partial(_failure, sqlite3.SQLITE_IOERR),
        partial(_failure, sqlite3.SQLITE_BUSY),
        KeyboardInterrupt,
    ]
    kinds = luck.choice([kinds, kinds[:1], kinds[2:]])
    engine = Engine(_EVALUATOR, f"sqlite:///{tmp_path / 'f.db'}", batch=luck.choice([1, 5, 20]))
    Connection.raises = lambda _: luck.choice(kinds)() if luck.random() < 0.02 else None
    got: dict[bytes, None] = {}
    _taken(engine, luck, events, got)
    Connection.raises = lambda _: None
    engine.close()
    # Questions that were broken off hold the file as long as somebody holds them.
    gc.collect()
    with Engine(_EVALUATOR, f"sqlite:///{tmp_path / 'f.db'}") as again:
        assert sorted(lines(list(again.log()))) == sorted(wanted)
    assert set(got) <= set(wanted)


def test_a_file_that_cannot_be_read_either_after_a_failed_commit(tmp_path: Path) -> None:
    events = stream(60, 1, twice=False)
    wanted = lines(list(Engine(_EVALUATOR).run(events)))
    engine = Engine(_EVALUATOR, f"sqlite:///{tmp_path / 'f.db'}", batch=1)
    got = dict.fromkeys(lines(list(engine.run(events[:40]))))
    # The first stops the commit, the others whatever is asked of the file from then on.
    failing = iter([False, True])

    def broken(statement: str) -> BaseException | None:
        fails = statement.startswith("INSERT INTO journal") and next(failing, True)
        if fails:
            Connection.raises = lambda _: _failure(sqlite3.SQLITE_IOERR)
        return _failure(sqlite3.SQLITE_IOERR) if fails else None

    Connection.raises = broken
    for _ in range(2):
        with pytest.raises(StoreError):
            got.update(dict.fromkeys(lines(list(engine.run(events[40:])))))
    Connection.raises = lambda _: None
    got.update(dict.fromkeys(lines(list(engine.run(events[40:])))))
    assert sorted(lines(list(engine.log()))) == sorted(wanted)
    engine.close()
