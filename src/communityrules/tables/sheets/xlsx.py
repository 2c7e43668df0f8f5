"""Reading `.xlsx` and `.xlsm`: the parts of the workbook, and each sheet as a stream."""

from __future__ import annotations

import posixpath
import re
from datetime import date, datetime
from math import isfinite
from typing import Final

from communityrules.tables.reading import refused
from communityrules.tables.sheets.errors import NOT_A_TABLE
from communityrules.tables.sheets.formats import BUILT_IN, GENERAL, NumberFormat, number_cell, number_format, show_text
from communityrules.tables.sheets.formats import iso as iso_text
from communityrules.tables.sheets.kinds import XLSX_OTHER
from communityrules.tables.sheets.limits import LAST_COLUMN, MAX_CELL, MAX_MERGES, MAX_SHEETS, Meter
from communityrules.tables.sheets.markup import attribute
from communityrules.tables.sheets.merging import filled
from communityrules.tables.sheets.model import Cell, CellError, Merge, Row, Sheet, Value, Workbook, column_number
from communityrules.tables.sheets.packed import Package

#: Styles of cells that are looked at.
_MOST_STYLES: Final = 70_000
_TRUE: Final = frozenset({"1", "true", "on"})
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(data: bytes, name: str, meter: Meter) -> Workbook:
    """The workbook in a file. `Refused` when it is none, damaged or too much."""
    package = Package(data, meter)
    main = _main_part(package)
    book = _BookHandler()
    package.parse(main, book)
    if len(book.sheets) > MAX_SHEETS:
        raise meter.over("sheets")
    parts = _relations(package, main)
    by_kind = dict(parts.values())
    strings, styles = _Strings(meter), _Styles()
    if (found := by_kind.get("sharedStrings")) is not None and found in package:
        package.parse(found, strings)
    if (found := by_kind.get("styles")) is not None and found in package:
        package.parse(found, styles)
    formats = styles.resolved()
    sheets = []
    for title, relation, hidden in book.sheets:
        kind, target = parts.get(relation, ("", ""))
        if not target:
            raise meter.broken(f"its sheet `{title}` is missing", f"缺少工作表 `{title}`")
        if kind in ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"):
            sheets.append(Sheet(title, (), hidden))
            continue
        handler = _SheetHandler(strings.found, formats, book.from_1904, meter)
        package.parse(target, handler)
        sheets.append(handler.sheet(title, hidden))
    return Workbook(name, "xlsx", tuple(sheets))


def _main_part(package: Package) -> str:
    """The part that lists the sheets."""
    if "_rels/.rels" in package:
        for kind, target in _relations(package, "").values():
            if kind == "officeDocument" and target in package:
                if target.endswith(".bin"):
                    raise refused(NOT_A_TABLE, file=package.meter.file, kind=XLSX_OTHER["xlsb"])
                return target
    for usual in ("xl/workbook.xml", "xl/workbook2.xml"):
        if usual in package:
            return usual
    raise package.meter.broken("it does not say which sheets it has", "未说明包含哪些工作表")


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to within the archive, by id: the kind, and the name of the other part."""
    folder, file = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{file}.rels")
    if name not in package:
        return {}
    handler = _RelationsHandler(folder)
    package.parse(name, handler)
    return handler.found


class _RelationsHandler:
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(self._folder, target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, posixpath.normpath(path))

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


class _BookHandler:
    """The list of sheets: title, relation, whether it is hidden."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            state = attributes.get("state", "visible")
            self.sheets.append((attributes.get("name", ""), attribute(attributes, "id") or "", state != "visible"))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in _TRUE

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


class _Strings:
    """The texts that cells share. What only says how a word is pronounced is no part of them."""

    def __init__(self, meter: Meter) -> None:
        self.found: list[str] = []
        self._meter = meter
        self._parts: list[str] = []
        self._length = 0
        self._in_text = False
        self._skipped = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self._in_text = not self._skipped
        elif name == "si":
            self._parts, self._length = [], 0
        elif name == "rPh":
            self._skipped += 1
        elif name == "sst":
            for claimed in ("uniqueCount", "count"):
                said = attributes.get(claimed, "")
                if said.isascii() and said.isdigit() and len(said) < 20 and claimed == "uniqueCount":
                    self._meter.claimed_strings(int(said))

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "si":
            text = unescaped("".join(self._parts))
            self._meter.string(text)
            self.found.append(text)
        elif name == "rPh":
            self._skipped -= 1

    def text(self, data: str) -> None:
        if self._in_text:
            self._parts.append(data)
            self._length += len(data)
            if self._length > MAX_CELL:
                raise self._meter.over("cell")


class _Styles:
    """The number formats of the styles of cells."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._styles: list[int] = []
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "cellXfs":
            self._in_cells = True
        elif name == "numFmt" and len(self._codes) < _MOST_STYLES:
            self._codes.setdefault(_number(attributes.get("numFmtId")), attributes.get("formatCode", ""))
        elif name == "xf" and self._in_cells and len(self._styles) < _MOST_STYLES:
            self._styles.append(_number(attributes.get("numFmtId")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def text(self, data: str) -> None:
        pass

    def resolved(self) -> list[NumberFormat]:
        """By the number that cells give."""
        known: dict[int, NumberFormat] = {}
        for one in self._styles:
            if one not in known:
                code = self._codes.get(one) or BUILT_IN.get(one, "")
                known[one] = number_format(code) if code else GENERAL
        return [known[one] for one in self._styles]


class _SheetHandler:
    """The rows of one sheet."""

    def __init__(self, strings: list[str], formats: list[NumberFormat], from_1904: bool, meter: Meter) -> None:
        self._strings, self._formats, self._from_1904, self._meter = strings, formats, from_1904, meter
        #: Formats by what a cell says of its style.
        self._forms: dict[str, NumberFormat] = {}
        self._rows: dict[int, Row] = {}
        self._merges: list[Merge] = []
        self._hidden_columns: set[int] = set()
        self._row: Row | None = None
        self._number = 0
        self._hidden = False
        self._column = 0
        #: Columns by what stands before the digits of a cell's place.
        self._columns: dict[str, int] = {}
        self._in_data = False
        self._cell: dict[str, str] | None = None
        self._value: list[str] = []
        self._formula: list[str] = []
        self._taking: list[str] | None = None
        self._length = 0
        self._has_formula = False
        self._skipped = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cell = attributes
            self._value, self._formula, self._has_formula, self._length = [], [], False, 0
            self._locate(attributes.get("r"))
        elif name in ("v", "t"):
            self._taking = self._value if self._cell is not None and not self._skipped else None
        elif name == "f":
            self._has_formula = True
            self._taking = self._formula if self._cell is not None else None
        elif name == "row":
            if not self._in_data:
                return
            self._meter.row()
            said = attributes.get("r")
            self._number = _number(said) if said else self._number + 1
            self._meter.place(self._number, 1)
            self._hidden = attributes.get("hidden", "0") in _TRUE
            self._row, self._column = None, 0
        elif name == "rPh":
            self._skipped += 1
        elif name == "sheetData":
            self._in_data = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden", "0") in _TRUE:
            low, high = _number(attributes.get("min")), _number(attributes.get("max"))
            self._hidden_columns.update(range(max(low, 1), min(high, LAST_COLUMN) + 1))

    def end(self, name: str) -> None:
        if name == "c":
            if self._cell is not None and (self._value or self._formula):
                self._put(self._cell)
            self._cell = None
        elif name in ("v", "t", "f"):
            self._taking = None
        elif name == "rPh":
            self._skipped -= 1
        elif name == "sheetData":
            self._in_data = False

    def text(self, data: str) -> None:
        if self._taking is not None:
            self._taking.append(data)
            self._length += len(data)
            if self._length > 2 * MAX_CELL:
                raise self._meter.over("cell")

    def _locate(self, reference: str | None) -> None:
        letters = reference.rstrip("0123456789") if reference else ""
        known = self._columns.get(letters)
        if known is not None and reference is not None and 0 < len(reference) - len(letters) < 8:
            self._column = known
            return
        found = _REFERENCE.match(reference) if reference else None
        if found is None:
            self._column += 1
        else:
            self._column = column_number(found.group(1))
            if self._column <= LAST_COLUMN:
                self._columns[letters] = self._column
        if self._column > LAST_COLUMN:
            raise self._meter.over("column")

    def _put(self, cell: dict[str, str]) -> None:
        if not self._in_data or not self._number:
            return
        said = cell.get("s", "0")
        form = self._forms.get(said)
        if form is None:
            style = _number(said)
            form = self._forms[said] = self._formats[style] if 0 <= style < len(self._formats) else GENERAL
        value, shown = self._meant(cell.get("t", "n"), "".join(self._value), form)
        formula = None
        if self._has_formula:
            formula = "=" + "".join(self._formula)
            if not self._value and cell.get("t") != "str":
                # Never calculated: the formula itself is all there is to see.
                value = shown = formula
        if shown == "":
            return
        row = self._row
        if row is None:
            row = self._row = self._rows.setdefault(self._number, Row(self._number, {}, self._hidden))
        if self._column in row.cells:
            place = row.cells[self._column].place
            raise self._meter.broken(f"the cell {place} stands there twice", f"单元格 {place} 出现了两次")
        self._meter.cell("" if cell.get("t") == "s" else shown)
        row.cells[self._column] = Cell(self._number, self._column, value, shown, formula)

    def _meant(self, kind: str, text: str, form: NumberFormat) -> tuple[Value, str]:
        if kind == "s":
            index = _number(text.strip())
            if not text.strip() or not 0 <= index < len(self._strings):
                raise self._meter.broken(
                    f"the cell in row {self._number} names a text that is not there",
                    f"第 {self._number} 行的单元格引用了不存在的文本",
                )
            value = self._strings[index]
            return value, show_text(value, form)
        if kind == "b":
            truth = text.strip() in _TRUE
            return truth, "TRUE" if truth else "FALSE"
        if kind == "e":
            return CellError(text), text
        if kind in ("str", "inlineStr"):
            value = unescaped(text)
            return value, show_text(value, form)
        if kind == "d":
            return _dated(text.strip())
        return _numeric(text.strip(), form, self._from_1904)

    def _merge(self, reference: str) -> None:
        if len(self._merges) >= MAX_MERGES:
            raise self._meter.over("merges")
        first, _, last = reference.partition(":")
        one, other = _REFERENCE.match(first), _REFERENCE.match(last)
        if one is None or other is None:
            return
        rows = sorted((int(one.group(2)), int(other.group(2))))
        columns = sorted((column_number(one.group(1)), column_number(other.group(1))))
        if rows[0] >= 1:
            self._merges.append(Merge(rows[0], columns[0], rows[1], columns[1]))

    def sheet(self, title: str, hidden: bool) -> Sheet:
        """All of it, merged cells filled."""
        rows = [self._rows[number] for number in sorted(self._rows)]
        made = Sheet(title, tuple(rows), hidden, tuple(self._merges), frozenset(self._hidden_columns))
        return filled(made, self._meter)


def _number(text: str | None) -> int:
    """A whole number of a few digits; -1 for anything else."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else -1


def _numeric(text: str, form: NumberFormat, from_1904: bool) -> tuple[Value, str]:
    try:
        number = float(text) if len(text) <= 400 else float("nan")
    except ValueError:
        return text, text
    return number_cell(number, form, from_1904=from_1904) if isfinite(number) else (text, text)


def _dated(text: str) -> tuple[Value, str]:
    """A date in words of its own: `2024-10-04`, `2024-10-04T09:30:00Z`."""
    try:
        value: date | datetime = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text, text
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    return value, iso_text(value)


def unescaped(text: str) -> str:
    """`_x000D_` as the character that it stands for; line ends are `\\n`."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
        text = "".join("�" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
