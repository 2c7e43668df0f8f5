"""A tree back to a pattern as writers write it. What stands in the source as it was is given as it was."""

from __future__ import annotations

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

_CONTROLS = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
_SPECIAL = frozenset(r"\.+*?()|[]{}^$/")


def spell(node: Node, source: str) -> str:
    """The pattern that a tree is; nodes with a place (`start` of 0 or more) are taken from `source`."""
    if node.start >= 0:
        return source[node.start : node.end]
    match node:
        case Char(char):
            return _char(char, _SPECIAL)
        case Dot():
            return "."
        case Shorthand(letter):
            return f"\\{letter}"
        case Property(text):
            return text
        case Anchor(kind):
            return kind
        case Class(negated, items):
            return f"[{'^' if negated else ''}{''.join(map(_item, items))}]"
        case Flags(text):
            return f"(?{text})"
        case Group(opening, inner):
            return f"{opening}{spell(inner, source)})"
        case Repeat(inner, low, high, lazy, possessive):
            text = spell(inner, source)
            if isinstance(inner, (Sequence, Choice)):
                text = f"(?:{text})"
            return f"{text}{counted(low, high)}{'?' if lazy else '+' if possessive else ''}"
        case Sequence(items):
            return "".join(f"(?:{text})" if bare else text for text, bare in _pieces(items, source))
        case Choice(options):
            return "|".join(spell(one, source) for one in options)
        case Atomic(inner):
            return f"(?>{spell(inner, source)})"
        case Look() | BackReference():
            raise AssertionError("these are always taken from the source")


def counted(low: int, high: int | None) -> str:
    """How often, as patterns write it."""
    simple = {(0, None): "*", (1, None): "+", (0, 1): "?", (1, 1): ""}.get((low, high))
    if simple is not None:
        return simple
    return f"{{{low}}}" if high == low else f"{{{low},{'' if high is None else high}}}"


def _pieces(items: tuple[Node, ...], source: str) -> list[tuple[str, bool]]:
    return [(spell(one, source), isinstance(one, Choice)) for one in items]


def _char(char: str, special: frozenset[str]) -> str:
    if char in special:
        return f"\\{char}"
    return char if char.isprintable() else _CONTROLS.get(char, f"\\x{{{ord(char):x}}}")


def _item(item: Range | Shorthand | Property) -> str:
    match item:
        case Range(low, high):
            first, last = _char(low, _IN_CLASS), _char(high, _IN_CLASS)
            return first if low == high else f"{first}{last}" if ord(high) == ord(low) + 1 else f"{first}-{last}"
        case Shorthand(letter):
            return f"\\{letter}"
        case Property(text):
            return text


_IN_CLASS = frozenset(r"\]^-[/")
