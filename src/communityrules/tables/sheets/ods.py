"""Reading `.ods`: the sheets of `content.xml` as a stream."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from math import isfinite
from typing import Final

from communityrules.tables.reading import refused
from communityrules.tables.sheets.errors import ENCRYPTED
from communityrules.tables.sheets.formats import exact, iso, plain
from communityrules.tables.sheets.limits import LAST_COLUMN, MAX_CELL, MAX_MERGES, MAX_SHEETS, Meter
from communityrules.tables.sheets.merging import filled
from communityrules.tables.sheets.model import Cell, CellError, Merge, Row, Sheet, Value, Workbook
from communityrules.tables.sheets.packed import Package

_MANIFEST: Final = "META-INF/manifest.xml"
_MANIFEST_BYTES: Final = 1024 * 1024
#: Parts of a cell that are no text of it.
_ASIDE: Final = frozenset({"annotation", "note", "frame", "shapes", "ruby-text", "tracked-changes"})
_DURATION: Final = re.compile(r"PT(\d{1,6})H(\d{1,4})M(\d{1,4})(?:[.,]\d*)?S\Z")


def read_ods(data: bytes, name: str, meter: Meter) -> Workbook:
    """The workbook in a file. `Refused` when it is none, locked, damaged or too much."""
    package = Package(data, meter)
    if _MANIFEST in package and b"encryption-data" in package.beginning(_MANIFEST, _MANIFEST_BYTES):
        raise refused(ENCRYPTED, file=name)
    handler = _Content(meter)
    package.parse("content.xml", handler)
    return Workbook(name, "ods", tuple(handler.sheets))


class _Content:
    """The sheets of a document."""

    def __init__(self, meter: Meter) -> None:
        self.sheets: list[Sheet] = []
        self._meter = meter
        self._hidden_styles: set[str] = set()
        self._style = ""
        #: Tables within tables are no sheets.
        self._depth = 0
        self._aside = 0
        self._title, self._hidden = "", False
        self._rows: list[Row] = []
        self._merges: list[Merge] = []
        self._number, self._repeated, self._row_hidden = 0, 1, False
        self._cells: list[tuple[int, int, Value, str, str | None]] = []
        self._column = 0
        self._columns_seen = 0
        self._hidden_columns: set[int] = set()
        self._cell: dict[str, str] | None = None
        self._parts: list[str] = []
        self._length = 0
        self._paragraphs = 0
        self._in_paragraph = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._aside or name in _ASIDE:
            self._aside += 1
            return
        if name in ("table-cell", "covered-table-cell"):
            if self._depth == 1:
                self._cell = attributes
                self._parts, self._length, self._paragraphs = [], 0, 0
        elif name == "p" or name == "h":
            if self._cell is not None and self._depth == 1:
                if self._paragraphs:
                    self._add("\n")
                self._paragraphs += 1
                self._in_paragraph += 1
        elif self._in_paragraph and name in ("s", "tab", "line-break"):
            self._space(name, attributes)
        elif name == "table-row" and self._depth == 1:
            self._repeated = _count(attributes.get("table:number-rows-repeated"))
            self._row_hidden = attributes.get("table:visibility", "visible") != "visible"
            self._cells, self._column = [], 0
        elif name == "table":
            self._depth += 1
            if self._depth == 1:
                self._begin(attributes)
        elif name == "table-column" and self._depth == 1:
            number = _count(attributes.get("table:number-columns-repeated"))
            if attributes.get("table:visibility", "visible") != "visible":
                last = min(self._columns_seen + number, LAST_COLUMN)
                self._hidden_columns.update(range(self._columns_seen + 1, last + 1))
            self._columns_seen += number
        elif name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        if name in ("table-cell", "covered-table-cell"):
            if self._cell is not None and self._depth == 1:
                self._put(self._cell)
                self._cell = None
        elif name in ("p", "h"):
            self._in_paragraph = max(self._in_paragraph - 1, 0)
        elif name == "table-row":
            if self._depth == 1:
                self._end_row()
        elif name == "table":
            if self._depth == 1:
                one = Sheet(
                    self._title, tuple(self._rows), self._hidden, tuple(self._merges), frozenset(self._hidden_columns)
                )
                self.sheets.append(filled(one, self._meter))
            self._depth -= 1

    def text(self, data: str) -> None:
        if self._in_paragraph and not self._aside:
            self._add(data)

    def _add(self, data: str) -> None:
        self._parts.append(data)
        self._length += len(data)
        if self._length > MAX_CELL:
            raise self._meter.over("cell")

    def _space(self, name: str, attributes: dict[str, str]) -> None:
        if name == "s":
            count = _count(attributes.get("text:c"))
            self._add(" " * min(count, MAX_CELL + 1))
        else:
            self._add("\t" if name == "tab" else "\n")

    def _begin(self, attributes: dict[str, str]) -> None:
        if len(self.sheets) >= MAX_SHEETS:
            raise self._meter.over("sheets")
        self._title = attributes.get("table:name", "")
        self._hidden = attributes.get("table:style-name", "") in self._hidden_styles
        self._rows, self._merges, self._number = [], [], 0
        self._columns_seen, self._hidden_columns = 0, set()

    def _put(self, cell: dict[str, str]) -> None:
        """One cell, or several that are the same."""
        repeated = _count(cell.get("table:number-columns-repeated"))
        value, shown = self._meant(cell)
        if shown:
            self._meter.place(1, self._column + repeated)
            self._meter.cell(shown, repeated)
            formula = cell.get("table:formula")
            if formula is not None:
                formula = "=" + formula.partition("=")[2]
            self._cells.append((self._column + 1, repeated, value, shown, formula))
            right = _count(cell.get("table:number-columns-spanned"))
            bottom = _count(cell.get("table:number-rows-spanned"))
            if right > 1 or bottom > 1:
                if len(self._merges) >= MAX_MERGES:
                    raise self._meter.over("merges")
                row, column = self._number + 1, self._column + 1
                self._merges.append(Merge(row, column, row + bottom - 1, min(column + right - 1, LAST_COLUMN)))
        self._column += repeated

    def _end_row(self) -> None:
        repeated, self._repeated = self._repeated, 1
        if not self._cells:
            self._number += repeated
            # Rows without anything are written down once for all.
            self._meter.row()
            return
        self._meter.place(self._number + repeated, 1)
        self._meter.row(repeated)
        wide = sum(one[1] for one in self._cells)
        self._meter.cell("", wide * (repeated - 1))
        for _ in range(repeated):
            self._number += 1
            cells = {
                column + step: Cell(self._number, column + step, value, shown, formula)
                for column, number, value, shown, formula in self._cells
                for step in range(number)
            }
            self._rows.append(Row(self._number, cells, self._row_hidden))

    def _meant(self, cell: dict[str, str]) -> tuple[Value, str]:
        kind = cell.get("office:value-type", "")
        shown = "".join(self._parts)
        if kind in ("float", "percentage", "currency"):
            try:
                number = float(cell.get("office:value", "")[:400])
            except ValueError:
                return shown, shown
            if not isfinite(number):
                return shown, shown
            decimal = exact(number)
            return decimal, shown or plain(decimal)
        if kind == "date":
            moment = _moment(cell.get("office:date-value", ""))
            return (moment, shown or iso(moment)) if moment is not None else (shown, shown)
        if kind == "time":
            clock = _clock(cell.get("office:time-value", ""))
            return (clock, shown or iso(clock)) if clock is not None else (shown, shown)
        if kind == "boolean":
            truth = cell.get("office:boolean-value") == "true"
            return truth, shown or ("TRUE" if truth else "FALSE")
        if not shown and kind == "string":
            shown = cell.get("office:string-value", "")
        if shown.startswith("#") and cell.get("table:formula") is not None:
            return CellError(shown), shown
        return shown, shown


def _count(text: str | None) -> int:
    """How often something is repeated: 1 unless a whole number says more, never more than any sheet has."""
    if text and len(text) < 10 and text.isascii() and text.isdigit():
        return max(int(text), 1)
    return 1 if not text else 10**9 if text.isascii() and text.isdigit() else 1


def _moment(text: str) -> date | datetime | None:
    try:
        if "T" not in text:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return moment.date() if moment.time() == time() else moment


def _clock(text: str) -> time | None:
    found = _DURATION.match(text)
    if found is None:
        return None
    hours, minutes, seconds = map(int, found.groups())
    return time(hours, minutes, seconds) if hours < 24 and minutes < 60 and seconds < 60 else None
