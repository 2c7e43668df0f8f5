"""Tables as they were found in a workbook: columns by their meaning, rows, and what was left aside and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal

from communityrules.diagnostics.message import Bilingual, Diagnostic
from communityrules.frozen import dataclass
from communityrules.tables.sheets.model import Cell, Workbook, letters
from communityrules.tables.sheets.words import Meaning

#: `rules`: each row is a rule. `process`: each row says how one kind of question is dealt with. `matrix`: each cell
#: says what holds for its row and its column together; such a table has `matrix` and no rows.
TableKind = Literal["rules", "process", "matrix"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    #: From 1.
    number: int
    #: As written; empty where there is none.
    heading: str
    #: None: a column of the writer's own.
    meaning: Meaning | None

    @property
    def letters(self) -> str:
        return letters(self.number)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row that says something."""

    sheet: str
    #: As a person counts.
    number: int
    #: By the number of the column.
    cells: dict[int, Cell]
    columns: tuple[Column, ...]
    #: Whether a person does not see it, because it is hidden or filtered out.
    hidden: bool = False
    #: The heading within the table that it stands under; empty without one.
    section: str = ""

    def cell(self, meaning: Meaning) -> Cell | None:
        """The cell of the first column of that meaning that holds something."""
        return next(iter(self._cells(meaning)), None)

    def text(self, meaning: Meaning) -> str:
        """What stands there as a person sees it; columns of one meaning one under the other."""
        found = ""
        for column in self.columns:
            if column.meaning == meaning:
                cell = self.cells.get(column.number)
                if cell is not None and (shown := cell.shown.strip()):
                    found = f"{found}\n{shown}" if found else shown
        return found

    def at(self, meaning: Meaning | None = None) -> str:
        """Where it stands, for messages: `规则!C4`; the row, `规则!4`, without a meaning or such a column."""
        found = None
        if meaning is not None:
            found = next((one for one in self.columns if one.meaning == meaning), None)
        return f"{self.sheet}!{found.letters if found is not None else ''}{self.number}"

    def extras(self) -> Iterator[tuple[Column, Cell]]:
        """The cells of columns of the writer's own."""
        for column in self.columns:
            if column.meaning is None and (cell := self.cells.get(column.number)) is not None and cell.shown.strip():
                yield column, cell

    @property
    def merged(self) -> tuple[str, ...]:
        """The merged cells that reach into this row from above: `B3:B5`."""
        found = (cell.merged for cell in self.cells.values() if cell.merged is not None)
        return tuple(dict.fromkeys(found))

    def _cells(self, meaning: Meaning) -> Iterator[Cell]:
        for column in self.columns:
            if column.meaning == meaning:
                cell = self.cells.get(column.number)
                if cell is not None and cell.shown.strip():
                    yield cell


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What holds for one row and one column together. All three hold something."""

    row: Cell
    column: Cell
    value: Cell


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table read both ways."""

    #: What the labels of the rows and of the columns are; empty where the table does not say.
    row_axis: str
    column_axis: str
    #: Row by row.
    cells: tuple[MatrixCell, ...]
    #: What stands beside the label of a row without being a cell of the matrix, by the number of the row.
    beside: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    sheet: str
    kind: TableKind
    #: What stands above it, or the name of the sheet.
    title: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    #: The rows that hold its headings.
    head: tuple[int, ...]
    matrix: Matrix | None = None

    def column(self, meaning: Meaning) -> Column | None:
        return next((one for one in self.columns if one.meaning == meaning), None)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that holds something and is in no table."""

    sheet: str
    number: int
    why: Bilingual
    #: The beginning of what it says.
    text: str

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.number}"


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything in a workbook: each row that holds something is a row or the head of a table, or is skipped."""

    workbook: Workbook
    tables: tuple[Table, ...]
    skipped: tuple[Skipped, ...]
    #: What a person should know of the whole: merged cells, hidden rows and sheets, the encoding.
    notes: tuple[Bilingual, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def accounted(self) -> set[tuple[str, int]]:
        """The sheet and number of every row that was taken or skipped."""
        found = {(one.sheet, one.number) for one in self.skipped}
        for table in self.tables:
            found |= {(table.sheet, number) for number in table.head}
            found |= {(table.sheet, row.number) for row in table.rows}
            if table.matrix is not None:
                found |= {(table.sheet, one.value.row) for one in table.matrix.cells}
        return found
