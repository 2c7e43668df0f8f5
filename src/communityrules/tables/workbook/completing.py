"""Edited sheets beside those of the rulebook as it stands: a column or a sheet that is gone says nothing of its cells.

People give columns other heads, and leave out what they need not show. That is no edit of what stood there: a column
that goes by another name is known by its cells, and what is not in the file at all stays as the rulebook has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language.keywords import keyword_table
from communityrules.tables.carried import filled
from communityrules.tables.workbook.finding import Found, find_sheet
from communityrules.tables.workbook.grid import Raw, Sheet, Workbook, raw
from communityrules.tables.workbook.heads import HEADS, KEYS

_RENAMED: Final = Bilingual(
    "`{sheet}`: the column `{head}` is taken for `{usual}`, whose cells it has",
    "`{sheet}`:“{head}”一列与“{usual}”内容相同,按后者处理",
)
_COLUMN_KEPT: Final = Bilingual(
    "`{sheet}`: the column `{usual}` is gone, and what the rulebook says there stays; empty its cells to take it out",
    "`{sheet}`:没有“{usual}”一列,手册中的相应内容保持不变;如要删除,请清空单元格",
)
_SHEET_KEPT: Final = Bilingual(
    "the sheet `{sheet}` is gone, and what it held stays; empty its rows to take it out",
    "没有工作表 `{sheet}`,手册中的相应内容保持不变;如要删除,请清空各行",
)


def complete(sheets: Sequence[Raw], now: Workbook) -> tuple[list[Raw], list[Bilingual]]:
    """The edited sheets with what is missing from them as the rulebook has it now, and what is to be said of that."""
    made: list[Raw] = list(sheets)
    notes: list[Bilingual] = []
    found = [find_sheet(*one) for one in made]
    for sheet, as_is in zip(now.sheets, raw(now), strict=True):
        if sheet.kind == "history":
            continue
        place = _place(sheet, found)
        if place is not None:
            edited = found[place]
            if edited is not None:
                made[place] = _filled(made[place], edited, sheet, notes)
        elif sheet.kind != "table" or _named(sheet, found):
            made.append(as_is)
            notes.append(filled(_SHEET_KEPT, sheet=sheet.title))
    return made, notes


def _place(sheet: Sheet, found: Sequence[Found | None]) -> int | None:
    """Which of the edited sheets is this one."""
    same = [index for index, one in enumerate(found) if one is not None and one.kind == sheet.kind]
    if sheet.kind == "table":
        return next((index for index in same if _about(found[index], sheet)), None)
    titled = [index for index in same if (one := found[index]) is not None and one.titled]
    return next(iter([*titled, *same]), None)


def _about(one: Found | None, sheet: Sheet) -> bool:
    return one is not None and (one.title == sheet.title or one.banner.strip() == sheet.banner.strip())


def _named(sheet: Sheet, found: Sequence[Found | None]) -> bool:
    """Whether the rules still have the line of a rule table: its name is the title of its sheet but for signs."""
    words = keyword_table().written("table")
    for one in found:
        if one is None or one.kind != "rules":
            continue
        if any(one.get(row, "change") in words and sheet.title in one.get(row, "content") for row in one.rows):
            return True
    return False


def _filled(edited: Raw, found: Found, sheet: Sheet, notes: list[Bilingual]) -> Raw:
    """One edited sheet, with the columns that it lacks."""
    title, rows = edited
    missing = [
        column for place, column in enumerate(sheet.columns)
        if column not in found.columns and any(row[place] for row in sheet.rows)
    ]  # fmt: skip
    if not missing:
        return edited
    head = found.first - 2
    width = max(len(row) for row in rows)
    made = [[*row, *[""] * (width - len(row))] for row in rows]
    taken = set(found.columns.values())
    for column in missing:
        at = sheet.columns.index(column)
        usual = HEADS[sheet.kind][column].fill(found.language, {})
        place = _same_cells([row[at] for row in sheet.rows], made[head + 1 :], width, taken)
        if place is not None:
            notes.append(filled(_RENAMED, sheet=title, head=made[head][place].strip() or "?", usual=usual))
            made[head][place] = usual
            taken.add(place)
            found.columns[column] = place
        elif column not in KEYS[sheet.kind][:1]:
            notes.append(filled(_COLUMN_KEPT, sheet=title, usual=usual))
            by_key = {_key(sheet, row): row[at] for row in sheet.rows}
            keys = KEYS[sheet.kind]
            for index, row in enumerate(made):
                kept = usual if index == head else ""
                if index > head:
                    kept = by_key.get(tuple(found.get(row, one) for one in keys), "")
                row.append(kept)
    return title, made


def _key(sheet: Sheet, row: Sequence[str]) -> tuple[str, ...]:
    places = {column: index for index, column in enumerate(sheet.columns)}
    return tuple(row[places[one]].strip() if one in places else "" for one in KEYS[sheet.kind])


def _same_cells(wanted: Sequence[str], rows: Sequence[Sequence[str]], width: int, taken: set[int]) -> int | None:
    """The column, none of ours, that holds most of what a column of ours held."""
    held = Counter(text.strip() for text in wanted if text.strip())
    best, most = None, 0
    for place in range(width):
        if place in taken:
            continue
        shared = (held & Counter(row[place].strip() for row in rows if row[place].strip())).total()
        if shared > most:
            best, most = place, shared
    return best if most * 2 >= held.total() else None
