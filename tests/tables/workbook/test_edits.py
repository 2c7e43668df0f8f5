"""What people do to an exported workbook in a spreadsheet: only what they edited changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from difflib import unified_diff
from typing import Any, Literal

import pytest
from openpyxl import load_workbook
from test_workbook import EVERYTHING, tree_of

from communityrules.diagnostics.source import Source
from communityrules.language.parse import parse
from communityrules.language.printing.words import quoted
from communityrules.library.names import LibraryNames
from communityrules.tables.reading import Refused
from communityrules.tables.returned import entered_of, entered_of_folder, returned
from communityrules.tables.workbook.flat import write_csv
from communityrules.tables.workbook.heads import HEADS, TITLES
from communityrules.tables.workbook.leaving import leave
from communityrules.tables.workbook.markdown import write_markdown
from communityrules.tables.workbook.merging import Merged, merge
from communityrules.tables.workbook.updating import update_xlsx
from communityrules.tables.workbook.xlsx import write_xlsx

Language = Literal["en", "zh"]
NAMES = LibraryNames()
SOURCE = Source("book.rules", EVERYTHING)


class Page:
    """One sheet of an exported workbook, as a person finds their way in it."""

    def __init__(self, book: Any, kind: Any, language: Language) -> None:
        self.book = book
        self.kind, self.language = kind, language
        self.sheet = book[TITLES[kind].fill(language, {})]

    def column(self, name: str) -> int:
        head = HEADS[self.kind][name].fill(self.language, {})
        return [cell.value for cell in self.sheet[1]].index(head) + 1

    def row(self, id_: str) -> int:
        return next(n for n in range(2, self.sheet.max_row + 1) if str(self.sheet.cell(n, 1).value) == id_)

    def cell(self, id_: str, name: str) -> Any:
        return self.sheet.cell(self.row(id_), self.column(name))

    def head(self, name: str) -> Any:
        return self.sheet.cell(1, self.column(name))


def exported(text: str, language: Language) -> bytes:
    return write_xlsx(leave(parse(Source("book.rules", text))[0], NAMES, language))


def edited(edit: Callable[[Page], None], language: Language, kind: str = "rules") -> bytes:
    book = load_workbook(io.BytesIO(exported(EVERYTHING, language)))
    edit(Page(book, kind, language))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def brought_back(data: bytes) -> Merged:
    entered = entered_of(data, "book.xlsx")
    assert entered is not None
    return merge(SOURCE, entered, NAMES, entered.language)


def difference(found: Merged) -> list[str]:
    lines = unified_diff(EVERYTHING.splitlines(), found.text.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def rename(*names: str) -> Callable[[Page], None]:
    def edit(page: Page) -> None:
        for number, name in enumerate(names):
            page.head(name).value = f"Column of ours {number}"

    return edit


def translate(page: Page) -> None:
    other: Language = "en" if page.language == "zh" else "zh"
    for name in ("rule", "name", "content", "applies_to", "modality", "if", "then"):
        page.head(name).value = HEADS["rules"][name].fill(other, {})
    page.sheet.title = TITLES["rules"].fill(other, {})


def decorate(page: Page) -> None:
    page.head("rule").value = "ID"
    page.head("content").value = f"{page.head('content').value}(必填)"


def title(page: Page) -> None:
    page.sheet.insert_rows(1)
    page.sheet["A1"].value = "规则表 2025 草案"
    page.sheet.merge_cells("A1:F1")


def reorder(page: Page) -> None:
    rows = [[cell.value for cell in row] for row in page.sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), 2):
        for column, value in enumerate(row, 1):
            page.sheet.cell(number, column).value = value


def extra(page: Page) -> None:
    page.sheet.insert_cols(3)
    page.sheet.cell(1, 3).value = "Owner"
    page.sheet.cell(2, 3).value = "Li"
    page.sheet.cell(page.sheet.max_row + 3, 3).value = "a remark under the table"
    page.book.create_sheet("Minutes", 0).append(["October", "=1+1"])


def gone_column(page: Page) -> None:
    page.sheet.delete_cols(page.column("if"))


def gone_sheets(page: Page) -> None:
    for kind in ("lists", "tests"):
        del page.book[TITLES[kind].fill(page.language, {})]  # type: ignore[index]  # both are kinds


def merged_cells(page: Page) -> None:
    column = page.column("modality")
    page.sheet.cell(3, column).value = page.sheet.cell(2, column).value
    page.sheet.cell(4, column).value = page.sheet.cell(2, column).value
    page.sheet.merge_cells(start_row=2, end_row=2, start_column=2, end_column=2)
    page.cell("A-3", "modality").value = {"en": "must", "zh": "必须"}[page.language]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "edit",
    [rename("content", "then"), rename("if"), translate, decorate, title, reorder, extra, gone_column, gone_sheets,
     merged_cells],
    ids=["heads", "one head", "translated", "decorated", "title", "order", "extra", "no column", "no sheets", "merged"],
)  # fmt: skip
def test_what_is_no_edit_of_a_rule_changes_no_letter(edit: Callable[[Page], None], language: Language) -> None:
    data = edited(edit, language)
    assert brought_back(data).text == EVERYTHING
    # And the next export onto it says the same, with what is theirs.
    again = update_xlsx(leave(parse(SOURCE)[0], NAMES, language), data)
    assert brought_back(again).text == EVERYTHING


def test_what_was_taken_for_something_is_said() -> None:
    notes = [one.en for one in brought_back(edited(rename("then"), "en")).notes]
    assert notes == ["`Rules`: the column `Column of ours 0` is taken for `Then`, whose cells it has"]
    assert any("`If` is gone" in one.en for one in brought_back(edited(gone_column, "en")).notes)
    assert any("`Lists` is gone" in one.en for one in brought_back(edited(gone_sheets, "en")).notes)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_edited_clause_changes_its_line_alone(language: Language) -> None:
    def edit(page: Page) -> None:
        page.cell("001", "then").value = {"en": "delete", "zh": "删除"}[language]

    assert difference(brought_back(edited(edit, language))) == ["-  then delete, penalty ladder", "+  then delete"]


def test_clauses_come_and_go_on_lines_of_their_own() -> None:
    def edit(page: Page) -> None:
        page.cell("001", "in").value = None
        page.cell("001", "cooldown").value = "2 hours"
        page.cell("A-3", "require").value = "reply within 24 hours, if late escalate to staff"
        page.cell("第十五条", "name").value = "认定与处罚"

    assert difference(brought_back(edited(edit, "en"))) == [
        "-  in lobby",
        "+  cooldown 2 hours",
        "-  require resolved within 7 days, if late escalate to staff",
        '-rule "第十五条" "认定"',
        '+rule 第十五条 "认定与处罚"',
    ]


def test_a_row_without_a_name_goes_on_with_the_list_above() -> None:
    def edit(page: Page) -> None:
        page.sheet.insert_rows(3)
        page.sheet.cell(3, page.column("word")).value = "new word"

    found = brought_back(edited(edit, "zh", "lists"))
    assert found.changed == ("list rude",)
    assert '"shut up", "new word", "=cmd' in found.text


@pytest.mark.parametrize(
    ("kind", "edit", "code", "said"),
    [
        ("tests", lambda page: setattr(page.sheet["A2"], "value", None), "CR793", "`Tests!A2`"),
        ("rules", lambda page: page.book.remove(page.book["care"]), "CR793", "rule table `care`"),
        ("rules", lambda page: setattr(page.cell("001", "if"), "value", "((("), "CR793", "`Rules!J2`"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_cell(kind: str, edit: Any, code: str, said: str) -> None:
    entered = entered_of(edited(edit, "en", kind), "book.xlsx")
    assert entered is not None
    if "care" in said:
        # Onto its rulebook the table stays; alone, nothing knows what it held.
        assert brought_back(edited(edit, "en", kind)).text == EVERYTHING
    with pytest.raises(Refused) as raised:
        returned(entered, "book.xlsx")
    assert raised.value.diagnostics[0].code == code
    assert said in raised.value.diagnostics[0].text("en")


def test_a_sheet_without_the_column_that_it_is_about_is_refused() -> None:
    def edit(page: Page) -> None:
        page.head("name").value = "Words"

    entered = entered_of(edited(edit, "en", "lists"), "book.xlsx")
    assert entered is not None
    assert [one.code for one in entered.problems] == ["CR794"]
    # Beside its rulebook it is known by what it holds.
    assert brought_back(edited(edit, "en", "lists")).text == EVERYTHING


ODD: Sequence[str] = (
    "=1+1", "+86", "-x", "@all", "'=a", "_x0041_", "_x005F_", "a\x07b", "\x01", "x\x0b\x0c", "\x1c\x1e", "a\x85b",
    "a\u2028b", "\ufeffx", "\ufffe", "`code`", "a|b", "<br>", "*b*", "_i_", "&amp;", "# h", "[l](u)", "~~s~~", "a\\",
    "“q”", "--- | ---", "a\u200bb", "😀" * 50, "table x", "001", "1e5", "TRUE", "2024-10-04", "|", "\u3000x",
    "---------",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_odd_texts_ids_and_signs_survive_every_kind_of_file(language: Language) -> None:
    rules = "".join(
        f'\nrule {index}.10 {quoted(text)}\n  content {quoted(text)}\n  must not\n  on message\n'
        f"  if message.text contains {quoted(text)}\n  then flag\n"
        for index, text in enumerate(one + "q" for one in ODD)
    )  # fmt: skip
    text = (
        'rulebook "= odd | q"\n  version "001"\n\n# a \x07bell _x0041_ | <br> `x`\n'
        f"list odd = {', '.join(map(quoted, ODD))}\n{rules}\n"
        'rule 0010\n  must not\n  on message\n  if message.text contains any of odd\n  then delete\n'
    )  # fmt: skip
    file, digest = tree_of(text)
    workbook = leave(file, NAMES, language)
    ways = [
        entered_of(write_xlsx(workbook), "x.xlsx"), entered_of(write_markdown(workbook), "x.md"),
        entered_of_folder(write_csv(workbook)),
    ]  # fmt: skip
    for entered in ways:
        assert entered is not None
        assert not entered.problems
        assert tree_of(entered.text)[1] == digest


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_folder_saved_in_another_country_comes_back(delimiter: str) -> None:
    files = {}
    for name, data in write_csv(leave(parse(SOURCE)[0], NAMES, "zh")).items():
        out = io.StringIO()
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        csv.writer(out, delimiter=delimiter).writerows(rows)
        files[name] = out.getvalue().encode("gb18030")
    entered = entered_of_folder(files)
    assert entered is not None
    assert tree_of(entered.text)[1] == tree_of(EVERYTHING)[1]
