"""How fast windows take in events and answer, beside deques in dictionaries that do the same work.

    python tests/benchmarks/windows.py [--events 200000] [--members 10000] [--rounds 5]

Two windows: the messages of a member today, and the same words by a member within ten minutes. An update is one
message that is fed to both, and both asked for it; updates are done one by one, as the engine does them, on its own
working set in memory. `by hand` are two dictionaries of deques, emptied from the left as time goes on; both must find
the same messages over the limits, or the run fails. `engine with` and `without` are `Engine.run` over the same events
by a rulebook that has the two rules, and by one that has instead a rule on the length of the text; their difference is
what windows cost there. Each round runs all of them once; printed are microseconds of processor time for each message,
the best round, messages a second, and the ratio to the work by hand. Ratios hold on a busy machine; messages a second
want a quiet one. `--only NAME` runs one of them, to count instructions.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# the path to the workload comes first
from workload import WINDOWS

from communityrules import Engine, loads
from communityrules.engine.working_set import WorkingSet
from communityrules.model.event import Event, Member, Message
from communityrules.model.values import DAY, MINUTE, SECOND

_HEAD = 'rulebook "Windows"\n  timezone UTC\n\n'
_WITH = loads(_HEAD + WINDOWS)
_WITHOUT = loads(_HEAD + 'rule 1 "Long"\n  must not\n  on message\n  if message.length > 150\n  then flag\n')
_START = 1_780_272_000 * SECOND


def messages(number: int, members: int) -> list[Event]:
    """Of a week for 200,000, most by few members. One in four says what many say, and now and then one repeats it."""
    draw = random.Random(25)
    common = [f"common words of everybody, number {one}, as they are said" for one in range(40)]
    made: list[Event] = []
    now, who, text = _START, "", ""
    for one in range(number):
        now += draw.randrange(6 * SECOND)
        if draw.random() > 0.02:
            who = f"u{int(members * draw.random() ** 1.8)}"
            text = draw.choice(common) if draw.random() < 0.25 else f"{draw.random()} {'so it is ' * 8}"
        made.append(Event(f"m{one}", now, "message", "c", Member(who), Message(f"m{one}", text)))
    return made


def by_hand(events: list[Event]) -> tuple[int, int]:
    """How many messages were over each limit."""
    today: dict[str, deque[int]] = {}
    lately: dict[tuple[str, str], deque[int]] = {}
    many = same = 0
    for event in events:
        who, now = event.subject.id, event.time  # type: ignore[union-attr]  # all have one
        said = today.get(who)
        if said is None:
            said = today[who] = deque()
        first = now - now % DAY
        while said and said[0] < first:
            said.popleft()
        said.append(now)
        many += len(said) > 40
        key = who, event.subject_message.text  # type: ignore[union-attr]
        said = lately.get(key)
        if said is None:
            said = lately[key] = deque()
        first = now - 10 * MINUTE
        while said and said[0] < first:
            said.popleft()
        said.append(now)
        same += len(said) >= 3
    return many, same


def windows(events: list[Event]) -> tuple[int, int]:
    """The same by the engine's own windows, through the very calls that it makes for each event."""
    many = same = 0
    with Engine(_WITH) as engine:
        judging = engine._judging("c")
        work: WorkingSet = judging.work
        begin, settle, turn_to = work.begin, work.settle, judging._turn_to
        observe = work.windows.observe
        for event in events:
            begin(event.time, event.id)
            facts = turn_to(event)
            observe(event, "message", facts)
            who = event.subject.id  # type: ignore[union-attr]  # all have one
            many += facts.aggregate(0, (who,)) > 40  # type: ignore[operator]  # both count
            same += facts.aggregate(1, (who, event.subject_message.text)) >= 3  # type: ignore[operator,union-attr]
            settle()
    return many, same


def judged(events: list[Event], with_windows: bool) -> None:
    with Engine(_WITH if with_windows else _WITHOUT) as engine:
        deque(engine.run(events), maxlen=0)


def anew(events: list[Event]) -> list[Event]:
    """The same messages as a host would hand them in again: nothing of them is known yet, no hash of a text either."""
    made = []
    for one in events:
        assert one.member is not None
        assert one.message is not None
        text = one.message.text
        sender, message = Member(one.member.id), Message(one.id, text[:-1] + text[-1])
        made.append(Event(one.id, one.time, "message", "c", sender, message, subject=sender, subject_message=message))
    return made


KINDS: dict[str, Callable[[list[Event]], tuple[int, int] | None]] = {
    "nothing": lambda _: None,
    "by hand": by_hand,
    "windows": windows,
    "engine with": lambda events: judged(events, True),
    "engine without": lambda events: judged(events, False),
}


def measured(kinds: list[str], number: int, members: int, rounds: int) -> tuple[dict[str, float], tuple[int, int]]:
    """Microseconds a message of each kind, the best round; and how many messages were over the limits."""
    best = dict.fromkeys(kinds, float("inf"))
    found: dict[str, tuple[int, int]] = {}
    once = messages(number, members)
    for _ in range(rounds):
        for kind in kinds:
            events = anew(once)
            gc.collect()
            # What the measuring itself keeps is not for the collector to look through.
            gc.freeze()
            begun = time.process_time()
            answer = KINDS[kind](events)
            best[kind] = min(best[kind], (time.process_time() - begun) / len(events) * 1e6)
            if answer is not None:
                found[kind] = answer
    if any(one != other for one, other in pairwise(found.values())):
        sys.exit(f"they do not find the same: {found}")
    return best, found.get("windows", (0, 0))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", type=int, default=200_000)
    asked.add_argument("--members", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--only", choices=KINDS)
    given = asked.parse_args()
    kinds = [given.only] if given.only else list(KINDS)[1:]
    best, over = measured(kinds, given.events, given.members, given.rounds)
    if given.only:
        return 0
    print(f"over the limits: {over}")
    print(f"{'':26} {'µs':>7} {'events/s':>12} {'x by hand':>10}")
    best["engine, for windows"] = best["engine with"] - best["engine without"]
    for kind, each in best.items():
        print(f"{kind:26} {each:7.2f} {1e6 / each:12,.0f} {each / best['by hand']:10.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
