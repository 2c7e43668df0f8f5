"""Which sheets of a file are those of a rulebook, where their heads stand, and what each column is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass
from communityrules.language.keywords import keyword_table
from communityrules.language.parse import parse
from communityrules.tables.sheets.headings import meaning_of, plain_head
from communityrules.tables.workbook.grid import Raw, SheetKind
from communityrules.tables.workbook.heads import ALWAYS, HEADS, TITLES

#: Rows that are looked through for heads: a person may have put a title above them.
_LOOKED: Final = 10
#: The same, with empty ones between them: what a sheet is lies in its first rows.
BEGINNING: Final = 200 + _LOOKED
_BRACKETS: Final = re.compile(r"[((\[【].*?[))\]】]")
#: Other words for the columns that every export has: when one is not there, it goes by another name.
_MEANT: Final = {"number": "rule", "scope": "applies_to"}


@dataclass(frozen=True, slots=True)
class Cell:
    """Where something stands: `Rules!C4`."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        letters, number = "", self.column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{self.sheet}!{letters}{self.row}"


@dataclass(slots=True)
class Found:
    """One of our sheets within a file."""

    kind: SheetKind
    title: str
    #: The place of each column that we know, from 0.
    columns: dict[str, int]
    #: Rows below the heads, with the number of the first of them.
    rows: Sequence[Sequence[str]]
    first: int
    banner: str = ""
    banner_row: int = 1
    language: Language = "en"
    #: The heads as they stand there, by column.
    heads: dict[str, str] = field(default_factory=dict)
    #: Heads of columns that are not ours and hold something.
    strange: list[str] = field(default_factory=list)
    #: Whether it bears the title that an export gives it.
    titled: bool = False

    def get(self, row: Sequence[str], column: str) -> str:
        place = self.columns.get(column)
        return row[place].strip() if place is not None and place < len(row) else ""

    def says(self, row: Sequence[str]) -> bool:
        """Whether a row holds anything in a column of ours."""
        return any(self.get(row, column) for column in self.columns)

    def cell(self, index: int, column: str) -> Cell:
        return Cell(self.title, self.first + index, self.columns.get(column, 0) + 1)


def find_sheet(title: str, rows: Sequence[Sequence[str]]) -> Found | None:
    """One of our sheets, by its heads; None for any other."""
    filled = [index for index, row in enumerate(rows[:BEGINNING]) if any(one.strip() for one in row)][:_LOOKED]
    for place, index in enumerate(filled):
        opening = opens_table(rows[index][0]) if rows[index] else None
        if opening is None or place + 1 == len(filled):
            continue
        heads = rows[filled[place + 1]]
        columns = _places(heads, HEADS["table"])
        if "rule" in columns and (not set(ALWAYS) <= set(columns) or _is_opening(opening)):
            found = _found("table", title, columns, rows, filled[place + 1])
            found.banner, found.banner_row = rows[index][0].strip(), index + 1
            return found
    named = next((kind for kind, said in TITLES.items() if title.strip() in (said.en, said.zh)), None)
    best: tuple[tuple[bool, bool, int, int], SheetKind, dict[str, int], int] | None = None
    for index in filled:
        for kind, known in HEADS.items():
            columns = _places(rows[index], known)
            if kind == "rules" and len(columns) > 1:
                columns |= _others(rows[index], columns)
            keyed = next(iter(known)) in columns
            if kind == "table" or not columns:
                continue
            first = keyed and len(columns) >= min(2, len(known)) and index == filled[0]
            usual = kind == "rules" and keyed and len(set(ALWAYS) & set(columns)) > 3
            if not (kind == named or first or usual):
                # Without its title a sheet is known by its first line alone; one of rules by most of its usual heads.
                continue
            # Of several kinds the one whose title the sheet bears, then the one that knows most of its heads.
            score = (kind == named, keyed, len(columns), -index)
            if best is None or score > best[0]:
                best = (score, kind, columns, index)
    if best is None:
        return None
    _, kind, columns, index = best
    found = _found(kind, title, columns, rows, index)
    found.titled = kind == named
    return found


def _found(kind: SheetKind, title: str, columns: dict[str, int], rows: Sequence[Sequence[str]], at: int) -> Found:
    first = at + 2
    heads, below = rows[at], rows[at + 1 :]
    others = [place for place, head in enumerate(heads) if head.strip() and place not in columns.values()]
    strange = [heads[at].strip() for at in others if any(len(row) > at and row[at].strip() for row in below)]
    said = {column: heads[place].strip() for column, place in columns.items()}
    chinese = sum(said[one] == HEADS[kind][one].zh for one in said if HEADS[kind][one].zh != HEADS[kind][one].en)
    english = sum(said[one].casefold() == HEADS[kind][one].en.casefold() for one in said)
    return Found(
        kind, title, columns, below, first, language="zh" if chinese > english else "en", heads=said, strange=strange
    )


def _places(heads: Sequence[str], known: Mapping[str, Bilingual]) -> dict[str, int]:
    """Where each column that we know stands, from 0, whatever the width, case, script, spaces and brackets of heads."""
    spelt = {plain_head(word): column for column, said in known.items() for word in (said.en, said.zh)}
    places: dict[str, int] = {}
    for index, head in enumerate(heads):
        if not head.strip() or len(head) > 60:
            continue
        for said in (head, _BRACKETS.sub("", head)):
            column = spelt.get(plain_head(said))
            if column is not None and column not in places:
                places[column] = index
                break
    return places


def _others(heads: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """The places of usual columns that go by other names."""
    found: dict[str, int] = {}
    for index, head in enumerate(heads):
        match = meaning_of(head) if index not in known.values() else None
        column = _MEANT.get(match.meaning, match.meaning) if match is not None and match.sure > 1 else None
        if column in ALWAYS and column not in known and column not in found:
            found[column] = index
    return found


def opens_table(text: str) -> str | None:
    """The line of a text that begins a rule table, comments before it left out; None when there is none."""
    line = next((one for one in text.strip().split("\n") if not one.startswith("#")), "")
    return line if any(re.match(rf"{re.escape(word)}\s", line) for word in keyword_table().written("table")) else None


def _is_opening(line: str) -> bool:
    _, wrong = parse(Source("table", f"{line}\n  | rule |\n  | 1 |\n"))
    return not any(one.severity == "error" for one in wrong)


__all__ = ["Cell", "Found", "Raw", "find_sheet", "opens_table"]
