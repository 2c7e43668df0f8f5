"""From source to syntax tree, with every syntax error found on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.language.tree import File

if TYPE_CHECKING:
    from communityrules.language.reader import Reader


def parse(source: Source) -> tuple[File, list[Diagnostic]]:
    """The tree of a source and its syntax errors, sorted by place.

    Never raises for what a source holds. When there are errors the tree lacks the items that could not be read.
    The first call of a process reads the grammar's table, which takes a few milliseconds.
    """
    return _reader(source).read()


def parse_asking(source: Source) -> tuple[File, list[Diagnostic], frozenset[str] | None]:
    """The same, with the words of which it was asked whether they stand anywhere else in the source: only these make
    the parts of a source depend on each other. None when there were too many."""
    reader = _reader(source)
    return *reader.read(), reader.asked


def _reader(source: Source) -> Reader:
    # The parser is loaded with the first parse: importing the package stays cheap.
    from communityrules.language.reader import Reader

    return Reader(source)
