"""Reading events from files of JSON Lines, plain or gzip: every line comes out as an event or as what is wrong with it.

Files may come from strangers: lines, nesting and memory are bounded, and nothing in a file can raise anything but a
coded WireError.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, TypeVar, cast

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
from communityrules.wire.unpacking import Unpacking

#: Bytes of one line with its line end. Longer ones are refused without being held in memory.
MAX_LINE: Final = 2 * 1_048_576
#: Bytes that a line may go on for until the file is not believed to be lines at all (a gzip bomb of one line).
MAX_SKIPPED: Final = 256 * 1_048_576

#: Bytes that are read at once.
_BLOCK: Final = 1 << 18

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
    if (event := types.usual.line(line)) is not None:
        return event
    return _unusual(line, types)


def _unusual(line: bytes, types: WireTypes) -> Event:
    """The event of a line with something unusual about it."""
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
    place = Place()
    for found in read_found(stream, name, types, place):
        if isinstance(found, WireError):
            yield Line(place.line, None, found)
        else:
            yield Line(place.line, found, None)


class Place:
    """How far a stream has been read."""

    __slots__ = ("line",)

    def __init__(self) -> None:
        #: The number of the latest line, from 1.
        self.line = 0


class Taken(Protocol):
    """What came of some lines that follow one another, which each held one event."""

    @property
    def count(self) -> int:
        """How many lines there were."""

    @property
    def left(self) -> Any:
        """The event of the line behind them, where it has been read, or what became of it; else None."""


T = TypeVar("T", bound=Taken)
#: Takes lines from a place among them on, as many as it likes, read by what it is handed.
Take = Callable[[list[bytes], int, Callable[[bytes], Event | None]], T]


def read_found(stream: BinaryIO, name: str, types: WireTypes, place: Place) -> Iterator[Event | WireError]:
    """What `read_stream` finds, line by line; `place` says where that was."""
    blank = Blank(name)
    usual = types.usual.line
    for block in read_blocks(stream, name):
        first = block[0]
        if isinstance(first, WireError):
            place.line += 1
            yield first
            del block[0]
        for number, line in enumerate(cast(list[bytes], block), place.line + 1):
            place.line = number
            event = usual(line)
            # What nearly every line of a log is.
            found = event if event is not None else _otherwise(line, types, blank)
            if found is not None:
                yield found


def read_ahead(
    stream: BinaryIO, name: str, types: WireTypes, place: Place, take: Take[T]
) -> Iterator[Event | WireError | T]:
    """The same, where whatever `take` takes of the lines is not looked at, and what it gave comes in its place."""
    blank = Blank(name)
    usual = types.usual.line
    for block in read_blocks(stream, name):
        first = block[0]
        if isinstance(first, WireError):
            place.line += 1
            yield first
            del block[0]
        lines, at, begun = cast(list[bytes], block), 0, place.line
        while at < len(lines):
            taken = take(lines, at, usual)
            if taken.count:
                at += taken.count
                place.line = begun + at
                yield taken
                if taken.left is None:
                    # It may take more now.
                    continue
            line = lines[at]
            at += 1
            place.line = begun + at
            found = taken.left or usual(line) or _otherwise(line, types, blank)
            if found is not None:
                yield found


def _otherwise(line: bytes, types: WireTypes, blank: Blank) -> Event | WireError | None:
    """What a line holds that is unusual; None when it is blank."""
    try:
        return _unusual(line, types)
    except WireError as error:
        return None if blank.is_blank(line) else error


class Blank:
    """Blank lines of one file: they hold nothing, and there must not be too much of it."""

    __slots__ = ("_name", "_size")

    def __init__(self, name: str) -> None:
        self._name = name
        self._size = 0

    def is_blank(self, line: bytes) -> bool:
        """Whether a line is. WireError when there have been too many."""
        if not line.isspace():
            return False
        self._size += len(line)
        if self._size > MAX_SKIPPED:
            raise WireError(NOT_EVENTS, None, file=self._name, found=f"> {MAX_SKIPPED >> 20} MiB of blank lines")
        return True


def read_blocks(stream: BinaryIO, name: str) -> Iterator[list[bytes | WireError]]:
    """The lines of a stream as they stand, with their ends, many at a time; blank ones too, so that all are counted.

    In place of a line too long to be believed, and of damage, its error, always the first of its block. OSError, and
    WireError when the stream holds something else than lines of text.
    """
    buffered = stream if isinstance(stream, BufferedReader) else BufferedReader(cast(Any, stream))
    head = buffered.peek(16)[:16]
    for magic, kind in _OTHERS:
        if head.startswith(magic):
            raise WireError(NOT_EVENTS, None, file=name, found=kind)
    unpacked = None
    if head.startswith(b"\x1f\x8b"):
        unpacked = Unpacking(buffered)
        buffered = BufferedReader(unpacked, _BLOCK)
    if buffered.peek(3)[:3] == b"\xef\xbb\xbf":
        buffered.read(3)
    # What there is, not more: a source that pauses is not waited for.
    read, room = buffered.read1, min(_BLOCK, MAX_LINE)
    rest = b""
    #: Bytes so far of a line that is too long, 0 when none is.
    over = 0
    while part := read(room):
        if over:
            end = part.find(b"\n") + 1
            over += end or len(part)
            if not end and over <= MAX_SKIPPED:
                continue
            yield [_too_long(over)]
            if over > MAX_SKIPPED:
                raise WireError(NOT_EVENTS, None, file=name, found=f"1 line > {MAX_SKIPPED >> 20} MiB")
            over, part = 0, part[end:]
        end = part.rfind(b"\n") + 1
        if end:
            # Which parts at line feeds alone, and finds them fastest.
            whole = BytesIO(part).readlines()
            left = whole.pop() if end < len(part) else b""
            lines: list[bytes | WireError] = [*whole]
            if rest:
                size = len(rest) + len(whole[0])
                lines[0] = rest + whole[0] if size <= MAX_LINE else _too_long(size)
            yield lines
            rest = left
        else:
            rest += part
        if len(rest) >= MAX_LINE:
            over, rest = len(rest), b""
    if over:
        yield [_too_long(over)]
    if unpacked is not None and unpacked.broken:
        # The line in which the damage lies.
        yield [WireError(CUT_SHORT, None, file=name)]
    elif rest:
        yield [rest]


def _too_long(size: int) -> WireError:
    return WireError(TOO_LARGE, None, size=f"{size} B", limit=f"{MAX_LINE} B")
