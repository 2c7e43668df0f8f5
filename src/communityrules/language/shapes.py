"""Declarations that read like one that was read before: what the parser made of it is remembered by its shape.

What the lexer and the parse table make of a declaration depends on its words, not on which names, numbers and texts
stand in it. A shape is the prepared text of a declaration with those left out, and with the first words of what
follows, which tell the parser that the declaration ends. Of a shape a mould is kept (`language.moulds`), into which
what is left out has only to be filled. What was not read without any trouble has none, so that nothing is ever
reported from here.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from communityrules.language.keywords import keyword_table
from communityrules.language.limits import MAX_DIGITS, MAX_NAME, MAX_TEXT
from communityrules.language.scan import LINE_MARK

#: Spaces, quoted texts and patterns, dates and the like, numbers, words, signs. How many digits a date has, and what a
#: time says, decides how it is read; of other numbers it does not. 每 is a word of its own before a unit.
_PIECES: Final = re.compile(
    "[ \t\n\r\f\v\x02]+|\ue000\ue001*|\ue002\ue003*|[0-9]+(?:[.:/\\-][0-9]+)+|[0-9]+年\\w*|[0-9]+"
    "|(?<![<>=!])[<>]=?(?![<>=])|[A-Za-z][A-Za-z0-9_]*|每|[\u4e00-\u9fff]+|\\w+|.",
    re.DOTALL,
).findall
_NAME: Final = re.compile("[A-Za-z]")
_HAN_NAME: Final = re.compile("[\u4e00-\u9fff]+")
_NUMBER: Final = re.compile("[0-9]+")
#: Comparisons: which of them stands there changes nothing but the kind of its token.
SIGNS: Final = {"<": "LESS", "<=": "AT_MOST", ">": "MORE", ">=": "NOT_LESS"}
#: What stands in a shape for a name, a name in Chinese, a number. No word of the language is spelt like one of them.
A_NAME, A_HAN_NAME, A_NUMBER, A_SIGN = "\x00a", "\x00甲", "\x000", "\x00<"
A_TEXT, A_REGEX = "\ue000", "\ue002"
#: Letters of a quoted text or a pattern that is surely short enough: flags may make it longer than it is written.
LONG_TEXT: Final = MAX_TEXT - 2
#: Begin what is no name, beside the words of the language.
_ALSO: Final = (
    "第",
    "年", "月", "日", "号", "内", "以内", "之内", "后", "之后", "以后", "次", "项", "later", "st", "nd", "rd", "th",
)  # fmt: skip
#: How many pieces of what follows belong to a shape, its first word, a space and the next one; in how many letters.
AHEAD: Final = 3
NEAR: Final = 60
#: Longer declarations are read step by step, in pieces and in letters.
LONGEST: Final = 2000
LONGEST_TEXT: Final = 4 * LONGEST
#: No more shapes are remembered than this, nor more letters of them and of their moulds: one of the longest takes
#: thousands.
_MOST: Final = 4000
MOST_LETTERS: Final = 16_000_000
#: Kept in the place of a mould: that a shape was seen once, which does not pay for one yet; that it can have none.
ONCE: Final = b"1"
NONE: Final = b""


class Kinds(dict[str, str]):
    """What stands in a shape for a piece; a text has many alike."""

    def __init__(self) -> None:
        super().__init__()
        words = {
            word
            for one in (*keyword_table().words(), *_others())
            for spelling in (*one.en, *one.zh)
            for word in spelling.split()
        }
        self._words = frozenset(words.union(_ALSO))
        self._longest = max(map(len, self._words))

    def __missing__(self, piece: str) -> str:
        found = self[piece] = self._kind(piece)
        return found

    def _kind(self, piece: str) -> str:
        # What may be too long to be allowed stands for itself: it is read step by step, and reported.
        if piece[0] in "\ue000\ue002":
            return piece[0] if len(piece) <= LONG_TEXT else piece
        if piece in SIGNS:
            return A_SIGN
        if _NUMBER.fullmatch(piece):
            return A_NUMBER if len(piece) <= MAX_DIGITS else piece
        if _NAME.match(piece):
            return piece if piece in self._words or len(piece) > MAX_NAME else A_NAME
        if _HAN_NAME.fullmatch(piece):
            # After some Chinese words a digit may stand without a space.
            begins = any(piece[:length] in self._words for length in range(1, min(len(piece), self._longest) + 1))
            return piece if begins or len(piece) > MAX_NAME else A_HAN_NAME
        return piece


def _others() -> Iterator[Any]:
    for section in ("windows", "weekdays", "units"):
        yield from keyword_table().section(section)


def heads(text: str) -> list[int]:
    """Where declarations may begin: the first words of lines that open one."""
    first = [0] if _head().match(text) else []
    return first + [found.end() for found in _marked_head().finditer(text)]


@lru_cache(maxsize=1)
def _head() -> re.Pattern[str]:
    words = "|".join(
        re.escape(spelling)
        for one in keyword_table().section("declarations")
        for spelling in sorted((*one.en, *one.zh), key=len, reverse=True)
    )
    return re.compile(rf"(?:{words})(?![^\W\d])")


@lru_cache(maxsize=1)
def _marked_head() -> re.Pattern[str]:
    # Begins with a letter that is found quickly.
    return re.compile(rf"{LINE_MARK}(?={_head().pattern})")


class Shapes:
    """The moulds of what was read so far in this process; a few thousand at most, and of so many letters.

    They are kept packed: small objects that stay would keep the memory of all the trees around them. What has no room
    any more begins anew, with nothing.
    """

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        #: Letters of all shapes and of what is known of them.
        self._letters = 0

    def get(self, shape: str) -> bytes | None:
        """The packed mould for a shape, or what else is known of it: `ONCE`, `NONE`. None where it is new."""
        return self._packed.get(shape)

    def keep(self, shape: str, packed: bytes) -> None:
        """Remember the mould for a shape, or what else is known of it."""
        before = self._packed.pop(shape, None)
        if before is not None:
            self._letters -= len(shape) + len(before)
        more = len(shape) + len(packed)
        if len(self._packed) >= _MOST or self._letters + more > MOST_LETTERS:
            self._packed.clear()
            self._letters = 0
        self._packed[shape] = packed
        self._letters += more

    def make_anew(self) -> None:
        """Make the same again, where memory is free now: those before may stand among what is let go."""
        self._packed = marshal.loads(marshal.dumps(self._packed))


class Piece:
    """A stretch of a prepared text that may be one declaration, cut into pieces."""

    __slots__ = ("kinds", "pieces", "places", "shape")

    def __init__(self, text: str, start: int, end: int, kinds: Mapping[str, str]) -> None:
        self.pieces: list[str] = _PIECES(text, start, end)
        ahead = _PIECES(text, end, min(end + NEAR, len(text)))[:AHEAD]
        #: Where each piece begins, and where the last one ends.
        self.places: list[int] = list(accumulate(map(len, self.pieces), initial=start))
        kind = kinds.__getitem__
        self.kinds = list(map(kind, self.pieces))
        self.shape: str = "\x1f".join((*self.kinds, "\x00", *map(kind, ahead)))
