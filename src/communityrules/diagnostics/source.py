"""Where a message points: a source text and a span of it.

Offsets count Unicode code points from 0. Lines and columns, as people read them, count from 1; a column
counts code points, not bytes and not screen cells.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field

from communityrules.frozen import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A text with a name. Two sources are equal only when they are the same object."""

    name: str
    #: The whole text, line ends as `\n`.
    text: str
    _starts: list[int] = field(default_factory=list, repr=False)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column, both from 1, of a code-point offset."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of one line, counted from 1, without its line end."""
        starts = self._line_starts()
        start = starts[number - 1]
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def forget_lines(self) -> None:
        """Let go of where lines begin, which is found again when it is asked for."""
        self._starts.clear()

    def _line_starts(self) -> list[int]:
        if not self._starts:
            self._starts.append(0)
            found = self.text.find("\n")
            while found >= 0:
                self._starts.append(found + 1)
                found = self.text.find("\n", found + 1)
        return self._starts


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range `[start, end)` of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line, from 1, on which the span begins."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column, from 1, at which the span begins."""
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        """What the span covers."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the beginning of this one to the end of the other."""
        return Span(self.source, self.start, other.end)
