"""Mistakes of people who do not program: what is told, where, and that the suggested fix mends it.

Refresh `mistakes.toml` by hand: each case says what a reader is told, so it is worth reading.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from books import look

from communityrules.diagnostics.message import Diagnostic

CASES = Path(__file__).parents[1] / "cases" / "checker"
BOOKS = {name: (CASES / f"club.{name}.rules").read_text(encoding="utf-8") for name in ("en", "zh")}
MISTAKES: list[dict[str, Any]] = tomllib.loads((CASES / "mistakes.toml").read_text(encoding="utf-8"))["case"]


def errors(text: str) -> list[Diagnostic]:
    return [one for one in look(text).diagnostics if one.severity == "error"]


def broken(case: dict[str, Any]) -> str:
    book = BOOKS[case["book"]]
    assert case["old"] in book
    return book.replace(case["old"], case["new"], 1)


def mended(text: str, found: list[Diagnostic]) -> str:
    edits = {(one.fix.span.start, one.fix.span.end, one.fix.replacement) for one in found if one.fix is not None}
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def name(case: dict[str, Any]) -> str:
    return f"{case['book']}: {case['new']}"


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_the_books_themselves_are_sound(book: str) -> None:
    assert errors(book) == []


@pytest.mark.parametrize("case", MISTAKES, ids=name)
def test_what_is_told(case: dict[str, Any]) -> None:
    found = errors(broken(case))
    assert [one.code for one in found] == case["codes"]
    assert found[0].span is not None
    assert found[0].span.text == case["mark"]


@pytest.mark.parametrize("case", [one for one in MISTAKES if one.get("mended")], ids=name)
def test_the_fix_mends_it(case: dict[str, Any]) -> None:
    text = broken(case)
    assert errors(mended(text, errors(text))) == []


@pytest.mark.parametrize("case", MISTAKES, ids=name)
def test_it_is_said_in_both_languages(case: dict[str, Any]) -> None:
    for one in errors(broken(case)):
        for language in ("en", "zh"):
            said = one.text(language) + one.hint(language)
            assert not re.search(r"\{\w+\}", said)
            assert not any("\ue000" <= letter <= "\ue003" for letter in said)
