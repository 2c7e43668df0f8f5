"""Reading `.xls`: counted first, then handed to `xlrd` without the parts that are no cells."""

from __future__ import annotations

import io
import struct
from typing import Any, Final

from communityrules.diagnostics.message import Bilingual
from communityrules.tables.reading import refused
from communityrules.tables.sheets.errors import ENCRYPTED, NOT_A_TABLE
from communityrules.tables.sheets.formats import GENERAL, NumberFormat, number_cell, number_format, show_text
from communityrules.tables.sheets.limits import MAX_CELLS, MAX_MERGES, MAX_ROWS, MAX_SHEETS, MAX_STRINGS, Meter
from communityrules.tables.sheets.merging import filled
from communityrules.tables.sheets.model import Cell, CellError, Merge, Row, Sheet, Value, Workbook

#: What `xlrd` raises for files that are not as they should be.
_DAMAGE: Final = (
    struct.error, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError, OSError,
    NotImplementedError, RecursionError, EOFError,
)  # fmt: skip

#: Records by their number.
_FORMULA, _FILEPASS, _NAME, _MERGED, _MULRK, _MULBLANK, _SST, _ROW, _BOUNDSHEET = (
    0x06, 0x2F, 0x18, 0xE5, 0xBD, 0xBE, 0xFC, 0x208, 0x85,
)  # fmt: skip
#: Records of one cell, which begin with its row and column.
_CELLS: Final = frozenset({
    _FORMULA, 0x206, 0x406, 0x201, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0xD6, 0x1, 0x2, 0x3, 0x4, 0x5,
})  # fmt: skip
#: What is handed on: beginnings and ends, sheets, texts, formats, rows, cells, merged cells.
_KEPT: Final = _CELLS | frozenset({
    _FILEPASS, _MERGED, _MULRK, _MULBLANK, _SST, _ROW, _BOUNDSHEET, 0x09, 0x209, 0x409, 0x809, 0x0A, 0x3C, 0x42, 0x22,
    0x31, 0x231, 0x41E, 0x1E, 0xE0, 0x43, 0x243, 0x443, 0x92, 0x293, 0x7D, 0x00, 0x200, 0x207, 0x07, 0x55, 0x25, 0x225,
    0x23E, 0x3E, 0x0C, 0xFF, 0xE1, 0x8C, 0x5C,
})  # fmt: skip
#: A record that nobody reads.
_NOTHING: Final = struct.pack("<H", 0x0FFF)
#: Places of rows and columns that a sheet may span up to its last cells.
_MOST_PLACES: Final = 2_000_000
_ERRORS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_NOT_A_WORKBOOK: Final = Bilingual("an old Office document that is no workbook", "不是工作簿的旧版 Office 文档")


class _Silent(io.TextIOBase):
    """Takes what `xlrd` has to say about strange files."""

    def write(self, text: str) -> int:
        return len(text)


def read_xls(data: bytes, name: str, meter: Meter) -> Workbook:
    """The workbook in a file. `Refused` when it is none, locked, damaged or too much."""
    import xlrd
    from xlrd.biffh import XLRDError
    from xlrd.compdoc import CompDoc, CompDocError

    damage = (*_DAMAGE, XLRDError, CompDocError)
    try:
        document = CompDoc(data, logfile=_Silent())
        stream = _stream(document)
    except damage:
        raise meter.broken("its inner folders are damaged", "内部目录已损坏") from None
    if stream is None:
        raise refused(NOT_A_TABLE, file=name, kind=_NOT_A_WORKBOOK)
    records = _counted(stream, name, meter)
    try:
        book = xlrd.open_workbook(
            file_contents=records, formatting_info=True, ragged_rows=True, on_demand=False, logfile=_Silent()
        )
        sheets = tuple(_sheet(book, sheet, meter) for sheet in book.sheets())
    except damage:
        raise meter.broken("its records are damaged", "内部记录已损坏") from None
    return Workbook(name, "xls", sheets)


def _stream(document: Any) -> bytes | None:
    for called in ("Workbook", "Book"):
        memory, base, length = document.locate_named_stream(called)
        if memory is not None:
            return bytes(memory[base : base + length])
    return None


def _counted(stream: bytes, name: str, meter: Meter) -> bytes:
    """The records that hold cells, after counting what they ask for; all others are made to say nothing.

    Names, for one, hold formulas that are worked out when a file is opened, and could be made to grow without end.
    """
    found = bytearray(stream)
    at, end = 0, len(stream)
    sheets = strings = merges = 0
    widths: dict[int, int] = {}
    places = 0
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if kind not in _KEPT:
            found[at : at + 2] = _NOTHING
        elif kind in (_MULRK, _MULBLANK):
            if length >= 6:
                row, first = struct.unpack_from("<HH", stream, body) if body + 4 <= end else (0, 0)
                meter.cells += max((length - 6) // 6, 0)
                widths[row] = max(widths.get(row, 0), first + length // 2)
        elif kind in _CELLS:
            if body + 4 <= end:
                row, column = struct.unpack_from("<HH", stream, body)
                widths[row] = max(widths.get(row, 0), column + 1)
            meter.cells += 1
        elif kind == _FILEPASS:
            raise refused(ENCRYPTED, file=name)
        elif kind == _SST and body + 8 <= end:
            strings = max(strings, *struct.unpack_from("<II", stream, body)[1:])
            if strings > MAX_STRINGS:
                raise meter.over("strings")
        elif kind == _ROW:
            meter.row()
        elif kind == _BOUNDSHEET:
            sheets += 1
            if sheets > MAX_SHEETS:
                raise meter.over("sheets")
        elif kind == _MERGED:
            merges += length // 8
            if merges > MAX_MERGES:
                raise meter.over("merges")
        elif kind in (0x09, 0x209, 0x409, 0x809):
            places, widths = places + sum(widths.values()), {}
        if meter.cells > MAX_CELLS:
            raise meter.over("cells")
        at = body + length
    if places + sum(widths.values()) > _MOST_PLACES:
        raise meter.over("cells")
    if len(widths) > MAX_ROWS:
        raise meter.over("rows")
    # They are counted again, with their texts, when they are read.
    meter.cells = meter.rows = 0
    return bytes(found)


def _sheet(book: Any, sheet: Any, meter: Meter) -> Sheet:
    rows: list[Row] = []
    for index in range(sheet.nrows):
        meter.row()
        cells: dict[int, Cell] = {}
        for column, cell in enumerate(sheet.row(index)):
            value, shown = _meant(book, cell)
            if shown:
                meter.cell(shown)
                cells[column + 1] = Cell(index + 1, column + 1, value, shown)
        if cells:
            known = sheet.rowinfo_map.get(index)
            rows.append(Row(index + 1, cells, known is not None and bool(known.hidden)))
    merges = tuple(
        Merge(top + 1, left + 1, bottom, right)
        for top, bottom, left, right in sheet.merged_cells
        if bottom > top and right > left
    )
    hidden = frozenset(column + 1 for column, known in sheet.colinfo_map.items() if known.hidden)
    return filled(Sheet(str(sheet.name), tuple(rows), sheet.visibility != 0, merges, hidden), meter)


def _meant(book: Any, cell: Any) -> tuple[Value, str]:
    """The value and the text of one cell; empty ones have no text."""
    kind, value = cell.ctype, cell.value
    if kind == 1:
        text = str(value).replace("\r\n", "\n").replace("\r", "\n")
        return text, show_text(text, _format(book, cell))
    if kind in (2, 3):
        return number_cell(float(value), _format(book, cell), from_1904=bool(book.datemode))
    if kind == 4:
        return bool(value), "TRUE" if value else "FALSE"
    if kind == 5:
        code = _ERRORS.get(value, "#N/A")
        return CellError(code), code
    return "", ""


def _format(book: Any, cell: Any) -> NumberFormat:
    index = cell.xf_index
    if index is None or not 0 <= index < len(book.xf_list):
        return GENERAL
    known = book.format_map.get(book.xf_list[index].format_key)
    return GENERAL if known is None else number_format(known.format_str)
