"""What patterns people wrote elsewhere come to, and how long they take on texts made to hang them.

    python tests/benchmarks/patterns.py [--data DIR] [--all]

Two sets of `--data` (`../shared/data` beside the project): regular expressions with the texts that make backtracking
engines hang, and the blocking rules of a video site's viewers. For each set: how many are accepted, how many are
refused and why, for how many of those a rewrite is offered, and the slowest, through the matcher and through a
compiled rulebook, on 64 kB texts: prefix, pump over and over, suffix and a character that cannot fit, and three texts
of other kinds. Ends with 1 when one takes longer than 10 ms.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from communityrules.compiler.facts import GivenFacts
from communityrules.diagnostics.message import RulesError
from communityrules.library.patterns import PatternMatcher, PatternRefused
from communityrules.model.event import Event, Member, Message

SIZE = 65_536
LIMIT = 0.010
OTHERS = ("a1 <b@c." * (SIZE // 8), "汉字 加微1" * (SIZE // 6), "1" * SIZE)


def attacks(row: dict[str, Any]) -> Iterable[str]:
    """Texts of 64 kB that were made to make a pattern hang, and three others."""
    if row.get("pump"):
        pump, prefix, suffix = (_unescaped(row[key] or "") for key in ("pump", "prefix", "suffix"))
        room = SIZE - len(prefix) - len(suffix) - 1
        for last in "\x01!\n":
            yield prefix + pump * (room // len(pump)) + suffix + last
    yield from OTHERS


def _unescaped(text: str) -> str:
    controls = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
    return re.sub(r"\\([0-7]{1,3}|[nrtfv])", lambda one: controls.get(one[1]) or chr(int(one[1], 8)), text)


def longest(run: Callable[[str], object], texts: Iterable[str]) -> float:
    """Seconds for the text that takes longest; of each the better of two runs: the machine has other things to do."""
    return max(min(seconds(run, text) for _ in range(2)) for text in texts)


def seconds(run: Callable[[str], object], text: str) -> float:
    before = time.perf_counter()
    run(text)
    return time.perf_counter() - before


def judged(pattern: str) -> Callable[[str], object] | None:
    """Judges a text by a rulebook with one rule, whose condition is the pattern; None where no literal can write it."""
    from communityrules import loads

    if "\n" in pattern:
        return None
    book = (
        f'rulebook "x"\nrule 1\n must not\n on message\n if message.text matches /{escaped(pattern)}/\n then delete\n'
    )
    try:
        evaluator = loads(book).evaluator
    except RulesError as error:
        print("  no rulebook:", pattern[:60], error)
        return None

    member = Member("m")

    def judge(text: str) -> object:
        event = Event("e", 0, "message", "c", member, Message("e", text), subject=member)
        return evaluator.evaluate(event, GivenFacts())

    return judge


def escaped(pattern: str) -> str:
    """The pattern between slashes: those inside classes may stand, others are escaped."""
    out, inside, at = [], False, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            out.append(pattern[at : at + 2])
            at += 2
            continue
        inside = char == "[" or (inside and char != "]")
        out.append("\\/" if char == "/" and not inside else char)
        at += 1
    return "".join(out)


def report(name: str, rows: list[dict[str, Any]], show: bool) -> bool:
    refused: Counter[str] = Counter()
    rewritten = 0
    slowest: list[tuple[float, str, str]] = []
    through: list[tuple[float, str, str]] = []
    building: list[tuple[float, str, str]] = []
    for row in rows:
        pattern = row["regex"]
        before = time.perf_counter()
        try:
            matcher = PatternMatcher(pattern)
        except PatternRefused as error:
            refused[error.reason] += 1
            rewritten += error.rewrite is not None
            if show:
                print(f"  {error.reason}: {pattern[:90]} -> {error.rewrite or (error.instead and error.instead.en)}")
            continue
        building.append((time.perf_counter() - before, row["id"], pattern))
        texts = list(attacks(row))
        slowest.append((longest(matcher.search, texts), row["id"], pattern))
        judge = judged(pattern)
        if judge is not None:
            through.append((longest(judge, texts), row["id"], pattern))
    accepted = len(rows) - refused.total()
    print(f"{name}: {len(rows)} patterns, {accepted} accepted, {refused.total()} refused, {rewritten} with a rewrite")
    for reason, count in refused.most_common():
        print(f"  refused, {reason}: {count}")
    for what, times in (("matcher", slowest), ("rulebook", through), ("building", building)):
        for took, where, pattern in sorted(times, reverse=True)[:3]:
            print(f"  slowest, {what}: {took * 1000:.2f} ms  {where}  {pattern[:60]}")
    return all(took < LIMIT for took, _, _ in (*slowest, *through))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[3] / "shared" / "data")
    parser.add_argument("--all", action="store_true", help="show every pattern that is refused")
    given = parser.parse_args()
    hanging = [json.loads(line) for line in (given.data / "redos/regexlib_rxxr2.jsonl").read_text().splitlines()]
    blocking = (given.data / "rulebooks/zh_danmaku_block_regex.txt").read_text(encoding="utf-8").splitlines()
    rows = [{"id": f"line {at}", "regex": line} for at, line in enumerate(blocking, 1) if line]
    fine = [report("hanging elsewhere", hanging, given.all), report("blocking rules", rows, given.all)]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
