"""A workbook as plain data: sheets of rows of cells, whatever kind of file it came from.

Only rows and cells that hold something are kept, so a sheet costs what it says and not what it claims to measure.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from communityrules.frozen import dataclass


@dataclass(frozen=True, slots=True)
class CellError:
    """What a spreadsheet shows where it cannot calculate: `#N/A`, `#REF!`."""

    code: str


#: Numbers are exact as the spreadsheet shows them: the fifteen digits that it keeps.
Value = str | Decimal | bool | date | datetime | time | CellError


@dataclass(slots=True)
class Cell:
    """One cell that holds something. Written once, never changed."""

    #: From 1, as a person counts: the row and the column (A is 1).
    row: int
    column: int
    value: Value
    #: As a person sees it: `001` of the number 1 under the format `000`, `2024年10月4日`, the text itself.
    shown: str
    #: The formula it was calculated by, with its `=`; it is never run.
    formula: str | None = None
    #: The merged cell (`B3:B5`) whose value stands here too. None where the value was written here itself.
    merged: str | None = None

    @property
    def place(self) -> str:
        """`C4`."""
        return f"{letters(self.column)}{self.row}"


@dataclass(slots=True)
class Row:
    """One row that holds something."""

    #: As a person counts: from 1, empty rows included.
    number: int
    #: By column, in the order of the columns.
    cells: dict[int, Cell]
    hidden: bool = False

    def shown(self, column: int) -> str:
        """The text of one cell without the spaces around it; empty when there is none."""
        cell = self.cells.get(column)
        return "" if cell is None else cell.shown.strip()


@dataclass(frozen=True, slots=True)
class Merge:
    """One merged cell, all numbers from 1 and included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def place(self) -> str:
        """`B3:B5`."""
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    #: By number; merged cells have their value in each of their places.
    rows: tuple[Row, ...]
    hidden: bool = False
    merges: tuple[Merge, ...] = ()
    #: Columns that a person does not see, from 1.
    hidden_columns: frozenset[int] = frozenset()

    def at(self, place: str) -> str:
        """`Sheet1!C4`, for messages."""
        return f"{self.name}!{place}"


#: What kind of file was read.
FileKind = Literal["xlsx", "xls", "ods", "csv", "markdown"]


@dataclass(frozen=True, slots=True)
class Workbook:
    #: The name of the file, for messages.
    name: str
    kind: FileKind
    sheets: tuple[Sheet, ...]
    #: How a text file was encoded; empty for workbooks.
    encoding: str = ""
    #: What separates the columns of a `.csv`; empty elsewhere.
    delimiter: str = ""


def letters(column: int) -> str:
    """The letters of a column from 1: 1 is `A`, 28 is `AB`."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


@lru_cache(maxsize=1_000)
def column_number(text: str) -> int:
    """The column of its letters, in any case: `A` is 1. ValueError for what names none."""
    number = 0
    if not text or len(text) > 3:
        raise ValueError(text)
    for char in text.upper():
        if not "A" <= char <= "Z":
            raise ValueError(text)
        number = number * 26 + ord(char) - 64
    return number
