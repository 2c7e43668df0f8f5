"""After sheets were edited only what was edited changes in the rulebook."""

from __future__ import annotations

from typing import Literal

import pytest
from test_workbook import EVERYTHING, as_is

from communityrules.diagnostics.source import Source
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.tables.reading import Refused
from communityrules.tables.workbook.entering import enter
from communityrules.tables.workbook.grid import Workbook
from communityrules.tables.workbook.leaving import leave
from communityrules.tables.workbook.merging import Merged, merge

NAMES = LibraryNames()


def sheets(language: Literal["en", "zh"] = "zh") -> Workbook:
    return leave(parse(Source("book.rules", EVERYTHING))[0], NAMES, language)


def merged(workbook: Workbook, language: Literal["en", "zh"] = "zh") -> Merged:
    return merge(Source("book.rules", EVERYTHING), enter(as_is(workbook)), NAMES, language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sheets_that_nobody_edited_change_no_letter(language: Literal["en", "zh"]) -> None:
    found = merged(sheets(language), language)
    assert found.text == EVERYTHING
    assert (found.changed, found.added, found.removed) == ((), (), ())


def test_one_edited_cell_changes_one_declaration() -> None:
    workbook = sheets()
    rules = workbook.sheets[0]
    rules.rows[2][rules.columns.index("content")] = "版主认定的,以版主为准。"
    found = merged(workbook)
    assert found.changed == ("rule 第十五条",)
    assert (found.added, found.removed) == ((), ())
    changed = [line for line in found.difference(EVERYTHING, "book.rules") if line[:1] in "+-"][2:]
    assert any("版主认定的" in line for line in changed)
    kept = [line for line in EVERYTHING.splitlines() if line in found.text.splitlines()]
    assert len(kept) > len(EVERYTHING.splitlines()) - 8


def test_rows_come_and_go() -> None:
    workbook = sheets("en")
    rules = workbook.sheets[0]
    told = {"rule": "8", "name": "New", "content": "Be kind.", "modality": "must not", "on": "message"}
    told |= {"applies_to": "everyone", "effective": "immediately", "if": 'message.text contains "x"', "then": "delete"}
    rules.rows.insert(3, [told.get(one, "") for one in rules.columns])
    (lists,) = [one for one in workbook.sheets if one.kind == "lists"]
    lists.rows = [row for row in lists.rows if row[0] != "empty_handed"]
    lists.rows.insert(1, ["rude", "", "new word", ""])
    found = merged(workbook, "en")
    assert found.added == ("rule 8",)
    assert found.changed == ("list rude",)
    assert found.removed == ("list empty_handed",)
    assert found.text.index('rule "第十五条"') < found.text.index('rule 8 "New"') < found.text.index("rule 7 ")
    assert '"new word"' in found.text
    assert "empty_handed" not in found.text
    # What nobody touched stands there as it stood, comments and all.
    for line in ("# before the first", "  # the second time", "  # before its condition", "# the end"):
        assert line in found.text.splitlines()


def test_what_does_not_read_is_told_at_its_cell_and_not_merged() -> None:
    workbook = sheets("en")
    rules = workbook.sheets[0]
    rules.rows[0][rules.columns.index("if")] = "((("
    with pytest.raises(Refused) as raised:
        merged(workbook, "en")
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rules.columns.index("if")]
    assert {str(one.values["cell"]) for one in raised.value.diagnostics} == {f"Rules!{letter}2"}
