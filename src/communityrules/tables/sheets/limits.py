"""How much a workbook may ask for, counted while it is read. Files come from strangers.

The figures leave room for every rule table that a person keeps by hand, and keep the worst file under two seconds
and 200 MB.
"""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.tables.reading import MOST_BYTES, Refused, refused
from communityrules.tables.sheets.errors import BROKEN, TOO_MUCH

#: Bytes of a file as it lies there.
MAX_BYTES: Final = MOST_BYTES
#: Members of a packed workbook, and bytes of all of them unpacked, as they are declared.
MAX_MEMBERS: Final = 2_000
MAX_EXPANDED: Final = 256 * 1024 * 1024
#: Unpacked bytes that are read.
MAX_READ: Final = 64 * 1024 * 1024
#: Elements of XML, how deep they may stand in each other, their different names, and the bytes of one of them.
MAX_ELEMENTS: Final = 600_000
MAX_DEPTH: Final = 100
MAX_NAMES: Final = 5_000
MAX_TOKEN: Final = 1024 * 1024
#: Sheets, rows (with empty ones that are written down), cells that hold something, texts that cells share.
MAX_SHEETS: Final = 500
MAX_ROWS: Final = 50_000
MAX_CELLS: Final = 150_000
MAX_STRINGS: Final = 200_000
#: The last row and the last column that any spreadsheet has.
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
#: Lines of a text, those within cells and between tables included.
MAX_LINES: Final = 300_000
#: Characters of one cell, as spreadsheets have it, and of all.
MAX_CELL: Final = 32_767
MAX_CHARACTERS: Final = 16_000_000
#: Merged cells, and places that are looked at to fill them.
MAX_MERGES: Final = 20_000
MAX_FILLED: Final = 200_000

_SIZE: Final = Bilingual("{number} MB", "{number} MB")
_UNPACKED: Final = Bilingual("{number} MB when it is unpacked", "解压后 {number} MB")
_WORDS: Final[dict[str, tuple[int, Bilingual]]] = {
    "elements": (MAX_ELEMENTS, Bilingual("{number} pieces of markup", "{number} 个标记")),
    "sheets": (MAX_SHEETS, Bilingual("{number} sheets", "{number} 张工作表")),
    "rows": (MAX_ROWS, Bilingual("{number} rows", "{number} 行")),
    "cells": (MAX_CELLS, Bilingual("{number} cells", "{number} 个单元格")),
    "strings": (MAX_STRINGS, Bilingual("{number} shared texts", "{number} 条共享文本")),
    "characters": (MAX_CHARACTERS, Bilingual("{number} characters", "{number} 个字符")),
    "merges": (MAX_MERGES, Bilingual("{number} merged cells", "{number} 个合并单元格")),
    "filled": (MAX_FILLED, Bilingual("{number} places in merged cells", "合并单元格覆盖 {number} 格")),
    "members": (MAX_MEMBERS, Bilingual("{number} packed files", "{number} 个内含文件")),
    "depth": (MAX_DEPTH, Bilingual("{number} levels of markup", "{number} 层标记")),
    "names": (MAX_NAMES, Bilingual("{number} kinds of markup", "{number} 种标记")),
    "cell": (MAX_CELL, Bilingual("{number} characters in one cell", "单个单元格 {number} 个字符")),
    "lines": (MAX_LINES, Bilingual("{number} lines", "{number} 行")),
    "row": (LAST_ROW, Bilingual("{number} rows", "{number} 行")),
    "column": (LAST_COLUMN, Bilingual("{number} columns", "{number} 列")),
}


class Meter:
    """What one file has asked for so far. Every method raises `Refused` past a limit."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.elements = 0
        self.rows = 0
        self.cells = 0
        self.strings = 0
        self.characters = 0
        self.read = 0

    def over(self, what: str) -> Refused:
        """The refusal for one limit."""
        number, said = _WORDS[what]
        shown = f"{number:,}"
        return refused(
            TOO_MUCH, file=self.file, limit=Bilingual(*(one.replace("{number}", shown) for one in (said.en, said.zh)))
        )

    def too_large(self, most: int, *, unpacked: bool = True) -> Refused:
        """The refusal of too many bytes."""
        said = {"number": str(most // (1024 * 1024))}
        size = _UNPACKED if unpacked else _SIZE
        return refused(TOO_MUCH, file=self.file, limit=Bilingual(size.fill("en", said), size.fill("zh", said)))

    def broken(self, en: str, zh: str) -> Refused:
        """The refusal of a damaged file."""
        return refused(BROKEN, file=self.file, what=Bilingual(en, zh))

    def bytes(self, number: int) -> None:
        self.read += number
        if self.read > MAX_READ:
            raise self.too_large(MAX_READ)

    def row(self, number: int = 1) -> None:
        self.rows += number
        if self.rows > MAX_ROWS:
            raise self.over("rows")

    def cell(self, shown: str, number: int = 1) -> None:
        """Cells that hold a text of their own."""
        self.cells += number
        if self.cells > MAX_CELLS:
            raise self.over("cells")
        self.text(shown)

    def string(self, text: str) -> None:
        """A text that cells share."""
        self.strings += 1
        if self.strings > MAX_STRINGS:
            raise self.over("strings")
        self.text(text)

    def claimed_strings(self, number: int) -> None:
        """What a file says of itself is believed when it is too much."""
        if number > MAX_STRINGS:
            raise self.over("strings")

    def text(self, text: str) -> None:
        if len(text) > MAX_CELL:
            raise self.over("cell")
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise self.over("characters")

    def place(self, row: int, column: int) -> None:
        """A cell must stand where spreadsheets have cells."""
        if not 1 <= row <= LAST_ROW:
            raise self.over("row")
        if not 1 <= column <= LAST_COLUMN:
            raise self.over("column")
