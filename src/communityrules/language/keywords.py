"""The keyword table: every syntax word in both spellings, read once from `grammars/keywords.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from communityrules.frozen import dataclass

Language = Literal["en", "zh"]

#: Sections whose entries are each a terminal of the grammar, or share one through `token`.
_WORD_SECTIONS = ("declarations", "header", "clauses", "words", "slots", "operators")
#: Sections whose entries together make one terminal.
_SHARED_SECTIONS = {"windows": "WINDOW", "weekdays": "WEEKDAY", "units": "UNIT"}

_RESERVED_SECTIONS = ("declarations", "clauses", "slots", "operators")
_RESERVED_WORDS = (
    "exactly", "everyone", "everywhere", "except", "immediately", "otherwise", "forever", "given", "expect", "nothing",
    "under",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keyword:
    """One meaning and its spellings; the first of each language is the canonical one."""

    id: str
    section: str
    #: The terminal of the grammar that it belongs to.
    token: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    #: A comma may stand before it and belongs to it.
    comma: bool = False
    #: A number may follow without a space.
    number: bool = False
    #: It closes the phrase that another word opens, in Chinese only.
    end: bool = False
    #: What Chinese prints for a unit without a number.
    bare: str | None = None

    def spellings(self, language: Language) -> tuple[str, ...]:
        return self.zh if language == "zh" else self.en


class KeywordTable:
    """All keywords, by section and by spelling."""

    def __init__(self, sections: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        self._entries: dict[tuple[str, str], Keyword] = {}
        for section, entries in sections.items():
            for id_, entry in entries.items():
                token = entry.get("token") or _SHARED_SECTIONS.get(section) or id_.upper()
                self._entries[section, id_] = Keyword(
                    id_, section, token, tuple(entry["en"]), tuple(entry["zh"]), bool(entry.get("comma")),
                    bool(entry.get("number")), bool(entry.get("end")), entry.get("bare"),
                )  # fmt: skip
        self._words = {one.id: one for one in self._entries.values() if one.section in _WORD_SECTIONS}
        self._by_token: dict[str, list[Keyword]] = {}
        for one in self._entries.values():
            if one.section in _WORD_SECTIONS or one.section in _SHARED_SECTIONS:
                self._by_token.setdefault(one.token, []).append(one)
        self._spellings = frozenset(s for one in self._words.values() for s in (*one.en, *one.zh))
        self._meanings = {
            section: {
                re.sub(r"\s+", " ", spelling): one.id
                for one in self.section(section)
                for spelling in (*one.en, *one.zh)
            }
            for section in sections
        }

    def section(self, name: str) -> tuple[Keyword, ...]:
        """The entries of one section in the order of the table."""
        return tuple(one for (section, _), one in self._entries.items() if section == name)

    def entry(self, section: str, id_: str) -> Keyword:
        return self._entries[section, id_]

    def has(self, section: str, id_: str) -> bool:
        return (section, id_) in self._entries

    def is_word(self, spelling: str) -> bool:
        """Whether a spelling is that of a syntax word."""
        return spelling in self._spellings

    def tokens(self) -> tuple[str, ...]:
        """The terminals made from the table, in its order."""
        return tuple(self._by_token)

    def of_token(self, token: str) -> tuple[Keyword, ...]:
        """The meanings that share a terminal; none for a terminal that is not of the table."""
        return tuple(self._by_token.get(token, ()))

    def meaning(self, section: str, spelling: str) -> str | None:
        """The id of the entry of a section with this spelling."""
        return self._meanings[section].get(" ".join(spelling.split()))

    def spell(self, id_: str, language: Language) -> str:
        """The canonical spelling of a word; empty for a closing word in English."""
        spellings = self._words[id_].spellings(language)
        return spellings[0] if spellings else ""

    def written(self, id_: str) -> tuple[str, ...]:
        """Every spelling of a word, English first."""
        word = self._words[id_]
        return (*word.en, *word.zh)

    def words(self) -> tuple[Keyword, ...]:
        """Every entry whose terminal is a word of the grammar, without windows, weekdays and units."""
        return tuple(self._words.values())

    def reserved(self) -> frozenset[str]:
        """Spellings that a writer may not use as a name: a reader could not tell the two apart."""
        return frozenset(
            spelling
            for one in self._words.values()
            if one.section in _RESERVED_SECTIONS or one.id in _RESERVED_WORDS
            for spelling in (*one.en, *one.zh)
        )


_PACKAGE = Path(__file__).parents[1]


@lru_cache(maxsize=1)
def keyword_table() -> KeywordTable:
    """The table of this installation."""
    return KeywordTable(tomllib.loads(grammar_text("keywords.toml")))


def grammar_text(name: str) -> str:
    """The text of a file of `grammars/`: inside the package in a wheel, at the root of a source checkout."""
    for folder in (_PACKAGE / "grammars", _PACKAGE.parents[1] / "grammars"):
        try:
            return (folder / name).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            continue
    # A package in an archive. Loaded only here: it takes a while, and hardly anybody has one.
    from importlib.resources import files

    return (files("communityrules") / "grammars" / name).read_text(encoding="utf-8")
