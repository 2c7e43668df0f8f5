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


class Measured(NamedTuple):
    mean: float
    p50: float
    p99: float


def measured(judge: Callable[[Any], object], given: Sequence[Any], budget: float) -> Measured:
    """Microseconds of processor time, the best of three rounds; the shares by the clock, of single calls."""
    started = time.process_time()
    judge(given[0])
    for one in given[:20]:
        judge(one)
    each = (time.process_time() - started) / 21
    some = given[: max(5, min(len(given), int(budget / max(each, 1e-7))))]
    best = float("inf")
    for _ in range(3):
        started, count = time.process_time(), 0
        while time.process_time() - started < budget:
            for one in some:
                judge(one)
            count += len(some)
        best = min(best, (time.process_time() - started) / count)
    single = []
    for one in some:
        begin = time.perf_counter_ns()
        judge(one)
        single.append(time.perf_counter_ns() - begin)
    single.sort()
    return Measured(best * 1e6, single[len(single) // 2] / 1e3, single[int(len(single) * 0.99)] / 1e3)


def compare(kind: str, number: int, peers: bool, budget: float) -> None:
    rules = KINDS[kind](number)
    given = messages(6000)
    gc.collect()
    straight = straight_line(rules)
    ours = loads(rulebook(rules)).evaluator
    facts, events = GivenFacts(), [event(one) for one in given]
    answers = [straight(one) for one in given[:_COMPARED]]
    decided = [[int(hit.rule) for hit in ours.evaluate(one, facts).outcomes] for one in events[:_COMPARED]]
    if decided != answers:
        raise SystemExit(f"{kind}, {number} rules: the evaluator gives other rules than straight-line Python")
    base = measured(straight, given, budget)
    _row(kind, number, "straight-line Python", base, base)
    _row(kind, number, "communityrules evaluate", measured(lambda one: ours.evaluate(one, facts), events, budget), base)
    if number <= 1_000:
        plain = Evaluator(ours.rulebook, ours.library, indexed=False)
        _row(
            kind, number, "… without its index", measured(lambda one: plain.evaluate(one, facts), events, budget), base
        )
    if kind == "mixed":
        _row(kind, number, "Engine.judge, two windows", _judging(rules, given), base)
    for name, make in PEERS.items() if peers else ():
        if find_spec(_MODULES[name]) is None:
            print(f"{kind:<11}{number:>7}  {name:<28} not installed")
            continue
        try:
            judge = make(rules)
        except UnsayableError as reason:
            print(f"{kind:<11}{number:>7}  {name:<28} {reason}")
            continue
        same = [judge(one) for one in given[:20]] == answers[:20]
        _row(kind, number, name if same else f"{name} (other rules!)", measured(judge, given, budget), base)


def _judging(rules: Sequence[Rule], given: Sequence[dict[str, Any]]) -> Measured:
    """`judge` from a dictionary to a whole decision, with state. Each message has an id and a time of its own."""
    book = loads(rulebook(rules, windows=True))
    engine = Engine(book)
    sent = [wire(one) for one in given]
    for one in sent[:100]:
        engine.judge(one)
    rest = sent[100:]
    rounds = []
    for at in range(0, len(rest), 1_000):
        part = rest[at : at + 1_000]
        started = time.process_time()
        for one in part:
            engine.judge(one)
        rounds.append((time.process_time() - started) / len(part) * 1e6)
    rounds.sort()
    return Measured(rounds[0], rounds[len(rounds) // 2], rounds[-1])


def _row(kind: str, number: int, name: str, found: Measured, base: Measured) -> None:
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
