"""Declarations of known shapes, built by filling in their moulds."""

from __future__ import annotations

from collections.abc import Callable
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
    """Builds the declarations of one source that have a mould."""

    def __init__(
        self, scan: Scan, layouts: Layouts, harmless: dict[str, str], is_harmless: Callable[[str], bool]
    ) -> None:
        """`harmless` are names that need no second look, by themselves; `is_harmless` looks at others, and adds
        those that need none."""
        self._text = scan.text
        self._source = scan.source
        self._values = scan.values
        self._take = layouts.take
        self._harmless = harmless
        self._is_harmless = is_harmless
        self._kinds = Kinds()
        self._numbers = Numbers()
        #: By shape.
        self.moulds: dict[str, Mould] = {}
        #: The declaration that stands from one place to another; None where it has no mould, or one of its names must
        #: be looked at. Nothing was changed then.
        self.build: Callable[[int, int], Any] = self.build_here
        module = native("moulds")
        if module is not None:
            self.build = module.builder(
                scan.text, scan.source, scan.values, layouts.pending, PLAIN, Span, harmless, is_harmless,
                self._kinds, self._numbers, self.moulds, _LIMITS,
            )  # fmt: skip

    def cut(self, start: int, end: int) -> Piece:
        """What stands there, cut into pieces."""
        return Piece(self._text, start, end, self._kinds)

    def build_here(self, start: int, end: int) -> Any:
        """What `build` gives, which the kernel does in C."""
        if end - start > shapes.LONGEST_TEXT:
            return None
        piece = self.cut(start, end)
        mould = self.moulds.get(piece.shape)
        if mould is None or not self._is_plain(mould, piece.places):
            return None
        return self._fill(mould, piece.places)

    def _is_plain(self, mould: Mould, places: list[int]) -> bool:
        """Whether no word in it has to be looked at twice."""
        numbers = memoryview(mould.names).cast("H").tolist()
        for first, end in zip(numbers[::2], numbers[1::2], strict=True):
            word = self._text[places[first] : places[end]]
            if len(word) > MAX_NAME or (word not in self._harmless and not self._is_harmless(word)):
                return False
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
