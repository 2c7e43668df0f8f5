"""From the bytes of a stranger's file to its text, within bounds."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Message
from communityrules.tables.errors import DAMAGED, NOT_TEXT, TOO_LARGE

#: Bytes of a file, and of what it unpacks to.
MOST_BYTES: Final = 16 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b"
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Refused(Exception):  # noqa: N818  # it says what happened to the file
    """A file that cannot be imported. Carries the coded messages."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = diagnostics
        super().__init__("; ".join(f"{one.code} {one.text('en')}" for one in diagnostics))

    @property
    def diagnostic(self) -> Diagnostic:
        """The first of them."""
        return self.diagnostics[0]


def refused(message: Message, **values: str | Bilingual) -> Refused:
    """The refusal of one message."""
    return Refused(Diagnostic(message, None, values))


def decode(data: bytes, file: str) -> str:
    """The text of a file that may be packed with gzip: UTF-8, or UTF-16 with its mark; line ends are `\\n`.

    `Refused` when it is too large, damaged, or no text.
    """
    if data.startswith(_GZIP):
        data = _unpacked(data, file)
    if len(data) > MOST_BYTES:
        raise refused(TOO_LARGE, file=file, limit=_megabytes())
    encoding = "utf-8"
    for mark, named in _MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], named
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise refused(NOT_TEXT, file=file, place=str(data.count(b"\n", 0, error.start) + 1)) from None
    if "\0" in text:
        raise refused(NOT_TEXT, file=file, place=str(text.count("\n", 0, text.index("\0")) + 1))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unpacked(data: bytes, file: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            found = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise refused(DAMAGED, file=file) from None
    return found


def _megabytes() -> str:
    return f"{MOST_BYTES // (1024 * 1024)} MB"
