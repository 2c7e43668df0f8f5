"""Width alone: what detectors look through."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from communityrules.library.fold import MAX_TEXT, runs_of
from communityrules.library.fold_ranges import changes


class _Narrowing(dict[int, str]):
    """Full-width forms and look-alike digits to plain ones, one for one; everything else stays."""

    def __missing__(self, code_point: int) -> str:
        char = chr(code_point)
        plain = unicodedata.normalize("NFKC", char) if changes(code_point) else char
        self[code_point] = char = plain if len(plain) == 1 and plain.isascii() and plain not in _SENTENCE else char
        return char


_NARROWING = _Narrowing()
#: Full-width marks that end a phrase in Chinese; they must not grow on to the link before them.
_SENTENCE = ",;!?"
#: Spaces, and forms that stand for one ASCII character: full-width, superscript, circled, mathematical.
WIDE = (
    (160, 160),
    (170, 186),
    (8192, 8202),
    (8239, 8239),
    (8287, 8334),
    (9312, 9450),
    (12288, 12288),
    (65104, 65131),
    (65281, 65374),
    (119808, 120831),
    (127280, 127305),
    (130032, 130041),
)
_RUN_OF_WIDE = runs_of(WIDE)


def narrow(text: str) -> str:
    """The text with characters that stand for one ASCII character turned into it; each keeps its place.

    Detectors look through this, so that `１３８` is `138` and offsets hold for the original. Case is kept. Only the
    first `MAX_TEXT` code points are given.
    """
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
    return text if text.isascii() else _narrowed(text)


@lru_cache(maxsize=16)
def _narrowed(text: str) -> str:
    # Remembered for the last few texts, because each detector looks through the same one.
    return _RUN_OF_WIDE.sub(_narrow_run, text)


def _narrow_run(run: re.Match[str]) -> str:
    return run.group().translate(_NARROWING)
