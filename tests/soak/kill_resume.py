"""Kill a SQLite run with SIGKILL at random moments, resume it, and hold everything against an undisturbed run.

    python tests/soak/kill_resume.py --kills 200 [--events 3000] [--seed 1]

Each round runs a stream of events over a new store in a child process that is killed again and again, and started
again over the same store with the same stream, until it comes to the end by itself. Rounds take turns between a small
rulebook under a dense stream and `everything.rules` under simulated community life, with all that a store has to keep:
timers, reminders, duties of each owner, cases, appeals, the ledger, labels, states, powers, caps, a breaker, boards.
Then: the decisions that came out of the last start are byte for byte those of a run that nobody killed; the store's log
holds each of them once, in order; the state is the same; and both go on alike over events that neither has seen.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
sys.path.insert(0, str(Path(__file__).parents[1] / "simulation"))

from life import Life  # beside the tests
from month import start_of
from streams import BUSY, START, evaluator_of, lines, stream

from communityrules import load
from communityrules.compiler.evaluator import Evaluator
from communityrules.engine.engine import Engine
from communityrules.model.decision import Decision
from communityrules.model.values import DAY, instant


@dataclass(frozen=True, slots=True)
class Scene:
    """A rulebook and the events that it is given. Advancing to `end` brings out what no event reached."""

    evaluator: Evaluator
    events: Callable[[int, int], list[dict[str, Any]]]
    end: int

    def run(self, path: Path | None, events: list[dict[str, Any]], batch: int) -> Iterator[Decision]:
        """The decisions of a whole run: the stream, then what time alone brings about."""
        url = "memory:" if path is None else f"sqlite:///{path}"
        with Engine(self.evaluator, url, batch=batch) as engine:
            yield from engine.run(events)
            yield from engine.advance(self.end)


def busy() -> Scene:
    """Few rules and many events, late ones and repeated ones among them, in two communities."""
    return Scene(evaluator_of(BUSY), lambda size, seed: stream(size, seed=seed), instant(START) + 40 * DAY)


def lively() -> Scene:
    """A fortnight of two communities under everything at once; now and then an event is sent twice."""
    rulebook = load(Path(__file__).with_name("everything.rules"))
    start = start_of(rulebook)

    def events(size: int, seed: int) -> list[dict[str, Any]]:
        luck = random.Random(seed)
        made = [
            {**one, "community": f"c{number}"}
            for number in range(2)
            for one in Life(rulebook, start, 14, size // 4, 2 * seed + number).events()
        ]
        # Instants bear offsets; those of one zone and one summer stand in order as texts.
        made.sort(key=lambda one: str(one["time"]))
        return [again for one in made for again in ([one, one] if luck.random() < 0.03 else [one])]

    return Scene(rulebook.evaluator, events, instant(start) + 40 * DAY)


def child(scene: Scene, path: Path, events: list[dict[str, Any]], out: Path, batch: int) -> int:
    """Run everything in another process; its id."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        with out.open("wb", buffering=0) as file:
            for decision in scene.run(path, events, batch):
                file.write(lines([decision])[0] + b"\n")
        code = 0
    finally:
        os._exit(code)


def state(path: Path) -> dict[str, list[Any]]:
    """What the store holds, but for window pieces: those may differ in what no answer can need."""
    db = sqlite3.connect(path)
    found = {
        "community": db.execute("SELECT name, clock, events, last FROM community ORDER BY name").fetchall(),
        "cell": db.execute(
            "SELECT community.name, name.text, key, value FROM cell JOIN community ON community=community.number "
            "JOIN name ON tab=name.number ORDER BY 1, 2, 3"
        ).fetchall(),
        "timer": db.execute(
            "SELECT name, what, key, due FROM timer JOIN community ON community=number ORDER BY 1, 2, 3"
        ).fetchall(),
        "entry": db.execute(
            "SELECT seq, name, event, entry.digest, ordinal, previous, time, late, body "
            "FROM entry JOIN community ON community=number ORDER BY seq"
        ).fetchall(),
    }
    db.close()
    return found


def _difference(got: list[bytes], expected: list[bytes]) -> str:
    for number, (mine, theirs) in enumerate(zip(got, expected, strict=False)):
        if mine != theirs:
            return f"line {number + 1}: {mine.decode()} instead of {theirs.decode()}"
    return f"{len(got)} lines instead of {len(expected)}"


def one_round(scene: Scene, folder: Path, size: int, seed: int, kills: int, luck: random.Random) -> int:
    """Kill up to `kills` times; how many it was. Raises AssertionError when anything differs."""
    events = scene.events(size, seed)
    further = [{**one, "id": f"x{one['id']}"} for one in scene.events(300, seed + 1)]
    batch = luck.choice([1, 7, 64, 256])
    calm = folder / "calm.db"
    began = time.perf_counter()
    expected = lines(scene.run(calm, events, batch))
    took = time.perf_counter() - began
    assert expected == lines(scene.run(None, events, batch)), "memory and SQLite differ"

    path, out = folder / "killed.db", folder / "out.jsonl"
    done = 0
    while True:
        process = child(scene, path, events, out, batch)
        if done < kills:
            # The first starts are killed early, later ones get further.
            time.sleep(luck.random() * took * luck.choice([0.1, 0.5, 1.2]))
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        if os.WIFSIGNALED(status):
            done += 1
            continue
        assert os.WEXITSTATUS(status) == 0, "the run failed"
        break
    got = out.read_bytes().splitlines()
    assert got == expected, f"other decisions came out: {_difference(got, expected)}"
    killed, undisturbed = state(path), state(calm)
    for table, rows in undisturbed.items():
        assert killed[table] == rows, f"`{table}` differs"
    assert lines(scene.run(path, further, batch)) == lines(scene.run(calm, further, batch)), "they go on differently"
    return done


def main(kills: int, size: int, seed: int) -> int:
    luck = random.Random(seed)
    done = rounds = 0
    scenes = (busy(), lively())
    while done < kills:
        scene = scenes[rounds % 2]
        rounds += 1
        with tempfile.TemporaryDirectory() as folder:
            done += one_round(scene, Path(folder), size, seed + 2 * rounds, min(25, kills - done, -(-kills // 2)), luck)
        print(f"{done} of {kills} kills, {rounds} rounds, all the same", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--events", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(main(given.kills, given.events, given.seed))
