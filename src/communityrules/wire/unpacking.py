"""Unpacking gzip so that everything before a damage is read."""

from __future__ import annotations

import zlib
from io import RawIOBase
from typing import Any, BinaryIO, Final

#: Packed bytes taken at a time.
_CHUNK: Final = 1 << 16
#: Unpacked bytes made at a time, so that a bomb is never held whole.
_MOST: Final = 1 << 18
_MAGIC: Final = b"\x1f\x8b"


class Unpacking(RawIOBase):
    """The contents of a gzip stream, of all its members one after another.

    Never raises for what the data is: a damaged stream ends where it cannot be read on, and is `broken` then. Zeros
    after the last member are padding, as tapes have it; anything else there is damage. OSError when the stream below
    cannot be read.
    """

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__()
        self._packed = packed
        #: What unpacks the member at hand; None between members.
        self._member: Any = None
        #: Packed bytes that have been read and not yet unpacked.
        self._rest = b""
        #: Contents that have been unpacked and not yet given.
        self._ready = memoryview(b"")
        self._ended = False
        #: Whether it ended before its end, or in something else than gzip.
        self.broken = False

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while not self._ready and not self._ended:
            self._ready = memoryview(self._more())
        given = min(len(into), len(self._ready))
        into[:given] = self._ready[:given]
        self._ready = self._ready[given:]
        return given

    def _more(self) -> bytes:
        """Some more of the contents; nothing when the packed bytes at hand gave none, or when all has ended."""
        if not self._rest:
            self._rest = self._packed.read(_CHUNK)
            if not self._rest:
                left: bytes = b"" if self._member is None else self._member.flush()
                self._stop(broken=self._member is not None)
                return left
        if self._member is None:
            # Padding.
            self._rest = self._rest.lstrip(b"\0")
            if not self._rest:
                return b""
            if not _MAGIC.startswith(self._rest[:2]):
                self._stop(broken=True)
                return b""
            self._member = zlib.decompressobj(wbits=31)
        before = self._member.copy()
        try:
            found: bytes = self._member.decompress(self._rest, _MOST)
        except zlib.error:
            self._stop(broken=True)
            return _until_damage(before, self._rest)
        if self._member.eof:
            self._rest, self._member = self._member.unused_data, None
        else:
            self._rest = self._member.unconsumed_tail
        return found

    def _stop(self, broken: bool) -> None:
        self._ended = True
        self.broken = broken


def _until_damage(member: Any, packed: bytes) -> bytes:
    """What can be unpacked of bytes in which a damage lies: they are given one by one, for what fails gives nothing."""
    found = bytearray()
    try:
        for at in range(len(packed)):
            found += member.decompress(packed[at : at + 1])
    except zlib.error:
        pass  # here it lies
    return bytes(found)
