"""The same events give the same bytes whatever the process around them is like."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from streams import BUSY, HERE, evaluator_of, lines, stream

from communityrules.engine.engine import Engine
from communityrules.model.values import DAY, instant

PROGRAM = """
import hashlib, sys
sys.path.insert(0, {here!r})
from streams import BUSY, START, evaluator_of, lines, stream
from communityrules.engine.engine import Engine
from communityrules.model.values import DAY, instant
with Engine(evaluator_of(BUSY), {store!r}) as engine:
    out = lines([*engine.run(stream(800, seed=21, communities=3)), *engine.advance(instant(START) + 90 * DAY)])
print(hashlib.sha256(b"\\n".join(out)).hexdigest(), len(out))
"""


@pytest.mark.parametrize("store", ["memory:", "sqlite:///{folder}/d.db"])
def test_hash_seeds_locales_and_zones(tmp_path: Path, store: str) -> None:
    seen = set()
    for number, (seed, zone, locale) in enumerate(
        [("0", "UTC", "C"), ("1", "Asia/Kathmandu", "zh_CN.UTF-8"), ("4242", "America/St_Johns", "tr_TR.UTF-8")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "LANG": locale}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(here=str(HERE), store=store.format(folder=folder))],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        seen.add(done.stdout)
    assert len(seen) == 1


def test_every_way_of_running_gives_the_same(tmp_path: Path) -> None:
    """On either store, in groups of any size, by `run` or one by one, at once or with the engine opened anew."""
    events = stream(600, seed=33)
    evaluator = evaluator_of(BUSY)
    with Engine(evaluator) as engine:
        expected = lines(engine.run(events))
    digest = hashlib.sha256(b"\n".join(expected)).hexdigest()
    for batch in (1, 5, 1_000):
        with Engine(evaluator, f"sqlite:///{tmp_path}/b{batch}.db", batch=batch) as engine:
            assert hashlib.sha256(b"\n".join(lines(engine.run(events)))).hexdigest() == digest

    alone = [one for one in expected if not one.startswith(b'{"event":{')]
    with Engine(evaluator) as engine:
        assert lines(engine.judge(event) for event in events) == alone

    pieces: list[bytes] = []
    for start in range(0, len(events), 50):
        with Engine(evaluator, f"sqlite:///{tmp_path}/pieces.db") as engine:
            pieces += lines(engine.run(events[start : start + 50]))
    first_time = []
    seen = set()
    for one in expected:
        if one not in seen:
            first_time.append(one)
        seen.add(one)
    assert list(dict.fromkeys(pieces)) == first_time


def test_a_stream_given_again_gives_the_same(tmp_path: Path) -> None:
    events = stream(500, seed=8)
    url = f"sqlite:///{tmp_path}/again.db"
    evaluator = evaluator_of(BUSY)
    with Engine(evaluator, url) as engine:
        expected = lines(engine.run(events))
        expected += lines(engine.advance(engine_end(events)))
    for _ in range(2):
        with Engine(evaluator, url) as engine:
            again = lines(engine.run(events))
            again += lines(engine.advance(engine_end(events)))
            assert again == expected
            assert engine.counts.judged == 0


def engine_end(events: list[dict[str, object]]) -> int:
    return max(instant(datetime.fromisoformat(str(one["time"]))) for one in events) + 3 * DAY
