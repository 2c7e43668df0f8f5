"""The keyword table: every syntax word in both spellings, read once from `grammars/keywords.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

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


@lru_cache(maxsize=1)
def keyword_table() -> KeywordTable:
    """The table of this installation."""
    return KeywordTable(tomllib.loads(grammar_text("keywords.toml")))


def grammar_text(name: str) -> str:
    """The text of a file of `grammars/`: inside the package in a wheel, at the root of a source checkout."""
    packaged = files("communityrules") / "grammars" / name
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[3] / "grammars" / name).read_text(encoding="utf-8")


# --- terminals -----------------------------------------------------------------------------------------------

#: No letter, digit, underscore or Han follows, nor the next part of a dotted name.
_GUARD = r"(?!\w|[ \t]*\.[ \t]*[^\W\d])"
#: The same, but a digit may follow (最近10分钟).
_NUMBER_GUARD = r"(?![^\W\d]|[ \t]*\.[ \t]*[^\W\d])"
_FIRST_ON_LINE = "(?<![^\x02])"


def _spelling_pattern(spelling: str) -> str:
    return "[ \\t]+".join(re.escape(word) for word in spelling.split())


def _alternatives(spellings: list[str]) -> str:
    return "|".join(_spelling_pattern(one) for one in sorted(spellings, key=lambda s: (-len(s), s)))


def keyword_pattern(table: KeywordTable, token: str) -> tuple[str, int]:
    """The regular expression and the priority of a keyword terminal."""
    plain: list[str] = []
    glued: list[str] = []
    symbols: list[str] = []
    for one in table.of_token(token):
        for spelling in (*one.en, *one.zh):
            if not re.match(r"\w", spelling):
                symbols.append(spelling)
            elif one.number and spelling > "\u2e80":
                glued.append(spelling)
            else:
                plain.append(spelling)
    plain = [one for one in dict.fromkeys(plain) if one not in glued]
    pieces = []
    if token == "EVERY":
        plain.remove("每")
        pieces.append(rf"每(?=[ \t]*(?:[0-9]|{unit_pattern(table)}))")
    if symbols:
        pieces.append(_alternatives(list(dict.fromkeys(symbols))))
    if plain:
        pieces.append(f"(?:{_alternatives(plain)}){_GUARD}")
    if glued:
        pieces.append(f"(?:{_alternatives(list(dict.fromkeys(glued)))}){_NUMBER_GUARD}")
    pattern = "|".join(pieces)
    first = table.of_token(token)[0]
    longest = max(len(spelling.split()) for one in table.of_token(token) for spelling in (*one.en, *one.zh))
    priority = 10 + 2 * longest + (max(map(len, symbols)) if symbols else 0)
    if first.comma:
        pattern = rf"(?:,[ \t\n\x02]*)?(?:{pattern})"
    if first.section == "declarations":
        pattern = f"{_FIRST_ON_LINE}(?:{pattern})"
        priority += 20
    return pattern, priority


def unit_pattern(table: KeywordTable) -> str:
    """A unit of time with nothing glued to it."""
    spellings = [spelling for one in table.section("units") for spelling in (*one.en, *one.zh)]
    return f"(?:{_alternatives(spellings)})(?!\\w)"


def duration_patterns(table: KeywordTable) -> dict[str, tuple[str, int]]:
    """The terminals of lengths of time: one, a range of two, one that says `later`; and of the order of offences."""
    spellings = [spelling for one in table.section("units") for spelling in (*one.en, *one.zh)]
    unit = f"(?:{_alternatives(spellings)})"
    number = r"[0-9]+(?:\.[0-9]+)?"
    to = _alternatives([s for one in table.of_token("TO") for s in (*one.en, *one.zh) if s not in ("向", "给")])
    later = _alternatives([*table.entry("words", "later").en, *table.entry("words", "later").zh])
    inside = "(?:[ \\t]*(?:以内|之内|内))?"
    return {
        "DURATION": (rf"{number}[ \t]*{unit}{inside}(?!\w)", 40),
        "RANGE": (rf"{number}(?:[ \t]*{unit})?[ \t]*(?:{to}|~|-)[ \t]*{number}[ \t]*{unit}(?!\w)", 45),
        "LATER": (rf"{number}[ \t]*{unit}[ \t]*(?:{later})(?!\w)", 45),
        "ORDINAL": (r"[0-9]+(?:st|nd|rd|th)(?!\w)|第[ \t]*[0-9一二三四五六七八九十]+[ \t]*次", 45),
    }


def terminals(table: KeywordTable) -> str:
    """The part of the grammar that the keyword table gives."""
    lines = []
    patterns = {token: keyword_pattern(table, token) for token in table.tokens() if token not in ("LATER",)}
    patterns["UNIT"] = (unit_pattern(table), 20)
    patterns.update(duration_patterns(table))
    for token, (pattern, priority) in patterns.items():
        lines.append(f"{token}.{priority}: /{pattern.replace('/', chr(92) + '/')}/")
    return "\n".join(lines) + "\n"
