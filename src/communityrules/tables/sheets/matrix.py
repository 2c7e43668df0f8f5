"""Tables that are read both ways: severity × plan, topic × channel, offence × how often."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from communityrules.frozen import dataclass
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
    if (grid := _relation(rows, index, columns)) is not None:
        return grid
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


# --- what is held against itself -----------------------------------------------------------------------------


def _relation(rows: Sequence[Row], index: int, columns: Sequence[int]) -> Grid | None:
    """A matrix whose rows and columns bear the same labels, as in `from \\ to`; other columns may stand before them.

    Such labels can be of any kind, signs too. Headings within it and single gaps part nothing.
    """
    head = rows[index]
    for place, left in enumerate(columns[:-2]):
        # A label of the columns is no column of labels.
        labels = columns[place + 1 :]
        tops = {_plain(head.shown(number)) for number in labels}
        body = _held(rows, index, left, labels)
        sides = {_plain(row.shown(left)) for row in body}
        if (
            len(body) < 2
            or len(tops) != len(labels)
            or len(sides) != len(body)
            or len(sides & tops) * 3 < len(tops) * 2
        ):
            continue
        cells = tuple(
            MatrixCell(row.cells[left], head.cells[number], row.cells[number])
            for row in body for number in labels if row.shown(number)
        )  # fmt: skip
        corner = _CORNER.match(unicodedata.normalize("NFKC", head.shown(left)))
        row_axis, column_axis = (
            (corner.group(1), corner.group(2)) if corner else (head.shown(left), _above(rows, index, labels))
        )
        beside = {row.number: said for row in body if (said := _beside(row, left))}
        last = next(place for place, row in enumerate(rows) if row.number == body[-1].number)
        return Grid(Matrix(row_axis, column_axis, cells, beside), last - index + 1)
    return None


def _held(rows: Sequence[Row], index: int, left: int, labels: Sequence[int]) -> list[Row]:
    """The rows under some labels that have a label of their own and most of their cells."""
    found: list[Row] = []
    last = rows[index].number
    for row in rows[index + 1 :]:
        if row.number > last + 2:
            break
        own = [cell for cell in row.cells.values() if cell.shown.strip() and cell.merged is None]
        filled = sum(bool(row.shown(number)) for number in labels)
        if row.shown(left) and filled * 2 >= len(labels):
            found.append(row)
        elif len(own) > 1:
            break
        last = row.number
    return found


def _above(rows: Sequence[Row], index: int, labels: Sequence[int]) -> str:
    """What stands alone over the labels of the columns."""
    before = rows[index - 1] if index else None
    if before is None or before.number + 1 != rows[index].number:
        return ""
    texts = [number for number, cell in before.cells.items() if cell.shown.strip() and cell.merged is None]
    return before.shown(texts[0]) if len(texts) == 1 and texts[0] in labels else ""


def _beside(row: Row, left: int) -> str:
    return " · ".join(row.shown(number) for number in sorted(row.cells) if number < left and row.shown(number))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


# --- labels --------------------------------------------------------------------------------------------------


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
    return axis_of(texts) is not None


def axis_of(texts: Sequence[str]) -> int | None:
    """The place in `AXES` of the kind that most labels are of; None when they are of none that is known."""
    plain = [plain_head(text) for text in texts]
    counts = [sum(text in axis for text in plain) for axis in _AXES]
    most = max(counts)
    return counts.index(most) if most * 2 > len(plain) else None
