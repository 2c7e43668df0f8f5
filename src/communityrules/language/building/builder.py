"""The builder of a whole file, with the method for a cell handed in by the parser."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any, Literal

from communityrules.diagnostics.source import Span
from communityrules.language.building.tables import TableBuilder
from communityrules.language.scan import Scan
from communityrules.language.tree import Column, File, Header, Name, Text

#: Reads one cell: column, start, end.
CellReader = Callable[[Column | None, int, int], Any]


class Builder(TableBuilder):
    """Gets the children of a recognised rule, gives the node. One builder serves one parse at a time."""

    def begin(self, scan: Scan, read_cell: CellReader) -> None:
        """Make ready for one source."""
        self.prepare(scan)
        self._read_cell = read_cell

    def forget(self) -> None:
        super().forget()
        del self._read_cell

    def file(self, children: list[Any]) -> File:
        span = Span(self.scan.source, 0, len(self.scan.source.text))
        return File(tuple(children), self.layouts.trailing, span, self._spelling(children))

    def _spelling(self, children: list[Any]) -> Literal["en", "zh"]:
        """The spelling of most words that begin a line; where they balance, the language that the header names."""
        text = self.scan.text
        letters = sorted(text[first] for first in self.scan.firsts)
        chinese = len(letters) - bisect_right(letters, "\u2e80")
        english = bisect_right(letters, "z") - bisect_left(letters, "A")
        if chinese == english:
            entries = children[0].entries if children and isinstance(children[0], Header) else ()
            named = [one.value.text for one in entries if one.key == "language" and isinstance(one.value, Name)]
            return "zh" if named and named[0].startswith("zh") else "en"
        return "zh" if chinese > english else "en"

    def cell(self, children: list[Any]) -> Any:
        return children[0]

    def cell_id(self, children: list[Any]) -> Any:
        return children[0]

    def cell_name(self, children: list[Any]) -> Text:
        return self.quoted(children[0])

    def parse_cell(self, column: Column | None, start: int, end: int) -> Any:
        return self._read_cell(column, start, end)
