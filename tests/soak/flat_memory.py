"""Feed one engine millions of events and see that its memory stays where it is.

    python tests/soak/flat_memory.py [--events 200000] [--budget SECONDS] [--members 10000] [--few]

One community on `memory:`, with every kind of window, sanctions with appeals, labels and points; members come and go
and come back, what they say is nearly always new. `--few` leaves two windows and the sanctions, which is several times
as quick. Printed at each tenth, and whenever a tenth of the budget has passed: events so far, resident memory, events a
second, what the engine keeps by kind. A member who was ever punished has a record for good, so at the beginning
everyone breaks rule 2 once: what grows later is not that the engine meets more of them. Everything is full when the
days of the longest window have passed and so many ids are remembered. `--settled` says after which share of the run
that is to be, and the run fails if memory has grown by more than `--grown` per cent since.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from communityrules import Engine, loads
from communityrules.model.event import Event, Member, Message
from communityrules.model.values import SECOND

RULES = """rulebook "Flat"
  timezone Europe/Berlin

penalty ladder over 2 days
  1st: warn
  2nd: mute 10 minutes
  then on: mute 2 hours
  appeal once to staff within 1 day

rule 1 "A daily number"
  must not
  on message
  if count(message by member today) > 40
  then remind

rule 2 "Repetition"
  must not
  on message
  if count(message by member and message.text within 10 minutes) >= 3
  then delete, penalty ladder

"""
MORE = """
rule 3 "Many at once"
  must not
  on message
  if count(message by member within 1 minute) > 3 or distinct(message.text by member within 1 hour) > 30
  then delete, penalty ladder

rule 4 "The same to all"
  must not
  on message
  if similar(message.text within 10 minutes) >= 3
  then flag

rule 5 "In and out"
  must not
  on message
  if sequence(join, message by member within 1 minute) and since(leave by member) < 1 hour
  then label hasty for 1 day

rule 6 "Long-winded"
  must not
  on message
  if average(message.length by member within 1 day) > 150 or sum(message.length by message.text within 1 hour) > 2000
  then flag

rule 7 "Ten a day"
  should
  on message
  if count(message by member today) is 10
  then award 1 points

rule 8 "Often in breach"
  must not
  on message
  if count(breach by member within 1 day) > 5
  then flag
"""
_START = 1_780_272_000 * SECOND
_PAGE = 4096


def events(number: int, members: int, seconds: int) -> Iterator[Event]:
    """Each member thrice the same, then about one message in so many seconds; the chances hang on its number alone."""
    draw = random.Random(26)
    now = _START
    for one in range(min(number, 3 * members)):
        now += SECOND
        who, text = f"u{one // 3}", f"hello, I am number {one // 3}"
        yield Event(f"h{one}", now, "message", "c", Member(who), Message(f"h{one}", text), digest=f"h{one:015x}")
    away: set[str] = set()
    who, text = "u0", "hello"
    for one in range(number - 3 * members):
        now += draw.randrange(2 * seconds * SECOND)
        luck = draw.random()
        name = f"e{one}"
        if luck > 0.03:
            who = f"u{int(members * draw.random() ** 1.8)}"
            text = draw.randbytes(draw.randrange(4, 90)).hex(" ", -3)
        sender = Member(who)
        if who in away:
            away.discard(who)
            yield Event(name, now, "join", "c", sender, digest=f"{one:016x}")
        elif luck > 0.99:
            away.add(who)
            yield Event(name, now, "leave", "c", sender, digest=f"{one:016x}")
        else:
            late = draw.randrange(30) * SECOND if luck > 0.93 else 0
            yield Event(name, now - late, "message", "c", sender, Message(name, text), digest=f"{one:016x}")


def resident() -> float:
    """Megabytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 1e6


def kept(engine: Engine) -> str:
    """How many of what the engine keeps of the community."""
    work = engine._ledger.work("c")
    windows = {one.aggregate.function: 0 for one in work.windows.measures}
    for one in work.windows.measures:
        windows[one.aggregate.function] += len(one.cells) + len(one.older)
    told = {**windows, **{table: len(cells) for table, cells in work._cells.items()}, "timers": len(work.timers)}
    if work.log is not None:
        told["log"] = len(work.log.events)  # type: ignore[arg-type]  # a dictionary here
    return " ".join(f"{name} {count:,}" for name, count in told.items() if count)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", type=int, default=200_000)
    asked.add_argument("--budget", type=float, default=3600.0, help="seconds after which to stop")
    asked.add_argument("--members", type=int, default=10_000)
    asked.add_argument("--remember-ids", type=int, default=50_000)
    asked.add_argument("--seconds", type=int, default=4, help="between two events, on average")
    asked.add_argument("--settled", type=float, default=0.5, help="share of the run after which memory is to be flat")
    asked.add_argument("--grown", type=float, default=6.0, help="per cent that memory may grow after that")
    asked.add_argument("--few", action="store_true", help="two windows and sanctions only")
    given = asked.parse_args()
    begun = last = time.monotonic()
    curve: list[tuple[int, float]] = []
    count = before = decided = 0

    def look() -> None:
        nonlocal last, before
        gc.collect()
        curve.append((count, resident()))
        now = time.monotonic()
        speed = (count - before) / max(now - last, 1e-9)
        print(f"{count:>11,} {curve[-1][1]:8.1f} MB {speed:8,.0f}/s  {kept(engine)}", flush=True)
        last, before = now, count

    def counted() -> Iterator[Event]:
        nonlocal count
        for event in events(given.events, given.members, given.seconds):
            yield event
            count += 1
            if count % max(1, given.events // 10) == 0 or (
                not count & 1023 and time.monotonic() - last > given.budget / 10
            ):
                look()
            if not count & 1023 and time.monotonic() - begun > given.budget:
                return

    with Engine(loads(RULES if given.few else RULES + MORE), remember_ids=given.remember_ids) as engine:
        for decision in engine.run(counted()):
            decided += bool(decision.outcomes)
        look()
        counts = engine.counts
    print(f"{counts.judged:,} judged, {counts.late:,} of them late, {decided:,} with an outcome")
    if counts.judged + counts.duplicate + counts.quarantined != counts.read or counts.judged != count:
        print("events were lost")
        return 1
    half = next(size for number, size in curve if number >= count * given.settled)
    grown = (curve[-1][1] / half - 1) * 100
    print(f"memory has grown by {grown:.1f} % since {given.settled:.0%} of the run")
    return 1 if grown > given.grown else 0


if __name__ == "__main__":
    sys.exit(main())
