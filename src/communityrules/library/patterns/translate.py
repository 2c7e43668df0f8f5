"""A pattern's tree to the engine's own syntax.

`\\d`, `\\w` and `\\s` are those of Unicode: full-width digits, Han and ideographic spaces belong. `\\b` is the edge
of a Latin word: between one of `A-Z a-z 0-9 _` and anything else, Han included, so that `\\bvip\\b` is in `加vip群`.
"""

from __future__ import annotations

from communityrules.library.patterns.properties import blocks_of
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
)

#: What goes inside a class for each shorthand; complements are spelt out because classes cannot be subtracted.
_INSIDE = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"\p{L}\p{M}\p{N}_",
    # The underscore is punctuation to Unicode and a letter to `\w`, so punctuation is spelt out around it.
    "W": r"\p{Cc}\p{Cf}\p{Co}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\x{203f}\x{2040}\x{2054}\x{fe33}\x{fe34}"
    r"\x{fe4d}-\x{fe4f}\x{ff3f}\p{S}\p{Z}",
    "s": r"\t-\r\x{1c}-\x{1f}\x{85}\p{Z}",
    "S": r"\x{0}-\x{8}\x{e}-\x{1b}\x{21}-\x{84}\x{86}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}"
    r"\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{10ffff}",
}
_OUTSIDE = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": rf"[{_INSIDE['w']}]",
    "W": rf"[^{_INSIDE['w']}]",
    "s": rf"[{_INSIDE['s']}]",
    "S": rf"[^{_INSIDE['s']}]",
}


def translate(tree: Node) -> str:
    """The engine's spelling of a tree that `linear.refuse` let pass."""
    match tree:
        case Char(char):
            return _char(char)
        case Dot():
            return "."
        case Shorthand(letter):
            return _OUTSIDE[letter]
        case Property(text):
            inside = blocks_of(text)
            return text if inside is None else f"[{inside}]"
        case Anchor(text):
            return text
        case Class(negated, items):
            return f"[{'^' if negated else ''}{''.join(map(_item, items))}]"
        case Flags(text):
            return f"(?{text})" if text else ""
        case Group(opening, inner):
            # No rule asks what a group held, and an engine that need not tell is up to a hundred times faster.
            return f"{'(?:' if opening == '(' else opening}{translate(inner)})"
        case Repeat(inner, low, high, lazy):
            return f"{translate(inner)}{_count(low, high)}{'?' if lazy else ''}"
        case Sequence(items):
            return "".join(map(translate, items))
        case Choice(options):
            return "|".join(map(translate, options))
        case Atomic(inner):
            return f"(?:{translate(inner)})"
        case Look() | BackReference():
            raise AssertionError("refused before")


def _count(low: int, high: int | None) -> str:
    simple = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((low, high))
    if simple:
        return simple
    return f"{{{low}}}" if high == low else f"{{{low},{'' if high is None else high}}}"


def _char(char: str) -> str:
    if char.isalnum() or char in " _" or char > "\x9f":
        return char
    return f"\\{char}" if char.isprintable() else f"\\x{{{ord(char):x}}}"


def _item(item: Range | Shorthand | Property) -> str:
    match item:
        case Range(low, high):
            return _char(low) if low == high else f"{_char(low)}-{_char(high)}"
        case Shorthand(letter):
            return _INSIDE[letter]
        case Property(text):
            return blocks_of(text) or text
