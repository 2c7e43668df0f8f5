"""Finding the tables of a sheet: their headings, their rows, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.tables.carried import filled, short
from communityrules.tables.sheets import reasons
from communityrules.tables.sheets.found import Column, Skipped, Table, TableKind, TableRow
from communityrules.tables.sheets.headings import LONGEST, MANY, SAYS_SOMETHING, Match, meaning_of, plain_head
from communityrules.tables.sheets.headless import numbered_lines
from communityrules.tables.sheets.matrix import Grid, matrix_at
from communityrules.tables.sheets.model import Cell, Row, Sheet
from communityrules.tables.sheets.words import Meaning

#: Rows above a table that are looked at for its headings, unless another table stands there.
_FIRST: Final = 60
#: A text with one of these at its end or within is a sentence, no heading.
_SENTENCE: Final = re.compile(r"[。!?;\uff01\uff1f\uff1b]|\.\s|[,\uff0c].*[,\uff0c]")
_PROSE: Final = re.compile(r"[。!?;,\uff01\uff1f\uff1b\uff0c]|\.\s|\.\Z")
_LETTER: Final = re.compile(r"[^\W\d_]")
_TOTAL: Final = frozenset({
    "合计", "总计", "小计", "总数", "共计", "汇总", "total", "subtotal", "sum", "grandtotal", "totals",
})  # fmt: skip
_ASIDE: Final = re.compile(
    r"\s*(?:#|//|※|\*|(?:注|备注|说明|備註|註|附注|附|来源|notes?|nb|source|remarks?)\s*[:\uff1a])",
    re.IGNORECASE,
)
#: Heads that say that the table is about how questions are dealt with.
_PROCESS: Final[frozenset[Meaning]] = frozenset({"category", "authority", "response", "solution", "priority"})
#: Those, and the clauses that say the same.
_DEALING: Final[frozenset[Meaning]] = _PROCESS | {"responsible", "require"}
#: What the columns of a mapping are; others of the table keep what their heads say.
Mapped = Mapping[int, Meaning]


@dataclass(slots=True)
class Head:
    """The headings of a table."""

    rows: tuple[int, ...]
    columns: tuple[Column, ...]
    #: How many of its rows of the sheet it takes.
    taken: int
    texts: tuple[str, ...] = field(default=())


@dataclass(slots=True)
class SheetTables:
    """What was found in one sheet."""

    tables: list[Table] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    #: Headings that were seen and are none of rules.
    strange: list[str] = field(default_factory=list)


def find_tables(sheet: Sheet) -> SheetTables:
    """The tables of a sheet. Every row is in one of them or skipped."""
    found = SheetTables()
    rows = [row for row in sheet.rows if _says_something(sheet, row, found)]
    above: list[Row] = []
    index = 0
    searched = 0
    while index < len(rows):
        head = head_at(rows, index) if searched < _FIRST else None
        grid = matrix_at(rows, index) if searched < _FIRST and (head is None or not _certain(head)) else None
        if grid is not None:
            # What is written over the labels names them, and not the table.
            named = grid.matrix.column_axis
            title = _title(sheet, [row for row in above if not named or _own_texts(row) != [named]])
            _aside(sheet, above, reasons.TITLE, found)
            index = _take_matrix(sheet, grid, title, rows, index, found)
        elif head is not None:
            title = _title(sheet, above)
            _aside(sheet, above, reasons.TITLE, found)
            index = _take_table(sheet, head, title, rows, index, found)
        else:
            above.append(rows[index])
            index += 1
            searched += 1
            continue
        above, searched = [], 0
    if found.tables:
        _aside(sheet, above, reasons.AFTER, found)
    elif (lines := numbered_lines(sheet, above)) is not None:
        found.tables.append(lines)
        held = {row.number for row in lines.rows}
        first = lines.rows[0].number
        for row in above:
            if row.number not in held:
                why = reasons.TITLE if row.number < first else reasons.AFTER
                found.skipped.append(_skip(sheet, row, why))
    else:
        _strange(sheet, above, found)
    return found


def _says_something(sheet: Sheet, row: Row, found: SheetTables) -> bool:
    if any(cell.shown.strip() for cell in row.cells.values()):
        return True
    found.skipped.append(Skipped(sheet.name, row.number, reasons.SPACES, ""))
    return False


# --- headings ------------------------------------------------------------------------------------------------


def head_at(rows: Sequence[Row], index: int) -> Head | None:
    """The headings that begin in a row, which may be two rows high; None when there are none."""
    row = rows[index]
    upper = _matches(row)
    texts = _own_texts(row)
    if not upper or not texts:
        return None
    lower_row = rows[index + 1] if index + 1 < len(rows) and rows[index + 1].number == row.number + 1 else None
    columns, taken = _columns(row, upper), 1
    if lower_row is not None and _continues(row, lower_row):
        lower = _matches(lower_row)
        merged = {**upper, **lower}
        columns, taken = _columns(row, merged, lower_row), 2
    matched = [one for one in columns if one.meaning is not None]
    sure = _sureness(row, lower_row if taken == 2 else None)
    meanings = {one.meaning for one in matched if one.meaning is not None}
    saying = [sure.get(one.number, 0) for one in matched if one.meaning in SAYS_SOMETHING]
    sentences = sum(_SENTENCE.search(text) is not None or len(text) > LONGEST for text in texts)
    if not saying or sentences * 2 > len(texts):
        # A table of names and numbers alone: `规则编号 · 规则名称`.
        if not {"name", "number"} <= meanings or max(sure.values(), default=0) < 3:
            return None
    elif len(texts) == 1:
        # One column: only a head that nothing but rules has, with rows under it.
        if saying[0] < 3 or len(row.cells) != 1 or index + 1 >= len(rows):
            return None
    elif (len(matched) < 2 and saying[0] < 3) or (max(saying) < 2 and max(sure.values()) < 3):
        return None
    numbers = tuple(one.number for one in rows[index : index + taken])
    return Head(numbers, columns, taken, tuple(plain_head(one.heading) for one in columns if one.heading))


def _own_texts(row: Row) -> list[str]:
    """The texts of a row that are not copies of a merged cell beside them."""
    return [
        shown for cell in row.cells.values()
        if (shown := cell.shown.strip()) and (cell.merged is None or not _across(cell))
    ]  # fmt: skip


def _across(cell: Cell) -> bool:
    """Whether a merged cell put it there from its left."""
    if cell.merged is None:
        return False
    first = cell.merged.partition(":")[0]
    return first.rstrip("0123456789") != cell.place.rstrip("0123456789")


def _matches(row: Row) -> dict[int, Match]:
    found: dict[int, Match] = {}
    for column, cell in row.cells.items():
        if _across(cell) or not isinstance(cell.value, str):
            continue
        match = meaning_of(cell.shown)
        if match is not None:
            found[column] = match
    return found


def _sureness(row: Row, lower: Row | None) -> dict[int, int]:
    found = {column: match.sure for column, match in _matches(row).items()}
    if lower is not None:
        found.update({column: match.sure for column, match in _matches(lower).items()})
    return found


def _continues(row: Row, lower: Row) -> bool:
    """Whether the next row belongs to the headings: its cells hang from merged ones, or head parts of a wide one."""
    wide = {column for column, cell in row.cells.items() if cell.merged is not None and _across(cell)}
    hanging = {column for column, cell in lower.cells.items() if cell.merged is not None and not _across(cell)}
    hanging = {column for column in hanging if row.cells.get(column) is not None}
    if not (wide or hanging):
        return False
    own = [cell for column, cell in lower.cells.items() if column not in hanging and cell.shown.strip()]
    if not own:
        return bool(hanging)
    texts = [cell.shown.strip() for cell in own]
    if any(not isinstance(cell.value, str) for cell in own) or any(len(text) > 20 for text in texts):
        return False
    heads = {cell.column for cell in own if meaning_of(cell.shown) is not None}
    under = {cell.column for cell in own if cell.column in wide or cell.column + 1 in wide}
    return len(heads | under) == len(own)


def _columns(row: Row, matches: Mapping[int, Match], lower: Row | None = None) -> tuple[Column, ...]:
    """The columns under some headings; of several that claim one meaning, the surest has it, then the first."""
    numbers = sorted({*row.cells, *(lower.cells if lower is not None else ())})
    claims: dict[Meaning, int] = {}
    # Of heads that say little (`chapter_name`, `section_name`) the later one is about the row itself.
    for column in sorted(matches, key=lambda one: (-matches[one].sure, -one if matches[one].sure == 1 else one)):
        claims.setdefault(matches[column].meaning, column)
    found = []
    for number in numbers:
        heading = _heading(row, lower, number)
        match = matches.get(number)
        meaning: Meaning | None = None
        if match is not None and (match.meaning in MANY or claims[match.meaning] == number):
            meaning = match.meaning
        elif match is not None and match.meaning == "content" and match.sure >= 2:
            # A second text about the same rule: 规则内容 and 说明.
            meaning = "note"
        found.append(Column(number, heading, meaning))
    return tuple(found)


def _heading(row: Row, lower: Row | None, column: int) -> str:
    above = row.shown(column)
    below = lower.shown(column) if lower is not None else ""
    if not below or below == above:
        return above
    return f"{above} {below}".strip()


def _certain(head: Head) -> bool:
    """Whether the headings leave no room for reading the table both ways."""
    return sum(one.meaning is not None for one in head.columns) >= 3


# --- rows ----------------------------------------------------------------------------------------------------


def _take_table(sheet: Sheet, head: Head, title: str, rows: Sequence[Row], index: int, found: SheetTables) -> int:
    """Read the rows under some headings. Gives the index of the first row after them."""
    taken: list[TableRow] = []
    section = ""
    known = {column.number: column.meaning for column in head.columns}
    at = index + head.taken
    while at < len(rows):
        row = rows[at]
        own = _own_texts(row)
        if _repeats(head, own):
            found.skipped.append(_skip(sheet, row, reasons.AGAIN))
        elif _another_head(rows, at, own):
            break
        elif (why := _aside_within(known, row)) is not None:
            if why is reasons.SECTION:
                section = _first_text(row)
            found.skipped.append(_skip(sheet, row, why))
        else:
            taken.append(TableRow(sheet.name, row.number, row.cells, head.columns, row.hidden, section))
        at += 1
    found.tables.append(Table(sheet.name, kind_of(head.columns), title, head.columns, tuple(taken), head.rows))
    return at


def kind_of(columns: Sequence[Column]) -> TableKind:
    """Whether a table says how questions are dealt with, or what the rules are."""
    meanings = {one.meaning for one in columns if one.meaning is not None}
    if len(meanings & _DEALING) < 2 or not meanings & _PROCESS or meanings & {"content", "if", "words", "pattern"}:
        return "rules"
    return "process"


def _repeats(head: Head, own: list[str]) -> bool:
    if len(own) < 2 or len(own) > len(head.texts) or max(map(len, own)) > LONGEST:
        return False
    # Most rows are none by their first text.
    return plain_head(own[0]) in head.texts and {plain_head(text) for text in own} <= set(head.texts)


def _another_head(rows: Sequence[Row], at: int, own: list[str]) -> bool:
    """Whether another table begins: headings that are sure, all of them short, and not the rows of this one."""
    if len(own) < 2 or max(map(len, own)) > 20:
        return False
    meanings: set[Meaning] = set()
    missed = 0
    for text in own:
        # Numbers and dates, of which every row has some, are no heading.
        match = meaning_of(text) if _LETTER.search(text) else None
        if match is not None and match.sure >= 2:
            meanings.add(match.meaning)
        else:
            missed += 1
            if missed * 3 > len(own):
                return False
    return len(meanings) >= 2 and head_at(rows, at) is not None


def _aside_within(known: Mapping[int, Meaning | None], row: Row) -> Bilingual | None:
    """Why a row under the headings is no row of the table; None when it is one. `known`: what its columns are."""
    says = [
        cell for cell in row.cells.values()
        if (cell.merged is None or not (_across(cell) or _above(cell))) and cell.shown.strip()
    ]  # fmt: skip
    if not says:
        # All of it hangs from merged cells above.
        return reasons.NOTHING_SAID
    first = says[0].shown.strip()
    if len(first) <= 12 and plain_head(first) in _TOTAL and all(_countable(cell) for cell in says[1:]):
        return reasons.TOTAL
    meanings = {known.get(cell.column) for cell in says}
    if len(says) == 1:
        if _ASIDE.match(first):
            return reasons.AFTER
        only = says[0]
        wide = any(_across(cell) for cell in row.cells.values())
        if wide:
            return reasons.SECTION
        if only.column not in known:
            return reasons.AFTER
        if known[only.column] == "number" and sum(one is not None for one in known.values()) > 1:
            return reasons.NOTHING_SAID if len(first) <= 8 and any(char.isdigit() for char in first) else (
                reasons.AFTER if _SENTENCE.search(first) or len(first) > LONGEST else reasons.SECTION
            )  # fmt: skip
        return None
    if meanings <= {"number", None, "status", "priority"} and not meanings & {None} and "number" in meanings:
        return reasons.NOTHING_SAID
    return None


def _above(cell: Cell) -> bool:
    """Whether a merged cell put it there from above."""
    assert cell.merged is not None
    first = cell.merged.partition(":")[0]
    return first != cell.place


def _countable(cell: Cell) -> bool:
    return not isinstance(cell.value, str) or cell.shown.strip().replace(",", "").replace(".", "").isdigit()


# --- matrices ------------------------------------------------------------------------------------------------


def _take_matrix(sheet: Sheet, grid: Grid, title: str, rows: Sequence[Row], index: int, found: SheetTables) -> int:
    columns = tuple(Column(number, rows[index].shown(number), None) for number in sorted(rows[index].cells))
    found.tables.append(Table(sheet.name, "matrix", title, columns, (), (rows[index].number,), grid.matrix))
    held = {one.value.row for one in grid.matrix.cells}
    for row in rows[index + 1 : index + grid.height]:
        if row.number not in held:
            alone = len(_own_texts(row)) == 1
            found.skipped.append(_skip(sheet, row, reasons.SECTION if alone else reasons.IN_MATRIX))
    return index + grid.height


# --- what is left aside --------------------------------------------------------------------------------------


def _first_text(row: Row) -> str:
    return next((cell.shown.strip() for cell in row.cells.values() if cell.shown.strip()), "")


def said_of(row: Row) -> str:
    """The beginning of what a row says."""
    return short(" · ".join(_own_texts(row)[:6]))


def _skip(sheet: Sheet, row: Row, why: Bilingual) -> Skipped:
    return Skipped(sheet.name, row.number, why, said_of(row))


def _aside(sheet: Sheet, rows: Sequence[Row], why: Bilingual, found: SheetTables) -> None:
    found.skipped += [_skip(sheet, row, why) for row in rows]


def _strange(sheet: Sheet, rows: Sequence[Row], found: SheetTables) -> None:
    """A sheet without a table of rules: its first row of several cells is named as what was seen."""
    head = next((row for row in rows[:_FIRST] if len(_own_texts(row)) > 1), None)
    why = reasons.NO_TABLE
    if head is not None:
        heads = ", ".join(f"`{short(text)[:30]}`" for text in _own_texts(head)[:6])
        found.strange.append(heads)
        why = filled(reasons.OTHER_HEADS, heads=heads)
    _aside(sheet, rows, why, found)


def _title(sheet: Sheet, above: Sequence[Row]) -> str:
    """What stands above a table: the nearest short text that has its row alone; the name of the sheet otherwise."""
    for row in reversed(above):
        own = _own_texts(row)
        if len(own) == 1 and len(own[0]) <= 60 and not _ASIDE.match(own[0]) and not _PROSE.search(own[0]):
            return own[0]
    return sheet.name
