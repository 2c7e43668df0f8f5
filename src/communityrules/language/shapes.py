"""Declarations that read like one that was read before: the steps of the parser are remembered by their shape.

What the lexer and the parse table make of a declaration depends on its words, not on which names, numbers and texts
stand in it. A shape is the prepared text of a declaration with those left out, and with the first words of what
follows, which tell the parser that the declaration ends. Whoever reads the next declaration of that shape has only to
build its nodes. What was not read without any trouble has no steps here, so that nothing is ever reported from here.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Any, Final

from communityrules.frozen import dataclass
from communityrules.language.keywords import keyword_table
from communityrules.language.scan import LINE_MARK
from communityrules.language.token import Token

#: Spaces, quoted texts and patterns, dates and the like, numbers, words, signs. How many digits a date has, and what a
#: time says, decides how it is read; of other numbers it does not.
_PIECES: Final = re.compile(
    "[ \t\n\r\f\v\x02]+|\ue000\ue001*|\ue002\ue003*|[0-9]+(?:[.:/\\-][0-9]+)+|[0-9]+年\\w*|[0-9]+"
    "|(?<![<>=!])[<>]=?(?![<>=])|[A-Za-z][A-Za-z0-9_]*|[\u4e00-\u9fff]+|\\w+|.",
    re.DOTALL,
).findall
_NAME: Final = re.compile("[A-Za-z]")
_HAN_NAME: Final = re.compile("[\u4e00-\u9fff]+")
_NUMBER: Final = re.compile("[0-9]+")
#: Comparisons: which of them stands there changes nothing but the kind of its token.
SIGNS: Final = {"<": "LESS", "<=": "AT_MOST", ">": "MORE", ">=": "NOT_LESS"}
#: What stands in a shape for a name, a name in Chinese, a number. No word of the language is spelt like one of them.
_A_NAME, _A_HAN_NAME, _A_NUMBER, _A_SIGN = "\x00a", "\x00甲", "\x000", "\x00<"
#: Begin what is no name, beside the words of the language.
_ALSO: Final = (
    "第",
    "年", "月", "日", "号", "内", "以内", "之内", "后", "之后", "以后", "次", "项", "later", "st", "nd", "rd", "th",
)  # fmt: skip
#: Tokens that may be misread words.
_LOOKED_AT: Final = frozenset({"NAME", "RULE_ID"})
#: How many pieces of what follows belong to a shape: its first word, a space and the next one.
_AHEAD: Final = 3
#: Longer declarations are read step by step, and no more shapes are remembered than this.
_LONGEST: Final = 2000
_MOST: Final = 4000

#: A method of the builder, and what it is given: tokens by number from 0, and what calls before it made from -1 down.
Call = tuple[Callable[[Any], Any], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to build the declarations of one shape."""

    #: The kind of each token, the number of its first piece and that of the one after its last.
    kinds: tuple[str, ...]
    firsts: Callable[[Any], Any]
    ends: Callable[[Any], Any]
    #: The numbers of the tokens that may be misread words.
    names: tuple[int, ...]
    #: What is called, with what picks what it is given out of the tokens and of what was made so far.
    calls: tuple[tuple[Callable[[Any], Any], Callable[[Any], Any]], ...]
    #: The numbers of the tokens that are comparison signs.
    signs: tuple[int, ...]


class _Kinds(dict[str, str]):
    """What stands in a shape for a piece."""

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
        if piece[0] in "\ue000\ue002":
            return piece[0]
        if piece in SIGNS:
            return _A_SIGN
        if _NUMBER.fullmatch(piece):
            return _A_NUMBER
        if _NAME.match(piece):
            return piece if piece in self._words else _A_NAME
        if _HAN_NAME.fullmatch(piece):
            # After some Chinese words a digit may stand without a space.
            begins = any(piece[:length] in self._words for length in range(1, min(len(piece), self._longest) + 1))
            return piece if begins else _A_HAN_NAME
        return piece


def _others() -> Iterator[Any]:
    for section in ("windows", "weekdays", "units"):
        yield from keyword_table().section(section)


@lru_cache(maxsize=1)
def heads() -> re.Pattern[str]:
    """Where a declaration may begin: the mark before the first word of a line, and the word."""
    words = "|".join(
        re.escape(spelling)
        for one in keyword_table().section("declarations")
        for spelling in sorted((*one.en, *one.zh), key=len, reverse=True)
    )
    return re.compile(rf"(?:{LINE_MARK}|^[ \t]*)(?=(?:{words})(?![^\W\d]))")


class Shapes:
    """The steps of what was read so far in this process; a few thousand shapes at most.

    They are kept packed: small objects that stay would keep the memory of all the trees around them.
    """

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}

    def get(self, shape: str, builder: object) -> Recipe | None:
        """The steps for a shape, with the methods of a builder; None when they are not known."""
        packed = self._packed.get(shape)
        if packed is None:
            return None
        kinds, firsts, ends, names, signs, calls = marshal.loads(packed)  # packed below, in this process
        made = tuple((getattr(builder, name), _picker(given)) for name, given in calls)
        return Recipe(kinds, itemgetter(*firsts), itemgetter(*ends), names, made, signs)

    def keep(self, piece: Piece, tokens: list[Token], calls: list[Call]) -> None:
        """Remember how a declaration was built, if its shape decides it."""
        packed = _packed(piece, tokens, calls)
        if packed is not None:
            if len(self._packed) >= _MOST:
                self._packed.clear()
            self._packed[piece.shape] = packed

    def make_anew(self) -> None:
        """Make the same steps again, where memory is free now: those before may stand among what is let go."""
        self._packed = marshal.loads(marshal.dumps(self._packed))


class Piece:
    """A stretch of a prepared text that may be one declaration, cut into pieces."""

    __slots__ = ("kinds", "pieces", "places", "shape")

    def __init__(self, text: str, start: int, end: int, kinds: dict[str, str]) -> None:
        self.pieces: list[str] = _PIECES(text, start, end)
        ahead = _PIECES(text, end, min(end + 60, len(text)))[:_AHEAD]
        #: Where each piece begins, and where the last one ends.
        self.places: list[int] = list(accumulate(map(len, self.pieces), initial=start))
        kind = kinds.__getitem__
        self.kinds = list(map(kind, self.pieces))
        self.shape: str = "\x1f".join((*self.kinds, "\x00", *map(kind, ahead)))


def new_kinds() -> dict[str, str]:
    """What stands for each piece of one text; a text has many alike."""
    return _Kinds()


def is_short(length: int) -> bool:
    """Whether a declaration of so many letters may be remembered."""
    return length <= _LONGEST * 4


def _packed(piece: Piece, tokens: list[Token], calls: list[Call]) -> bytes | None:
    """How a declaration was built; None when its tokens do not fit its pieces."""
    at = {place: index for index, place in enumerate(piece.places)}
    firsts: list[int] = []
    ends: list[int] = []
    names: list[int] = []
    signs: list[int] = []
    previous = ""
    for number, token in enumerate(tokens):
        first, end = at.get(token.start_pos), at.get(token.end_pos)
        if first is None or end is None or len(piece.pieces) > _LONGEST:
            return None
        if token.type in _LOOKED_AT:
            # What a reader looks at twice depends on more than the shape.
            if previous in ("", "NUMBER") or piece.pieces[first - 1].endswith(LINE_MARK):
                return None
            names.append(number)
        if piece.kinds[first] == _A_SIGN:
            if SIGNS.get(token) != token.type:
                return None
            signs.append(number)
        firsts.append(first)
        ends.append(end)
        previous = token.type
    if len(tokens) < 2:
        return None
    given = tuple(
        (make.__name__, tuple(one if one >= 0 else len(tokens) - one - 1 for one in numbers)) for make, numbers in calls
    )
    kinds = tuple(one.type for one in tokens)
    return marshal.dumps((kinds, tuple(firsts), tuple(ends), tuple(names), tuple(signs), given))


def _picker(numbers: tuple[int, ...]) -> Callable[[Any], Any]:
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda values: [values[one] for one in numbers]
