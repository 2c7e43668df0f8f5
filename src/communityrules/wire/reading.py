"""Reading events from files of JSON Lines, plain or gzip: every line comes out as an event or as what is wrong with it.

Files may come from strangers: lines, nesting and memory are bounded, and nothing in a file can raise anything but a
coded WireError.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import orjson
from msgspec import Struct

from communityrules.model.event import Event
from communityrules.wire.errors import (
    CUT_SHORT,
    NOT_EVENTS,
    NOT_JSON,
    TOO_LARGE,
    TWICE,
    WRONG_TYPE,
    WireError,
    shown,
)
from communityrules.wire.events import STANDARD_TYPES, WireTypes, build_event, canonical
from communityrules.wire.flat import flat_line
from communityrules.wire.unpacking import Unpacking

#: Bytes of one line with its line end. Longer ones are refused without being held in memory.
MAX_LINE: Final = 2 * 1_048_576
#: Bytes that a line may go on for until the file is not believed to be lines at all (a gzip bomb of one line).
MAX_SKIPPED: Final = 256 * 1_048_576

#: How files begin that people give by mistake.
_OTHERS: Final = (
    (b"PK\x03\x04", "ZIP / XLSX"),
    (b"\x89PNG", "PNG"),
    (b"%PDF", "PDF"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x7fELF", "ELF"),
)


class Line(Struct, frozen=True):
    """What one line of a file holds. A struct because one is made for every event."""

    #: Counted from 1; blank lines count but hold nothing and do not come out.
    number: int
    event: Event | None
    error: WireError | None

    def __iter__(self) -> Iterator[int | Event | WireError | None]:
        return iter((self.number, self.event, self.error))


def decode_event(line: bytes, types: WireTypes = STANDARD_TYPES) -> Event:
    """The event of one line of JSON. WireError when it is none."""
    if b'"ts"' in line and (event := flat_line(line, types)) is not None:
        return event
    return _any_event(line, types)


def _any_event(line: bytes, types: WireTypes) -> Event:
    """The event of a line that is not in the usual flat form."""
    if b'"time"' in line and (event := types.full.line(line)) is not None:
        return event
    try:
        body = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _not_json(line, error) from None
    if type(body) is not dict:
        raise WireError(WRONG_TYPE, None, found=shown(body), example='{"id": "m42", "type": "message"}')
    written = canonical(body)
    # A name that stands twice leaves its quotes in the line alone: a difference, but where the line spells others out.
    if line.count(b'"') != written.count(b'"') or b"\\u0022" in line:
        _refuse_repeated(line)
    return build_event(body, types, written)


def _not_json(line: bytes, error: orjson.JSONDecodeError) -> WireError:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as broken:
        start = len(line[: broken.start].decode("utf-8")) + 1
        found = "".join(f"\\x{one:02x}" for one in line[broken.start : broken.start + 8])
        return WireError(NOT_JSON, None, column=str(start), found=f"`{found}`")
    # orjson's own message is for programmers; where it stopped is what a person needs.
    return WireError(NOT_JSON, None, column=str(error.pos + 1), found=shown(text[error.pos : error.pos + 60].rstrip()))


class _RepeatedError(ValueError):
    pass


def _refuse_repeated(line: bytes) -> None:
    def check(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _RepeatedError(name)
            seen.add(name)

    try:
        json.loads(line, object_pairs_hook=check)
    except _RepeatedError as error:
        name = shown(str(error)).strip("`")
        raise WireError(TWICE, name, other=name) from None
    except (ValueError, RecursionError):
        # What the fast reader accepted and this one does not is too deep; it holds nothing that is read.
        raise WireError(TOO_LARGE, None, size="> 900 levels", limit="900 levels") from None


def read_events(source: str | Path, types: WireTypes = STANDARD_TYPES) -> Iterator[Line]:
    """The lines of a `.jsonl` or `.jsonl.gz` file, or of standard input for `-`, one by one.

    OSError when the file cannot be opened or read; WireError when it holds something else than lines of text.
    """
    if str(source) == "-":
        yield from read_stream(cast(BufferedReader, sys.stdin.buffer), "-", types)
        return
    with closing(open(source, "rb")) as file:
        yield from read_stream(file, str(source), types)


def read_stream(stream: BinaryIO, name: str, types: WireTypes = STANDARD_TYPES) -> Iterator[Line]:
    """As `read_events`, from an open binary stream. Gzip is known by its first bytes, not by the name."""
    buffered = stream if isinstance(stream, BufferedReader) else BufferedReader(cast(Any, stream))
    head = buffered.peek(16)[:16]
    for magic, kind in _OTHERS:
        if head.startswith(magic):
            raise WireError(NOT_EVENTS, None, file=name, found=kind)
    if head.startswith(b"\x1f\x8b"):
        unpacked = Unpacking(buffered)
        yield from _lines(BufferedReader(unpacked, 1 << 18), name, types, unpacked)
    else:
        yield from _lines(buffered, name, types)


def _lines(stream: BinaryIO, name: str, types: WireTypes, unpacked: Unpacking | None = None) -> Iterator[Line]:
    number = blank = 0
    readline = stream.readline
    while True:
        number += 1
        line = readline(MAX_LINE)
        decode: Callable[[bytes, WireTypes], Event] = decode_event
        if b'"ts"' in line and line[-1:] == b"\n":
            # What nearly every line of a log is.
            if (event := flat_line(line, types)) is not None:
                yield Line(number, event, None)
                continue
            decode = _any_event
        if not line.endswith(b"\n") and len(line) < MAX_LINE:
            # The end, and of a damaged file the line in which the damage lies.
            if unpacked is not None and unpacked.broken:
                yield Line(number, None, WireError(CUT_SHORT, None, file=name))
                return
            if not line:
                return
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            size = len(line) + _skip(stream)
            yield Line(number, None, WireError(TOO_LARGE, None, size=f"{size} B", limit=f"{MAX_LINE} B"))
            if size > MAX_SKIPPED:
                raise WireError(NOT_EVENTS, None, file=name, found=f"1 line > {MAX_SKIPPED >> 20} MiB")
            continue
        if number == 1 and line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
            decode = decode_event
        if line.isspace():
            blank += len(line)
            if blank > MAX_SKIPPED:
                raise WireError(NOT_EVENTS, None, file=name, found=f"> {MAX_SKIPPED >> 20} MiB of blank lines")
            continue
        try:
            event = decode(line, types)
        except WireError as error:
            yield Line(number, None, error)
        else:
            yield Line(number, event, None)


def _skip(stream: BinaryIO) -> int:
    """Read on to the end of the line and forget it; how many bytes that was."""
    skipped = 0
    while skipped <= MAX_SKIPPED:
        part = stream.readline(MAX_LINE)
        skipped += len(part)
        if not part or part.endswith(b"\n"):
            break
    return skipped
