"""Sheets as an Excel workbook that a person can go on with: heads in sight, filters, choices, wrapped text."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from communityrules.diagnostics.message import Diagnostic, RulesError
from communityrules.diagnostics.width import cells as width_of
from communityrules.tables.workbook.errors import CELL_TOO_LONG, ROWS_TOO_MANY
from communityrules.tables.workbook.grid import Sheet, Workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: What the format itself can hold.
MAX_CELL: Final = 32_767
MAX_ROWS: Final = 1_048_576

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
    {"rule", "change", "modality", "effective", "review_by", "trial", "date", "from", "when", "over"}
)
_FONT: Final = "Microsoft YaHei"


def write_xlsx(workbook: Workbook) -> bytes:
    """The bytes of an `.xlsx` file. RulesError for what the format cannot hold.

    Every cell is a text: nothing in it is ever taken for a formula, whatever it begins with.
    """
    from openpyxl import Workbook as Book

    book: Any = Book()
    book.remove(book.active)
    book.properties.creator = "communityrules"
    for sheet in workbook.sheets:
        add_sheet(book, sheet, workbook)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def add_sheet(book: Any, sheet: Sheet, workbook: Workbook) -> None:
    """Add a sheet of ours to a workbook of openpyxl."""
    page: Worksheet = book.create_sheet(sheet.title)
    _fill(page, sheet)
    _choices(page, sheet, workbook)


def check_fits(sheet: Sheet) -> None:
    """RulesError when an Excel sheet cannot hold this."""
    if len(sheet.rows) + 2 > MAX_ROWS:
        told = {"sheet": sheet.title, "rows": str(len(sheet.rows)), "limit": str(MAX_ROWS)}
        raise RulesError((Diagnostic(ROWS_TOO_MANY, None, told),))
    for index, row in enumerate(sheet.rows):
        for text in row:
            if len(text) > MAX_CELL:
                where = {"sheet": sheet.title, "row": str(index + 2), "size": str(len(text)), "limit": str(MAX_CELL)}
                raise RulesError((Diagnostic(CELL_TOO_LONG, None, where),))


def put(cell: Any, text: str) -> None:
    """Write a text that stays one, whatever it begins with."""
    cell.value = text or None
    if text:
        cell.data_type = "s"
        # Shown as typed also by programs that look for formulas when a cell is edited.
        cell.quotePrefix = text[:1] in "=+-@\t\r"


def _fill(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    check_fits(sheet)
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
        page.column_dimensions[get_column_letter(place)].width = width
    font = Font(name=_FONT, size=10)
    stripe = PatternFill("solid", fgColor=_STRIPE)
    for index, row in enumerate(sheet.rows, top + 1):
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
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{top}:{top}"


def _width(sheet: Sheet, place: int) -> float:
    longest = max(
        (width_of(line) for row in sheet.rows for line in row[place].split("\n")), default=0
    )  # fmt: skip
    roomy = len(sheet.columns) <= 4 and sheet.columns[place] not in ("name", "notes")
    widest = 16 if sheet.columns[place] in _SHORT else _WIDEST if roomy else _WIDE
    # Two for the arrow of the filter.
    return float(min(max(longest + 2, width_of(sheet.heads[place]) + 4, _NARROW), widest))


def _height(row: list[str], widths: list[float]) -> float:
    lines = max(
        sum(max(1, -(-width_of(line) // max(1, int(width) - 1))) for line in text.split("\n"))
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
