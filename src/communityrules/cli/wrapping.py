"""Breaking texts into lines by the cells they take: at spaces, and between Chinese characters, which have none."""

from __future__ import annotations

import re
from typing import Final

from communityrules.diagnostics.width import cells

#: What stays together: a code in backticks, a word, one wide character; with the marks that open and close it.
_WIDE: Final = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffe0"
_OPENING: Final = r"(\[「『“\uff08"
_CLOSING: Final = r",.;:!?)\]、。」』”…\uff0c\uff1b\uff1a\uff01\uff1f\uff09"
_PIECES: Final = re.compile(rf"[{_OPENING}]*(?:`[^`]*`|[^\s`{_WIDE}]+|\S)[{_CLOSING}]*\s*|\s+")


def wrap(text: str, width: int) -> list[str]:
    """A text on several lines of at most `width` cells; a word that is wider is broken within."""
    if cells(text) <= width:
        return [text] if text else []
    lines: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if cells((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        line = piece
        while cells(line.rstrip()) > width:
            at = next(index for index in range(1, len(line) + 1) if cells(line[: index + 1]) > width)
            lines.append(line[:at])
            line = line[at:]
    return [*lines, line.rstrip()] if line else lines
