"""Reading `.xls`."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from communityrules.tables.reading import Refused
from communityrules.tables.sheets.model import Workbook
from communityrules.tables.sheets.opening import read_workbook

xlwt: Any = pytest.importorskip("xlwt")


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(book: Any) -> Workbook:
    return read_workbook(saved(book), "rules.xls")[0]


def styled(code: str) -> Any:
    style = xlwt.XFStyle()
    style.num_format_str = code
    return style


def test_values_merged_cells_and_what_is_hidden() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("规则")
    sheet.write_merge(0, 2, 0, 0, "发言")
    sheet.write(0, 1, 1, styled("000"))
    sheet.write(0, 2, 45569, styled('yyyy"年"m"月"d"日"'))
    sheet.write(0, 3, True)
    sheet.write(0, 4, 1.1)
    for row in (1, 2):
        sheet.write(row, 1, f"第{row}条")
    sheet.row(2).hidden = True
    sheet.col(3).hidden = True
    other = book.add_sheet("旧")
    other.write(0, 0, "x")
    other.visibility = 1
    found = read(book)
    first, second = found.sheets
    cells = {cell.place: cell for row in first.rows for cell in row.cells.values()}
    assert [cells[place].shown for place in ("A1", "A2", "A3")] == ["发言"] * 3
    assert cells["A3"].merged == "A1:A3"
    assert (cells["B1"].value, cells["B1"].shown) == (Decimal(1), "001")
    assert (cells["C1"].value, cells["C1"].shown) == (date(2024, 10, 4), "2024年10月4日")
    assert cells["D1"].value is True
    assert cells["E1"].value == Decimal("1.1")
    assert [row.hidden for row in first.rows] == [False, False, True]
    assert first.hidden_columns == {4}
    assert second.hidden


def test_too_many_cells_are_refused_before_they_are_read() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row in range(1000):
        for column in range(200):
            sheet.write(row, column, 1)
    with pytest.raises(Refused, match="CR780"):
        read(book)


def test_cells_far_to_the_right_are_counted_as_the_room_they_take() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row in range(10_000):
        sheet.write(row, 255, 1)
    with pytest.raises(Refused, match="CR780"):
        read(book)
