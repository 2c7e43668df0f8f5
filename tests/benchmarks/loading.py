"""How long a rulebook takes from text to evaluator, and what of it stays in memory.

    python tests/benchmarks/loading.py [RULES ...]

For each number of rules (1,000 and 10,000 when none is given) the mixed rulebook of `workload` is loaded: cold, again
while it is held, from the folder where it was kept, and with one rule changed, as long as it is held; and the engine
swaps. Checking is told by itself: after one rule has changed in its line, has got a line more, or a list a word more,
and of all of it. Beside it, in the same run, stands what Python takes for ten million turns of an empty loop, for
straight-line code of the same rules, and what JSON takes for the lines of the text, there and back: the figures to
compare are the ratios, as machines differ. Then whole processes: `import communityrules`, and `communityrules check` of
a small rulebook, beside a Python that does nothing.

Times are those of the processor. Memory is what stays of Python's own objects once the tree is let go, and the growth
of the process, which also holds what is free for the next ones.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from communityrules import Engine, loads
from communityrules.checker.check import check
from communityrules.diagnostics.source import Source

sys.path.insert(0, str(Path(__file__).parent))
from workload import mixed_rules, rulebook, straight_line

_SMALL = """rulebook "small"
  timezone UTC

rule 1
  must not
  on message
  if message.text contains "spam"
  then delete
"""


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
    made = mixed_rules(rules)
    text = rulebook(made)
    half = rules // 2
    changed = text.replace(f"rule {half}\n", f'rule {half} "another name"\n', 1)
    longer = text.replace(f"rule {half}\n", f'rule {half}\n  content "another text"\n', 1)
    reworded = text.replace("anywhere = ", 'anywhere = "another word", ', 1)
    with tempfile.TemporaryDirectory() as folder:
        before = _resident()
        cold, book = _timed(lambda: loads(text))
        gc.collect()
        grown = _resident() - before
        # Only now: what the system is given back of it would hide what loading keeps.
        turning, _ = _timed(_turn)
        straight, _ = _timed(lambda: straight_line(made))
        plain, _ = _timed(lambda: json.loads(json.dumps(text.split("\n"))))
        again, _ = _timed(lambda: loads(text))
        checking, _ = _timed(lambda: check(Source("rulebook", changed)))
        lower, _ = _timed(lambda: check(Source("rulebook", longer)))
        worded, _ = _timed(lambda: check(Source("rulebook", reworded)))
        anew, _ = _timed(lambda: check(Source("another", changed)))
        edited, other = _timed(lambda: loads(changed))
        engine = Engine(book, store="memory:")
        swapped, _ = _timed(lambda: (engine.swap(other), list(engine.advance(0))))
        engine.close()
        loads(text, name="kept", cache=folder)
        kept, read = _timed(lambda: loads(text, name="kept", cache=folder))
        assert read.checked == book.checked
    print(
        f"\n{rules:,} rules, {len(text) / 1e6:.1f} million letters; ten million turns of a loop {turning:.2f} s, "
        f"straight-line code {straight:.3f} s, json {plain:.3f} s"
    )
    taken = {
        "cold": cold, "the same again": again, "kept in a folder": kept, "one rule changed": edited,
        "of that, checking": checking, "checking, a line more": lower, "checking, a word more": worded,
        "checking as a whole": anew, "swap": swapped,
    }  # fmt: skip
    for what, seconds in taken.items():
        print(
            f"  {what:21} {seconds:8.3f} s  {seconds / turning:7.2f} x loop  {seconds / straight:7.2f} x straight-line"
            f"  {seconds / plain:8.1f} x json"
        )
    print(f"  the process grew by {grown:.0f} MB")
    if rules <= 2000:
        tracemalloc.start()
        traced = loads(text, name="traced")
        gc.collect()
        print(f"  Python's objects that stay of `{traced.name}`: {tracemalloc.get_traced_memory()[0] / 1e6:.1f} MB")
        tracemalloc.stop()
    return {**taken, "straight": straight, "grown": grown}


def _turn() -> None:
    for _ in range(10**7):
        pass


def processes() -> dict[str, float]:
    """Print what whole processes take, the best of four, and give it in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "small.rules"
        book.write_text(_SMALL, encoding="utf-8")
        asked = {
            "python -c pass": ["-c", "pass"],
            "import communityrules": ["-c", "import communityrules"],
            "check": ["-m", "communityrules", "check", str(book)],
        }
        # With modules compiled before, as where the package was installed.
        around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        around["PYTHONPYCACHEPREFIX"] = folder
        taken = {what: min(_process(arguments, around) for _ in range(4)) for what, arguments in asked.items()}
    least = taken["python -c pass"]
    print("\nwhole processes")
    for what, seconds in taken.items():
        print(f"  {what:22} {1000 * seconds:6.0f} ms  {seconds / least:6.1f} x python")
    return taken


def _process(arguments: list[str], around: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=around)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
