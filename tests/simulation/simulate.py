"""A month of community life under each rulebook of the cookbook, held against what must be true at every step.

    python tests/simulation/simulate.py [--events 2000] [--days 31] [--books 08,52] [--seed 1] [--budget SECONDS]

For each rulebook a month is made (200 members, staff in shifts, bursts of spam, votes, appeals, findings, duties met
and missed) and judged four times: as it came, over SQLite with stops at random places, again over the same file, and
with events that share an instant in another order where the rules do not depend on it (see `order`). Every decision is
watched (see `standing`), long after the end of the month, too. With `--budget` months with further seeds follow until
the time is up.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from life import Life
from month import DAYS, start_of
from order import Order
from standing import Watch

from communityrules import Decision, Engine, Rulebook, load
from communityrules.model.values import instant
from communityrules.wire.decisions import encode_decision

COOKBOOK: Final = Path(__file__).resolve().parents[2] / "examples" / "cookbook"
BOOKS: Final = sorted(one for one in COOKBOOK.glob("*.rules") if not one.name.endswith(".zh.rules"))
#: So long after the month everything that it left open is over: more than a quarter.
AFTER: Final = timedelta(days=100)
STOPS: Final = 8


@dataclass(frozen=True, slots=True)
class Month:
    """A month that was lived."""

    events: int
    decisions: int
    #: Events that changed places with others of their instant.
    moved: int
    #: Rules that did something, and all rules.
    acted: int
    rules: int
    silent: tuple[str, ...]


def live(rulebook: Rulebook, size: int, seed: int, folder: Path, days: float = DAYS) -> Month:
    """One month under one rulebook. AssertionError when anything is not as it must be."""
    start = start_of(rulebook)
    end = start + timedelta(days=days) + AFTER
    events = Life(rulebook, start, days, size, seed).events()
    luck = random.Random(f"{rulebook.name} {seed}")

    watch = Watch(rulebook.checked, events)
    first: list[bytes] = []
    with Engine(rulebook) as engine:
        for decision in _whole(engine, events, end):
            watch.see(decision)
            first.append(encode_decision(decision, rulebook.zone))
    watch.over(instant(end))

    resumed = _lines(rulebook, _with_stops(rulebook, events, end, folder / "stopped.db", luck))
    _same(resumed, first, "SQLite with stops")
    with Engine(rulebook, f"sqlite:///{folder / 'stopped.db'}") as engine:
        again = _lines(rulebook, engine.run(events))
    _same(again, _until_the_last_event(first, events), "the same events again")

    shuffled, moved = Order(rulebook.checked).shuffled(events, luck)
    with Engine(rulebook) as engine:
        other = _lines(rulebook, _whole(engine, shuffled, end))
    _same(sorted(other), sorted(first), "another order within an instant")
    rules = {one.id for one in rulebook.checked.rules}
    silent = tuple(sorted(rules - watch.acted))
    return Month(len(events), len(first), moved, len(rules) - len(silent), len(rules), silent)


def _whole(engine: Engine, events: Iterable[Any], end: datetime) -> Iterator[Decision]:
    yield from engine.run(events)
    yield from engine.advance(end)


def _with_stops(
    rulebook: Rulebook, events: list[dict[str, Any]], end: datetime, path: Path, luck: random.Random
) -> Iterator[Decision]:
    """The same month over a file; the process ends and begins anew now and then, at the very beginning, too."""
    places = sorted({0, *(luck.randrange(len(events)) for _ in range(STOPS)), len(events)})
    for first, last in pairwise(places):
        with Engine(rulebook, f"sqlite:///{path}", batch=luck.choice([1, 7, 256])) as engine:
            yield from engine.run(events[first:last])
    with Engine(rulebook, f"sqlite:///{path}") as engine:
        yield from engine.advance(end)


def _lines(rulebook: Rulebook, decisions: Iterable[Decision]) -> list[bytes]:
    return [encode_decision(one, rulebook.zone) for one in decisions]


def _until_the_last_event(lines: list[bytes], events: list[dict[str, Any]]) -> list[bytes]:
    """What `run` gives, without what time alone brought about afterwards."""
    last = f'{{"event":"{events[-1]["id"]}",'.encode()
    return lines[: 1 + next(at for at, line in enumerate(lines) if line.startswith(last))]


def _same(found: list[bytes], wanted: list[bytes], what: str) -> None:
    for number, (mine, theirs) in enumerate(zip(found, wanted, strict=False)):
        assert mine == theirs, f"{what}: line {number + 1}\n{mine.decode()}\ninstead of\n{theirs.decode()}"
    assert len(found) == len(wanted), f"{what}: {len(found)} decisions instead of {len(wanted)}"


def main(books: list[Path], size: int, days: float, seed: int, budget: float | None) -> int:
    began = time.monotonic()
    failed = acted = rules = 0
    while True:
        for book in books:
            rulebook = load(book)
            with tempfile.TemporaryDirectory() as folder:
                try:
                    month = live(rulebook, size, seed, Path(folder), days)
                except AssertionError as error:
                    failed += 1
                    print(f"{book.stem}, seed {seed}: {error}", flush=True)
                    continue
            acted, rules = acted + month.acted, rules + month.rules
            silent = f", silent: {', '.join(month.silent)}" if month.silent else ""
            print(
                f"{book.stem}, seed {seed}: {month.events} events, {month.decisions} decisions, {month.moved} moved, "
                f"{month.acted} of {month.rules} rules acted{silent}",
                flush=True,
            )
            if budget is not None and time.monotonic() - began > budget:
                break
        seed += 1
        if budget is None or time.monotonic() - began > budget:
            print(f"{acted} of {rules} rules acted, {failed} months failed")
            return failed > 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=2000, help="planned for a month; answers come on top")
    parser.add_argument("--days", type=float, default=DAYS)
    parser.add_argument("--books", default="", help="numbers, with commas; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, help="seconds; goes on with further seeds until then")
    given = parser.parse_args()
    wanted = [one for one in BOOKS if not given.books or one.name[:2] in given.books.split(",")]
    sys.exit(main(wanted, given.events, given.days, given.seed, given.budget))
