"""`--columns`: which column of a table is what, said by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.tables.carried import filled, short
from communityrules.tables.reading import Refused, refused
from communityrules.tables.sheets import reasons
from communityrules.tables.sheets.errors import BAD_COLUMNS
from communityrules.tables.sheets.finding import SheetTables, kind_of, said_of
from communityrules.tables.sheets.found import Column, Skipped, Table, TableRow
from communityrules.tables.sheets.headings import SAID, meaning_of, plain_head
from communityrules.tables.sheets.identity import is_number
from communityrules.tables.sheets.limits import LAST_COLUMN
from communityrules.tables.sheets.model import Row, Sheet, column_number
from communityrules.tables.sheets.words import Meaning

_NOTHING: Final = Bilingual("nothing is mapped", "没有写任何对应关系")
_NO_SIGN: Final = Bilingual("`{part}` has no `=`", "`{part}` 缺少 `=`")
_NO_MEANING: Final = Bilingual("`{part}` is no meaning of a column", "`{part}` 不是列的含义")
_TWICE: Final = Bilingual("`{part}` is mapped twice", "`{part}` 对应了两次")
_NO_COLUMN: Final = Bilingual("no sheet has a column `{part}`", "没有工作表含有列 `{part}`")
_NO_SHEET: Final = Bilingual("there is no sheet `{part}`", "没有工作表 `{part}`")
_NO_ROW: Final = Bilingual("`{part}` is no row", "`{part}` 不是行号")
_SHEET: Final = frozenset({"sheet", "工作表", "表"})
_ROW: Final = frozenset({"row", "head", "header", "表头", "表头行", "标题行"})
_LONGEST: Final = 2_000
#: What stands between commas; a heading with a comma in it is quoted.
_PARTS: Final = re.compile(r"""(?:"[^"]*"|“[^”]*”|「[^」]*」|[^,])+""")
#: Signs of any width are equal.
_NARROW: Final = str.maketrans({"\uff0c": ",", "\uff1b": ",", ";": ",", "\uff1d": "="})


@dataclass(slots=True)
class Mapping_:  # noqa: N801  # `Mapping` is the type of dictionaries
    """What `--columns` says."""

    #: By meaning: the column as written.
    columns: dict[Meaning, str] = field(default_factory=dict)
    #: The one sheet that is meant; None for all that have the columns.
    sheet: str | None = None
    #: The row of the headings; None to find it.
    row: int | None = None


def parse_columns(text: str) -> Mapping_:
    """`编号=A,内容=规则内容`: meanings in either language, columns by letter, number from 1, or heading.

    `sheet=…` names one sheet, `head=3` the row of the headings. `Refused` for what cannot be understood.
    """
    found = Mapping_()
    parts = [part.strip() for part in _PARTS.findall(text[:_LONGEST].translate(_NARROW))]
    for part in filter(None, parts):
        said, sign, column = part.partition("=")
        said, column = said.strip(), column.strip().strip("\"'“”「」")
        if not sign or not column:
            raise bad(_NO_SIGN, short(part))
        key = plain_head(said)
        if key in _SHEET:
            found.sheet = column
        elif key in _ROW:
            if not (column.isascii() and column.isdigit()) or len(column) > 7 or int(column) < 1:
                raise bad(_NO_ROW, short(column))
            found.row = int(column)
        else:
            meaning = _meaning(said)
            if meaning is None:
                raise bad(_NO_MEANING, short(said))
            if meaning in found.columns:
                raise bad(_TWICE, short(said))
            found.columns[meaning] = column
    if not found.columns:
        raise bad(_NOTHING, "")
    return found


def _meaning(said: str) -> Meaning | None:
    plain = plain_head(said)
    for meaning, names in SAID.items():
        if plain in (plain_head(names.en), plain_head(names.zh), plain_head(meaning)):
            return meaning
    match = meaning_of(said)
    return match.meaning if match is not None and match.sure >= 2 else None


def bad(what: Bilingual, part: str) -> Refused:
    """The refusal of a mapping."""
    meanings = Bilingual(
        ", ".join(f"`{one.en}`" for one in SAID.values()), "、".join(f"`{one.zh}`" for one in SAID.values())
    )
    return refused(BAD_COLUMNS, what=filled(what, part=part), meanings=meanings)


def mapped_tables(sheets: Sequence[Sheet], mapping: Mapping_) -> Mapping[str, SheetTables]:
    """What each sheet holds under a mapping. `Refused` when none has its columns."""
    if mapping.sheet is not None and not any(_same(one.name, mapping.sheet) for one in sheets):
        raise bad(_NO_SHEET, short(mapping.sheet))
    found: dict[str, SheetTables] = {}
    missing = ""
    for sheet in sheets:
        one = found[sheet.name] = SheetTables()
        if mapping.sheet is not None and not _same(sheet.name, mapping.sheet):
            one.skipped = [_skip(sheet, row, reasons.OTHER_SHEET) for row in sheet.rows]
            continue
        columns, head = _placed(sheet, mapping)
        if isinstance(columns, str):
            missing = missing or columns
            why = filled(_NO_COLUMN, part=short(columns))
            one.skipped = [_skip(sheet, row, why) for row in sheet.rows]
            continue
        _read(sheet, columns, head, one)
    if not any(one.tables for one in found.values()):
        raise bad(_NO_COLUMN, short(missing) if missing else next(iter(mapping.columns.values())))
    return found


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _placed(sheet: Sheet, mapping: Mapping_) -> tuple[dict[int, Meaning] | str, int]:
    """The columns by number and the index of the row of headings, -1 without one; or the column that is not there."""
    rows = sheet.rows
    last = max((max(row.cells) for row in rows), default=0)
    # A letter or a number is a place where the sheet has such a column, and a heading otherwise.
    placed = {
        said: number
        for said in mapping.columns.values()
        if (number := _by_letter(said)) is not None and number <= last
    }  # fmt: skip
    texts = [said for said in mapping.columns.values() if said not in placed]
    best, head = 0, -1
    # The row of the headings is the one that names most of the columns that are meant by name.
    for index, row in enumerate(rows[:200]):
        if mapping.row is not None and row.number != mapping.row:
            continue
        shown = {plain_head(cell.shown) for cell in row.cells.values() if len(cell.shown) <= 200}
        count = sum(plain_head(said) in shown for said in texts)
        if count > best:
            best, head = count, index
    if mapping.row is not None and head < 0:
        head = next((index for index, row in enumerate(rows) if row.number == mapping.row), -1)
    named = {} if head < 0 else {
        plain_head(cell.shown): column for column, cell in reversed(rows[head].cells.items()) if cell.shown.strip()
    }  # fmt: skip
    found: dict[int, Meaning] = {}
    for meaning, said in mapping.columns.items():
        number = placed.get(said) or (named.get(plain_head(said)) if plain_head(said) else None)
        if number is None:
            return said, -1
        found[number] = meaning
    return found, head


def _by_letter(said: str) -> int | None:
    if said.isascii() and said.isdigit() and len(said) <= 5:
        number = int(said)
        return number if 1 <= number <= LAST_COLUMN else None
    try:
        return column_number(said)
    except ValueError:
        return None


def _read(sheet: Sheet, meanings: Mapping[int, Meaning], head: int, found: SheetTables) -> None:
    rows = [row for row in sheet.rows if any(cell.shown.strip() for cell in row.cells.values())]
    number = sheet.rows[head].number if head >= 0 else None
    if number is None:
        first = next((row for row in rows if sum(bool(row.shown(one)) for one in meanings) == len(meanings)), None)
        if first is not None and _is_head(first, meanings):
            number = first.number
    heads = next((row for row in rows if row.number == number), None)
    last = max(max(row.cells) for row in rows)
    columns = tuple(
        Column(column, heads.shown(column) if heads is not None else "", meanings.get(column))
        for column in range(1, last + 1)
        if column in meanings or any(column in row.cells for row in rows[:500])
    )
    taken: list[TableRow] = []
    for row in sheet.rows:
        if row not in rows:
            found.skipped.append(_skip(sheet, row, reasons.SPACES))
        elif number is not None and row.number < number:
            found.skipped.append(_skip(sheet, row, reasons.TITLE))
        elif row.number == number:
            continue
        elif not any(row.shown(column) for column, meaning in meanings.items() if meaning != "number"):
            said = any(row.shown(column) for column in meanings)
            found.skipped.append(_skip(sheet, row, reasons.NOTHING_SAID if said else reasons.AFTER))
        else:
            taken.append(TableRow(sheet.name, row.number, row.cells, columns, row.hidden))
    found.tables.append(
        Table(sheet.name, kind_of(columns), sheet.name, columns, tuple(taken), () if number is None else (number,))
    )


def _is_head(row: Row, meanings: Mapping[int, Meaning]) -> bool:
    """Whether a row is headings and no rule: short words, and no number where numbers stand."""
    for column, meaning in meanings.items():
        cell = row.cells[column]
        if (
            not isinstance(cell.value, str)
            or len(cell.shown) > 20
            or any(char in cell.shown for char in "。!?;\uff01\uff1f\uff1b")
        ):
            return False
        if meaning == "number" and is_number(cell.shown):
            return False
        if meaning != "number" and meaning_of(cell.shown) is None and len(cell.shown.split()) > 3:
            return False
    return True


def _skip(sheet: Sheet, row: Row, why: Bilingual) -> Skipped:
    return Skipped(sheet.name, row.number, why, said_of(row))
