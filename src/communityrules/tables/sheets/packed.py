"""The members of a packed workbook, opened with care."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from communityrules.tables.reading import refused
from communityrules.tables.sheets.errors import ENCRYPTED
from communityrules.tables.sheets.limits import MAX_ELEMENTS, MAX_EXPANDED, MAX_MEMBERS, MAX_READ, Meter
from communityrules.tables.sheets.markup import Handler, parse

#: What Python's `zipfile` and `zlib` raise for archives that are not as they should be.
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, LookupError,
    OverflowError, struct.error,
)  # fmt: skip
#: An entry of the list of members begins so.
_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1
#: Bytes of a member from which on it is looked through before it is read.
_LARGE: Final = 4 * 1024 * 1024


class Package:
    """A zip archive by the names of its members, which stand in lower case with `/`.

    `Refused` when it is damaged, locked, or declares more than it may.
    """

    def __init__(self, data: bytes, meter: Meter) -> None:
        self.meter = meter
        # The list of members is read as a whole when it is opened, so it is counted before.
        if data.count(_ENTRY) > MAX_MEMBERS:
            raise meter.over("members")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except _DAMAGE:
            raise meter.broken("it is cut off or its list of parts is damaged", "文件不完整,或内部目录已损坏") from None
        if len(infos) > MAX_MEMBERS:
            raise meter.over("members")
        if sum(one.file_size for one in infos) > MAX_EXPANDED:
            raise meter.too_large(MAX_EXPANDED)
        self._members = {one.filename.replace("\\", "/").lstrip("/").lower(): one for one in infos}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def names(self) -> list[str]:
        return list(self._members)

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        member = self._members.get(name.lower())
        if member is None:
            raise self.meter.broken(f"its part `{name}` is missing", f"缺少部件 `{name}`")
        if member.flag_bits & _ENCRYPTED:
            raise refused(ENCRYPTED, file=self.meter.file)
        # Others ask for memory by what the file says.
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.meter.broken(f"its part `{name}` is packed in an unusual way", f"部件 `{name}` 的压缩方式不常见")
        if member.file_size > MAX_READ:
            raise self.meter.too_large(MAX_READ)
        try:
            with self._zip.open(member) as stream:
                yield stream
        except _DAMAGE:
            raise self.meter.broken(f"its part `{name}` is damaged", f"部件 `{name}` 已损坏") from None

    def beginning(self, name: str, most: int) -> bytes:
        """The first bytes of a member."""
        with self._opened(name) as stream:
            return stream.read(most)

    def parse(self, name: str, handler: Handler) -> None:
        """Read a member that is XML."""
        member = self._members.get(name.lower())
        if member is not None and member.file_size > _LARGE:
            self._count(name)
        with self._opened(name) as stream:
            parse(stream, name, handler, self.meter)

    def _count(self, name: str) -> None:
        """Look through a large member for more markup than a workbook may have, which takes a moment where to read it
        would take seconds."""
        ends = 0
        with self._opened(name) as stream:
            while chunk := stream.read(_LARGE):
                ends += chunk.count(b"</") + chunk.count(b"/>")
                if ends > MAX_ELEMENTS:
                    raise self.meter.over("elements")
