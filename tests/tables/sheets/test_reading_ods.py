"""Reading `.ods`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from made_workbooks import ods

from communityrules.tables.reading import Refused
from communityrules.tables.sheets.model import Cell, Sheet
from communityrules.tables.sheets.opening import read_workbook


def sheets_of(content: str, styles: str = "") -> tuple[Sheet, ...]:
    return read_workbook(ods(content, styles), "rules.ods")[0].sheets


def cells_of(rows: str) -> dict[str, Cell]:
    (sheet,) = sheets_of(f'<table:table table:name="规则">{rows}</table:table>')
    return {cell.place: cell for row in sheet.rows for cell in row.cells.values()}


def text(said: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{said}</text:p></table:table-cell>'


def test_values_and_what_is_shown_of_them() -> None:
    found = cells_of(
        "<table:table-row>"
        '<table:table-cell office:value-type="float" office:value="1"><text:p>001</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2024-10-04">'
        "<text:p>2024年10月4日</text:p></table:table-cell>"
        '<table:table-cell office:value-type="date" office:date-value="2024-10-04T09:30:00"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p>'
        "</table:table-cell>"
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2">'
        "<text:p>2</text:p></table:table-cell>"
        "</table:table-row>"
    )
    assert (found["A1"].value, found["A1"].shown) == (Decimal(1), "001")
    assert (found["B1"].value, found["B1"].shown) == (date(2024, 10, 4), "2024年10月4日")
    assert found["C1"].value == datetime(2024, 10, 4, 9, 30)
    assert found["D1"].value is True
    assert (found["E1"].value, found["E1"].formula) == (Decimal(2), "=1+1")


def test_texts_keep_their_lines_and_lose_their_comments() -> None:
    found = cells_of(
        '<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>aside</text:p>'
        '</office:annotation><text:p>one<text:s text:c="2"/><text:span>two</text:span></text:p>'
        "<text:p>three<text:line-break/>four</text:p>"
        "</table:table-cell></table:table-row>"
    )
    assert found["A1"].value == "one  two\nthree\nfour"


def test_repeated_rows_and_cells_are_counted() -> None:
    found = cells_of(
        "<table:table-row>" + text("a", ' table:number-columns-repeated="2"') + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="3">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2"><table:table-cell/>{text("b")}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    )
    assert set(found) == {"A1", "B1", "B5", "B6"}


def test_merged_and_hidden() -> None:
    style = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    shown, hidden = sheets_of(
        '<table:table table:name="A"><table:table-row>'
        + text("1", ' table:number-rows-spanned="2"')
        + text("x")
        + "</table:table-row>"
        '<table:table-row table:visibility="filter"><table:covered-table-cell/>'
        + text("y")
        + '</table:table-row></table:table><table:table table:name="B" table:style-name="ta2"><table:table-row>'
        + text("z")
        + "</table:table-row></table:table>",
        style,
    )
    assert hidden.hidden
    assert [row.hidden for row in shown.rows] == [False, True]
    assert (shown.rows[1].cells[1].shown, shown.rows[1].cells[1].merged) == ("1", "A1:A2")


def test_a_locked_one_is_refused() -> None:
    manifest = {"META-INF/manifest.xml": "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"}
    with pytest.raises(Refused, match="CR781"):
        read_workbook(ods("", extra=manifest), "rules.ods")
