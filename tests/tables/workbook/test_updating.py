"""A workbook that people work in keeps what is theirs when the rulebook is exported onto it again."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from test_workbook import EVERYTHING, tree_of

from communityrules.diagnostics.source import Source
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.tables.workbook.entering import enter
from communityrules.tables.workbook.leaving import leave
from communityrules.tables.workbook.updating import update_xlsx
from communityrules.tables.workbook.xlsx import write_xlsx


def workbook_of(text: str) -> Any:
    return leave(parse(Source("book.rules", text))[0], LibraryNames(), "zh")


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows(page: Any) -> list[list[str]]:
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in page.iter_rows()]


def edited() -> bytes:
    """The export with a column, a colour, a remark and a sheet of a person's own."""
    book = opened(write_xlsx(workbook_of(EVERYTHING)))
    page = book["规则"]
    page.insert_cols(3)
    page.cell(1, 3).value = "谁提的"
    for number in range(2, page.max_row + 1):
        page.cell(number, 3).value = f"提出人 {page.cell(number, 1).value}"
    page["A3"].fill = PatternFill("solid", fgColor="FFFF00")
    page["B3"].comment = Comment("再议", "李")
    book.create_sheet("会议记录").append(["十月", "讨论"])
    return saved(book)


def test_nothing_new_changes_nothing_of_theirs_and_gives_the_same_rulebook() -> None:
    before = opened(edited())
    after = opened(update_xlsx(workbook_of(EVERYTHING), edited()))
    assert after.sheetnames == before.sheetnames
    for name in before.sheetnames:
        assert rows(after[name]) == rows(before[name]), name
    digest = tree_of(EVERYTHING)[1]
    assert tree_of(enter([(page.title, rows(page)) for page in after.worksheets]).text)[1] == digest


def test_what_is_theirs_goes_with_its_row() -> None:
    new = 'rule 000 "First"\n  must not\n  on message\n  if message.text contains "q"\n  then delete\n\n'
    changed = EVERYTHING.replace("# before the first\n", f"{new}# before the first\n")
    changed = changed.replace('content "Nobody shouts;', 'content "No shouting;')
    changed = changed.replace('list empty_handed exactly = "X"\n', "")
    page = opened(update_xlsx(workbook_of(changed), edited()))["规则"]
    by_id = {str(page.cell(number, 1).value): number for number in range(page.max_row, 1, -1)}
    assert page.cell(by_id["000"], 3).value is None
    assert page.cell(by_id["001"], 3).value == "提出人 001"
    assert page.cell(by_id["A-3"], 3).value == "提出人 A-3"
    assert page.cell(by_id["A-3"], 1).fill.fgColor.rgb == "00FFFF00"
    assert page.cell(by_id["A-3"], 2).comment.text == "再议"
    assert str(page.cell(by_id["001"], 4).value).startswith("No shouting;")
    book = opened(update_xlsx(workbook_of(changed), edited()))
    entered = enter([(one.title, rows(one)) for one in book.worksheets])
    assert tree_of(entered.text)[1] == tree_of(changed)[1]
    assert entered.foreign == ["会议记录"]


def test_rows_that_are_gone_leave_none_behind() -> None:
    fewer = EVERYTHING[: EVERYTHING.index("rule 7 ")] + EVERYTHING[EVERYTHING.index("test ") :]
    fewer = fewer.replace("repeal rule A-3", "# repeal rule A-3")
    book = opened(update_xlsx(workbook_of(fewer), edited()))
    assert "care" not in book.sheetnames
    assert [row[0] for row in rows(book["规则"])][1:] == ["001", "A-3", "第十五条"]
