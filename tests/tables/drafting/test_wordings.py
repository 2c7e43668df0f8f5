"""Many wordings and what is drafted of each: the files of `tests/cases/drafting`."""

from __future__ import annotations

from pathlib import Path

import pytest
from drafts import summary

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.library.names import LibraryNames
from communityrules.library.registry import standard_library
from communityrules.tables.drafting.draft import draft_rule
from communityrules.tables.drafting.tabling import Row, draft_table

CASES = Path(__file__).parents[2] / "cases" / "drafting"
FILES = sorted(CASES.glob("*.txt"))


def cases(file: Path) -> list[tuple[str, str]]:
    lines = [one for one in file.read_text(encoding="utf-8").splitlines() if one and not one.startswith("#")]
    return [(words.strip(), says.strip()) for words, says in zip(lines[::2], lines[1::2], strict=True)]


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.stem)
def test_every_wording_is_drafted_as_it_says(file: Path) -> None:
    wrong = []
    for words, says in cases(file):
        drafted = summary(draft_rule("1", "", words))
        if drafted != says:
            wrong.append(f"{words}\n  wanted {says}\n  found  {drafted}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.stem)
def test_what_is_drafted_passes_check(file: Path) -> None:
    rows = [Row(str(number), "", words) for number, (words, _) in enumerate(cases(file), start=1)]
    for language in ("zh", "en"):
        draft = draft_table(rows, language)
        text = format_file(draft.file, LibraryNames(), language)
        report = check(Source("drafted.rules", text), library=standard_library())
        assert [one.text("en") for one in report.diagnostics if one.severity == "error"] == []
