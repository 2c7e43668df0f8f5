"""Sheets as CSV files, so that they can be read back as they were."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from communityrules.tables.workbook.fitting import check_fits
from communityrules.tables.workbook.grid import Sheet, Workbook

#: What spreadsheets take for the beginning of a formula.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
#: A byte order mark, without which Excel does not know UTF-8.
_MARK: Final = "\ufeff"


def guard(text: str) -> str:
    """A text that no spreadsheet takes for a formula; `unguard` gives it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def write_csv(workbook: Workbook) -> dict[str, bytes]:
    """File names and their bytes, one for each sheet. RulesError for what could not be read back."""
    check_fits(workbook)
    return {f"{sheet.title}.csv": _csv(sheet) for sheet in workbook.sheets}


def _csv(sheet: Sheet) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    rows = [[sheet.banner], sheet.heads, *sheet.rows] if sheet.banner else [sheet.heads, *sheet.rows]
    for row in rows:
        writer.writerow([guard(one) for one in row])
    return (_MARK + out.getvalue()).encode()
