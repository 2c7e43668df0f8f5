"""A workbook that people work in, brought up to date: their columns, sheets and styles stay.

Rows are known again by what they are about: a rule's number and change, a list's name and entry, and so on. What a
person has put beside a row goes with it.
"""

from __future__ import annotations

from copy import copy
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from communityrules.tables.workbook.entering import found_sheet
from communityrules.tables.workbook.grid import Sheet, SheetKind, Workbook
from communityrules.tables.workbook.xlsx import add_sheet, check_fits, put

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: The columns that tell one row from another, by what a sheet holds.
_KEYS: Final[dict[SheetKind, tuple[str, ...]]] = {
    "about": ("what",), "rules": ("rule", "change", "name"), "table": ("rule",), "lists": ("name", "word"),
    "parameters": ("name", "from"), "penalties": ("name", "when"), "declarations": ("text",), "tests": ("name",),
    "history": ("date", "rule", "what"),
}  # fmt: skip

_Style = tuple[Any, ...]


def update_xlsx(workbook: Workbook, before: bytes) -> bytes:
    """The bytes of a workbook that was exported before, with what the rulebook says now.

    RulesError for what the format cannot hold. `before` must have been looked at by whoever reads files of strangers.
    """
    from openpyxl import load_workbook

    book: Any = load_workbook(BytesIO(before))
    pages: dict[tuple[SheetKind, str], Worksheet] = {}
    for page in book.worksheets:
        found = found_sheet(page.title, _texts(page))
        if found is not None:
            pages[found.kind, page.title if found.kind == "table" else ""] = page
    for sheet in workbook.sheets:
        known = pages.pop((sheet.kind, sheet.title if sheet.kind == "table" else ""), None)
        if known is None:
            add_sheet(book, sheet, workbook)
        else:
            _update(known, sheet)
    for left in pages.values():
        # One of ours that the rulebook has no more: a person's own sheets are not among these.
        book.remove(left)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _texts(page: Worksheet) -> list[list[str]]:
    return [["" if one.value is None else str(one.value) for one in row] for row in page.iter_rows()]


def _update(page: Worksheet, sheet: Sheet) -> None:
    check_fits(sheet)
    rows = _texts(page)
    found = found_sheet(page.title, rows)
    assert found is not None, "it was found before"
    head = found.first - 1
    if sheet.banner and str(page.cell(1, 1).value or "") != sheet.banner:
        put(page.cell(1, 1), sheet.banner)
    places = _columns(page, sheet, found.columns, head)
    width = max(page.max_column, *places.values())
    keys = _KEYS[sheet.kind]
    kept: dict[tuple[str, ...], list[tuple[list[Any], list[_Style], float | None]]] = {}
    for number in range(found.first, page.max_row + 1):
        row = [page.cell(number, column) for column in range(1, width + 1)]
        told = [str(one.value or "").strip() for one in row]
        if any(told):
            key = tuple(told[found.columns[one]] if one in found.columns else "" for one in keys)
            said = ([one.value for one in row], [_style(one) for one in row], page.row_dimensions[number].height)
            kept.setdefault(key, []).append(said)
    usual = next((one[0][1] for one in kept.values()), None)
    for number, cells in enumerate(sheet.rows, found.first):
        by_column = dict(zip(sheet.columns, cells, strict=True))
        same = kept.get(tuple(by_column.get(one, "") for one in keys))
        values, styles, height = same.pop(0) if same else ([None] * width, usual, None)
        for column in range(1, width + 1):
            cell = page.cell(number, column)
            if styles is not None and column <= len(styles):
                _restyle(cell, styles[column - 1])
            cell.value = values[column - 1] if column <= len(values) else None
        for name, text in by_column.items():
            put(page.cell(number, places[name]), text)
        page.row_dimensions[number].height = height
    last = page.max_row
    end = found.first + len(sheet.rows)
    if last >= end:
        page.delete_rows(end, last - end + 1)
    if page.auto_filter.ref:
        from openpyxl.utils import get_column_letter

        page.auto_filter.ref = f"A{head}:{get_column_letter(width)}{max(end - 1, head + 1)}"


def _columns(page: Worksheet, sheet: Sheet, known: dict[str, int], head: int) -> dict[str, int]:
    """The place of each column of ours, from 1; one that was not there comes after the last."""
    places = {name: place + 1 for name, place in known.items()}
    for name, said in zip(sheet.columns, sheet.heads, strict=True):
        if name not in places:
            places[name] = max(page.max_column, *places.values()) + 1
            cell = page.cell(head, places[name])
            _restyle(cell, _style(page.cell(head, 1)))
            put(cell, said)
    for name, place in places.items():
        if name not in sheet.columns:
            # Nothing fills it now; the column stays, empty, for whoever works in it.
            for number in range(head + 1, page.max_row + 1):
                page.cell(number, place).value = None
    return places


def _style(cell: Any) -> _Style:
    return (
        copy(cell.font), copy(cell.fill), copy(cell.border), copy(cell.alignment), cell.number_format,
        copy(cell.protection), cell.comment, cell.hyperlink,
    )  # fmt: skip


def _restyle(cell: Any, style: _Style) -> None:
    font, fill, border, alignment, number_format, protection, comment, link = style
    cell.font, cell.fill, cell.border = copy(font), copy(fill), copy(border)
    cell.alignment, cell.number_format, cell.protection = copy(alignment), number_format, copy(protection)
    cell.comment = copy(comment) if comment is not None else None
    cell.hyperlink = copy(link) if link is not None else None
