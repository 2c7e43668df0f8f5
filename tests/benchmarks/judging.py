"""How fast a chat log is judged, against reading and writing JSON alone.

    python tests/benchmarks/judging.py [LOG.jsonl[.gz]] [--rounds 3]

Without a log, one of 100,000 events in the flat form is invented. The rules are those of `tests/engine/chat.rules`:
flood, repetition, quiet hours, a daily count, links of newcomers. Each round runs, one after another and each in a
process of its own: the baseline (every line through the standard library's `json`, in and out), then `memory:` and
`sqlite:`, each twice. `judged` is `Engine.run` over events as a host has them, dictionaries in the wire form;
`files` is the whole way from JSON Lines to written decisions. What is loaded and imported before is left out. Printed
are the median of processor seconds, events a second, the ratio to the baseline, and peak memory of the process. The
ratios hold on a busy machine; events a second want a quiet one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "engine"))
EVENTS = 100_000


def baseline(log: Path, out: Path) -> tuple[float, int]:
    begun = time.process_time()
    count = 0
    with log.open("rb") as lines, out.open("w", encoding="utf-8") as written:
        for line in lines:
            written.write(json.dumps(json.loads(line), ensure_ascii=False) + "\n")
            count += 1
    return time.process_time() - begun, count


def judged(log: Path, url: str) -> tuple[float, int]:
    """Dictionaries in, decisions out."""
    from communityrules import Engine, load

    rulebook = load(HERE.parent / "engine" / "chat.rules")
    with log.open("rb") as lines:
        events = [json.loads(line) for line in lines]
    with Engine(rulebook, url) as engine:
        begun = time.process_time()
        deque(engine.run(events), maxlen=0)
        return time.process_time() - begun, engine.counts.judged


def files(log: Path, out: Path, url: str) -> tuple[float, int]:
    """JSON Lines in, JSON Lines out."""
    from communityrules import Engine, load
    from communityrules.wire.decisions import encode_decision
    from communityrules.wire.reading import read_events

    rulebook = load(HERE.parent / "engine" / "chat.rules")
    zone = rulebook.zone
    with Engine(rulebook, url) as engine, out.open("wb") as written:
        begun = time.process_time()
        events = (line.event for line in read_events(log, rulebook.events) if line.event is not None)
        for decision in engine.run(events):
            written.write(encode_decision(decision, zone) + b"\n")
        return time.process_time() - begun, engine.counts.judged


def measured(kind: str, log: Path, folder: Path) -> tuple[float, int, float]:
    """Processor seconds, events, peak memory in MB of one run in a process of its own."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            out = folder / "out.jsonl"
            what, _, store = kind.partition(" ")
            url = "memory:" if store == "memory" else f"sqlite:///{folder}/log.db"
            if what == "json":
                seconds, count = baseline(log, out)
            else:
                seconds, count = judged(log, url) if what == "judged" else files(log, out, url)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            os.write(write, json.dumps([seconds, count, peak]).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as said:
        answer = said.read()
    os.waitpid(child, 0)
    for left in folder.glob("log.db*"):
        left.unlink()
    if not answer:
        sys.exit(f"the run of {kind} failed")
    seconds, count, peak = json.loads(answer)
    return seconds, count, peak


def laid_out(given: Path | None, folder: Path) -> Path:
    """The log as plain JSON Lines."""
    log = folder / "log.jsonl"
    if given is None:
        from test_chat_log import invented

        log.write_text("".join(json.dumps(one) + "\n" for one in invented(EVENTS)), encoding="utf-8")
    elif given.suffix == ".gz":
        log.write_bytes(gzip.decompress(given.read_bytes()))
    else:
        log.write_bytes(given.read_bytes())
    return log


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("log", nargs="?", type=Path)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    kinds = ("json", "judged memory", "judged sqlite", "files memory", "files sqlite")
    runs: dict[str, list[tuple[float, int, float]]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = laid_out(given.log, folder)
        for _ in range(given.rounds):
            for kind in kinds:
                runs[kind].append(measured(kind, log, folder))
    print(f"{'':14} {'seconds':>8} {'events/s':>10} {'x baseline':>11} {'peak MB':>8}")
    standard = statistics.median(one[0] for one in runs["json"])
    for kind in kinds:
        seconds = statistics.median(one[0] for one in runs[kind])
        peak = max(one[2] for one in runs[kind])
        print(f"{kind:14} {seconds:8.2f} {runs[kind][0][1] / seconds:10,.0f} {seconds / standard:11.1f} {peak:8.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
