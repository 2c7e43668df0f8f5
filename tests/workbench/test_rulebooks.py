"""Whole rulebooks whose own tests say what must happen; they mean the same in either spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from communityrules.checker import checked
from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.language.keywords import Language
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.library.table import STANDARD
from communityrules.workbench.testing import run_tests

BOOKS = sorted((Path(__file__).parents[1] / "cases" / "rulebooks").glob("*.rules"))
BOTH: dict[Language, Language] = {"en": "zh", "zh": "en"}


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8").replace("\r\n", "\n")


def laid_out(text: str, to: Language) -> str:
    file, diagnostics = parse(Source("book.rules", text))
    assert not diagnostics
    return format_file(file, LibraryNames(), to)


def rulebook(text: str) -> checked.Rulebook:
    result = check(Source("book.rules", text))
    assert result.rulebook is not None, [(one.code, one.text()) for one in result.diagnostics]
    return result.rulebook


def failures(book: checked.Rulebook) -> list[tuple[str, object]]:
    return [(one.test.name.value, failure) for one in run_tests(book, STANDARD).results for failure in one.failures]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_what_the_book_says_happens(path: Path) -> None:
    assert failures(rulebook(read(path))) == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_the_other_spelling_is_the_same_book(path: Path) -> None:
    language: Language = "zh" if path.stem.endswith(".zh") else "en"
    own = laid_out(read(path), language)
    other = laid_out(own, BOTH[language])
    assert laid_out(own, language) == own
    assert laid_out(other, language) == own
    assert rulebook(other).digest == rulebook(own).digest == rulebook(read(path)).digest
    assert failures(rulebook(other)) == []
