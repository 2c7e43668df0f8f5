"""Ctrl-C may come anywhere: whoever goes on over the same store gets what an undisturbed run gives."""

from __future__ import annotations

import gc
import random
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from streams import BUSY, START, evaluator_of, lines, stream

from communityrules.engine.engine import Engine
from communityrules.model.values import DAY, instant
from communityrules.stores import journal

_EVALUATOR = evaluator_of(BUSY)
_EVENTS = stream(40, seed=3)

_EVERYWHERE = ("/communityrules/engine/", "/communityrules/stores/")
_COMMITS = tuple(f"/communityrules/{one}.py" for one in ("stores/sqlite", "stores/journal", "engine/ledger"))


class Interrupts:
    """Raises KeyboardInterrupt at the start of one of the lines that commits go through, where it does the most harm,
    or of one of all lines of the engine and its store."""

    def __init__(self, at: int, files: tuple[str, ...]) -> None:
        self.left = at
        self.files = files
        self.told = False

    def call(self, frame: FrameType, _: str, __: object) -> Any:
        name = frame.f_code.co_filename
        return self.line if any(one in name for one in self.files) else None

    def line(self, _: FrameType, what: str, __: object) -> Any:
        if what == "line":
            self.left -= 1
            if self.left <= 0 and not self.told:
                self.told = True
                sys.settrace(None)
                raise KeyboardInterrupt
        return self.line


def _run(path: Path | str, batch: int) -> list[bytes]:
    with Engine(_EVALUATOR, f"sqlite:///{path}" if isinstance(path, Path) else path, batch=batch) as engine:
        return [*lines(engine.run(_EVENTS)), *lines(engine.advance(instant(START) + 40 * DAY))]


def _interrupted(path: Path, batch: int, at: int, files: tuple[str, ...]) -> None:
    before = sys.gettrace()
    interrupts = Interrupts(at, files)
    sys.settrace(interrupts.call)
    try:
        _run(path, batch)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
    # One that came while the file was being closed has left it open.
    gc.collect()


@pytest.mark.parametrize("batch", [2, 30])
def test_an_interruption_loses_and_doubles_nothing(batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_FEW", 10)
    expected = _run("memory:", batch)
    draw = random.Random(batch)
    for number in range(6):
        path = tmp_path / f"{number}.db"
        for _ in range(4):
            _interrupted(path, batch, draw.randrange(1, 12_000), _EVERYWHERE)
            _interrupted(path, batch, draw.randrange(1, 2_000), _COMMITS)
        assert _run(path, batch) == expected
