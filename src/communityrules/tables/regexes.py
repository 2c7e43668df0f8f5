"""Words and Python's regular expressions as patterns of the language, looked for as other tools look for them.

What is made finds the same texts: edges of words are spelt out (`(?:^|\\W)`) rather than asked for with `\\b`, which
here is the edge of a Latin word only. Where a `\\b` stays, the result says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass
from communityrules.library.patterns import PatternMatcher, PatternRefused, check_pattern
from communityrules.library.patterns import tree as nodes
from communityrules.library.patterns.syntax import parse
from communityrules.tables.pieces import EMPTY, FLAGS, NoPiece, Piece, literal, of_python, of_words, spelt

__all__ = ["MOST_VALUES", "Lost", "Method", "Patterns", "literal", "pattern", "patterns"]

#: Characters of one pattern: longer ones are cut into several.
_LONGEST: Final = 1200
#: Alternatives of one file that are looked at one by one.
MOST_VALUES: Final = 50_000

Method = Literal["includes-word", "includes", "starts-with", "ends-with", "full-exact", "full-text", "domain"]


@dataclass(frozen=True, slots=True)
class Lost:
    """An alternative that cannot be carried over."""

    value: str
    why: Bilingual


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns of which any that fits means that one of the alternatives was found."""

    patterns: tuple[str, ...]
    lost: tuple[Lost, ...]
    #: Whether a `\\b` stayed, which beside letters other than A to Z differs from Python's.
    latin_edges: bool
    #: Whether one of them fits the empty text.
    fits_empty: bool


@dataclass(frozen=True, slots=True)
class _Made:
    """One pattern of the result. Of plain texts nothing has to be tried: they can be run and are not empty."""

    spelt: str
    plain: bool
    fits_empty: bool


def patterns(
    values: Iterable[str], method: Method = "includes-word", *, regex: bool = False, case_sensitive: bool = False
) -> Patterns:
    """Patterns that find any of some values, which are words or, with `regex`, regular expressions of Python."""
    pieces: list[Piece] = []
    lost: list[Lost] = []
    for value in dict.fromkeys(values):
        try:
            pieces.extend(of_python(value) if regex else [of_words(value)])
        except PatternRefused as refused:
            lost.append(Lost(value, refused.text))
        except NoPiece as error:
            lost.append(Lost(value, error.why))
    groups: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault(_wrapping(piece, method), []).append(piece)
    parts = [_Part(*edges, tuple(some)) for edges, members in groups.items() for some in _cut(members)]
    made, refused_ones = _built(parts, case_sensitive)
    return Patterns(
        tuple(one.spelt for one in made),
        (*lost, *refused_ones),
        any(not one.plain and _has_edge(one.spelt) for one in made),
        any(one.fits_empty for one in made),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Pieces that have the same before and after them."""

    before: str
    after: str
    pieces: tuple[Piece, ...]

    @property
    def spelt(self) -> str:
        joined = "|".join(one.core for one in self.pieces)
        if (self.before or self.after) and "|" in joined:
            joined = f"(?:{joined})"
        return self.before + joined + self.after


def pattern(value: str, *, ignore_case: bool) -> str | Lost:
    """One regular expression as a pattern that fits the same texts, or why there is none."""
    try:
        text, lines = spelt(value)
        if not text:
            return Lost(value, EMPTY)
        flags = ("i" if ignore_case or _ignores_case(value) else "") + ("m" if lines else "")
        made = (f"(?{flags})" if flags else "") + text
        check_pattern(made)
    except PatternRefused as refused:
        return refused.rewrite if refused.rewrite is not None else Lost(value, refused.text)
    except NoPiece as error:
        return Lost(value, error.why)
    return made


def _ignores_case(value: str) -> bool:
    return any("i" in one.group(1) for one in FLAGS.finditer(value))


# --- the whole -----------------------------------------------------------------------------------------------

_BEFORE: Final = {"word": "(?:^|\\W)", "bound": "(?:^|\\W)", "other": "", "mixed": "(?:^|\\W|\\b)", "open": ""}
_AFTER: Final = {"word": "(?:$|\\W)", "bound": "(?:$|\\W)", "other": "", "mixed": "(?:$|\\W|\\b)", "open": ""}


#: After `.*` there is no edge to ask for.
_OPEN: Final[dict[str, str]] = {"open": ""}


def _wrapping(piece: Piece, method: Method) -> tuple[str, str]:
    """What stands before and after a piece, as the method asks."""
    before = _BEFORE["bound"] if piece.before == "bound" else ""
    after = _AFTER["bound"] if piece.after == "bound" else ""
    match method:
        case "includes-word":
            return _BEFORE[piece.before], _AFTER[piece.after]
        case "includes":
            return before, after
        case "starts-with":
            return _OPEN.get(piece.before, "^"), after
        case "ends-with":
            return before, _OPEN.get(piece.after, "$")
        case "full-exact":
            return _OPEN.get(piece.before, "^"), _OPEN.get(piece.after, "$")
        case "full-text":
            return _OPEN.get(piece.before, "^\\W*"), _OPEN.get(piece.after, "\\W*$")
        case "domain":
            return _OPEN.get(piece.before, "^(?:.*\\.)?"), _OPEN.get(piece.after, "$")


def _built(parts: list[_Part], case_sensitive: bool) -> tuple[list[_Made], list[Lost]]:
    """Patterns of parts, as many in one as fit, cut where they cannot be run."""
    made: list[_Made] = []
    lost: list[Lost] = []
    waiting = _packed(parts)[::-1]
    while waiting:
        some = waiting.pop()
        whole = _pattern(some, case_sensitive)
        if all(piece.plain for one in some for piece in one.pieces):
            made.append(_Made(whole, plain=True, fits_empty=False))
            continue
        try:
            made.append(_tried(whole))
        except PatternRefused as refused:
            if len(some) > 1:
                waiting += [[one] for one in some[::-1]]
            elif len(some[0].pieces) > 1:
                half = len(some[0].pieces) // 2
                first, last = some[0].pieces[:half], some[0].pieces[half:]
                waiting += [[replace(some[0], pieces=last)], [replace(some[0], pieces=first)]]
            elif refused.rewrite is not None:
                made.append(_tried(refused.rewrite))
            else:
                lost.append(Lost(some[0].pieces[0].value, refused.text))
    return made, list(dict.fromkeys(lost))


def _tried(spelt_so: str) -> _Made:
    return _Made(spelt_so, plain=False, fits_empty=PatternMatcher(spelt_so).fits_everything)


def _packed(parts: list[_Part]) -> list[list[_Part]]:
    found: list[list[_Part]] = []
    length = _LONGEST
    for one in parts:
        size = len(one.spelt) + 1
        if length + size > _LONGEST:
            found.append([])
            length = 0
        found[-1].append(one)
        length += size
    return found


def _cut(members: list[Piece]) -> list[list[Piece]]:
    found: list[list[Piece]] = []
    length = _LONGEST
    for one in members:
        size = len(one.core) + 1
        if length + size > _LONGEST - _WRAPPING:
            found.append([])
            length = 0
        found[-1].append(one)
        length += size
    return found


#: Room for what stands before and after.
_WRAPPING: Final = 40


def _pattern(parts: list[_Part], case_sensitive: bool) -> str:
    joined = "|".join(one.spelt for one in parts)
    flags = ("" if case_sensitive else "i") + ("s" if "." in joined else "")
    return (f"(?{flags})" if flags else "") + joined


def _has_edge(pattern: str) -> bool:
    """Whether `\\b` or `\\B` stands in a pattern outside a class."""
    return any(isinstance(one, nodes.Anchor) and one.kind in ("\\b", "\\B") for one in nodes.walk(parse(pattern)))
