"""Tables that are read both ways: severity × plan, topic × channel, offence × how often."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from communityrules.tables.sheets.found import Matrix, MatrixCell
from communityrules.tables.sheets.headings import plain_head
from communityrules.tables.sheets.model import Cell, Row
from communityrules.tables.sheets.words import AXES, MARKS

#: Labels of one kind: two beside each other make a matrix likely.
_AXES: Final = tuple(frozenset(map(plain_head, words.split())) for words in AXES)
#: What the cells of a table of permissions hold.
_MARKS: Final = frozenset(map(plain_head, MARKS.split())) | set("√✓✔×✗✘x○●—-/")
_LENGTH: Final = re.compile(
    r"[<≤≥>]?\s*(?:[0-9]+(?:\.[0-9]+)?|[一二三四五六七八九十半]+)\s*(?:个)?(?:工作)?"
    r"(?:小时|分钟|分|天|日|周|月|秒|时|h|hr|hrs|hours?|min|mins|minutes?|d|days?|business days?|working days?|weeks?)"
    r"(?:内|之内)?\Z",
    re.IGNORECASE,
)
#: `严重程度\方案`, `Severity / Plan`.
_CORNER: Final = re.compile(r"\s*([^\\/|×*\n]{1,30}?)\s*[\\/|×*\n]\s*([^\\/|×*\n]{1,30}?)\s*\Z")
_LONGEST_LABEL: Final = 40
_LEVELS: Final = frozenset("12345")


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix, and how many of the rows of its sheet it takes."""

    matrix: Matrix
    height: int


def matrix_at(rows: Sequence[Row], index: int) -> Grid | None:
    """The matrix whose labels of columns stand in a row; None when there is none.

    The first column has the labels of the rows, each once. What makes it a matrix is that the labels are of a known
    kind, that the corner names both ways, or that the cells are marks or lengths of time.
    """
    head = rows[index]
    columns = [number for number in head.cells if head.shown(number)]
    if len(columns) < 2:
        return None
    body = _body(rows, index)
    if len(body) < 2:
        return None
    left = min(min(columns), *(min(row.cells) for row in body))
    labels = [head.cells[number] for number in columns if number != left]
    texts = [cell.shown.strip() for cell in labels]
    if len(labels) < 2 or not _labels(texts):
        return None
    sides = [row.cells[left] for row in body if row.shown(left)]
    if len(sides) != len(body) or not _labels([cell.shown.strip() for cell in sides]):
        return None
    cells = [
        MatrixCell(row.cells[left], label, row.cells[label.column])
        for row in body
        for label in labels
        if row.shown(label.column)
    ]
    if len(cells) * 2 < len(body) * len(labels):
        return None
    corner = _CORNER.match(unicodedata.normalize("NFKC", head.shown(left)))
    if corner is None and not _likely(texts, sides, cells):
        return None
    row_axis, column_axis = head.shown(left), ""
    if corner is not None:
        row_axis, column_axis = corner.group(1), corner.group(2)
    return Grid(Matrix(row_axis, column_axis, tuple(cells)), 1 + len(body))


def _body(rows: Sequence[Row], index: int) -> list[Row]:
    """The rows directly below, up to a gap or a row with a single cell."""
    found: list[Row] = []
    last = rows[index].number
    for row in rows[index + 1 :]:
        if row.number != last + 1 or sum(bool(cell.shown.strip()) for cell in row.cells.values()) < 2:
            break
        found.append(row)
        last = row.number
    return found


def _labels(texts: Sequence[str]) -> bool:
    plain = [plain_head(text) for text in texts]
    if not all(plain) or len(set(plain)) != len(plain) or any(len(text) > _LONGEST_LABEL for text in texts):
        return False
    # Numbers are what a table of figures holds, not what it is about.
    return all(any(char.isalpha() for char in text) or text in _LEVELS for text in texts)


def _likely(texts: Sequence[str], sides: Sequence[Cell], cells: Sequence[MatrixCell]) -> bool:
    across = _axis(texts)
    along = _axis([cell.shown for cell in sides])
    values = [one.value.shown.strip() for one in cells]
    marks = sum(plain_head(text) in _MARKS or text in _MARKS for text in values)
    lengths = sum(_LENGTH.match(text) is not None for text in values if len(text) < 30)
    return across or (along and (marks + lengths) * 2 >= len(values)) or marks * 5 >= len(values) * 4 or (
        lengths * 5 >= len(values) * 4
    )  # fmt: skip


def _axis(texts: Sequence[str]) -> bool:
    """Whether most labels are of one known kind."""
    plain = [plain_head(text) for text in texts]
    return any(sum(text in axis for text in plain) * 2 > len(plain) for axis in _AXES)
