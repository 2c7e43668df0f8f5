"""Reading `.xlsx`: what a person sees, wherever the file keeps it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from made_workbooks import MAIN, cell_xml, row_xml, rows_xml, sheet_xml, table, xlsx

from communityrules.tables.reading import Refused
from communityrules.tables.sheets.model import Cell, CellError, Sheet
from communityrules.tables.sheets.opening import read_workbook


def sheet_of(data: bytes) -> Sheet:
    workbook, warnings = read_workbook(data, "rules.xlsx")
    assert warnings == ()
    return workbook.sheets[0]


def cells_of(data: bytes) -> dict[str, Cell]:
    return {cell.place: cell for row in sheet_of(data).rows for cell in row.cells.values()}


def styles(*codes: str) -> str:
    formats = "".join(f'<numFmt numFmtId="{164 + i}" formatCode="{code}"/>' for i, code in enumerate(codes))
    used = "".join(f'<xf numFmtId="{164 + i}"/>' for i in range(len(codes)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
    )


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("1", "000", "001"),
        ("1.1000000000000001", "General", "1.1"),
        ("1.1", "0.00", "1.10"),
        ("3", "&quot;第&quot;0&quot;条&quot;", "第3条"),
        ("0.30000000000000004", "General", "0.3"),
        ("1234567.5", "#,##0.00", "1,234,567.50"),
        ("0.256", "0.0%", "25.6%"),
        ("-5", "0;(0)", "(5)"),
        ("12345678", "000-00000", "123-45678"),
        ("1E+20", "General", "100000000000000000000"),
        ("5", "@", "5"),
        ("7", "[Red]0", "7"),
        ("1.5", "# ?/?", "1.5"),
        ("0", "0;-0;&quot;none&quot;", "none"),
    ],
)
def test_a_number_shows_as_its_format_has_it(number: str, code: str, shown: str) -> None:
    data = xlsx({"S": sheet_xml(f'<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>')}, styles=styles(code))
    cell = cells_of(data)["A1"]
    assert cell.shown == shown
    assert isinstance(cell.value, Decimal)
    assert cell.value == Decimal(format(float(number), ".15g"))


@pytest.mark.parametrize(
    ("number", "code", "value", "shown"),
    [
        ("45569", "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", date(2024, 10, 4), "2024年10月4日"),
        ("45569.5", "yyyy/m/d h:mm", datetime(2024, 10, 4, 12), "2024/10/4 12:00"),
        ("45569", "[$-804]yyyy-mm-dd;@", date(2024, 10, 4), "2024-10-04"),
        ("0.75", "h:mm AM/PM", time(18), "6:00 PM"),
        ("45569.999999999", "yyyy-mm-dd", date(2024, 10, 5), "2024-10-05"),
        ("1", "yyyy-mm-dd", date(1900, 1, 1), "1900-01-01"),
        ("61", "yyyy-mm-dd", date(1900, 3, 1), "1900-03-01"),
    ],
)
def test_a_date_is_a_number_under_a_format_of_dates(number: str, code: str, value: object, shown: str) -> None:
    data = xlsx({"S": sheet_xml(f'<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>')}, styles=styles(code))
    cell = cells_of(data)["A1"]
    assert (cell.value, cell.shown) == (value, shown)


@pytest.mark.parametrize("number", ["60", "-3", "9999999", "1e300"])
def test_what_is_no_day_stays_a_number(number: str) -> None:
    data = xlsx({"S": sheet_xml(f'<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>')}, styles=styles("yyyy-mm-dd"))
    assert isinstance(cells_of(data)["A1"].value, Decimal)


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>44107</v></c></row>'
    data = xlsx(
        {"S": sheet_xml(rows)}, styles=styles("yyyy-mm-dd"), properties='<workbookPr date1904="1"/>'
    )  # fmt: skip
    assert cells_of(data)["A1"].value == date(2024, 10, 4)


def test_texts_of_every_kind() -> None:
    strings = (
        f'<sst xmlns="{MAIN}" count="9" uniqueCount="4"><si><t>plain</t></si>'
        "<si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>"
        '<si><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh></si><si><t>two_x000D_\nlines _x4e00_</t></si></sst>'
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'
        '<c r="D1" t="s"><v>3</v></c><c r="E1" t="str"><f>A1&amp;"!"</f><v>plain!</v></c>'
        '<c r="F1" t="b"><v>1</v></c><c r="G1" t="e"><v>#N/A</v></c><c r="H1" t="d"><v>2024-10-04</v></c>'
        '<c r="I1"><f>SUM(J1:J9)</f></c><c r="J1" t="str"><f>""</f><v></v></c></row>'
    )
    found = cells_of(xlsx({"S": sheet_xml(rows)}, strings=strings))
    assert [found[place].value for place in ("A1", "B1", "C1", "D1", "E1")] == [
        "plain", "rich text", "漢字", "two\nlines 一", "plain!",
    ]  # fmt: skip
    assert found["E1"].formula == '=A1&"!"'
    assert found["F1"].value is True
    assert found["G1"].value == CellError("#N/A")
    assert found["H1"].value == date(2024, 10, 4)
    # A formula that was never calculated is shown as it is; one that gives nothing is empty.
    assert (found["I1"].value, found["I1"].formula) == ("=SUM(J1:J9)", "=SUM(J1:J9)")
    assert "J1" not in found


def test_what_a_sheet_claims_to_measure_does_not_count() -> None:
    for claim in ("A1", "A1:XFD1048576", "nonsense"):
        data = xlsx({"S": sheet_xml(rows_xml([["a"], ["b"], ["c"]]), before=f'<dimension ref="{claim}"/>')})
        assert [row.number for row in sheet_of(data).rows] == [1, 2, 3]


def test_rows_and_cells_need_not_say_where_they_are() -> None:
    data = xlsx(
        {
            "S": sheet_xml(
                '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>'
            )
        }
    )
    assert {place: cell.shown for place, cell in cells_of(data).items()} == {"A1": "1", "D1": "2", "E1": "3", "A3": "4"}


def test_rows_in_any_order_are_read_in_theirs() -> None:
    data = xlsx({"S": sheet_xml(row_xml(5, ["five"]) + row_xml(2, ["two"]))})
    assert [row.number for row in sheet_of(data).rows] == [2, 5]


def test_merged_cells_hold_in_each_of_their_rows() -> None:
    merges = '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="B5:XFD1048576"/></mergeCells>'
    data = table([["no", "content"], ["1", "a"], [None, "b"], [None, "c"], ["2", "d"]], after=merges)
    found = cells_of(data)
    assert [found[f"A{row}"].shown for row in (2, 3, 4)] == ["1", "1", "1"]
    assert (found["A2"].merged, found["A3"].merged) == (None, "A2:A4")
    assert set(found) == {"A1", "B1", "A2", "B2", "A3", "B3", "A4", "B4", "A5", "B5"}


def test_what_is_hidden_is_told() -> None:
    rows = row_xml(1, ["a", "b"]) + row_xml(2, ["c", "d"], ' hidden="1"')
    cols = '<cols><col min="2" max="2" hidden="1"/></cols>'
    data = xlsx({"A": sheet_xml(rows, before=cols), "B": sheet_xml(rows_xml([["x"]]))}, hidden=["B"])
    workbook, _ = read_workbook(data, "rules.xlsx")
    assert [sheet.hidden for sheet in workbook.sheets] == [False, True]
    assert [row.hidden for row in workbook.sheets[0].rows] == [False, True]
    assert workbook.sheets[0].hidden_columns == {2}


def test_prefixes_and_absolute_names_are_as_good() -> None:
    data = xlsx({"S": (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is>'
        f'<x:t>text</x:t></x:is>'
        "</x:c></x:row></x:sheetData></x:worksheet>"
    )}, extra={"xl/_rels/workbook.xml.rels": (
        '<Relationships><Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships'
        '/worksheet" '
        'Target="/xl/worksheets/sheet1.xml"/></Relationships>'
    )})  # fmt: skip
    assert cells_of(data)["A1"].value == "text"


def test_a_cell_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(Refused, match="CR782"):
        sheet_of(xlsx({"S": sheet_xml(f'<row r="1">{cell_xml("A1", "one")}{cell_xml("A1", "two")}</row>')}))


def test_a_text_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="CR782"):
        sheet_of(xlsx({"S": sheet_xml('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')}, strings="<sst/>"))
