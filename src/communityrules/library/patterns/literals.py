"""Literals that a text must hold for a pattern to fit it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

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
    walk,
)

#: How many literals a pattern may ask for, and how many parts of it are looked at.
_MOST = 32
#: How many literals are looked for one by one before a pattern is.
_SOON = 4
#: How many times a repeated character is asked for at most.
_LONGEST = 16


class Required(NamedTuple):
    """What a text must hold one of for a pattern to fit it; nothing where that is not known."""

    literals: tuple[str, ...]
    #: Whether they stand in the folded text, else in the text as it is.
    folded: bool


#: Of each of these too a text must hold one as it stands.
Also = tuple[tuple[str, ...], ...]


def required(tree: Node) -> tuple[Required, Also]:
    """The literals of which every text that the pattern finds holds at least one, and what it must hold beside.

    One look through a text for all literals of all patterns tells which patterns are worth running. Beside them there
    is nothing where case does not matter; two or three more are sooner looked for than the pattern.
    """
    folded = any(map(_ignores_case, walk(tree)))
    inner = tree
    while isinstance(inner, Group):
        inner = inner.inner
    if folded or not isinstance(inner, Sequence):
        found = _required(inner, _safe if folded else _as_it_is)
        return Required(tuple(sorted(found)) if found else (), folded), ()
    parts = list(_parts(inner.items, _as_it_is))
    best = max(parts, key=_worth, default=None)
    others = [one for one in parts if one is not best and len(one) <= _SOON]
    # What is said last is most often missing: a text is found by how it begins.
    also = tuple(tuple(sorted(one)) for one in reversed(others[-_SOON:]))
    return Required(tuple(sorted(best)) if best else (), False), also


def _ignores_case(node: Node) -> bool:
    match node:
        case Flags(text):
            return "i" in text.split("-")[0]
        case Group(opening):
            # Not the name of a group.
            return opening.endswith(":") and "i" in opening.split("-")[0]
        case _:
            return False


#: What stands in the text for a character of a pattern, None when that is not known.
_Spelt = Callable[[str], str | None]


def _required(node: Node, spelt: _Spelt) -> frozenset[str] | None:
    match node:
        case Char(char):
            found = spelt(char)
            return frozenset((found,)) if found else None
        case Group(inner=inner):
            return _required(inner, spelt)
        case Repeat(inner=Char(char), low=low) if low > 1:
            found = spelt(char)
            return frozenset((found * min(low, _LONGEST),)) if found else None
        case Repeat(inner=inner, low=low):
            return _required(inner, spelt) if low else None
        case Choice(options):
            parts = [_required(one, spelt) for one in options]
            if any(part is None for part in parts):
                return None
            together = frozenset(text for part in parts if part for text in part)
            return together if len(together) <= _MOST else None
        case Sequence(items):
            return max(_parts(items, spelt), key=_worth, default=None)
        case _:
            return None


def _parts(items: tuple[Node, ...], spelt: _Spelt) -> Iterator[frozenset[str]]:
    literal = ""
    for one in items:
        found = spelt(one.char) if isinstance(one, Char) else None
        if found:
            literal += found
            continue
        if literal:
            yield frozenset((literal,))
            literal = ""
        if not isinstance(one, (Char, Anchor, Flags)):
            part = _required(one, spelt)
            if part:
                yield part
    if literal:
        yield frozenset((literal,))


def _worth(part: frozenset[str]) -> tuple[int, int]:
    """Long literals are rarer, and few are better than many; a Han character says as much as three letters."""
    return min([len(text) if text.isascii() else _weight(text) for text in part]), -len(part)


def _weight(text: str) -> int:
    return sum(1 if char.isascii() else 3 for char in text)


def _safe(char: str) -> str | None:
    """A character that folding keeps in its place whatever stands around it, folded; else None."""
    if char.isascii() and char.isprintable() and char != " ":
        return char.lower()
    return char if "\u4e00" <= char <= "\u9fff" and fold_text(char) == char else None


def _as_it_is(char: str) -> str | None:
    # Half of a character is searched for as `\ufffd`.
    return None if "\ud800" <= char <= "\udfff" or char == "\ufffd" else char
