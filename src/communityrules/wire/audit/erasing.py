"""Erasing personal texts: they go for good, and the log says which ones went and still holds together.

The record of the erasure is on the disk before the texts go: when it is stopped midway, the same erasure again takes
away what is left.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from msgspec import Struct

from communityrules.wire.audit.appending import Appending
from communityrules.wire.audit.bodies import ENTRIES, commitments_of, erased_by, erasure
from communityrules.wire.audit.errors import ERASE_WHAT, NOT_CONTINUED, NOTHING_THERE, AuditError
from communityrules.wire.audit.lines import lines_of
from communityrules.wire.audit.private import uses
from communityrules.wire.audit.records import open_line
from communityrules.wire.audit.replacing import replace
from communityrules.wire.audit.texts import Kept, read_texts, write_texts


class Wanted(Struct, frozen=True):
    """Whose texts are to go.

    Of an event: all that its decisions hold. Of a member: all in the decisions about them or about what they sent,
    except who else had a part there; in other decisions, who they are.
    """

    event: str | None = None
    member: str | None = None
    #: Only in this community; None: in all.
    community: str | None = None
    #: Why, for the record. It stays.
    note: str | None = None


class Erased(Struct, frozen=True):
    """What an erasure did."""

    #: Records of decisions that hold such texts, and how many texts went now.
    records: int
    texts: int
    #: Texts that an erasure before had named and that were still there.
    finished: int
    #: The log's last record now: that of the erasure, where there was something new to erase.
    number: int
    hash: str


def erase(path: str, wanted: Wanted) -> Erased:
    """Erase texts of a log that nobody has open. AuditError when it is in use, damaged, none, or holds no such text."""
    if wanted.event is None and wanted.member is None:
        raise AuditError(ERASE_WHAT)
    # A log that is not there is not made.
    os.stat(path)
    chain = Appending(path, lambda mark: mark, lambda _: None)
    try:
        return erase_in(chain, wanted)
    finally:
        chain.close_files()


def erase_in(chain: Appending, wanted: Wanted) -> Erased:
    """Erase texts of a log that is open for appending. AuditError when nothing says which, or it holds no such text."""
    if wanted.event is None and wanted.member is None:
        raise AuditError(ERASE_WHAT)
    chain.flush()
    found: dict[int, list[int]] = {}
    records = 0
    with open(chain.path, "rb") as log, open(chain.texts_path, "rb") as texts:
        known = _erased_before(log)
        log.seek(0)
        for number, indices in _matches(log, texts, wanted):
            records += 1
            new = [one for one in indices if one not in known.get(number, ())]
            if new:
                found[number] = new
    if not records:
        raise AuditError(NOTHING_THERE, file=chain.path, who=str(wanted.event or wanted.member))
    entries = list(found.items())
    for start in range(0, len(entries), ENTRIES):
        chain.append(erasure(entries[start : start + ENTRIES], wanted.note))
    chain.flush()
    for number, new in entries:
        known.setdefault(number, set()).update(new)
    with chain.texts_apart():
        gone = _take_away(chain.texts_path, known)
    count = sum(map(len, found.values()))
    return Erased(records, count, gone - count, chain.number, chain.hash)


def _erased_before(log: BinaryIO) -> dict[int, set[int]]:
    known: dict[int, set[int]] = {}
    for line, _ in lines_of(log):
        record = open_line(line) if line is not None and b'"kind":"erasure"' in line else None
        content = record.content() if record is not None else None
        if content is not None and content.get("kind") == "erasure":
            for number, indices in erased_by(content) or ():
                known.setdefault(number, set()).update(indices)
    return known


def _matches(log: BinaryIO, texts: BinaryIO, wanted: Wanted) -> Iterator[tuple[int, list[int]]]:
    """Records that are meant, each with those of its texts that are still there and meant."""
    beside = _Kept(texts)
    for line, _ in lines_of(log):
        record = open_line(line or b"")
        content = record.content() if record is not None else None
        if record is None or content is None or commitments_of(content) is None:
            continue
        decision = content["decision"]
        if wanted.community is not None and decision.get("community") != wanted.community:
            continue
        kept = beside.of(record.number)
        found: set[int] | None = None
        if wanted.event is not None and _is_event(decision.get("event"), kept, wanted.event):
            found = {index for index, one in enumerate(kept) if one is not None}
        if wanted.member is not None:
            theirs = _of_member(content, kept, wanted.member)
            found = theirs if found is None else found | (theirs or set())
        if found is not None:
            yield record.number, sorted(found)


def _is_event(event: Any, kept: Sequence[Kept | None], wanted: str) -> bool:
    if isinstance(event, dict):
        # A timer, whose id may hold a member's.
        index = event.get("id", {}).get("text") if isinstance(event.get("id"), dict) else None
        one = kept[index] if isinstance(index, int) and 0 <= index < len(kept) else None
        return one is not None and one.text == wanted
    return bool(event == wanted)


def _of_member(content: Mapping[str, Any], kept: Sequence[Kept | None], member: str) -> set[int] | None:
    """The texts of a member in one record; None when it has nothing of them."""
    found: set[int] = set()
    others: set[int] = set()
    about = False
    for use in uses(content):
        one = kept[use.index] if use.index < len(kept) else None
        if one is None:
            continue
        if one.text == member and use.person:
            about = about or use.subject
            found.add(use.index)
        elif use.person:
            others.add(use.index)
        elif member in one.text.split("/"):
            # An id that was made of theirs.
            found.add(use.index)
    if about:
        found.update(index for index, one in enumerate(kept) if one is not None and index not in others)
    return found or None


class _Kept:
    """The texts beside a log, read in step with it."""

    def __init__(self, file: BinaryIO) -> None:
        self._lines = (read_texts(line) for line, _ in lines_of(file) if line is not None)
        self._ahead = next(self._lines, None)

    def of(self, number: int) -> list[Kept | None]:
        while self._ahead is None or self._ahead.number < number:
            try:
                self._ahead = next(self._lines)
            except StopIteration:
                return []
        return self._ahead.texts if self._ahead.number == number else []


def _take_away(path: str, known: Mapping[int, set[int]]) -> int:
    """Write the texts anew without those that are erased; how many went."""
    part = f"{path}.part"
    gone = 0
    try:
        with open(path, "rb") as texts, open(part, "wb") as file:
            os.chmod(part, os.fstat(texts.fileno()).st_mode & 0o7777)
            for line, ended in lines_of(texts):
                if line is None:
                    raise AuditError(NOT_CONTINUED, file=path, number="?")
                found = read_texts(line)
                indices = known.get(found.number) if found is not None else None
                if found is not None and indices:
                    left = [None if index in indices else one for index, one in enumerate(found.texts)]
                    gone += left.count(None) - found.texts.count(None)
                    line = write_texts(found.number, left)
                file.write(line + (b"\n" if ended else b""))
            file.flush()
            os.fsync(file.fileno())
        replace(part, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise
    return gone
