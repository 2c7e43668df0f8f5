"""Merged cells have their value in each of their places, so that a row can be read on its own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

from communityrules.tables.sheets.limits import MAX_FILLED, Meter
from communityrules.tables.sheets.model import Cell, Sheet


def filled(sheet: Sheet, meter: Meter) -> Sheet:
    """The sheet with the value of each merged cell in all rows and columns that it covers.

    Only rows that hold something of their own are filled: a merged cell over empty rows makes none of them.
    `Refused` when there is too much to fill.
    """
    if not sheet.merges:
        return sheet
    rows = {row.number: row for row in sheet.rows}
    numbers = sorted(rows)
    last = max((max(row.cells) for row in sheet.rows), default=0)
    places = 0
    made: list[Cell] = []
    for merge in sheet.merges:
        top = rows.get(merge.top)
        anchor = None if top is None else top.cells.get(merge.left)
        if anchor is None or anchor.merged is not None:
            continue
        covered = numbers[bisect_left(numbers, merge.top) : bisect_right(numbers, merge.bottom)]
        right = min(merge.right, max(last, merge.left))
        places += len(covered) * (right - merge.left + 1) + 1
        if places > MAX_FILLED:
            raise meter.over("filled")
        for number in covered:
            for column in range(merge.left, right + 1):
                if column not in rows[number].cells:
                    one = Cell(number, column, anchor.value, anchor.shown, anchor.formula, merge.place)
                    rows[number].cells[column] = one
                    made.append(one)
    for number in {one.row for one in made}:
        rows[number].cells = dict(sorted(rows[number].cells.items()))
    return replace(sheet, rows=tuple(rows[number] for number in numbers))
