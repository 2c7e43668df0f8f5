"""The kernel takes turns exactly as Python does."""

from __future__ import annotations

import gc
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from turns import story

from communityrules import Engine, loads
from communityrules.kernel import native

TABLES = ("community", "timer", "piece", "entry", "pack", "pending")


def tables(path: Path) -> dict[str, list[Any]]:
    """All that a closed store holds. Fields of a cell stand in any order."""
    with closing(sqlite3.connect(path)) as db:
        found: dict[str, list[Any]] = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        found["cell"] = [(*key, orjson.loads(value)) for *key, value in db.execute("SELECT * FROM cell")]
        return found


@pytest.mark.skipif(native("turning") is None, reason="the kernel was not built, or is not wanted")
@pytest.mark.parametrize("store", ["memory:", "sqlite:///{folder}/{side}{{}}.db"])
def test_with_the_kernel_all_comes_to_the_same_as_without(store: str, tmp_path: Path) -> None:
    seeds = [str(seed) for seed in range(int(os.environ.get("COMMUNITYRULES_KERNEL_SEEDS", "4")))]
    script = Path(__file__).with_name("turns.py")
    without = subprocess.run(
        [sys.executable, str(script), store.format(folder=tmp_path, side="without"), *seeds],
        env={**os.environ, "COMMUNITYRULES_KERNEL": "off"},
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    mine = store.format(folder=tmp_path, side="with")
    told = [line for seed in seeds for line in story(int(seed), mine.format(seed))]
    assert sum(line.startswith("refused CR852") for line in told) > 10 * len(seeds)
    assert "\n".join(told) + "\n" == without.stdout
    for seed in seeds if not store.startswith("memory:") else ():
        here, there = (tables(tmp_path / f"{side}{seed}.db") for side in ("with", "without"))
        assert here["piece"]
        assert here == there


@pytest.mark.skipif(native("turning") is None, reason="the kernel was not built, or is not wanted")
def test_what_is_said_of_members_is_nothing_for_the_collector_to_look_through() -> None:
    head = 'rulebook "Ranks"\n  timezone UTC\n\nmember (rank: text, days: number)\n\n'
    with Engine(loads(head + "rule 1\n  must not\n  on message\n  if member.days < 3\n  then flag\n")) as engine:
        for number in range(3):
            member = {"id": "amy", "rank": "guest", "days": 5 + number}
            time = f"2024-10-08T12:00:0{number}Z"
            said = {"id": f"e{number}", "time": time, "type": "message", "community": "c", "text": "hello"}
            engine.judge({**said, "member": member})
        known = engine._judging("c").work.get("member", "amy")
    assert known is not None
    assert known["fields"] == {"rank": "guest", "days": 7}
    assert not gc.is_tracked(known)
