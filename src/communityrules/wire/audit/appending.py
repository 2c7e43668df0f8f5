"""Appending to a log: its file and the one beside it, opened by one process at a time, mended after a crash.

Texts go to the disk before the records that commit to them. What a crash leaves is therefore texts without a record,
or half a line at the end of either file: both are taken away when the log is opened again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, Final

from communityrules.wire.audit.bodies import beginning, key_check
from communityrules.wire.audit.errors import NOT_A_LOG, NOT_CONTINUED, AuditError
from communityrules.wire.audit.following import Following
from communityrules.wire.audit.lines import lines_of
from communityrules.wire.audit.locking import lock
from communityrules.wire.audit.records import BEGINNING, Record, open_line, seal
from communityrules.wire.audit.texts import SUFFIX

#: How every log begins.
_FIRST: Final = b'{"n":0,"previous":"%b",%b' % (BEGINNING.encode(), beginning("").removesuffix(b'"'))
_NUMBER: Final = re.compile(rb'\{"n":([0-9]{1,15}),')


class Appending:
    """A log opened for appending.

    `check` is told the mark of the log's key, None when the log is new, and gives the mark for a new log; None: a log
    that is not there is not made. `seen` is told of every record that is there. Raises AuditError when the log is in
    use, damaged or none; OSError.
    """

    def __init__(self, path: str, check: Callable[[str | None], str | None], seen: Callable[[Record], object]) -> None:
        self.path = path
        self.texts_path = path + SUFFIX
        #: Bytes of half-written lines that were taken away.
        self.mended = 0
        #: Number and hash of the last record, written or waiting.
        self.number = -1
        self.hash = BEGINNING
        self._lines: list[bytes] = []
        self._texts: list[bytes] = []
        #: Bytes that wait to be written.
        self.waiting = 0
        self._file = _open(path)
        try:
            lock(self._file, path)
            self._size = self._resume(check, seen)
            self._beside = _open(self.texts_path)
        except BaseException:
            self._file.close()
            raise
        try:
            self._texts_size = self._resume_texts()
            self.flush()
        except BaseException:
            self.close_files()
            raise

    def append(self, body: bytes, texts: Callable[[int], bytes] | None = None) -> int:
        """A record with the next number; `texts` gives its line in the file beside. `flush` writes it."""
        number = self.number + 1
        line, self.hash = seal(number, self.hash, body)
        self.number = number
        self._lines.append(line)
        self.waiting += len(line)
        if texts is not None:
            found = texts(number)
            self._texts.append(found)
            self.waiting += len(found)
        return number

    def flush(self) -> None:
        """Put everything on the disk. OSError: then nothing of it is there, and it can be tried again."""
        if self._texts:
            self._texts_size = _write(self._beside, self._texts, self._texts_size, self.texts_path)
            self._texts = []
        if self._lines:
            self._size = _write(self._file, self._lines, self._size, self.path)
            self._lines = []
        self.waiting = 0

    @contextmanager
    def texts_apart(self) -> Iterator[None]:
        """Within, another file may take the place of the one beside the log."""
        self._beside.close()
        try:
            yield
        finally:
            self._beside = _open(self.texts_path)
            self._texts_size = self._beside.seek(0, os.SEEK_END)

    def close_files(self) -> None:
        """Give the files back; what waits is lost."""
        self._beside.close()
        self._file.close()

    # --- going on ------------------------------------------------------------------------------------------------

    def _resume(self, check: Callable[[str | None], str | None], seen: Callable[[Record], object]) -> int:
        """Read what is there; the size up to which it is whole."""
        chain = Following(self.path)
        size = 0
        torn: bytes | None = b""
        with open(self.path, "rb") as file:
            for line, ended in lines_of(file):
                if not ended:
                    torn = line
                    break
                due = chain.next
                bad = line is None or any(True for _ in chain.read(line))
                record = chain.record
                # Of a gap, the chain says nothing before its end.
                bad = bad or record is None or record.number != due
                if size == 0:
                    mark = key_check(record) if record is not None else None
                    if bad or mark is None:
                        raise AuditError(NOT_A_LOG, file=self.path)
                    check(mark)
                if bad or line is None or record is None:
                    raise AuditError(NOT_CONTINUED, file=self.path, number=str(due))
                seen(record)
                size += len(line) + 1
            end = file.seek(0, os.SEEK_END)
        self.number, self.hash = chain.last, chain.hash
        if size == 0:
            self._begin(check, torn)
            self.mended = end
        elif end > size:
            record = open_line(torn) if torn is not None else None
            if (
                torn is not None
                and record is not None
                and record.intact
                and ((record.number, record.previous) == (chain.next, chain.hash))
            ):
                # Whole but for its line end.
                seen(record)
                self.number, self.hash = record.number, record.hash
                return _write(self._file, [torn], size, self.path)
            self.mended = end - size
        if end > size:
            _cut(self._file, size, self.path)
        return size

    def _begin(self, check: Callable[[str | None], str | None], torn: bytes | None) -> None:
        # Never take the place of a file that somebody else has written, and make no key for one.
        if torn is None or not _FIRST.startswith(torn[: len(_FIRST)]):
            raise AuditError(NOT_A_LOG, file=self.path)
        mark = check(None)
        if mark is None:
            raise AuditError(NOT_A_LOG, file=self.path)
        line, hash_ = seal(0, BEGINNING, beginning(mark))
        if not line.startswith(torn):
            raise AuditError(NOT_A_LOG, file=self.path)
        self.number, self.hash = 0, hash_
        self._lines.append(line)

    def _resume_texts(self) -> int:
        """Take away texts whose record never came; the size up to which the file is whole."""
        size = 0
        with open(self.texts_path, "rb") as file:
            for line, ended in lines_of(file):
                number = _NUMBER.match(line or b"")
                if (number is not None and int(number[1]) > self.number) or not (ended or number):
                    break
                if not ended and line is not None:
                    # The record is there, so its texts were: whatever happened to them is for `verify` to say.
                    return _write(self._beside, [line], size, self.texts_path)
                size += file.tell() - size
            end = file.seek(0, os.SEEK_END)
        if end > size:
            _cut(self._beside, size, self.texts_path)
        return size


def _open(path: str) -> BinaryIO:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
    # Who was judged for what is not for everybody on the machine.
    return os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)


def _write(file: BinaryIO, lines: list[bytes], size: int, path: str) -> int:
    """Append lines where the file is whole, and see them on the disk; the new size."""
    data = b"".join([part for line in lines for part in (line, b"\n")])
    try:
        file.seek(size)
        done = 0
        while done < len(data):
            done += file.write(data[done:]) or 0
        os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            os.ftruncate(file.fileno(), size)
        error.filename = error.filename or path
        raise
    return size + len(data)


def _cut(file: BinaryIO, size: int, path: str) -> None:
    try:
        os.ftruncate(file.fileno(), size)
        os.fsync(file.fileno())
    except OSError as error:
        error.filename = error.filename or path
        raise
