"""Counts let go of the same instants, at the same events, whether the kernel or Python feeds them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from communityrules import Engine, loads
from communityrules.engine.history import PIECE
from communityrules.kernel import native
from communityrules.model.event import Event, Member
from communityrules.model.values import DAY, HOUR, MINUTE, SECOND

pytestmark = pytest.mark.skipif(native("turning") is None, reason="the kernel was not built, or is not wanted")

_RULE = """
rule {number}
  must not
  on join
  if {asked}
  then flag
"""
BOOK = """rulebook "Windows of every kind"
  timezone Europe/Berlin

parameter span = 2 hours, 5 hours from 2026-06-03
""" + "".join(
    _RULE.format(number=number, asked=asked)
    for number, asked in enumerate(
        (
            "count(join by member today) > 20",
            "count(join by member today) > 3 or count(join by member this week) is 700",
            "count(join by member this month) > 17",
            "count(join by member within 10 minutes) >= 16",
            "count(join by member within 3 days) is not 1",
            "count(join by member within span) > 40",
            "count(join within 9 days) > 600",
        )
    )
)


def stream(seed: int, number: int) -> list[Event]:
    luck = random.Random(seed)
    now = 1_780_272_000 * SECOND
    made = []
    for one in range(number):
        now += luck.choice([0, 0, SECOND, SECOND, 20 * SECOND, MINUTE, *[5 * MINUTE] * (luck.random() < 0.2)])
        if luck.random() < 0.01:
            now += luck.choice([HOUR, 5 * HOUR, DAY])
        who = Member(luck.choice(["amy", "amy", "amy", "bob"]))
        made.append(Event(f"e{one}", now, "join", "c", who, subject=who))
    return made


def _kept(windows: Any) -> list[Any]:
    """All that counts have: the instants of each key, and what a store is to hear of them."""
    found: list[Any] = []
    for measure in windows.measures:
        for cells in (measure.cells, measure.older):
            for key, cell in cells.items():
                if isinstance(cell, int):
                    found.append((measure.aggregate.id, key, cell))
                else:
                    told = (cell._base, cell._saved, cell._gone or [], cell.is_told)
                    found.append((measure.aggregate.id, key, list(cell.stamps), told))
    return found


@pytest.mark.parametrize("store", ["memory:", "sqlite:///{}.db"])
@pytest.mark.parametrize("seed", range(3))
def test_the_kernel_lets_go_of_what_python_lets_go_of(seed: int, store: str, tmp_path: Path) -> None:
    events, book = stream(seed, 2000), loads(BOOK)
    luck = random.Random(seed)
    with (
        Engine(book, store.format(tmp_path / "kernel"), batch=50) as kernel,
        Engine(book, store.format(tmp_path / "python"), batch=50) as python,
    ):
        sides = [(one, one._judging("c")) for one in (kernel, python)]
        #: What is in C stands before its twin.
        twin: Any = type(sides[1][1].work.windows).__mro__[1]
        longest, fewer = 0, 0
        for event in events:
            before = [len(one[2]) for one in _kept(sides[0][1].work.windows) if isinstance(one[2], list)]
            undone = luck.random() < 0.05
            for engine, judging in sides:
                work = judging.work
                facts = judging._turn_to(event)
                work.begin(event.time, event.id)
                if engine is kernel:
                    work.windows.observe(event, "join", facts)
                else:
                    twin.observe(work.windows, event, "join", facts)
                if undone:
                    work.roll_back()
                else:
                    work.settle()
            if luck.random() < 0.02:
                # As for a commit: what a store has from then on is kept note of.
                mine, other = ([repr(one) for one in judging.work.windows.changes()] for _, judging in sides)
                assert mine == other
            mine, other = (_kept(judging.work.windows) for _, judging in sides)
            assert mine == other, event.id
            after = [len(one[2]) for one in mine if isinstance(one[2], list)]
            longest = max(longest, *after, 0)
            fewer += sum(a < b for a, b in zip(after, before, strict=False))
        assert longest > PIECE
        assert fewer > 60
