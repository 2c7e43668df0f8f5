"""Feed the engine lines that are no events, or nearly, and see that none is lost.

    python tests/soak/fuzz_events.py [--count 200000] [--budget SECONDS] [--seed 1]

Lines are random bytes, damaged events, events with a value of another kind somewhere, and good events. Promised: every
line is judged, known already, or refused with a code that says where and why in both languages; nothing is raised. The
kernel, where it was built, and Python read the same of every line, and of what is a dictionary in it.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from communityrules import Engine, load
from communityrules.engine.quarantine import Quarantined
from communityrules.model.event import Event
from communityrules.wire.decisions import encode_decision
from communityrules.wire.errors import WireError
from communityrules.wire.events import event_from_wire
from communityrules.wire.reading import decode_event, read_stream
from communityrules.wire.types import WireTypes
from communityrules.wire.usual import Plain

EXAMPLE = Path(__file__).parents[2] / "examples" / "customer-community"
_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, 10**30, "", " ", "\u0000", "\ud7ff\u200b\U0001f600", "x" * 5000, [], [[]], {}, {"id": 1},
    ["a", None], "2026-06-09T08:30:00", "9999-12-31T23:59:59Z", "０１２",
)  # fmt: skip
BATCH = 500


def spoil(event: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Put something else in some place of an event."""
    spoiled: dict[str, Any] = json.loads(json.dumps(event))
    place: dict[str, Any] = spoiled
    while True:
        key = chance.choice([*place, "more"])
        inner = place.get(key)
        if isinstance(inner, dict) and inner and chance.random() < 0.6:
            place = inner
            continue
        if chance.random() < 0.3:
            place.pop(key, None)
        else:
            place[key] = chance.choice(_VALUES)
        return spoiled


def line(events: list[dict[str, Any]], number: int, chance: random.Random) -> bytes:
    """One line, good or bad, without its end."""
    kind = chance.randrange(4)
    if kind == 0:
        made = bytes(chance.randrange(256) for _ in range(chance.choice((0, 1, 5, 80))))
    else:
        event = dict(chance.choice(events), id=f"f{number}")
        if kind == 1:
            event = spoil(event, chance)
        made = json.dumps(event, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
        if kind == 2:
            at = chance.randrange(len(made))
            made = made[:at] + bytes([chance.randrange(256)]) + made[at + 1 :]
    return made.replace(b"\n", b" ").replace(b"\r", b" ")


def by_python(types: WireTypes) -> WireTypes:
    """The same types, by which nothing is read in C."""
    plain = replace(types)
    plain.__dict__["usual"] = Plain(plain)
    return plain


def compare(given: bytes, types: WireTypes, plain: WireTypes) -> None:
    """See that a line is read alike in both ways, and as a dictionary as well."""
    assert _told(decode_event, given, types) == _told(decode_event, given, plain), given
    try:
        body = json.loads(given)
    except (ValueError, RecursionError):
        return
    if isinstance(body, dict):
        assert _told(event_from_wire, body, types) == _told(event_from_wire, body, plain), body


def _told(read: Callable[[Any, WireTypes], Event], given: Any, types: WireTypes) -> object:
    try:
        event = read(given, types)
    except WireError as error:
        return error.diagnostic.code, error.field
    return event, event.digest, event.member is not None and event.member.roles_said


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=200_000)
    asked.add_argument("--budget", type=float, default=3600.0, help="seconds after which to stop")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    rulebook = load(EXAMPLE / "community.rules")
    plain = by_python(rulebook.events)
    events = [json.loads(one) for one in (EXAMPLE / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    chance = random.Random(given.seed)
    engine = Engine(rulebook)
    stop = time.monotonic() + given.budget
    lines = unread = 0
    refused: list[Quarantined] = []
    while lines < given.count and time.monotonic() < stop:
        batch = [line(events, lines + number, chance) for number in range(BATCH)]
        blank = sum(not one.strip() for one in batch)
        lines += BATCH - blank
        for one in batch:
            compare(one, rulebook.events, plain)
        good = []
        # The empty first line keeps a line of random bytes from being taken for the beginning of another kind of file.
        stream = io.BytesIO(b"\n" + b"\n".join(batch) + b"\n")
        for read in read_stream(stream, "fuzz", rulebook.events):
            if read.event is not None:
                good.append(read.event)
                continue
            assert read.error is not None, "neither an event nor an error"
            said = read.error.diagnostic
            assert said.text("en"), "an error without words"
            assert said.text("zh"), "an error without words in Chinese"
            unread += 1
        for decision in engine.run(good, quarantine=refused.append):
            encode_decision(decision, rulebook.zone)
    counts = engine.counts
    assert counts.read == counts.judged + counts.duplicate + counts.quarantined, counts
    assert counts.quarantined == len(refused), (counts, len(refused))
    assert lines == counts.read + unread, (lines, counts, unread)
    print(f"{lines} lines: {counts.judged} judged, {counts.duplicate} known, {counts.quarantined + unread} refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
