"""How many events a second `communityrules judge` takes, from JSON Lines to written decisions.

    python tests/benchmarks/throughput.py [--rules 1000] [--events 40000] [--rounds 2]

The whole command runs in a process of its own, over mixed rules and two windows: once with few events and once with
all; what the more events cost is told, so that neither starting nor loading the rulebook counts. One rule in ten mutes.
It runs on the store in memory and on SQLite, where sanctions are on the disk before they are written as decisions; for
that one, time by the clock is told too. Beside it stands what reading and writing the same lines by the standard
library's `json` takes. Other times are those of the processor; of each the best round.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# the path to the workload comes first
from workload import messages, mixed_rules, rulebook, wire

#: By then most rules that are ever asked have been: they are written when that first happens.
_FEW = 10_000
_EVERY_TENTH = re.compile(r"(^rule \d*0\n(?:  .*\n)*?)  then flag\n", re.MULTILINE)


def measured(rules: int, events: int, rounds: int) -> dict[str, float]:
    """Microseconds an event: `json` alone, `memory`, `sqlite`, and `sqlite clock`."""
    best = dict.fromkeys(("json", "memory", "sqlite", "sqlite clock"), float("inf"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book, few, all_of_them = folder / "mixed.rules", folder / "few.jsonl", folder / "all.jsonl"
        said = rulebook(mixed_rules(rules), windows=True)
        book.write_text(_EVERY_TENTH.sub(r"\1  then mute 10 minutes\n", said), encoding="utf-8")
        lines = [json.dumps(wire(one), ensure_ascii=False) + "\n" for one in messages(_FEW + events)]
        few.write_text("".join(lines[:_FEW]), encoding="utf-8")
        all_of_them.write_text("".join(lines), encoding="utf-8")
        for _ in range(rounds):
            begun = time.process_time()
            with (folder / "out.jsonl").open("w", encoding="utf-8") as out:
                for line in lines[:events]:
                    out.write(json.dumps(json.loads(line), ensure_ascii=False) + "\n")
            taken = {"json": time.process_time() - begun}
            for store in ("memory", "sqlite"):
                some, clock = _judged(folder, book, few, store)
                whole, whole_clock = _judged(folder, book, all_of_them, store)
                taken[store] = whole - some
            taken["sqlite clock"] = whole_clock - clock
            best = {kind: min(best[kind], seconds / events * 1e6) for kind, seconds in taken.items()}
    return best


def _judged(folder: Path, book: Path, log: Path, store: str) -> tuple[float, float]:
    """Seconds of the processor and by the clock of one whole run of the command."""
    database = folder / "facts.db"
    url = "memory:" if store == "memory" else f"sqlite:///{database}"
    asked = [sys.executable, "-m", "communityrules", "judge", str(book), str(log), "--store", url, "--format", "json"]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with (folder / "out.jsonl").open("wb") as out:
        subprocess.run(asked, check=True, stdout=out, stderr=subprocess.DEVNULL)
    after, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - begun
    with (folder / "out.jsonl").open("rb") as written, log.open("rb") as read:
        if sum(1 for _ in written) < sum(1 for _ in read):
            sys.exit("there are fewer decisions than events")
    for left in folder.glob("facts.db*"):
        left.unlink()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rules", type=int, default=1_000)
    asked.add_argument("--events", type=int, default=40_000)
    asked.add_argument("--rounds", type=int, default=2)
    given = asked.parse_args()
    found = measured(given.rules, given.events, given.rounds)
    print(f"{'':12} {'µs':>8} {'events/s':>12} {'x json':>8}")
    for kind, each in found.items():
        print(f"{kind:12} {each:8.2f} {1e6 / each:12,.0f} {each / found['json']:8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
