"""What came into the rulebook after an export is kept when the old sheets come back; what a person took out goes."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from communityrules.diagnostics.source import Source
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.tables.returned import entered_of, entered_of_folder
from communityrules.tables.workbook.entering import Entered
from communityrules.tables.workbook.flat import write_csv
from communityrules.tables.workbook.grid import Workbook
from communityrules.tables.workbook.held import HELD
from communityrules.tables.workbook.leaving import leave
from communityrules.tables.workbook.markdown import write_markdown
from communityrules.tables.workbook.merging import Merged, merge
from communityrules.tables.workbook.updating import update_xlsx
from communityrules.tables.workbook.xlsx import write_xlsx

NAMES = LibraryNames()
BOOK = """\
rulebook "Reading circle"
  version "1"

list swaps = "swap", "trade"

rule 1 "No swaps"
  content "No swaps here."
  must not
  on message
  if message.text contains any of swaps
  then delete

rule 2 "Kindness"
  content "Be kind."
  must
  found by staff

table plans
  | rule | name | if | then |
  | 10 | "Fire" | message.text contains "fire" | notify staff |
  | 11 | "Flood" | message.text contains "flood" | notify staff |
"""
ADDED_RULE = '\nrule 3 "No calls at night"\n  content "Nobody is called at night."\n  must not\n  found by staff\n'
ADDED_LIST = '\nlist shops = "shop"\n'
ADDED_ROW = '  | 12 | "Storm" | message.text contains "storm" | notify staff |\n'
SINCE = BOOK.replace("\ntable plans", ADDED_LIST + ADDED_RULE + "\ntable plans") + ADDED_ROW


def sheets_of(text: str) -> Workbook:
    return leave(parse(Source("book.rules", text))[0], NAMES, "en")


def through_xlsx(workbook: Workbook) -> Entered | None:
    return entered_of(write_xlsx(workbook), "book.xlsx")


def through_csv(workbook: Workbook) -> Entered | None:
    return entered_of_folder(write_csv(workbook))


def through_markdown(workbook: Workbook) -> Entered | None:
    return entered_of(write_markdown(workbook), "book.md")


def merged(book: str, entered: Entered | None) -> Merged:
    assert entered is not None
    return merge(Source("book.rules", book), entered, NAMES, "en")


@pytest.mark.parametrize("way", [through_xlsx, through_csv, through_markdown])
def test_what_was_added_since_the_export_stays(way: Callable[[Workbook], Entered | None]) -> None:
    found = merged(SINCE, way(sheets_of(BOOK)))
    assert found.text == SINCE
    assert not found.removed
    told = " ".join(note.en for note in found.notes)
    assert "rule 3" in told
    assert "list shops" in told
    assert "rule 12" in told


def test_what_a_person_takes_out_goes() -> None:
    workbook = sheets_of(BOOK)
    rules = next(one for one in workbook.sheets if one.kind == "rules")
    rules.rows[:] = [row for row in rules.rows if row[0] != "2"]
    found = merged(SINCE, through_xlsx(workbook))
    assert found.removed == ("rule 2",)
    assert "Be kind." not in found.text
    assert "Nobody is called at night." in found.text
    assert any(line.startswith("-rule 2") for line in found.difference(SINCE, "book.rules"))


def test_a_row_of_a_table_that_a_person_takes_out_goes() -> None:
    workbook = sheets_of(BOOK)
    table = next(one for one in workbook.sheets if one.kind == "table")
    table.rows[:] = [row for row in table.rows if row[0] != "10"]
    found = merged(SINCE, through_xlsx(workbook))
    assert "Fire" not in found.text
    assert found.text.index("Flood") < found.text.index("Storm")


def test_sheets_that_do_not_say_what_they_held_are_taken_as_all_there_is() -> None:
    workbook = sheets_of(BOOK)
    about = next(one for one in workbook.sheets if one.kind == "about")
    about.rows[:] = [row for row in about.rows if row[0] != HELD.en]
    assert set(merged(SINCE, through_xlsx(workbook)).removed) == {"list shops", "rule 3"}


def test_an_export_over_the_old_workbook_holds_what_was_added() -> None:
    entered = entered_of(update_xlsx(sheets_of(SINCE), write_xlsx(sheets_of(BOOK))), "book.xlsx")
    assert merged(SINCE, entered).text == SINCE
    rules = merged(SINCE.replace(ADDED_RULE, ""), entered)
    assert rules.added == ("rule 3",)


def test_nobody_sees_what_the_sheets_held() -> None:
    for data in (write_xlsx(sheets_of(BOOK)), update_xlsx(sheets_of(SINCE), write_xlsx(sheets_of(BOOK)))):
        page = load_workbook(io.BytesIO(data))["Rulebook"]
        rows = [number for number in range(1, page.max_row + 1) if page.cell(number, 1).value == HELD.en]
        assert rows
        assert all(page.row_dimensions[number].hidden for number in rows)


def test_thousands_of_rules_fit_into_cells() -> None:
    rules = "".join(f'rule {n}\n  content "Rule {n}."\n  must\n  found by staff\n\n' for n in range(3_000))
    workbook = sheets_of('rulebook "Many"\n\n' + rules)
    about = next(one for one in workbook.sheets if one.kind == "about")
    assert all(len(cell) < 10_000 for row in about.rows for cell in row)
