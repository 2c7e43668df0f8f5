"""Verifying a log: whether anything in it, or in the texts beside it, is not as it was written.

One pass over both files, with memory that does not grow with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final

from msgspec import Struct

from communityrules.diagnostics.message import Bilingual, Diagnostic
from communityrules.wire.audit.beside import Beside
from communityrules.wire.audit.bodies import commitments_of, erased_by, key_check
from communityrules.wire.audit.errors import ALTERED, CUT, NOT_A_LOG, NOT_THE_HEAD, UNFINISHED, AuditError
from communityrules.wire.audit.findings import NO_SENSE, TOO_LONG, Finding, finding
from communityrules.wire.audit.following import Following
from communityrules.wire.audit.heads import Head
from communityrules.wire.audit.lines import lines_of
from communityrules.wire.audit.records import BEGINNING, Record

#: One of these stands in the first line of a log however it was altered in one place.
_SIGNS: Final = (b'"previous":"', b'"hash":"')


class Report(Struct):
    """What a log holds and whether it is sound."""

    #: Lines that are records and stand where they should, the first one of the log included.
    records: int = 0
    decisions: int = 0
    #: Records of erasures, and texts that are erased.
    erasures: int = 0
    erased: int = 0
    #: The last record.
    number: int = -1
    hash: str = BEGINNING
    findings: int = 0
    #: Whether the texts beside were compared, all of them.
    texts: bool = False
    #: Whether the log holds the head that was given.
    met: bool = False

    @property
    def sound(self) -> bool:
        """Nothing was found."""
        return self.findings == 0


class Verification:
    """One verification. `tell` is given every finding, in the order of the lines as far as that is possible.

    `name` and `texts_name` are what findings call the two files. `size` bounds how much of the log is read (it may be
    growing); `writing` tells whether somebody is appending, whose unfinished last line is no finding.
    """

    def __init__(
        self, name: str, tell: Callable[[Finding], object], *, head: Head | None = None, size: int | None = None,
        writing: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._name = name
        self._tell = tell
        self._head = head
        self._size = size
        self._writing = writing
        self.report = Report()

    def run(
        self, log: BinaryIO, texts: Callable[[], BinaryIO] | None = None, texts_name: str = "",
        watch: Callable[[Iterator[Any]], Iterator[Any]] = iter,
    ) -> Report:  # fmt: skip
        """Read both files to their ends. AuditError when the first is no log at all; OSError.

        `texts` opens the second one; without it, the log alone is read. `watch` sees the lines of the log go by.
        """
        chain = Following(self._name)
        beside: Beside | None = None
        for line, ended in watch(lines_of(log, self._size)):
            if chain.line == 0:
                self._believe(line)
                beside = Beside(texts(), texts_name) if texts is not None else None
            if not ended:
                if not self._writing():
                    self._found(finding(UNFINISHED, chain.next, chain.line + 1, file=self._name))
                break
            if line is None:
                self._all(chain.read(b""), TOO_LONG)
                continue
            due, before = chain.last + 1, self.report.findings
            self._all(chain.read(line))
            if chain.record is None:
                continue
            disturbed = chain.record.number != due or self.report.findings > before
            self.report.records += 1
            self.report.met = self.report.met or self._is_head(chain.record)
            self._record(chain, chain.record, beside, disturbed)
        if chain.line == 0 and self._head is None and not self.report.findings:
            raise AuditError(NOT_A_LOG, file=self._name)
        self._all(chain.end())
        if beside is not None:
            self._all(beside.end(chain.last, self._writing()))
            self.report.texts, self.report.erased = beside.complete, beside.erased
        self.report.number, self.report.hash = chain.last, chain.hash
        self._compare_head()
        return self.report

    def _believe(self, line: bytes | None) -> None:
        if line is None or not any(one in line for one in _SIGNS):
            raise AuditError(NOT_A_LOG, file=self._name)

    def _record(self, chain: Following, record: Record, beside: Beside | None, disturbed: bool) -> None:
        content = record.content()
        kind = content.get("kind") if content is not None else None
        if content is not None and kind == "decision" and (commitments := commitments_of(content)) is not None:
            self.report.decisions += 1
            if beside is not None:
                self._all(beside.record(record.number, commitments, disturbed))
        elif content is not None and kind == "erasure" and (entries := erased_by(content)) is not None:
            self.report.erasures += 1
            if beside is not None:
                self._all(beside.erasure(entries, self.report.findings > 0))
        elif key_check(record) is None:
            self._found(finding(ALTERED, record.number, chain.line, file=self._name, reason=NO_SENSE))

    def _is_head(self, record: Record) -> bool:
        head = self._head
        return head is not None and record.hash == head.hash and head.number in (None, record.number)

    def _compare_head(self) -> None:
        head = self._head
        if head is None or self.report.met:
            return
        if head.number is not None and self.report.number < head.number:
            said = {"number": str(head.number), "last": str(self.report.number)}
            self._found(Finding(head.number, None, Diagnostic(CUT, None, {"file": self._name, **said})))
        else:
            self._found(finding(NOT_THE_HEAD, head.number, None, file=self._name, hash=head.hash))

    def _all(self, found: Iterator[Finding], instead: Bilingual | None = None) -> None:
        for one in found:
            if instead is not None and one.diagnostic.message is ALTERED:
                one = finding(ALTERED, one.record, one.line, file=self._name, reason=instead)
            self._found(one)

    def _found(self, one: Finding) -> None:
        self.report.findings += 1
        self._tell(one)
