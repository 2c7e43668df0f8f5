"""Tables without headings: numbered lines under a title that says that they are rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from communityrules.tables.sheets.found import Column, Table, TableRow
from communityrules.tables.sheets.identity import number_in
from communityrules.tables.sheets.model import Row, Sheet

#: What a title or a sheet is called that holds rules.
_RULES: Final = re.compile(
    r"规则|規則|公约|公約|守则|守則|群规|群規|版规|版規|规范|規範|须知|須知|条例|條例|规定|規定"
    r"|\brules?\b|guidelines?|code of conduct|\bpolic(?:y|ies)\b",
    re.IGNORECASE,
)


def numbered_lines(sheet: Sheet, rows: Sequence[Row]) -> Table | None:
    """The table of a sheet in which no headings were found; None without a title or two numbered lines."""
    taken = [row for row in rows if _line(row) is not None]
    places = {_line(row) for row in taken}
    if len(taken) < 2 or len(places) != 1:
        return None
    numbers = [row.shown(min(row.cells)) for row in taken]
    if len(set(numbers)) != len(numbers):
        return None
    title = next((text for row in rows if row not in taken and _RULES.search(text := _said(row))), "")
    if not title and not _RULES.search(_plain(sheet.name)):
        return None
    ((number, content),) = (place for place in places if place is not None)
    others = sorted({column for row in taken for column in row.cells} - {number, content})
    columns = (
        Column(number, "", "number"),
        Column(content, "", "content"),
        *(Column(column, "", None) for column in others),
    )
    lines = tuple(TableRow(sheet.name, row.number, row.cells, columns, row.hidden) for row in taken)
    return Table(sheet.name, "rules", title or sheet.name, columns, lines, ())


def _line(row: Row) -> tuple[int, int] | None:
    """The columns of a number and of the words beside it; None when the row is no such line."""
    filled = [column for column, cell in row.cells.items() if cell.shown.strip()]
    if len(filled) < 2 or number_in(row.shown(filled[0])) is None:
        return None
    words = row.cells[filled[1]]
    if not isinstance(words.value, str) or number_in(words.shown) is not None:
        return None
    return (filled[0], filled[1]) if sum(char.isalpha() for char in words.shown) >= 2 else None


def _said(row: Row) -> str:
    return _plain(next((cell.shown for cell in row.cells.values() if cell.shown.strip()), ""))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:100]).replace("_", " ").strip()
