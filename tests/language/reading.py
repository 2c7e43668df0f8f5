"""Short ways to read rulebooks in tests."""

from __future__ import annotations

from pathlib import Path

from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.language.parse import parse
from communityrules.language.tree import File

CASES = Path(__file__).parent.parent / "cases" / "language"
#: The tours live beside a checkout, not in it.
TOURS = Path(__file__).parents[3] / "shared" / "language"


def read(text: str, name: str = "test.rules") -> File:
    """The tree of a text without syntax errors."""
    file, problems = parse(Source(name, text))
    assert not problems, [(one.code, one.span.text if one.span else "", one.text()) for one in problems]
    return file


def errors(text: str) -> list[Diagnostic]:
    return parse(Source("test.rules", text))[1]


def codes(text: str) -> list[str]:
    return [one.code for one in errors(text)]


def case(name: str) -> str:
    return (CASES / name).read_text(encoding="utf-8")
