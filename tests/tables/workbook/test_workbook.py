"""A rulebook written as sheets gives the same rulebook again, whatever kind of file holds the sheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import pytest
from openpyxl import load_workbook

from communityrules.checker.check import check
from communityrules.checker.files import folder_reader
from communityrules.cli.fmt import imported_names
from communityrules.diagnostics.message import RulesError
from communityrules.diagnostics.source import Source
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.tables.workbook.entering import enter, is_workbook
from communityrules.tables.workbook.flat import guard, unguard, write_csv
from communityrules.tables.workbook.grid import Raw, Workbook
from communityrules.tables.workbook.grid import raw as as_is
from communityrules.tables.workbook.leaving import leave, plain
from communityrules.tables.workbook.markdown import read_markdown, write_markdown
from communityrules.tables.workbook.xlsx import unescaped, write_xlsx

ROOT = Path(__file__).parents[3]
BOOKS = sorted([
    *ROOT.glob("examples/*/*.rules"), *ROOT.glob("tests/engine/*.rules"), *ROOT.glob("tests/cli/data/club.rules"),
    *ROOT.glob("src/communityrules/packs/**/*.rules"), *ROOT.parent.glob("shared/language/tour.*.rules"),
])  # fmt: skip
LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")

#: One of everything that a sheet has to hold.
EVERYTHING = """\
# A rulebook for tests
rulebook "Book club"
  version "2"
  timezone Asia/Shanghai
  published 2024-10-04
  purpose "Read | together"

member (level: number)
event trade (amount: number, kind: text)
group seniors as member.level >= 3
place lobby = "general", "lounge"
# words that are =rude
list rude = "shut up", "=cmd|' /C calc'!A0", "@all", "-1", "+86", "“quoted”", " padded ", "a\\nb"
list empty_handed exactly = "X"
pattern shouting = /[A-Z]{8,}/
parameter most = 3, 5 from 2025-01-01
define loud as message.text matches shouting
metric daily as count(message by member today)
state mood = calm, tense

penalty ladder over 30 days
  1st: warn
  # the second time
  2nd: mute 1 day
  then on: ban forever
  appeal once to staff within 7 days

# before the first
rule 001 "Quiet, please"  # after its head
  content "Nobody shouts; \\"really\\"."
  must not
  applies to everyone except staff
  effective from 2024-10-04 through 2030-12-31
  in lobby
  on message, edit
  # before its condition
  if loud or message.text contains any of rude
  then delete, penalty ladder

rule A-3
  must
  effective immediately
  on feedback
  require reply within 24 hours, if late escalate to staff
  require resolved within 7 days, if late escalate to staff
  responsible staff
  cooldown 1 hour
  review by 2030-01-01

rule "第十五条" "认定"
  must not
  applies to everyone
  then warn
  found by staff

rule 7 "=1+1"
  should
  on message
  if daily > most
  then remind
  trial through 2025-06-01

table care on message, first match
  | rule | name  | if                              | then             |
  | C-1  | "Ask" | message.text contains "money" | notify staff |
  | C-2  | "a\\|b" | otherwise                     | flag             |

amend rule 7 from 2025-03-01
  content "More."
  if daily > 9

repeal rule A-3 from 2026-01-01

test "Shouting"
  2024-10-08
  # a comment
  given bob (level: 1)
  10:00 bob message "SHUT UP NOW"  # loud
  10:01 bob message "GOODMORNING ALL" (place: "general")  expect delete
# the end
"""


def tree_of(text: str, folder: Path = ROOT):  # type: ignore[no-untyped-def]  # a pair of the checker's own types
    result = check(Source("book.rules", text), read=folder_reader(folder))
    assert result.rulebook is not None, [one.text("en") for one in result.diagnostics]
    return parse(Source("book.rules", text))[0], result.rulebook.digest


def through_xlsx(workbook: Workbook) -> list[Raw]:
    book = load_workbook(io.BytesIO(write_xlsx(workbook)))
    sheets: list[Raw] = []
    for page in book.worksheets:
        rows: list[Sequence[str]] = []
        for row in page.iter_rows():
            assert all(cell.data_type in ("s", "n") for cell in row), "a cell that is more than a text"
            rows.append(["" if cell.value is None else unescaped(str(cell.value)) for cell in row])
        sheets.append((page.title, rows))
    return sheets


def through_csv(workbook: Workbook) -> list[Raw]:
    files: Mapping[str, bytes] = write_csv(workbook)
    return [
        (
            name.removesuffix(".csv"),
            [[unguard(one) for one in row] for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))],
        )
        for name, data in files.items()
    ]


def through_markdown(workbook: Workbook) -> list[Raw]:
    return read_markdown(write_markdown(workbook).decode())


WAYS: dict[str, Callable[[Workbook], list[Raw]]] = {
    "as is": as_is, "xlsx": through_xlsx, "csv": through_csv, "markdown": through_markdown,
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
def test_everything_comes_back(way: str, language: Literal["en", "zh"]) -> None:
    file, digest = tree_of(EVERYTHING)
    sheets = WAYS[way](leave(file, LibraryNames(), language))
    assert is_workbook(sheets)
    entered = enter(sheets)
    again, same = tree_of(entered.text)
    assert same == digest
    assert len(entered.cells) == len(entered.lines)
    for comment in ("A rulebook for tests", "words that are =rude", "before the first", "after its head", "a comment"):
        assert f"# {comment}" in entered.text
    # And once more: what came back is written as it was.
    assert (
        leave(again, LibraryNames(), language).sheets
        == leave(tree_of(enter(sheets).text)[0], LibraryNames(), language).sheets
    )


@pytest.mark.parametrize(
    ("book", "language"),
    [
        pytest.param(book, language, id=f"{book.parent.name}-{book.name}-{language}")
        for book in BOOKS
        for language in LANGUAGES
        # Of the cookbook's twins each goes under the heads of its own language: the other way shows nothing new.
        if book.parent.name != "cookbook" or (language == "zh") == book.name.endswith(".zh.rules")
    ],
)
def test_examples_come_back(book: Path, language: Literal["en", "zh"]) -> None:
    text = book.read_text(encoding="utf-8")
    file, digest = tree_of(text, book.parent)
    names = imported_names(str(book), Source(str(book), text), file)
    for way in WAYS.values():
        entered = enter(way(leave(file, LibraryNames(), language, names)))
        assert tree_of(entered.text, book.parent)[1] == digest


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "'=1", "''=1", "'x", "\t=x", "x", "'", "", "''", "'+", "\r\n", "=", "'@'"]
)
def test_guarded_texts_are_no_formulas_and_come_back(text: str) -> None:
    assert guard(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert unguard(guard(text)) == text


def test_the_five_columns_come_first_in_both_languages() -> None:
    file, _ = tree_of(EVERYTHING)
    assert leave(file, LibraryNames(), "zh").sheets[0].heads[:5] == [
        "规则编号", "规则名称", "规则内容", "适用对象", "实施时间",
    ]  # fmt: skip
    assert leave(file, LibraryNames(), "en").sheets[0].heads[:5] == [
        "No.",
        "Name",
        "Content",
        "Applies to",
        "Effective",
    ]


def test_what_a_person_typed_wrong_is_told_at_its_cell() -> None:
    file, _ = tree_of(EVERYTHING)
    workbook = leave(file, LibraryNames(), "en")
    rules = workbook.sheets[0]
    rules.rows[0][rules.columns.index("if")] = 'message.text contans "x"'
    entered = enter(as_is(workbook))
    result = check(Source("book.rules", entered.text))
    (error,) = [one for one in result.diagnostics if one.severity == "error"]
    assert error.span is not None
    line = entered.text[: error.span.start].count("\n")
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rules.columns.index("if")]
    assert str(entered.cells[line]) == f"Rules!{letter}2"


def test_a_day_may_stand_alone_and_a_new_row_is_a_new_rule() -> None:
    file, _ = tree_of(EVERYTHING)
    workbook = leave(file, LibraryNames(), "zh")
    rules = workbook.sheets[0]
    told = {"rule": "20", "name": "新规则", "content": "说话算数。", "effective": "2025年3月1日", "modality": "禁止"}
    told |= {"on": "消息", "if": '消息.文本 包含 "x"', "then": "删除"}
    rules.rows.append([told.get(one, "") for one in rules.columns])
    again, _ = tree_of(enter(as_is(workbook)).text)
    assert any(getattr(one, "id", None) is not None and one.id.text == "20" for one in again.declarations)


def test_sheets_and_columns_that_are_not_ours_change_nothing() -> None:
    file, digest = tree_of(EVERYTHING)
    sheets = as_is(leave(file, LibraryNames(), "en"))
    title, rows = sheets[0]
    sheets[0] = (title, [[row[0], "who asked", *row[1:]] for row in rows])
    sheets.insert(0, ("Remarks", [["By", "Remark"], ["Li", "Ask Wang"]]))
    entered = enter(sheets)
    assert tree_of(entered.text)[1] == digest
    assert entered.foreign == ["Remarks"]


def test_texts_stand_without_quotes_where_they_can() -> None:
    assert plain("Nobody shouts.") == "Nobody shouts."
    for odd in ("", " x", "x ", '"x"', "“x”", "a\nb", "\u200b"):
        assert plain(odd) != odd


def test_markdown_has_every_sheet_and_row() -> None:
    file, _ = tree_of(EVERYTHING)
    workbook = leave(file, LibraryNames(), "en")
    text = write_markdown(workbook).decode()
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == [one.title for one in workbook.sheets]
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == sum(len(one.rows) + 2 for one in workbook.sheets)


def test_a_cell_that_excel_would_cut_is_refused() -> None:
    file, _ = tree_of(EVERYTHING)
    workbook = leave(file, LibraryNames(), "en")
    workbook.sheets[0].rows[0][2] = "x" * 32_768
    with pytest.raises(RulesError) as raised:
        write_xlsx(workbook)
    assert [one.code for one in raised.value.diagnostics] == ["CR791"]
