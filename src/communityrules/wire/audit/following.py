"""Following the chain line by line: what is altered, missing, moved, repeated or put in between.

Remembers a bounded number of gaps and of records that stood too early, and nothing else of what it has seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from communityrules.wire.audit.errors import ALTERED, MISSING, OUT_OF_PLACE, UNLINKED
from communityrules.wire.audit.findings import AGAIN, EARLY, MOVED, NO_FIT, NO_FORM, Finding, finding, records
from communityrules.wire.audit.records import BEGINNING, Record, open_line

#: Gaps, and records that stood too early, that are kept in mind.
_MOST: Final = 10_000


class _Gap:
    """Numbers that were passed over. Until the next record tells whether they are missing, or one stands too early."""

    __slots__ = ("altered", "first", "found", "hash", "hashes", "last", "line", "number")

    def __init__(self, chain: Following, number: int) -> None:
        #: The record after the gap, and its line.
        self.number = number
        self.line = chain.line
        #: Its first number, and where else the chain was before it.
        self.first = chain.next
        self.last, self.hash, self.hashes, self.altered = chain.last, chain.hash, chain.hashes, chain.altered
        #: How many of the gap's records have turned up elsewhere.
        self.found = 0


class Following:
    """The state between two lines.

    Begins before the first line of a log; or, for a part of one, before the record `number`, which names `previous`.
    `file` is what findings call the log.
    """

    def __init__(self, file: str, number: int = 0, previous: str = BEGINNING) -> None:
        self._file = file
        #: The number that the next record must have, and the hashes one of which it must name; none: any will do.
        self.next = number
        self.hashes: tuple[str, ...] = (previous,)
        #: Number and hash of the last record that was as it should be.
        self.last = number - 1
        self.hash = previous
        #: Lines read.
        self.line = 0
        #: The record of the last line, if it is intact and stands where it should.
        self.record: Record | None = None
        #: How many lines since the last good record were altered.
        self.altered = 0
        #: The gap before the last record, while it is not known what it means.
        self._new: _Gap | None = None
        #: Gaps, in the order of their numbers.
        self._gaps: list[_Gap] = []
        self._early: set[int] = set()

    def read(self, line: bytes) -> Iterator[Finding]:
        """The next line, without its line end: what is wrong with it."""
        self.line += 1
        self.record = None
        record = open_line(line)
        if record is None or not record.intact:
            yield from self._lay_down()
            yield finding(ALTERED, self.next, self.line, file=self._file, reason=NO_FIT if record else NO_FORM)
            self.hashes = (record.hash, record.claimed) if record else ()
            self.next += 1
            self.altered += 1
            return
        if (gap := self._new) is not None:
            if gap.first <= record.number < gap.number:
                # It goes on below: the record that was ahead is the one out of place.
                yield finding(OUT_OF_PLACE, gap.number, gap.line, file=self._file, reason=EARLY)
                self._new = None
                self.next, self.hashes, self.altered = gap.first, gap.hashes, gap.altered
                self.last, self.hash = gap.last, gap.hash
                if len(self._early) < _MOST:
                    self._early.add(gap.number)
            else:
                yield from self._lay_down()
        yield from self._place(record)

    def end(self) -> Iterator[Finding]:
        """There are no more lines: what has not turned up is missing."""
        yield from self._lay_down()
        for gap in self._gaps:
            if gap.found < gap.number - gap.first:
                yield self._missing(gap)
        self._gaps = []

    def _place(self, record: Record) -> Iterator[Finding]:
        number = record.number
        if number == self.next:
            if self.hashes and record.previous not in self.hashes:
                yield finding(UNLINKED, number, self.line, file=self._file)
            self._take(record)
        elif number > self.next:
            if not all(one in self._early for one in range(self.next, min(number, self.next + _MOST))):
                self._new = _Gap(self, number)
            self._take(record)
        elif number > self.last and self.altered:
            # One line that was altered looked like two, by a line end within.
            self._take(record)
        else:
            reason = MOVED if self._fills(number) else AGAIN
            yield finding(OUT_OF_PLACE, number, self.line, file=self._file, reason=reason)
            if number == self.last:
                # The record that follows may name either of the two.
                self.hashes = (*self.hashes, record.hash)

    def _take(self, record: Record) -> None:
        self.record = record
        self.last, self.hash = record.number, record.hash
        self.next, self.hashes = record.number + 1, (record.hash,)
        self.altered = 0

    def _lay_down(self) -> Iterator[Finding]:
        """The new gap is one."""
        gap, self._new = self._new, None
        if gap is None:
            return
        if len(self._gaps) < _MOST:
            self._gaps.append(gap)
        else:
            yield self._missing(gap)

    def _fills(self, number: int) -> bool:
        index = bisect_right(self._gaps, number, key=lambda gap: gap.first) - 1
        if index < 0 or number >= self._gaps[index].number:
            return False
        self._gaps[index].found += 1
        return True

    def _missing(self, gap: _Gap) -> Finding:
        which = records(gap.first, gap.number - 1)
        return finding(MISSING, gap.first, gap.line, file=self._file, which=which)
