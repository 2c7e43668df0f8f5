"""Reading decisions back from files of JSON Lines, plain or gzip, as `judge` writes them; bounded like events are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import orjson
from msgspec import Struct

from communityrules.wire.unpacking import Unpacking

#: Bytes of one line with its end. Longer ones are refused without being held in memory.
MAX_LINE: Final = 16 * 1_048_576
#: What every decision has.
_PARTS: Final = {
    "time": str, "community": str, "rulebook": dict, "verdict": str, "outcomes": list, "sanctions": list,
    "duties": list, "cases": list, "notices": list, "points": list, "labels": list, "errors": list,
}  # fmt: skip


class DecisionLine(Struct, frozen=True):
    """What one line holds: a decision in the wire form, or nothing where it is none."""

    #: Counted from 1; blank lines count and do not come out.
    number: int
    decision: dict[str, Any] | None


def read_decisions(source: str | Path) -> Iterator[DecisionLine]:
    """The lines of a `.jsonl` or `.jsonl.gz` file, or of standard input for `-`, one by one. OSError as `open`."""
    if str(source) == "-":
        yield from _read(cast(BufferedReader, sys.stdin.buffer))
        return
    with closing(open(source, "rb")) as file:
        yield from _read(file)


def _read(stream: BinaryIO) -> Iterator[DecisionLine]:
    buffered = stream if isinstance(stream, BufferedReader) else BufferedReader(cast(Any, stream))
    unpacked = Unpacking(buffered) if buffered.peek(2)[:2] == b"\x1f\x8b" else None
    lines = buffered if unpacked is None else BufferedReader(unpacked, 1 << 18)
    number = 0
    while line := lines.readline(MAX_LINE):
        number += 1
        whole = line.endswith(b"\n") or len(line) < MAX_LINE
        while not line.endswith(b"\n") and not whole and (rest := lines.readline(MAX_LINE)):
            if rest.endswith(b"\n"):
                break
        if not line.isspace():
            yield DecisionLine(number, _decision(line) if whole else None)
    if unpacked is not None and unpacked.broken:
        yield DecisionLine(number + 1, None)


def _decision(line: bytes) -> dict[str, Any] | None:
    try:
        body = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if type(body) is not dict or not all(type(body.get(name)) is kind for name, kind in _PARTS.items()):
        return None
    event = body.get("event")
    if type(event) is not str and not (type(event) is dict and type(event.get("id")) is str):
        return None
    parts = ("outcomes", "sanctions", "duties", "cases", "points", "labels")
    if not all(type(one) is dict for name in parts for one in body[name]):
        return None
    return body
