"""Moulds: the trees of all declarations of one shape, with blanks for the names, numbers and texts in them.

A mould is made of a tree that the parser built, and of the pieces that its shape is made of. Of every part of the tree
it says how the pieces of another declaration give it: a place, a name, a number, the value of a text. What is left is
the same in all of them. That holds only when nothing else in the tree was made of a piece that may differ, so a mould
is kept only if each of those has a blank of its own.
"""

from __future__ import annotations

import dataclasses
import marshal
import re
from array import array
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from communityrules.diagnostics.source import Span
from communityrules.language import shapes, tree
from communityrules.language.limits import EXACT
from communityrules.language.scan import LINE_MARK, Scan
from communityrules.language.shapes import Piece
from communityrules.language.token import Token


class Step:
    """What a step does: it leaves one value on a stack. Each is three numbers: this, and two that say of what."""

    #: The constant of that number.
    CONSTANT: Final = 0
    #: A place, from one piece to another.
    SPAN: Final = 1
    #: The place that was given after so many others.
    AGAIN: Final = 2
    #: What is written from one piece to another, as it stands or as a number.
    WRITTEN: Final = 3
    NUMBER: Final = 4
    #: The value of the text or the pattern that a piece is.
    VALUE: Final = 5
    #: The layout of what begins with a piece.
    LAYOUT: Final = 6
    #: A tuple, or a node of the class of that number, of so many of the last values, which it takes off the stack.
    TUPLE: Final = 7
    NODE: Final = 8


#: Tokens that may be misread words.
LOOKED_AT: Final = frozenset({"NAME", "RULE_ID"})
_NAMES: Final = frozenset({shapes.A_NAME, shapes.A_HAN_NAME})
#: What differs between declarations of one shape.
_BLANKS: Final = _NAMES | {shapes.A_NUMBER, shapes.A_SIGN, shapes.A_TEXT, shapes.A_REGEX}
#: Nodes that say what is written where they stand.
_WRITTEN: Final = (tree.Name, tree.RuleId)
_DIGITS: Final = re.compile(r"(-[ \t]*)?([0-9]+(?:\.[0-9]+)?)[ \t]*(%?)")


class Mould(NamedTuple):
    """How to build the declarations of one shape."""

    #: The steps, as 16-bit numbers.
    steps: bytes
    #: The classes of nodes and what else is the same everywhere.
    constants: tuple[Any, ...]
    #: The first piece of each word that may be misread, and the one after its last, as 16-bit numbers.
    names: bytes


class Part(NamedTuple):
    """What is made of a part of a declaration, and what the parser must know to go on behind it."""

    node: Any
    #: Its state there.
    state: int
    #: How deeply conditions are nested in the node; 0 when it is none.
    depth: int
    #: Where names stand that may be misread.
    names: tuple[Span, ...]
    #: The last token.
    kind: str
    last: Span


class Numbers(dict[str, Decimal]):
    """What numbers say, by how they are written; a text has many alike."""

    def __missing__(self, written: str) -> Decimal:
        found = self[written] = _number(written)
        return found


def _number(written: str) -> Decimal:
    """As `BaseBuilder.amount` and `negative` read it."""
    minus, digits, percent = _DIGITS.fullmatch(written).groups()  # type: ignore[union-attr] # looked at by `_Maker`
    value = Decimal(digits).scaleb(-2, EXACT) if percent else Decimal(digits)
    return value.copy_negate() if minus else value


def pack(piece: Piece, tokens: list[Token], previous: Token | None, made: Any, scan: Scan) -> bytes:
    """The mould of a declaration, or of a part of one; `NONE` when something in it is not known to come from its
    pieces. `tokens` are at least those that may be misread, `previous` is what stands before them."""
    if len(piece.pieces) > shapes.LONGEST:
        return shapes.NONE
    maker = _Maker(piece, scan)
    try:
        names = maker.names(tokens, previous)
        if isinstance(made, Part):
            maker.add_part(made)
        else:
            maker.add(made)
    except _NoMouldError:
        return shapes.NONE
    if any(kind in _BLANKS and index not in maker.filled for index, kind in enumerate(piece.kinds)):
        return shapes.NONE
    return marshal.dumps((array("H", maker.steps).tobytes(), maker.constants, names.tobytes()))


#: How what marshal does not know is written: the class of a node as its name, and so on.
_UNPACKED: Final[Mapping[str, Callable[[Any], Any]]] = {
    "same": lambda one: one,
    "node": vars(tree).__getitem__,
    "day": date.fromordinal,
    "number": Decimal,
}


def unpack(packed: bytes) -> Mould:
    """A mould that `pack` packed in this process."""
    steps, constants, names = marshal.loads(packed)
    return Mould(steps, tuple(_UNPACKED[how](one) for how, one in constants), names)


@lru_cache(maxsize=1)
def _fields() -> dict[type, tuple[str, ...]]:
    """The fields of each class of nodes."""
    nodes = [one for one in vars(tree).values() if isinstance(one, type) and dataclasses.is_dataclass(one)]
    return {one: tuple(field.name for field in dataclasses.fields(one)) for one in nodes}


class _NoMouldError(Exception):
    """Something in the tree does not come from a piece alone."""


class _Places(dict[int, int]):
    def __missing__(self, place: int) -> int:
        raise _NoMouldError


class _Maker:
    """The steps for one tree."""

    def __init__(self, piece: Piece, scan: Scan) -> None:
        self._piece = piece
        self._text = scan.text
        self._values = scan.values
        #: The piece that begins at a place.
        self._at = _Places({place: index for index, place in enumerate(piece.places)})
        self.steps: list[int] = []
        self.constants: list[tuple[str, Any]] = []
        #: The pieces that have a blank.
        self.filled: set[int] = set()
        self._numbers: dict[tuple[str, type, Any], int] = {}
        self._spans: dict[int, int] = {}

    def names(self, tokens: list[Token], previous: Token | None) -> array[int]:
        """The words that a reader looks at once more."""
        found = array("H")
        for token in tokens:
            first, end = self._at[token.start_pos], self._at[token.end_pos]
            looked_at = token.type in LOOKED_AT
            # The cells of a row are read apart.
            if token.type == "ROW" or (looked_at and self._depends(token, previous)):
                raise _NoMouldError
            kinds = self._piece.kinds[first:end]
            # No number is a misread word.
            if (looked_at and kinds != [shapes.A_NUMBER]) or not _NAMES.isdisjoint(kinds):
                found.extend((first, end))
            previous = token
        return found

    def _depends(self, token: Token, previous: Token | None) -> bool:
        """Whether what is made of a word depends on more than the shape and the word itself."""
        if previous is None or self._text[token.start_pos - 1] == LINE_MARK:
            return True
        return previous.type == "NUMBER" and previous.end_pos == token.start_pos

    def add_part(self, part: Part) -> None:
        """Add the steps that give a part."""
        self.add(part.node)
        for state in (part.state, part.depth):
            self._add_same(part, "", state)
        self._add_tuple(part, "names", part.names)
        self._add_same(part, "kind", part.kind)
        self._add_span(part, "last", part.last)
        self._step(Step.TUPLE, 0, len(part))

    def add(self, node: Any) -> None:
        """Add the steps that build a node."""
        cls = node.__class__
        names = _fields().get(cls)
        if names is None:
            raise _NoMouldError
        for name in names:
            value = getattr(node, name)
            _ADDS.get(value.__class__, _Maker._add_node)(self, node, name, value)
        self._step(Step.NODE, self._constant("node", cls.__name__), len(names))

    def _add_node(self, _node: Any, _name: str, value: Any) -> None:
        self.add(value)

    def _add_tuple(self, node: Any, name: str, value: tuple[Any, ...]) -> None:
        for one in value:
            _ADDS.get(one.__class__, _Maker._add_node)(self, node, name, one)
        self._step(Step.TUPLE, 0, len(value))

    def _add_same(self, _node: Any, _name: str, value: object) -> None:
        self._step(Step.CONSTANT, self._constant("same", value))

    def _add_day(self, _node: Any, _name: str, value: date) -> None:
        self._step(Step.CONSTANT, self._constant("day", value.toordinal()))

    def _add_layout(self, node: Any, _name: str, _value: tree.Layout) -> None:
        self._step(Step.LAYOUT, self._at[node.span.start])

    def _add_span(self, _node: Any, _name: str, span: Span) -> None:
        known = self._spans.get(id(span))
        if known is not None:
            self._step(Step.AGAIN, known)
            return
        first, end = self._at[span.start], self._at[span.end]
        if first == end:
            raise _NoMouldError
        self._spans[id(span)] = len(self._spans)
        self._step(Step.SPAN, first, end)

    def _add_text(self, node: Any, name: str, value: str) -> None:
        span = node.span
        first = self._at[span.start]
        kind = self._piece.kinds[first][0]
        if isinstance(node, tree.Text | tree.RuleId | tree.Regex) and kind in (shapes.A_TEXT, shapes.A_REGEX):
            if self._values.get(span.start) != value:
                raise _NoMouldError
            self.filled.add(first)
            self._step(Step.VALUE, first)
        elif isinstance(node, _WRITTEN) and self._text[span.start : span.end] == value:
            self._add_written(Step.WRITTEN, first, self._at[span.end])
        elif isinstance(node, tree.Compare) and name == "operator" and value in shapes.SIGNS:
            self._add_sign(node, value)
        else:
            self._add_same(node, name, value)

    def _add_sign(self, node: tree.Compare, value: str) -> None:
        """The sign of a comparison, where it is written as one."""
        for index in range(self._at[node.left.span.end], self._at[node.right.span.start]):
            if self._piece.kinds[index] == shapes.A_SIGN and self._piece.pieces[index] == value:
                self._add_written(Step.WRITTEN, index, index + 1)
                return
        self._add_same(node, "operator", value)

    def _add_number(self, node: Any, _name: str, value: Decimal) -> None:
        """A number, which the place of a node holds wholly, or begins with."""
        span = node.span
        first = self._at[span.start]
        for end in (self._at[span.end], first + 1):
            written = self._text[span.start : self._piece.places[end]]
            if _DIGITS.fullmatch(written) and str(_number(written)) == str(value):
                self._add_written(Step.NUMBER, first, end)
                return
        self._step(Step.CONSTANT, self._constant("number", str(value)))

    def _add_written(self, step: int, first: int, end: int) -> None:
        self.filled.update(range(first, end))
        self._step(step, first, end)

    def _constant(self, how: str, value: Any) -> int:
        # Of equal ones of several types, as 1 and True are, each is one of its own.
        number = self._numbers.setdefault((how, value.__class__, value), len(self.constants))
        if number == len(self.constants):
            self.constants.append((how, value))
        return number

    def _step(self, step: int, first: int, second: int = 0) -> None:
        self.steps += (step, first, second)


#: By the class of a value.
_ADDS: Final[Mapping[type, Callable[[_Maker, Any, str, Any], None]]] = {
    Span: _Maker._add_span,
    str: _Maker._add_text,
    tuple: _Maker._add_tuple,
    bool: _Maker._add_same,
    int: _Maker._add_same,
    type(None): _Maker._add_same,
    tree.Layout: _Maker._add_layout,
    Decimal: _Maker._add_number,
    date: _Maker._add_day,
}
