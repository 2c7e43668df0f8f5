"""Sheets as an Excel workbook that a person can go on with: heads in sight, filters, choices, wrapped text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from communityrules.diagnostics.width import cells as width_of
from communityrules.tables.workbook.fitting import check_fits
from communityrules.tables.workbook.grid import Sheet, Workbook
from communityrules.tables.workbook.held import HELD

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: What XML has no sign for, and what would be read as standing for one.
_UNWRITTEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Widths of columns, in characters: at least, at most.
_NARROW: Final = 8
_WIDE: Final = 30
#: Where longer texts stand: the declarations and tests, which have few columns.
_WIDEST: Final = 90
_HEAD_COLOUR: Final = "1F4E5F"
_BANNER_COLOUR: Final = "E8F0F2"
_STRIPE: Final = "F6F9FA"
_LINE: Final = "D0D7DA"
#: Colours of the tabs, by what a sheet holds.
_TABS: Final = {"rules": "1F4E5F", "table": "1F4E5F", "history": "9E9E9E", "tests": "9E9E9E"}
#: Columns that hold dates and words rather than sentences are centred and stay narrow.
_SHORT: Final = frozenset(
    {"rule", "change", "modality", "effective", "review_by", "trial", "date", "from", "when", "over", "cooldown"}
)
#: Widths of the rules' columns, at most: they stand side by side on one page.
_RULES: Final = {
    "rule": 10, "name": 20, "content": 34, "applies_to": 16, "effective": 13, "change": 10, "modality": 9, "in": 14,
    "on": 12, "every": 10, "if": 32, "then": 22, "require": 28, "found_by": 12, "responsible": 12, "overrides": 10,
    "todo": 22, "notes": 22,
}  # fmt: skip
#: What spreadsheets take for the beginning of a formula.
_FORMULA: Final = "=+-@\t\r"
_FONT: Final = "Microsoft YaHei"


def write_xlsx(workbook: Workbook) -> bytes:
    """The bytes of an `.xlsx` file. RulesError for what the format cannot hold.

    Every cell is a text: nothing in it is ever taken for a formula, whatever it begins with. The same sheets give the
    same bytes.
    """
    from openpyxl import Workbook as Book

    from communityrules.tables.workbook.timeless import timeless

    check_fits(workbook)
    book: Any = Book()
    book.remove(book.active)
    book.properties.creator = "communityrules"
    for sheet in workbook.sheets:
        add_sheet(book, sheet, workbook)
    out = BytesIO()
    book.save(out)
    return timeless(out.getvalue())


def add_sheet(book: Any, sheet: Sheet, workbook: Workbook) -> None:
    """Add a sheet of ours to a workbook of openpyxl."""
    page: Worksheet = book.create_sheet(sheet.title)
    _fill(page, sheet)
    _choices(page, sheet, workbook)


def escaped(text: str) -> str:
    """A text as the format writes it: a sign that XML does not have as `_x0007_`, and what only looks so, too."""
    return _UNWRITTEN.sub(lambda found: f"_x{ord(found.group()[0]):04X}_", text)


def unescaped(text: str) -> str:
    """A text as the format means it."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def put(cell: Any, text: str) -> None:
    """Write a text that stays one, whatever it begins with."""
    cell.value = escaped(text) or None
    if text:
        cell.data_type = "s"
        # Shown as typed also by programs that look for formulas when a cell is edited.
        cell.quotePrefix = text[:1] in _FORMULA


def out_of_sight(sheet: Sheet, row: Sequence[str]) -> bool:
    """Whether a row is for us alone."""
    return sheet.kind == "about" and row[0] in (HELD.en, HELD.zh)


def _fill(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    line = Side(style="thin", color=_LINE)
    border = Border(bottom=line)
    top = 1
    if sheet.banner:
        put(page.cell(1, 1), sheet.banner)
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(sheet.columns))
        page.cell(1, 1).alignment = Alignment(wrap_text=True, vertical="center")
        page.cell(1, 1).fill = PatternFill("solid", fgColor=_BANNER_COLOUR)
        page.cell(1, 1).font = Font(name=_FONT, size=10, italic=True)
        page.row_dimensions[1].height = 16 * (sheet.banner.count("\n") + 1) + 6
        top = 2
    for place, head in enumerate(sheet.heads, 1):
        cell = page.cell(top, place)
        put(cell, head)
        cell.font = Font(name=_FONT, size=11, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_HEAD_COLOUR)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    page.row_dimensions[top].height = 26
    widths = [_width(sheet, place) for place in range(len(sheet.columns))]
    for place, width in enumerate(widths, 1):
        column = page.column_dimensions[get_column_letter(place)]
        column.width = width
        # Rows that people add below are texts, too.
        column.number_format = "@"
        column.alignment = Alignment(wrap_text=True, vertical="top")
    font = Font(name=_FONT, size=10)
    stripe = PatternFill("solid", fgColor=_STRIPE)
    for index, row in enumerate(sheet.rows, top + 1):
        page.row_dimensions[index].hidden = out_of_sight(sheet, row)
        for place, text in enumerate(row, 1):
            written = page.cell(index, place)
            put(written, text)
            written.font = font
            written.border = border
            short = sheet.columns[place - 1] in _SHORT
            written.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center" if short else "left")
            # Numbers that people type later stay as they are typed: `001` is not 1.
            written.number_format = "@"
            if (index - top) % 2 == 0:
                written.fill = stripe
        page.row_dimensions[index].height = _height(row, widths)
    page.freeze_panes = f"{'C' if sheet.columns[:2] == ['rule', 'name'] else 'A'}{top + 1}"
    last = max(top + len(sheet.rows), top + 1)
    page.auto_filter.ref = f"A{top}:{get_column_letter(len(sheet.columns))}{last}"
    page.sheet_properties.tabColor = _TABS.get(sheet.kind, "7FA7B2")
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    margins = page.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.5, 0.75, 0.35
    footer: Any = page.oddFooter
    footer.left.text, footer.right.text = "&A", "&P / &N"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{top}:{top}"


def _width(sheet: Sheet, place: int) -> float:
    longest = max(
        (width_of(line) for row in sheet.rows for line in row[place].split("\n")), default=0
    )  # fmt: skip
    roomy = len(sheet.columns) <= 4 and sheet.columns[place] not in ("name", "notes")
    if sheet.kind in ("rules", "table") and len(sheet.columns) > 6:
        most = _RULES.get(sheet.columns[place], 14)
        return float(min(max(longest + 2, width_of(sheet.heads[place]) + 3, _NARROW), most))
    widest = 16 if sheet.columns[place] in _SHORT else _WIDEST if roomy else _WIDE
    # Two for the arrow of the filter.
    return float(min(max(longest + 2, width_of(sheet.heads[place]) + 4, _NARROW), widest))


def _height(row: list[str], widths: list[float]) -> float:
    lines = max(
        sum(max(1, -(-width_of(line) // max(1, int(width)))) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=True)
    )  # fmt: skip
    return float(min(max(lines, 1) * 15 + 5, 400))


def _choices(page: Worksheet, sheet: Sheet, workbook: Workbook) -> None:
    """Lists to choose from, which still let anything else be typed."""
    if sheet.kind != "rules":
        return
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, options in (("applies_to", workbook.scopes), ("modality", workbook.modalities)):
        if column not in sheet.columns:
            continue
        # The format allows 255 characters, and a comma parts two choices.
        kept: list[str] = []
        for one in options:
            if "," not in one and '"' not in one and len(",".join([*kept, one])) <= 255:
                kept.append(one)
        if not kept:
            continue
        letter = get_column_letter(sheet.columns.index(column) + 1)
        validation = DataValidation(type="list", formula1='"' + ",".join(kept) + '"', allow_blank=True)
        validation.showErrorMessage = False
        page.add_data_validation(validation)
        validation.add(f"{letter}2:{letter}{max(len(sheet.rows) + 200, 500)}")
