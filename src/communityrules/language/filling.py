"""Declarations of known shapes, and parts of them, built by filling in their moulds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from communityrules.diagnostics.source import Span
from communityrules.kernel import native
from communityrules.language import shapes
from communityrules.language.layout import Layouts
from communityrules.language.limits import MAX_DIGITS, MAX_NAME
from communityrules.language.moulds import Mould, Numbers, Step
from communityrules.language.scan import Scan
from communityrules.language.shapes import Kinds, Piece
from communityrules.language.tree import PLAIN

#: Letters of a quoted text, of a number and of a name that are not too many.
_LIMITS: Final = (shapes.LONG_TEXT, MAX_DIGITS, MAX_NAME)


class Filler:
    """Builds what has a mould, in one source."""

    def __init__(self, scan: Scan, layouts: Layouts, is_harmless: Callable[[str], bool]) -> None:
        """`is_harmless` looks at a name once more, whether it may be a misread word."""
        self._text = scan.text
        self._source = scan.source
        self._values = scan.values
        self._take = layouts.take
        self._is_harmless = is_harmless
        #: Names that need no second look, by themselves.
        self._harmless: dict[str, str] = {}
        self._kinds = Kinds()
        self._numbers = Numbers()
        #: What stands from one place to another, made by one of the moulds; None where none of them is of its shape,
        #: or one of its names must be looked at. Nothing was changed then.
        self.build: Callable[[int, int, Mapping[str, Mould]], Any] = self.build_here
        #: The shape of what stands there; None where it is too long to have a mould.
        self.shape: Callable[[int, int], str | None] = self.shape_here
        module = native("moulds")
        if module is not None:
            self.build = builder = module.builder(
                scan.text, scan.source, scan.values, layouts.pending, PLAIN, Span, self._harmless, is_harmless,
                self._kinds, self._numbers, _LIMITS,
            )  # fmt: skip
            self.shape = builder.shape

    def cut(self, start: int, end: int) -> Piece:
        """What stands there, cut into pieces."""
        return Piece(self._text, start, end, self._kinds)

    def shape_here(self, start: int, end: int) -> str | None:
        """What `shape` gives, which the kernel does in C."""
        piece = self.cut(start, end) if end - start <= shapes.LONGEST_TEXT else None
        return piece.shape if piece is not None and len(piece.pieces) <= shapes.LONGEST else None

    def build_here(self, start: int, end: int, moulds: Mapping[str, Mould]) -> Any:
        """What `build` gives, which the kernel does in C."""
        if end - start > shapes.LONGEST_TEXT:
            return None
        piece = self.cut(start, end)
        mould = moulds.get(piece.shape)
        if mould is None or not self._is_plain(mould, piece.places):
            return None
        return self._fill(mould, piece.places)

    def _is_plain(self, mould: Mould, places: list[int]) -> bool:
        """Whether no word in it has to be looked at twice."""
        numbers = memoryview(mould.names).cast("H").tolist()
        for first, end in zip(numbers[::2], numbers[1::2], strict=True):
            word = self._text[places[first] : places[end]]
            if word in self._harmless:
                continue
            if len(word) > MAX_NAME or not self._is_harmless(word):
                return False
            self._harmless[word] = word
        return True

    def _fill(self, mould: Mould, places: list[int]) -> Any:
        """What the steps of a mould give."""
        made: list[Any] = []
        spans: list[Span] = []
        steps = iter(memoryview(mould.steps).cast("H").tolist())
        for step, first, second in zip(steps, steps, steps, strict=True):
            if step == Step.SPAN:
                spans.append(Span(self._source, places[first], places[second]))
                made.append(spans[-1])
            elif step == Step.AGAIN:
                made.append(spans[first])
            elif step == Step.CONSTANT:
                made.append(mould.constants[first])
            elif step == Step.WRITTEN:
                word = self._text[places[first] : places[second]]
                made.append(self._harmless.get(word, word))
            elif step == Step.NUMBER:
                made.append(self._numbers[self._text[places[first] : places[second]]])
            elif step == Step.VALUE:
                made.append(self._values[places[first]])
            elif step == Step.LAYOUT:
                made.append(self._take(places[first]))
            else:
                # What was made last are the parts.
                begin = len(made) - second
                parts = tuple(made[begin:])
                made[begin:] = [parts if step == Step.TUPLE else mould.constants[first](*parts)]
        return made.pop()
