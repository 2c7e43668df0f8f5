"""The lines of a file that may come from a stranger: read one by one, none of them held that is longer than allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from communityrules.wire.audit.records import MAX_LINE

_PART: Final = 1 << 20


def lines_of(file: BinaryIO, most: int | None = None) -> Iterator[tuple[bytes | None, bool]]:
    """Each line without its end, and whether it has one; None for a line that is too long.

    `most` is how many bytes are read; None: all there are.
    """
    left = most if most is not None else -1
    while left:
        line = file.readline(MAX_LINE if left < 0 else min(MAX_LINE, left))
        if not line:
            return
        if left > 0:
            left -= len(line)
        if line.endswith(b"\n"):
            yield line[:-1], True
        elif len(line) < MAX_LINE:
            yield line, False
        else:
            ended = False
            while left and not ended and (part := file.readline(_PART if left < 0 else min(_PART, left))):
                left -= len(part) if left > 0 else 0
                ended = part.endswith(b"\n")
            yield None, ended
