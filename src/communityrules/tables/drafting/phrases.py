"""The phrases of `phrases/`: each file is one subject, each entry a list of patterns per language.

A pattern is a regular expression over text made even (`text.even`), with slots in angle brackets: `<N>` a number, `<T>`
a length of time, `<TIME>` a time of day, `<PERIOD>` what comes round, `<people>` and its like another entry of the same
file or of `common.toml`; `<count:N>` gives a slot a name. In English patterns a blank stands for any white space.

`phrases/table.json` is made of them by `computing`. It says of each pattern which pieces of text it needs: the pieces
that a sentence holds are found in one pass, and only patterns that may match are compiled and tried.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

TABLE: Final = "table.json"
#: Which sets of pieces a text has a piece of, a bit for each; the first two say whether it has Latin letters, and
#: whether it has others than those of ASCII.
Held: TypeAlias = int
_LATIN: Final = 1
_WIDE: Final = 2
_FIRST_SET: Final = 2
_LATIN_LETTER: Final = re.compile("[a-z]")
#: One pattern: as it is, as it is in a text without Latin letters, as it is in a text of ASCII; and the numbers of the
#: sets that it needs a piece of.
Line: TypeAlias = tuple[str, str, str, list[int]]
#: Choices of patterns that are remembered for one entry.
_MOST_CHOICES: Final = 4096


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files(__package__).joinpath("phrases", TABLE).read_text(encoding="utf-8"))
    return table


@cache
def _pieces() -> tuple[AhoCorasick, tuple[int, ...]]:
    """What finds all pieces in a text, and for each piece the sets that it is in."""
    from ahocorasick_rs import AhoCorasick

    sets: dict[str, int] = {}
    for number, pieces in enumerate(_table()["sets"]):
        for piece in pieces:
            sets[piece] = sets.get(piece, 0) | 1 << number + _FIRST_SET
    return AhoCorasick(list(sets)), tuple(sets.values())


@lru_cache(maxsize=4096)
def held_by(text: str) -> Held:
    """What an even text holds; a text cut out of it, or with blanks over some of it, holds no more."""
    finder, sets = _pieces()
    found = (_LATIN if _LATIN_LETTER.search(text) else 0) | (0 if text.isascii() else _WIDE)
    try:
        matches = finder.find_matches_as_indexes(text, overlapping=True)
    except UnicodeEncodeError:
        # Half characters stand in no piece, and are none for the finder.
        whole = text.encode("utf-8", "replace").decode("utf-8")
        matches = finder.find_matches_as_indexes(whole, overlapping=True)
    for piece in {one[0] for one in matches}:
        found |= sets[piece]
    return found


class Phrase:
    """Patterns of which any may match, tried in their order at each place, as one pattern with `|` between them.

    Each method takes what the text holds, where that is known already.
    """

    __slots__ = ("_chosen", "_lines", "mask")

    def __init__(self, lines: list[Line]) -> None:
        self._lines = tuple((line, sum(1 << one + _FIRST_SET for one in line[3])) for line in lines)
        #: The sets of pieces that any of the patterns needs.
        self.mask: Held = _LATIN | _WIDE
        for _, wanted in self._lines:
            self.mask |= wanted
        self._chosen: dict[int, tuple[re.Pattern[str], ...]] = {}

    def lines(self, held: Held) -> tuple[re.Pattern[str], ...]:
        """The patterns that may match, each of which may name its slots."""
        key = held & self.mask
        found = self._chosen.get(key)
        if found is None:
            if len(self._chosen) >= _MOST_CHOICES:
                self._chosen.clear()
            form = 2 if not key & _WIDE else 1 if not key & _LATIN else 0
            found = tuple(_compiled(line[:3][form]) for line, wanted in self._lines if wanted & key == wanted)
            self._chosen[key] = found
        return found

    def search(
        self, text: str, start: int = 0, end: int = sys.maxsize, held: Held | None = None
    ) -> re.Match[str] | None:
        best: re.Match[str] | None = None
        for line in self.lines(held_by(text) if held is None else held):
            match = line.search(text, start, end)
            if match is not None and (best is None or match.start() < best.start()):
                best = match
        return best

    def found_in(self, text: str, start: int = 0, end: int = sys.maxsize, held: Held | None = None) -> bool:
        """Whether any matches somewhere."""
        for line in self.lines(held_by(text) if held is None else held):
            if line.search(text, start, end) is not None:
                return True
        return False

    def match(
        self, text: str, start: int = 0, end: int = sys.maxsize, held: Held | None = None
    ) -> re.Match[str] | None:
        for line in self.lines(held_by(text) if held is None else held):
            match = line.match(text, start, end)
            if match is not None:
                return match
        return None

    def fullmatch(
        self, text: str, start: int = 0, end: int = sys.maxsize, held: Held | None = None
    ) -> re.Match[str] | None:
        for line in self.lines(held_by(text) if held is None else held):
            match = line.fullmatch(text, start, end)
            if match is not None:
                return match
        return None

    def finditer(
        self, text: str, start: int = 0, end: int = sys.maxsize, held: Held | None = None
    ) -> Iterator[re.Match[str]]:
        """Matches that hold something, in order, none inside another."""
        lines = self.lines(held_by(text) if held is None else held)
        following = [match for line in lines if (match := _next(line, text, start, end)) is not None]
        while following:
            best = min(following, key=re.Match.start) if len(following) > 1 else following[0]
            yield best
            at = best.end()
            following = [
                match
                for one in following
                if (match := one if one.start() >= at else _next(one.re, text, at, end)) is not None
            ]

    def sub(self, instead: str | Callable[[re.Match[str]], str], text: str, held: Held | None = None) -> str:
        """The text with something instead of each match that holds anything."""
        parts, at = [], 0
        for match in self.finditer(text, held=held):
            parts.append(text[at : match.start()])
            parts.append(instead if isinstance(instead, str) else instead(match))
            at = match.end()
        return "".join((*parts, text[at:])) if at else text


def _next(line: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The first match from a place on that holds anything."""
    match = line.search(text, start, end)
    while match is not None and match.end() == match.start():
        match = line.search(text, match.end() + 1, end) if match.end() < len(text) else None
    return match


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


def entry(subject: str, name: str) -> str:
    """One entry of a subject as one pattern: any of its lines, in either language."""
    return "(?:" + "|".join(line[0] for line in lines_of(subject, name)) + ")"


def lines_of(subject: str, name: str) -> list[Line]:
    """The patterns of an entry."""
    subjects = _table()["subjects"]
    found: list[Line] = subjects[subject].get(name) or subjects["common"][name]
    return found


@cache
def pattern(subject: str, name: str) -> Phrase:
    """One entry of a subject."""
    return Phrase(lines_of(subject, name))


def joined_phrase(subject: str, *entries: str) -> Phrase:
    """Several entries of a subject as one, in their order."""
    return Phrase([line for one in entries for line in lines_of(subject, one)])


def words_of(subject: str, name: str) -> tuple[str, ...]:
    """The lines of an entry that holds plain words."""
    return tuple(_table()["words"][subject][name])


@cache
def names(subject: str) -> tuple[str, ...]:
    """The entries of a subject, in the order of its file."""
    return tuple(_table()["subjects"][subject])
