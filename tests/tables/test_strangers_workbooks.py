"""Workbooks of strangers, where they are at hand: the tables of rules among them import, and no row is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from communityrules.tables.reading import Refused
from communityrules.tables.sheets.reading import read_tables
from communityrules.tables.tabled import import_table
from communityrules.tables.writing import write

_FOLDER = Path(__file__).parents[3] / "shared" / "data" / "xlsx"
_FILES = sorted(_FOLDER.glob("*.*")) if _FOLDER.is_dir() else []
#: The length of this one is what a benchmark is for.
_LONG = "OWASP"


@pytest.mark.skipif(not _FILES, reason="the workbooks of strangers are not here")
def test_every_row_is_accounted_for_or_the_file_is_refused() -> None:
    imported = set()
    refused: list[str] = []
    for path in _FILES:
        try:
            tables = read_tables(path)
        except Refused as refusal:
            refused.append(refusal.diagnostic.code)
            continue
        imported.add(path.name)
        held = {(sheet.name, row.number) for sheet in tables.workbook.sheets for row in sheet.rows}
        assert held == tables.accounted()
        if _LONG in path.name:
            continue
        read = import_table(path.read_bytes(), path.name, None, "Test", None)
        made = write(read, read.file.spelling, "test.rules")
        assert [one for one in made.diagnostics if one.severity == "error"] == []
        assert made.rules > 0
    assert set(refused) == {"CR786"}
    assert imported >= {path.name for path in _FILES if path.name.startswith("ruletable_")}
