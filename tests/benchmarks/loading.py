"""How long a rulebook takes from text to evaluator, and what of it stays in memory.

    python tests/benchmarks/loading.py [RULES ...]

For each number of rules (1,000 and 10,000 when none is given) a rulebook is made: of ten rules four ask attributes of
the member, four an exact list of twenty words (two of those an attribute too), two a pattern. Loading it is timed cold,
again while it is held, and again with one rule changed; and what the engine takes to swap. Beside it, in the same run,
stands what Python takes to `compile()` straight-line code that asks the same attributes, and what JSON takes for the
lines of the text, there and back: the figures to compare are the ratios, as machines differ. Then whole processes:
`import communityrules`, and `communityrules check` of a small rulebook, beside a Python that does nothing.

Times are those of the processor. Memory is what stays of Python's own objects once the tree is let go, and the growth
of the process, which also holds what is free for the next ones.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from communityrules import Engine, loads

_SYLLABLES = ("ba", "ke", "lo", "mi", "nu", "ra", "so", "ti", "vu", "za", "dro", "fle", "gni", "pla", "stu")
_HEAD = """rulebook "mixed"
  timezone UTC

member (role: text, age: number, channel: text, links: number)

"""
_SMALL = _HEAD + 'rule 1\n  must not\n  on message\n  if message.text contains "spam"\n  then delete\n'


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5)))


def _attributes(chance: random.Random) -> list[str]:
    asked = [
        f"member.age {chance.choice(('<', '<=', '>', '>='))} {chance.randint(1, 400)}",
        f'member.role is "{_word(chance)}"',
        f'member.channel is one of ("{_word(chance)}", "{_word(chance)}", "{_word(chance)}")',
        f"(member.links > {chance.randint(1, 9)} or member.age < {chance.randint(1, 400)})",
    ]
    return chance.sample(asked, chance.randint(1, 3))


def rulebook(rules: int) -> tuple[str, str]:
    """A rulebook with that many rules; and the attributes that it asks as Python, for comparison."""
    chance = random.Random(rules)  # the same rulebook every time
    lists: list[str] = []
    texts: list[str] = []
    code: list[str] = ["def match(member, text):"]
    for number in range(rules):
        kind = number % 10
        conditions = _attributes(chance) if kind < 6 or kind == 8 else []
        asked = [one.replace(" is one of ", " in ").replace(" is ", " == ") for one in conditions]
        if 4 <= kind < 8:
            words = [_word(chance) for _ in range(20)]
            lists.append(f"list words{number} exactly anywhere = " + ", ".join(f'"{one}"' for one in words))
            conditions.append(f"message.text contains words{number}")
            asked.append(f"any(one in text for one in {words!r})")
        elif kind >= 8:
            conditions.append(f"message.text matches /{_word(chance)}[0-9]{{{chance.randint(2, 9)}}}/")
            asked.append(f"search({_word(chance)!r}, text)")
        condition = " and ".join(conditions)
        texts.append(f"rule {number}\n  must not\n  on message\n  if {condition}\n  then flag\n")
        code.append(f"    if {' and '.join(asked)}:\n        yield {number}")
    return _HEAD + "\n".join(lists) + "\n\n" + "\n".join(texts), "\n".join(code)


def _timed(make: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    before = time.process_time()
    made = make()
    return time.process_time() - before, made


def _resident() -> float:
    """Megabytes that the process holds; 0 where that cannot be told."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(rules: int) -> dict[str, float]:
    """Print the figures for one number of rules. Given are seconds, and megabytes by which the process grew."""
    text, code = rulebook(rules)
    changed = text.replace(f"rule {rules // 2}\n", f'rule {rules // 2} "another name"\n', 1)
    straight, _ = _timed(lambda: compile(code, "straight", "exec"))
    plain, _ = _timed(lambda: json.loads(json.dumps(text.split("\n"))))
    before = _resident()
    cold, book = _timed(lambda: loads(text))
    gc.collect()
    grown = _resident() - before
    again, _ = _timed(lambda: loads(text))
    edited, other = _timed(lambda: loads(changed))
    engine = Engine(book, store="memory:")
    swapped, _ = _timed(lambda: engine.swap(other))
    print(f"\n{rules:,} rules, {len(text) / 1e6:.1f} million letters; compile() {straight:.3f} s, json {plain:.3f} s")
    taken = {"cold": cold, "the same again": again, "one rule changed": edited, "swap": swapped}
    for what, seconds in taken.items():
        print(f"  {what:18} {seconds:8.3f} s  {seconds / straight:7.2f} x compile()  {seconds / plain:8.1f} x json")
    print(f"  the process grew by {grown:.0f} MB")
    engine.close()
    if rules <= 2000:
        tracemalloc.start()
        traced = loads(text, name="traced")
        gc.collect()
        print(f"  Python's objects that stay of `{traced.name}`: {tracemalloc.get_traced_memory()[0] / 1e6:.1f} MB")
        tracemalloc.stop()
    return {**taken, "straight": straight, "grown": grown}


def processes() -> dict[str, float]:
    """Print what whole processes take, the best of three, and give it in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "small.rules"
        book.write_text(_SMALL, encoding="utf-8")
        asked = {
            "python -c pass": ["-c", "pass"],
            "import communityrules": ["-c", "import communityrules"],
            "check": ["-m", "communityrules", "check", str(book)],
        }
        taken = {what: min(_process(arguments) for _ in range(3)) for what, arguments in asked.items()}
    least = taken["python -c pass"]
    print("\nwhole processes")
    for what, seconds in taken.items():
        print(f"  {what:22} {1000 * seconds:6.0f} ms  {seconds / least:6.1f} x python")
    return taken


def _process(arguments: list[str]) -> float:
    before = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - before


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    reader.add_argument("rules", type=int, nargs="*", default=[1000, 10_000])
    loads(_SMALL)
    for rules in reader.parse_args().rules:
        measure(rules)
    processes()


if __name__ == "__main__":
    main()
