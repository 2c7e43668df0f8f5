"""Runs the benchmarks on one core and writes `docs/explanation/performance.md` and its picture from what they gave.

    python tests/benchmarks/performance.py [--peers] [--quick] [--date YYYY-MM-DD] [--out FILE] [--from FILE]

Figures go to `tests/benchmarks/results.json` (`--out`: elsewhere), with the machine they were measured on. The page and
the picture are made from them and from nothing else; `--from` makes both anew from figures that are there already.
`--peers` measures every other engine too that is installed; `--quick` measures less of everything, in a minute, to see
that all of it runs. A full run wants a quiet machine: seven minutes with peers. `--no-page` leaves the page alone.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

# the path to the measurements comes first
import loading
import scaling
import throughput
import windows
from apart import TooLongError, apart
from curves import picture
from peers import PEERS
from performance_page import page
from workload import KINDS

from communityrules.kernel import native

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PAGE = HERE.parents[1] / "docs" / "explanation" / "performance.md"
PICTURE = PAGE.with_suffix(".svg")
#: Seconds of processor time for one other engine at one number of rules, building it included.
_LIMIT = 20


def measure(quick: bool, peers: bool, say: Callable[[str], object]) -> dict[str, Any]:
    """All figures, as they are kept."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    loops = [_loop()]
    sizes = (10, 1_000) if quick else (10, 100, 1_000, 10_000)
    grown: list[dict[str, Any]] = []
    # Made before the processes part, so that each has them.
    scaling.sent_to_all()
    for kind in ("attributes", "mixed") if quick else KINDS:
        for number in sizes:
            say(f"{kind}, {number:,} rules")
            grown += _scaling(kind, number, peers, 0.02 if quick else 0.15)
        loops.append(_loop())
    loaded: dict[str, Any] = {}
    for number in (1_000,) if quick else (1_000, 10_000):
        say(f"loading {number:,} rules")
        runs = [apart(loading.measure, number) for _ in range(1 if quick else 2)]
        loaded[str(number)] = {name: min(one[name] for one in runs) for name in runs[0]}
        loops.append(_loop())
    say("whole processes")
    processes = apart(loading.processes)
    say("windows")
    each, _ = apart(
        windows.measured, ["by hand", "windows", "engine with", "engine without"],
        20_000 if quick else 200_000, 10_000, 1 if quick else 2,
    )  # fmt: skip
    loops.append(_loop())
    say("judge, from JSON Lines to decisions")
    judge = apart(throughput.measured, 1_000, 5_000 if quick else 40_000, 1 if quick else 2)
    loops.append(_loop())
    return {
        "machine": machine() | {"loop": [round(min(loops), 1), round(max(loops), 1)]},
        "quick": quick,
        "scaling": grown,
        "loading": loaded,
        "processes": processes,
        "windows": each,
        "judge": judge,
    }


def _scaling(kind: str, number: int, peers: bool, budget: float) -> Iterator[dict[str, Any]]:
    """Rows: kind, rules, name, microseconds (`mean`, `p50`, `p99` of `calls`) or `why` there are none."""
    rows, answers = apart(scaling.ours, kind, number, budget)
    yield from map(_row, rows)
    for name in PEERS if peers else ():
        try:
            yield _row(apart(scaling.peer, name, kind, number, budget, answers, limit=_LIMIT))
        except TooLongError as error:
            yield _row((kind, number, name, None, str(error)))


def _row(row: Any) -> dict[str, Any]:
    kind, number, name, found, why = row
    made: dict[str, Any] = {"kind": kind, "rules": number, "name": name}
    # What gives other rules has no figures.
    if found is not None and not why:
        mean, p50, p99, calls = found
        made |= {"mean": round(mean, 3), "p50": round(p50, 3), "p99": round(p99, 3), "calls": calls}
    return made | ({"why": why} if why else {})


def _loop() -> float:
    """Nanoseconds of one turn of an empty kind of loop, the best of five: how quick the machine is just now."""
    best = float("inf")
    for _ in range(5):
        total, begun = 0, time.process_time()
        for one in range(1_000_000):
            total += one
        best = min(best, (time.process_time() - begun) * 1e3)
    return best


def machine() -> dict[str, Any]:
    """What it was measured on, and which versions were there."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    said = dict(tuple(map(str.strip, one.split(":", 1))) for one in lines if ":" in one)
    versions = {}
    for package in ("communityrules", "daachorse", "ahocorasick_rs", "google-re2", "msgspec", *PEERS):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = ""
    return {
        "cpu": said.get("model name", name),
        "mhz": round(float(said["cpu MHz"])) if "cpu MHz" in said else None,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": versions,
        "kernel": all(map(native, ("reading", "sifting", "turning"))),
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--peers", action="store_true", help="other engines too, as far as they are installed")
    asked.add_argument("--quick", action="store_true", help="less of everything, to see that it runs")
    asked.add_argument("--date", help="the day of the measurement, as the page is to say it")
    asked.add_argument("--out", type=Path, default=RESULTS, help="where the figures are kept")
    asked.add_argument("--from", dest="source", type=Path, help="make the page from these figures; measure nothing")
    asked.add_argument("--no-page", action="store_true", help="write the figures only")
    given = asked.parse_args()
    if given.source is not None:
        results = json.loads(given.source.read_text(encoding="utf-8"))
    else:
        results = {"date": given.date} | measured_aloud(given.quick, given.peers)
        given.out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if not given.no_page:
        PAGE.write_text(page(results), encoding="utf-8")
        PICTURE.write_text(picture(results), encoding="utf-8")
    return 0


def measured_aloud(quick: bool, peers: bool) -> dict[str, Any]:
    begun = time.monotonic()
    results = measure(quick, peers, lambda what: print(f"{time.monotonic() - begun:6.0f} s  {what}", flush=True))
    print(f"{time.monotonic() - begun:6.0f} s  done")
    return results


if __name__ == "__main__":
    sys.exit(main())
