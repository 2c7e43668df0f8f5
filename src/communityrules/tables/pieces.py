"""The alternatives of a search, one by one: how each is spelt, and what stands at its edges.

Whether a whole word was found depends on what a piece begins and ends with, so pieces are cut until that is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass
from communityrules.library.patterns import tree as nodes
from communityrules.library.patterns.syntax import parse
from communityrules.tables.apart import told_apart

#: What a piece may begin or end with: letters and digits, anything else, or both; `bound` when it said `\b` there,
#: `open` when it said that anything may stand there.
Edge = Literal["word", "other", "mixed", "bound", "open"]
#: How many alternatives an optional beginning or end may make of one.
_DEEPEST: Final = 3

EMPTY: Final = Bilingual("an empty pattern fits everything", "空的格式匹配一切")
_VERBOSE: Final = Bilingual("patterns over several lines (`(?x)`) are not read", "不支持多行写法的格式(`(?x)`)")


@dataclass(frozen=True, slots=True)
class Piece:
    """One alternative: how it is spelt, and what it begins and ends with."""

    value: str
    core: str
    before: Edge
    after: Edge
    #: Whether it is a plain text, which can always be run.
    plain: bool = False


class NoPiece(Exception):  # noqa: N818  # it says what happened to the value
    def __init__(self, why: Bilingual) -> None:
        self.why = why
        super().__init__(why.en)


def literal(value: str) -> str:
    """A text as a pattern that fits exactly it."""
    return "".join(map(_char, value))


_CONTROL: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _char(char: str) -> str:
    if char.isalnum() or char in "_ " or (char > "\x7f" and char.isprintable()):
        return char
    return _CONTROL.get(char) or (f"\\{char}" if char.isprintable() else f"\\x{{{ord(char):x}}}")


# --- one alternative -----------------------------------------------------------------------------------------


def of_words(value: str) -> Piece:
    if not value:
        raise NoPiece(EMPTY)
    return Piece(value, literal(value), _kind(value[0]), _kind(value[-1]), plain=True)


def _kind(char: str) -> Literal["word", "other"]:
    return "word" if char.isalnum() or char == "_" else "other"


def of_python(value: str) -> list[Piece]:
    """The alternatives of an expression; those at its top level each on its own, since each has its own edges."""
    text, lines = spelt(value)
    if not text:
        raise NoPiece(EMPTY)
    found: list[Piece] = []
    for part in _alternatives(text, parse(text)):
        found.extend(_pieces(value, part, lines, _DEEPEST))
    return found


def _pieces(value: str, text: str, lines: bool, deep: int) -> list[Piece]:
    """One alternative; several where what stands at an edge can be told apart, since each then has edges that are
    known."""
    node = parse(text)
    items = node.items if isinstance(node, nodes.Sequence) else (node,)
    start, end = 0, len(text)
    before: Edge | None = None
    after: Edge | None = None
    if len(items) > 1 and _is_edge(items[0]) and _begins(items[1:]) == "word":
        before, start, items = "bound", items[1].start, items[1:]
    elif len(items) > 1 and _is_anything(items[0]) and not lines:
        before, start, items = "open", items[1].start, items[1:]
    elif len(items) > 1 and _is_end(items[0], "^", "\\A") and not lines:
        # Where the text begins any edge is.
        before = "open"
    if len(items) > 1 and _is_edge(items[-1]) and _ends(items[:-1]) == "word":
        after, end, items = "bound", items[-1].start, items[:-1]
    elif len(items) > 1 and _is_anything(items[-1]) and not lines:
        after, end, items = "open", items[-1].start, items[:-1]
    elif len(items) > 1 and _is_end(items[-1], "$", "\\z") and not lines:
        after = "open"
    if deep and items:
        for one, mixed, first in (
            (items[0], before is None and _begins(items) == "mixed", True),
            (items[-1], after is None and _ends(items) == "mixed", False),
        ):
            variants = told_apart(text, one, first=first) if mixed else None
            whole = [text[: one.start] + variant + text[one.end :] for variant in variants or ()]
            # What fits nothing at all, too, stays as it is.
            if whole and all(whole):
                return [piece for part in whole for piece in _pieces(value, part, lines, deep - 1)]
    core = text[start:end]
    if not core:
        raise NoPiece(EMPTY)
    if lines:
        core = f"(?m:{core})"
    return [Piece(value, core, before or _begins(items), after or _ends(items))]


def _is_anything(node: nodes.Node) -> bool:
    """Whether it is `.*`, which with any character at either side changes nothing but where the edge may be."""
    return isinstance(node, nodes.Repeat) and isinstance(node.inner, nodes.Dot) and (node.low, node.high) == (0, None)


def _is_edge(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Anchor) and node.kind == "\\b"


def _is_end(node: nodes.Node, *kinds: str) -> bool:
    return isinstance(node, nodes.Anchor) and node.kind in kinds


def _alternatives(text: str, node: nodes.Node) -> list[str]:
    """What stands between the `|` of the top level, through brackets around the whole."""
    while True:
        if isinstance(node, nodes.Sequence) and len(node.items) == 1:
            node = node.items[0]
        elif isinstance(node, nodes.Group) and node.opening in ("(", "(?:"):
            node = node.inner
        else:
            break
    if isinstance(node, nodes.Choice):
        return [one for option in node.options for one in _alternatives(text, option)]
    return [text[node.start : node.end]]


FLAGS: Final = re.compile(r"\(\?([aiLmsux]+)\)")
_UP_TO: Final = re.compile(r"\{,(\d+)\}")


def spelt(value: str) -> tuple[str, bool]:
    """An expression as the language spells it, without its flags; whether `^` and `$` stand at lines.

    Flags hold for the whole expression in Python wherever they stand, and `i` and `s` always hold here.
    """
    parts: list[str] = []
    at, inside, lines = 0, False, False
    while at < len(value):
        char = value[at]
        if char == "\\" and at + 1 < len(value):
            following = value[at + 1]
            parts.append(char + following if following.isprintable() and following != "/" else _char(following))
            if following == "/":
                parts[-1] = "\\/"
            at += 2
            continue
        if inside:
            inside = char != "]" or parts[-1] in ("[", "[^")
        elif char == "[":
            inside = True
            if value[at + 1 : at + 2] == "^":
                parts.append("[^")
                at += 2
                continue
        elif value.startswith("(?#", at):
            close = value.find(")", at)
            at = close + 1 if close >= 0 else len(value)
            continue
        elif (flags := FLAGS.match(value, at)) is not None:
            if "x" in flags.group(1):
                raise NoPiece(_VERBOSE)
            lines = lines or "m" in flags.group(1)
            at = flags.end()
            continue
        elif (count := _UP_TO.match(value, at)) is not None:
            parts.append(f"{{0,{count.group(1)}}}")
            at = count.end()
            continue
        if char == "/" or not (char.isprintable() or char == " "):
            parts.append("\\/" if char == "/" else _char(char))
        else:
            parts.append(char)
        at += 1
    return "".join(parts), lines


# --- what stands at the edges --------------------------------------------------------------------------------


def _begins(items: Sequence[nodes.Node]) -> Literal["word", "other", "mixed"]:
    return _edge(nodes.Sequence(tuple(items), 0, 0), 1)


def _ends(items: Sequence[nodes.Node]) -> Literal["word", "other", "mixed"]:
    return _edge(nodes.Sequence(tuple(items), 0, 0), -1)


def _edge(node: nodes.Node, direction: int) -> Literal["word", "other", "mixed"]:
    kinds, empty = _first(node, direction)
    if empty or len(kinds) != 1:
        return "mixed"
    return "word" if "word" in kinds else "other"


_WORD: Final = frozenset({"word"})
_OTHER: Final = frozenset({"other"})
_BOTH: Final = frozenset({"word", "other"})
_SHORTHANDS: Final = {"d": _WORD, "w": _WORD, "s": _OTHER, "W": _OTHER, "D": _BOTH, "S": _BOTH}
#: Characters of a range that are looked at one by one.
_RANGE: Final = 600


def _first(node: nodes.Node, direction: int) -> tuple[frozenset[str], bool]:
    """What kinds of characters stand at one end (1: the beginning), and whether the node may be empty."""
    match node:
        case nodes.Char(char):
            return frozenset({_kind(char)}), False
        case nodes.Shorthand(letter):
            return _SHORTHANDS[letter], False
        case nodes.Class(negated, items):
            return (_BOTH if negated else frozenset().union(*map(_members, items))), False
        case nodes.Group(inner=inner) | nodes.Atomic(inner=inner):
            return _first(inner, direction)
        case nodes.Repeat(inner=inner, low=low):
            kinds, empty = _first(inner, direction)
            return kinds, empty or low == 0
        case nodes.Choice(options):
            found = [_first(one, direction) for one in options]
            return frozenset().union(*(kinds for kinds, _ in found)), any(empty for _, empty in found)
        case nodes.Sequence(items):
            kinds = frozenset()
            for one in items[::direction]:
                more, empty = _first(one, direction)
                kinds |= more
                if not empty:
                    return kinds, False
            return kinds, True
        case nodes.Anchor() | nodes.Flags() | nodes.Look():
            return frozenset(), True
        case _:
            return _BOTH, False


def _members(item: nodes.Range | nodes.Shorthand | nodes.Property) -> frozenset[str]:
    if isinstance(item, nodes.Shorthand):
        return _SHORTHANDS[item.letter]
    if isinstance(item, nodes.Range) and ord(item.high) - ord(item.low) <= _RANGE:
        return frozenset(_kind(chr(one)) for one in range(ord(item.low), ord(item.high) + 1))
    return _BOTH
