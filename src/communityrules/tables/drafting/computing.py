"""The table of the phrases: every pattern written out, with the letters that a text needs before it is worth trying.

`python -m communityrules.tables.drafting.computing` writes `phrases/table.json` of a source checkout anew. Most
patterns can match nothing in most sentences, and which ones can is told by the letters of a sentence in one pass: a
pattern comes with sets of pieces of which a match holds at least one each.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from re import _constants as codes
from re import _parser as parser
from typing import Any, Final, Literal

from communityrules.tables.drafting import numbers
from communityrules.tables.drafting.phrases import TABLE

#: The types that come with Python do not know it.
compiler: Any = import_module("re._compiler")
FOLDER: Final = Path(__file__).parent / "phrases"
#: What a pattern is written for: any text, one without Latin letters, one of ASCII. In the latter two what cannot match
#: is left out: most texts are in one language, and the other's numbers and names are half of a pattern.
_Only = Literal["", "zh", "en"]
_SLOTS: Final[dict[_Only, dict[str, str]]] = {
    "": {
        "N": numbers.NUMBER, "T": numbers.LENGTH, "TIME": numbers.TIME_OF_DAY,
        "PERIOD": r"(?:小时|钟头|天|日|周|星期|礼拜|月|季度|年|hour|day|week|month|year)(?![a-z])",
    },
    "zh": {
        "N": numbers.NUMBER_ZH, "T": numbers.LENGTH_ZH, "TIME": numbers.TIME_OF_DAY_ZH,
        "PERIOD": "(?:小时|钟头|天|日|周|星期|礼拜|月|季度|年)",
    },
    "en": {
        "N": numbers.NUMBER_EN, "T": numbers.LENGTH_EN, "TIME": numbers.TIME_OF_DAY_EN,
        "PERIOD": "(?:hour|day|week|month|year)(?![a-z])",
    },
}  # fmt: skip
_SLOT: Final = re.compile(r"(?<!\?P)<(?:(\w+):)?(\w+)>")
#: Pieces of one set, and sets of one pattern, that are kept: more tell little.
_MOST_PIECES: Final = 60
_MOST_SETS: Final = 5
#: Classes of letters that a pattern may begin with, as they are written in a set.
_CATEGORIES: Final = {
    codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_SPACE: r"\s", codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _lines(subject: str, name: str) -> list[str]:
    """The patterns of an entry, in either language, those in Chinese first; their slots are not filled in."""
    table = _file(subject).get(name)
    if table is None and subject != "common":
        return _lines("common", name)
    if table is None:
        raise KeyError(f"{subject}: {name}")
    return [*table.get("zh", ()), *(_english(one) for one in table.get("en", ()))]


def _english(line: str) -> str:
    """An English pattern begins and ends with whole words, and its blanks are white space."""
    line = re.sub(r" (\?)?", lambda blank: r"\s*" if blank[1] else r"\s+", line)
    starts = r"(?<![a-z])" if re.match(r"[a-z(]", line) else ""
    ends = r"(?![a-z])" if re.search(r"[a-z)?*]$", line) else ""
    return f"{starts}(?:{line}){ends}"


def _filled(subject: str, line: str, only: _Only = "") -> str:
    def fill(found: re.Match[str]) -> str:
        called, slot = found.groups()
        inner = _SLOTS[only].get(slot) or _joined(subject, slot, only)
        return f"(?P<{called}>{inner})" if called else f"(?:{inner})"

    return _SLOT.sub(fill, line)


def _joined(subject: str, slot: str, only: _Only) -> str:
    """An entry as it stands in a slot, without what cannot match."""
    lines = [_filled(subject, one, only) for one in _lines(subject, slot)]
    if only:
        lines = [one for one in lines if not _has_letter_of(parser.parse(one), "en" if only == "zh" else "zh")]
    return "|".join(lines) or "(?!)"


def _has_letter_of(items: Iterable[tuple[Any, Any]], language: Literal["zh", "en"]) -> bool:
    """Whether whatever matches holds a Latin letter, or a letter that is not of ASCII."""
    return any(_item_has(code, value, language) for code, value in items)


def _item_has(code: Any, value: Any, language: Literal["zh", "en"]) -> bool:
    if code is codes.LITERAL:
        return "a" <= chr(value) <= "z" if language == "en" else value > 127
    if code is codes.IN:
        letters = _letters(value)
        return bool(letters) and all(_item_has(codes.LITERAL, ord(one), language) for one in letters)
    if code is codes.BRANCH:
        return all(_has_letter_of(one, language) for one in value[1])
    if code is codes.SUBPATTERN:
        return _has_letter_of(value[3], language)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return bool(value[0]) and _has_letter_of(value[2], language)
    if code is codes.ATOMIC_GROUP:
        return _has_letter_of(value, language)
    return False


# --- what a text needs -----------------------------------------------------------------------------------------


def needs(pattern: str) -> list[frozenset[str]]:
    """Sets of pieces of text: whatever the pattern matches holds at least one piece of each. Pieces are letters and
    digits only, so that blanks put over a text never make one."""
    return _best(_of_sequence(parser.parse(pattern)))


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    run = ""
    for code, value in items:
        if code is codes.LITERAL and chr(value).isalnum():
            run += chr(value)
            continue
        if run:
            found.append(frozenset({run}))
            run = ""
        found += _of_item(code, value)
    if run:
        found.append(frozenset({run}))
    return found


def _of_item(code: Any, value: Any) -> list[frozenset[str]]:
    if code is codes.IN:
        letters = _letters(value)
        return [frozenset(letters)] if letters and all(one.isalnum() for one in letters) else []
    if code is codes.BRANCH:
        return _of_branches(value[1])
    if code is codes.SUBPATTERN:
        return _of_sequence(value[3])
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return _of_sequence(value[2]) if value[0] else []
    if code is codes.ATOMIC_GROUP:
        return _of_sequence(value)
    # What stands around a match is no part of it, and may be what has been taken from the text.
    return []


def _of_branches(branches: Iterable[Any]) -> list[frozenset[str]]:
    pieces: set[str] = set()
    for one in branches:
        best = _best(_of_sequence(one))
        if not best:
            return []
        pieces |= best[0]
    return [frozenset(pieces)]


def _letters(items: Iterable[tuple[Any, Any]]) -> list[str]:
    found: list[str] = []
    for code, value in items:
        if code is codes.LITERAL:
            found.append(chr(value))
        elif code is codes.RANGE and value[1] - value[0] < _MOST_PIECES:
            found += map(chr, range(value[0], value[1] + 1))
        else:
            return []
    return found


def _best(sets: list[frozenset[str]]) -> list[frozenset[str]]:
    """Those that tell most, the best first: a Chinese character is rare, a Latin letter is not."""
    kept = {one for one in sets if len(one) <= _MOST_PIECES}
    return sorted(kept, key=lambda one: (-min(map(_weight, one)), len(one), sorted(one)))[:_MOST_SETS]


def _weight(piece: str) -> int:
    return sum(1 if one.isascii() else 3 for one in piece)


# --- how a match begins ----------------------------------------------------------------------------------------


def guarded(pattern: str) -> str:
    """The same pattern behind a look at the letter it must begin with: most places of a text are passed over by it,
    where the branches of the pattern would be tried one by one."""
    read = parser.parse(pattern)
    if compiler._get_literal_prefix(read, 0)[0] or compiler._get_charset_prefix(read, 0):
        # Python itself passes over places that begin otherwise.
        return pattern
    begins, empty = _beginnings(read)
    if not begins or empty:
        return pattern
    return f"(?=[{''.join(sorted(begins))}])(?:{pattern})"


def _beginnings(items: Iterable[tuple[Any, Any]]) -> tuple[set[str] | None, bool]:
    """The letters that a match may begin with, as they are written in a set, or None where they may be any; and whether
    it may be empty."""
    found: set[str] = set()
    for code, value in items:
        begins, empty = _beginnings_of(code, value)
        if begins is None:
            return None, empty
        found |= begins
        if not empty:
            return found, False
    return found, True


def _beginnings_of(code: Any, value: Any) -> tuple[set[str] | None, bool]:
    if code is codes.LITERAL:
        return {re.escape(chr(value))}, False
    if code is codes.IN:
        return _written(value), False
    if code is codes.BRANCH:
        found: set[str] = set()
        any_empty = False
        for one in value[1]:
            begins, empty = _beginnings(one)
            if begins is None:
                return None, False
            found |= begins
            any_empty = any_empty or empty
        return found, any_empty
    if code is codes.SUBPATTERN:
        return _beginnings(value[3])
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        begins, empty = _beginnings(value[2])
        return begins, empty or not value[0]
    if code is codes.ATOMIC_GROUP:
        return _beginnings(value)
    if code in (codes.ASSERT, codes.ASSERT_NOT, codes.AT):
        return set(), True
    return None, False


def _written(items: Iterable[tuple[Any, Any]]) -> set[str] | None:
    found: set[str] = set()
    for code, value in items:
        if code is codes.LITERAL:
            found.add(re.escape(chr(value)))
        elif code is codes.RANGE:
            found.add(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        elif code is codes.CATEGORY and value in _CATEGORIES:
            found.add(_CATEGORIES[value])
        else:
            return None
    return found


# --- the table -------------------------------------------------------------------------------------------------


def kept_text() -> str:
    """What the file should hold: `{"sets": [[piece]], "subjects": {subject: {entry: [[pattern, that of a text without
    Latin letters, that of a text of ASCII, [set]]]}}, "words": …}`, where sets are numbered from 0; `words` holds
    the lines of entries that are plain words."""
    numbers_of: dict[frozenset[str], int] = {}
    subjects: dict[str, dict[str, list[list[Any]]]] = {}
    words: dict[str, dict[str, list[str]]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        subject = path.stem
        if subject == "promotion":
            words[subject] = {name: [*table["zh"], *table["en"]] for name, table in _file(subject).items()}
            continue
        subjects[subject] = {}
        for name in _file(subject):
            kept = subjects[subject][name] = []
            for line in _lines(subject, name):
                whole = _filled(subject, line)
                wanted = [numbers_of.setdefault(one, len(numbers_of)) for one in needs(whole)]
                forms = [guarded(one) for one in (whole, _filled(subject, line, "zh"), _filled(subject, line, "en"))]
                kept.append([*forms, wanted])
    sets = [sorted(one) for one in numbers_of]
    return json.dumps({"sets": sets, "subjects": subjects, "words": words}, ensure_ascii=False, indent=0) + "\n"


def main() -> int:
    if not (FOLDER / "common.toml").is_file():
        sys.stderr.write("The table is made in a source checkout: there is no folder of phrases here.\n")
        return 2
    (FOLDER / TABLE).write_text(kept_text(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
