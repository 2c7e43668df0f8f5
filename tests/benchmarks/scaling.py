"""How the cost of one message grows with the number of rules, beside other engines on the same work.

    python tests/benchmarks/scaling.py [--rules 10 100 1000 10000] [--kinds mixed ...] [--peers] [--budget SECONDS]

For each kind of rule and number of rules: microseconds of processor time a message, p50 and p99, and how many times as
quick as generated straight-line Python in the same run. `--peers` adds every other engine that is installed:
zen-engine, cedarpy, common-expression-language, datalogic-py, rule-engine, yara-python. All must give the same rules
for the same messages, or the run fails.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

# the path to the workload comes first
from peers import PEERS, UnsayableError
from workload import KINDS, Rule, event, messages, rulebook, straight_line, wire

from communityrules import Engine, loads
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.facts import GivenFacts
from communityrules.model.event import Event

_MODULES = {
    "zen-engine": "zen",
    "cedarpy": "cedarpy",
    "common-expression-language": "cel",
    "datalogic-py": "datalogic_py",
    "rule-engine": "rule_engine",
    "yara-python": "yara",
}
#: Of this many messages the answers are compared.
_COMPARED = 300
STRAIGHT, EVALUATE, PLAIN, JUDGE, SEEING = (
    "straight-line Python", "communityrules evaluate", "… without its index", "Engine.judge, two windows",
    "… seeing through disguise",
)  # fmt: skip


class Measured(NamedTuple):
    mean: float
    p50: float
    p99: float
    #: So many single calls p50 and p99 are of.
    calls: int = 0


class Row(NamedTuple):
    kind: str
    rules: int
    name: str
    found: Measured | None
    #: Why there are no figures, or what is wrong with them.
    why: str = ""


def measured(judge: Callable[[Any], object], given: Sequence[Any], budget: float) -> Measured:
    """Microseconds of processor time, the best of three rounds; the shares by the clock, of single calls.

    Single calls that take far longer than asking the clock of the processor are told by that one. Of what takes a third
    of the budget for one message, three are measured once.
    """
    started, called = time.process_time(), 0
    for one in (given[0], *given[:20]):
        judge(one)
        called += 1
        if called > 1 and time.process_time() - started > budget:
            break
    each = (time.process_time() - started) / called
    if 3 * each > budget:
        return _shared(judge, given[:3])
    some = given[: max(30, int(budget / max(each, 1e-7)))]
    best = float("inf")
    for _ in range(3):
        started, count = time.process_time(), 0
        while time.process_time() - started < budget:
            for one in some:
                judge(one)
            count += len(some)
        best = min(best, (time.process_time() - started) / count)
    return _shared(judge, some, best)


def _shared(judge: Callable[[Any], object], given: Sequence[Any], mean: float | None = None) -> Measured:
    clock = time.perf_counter_ns if mean is not None and mean < 50e-6 else time.thread_time_ns
    single = []
    for one in given:
        begin = clock()
        judge(one)
        single.append(clock() - begin)
    single.sort()
    if mean is None:
        mean = sum(single) / len(single) / 1e9
    p50, p99 = (single[int(len(single) * share)] / 1e3 for share in (0.5, 0.99))
    return Measured(mean * 1e6, p50, p99, len(single))


@cache
def sent_to_all() -> list[dict[str, Any]]:
    return messages(6000)


def ours(kind: str, number: int, budget: float) -> tuple[list[Row], list[list[int]]]:
    """Straight-line Python first, then this library; and which rules the first messages match."""
    rules = KINDS[kind](number)
    given = sent_to_all()
    gc.collect()
    straight = straight_line(rules)
    ours = loads(rulebook(rules)).evaluator
    facts, events = GivenFacts(), [event(one) for one in given]
    answers = [straight(one) for one in given[:_COMPARED]]
    decided = [[int(hit.rule) for hit in ours.evaluate(one, facts).outcomes] for one in events[:_COMPARED]]
    if decided != answers:
        raise SystemExit(f"{kind}, {number} rules: the evaluator gives other rules than straight-line Python")
    rows = [
        Row(kind, number, STRAIGHT, measured(straight, given, budget)),
        Row(kind, number, EVALUATE, measured(lambda one: ours.evaluate(one, facts), events, budget)),
    ]
    if number <= 1_000:
        plain = Evaluator(ours.rulebook, ours.library, indexed=False)
        rows.append(Row(kind, number, PLAIN, measured(lambda one: plain.evaluate(one, facts), events, budget)))
    if kind in ("words", "mixed"):
        rows.append(Row(kind, number, SEEING, _seeing(kind, number, events, budget, answers)))
    if kind == "mixed":
        rows.append(Row(kind, number, JUDGE, _judging(rules, given)))
    return rows, answers


def _seeing(
    kind: str, number: int, events: Sequence[Event], budget: float, answers: Sequence[Sequence[int]]
) -> Measured:
    """The same rules with lists as a rulebook has them, which find words in disguise, too: at least what the others
    find."""
    ours, facts = loads(rulebook(KINDS[kind](number), exactly=False)).evaluator, GivenFacts()
    for at, expected in enumerate(answers):
        if not set(expected) <= {int(hit.rule) for hit in ours.evaluate(events[at], facts).outcomes}:
            raise SystemExit(f"{kind}, {number} rules: a plain word is not found by a list that sees through disguise")
    return measured(lambda one: ours.evaluate(one, facts), events, budget)


def peer(name: str, kind: str, number: int, budget: float, answers: Sequence[Sequence[int]]) -> Row:
    """Another engine on the same messages, the first of which match the rules of `answers`."""
    if find_spec(_MODULES[name]) is None:
        return Row(kind, number, name, None, "not installed")
    rules, given = KINDS[kind](number), sent_to_all()
    try:
        judge = PEERS[name](rules)
    except UnsayableError as reason:
        return Row(kind, number, name, None, str(reason))
    started = time.process_time()
    for at, expected in enumerate(answers):
        if judge(given[at]) != expected:
            return Row(kind, number, name, measured(judge, given, budget), "other rules!")
        # Of a slow one fewer are compared.
        if at >= 2 and time.process_time() - started > 4 * budget:
            break
    return Row(kind, number, name, measured(judge, given, budget))


def _judging(rules: Sequence[Rule], given: Sequence[dict[str, Any]]) -> Measured:
    """`judge` from a dictionary to a whole decision, with state. Each message has an id and a time of its own."""
    book = loads(rulebook(rules, windows=True))
    sent = [wire(one) for one in given]
    engine = Engine(book)
    for one in sent[:100]:
        engine.judge(one)
    best = float("inf")
    for at in range(100, len(sent), 1_000):
        part = sent[at : at + 1_000]
        started = time.process_time()
        for one in part:
            engine.judge(one)
        best = min(best, (time.process_time() - started) / len(part))
    again = Engine(book)
    for one in sent[:100]:
        again.judge(one)
    return _shared(again.judge, sent[100:], best)


def compare(kind: str, number: int, peers: bool, budget: float) -> None:
    rows, answers = ours(kind, number, budget)
    base = rows[0].found
    assert base is not None
    for row in (*rows, *(peer(name, kind, number, budget, answers) for name in (PEERS if peers else ()))):
        if row.found is None:
            print(f"{kind:<11}{number:>7}  {row.name:<28} {row.why}", flush=True)
            continue
        found, name = row.found, f"{row.name} ({row.why})" if row.why else row.name
        times = base.mean / found.mean
        print(
            f"{kind:<11}{number:>7}  {name:<28}{found.mean:>12.2f}{found.p50:>12.2f}{found.p99:>12.2f}{times:>10.1f}",
            flush=True,
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rules", type=int, nargs="+", default=[10, 100, 1_000])
    options.add_argument("--kinds", choices=KINDS, nargs="+", default=list(KINDS))
    options.add_argument("--peers", action="store_true", help="other engines too, as far as they are installed")
    options.add_argument("--budget", type=float, default=0.3, help="seconds of processor time a round (default: 0.3)")
    chosen = options.parse_args()
    print(f"{'kind':<11}{'rules':>7}  {'engine':<28}{'mean us':>12}{'p50':>12}{'p99':>12}{'times':>10}")
    for kind in chosen.kinds:
        for number in chosen.rules:
            compare(kind, number, chosen.peers, chosen.budget)


if __name__ == "__main__":
    main()
