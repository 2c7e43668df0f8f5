"""What leaves a window before it is committed never reaches the store; what reached it is taken out again."""

from __future__ import annotations

import random
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from streams import START, evaluator_of, lines

from communityrules.engine.engine import Engine

BOOK = """
rulebook "Windows"
  timezone UTC
  language en

rule 1
  must not
  on message
  if count(message by member and message.text within 10 seconds) >= 2
  then flag

rule 2
  must not
  on message
  if distinct(message.text by member within 20 seconds) >= 3
  then flag
"""


def messages(count: int, seed: int) -> list[dict[str, Any]]:
    luck = random.Random(seed)
    time = START
    made = []
    for number in range(count):
        time += timedelta(seconds=luck.choice([0, 0, 1, 1, 2, 30]))
        made.append(
            {
                "id": f"m{number}",
                "ts": time.isoformat(),
                "community": "c",
                "author": luck.choice("abcdefgh"),
                "type": "message",
                "text": luck.choice(["one", "two", "three", f"words {number}"]),
            }
        )
    return made


def stored(path: Path) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(path)
    try:
        return db.execute("SELECT DISTINCT text, key FROM piece JOIN name ON number=measure ORDER BY 1, 2").fetchall()
    finally:
        db.close()


def test_groups_of_any_size_leave_little_in_the_store(tmp_path: Path) -> None:
    events = messages(1500, 4)
    evaluator = evaluator_of(BOOK)
    told: list[list[bytes]] = []
    left: list[list[tuple[Any, ...]]] = []
    for batch in (1, 7, 100, 10_000):
        path = tmp_path / f"{batch}.db"
        with Engine(evaluator, f"sqlite:///{path}", batch=batch) as engine:
            told.append(lines(engine.run(events)))
        left.append(stored(path))
    assert all(one == told[0] for one in told)
    assert any(b'"flag"' in line for line in told[0])
    # Of some eight hundred keys those of two windows and of how late an event may be.
    assert all(len(one) < 200 for one in left), [len(one) for one in left]


def test_what_was_swept_and_comes_back_counts_from_the_store_too(tmp_path: Path) -> None:
    events = messages(1200, 5)
    evaluator = evaluator_of(BOOK)
    with Engine(evaluator) as engine:
        expected = lines(engine.run(events))
    found = []
    for start in range(0, len(events), 90):
        with Engine(evaluator, f"sqlite:///{tmp_path}/parts.db", batch=40) as engine:
            found += lines(engine.run(events[start : start + 90]))
    assert found == expected
