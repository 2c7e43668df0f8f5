"""Literals that a text must hold for a pattern to fit it."""

from __future__ import annotations

from collections.abc import Iterator

from communityrules.library.fold import fold_text
from communityrules.library.patterns.tree import (
    Anchor,
    Char,
    Choice,
    Flags,
    Group,
    Node,
    Repeat,
    Sequence,
)

#: How many literals a pattern may ask for, and how many parts of it are looked at.
_MOST = 32


def required(tree: Node) -> tuple[str, ...]:
    """Literals of which every text that the pattern finds holds at least one once it is folded; none when unknown.

    One look through the folded text for all literals of all patterns tells which patterns are worth running.
    """
    found = _required(tree)
    return tuple(sorted(found)) if found else ()


def _required(node: Node) -> frozenset[str] | None:
    match node:
        case Char(char):
            folded = _safe(char)
            return frozenset((folded,)) if folded else None
        case Group(inner=inner):
            return _required(inner)
        case Repeat(inner=inner, low=low):
            return _required(inner) if low else None
        case Choice(options):
            parts = [_required(one) for one in options]
            if any(part is None for part in parts):
                return None
            together = frozenset(text for part in parts if part for text in part)
            return together if len(together) <= _MOST else None
        case Sequence(items):
            return max(_parts(items), key=_worth, default=None)
        case _:
            return None


def _parts(items: tuple[Node, ...]) -> Iterator[frozenset[str]]:
    literal = ""
    for one in items:
        folded = _safe(one.char) if isinstance(one, Char) else None
        if folded:
            literal += folded
            continue
        if literal:
            yield frozenset((literal,))
            literal = ""
        if not isinstance(one, (Char, Anchor, Flags)):
            part = _required(one)
            if part:
                yield part
    if literal:
        yield frozenset((literal,))


def _worth(part: frozenset[str]) -> tuple[int, int]:
    """Long literals are rarer, and few are better than many; a Han character says as much as three letters."""
    return min(sum(1 if char.isascii() else 3 for char in text) for text in part), -len(part)


def _safe(char: str) -> str | None:
    """A character that folding keeps in its place whatever stands around it, folded; else None."""
    if char.isascii() and char.isprintable() and char != " ":
        return char.lower()
    return char if "\u4e00" <= char <= "\u9fff" and fold_text(char) == char else None
