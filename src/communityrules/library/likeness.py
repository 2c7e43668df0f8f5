"""Whether two texts are nearly the same: one advert with another number, name or link in it.

A text is folded (see `fold`), traditional characters and look-alike letters become plain ones; numbers, words with
digits in them, links, addresses, mentions, punctuation, emoji and white space are left out. What remains is cut into
pieces: every pair of Han, Kana or Hangul characters that stand side by side, and every four letters in a row of other
scripts. Two texts are alike when they have enough different pieces in common:

* four fifths of all pieces of both, where they have few; less the longer they are, down to a half;
* or a half, when the shorter one is nearly all (84%) in the longer one: words were put in or taken out.

Two texts of one form with another matter (`how do I reset my password`, `… my router`) have neither. A text with fewer
than `FEWEST` different pieces is alike only what folds to the same: `ok` is nearly nothing.

Texts are compared by sketches: how many pieces there are, and the `SIZE` smallest of their hashes. So it is exact for
texts up to `SIZE` pieces and a good estimate beyond. Hashes are made with fixed numbers: a sketch is the same on every
machine and may be stored.
"""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from hashlib import blake2b
from struct import pack, unpack
from sys import byteorder
from typing import Final

from communityrules.library.disguise.letters import SKELETON
from communityrules.library.fold import fold_text

#: How much of a folded text is looked at, in code points.
MOST: Final = 4096
#: How many hashes a sketch has at most.
SIZE: Final = 64
#: With fewer different pieces than this, texts are compared whole.
FEWEST: Final = 8
#: Only texts that share `SHARED` of so many smallest hashes are alike: others need not be looked at.
ANCHORS: Final = 12
SHARED: Final = 2

#: In hundredths: what must be common to two texts with `FEWEST` pieces, to two with `_MANY` or more, and the share of
#: the shorter one that makes a half enough.
_OF_FEW: Final = 80
_OF_MANY: Final = 50
_MANY: Final = 80
_INSIDE: Final = 84

#: By blocks, so that no version of Unicode changes what a letter is.
_PAIRED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u309d-\u30fa\u30fc-\u31bf\u31f0-\u31ff\u3400-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_SPACED = (
    "a-z\u00df-\u00f6\u00f8-\u02af\u0370-\u0373\u0376-\u037d\u0386-\u0481\u048a-\u167f\u1681-\u1fff\u2c00-\u2dff"
    "\ua000-\ua95f\ua980-\uabff"
)
_FIRST_PAIRED: Final = "\u2e80"
_RUNS: Final = re.compile(f"[{_PAIRED}]+|[{_SPACED}]+")
#: Numbers, addresses, and words in ASCII that have more than letters in them.
_WORD: Final = re.compile(r"(?<![a-z0-9@._/:%?=&#+~'-])[a-z]*+[0-9@._/:%?=&#+~'-][a-z0-9@._/:%?=&#+~'-]*+")
_NO_LETTERS: Final = bytes(set(range(128)) - set(b"abcdefghijklmnopqrstuvwxyz"))
_PART: Final = re.compile(r"[a-z0-9]+")
_ADDRESS: Final = re.compile(r"://|@|www\.|[a-z0-9]\.[a-z]{2,6}(?:[/:?]|\Z)")
#: Odd and of 30 bits, so that its product with a piece has at most 62.
_MULTIPLIER: Final = 0x2545F491


class _Plain(dict[int, str]):
    """What each character beyond ASCII stands for: a simplified character for a traditional one, a Latin letter for one
    that looks like it. Only remembers what a pure function gives."""

    def __missing__(self, code_point: int) -> str:
        char = chr(code_point)
        self[code_point] = plain = char if char.isascii() else SKELETON[char]
        return plain


_PLAIN: Final = _Plain()


def _letters_of(word: re.Match[str]) -> str:
    text = word.group()
    if _ADDRESS.search(text):
        return ""
    return "".join([one for one in _PART.findall(text) if one.isalpha()])


def _pieces(folded: str) -> set[int]:
    """What a text is made of, as numbers of 32 bits."""
    kept = _WORD.sub(_letters_of, folded[:MOST])
    found: set[int] = set()
    if kept.isascii():
        letters = kept.encode().translate(None, _NO_LETTERS)
        return _windows(letters, (0, 1, 2, 3), found) if letters else found
    runs: list[str] = []
    paired = None
    for run in _RUNS.findall(kept.translate(_PLAIN)):
        # What stood between two runs of one kind of letter is left out, spaces between words among it.
        if (run[0] >= _FIRST_PAIRED) is paired:
            runs[-1] += run
        else:
            paired = run[0] >= _FIRST_PAIRED
            runs.append(run)
    for run in runs:
        data = run.encode("utf-16-le", "replace")
        if run[0] >= _FIRST_PAIRED:
            _windows(data, (0, 2), found)
        else:
            # The low byte tells the letters of one script apart.
            _windows(data[::2], (0, 1, 2, 3), found)
    return found


def _windows(data: bytes, starts: tuple[int, ...], found: set[int]) -> set[int]:
    """Adds every four bytes in a row from one of the starts on; fewer are filled up."""
    data = data.ljust(4, b"\0")
    for first in starts:
        part = array("I", data[first : first + (len(data) - first) // 4 * 4])
        if byteorder == "big":
            part.byteswap()
        found.update(part)
    return found


def _hashes(pieces: set[int]) -> list[int]:
    """A number of 32 bits for each piece, ascending: the middle of its product with a fixed number.

    All pieces stand side by side in one large number, so that there is one multiplication for all.
    """
    lanes = array("Q", pieces)
    if byteorder == "big":
        lanes.byteswap()
    products = (int.from_bytes(lanes.tobytes(), "little") * _MULTIPLIER).to_bytes(8 * len(lanes), "little")
    middles = array("I", products[2:] + b"\0\0")[::2]
    if byteorder == "big":
        middles.byteswap()
    return sorted(middles)


@lru_cache(maxsize=64)
def sketch(text: str) -> bytes:
    """What a text is compared by: how many pieces, then hashes, ascending, four bytes each; of a short one a digest.

    Asked for again where several measures look at one text; remembering changes no answer.
    """
    folded = fold_text(text)
    pieces = _pieces(folded)
    count = len(pieces)
    if count < FEWEST:
        return blake2b(folded.strip().encode("utf-8", "replace"), digest_size=15).digest()
    smallest = _hashes(pieces)[:SIZE]
    return pack(f"<{1 + len(smallest)}I", count, *smallest)


def _numbers(of: bytes) -> tuple[int, ...]:
    found: tuple[int, ...] = unpack(f"<{len(of) // 4}I", of)
    return found


def anchors(of: bytes) -> tuple[int | bytes, ...]:
    """Under what a sketch is looked up: sketches that are alike, and not the same, have `SHARED` in common."""
    return (of,) if len(of) % 4 else _numbers(of)[1 : 1 + ANCHORS]


# One sketch is compared with many.
@lru_cache(maxsize=64)
def _read(of: bytes) -> tuple[int, frozenset[int], frozenset[int]]:
    """How many pieces, the hashes, and those among them that are anchors."""
    count, *hashes = _numbers(of)
    return count, frozenset(hashes), frozenset(hashes[:ANCHORS])


def alike(one: bytes, other: bytes) -> bool:
    """Whether two sketches are of texts that are nearly the same. In whole numbers, and the same either way round."""
    if one == other:
        return True
    if len(one) % 4 or len(other) % 4:
        return False
    count, ours, first = _read(one)
    other_count, theirs, other_first = _read(other)
    if len(first & other_first) < SHARED:
        return False
    common = ours & theirs
    if count > SIZE or other_count > SIZE:
        if len(common) * 100 < _OF_MANY * SIZE:
            return False
        # The smallest hashes of both together are all in one sketch or the other.
        last = sorted(ours | theirs)[SIZE - 1]
        shared, whole = sum([hash_ <= last for hash_ in common]), SIZE
    else:
        shared, whole = len(common), len(ours) + len(theirs) - len(common)
    if shared * 100 < _OF_MANY * whole:
        return False
    fewer = min(count, other_count)
    needed = _OF_FEW - (_OF_FEW - _OF_MANY) * (min(fewer, _MANY) - FEWEST) // (_MANY - FEWEST)
    if shared * 100 >= needed * whole:
        return True
    # Of all pieces of both, `shared / whole` are common: so of the shorter one's,
    # `shared * (count + other_count) / ((whole + shared) * fewer)`.
    return shared * (count + other_count) * 100 >= _INSIDE * (whole + shared) * fewer
