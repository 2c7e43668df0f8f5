"""What a file of sheets can hold, so that nothing is written that would be cut off or could not be read back."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, RulesError
from communityrules.tables.sheets.limits import MAX_CELL, MAX_CELLS, MAX_ROWS
from communityrules.tables.workbook.errors import CELL_TOO_LONG, ROWS_TOO_MANY
from communityrules.tables.workbook.grid import Sheet, Workbook

_ROWS: Final = Bilingual("rows", "行")
_CELLS: Final = Bilingual("cells", "个单元格")


def check_fits(workbook: Workbook) -> None:
    """RulesError when a text is longer than a cell may be, or there is more than `import` takes."""
    rows = cells = 0
    for sheet in workbook.sheets:
        rows += len(sheet.rows) + 2
        cells += sum(1 for row in sheet.rows for text in row if text) + len(sheet.heads) + 1
        for number, what, limit in ((rows, _ROWS, MAX_ROWS), (cells, _CELLS, MAX_CELLS)):
            if number > limit:
                told: dict[str, str | Bilingual] = {
                    "sheet": sheet.title, "rows": f"{number:,}", "what": what, "limit": f"{limit:,}",
                }  # fmt: skip
                raise RulesError((Diagnostic(ROWS_TOO_MANY, None, told),))
        _check_cells(sheet)


def _check_cells(sheet: Sheet) -> None:
    top = 2 if sheet.banner else 1
    for number, row in enumerate([[sheet.banner], *sheet.rows], top):
        for text in row:
            # Spreadsheets count what UTF-16 holds: a sign beyond its first plane is two.
            size = len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
            if size > MAX_CELL:
                told = {"sheet": sheet.title, "row": str(max(number, 1)), "size": f"{size:,}", "limit": f"{MAX_CELL:,}"}
                raise RulesError((Diagnostic(CELL_TOO_LONG, None, told),))
