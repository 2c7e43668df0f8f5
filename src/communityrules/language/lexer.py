"""The contextual lexer: only terminals that the parser can take at a place are tried there.

Lark has one of its own, which compiles a large pattern for each state of the parser. Here each terminal is compiled
once and tried only where its first letter fits, which makes the first parse of a process ten times quicker.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from lark.lexer import Lexer

from communityrules.language.keywords import keyword_table
from communityrules.language.token import Token, make_token

_SPACE = re.compile("[ \t\n\r\f\v\x02]*").match
_DIGITS = "0123456789"

#: First letters of the terminals that are not keywords; "letter" and "word" stand for what opens a name or an id.
_FIRST = {
    "NAME": "letter", "FIELD_KEY": "letter", "RULE_ID": "word", "ZONE": "letter", "TEXT": "\ue000", "REGEX": "\ue002",
    "ROW": "|", "DATE": _DIGITS, "TIME": _DIGITS, "NUMBER": _DIGITS, "DURATION": _DIGITS, "RANGE": _DIGITS,
    "LATER": _DIGITS, "ORDINAL": _DIGITS + "第",
}  # fmt: skip
#: Stand for all letters, digits and signs beyond ASCII that open no keyword.
_ANY_LETTER, _ANY_DIGIT, _ANY_SIGN = "ꙮ", "٣", "☐"


class _Terminal(NamedTuple):
    name: str
    pattern: str
    first: str

    def may_start_with(self, letter: str) -> bool:
        if self.first == "letter":
            return letter == "_" or (letter.isalnum() and not letter.isdecimal())
        if self.first == "word":
            return letter == "_" or letter.isalnum()
        return letter in self.first


class RulesLexer(Lexer):
    """Lark hands it the terminals; the driver asks it for one token at a time."""

    __future_interface__ = 2

    def __init__(self, conf: Any) -> None:
        ignored = set(conf.ignore)
        ordered = sorted(conf.terminals, key=lambda one: (-one.priority, one.name))
        self._terminals = [
            _Terminal(one.name, one.pattern.to_regexp(), _first_letters(one.name, one.pattern))
            for one in ordered
            if one.name not in ignored
        ]
        #: First letters beyond ASCII that mean something.
        self._special = frozenset(
            letter for one in self._terminals if one.first not in ("letter", "word") for letter in one.first
        )
        self._matchers: dict[str, Any] = {}
        self._candidates: dict[tuple[int, str], tuple[tuple[str, Any], ...]] = {}

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        """Lark's own entry; the reader uses `next_token`."""
        raise NotImplementedError  # Lark computes the parse table here, it does not parse

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
        for name, match in candidates:
            found = match(text, position, end)
            if found:
                return make_token(name, found.group(), position, found.end())
        return None

    def _find_candidates(self, letter: str, accepted: Collection[str]) -> tuple[tuple[str, Any], ...]:
        return tuple(
            (one.name, self._matcher(one))
            for one in self._terminals
            if one.name in accepted and one.may_start_with(letter)
        )

    def _matcher(self, terminal: _Terminal) -> Any:
        found = self._matchers.get(terminal.name)
        if found is None:
            found = self._matchers[terminal.name] = re.compile(terminal.pattern).match
        return found


def _first_letters(name: str, pattern: Any) -> str:
    if name in _FIRST:
        return _FIRST[name]
    keywords = keyword_table().of_token(name)
    if not keywords:
        return str(pattern.value)[0]
    letters = {spelling[0] for one in keywords for spelling in (*one.en, *one.zh)}
    if any(one.comma for one in keywords):
        letters.add(",")
    return "".join(sorted(letters))
