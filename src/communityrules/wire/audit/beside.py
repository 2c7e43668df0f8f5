"""Comparing the personal texts beside a log with what its records commit to, both read once and in step.

An erased text is one that is not there and that a later record names. What is erased is remembered until that record
comes, up to a bound; beyond it, texts are not compared any more and the report says so.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import BinaryIO, Final

from communityrules.diagnostics.message import Bilingual
from communityrules.wire.audit.errors import NOT_ERASED, TEXT_ALTERED
from communityrules.wire.audit.findings import Finding, finding
from communityrules.wire.audit.lines import lines_of
from communityrules.wire.audit.texts import Texts, read_texts

#: Erased texts that are kept in mind.
_MOST: Final = 1_000_000

_GONE: Final = Bilingual("they are missing", "文字缺失")
_FORM: Final = Bilingual("their line is not in the form in which texts are kept", "所在行不是保存文字的格式")
_OTHERS: Final = Bilingual("they do not fit what the record commits to", "与记录中的承诺值不符")
_NUMBER: Final = Bilingual("there are more or fewer than the record commits to", "数量与记录中的承诺值不符")
_SECRETLY: Final = Bilingual(
    "some were taken away, and no record tells of an erasure", "部分文字被删去,却没有任何抹除记录"
)
_NO_RECORD: Final = Bilingual(
    "the log has no such record: it was cut, or the writer was stopped midway",
    "日志中没有这条记录:它被截去了,或写入时中断",
)
_STRANGE: Final = Bilingual("they stand at line {line}, where they do not belong", "位于第 {line} 行,不该在此处")


class Beside:
    """The file beside a log, read in step with it."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        self._lines = lines_of(file)
        self._line = 0
        self._last = -1
        #: The next line that has not been claimed; `broken` lines were passed over before it.
        self._ahead: Texts | None = None
        self._broken = 0
        self._ended = False
        #: Erased texts by record, until another record names them.
        self._erased: dict[int, set[int]] = {}
        self._kept = 0
        #: Texts that are erased.
        self.erased = 0
        #: Whether all texts could be compared.
        self.complete = True

    def record(self, number: int, commitments: Sequence[str], disturbed: bool) -> Iterator[Finding]:
        """A record of the log. `disturbed`: records before it were altered or missing, and their texts are nobody's."""
        found = yield from self._at(number, disturbed)
        if not commitments:
            if found is not None:
                yield self._wrong(number, _NUMBER)
            return
        if found is None:
            yield self._wrong(number, _FORM if self._broken else _GONE)
            self._broken = 0
            return
        if len(found.texts) != len(commitments):
            yield self._wrong(number, _NUMBER)
            return
        erased: set[int] = set()
        for index, (one, commitment) in enumerate(zip(found.texts, commitments, strict=True)):
            if one is None:
                erased.add(index)
            elif one.commitment() != commitment:
                yield self._wrong(number, _OTHERS)
                return
        if erased:
            self.erased += len(erased)
            self._kept += len(erased)
            if self._kept <= _MOST:
                self._erased[number] = erased
            else:
                self.complete = False

    def erasure(self, entries: Sequence[tuple[int, Sequence[int]]], disturbed: bool) -> Iterator[Finding]:
        """A record of the log that names erased texts. `disturbed`: some record before it was altered or missing."""
        for number, indices in entries:
            left = self._erased.get(number, set())
            still = False
            for index in indices:
                if index in left:
                    left.remove(index)
                    self._kept -= 1
                else:
                    still = True
            if still and self.complete and not disturbed:
                yield finding(NOT_ERASED, number, None, file=self._name)
            if not left:
                self._erased.pop(number, None)

    def end(self, last: int, writing: bool) -> Iterator[Finding]:
        """The log has ended with record `last`. `writing`: somebody goes on writing it."""
        for number in sorted(self._erased):
            yield self._wrong(number, _SECRETLY)
        while (found := self._peek()) is not None:
            self._ahead = None
            if not (writing and found.number > last):
                yield self._wrong(found.number, _NO_RECORD)
        if self._broken and not writing:
            yield finding(TEXT_ALTERED, None, self._line, file=self._name, reason=_FORM)

    def _at(self, number: int, disturbed: bool) -> Generator[Finding, None, Texts | None]:
        """The texts of a record, if they come next."""
        while (found := self._peek()) is not None and found.number <= number:
            self._ahead = None
            if found.number == number and found.number > self._last:
                self._last = number
                if self._broken:
                    # They stood before these and belonged to nobody.
                    if not disturbed:
                        yield finding(TEXT_ALTERED, None, self._line - 1, file=self._name, reason=_FORM)
                    self._broken = 0
                return found
            if not disturbed or found.number <= self._last:
                text = {"line": str(self._line)}
                yield self._wrong(found.number, Bilingual(_STRANGE.fill("en", text), _STRANGE.fill("zh", text)))
        return None

    def _peek(self) -> Texts | None:
        while self._ahead is None and not self._ended:
            line = next(self._lines, None)
            if line is None:
                self._ended = True
                break
            self._line += 1
            text, ended = line
            # A line without its end is one that was cut, or to which something was added.
            self._ahead = read_texts(text) if text is not None and ended else None
            self._broken += self._ahead is None
        return self._ahead

    def _wrong(self, number: int, reason: Bilingual) -> Finding:
        return finding(TEXT_ALTERED, number, None, file=self._name, reason=reason)
