"""`\\b` beside letters that the engine does not know as letters."""

from __future__ import annotations

from collections.abc import Iterator

from communityrules.library.fold import within
from communityrules.library.patterns.tree import (
    Anchor,
    Atomic,
    BackReference,
    Char,
    Choice,
    Class,
    Dot,
    Flags,
    Group,
    Look,
    Node,
    Property,
    Range,
    Repeat,
    Sequence,
    Shorthand,
    walk,
)


def wide_boundaries(node: Node, before: bool = False, after: bool = False) -> Iterator[Anchor]:
    """Boundaries right beside a wide letter. `before` and `after`: whether one may stand on that side of the node."""
    match node:
        case Anchor("\\b" | "\\B"):
            if before or after:
                yield node
        case Group(inner=inner) | Look(inner=inner) | Atomic(inner=inner):
            yield from wide_boundaries(inner, before, after)
        case Repeat(inner=inner):
            again = node.high != 1
            left = before or (again and _edge(inner, -1)[0])
            yield from wide_boundaries(inner, left, after or (again and _edge(inner, 1)[0]))
        case Choice(options):
            for one in options:
                yield from wide_boundaries(one, before, after)
        case Sequence(items):
            edges = [(_edge(one, 1), _edge(one, -1)) for one in items]
            right = [after] * len(items)
            for at in range(len(items) - 2, -1, -1):
                wide, empty = edges[at + 1][0]
                right[at] = wide or (empty and right[at + 1])
            left = before
            for at, one in enumerate(items):
                yield from wide_boundaries(one, left, right[at])
                wide, empty = edges[at][1]
                left = wide or (empty and left)


def _edge(node: Node, direction: int) -> tuple[bool, bool]:
    """Whether the node may begin (1) or end (-1) with a wide letter that it names; whether it may be empty."""
    match node:
        case Char(char):
            return not char.isascii(), False
        case Class(negated, items):
            named = any(not one.high.isascii() if isinstance(one, Range) else _is_script(one) for one in items)
            return named and not negated, False
        case Property():
            return _is_script(node), False
        case Dot() | Shorthand() | BackReference():
            return False, False
        case Anchor() | Flags() | Look():
            return False, True
        case Group(inner=inner) | Atomic(inner=inner):
            return _edge(inner, direction)
        case Repeat(inner=inner, low=low):
            wide, empty = _edge(inner, direction)
            return wide, empty or low == 0
        case Choice(options):
            edges = [_edge(one, direction) for one in options]
            return any(wide for wide, _ in edges), any(empty for _, empty in edges)
        case Sequence(items):
            for one in items[::direction]:
                wide, empty = _edge(one, direction)
                if wide or not empty:
                    return wide, False
            return False, True


def _is_script(item: Shorthand | Property) -> bool:
    """Whether a property names a script without spaces."""
    scripts = ("Han", "Hiragana", "Katakana", "Hangul", "Thai", "Bopomofo")
    return isinstance(item, Property) and item.text.startswith("\\p") and any(one in item.text for one in scripts)


# --- letters of scripts with spaces ---------------------------------------------------------------------------

#: Latin with accents, Greek, Cyrillic, Armenian, Hebrew, Arabic, Hangul.
_SPACED = ((0xAA, 0xAA), (0xB5, 0xB5), (0xBA, 0xBA), (0xC0, 0x24F), (0x370, 0x6FF), (0x1E00, 0x1FFF), (0xAC00, 0xD7A3))


def beside_spaced(tree: Node, anchor: Anchor) -> str:
    """On which side of a boundary a letter stands whose script puts spaces between words: `left`, `right` or none."""
    for node in walk(tree):
        if isinstance(node, Sequence) and anchor in node.items:
            at = node.items.index(anchor)
            if at + 1 < len(node.items) and _is_spaced(node.items[at + 1]):
                return "right"
            if at and _is_spaced(node.items[at - 1]):
                return "left"
    return ""


def _is_spaced(node: Node) -> bool:
    match node:
        case Char(char):
            return within(ord(char), _SPACED)
        case Repeat(inner=inner) | Group(inner=inner):
            return _is_spaced(inner)
        case Class(False, items):
            return any(isinstance(one, Range) and within(ord(one.high), _SPACED) for one in items)
        case Sequence(items):
            return bool(items) and _is_spaced(items[0]) and _is_spaced(items[-1])
        case Choice(options):
            return all(map(_is_spaced, options))
        case _:
            return False
