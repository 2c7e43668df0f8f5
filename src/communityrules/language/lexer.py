"""The contextual lexer: only terminals that the parser can take at a place are tried there.

Lark has one of its own, which compiles a large pattern for each state of the parser. Compiling is what takes time at
the start of a process: here keywords are compared letter for letter, and a pattern is compiled when it is first tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from communityrules.language.table import Terminal
from communityrules.language.token import Token, make_token

_SPACE = re.compile("[ \t\n\r\f\v\x02]*").match
_GAP = re.compile("[ \t]+").match
_AFTER_COMMA = re.compile("[ \t\n\x02]*").match

#: What may not follow a keyword, by number: after a sign anything may; after a word no letter, digit, underscore or
#: Han, nor the next part of a dotted name; after some Chinese words a digit may (最近10分钟).
GUARDS = (r"(?!)", r"\w|[ \t]*\.[ \t]*[^\W\d]", r"[^\W\d]|[ \t]*\.[ \t]*[^\W\d]")
_GUARDED = tuple(re.compile(one).match for one in GUARDS)

#: Stand for all letters, digits and signs beyond ASCII that open no keyword.
_ANY_LETTER, _ANY_DIGIT, _ANY_SIGN = "ꙮ", "٣", "☐"


class RulesLexer:
    """The driver asks it for one token at a time."""

    def __init__(self, terminals: Sequence[Terminal]) -> None:
        self._terminals = terminals
        #: First letters beyond ASCII that mean something.
        self._special = frozenset(
            letter for one in terminals if one.first not in ("letter", "word") for letter in one.first
        )
        self._matchers: dict[str, _Keyword | _Pattern] = {
            one.name: _Keyword(one) if one.spellings else _Pattern(one) for one in terminals
        }
        self._candidates: dict[tuple[int, str], tuple[_Keyword | _Pattern, ...]] = {}

    def next_token(self, text: str, position: int, end: int, state: int, accepted: Collection[str]) -> Token | None:
        """The token that stands next, with `$END` at the end; None when no terminal that the state takes fits there."""
        position = _SPACE(text, position, end).end()  # type: ignore[union-attr] # it matches the empty text
        if position >= end:
            return make_token("$END", "", end, end)
        letter = text[position]
        if letter > "\u007f" and letter not in self._special:
            letter = _ANY_SIGN if not letter.isalnum() else _ANY_DIGIT if letter.isdecimal() else _ANY_LETTER
        key = (state, letter)
        candidates = self._candidates.get(key)
        if candidates is None:
            candidates = self._candidates[key] = self._find_candidates(letter, accepted)
        for one in candidates:
            if one.words and not text.startswith(one.words, position):
                continue
            stop = one.stop(text, position, end)
            if stop >= 0:
                return make_token(one.name, text[position:stop], position, stop)
        return None

    def _find_candidates(self, letter: str, accepted: Collection[str]) -> tuple[_Keyword | _Pattern, ...]:
        found = [one for one in self._terminals if one.name in accepted and _may_start_with(one.first, letter)]
        if letter != ",":
            # Of two keywords that are spelt alike the one that a comma may stand before is meant only with it.
            plain = {spelling for one in found if one.before != "comma" for spelling, _ in one.spellings}
            found = [
                one
                for one in found
                if one.before != "comma" or not plain.issuperset(spelling for spelling, _ in one.spellings)
            ]
        return tuple(self._matchers[one.name] for one in found)


class _Keyword:
    """A terminal that is one of several spellings."""

    __slots__ = ("_after_comma", "_first_on_line", "_spellings", "name", "words")

    def __init__(self, terminal: Terminal) -> None:
        self.name = terminal.name
        self.words = terminal.words
        self._first_on_line = terminal.before == "line"
        self._after_comma = terminal.before == "comma"
        #: The first word, those after it, and what may not follow.
        self._spellings = [
            (words[0], words[1:], _GUARDED[guard])
            for words, guard in ((spelling.split(), guard) for spelling, guard in terminal.spellings)
        ]

    def stop(self, text: str, position: int, end: int) -> int:
        """Where the keyword that stands at a place ends; -1 when none does."""
        if self._first_on_line and position > 0 and text[position - 1] != "\x02":
            return -1
        if self._after_comma and text[position] == ",":
            position = _AFTER_COMMA(text, position + 1, end).end()  # type: ignore[union-attr] # it matches nothing too
        for word, others, guard in self._spellings:
            if text.startswith(word, position, end):
                at = position + len(word)
                for other in others:
                    gap = _GAP(text, at, end)
                    if gap is None or not text.startswith(other, gap.end(), end):
                        break
                    at = gap.end() + len(other)
                else:
                    if guard(text, at, end) is None:
                        return at
        return -1


class _Pattern:
    """A terminal that is a regular expression."""

    __slots__ = ("_match", "_pattern", "name", "words")

    def __init__(self, terminal: Terminal) -> None:
        self.name = terminal.name
        self.words = terminal.words
        self._pattern = terminal.pattern
        self._match: Callable[[str, int, int], re.Match[str] | None] | None = None

    def stop(self, text: str, position: int, end: int) -> int:
        """Where what stands at a place ends; -1 when it does not fit."""
        if self._match is None:
            self._match = re.compile(self._pattern).match
        found = self._match(text, position, end)
        return -1 if found is None else found.end()


def _may_start_with(first: str, letter: str) -> bool:
    if first == "letter":
        return letter == "_" or (letter.isalnum() and not letter.isdecimal())
    if first == "word":
        return letter == "_" or letter.isalnum()
    return letter in first
