"""A workbook that people work in, brought up to date: their columns, sheets and styles stay.

Rows are known again by what they are about: a rule's number and change, a list's name and entry, and so on. What a
person has put beside a row goes with it.
"""

from __future__ import annotations

from copy import copy
from io import BytesIO
from typing import TYPE_CHECKING, Any

from communityrules.frozen import dataclass
from communityrules.tables.workbook.finding import find_sheet
from communityrules.tables.workbook.fitting import check_fits
from communityrules.tables.workbook.grid import Sheet, SheetKind, Workbook
from communityrules.tables.workbook.heads import KEYS
from communityrules.tables.workbook.xlsx import add_sheet, out_of_sight, put, unescaped

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_Style = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as a person left it."""

    number: int
    values: list[Any]
    styles: list[_Style]
    height: float | None
    hidden: bool


def update_xlsx(workbook: Workbook, before: bytes) -> bytes:
    """The bytes of a workbook that was exported before, with what the rulebook says now.

    RulesError for what the format cannot hold. `before` must have been looked at by whoever reads files of strangers.
    """
    from openpyxl import load_workbook

    check_fits(workbook)
    book: Any = load_workbook(BytesIO(before))
    pages: dict[tuple[SheetKind, str], Worksheet] = {}
    for page in book.worksheets:
        found = find_sheet(page.title, _texts(page))
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
    return [["" if one.value is None else unescaped(str(one.value)) for one in row] for row in page.iter_rows()]


def _update(page: Worksheet, sheet: Sheet) -> None:
    rows = _texts(page)
    found = find_sheet(page.title, rows)
    assert found is not None, "it was found before"
    head = found.first - 1
    if sheet.banner and str(page.cell(1, 1).value or "") != sheet.banner:
        put(page.cell(1, 1), sheet.banner)
    merged = _unmerged(page, found.first)
    places = _columns(page, sheet, found.columns, head)
    width = max(page.max_column, *places.values())
    keys = KEYS[sheet.kind]
    kept: dict[tuple[str, ...], list[_Row]] = {}
    order: list[tuple[str, ...]] = []
    for number in range(found.first, page.max_row + 1):
        row = [page.cell(number, column) for column in range(1, width + 1)]
        told = [str(one.value or "").strip() for one in row]
        if any(told):
            key = tuple(told[found.columns[one]] if one in found.columns else "" for one in keys)
            shape = page.row_dimensions[number]
            said = _Row(number, [one.value for one in row], [_style(one) for one in row], shape.height, shape.hidden)
            kept.setdefault(key, []).append(said)
            order.append(key)
    usual = next((one[0].styles for one in kept.values()), None)
    wanted = [tuple(dict(zip(sheet.columns, cells, strict=True)).get(one, "") for one in keys) for cells in sheet.rows]
    for number, (key, cells) in enumerate(zip(wanted, sheet.rows, strict=True), found.first):
        by_column = dict(zip(sheet.columns, cells, strict=True))
        same = kept.get(key)
        old = same.pop(0) if same else None
        styles = old.styles if old is not None else usual
        for column in range(1, width + 1):
            cell = page.cell(number, column)
            if styles is not None:
                _restyle(cell, styles[column - 1], whole=old is not None)
            cell.value = _moved(old.values[column - 1], old.number, number, column) if old is not None else None
        for name, text in by_column.items():
            put(page.cell(number, places[name]), text)
        page.row_dimensions[number].height = old.height if old is not None else None
        hidden = old.hidden if old is not None else False
        page.row_dimensions[number].hidden = hidden or out_of_sight(sheet, cells)
    if order == wanted:
        _merge_again(page, merged)
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


def _unmerged(page: Worksheet, first: int) -> list[Any]:
    """Take merged cells apart, each with what was written over all of them, since rows may come to stand elsewhere."""
    merged = [one for one in page.merged_cells.ranges if one.max_row >= first]
    for one in merged:
        corner = page.cell(one.min_row, one.min_col)
        value, style = corner.value, _style(corner)
        page.unmerge_cells(one.coord)
        for number in range(one.min_row, min(one.max_row, page.max_row) + 1):
            for column in range(one.min_col, min(one.max_col, page.max_column) + 1):
                cell = page.cell(number, column)
                if (number, column) != (one.min_row, one.min_col):
                    _restyle(cell, style, whole=False)
                cell.value = value
    return merged


def _merge_again(page: Worksheet, merged: list[Any]) -> None:
    """Merge cells as they were where they still say the same."""
    for one in merged:
        said = {page.cell(*place).value for line in one.rows for place in line}
        if len(said) == 1:
            page.merge_cells(one.coord)


def _moved(value: Any, before: int, number: int, column: int) -> Any:
    """What stood in a cell, where its row stands now: a formula of a person's own still speaks of its own row."""
    if before == number or not (isinstance(value, str) and value.startswith("=")):
        return value
    from openpyxl.formula.translate import Translator
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(column)
    return Translator(value, f"{letter}{before}").translate_formula(f"{letter}{number}")


def _style(cell: Any) -> _Style:
    return (
        copy(cell.font), copy(cell.fill), copy(cell.border), copy(cell.alignment), cell.number_format,
        copy(cell.protection), cell.comment, cell.hyperlink,
    )  # fmt: skip


def _restyle(cell: Any, style: _Style, *, whole: bool = True) -> None:
    """Make a cell look so; `whole` with its remark and its link, which belong to one row."""
    font, fill, border, alignment, number_format, protection, comment, link = style
    cell.font, cell.fill, cell.border = copy(font), copy(fill), copy(border)
    cell.alignment, cell.number_format, cell.protection = copy(alignment), number_format, copy(protection)
    if not whole:
        comment = link = None
    cell.comment = copy(comment) if comment is not None else None
    cell.hyperlink = copy(link) if link is not None else None
