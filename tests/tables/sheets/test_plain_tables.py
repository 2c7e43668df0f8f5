"""Tables in plain text: encodings, what separates columns, quotes, Markdown."""

from __future__ import annotations

import pytest

from communityrules.tables.reading import Refused
from communityrules.tables.sheets.model import Workbook
from communityrules.tables.sheets.opening import read_workbook

ZH = "编号,规则内容,适用对象\n1,每天发言不超过三条,全体成员\n2,禁止发布广告和无关链接,全体成员\n"
HK = "編號,規則內容,適用對象\n1,每天發言不超過三條,全體成員\n2,禁止發布廣告與無關連結,全體成員\n"


def read(text: str | bytes, name: str = "rules.csv") -> Workbook:
    return read_workbook(text.encode() if isinstance(text, str) else text, name)[0]


def grid(text: str | bytes, name: str = "rules.csv") -> list[list[str]]:
    (sheet,) = read(text, name).sheets
    return [[cell.shown for cell in row.cells.values()] for row in sheet.rows]


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (ZH, "utf-8", "UTF-8"), (ZH, "utf-8-sig", "UTF-8"), (ZH, "utf-16", "UTF-16"), (ZH, "utf-16-le", "UTF-16"),
        (ZH, "utf-16-be", "UTF-16"), (ZH, "utf-32", "UTF-32"), (ZH, "gb18030", "GB18030"), (ZH, "gbk", "GB18030"),
        (HK, "big5", "Big5"), (HK, "utf-8", "UTF-8"), (HK, "gb18030", "GB18030"),
        ("No.,Content\n1,No clichés or naïveté\n", "cp1252", "Windows-1252"),
    ],
)  # fmt: skip
def test_encodings_are_told_apart(text: str, encoding: str, said: str) -> None:
    workbook = read(text.encode(encoding))
    assert workbook.encoding == said
    assert [[cell.shown for cell in row.cells.values()] for row in workbook.sheets[0].rows] == [
        line.split(",") for line in text.splitlines()
    ]


@pytest.mark.parametrize("data", [b"a,b\n\x80\x81\xff\xfe\xff", b"a,b\n1\x00,2", b"\xff\xfea"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="CR788"):
        read(data)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("id;content\n1;be kind, please\n2;no adverts, ever\n", ";"),
        ("id\tcontent\n1\tbe kind, please\n", "\t"),
        ("id|content\n1|be kind, please\n", "|"),
        ("sep=;\nid;content\n1;be kind, please\n", ";"),
        ("编号\uff0c内容\n1\uff0c友善\n2\uff0c不发广告\n", "\uff0c"),
        ('id,content\n1,"a; b; c"\n2,"d; e; f"\n', ","),
    ],
)
def test_what_separates_columns_is_found(text: str, sign: str) -> None:
    workbook = read(text)
    assert workbook.delimiter == sign
    assert {len(row.cells) for row in workbook.sheets[0].rows} == {2}


def test_quotes_hold_separators_lines_and_quotes() -> None:
    text = 'id,content\r\n1,"one, two\r\nthree ""four"""\r\n"2", "spaced" \r\n'
    assert grid(text) == [["id", "content"], ["1", 'one, two\nthree "four"'], ["2", "spaced"]]


def test_a_quote_that_never_closes_loses_no_row() -> None:
    text = 'id,content\n1,"he said\n2,be kind\n3,a "quoted" word\n4,5" screens\n'
    assert [row[0] for row in grid(text)] == ["id", "1", "2", "3", "4"]


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    (sheet,) = read('id,content\n\n1,"two\nlines"\n,,\n2,b\n').sheets
    assert [row.number for row in sheet.rows] == [1, 3, 5]
    assert sheet.at("B3") == "rules!B3"


def test_tables_of_markdown() -> None:
    text = (
        "# Rules\n\nPlease read.\n\n| No. | Content |\n|:---|---:|\n| 1 | be **kind** \\| fair |\n| 2 | no"
        "<br>adverts\n\n"
        "```\n| no | table |\n|---|---|\n```\n## 处罚\n编号 | 内容\n--- | ---\n`1` | 警告\n"
    )
    first, second = read(text, "rules.md").sheets
    assert [(row.number, [cell.shown for cell in row.cells.values()]) for row in first.rows] == [
        (5, ["No.", "Content"]), (7, ["1", "be **kind** | fair"]), (8, ["2", "no\nadverts"]),
    ]  # fmt: skip
    assert (first.name, second.name) == ("Rules", "处罚")
    assert [cell.shown for cell in second.rows[1].cells.values()] == ["1", "警告"]


def test_a_table_of_markdown_is_known_by_its_look() -> None:
    assert read("| a | b |\n|---|---|\n| 1 | 2 |\n", "rules.txt").kind == "markdown"
    assert read("a,b\n1,2\n", "rules.txt").kind == "csv"
