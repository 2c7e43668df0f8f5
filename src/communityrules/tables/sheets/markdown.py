"""Tables within Markdown: each a sheet of its own, its rows numbered by the lines of the file."""

from __future__ import annotations

import re
from typing import Final

from communityrules.tables.sheets.limits import LAST_COLUMN, MAX_SHEETS, Meter
from communityrules.tables.sheets.model import Cell, Row, Sheet

#: The line under a heading: dashes, bars and colons.
_RULE: Final = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?[ \t]*\Z")
_HEADING: Final = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\Z")
_BREAK: Final = re.compile(r"<br ?/?>", re.IGNORECASE)
_MARKED: Final = re.compile(r"(\*\*|__|\*|_|`)(?=\S)([^*_`]+)(?<=\S)\1\Z")
_FENCE: Final = re.compile(r" {0,3}(```|~~~)")


def has_table(text: str) -> bool:
    """Whether there is a heading with its line of dashes anywhere."""
    before = ""
    for line in text.split("\n"):
        if "|" in before and _is_rule(line, before):
            return True
        before = line
    return False


def _is_rule(line: str, above: str) -> bool:
    if "-" not in line or len(line) > 10_000 or _RULE.match(line) is None:
        return False
    width = len(_cells(line))
    return width == len(_cells(above)) and (width > 1 or "|" in line)


def read_tables(text: str, name: str, meter: Meter) -> tuple[list[Sheet], list[int]]:
    """Every table as a sheet, under the heading above it; and the numbers of the other lines that say something."""
    lines = text.split("\n")
    sheets: list[Sheet] = []
    taken: set[str] = set()
    outside: list[int] = []
    heading = name
    index = 0
    fenced = False
    while index < len(lines):
        line = lines[index]
        if _FENCE.match(line):
            fenced = not fenced
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if fenced or "|" not in line or not _is_rule(following, line):
            if (titled := _HEADING.match(line[:300])) is not None:
                heading = titled.group(1) or heading
            elif line.strip():
                outside.append(index + 1)
            index += 1
            continue
        rows = [_row(line, index + 1, meter)]
        index += 2
        while index < len(lines) and lines[index].strip() and "|" in lines[index]:
            rows.append(_row(lines[index], index + 1, meter))
            index += 1
        if len(sheets) >= MAX_SHEETS:
            raise meter.over("sheets")
        title, number = heading[:100], 2
        while title in taken:
            title, number = f"{heading[:100]} {number}", number + 1
        taken.add(title)
        sheets.append(Sheet(title, tuple(row for row in rows if row.cells)))
    return sheets, outside


def _row(line: str, number: int, meter: Meter) -> Row:
    meter.row()
    cells: dict[int, Cell] = {}
    for column, text in enumerate(_cells(line), start=1):
        if column > LAST_COLUMN:
            raise meter.over("column")
        said = _BREAK.sub("\n", text).strip()
        if (marked := _MARKED.match(said)) is not None:
            said = marked.group(2)
        if said:
            meter.cell(said)
            cells[column] = Cell(number, column, said, said)
    return Row(number, cells)


def _cells(line: str) -> list[str]:
    """What stands between the bars; `\\|` is a bar within a cell."""
    line = line.strip().lstrip(">").strip() if line.lstrip().startswith(">") else line.strip()
    parts = re.split(r"(?<!\\)\|", line)
    if parts and not parts[0].strip() and line.startswith("|"):
        parts = parts[1:]
    if parts and not parts[-1].strip() and line.endswith("|"):
        parts = parts[:-1]
    return [part.replace("\\|", "|").strip() for part in parts]
