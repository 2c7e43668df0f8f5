"""How often each detector finds something in messages that nobody objected to, and how long it takes.

    python tests/benchmarks/detectors.py [--data DIR] [--show DETECTOR] [--most N]

For each set of `--data` (`../shared/data` beside the project): messages in which each detector finds something, per
1,000 clean ones and per 1,000 unwanted ones. A find in a clean message is no mistake by itself: people do post links
and prices, so `--show` prints what was found, to be read. Last the microseconds a message.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from communityrules.library.detectors import DETECTORS

CLEAN = frozenset({"safe", "ham", "normal", "message", "clean"})


def messages(data: Path) -> Iterator[tuple[str, str, str]]:
    """Set, label, text."""
    for path in sorted((data / "labelled").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield path.name.removesuffix(".jsonl.gz"), row["label"], row["text"]
    with gzip.open(data / "events/irc_fluid.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["type"] == "message":
                yield "irc_fluid", "message", row["text"]
    with gzip.open(data / "dialogues/zh_jddc_sample.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield "zh_jddc", "message", row.get("text") or " ".join(row.get("context", ()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[3] / "shared" / "data")
    parser.add_argument("--show", choices=DETECTORS, help="print what this one finds in clean messages")
    parser.add_argument("--unwanted", action="store_true", help="with --show: in unwanted ones instead")
    parser.add_argument("--most", type=int, default=100)
    given = parser.parse_args()
    rows = list(messages(given.data))
    found: Counter[tuple[str, bool, str]] = Counter()
    total: Counter[tuple[str, bool]] = Counter((name, label in CLEAN) for name, label, _ in rows)
    took = dict.fromkeys(DETECTORS, 0.0)
    shown = 0
    for detector, declared in DETECTORS.items():
        for name, label, text in rows:
            before = time.perf_counter()
            matches = list(declared.find(text))
            took[detector] += time.perf_counter() - before
            if not matches:
                continue
            clean = label in CLEAN
            found[name, clean, detector] += 1
            if detector == given.show and clean != given.unwanted and shown < given.most:
                shown += 1
                pieces = " | ".join(text[one.start : one.end] for one in matches)
                print(f"{name} {label}: [{pieces}] in {' '.join(text.split())[:160]}")
    for clean in (True, False):
        print(f"\nmessages with a find, per 1,000 {'clean' if clean else 'unwanted'} messages")
        print(f"{'':24}{'messages':>10}" + "".join(f"{one:>15}" for one in DETECTORS))
        names = sorted(name for name, kind in total if kind is clean)
        for name in names:
            count = total[name, clean]
            shares = "".join(f"{found[name, clean, one] * 1000 / count:15.2f}" for one in DETECTORS)
            print(f"{name:24}{count:10}{shares}")
        count = sum(total[name, clean] for name in names)
        sums = {one: sum(found[name, clean, one] for name in names) for one in DETECTORS}
        print(f"{'all':24}{count:10}" + "".join(f"{sums[one] * 1000 / count:15.2f}" for one in DETECTORS))
    print("\nmicroseconds a message")
    for one in DETECTORS:
        print(f"{one:24}{took[one] / len(rows) * 1e6:10.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
