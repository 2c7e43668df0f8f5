"""Ten ways to break a rulebook, in both languages: each gets its code at its place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from communityrules.checker.check import check
from communityrules.checker.files import folder_reader, read_file
from communityrules.diagnostics.source import Source

CASES = Path(__file__).parents[1] / "cases" / "checker"
TOURS = Path(__file__).parents[3] / "shared" / "language"
BROKEN: list[dict[str, Any]] = tomllib.loads((CASES / "broken.toml").read_text(encoding="utf-8"))["case"]


def file_of(book: str, language: str) -> Path:
    return CASES / f"market.{language}.rules" if book == "market" else TOURS / f"tour.{language}.rules"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("book", ["market", "tour"])
def test_the_unbroken_rulebook_gets_nothing(book: str, language: str) -> None:
    path = file_of(book, language)
    if not path.exists():
        pytest.skip("the tours are not here")
    result = check(read_file(path), read=folder_reader(path.parent))
    assert [(one.code, one.text()) for one in result.diagnostics] == []
    assert result.rulebook is not None


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("book", ["market", "tour"])
@pytest.mark.parametrize("case", BROKEN, ids=[one["name"] for one in BROKEN])
def test_a_broken_rulebook_gets_its_code_at_its_place(case: dict[str, Any], book: str, language: str) -> None:
    path = file_of(book, language)
    if not path.exists():
        pytest.skip("the tours are not here")
    change = case[book][language]
    text = path.read_text(encoding="utf-8")
    assert change["old"] in text
    broken = text.replace(change["old"], change["new"], 1)
    result = check(Source("broken.rules", broken), read=folder_reader(path.parent))
    assert result.rulebook is None
    errors = [one for one in result.diagnostics if one.severity == "error"]
    assert [one.code for one in errors] == [case["code"]]
    assert errors[0].span is not None
    assert errors[0].span.start == broken.index(change["mark"])
    for words in ("en", "zh"):
        assert errors[0].text(words)
        assert errors[0].hint(words)
