"""The terminals that the keyword table gives: their spellings or patterns, their priorities, how they begin.

Needed only where the parse table is computed: `grammars/table.json` holds what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from communityrules.language.keywords import KeywordTable
from communityrules.language.lexer import GUARDS
from communityrules.language.table import Terminal

#: First letters of the terminals that are not keywords; "letter" and "word" stand for what opens a name or an id.
_DIGITS = "0123456789"
_FIRST = {
    "NAME": "letter", "FIELD_KEY": "letter", "RULE_ID": "word", "ZONE": "letter", "TEXT": "\ue000", "REGEX": "\ue002",
    "ROW": "|", "DATE": _DIGITS, "TIME": _DIGITS, "NUMBER": _DIGITS, "DURATION": _DIGITS, "RANGE": _DIGITS,
    "LATER": _DIGITS, "ORDINAL": _DIGITS + "第",
}  # fmt: skip


def _spelling_pattern(spelling: str) -> str:
    return "[ \\t]+".join(re.escape(word) for word in spelling.split())


def _longest_first(spellings: Iterable[str]) -> list[str]:
    return sorted(spellings, key=lambda one: (-len(one), one))


def _alternatives(spellings: list[str]) -> str:
    return "|".join(map(_spelling_pattern, _longest_first(spellings)))


def keyword_spellings(table: KeywordTable, token: str) -> tuple[tuple[str, int], ...]:
    """The spellings of a keyword terminal in the order in which they are tried, each with the number of its guard."""
    symbols: list[str] = []
    plain: list[str] = []
    glued: list[str] = []
    for one in table.of_token(token):
        for spelling in (*one.en, *one.zh):
            if not re.match(r"\w", spelling):
                symbols.append(spelling)
            elif one.number and spelling > "\u2e80":
                glued.append(spelling)
            else:
                plain.append(spelling)
    plain = [one for one in plain if one not in glued]
    return tuple(
        (" ".join(spelling.split()), guard)
        for guard, spellings in enumerate((symbols, plain, glued))
        for spelling in _longest_first(dict.fromkeys(spellings))
    )


def keyword_priority(table: KeywordTable, token: str) -> int:
    """Before names, and those of several words before those of one."""
    spellings = [spelling for spelling, _ in keyword_spellings(table, token)]
    symbols = [len(spelling) for spelling, guard in keyword_spellings(table, token) if guard == 0]
    priority = 10 + 2 * max(len(spelling.split()) for spelling in spellings) + max(symbols, default=0)
    return priority + 20 if table.of_token(token)[0].section == "declarations" else priority


def every_pattern(table: KeywordTable) -> str:
    """每 is a word of the language only before a length of time: it also begins names."""
    others = _alternatives([one for one, _ in keyword_spellings(table, "EVERY") if one != "每"])
    return rf"每(?=[ \t]*(?:[0-9]|{unit_pattern(table)}))|(?:{others})(?!{GUARDS[1]})"


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
    # Lark wants a pattern for each terminal; those of keywords it never uses.
    patterns = {token: (token, keyword_priority(table, token)) for token in table.tokens() if token != "LATER"}
    patterns["EVERY"] = (every_pattern(table), keyword_priority(table, "EVERY"))
    patterns["UNIT"] = (unit_pattern(table), 20)
    patterns.update(duration_patterns(table))
    for token, (pattern, priority) in patterns.items():
        lines.append(f"{token}.{priority}: /{pattern.replace('/', chr(92) + '/')}/")
    return "\n".join(lines) + "\n"


def terminal(table: KeywordTable, name: str, pattern: str) -> Terminal:
    """All that the lexer needs of a terminal; `pattern` is what the grammar says of it."""
    keywords = table.of_token(name)
    if name in _FIRST or not keywords:
        return Terminal(name, _FIRST.get(name) or pattern.lstrip("\\")[0], (), pattern, (), "")
    spellings = keyword_spellings(table, name)
    before = "comma" if keywords[0].comma else "line" if keywords[0].section == "declarations" else ""
    words = {spelling.split()[0] for spelling, _ in spellings} | ({","} if before == "comma" else set())
    first = "".join(sorted({word[0] for word in words}))
    if name in ("EVERY", "UNIT"):
        return Terminal(name, first, tuple(sorted(words)), pattern, (), "")
    return Terminal(name, first, tuple(sorted(words)), "", spellings, before)
