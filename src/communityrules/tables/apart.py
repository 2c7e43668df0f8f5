"""What stands at the edge of an expression, told apart: the part that is of letters and digits, and the rest.

`[\\d ]{2,}` ends in a digit or in a space. As `[\\d ]{1,}\\d` and `[\\d ]{1,} ` it is known which, and both together
find what it finds.
"""

from __future__ import annotations

from typing import Final

from communityrules.library.patterns import tree as nodes

#: Options of one group that are told apart.
_MOST: Final = 8
#: Characters of a range that are looked at one by one.
_RANGE: Final = 600


def told_apart(text: str, item: nodes.Node, *, first: bool) -> list[str] | None:
    """Expressions that stand together for an item at the beginning (`first`) or end; None when it cannot be cut."""
    match item:
        case nodes.Repeat(inner=inner, low=0, high=high, possessive=False):
            spelt = text[inner.start : inner.end]
            return [f"{spelt}{_count(1, high)}", ""]
        case nodes.Repeat(inner=inner, low=low, high=high, possessive=False):
            kinds = _kinds(text, inner)
            if kinds is None:
                return None
            rest = text[inner.start : inner.end] + _count(low - 1, None if high is None else high - 1)
            if high == 1:
                rest = ""
            return [one + rest if first else rest + one for one in kinds]
        case nodes.Group(opening="(" | "(?:", inner=nodes.Choice(options)) if len(options) <= _MOST:
            return [f"(?:{text[one.start : one.end]})" for one in options]
        case nodes.Group(opening="(" | "(?:", inner=inner):
            spelt = text[inner.start : inner.end]
            # Without its brackets it must not join what stands beside it.
            return [spelt] if spelt and spelt[0] not in "{*+?0123456789" and spelt[-1] != "\\" else None
        case _:
            return _kinds(text, item)


def _count(low: int, high: int | None) -> str:
    simple = {(0, None): "*", (1, None): "+", (0, 1): "?", (1, 1): ""}.get((low, high))
    if simple is not None:
        return simple
    return f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"


def _kinds(text: str, atom: nodes.Node) -> list[str] | None:
    """One character as the letters and digits among what it may be, and the others."""
    match atom:
        case nodes.Dot():
            return ["\\w", "\\W"]
        case nodes.Shorthand("S"):
            return ["\\w", "[^\\w\\s]"]
        case nodes.Shorthand("D"):
            return ["[^\\W\\d]", "\\W"]
        case nodes.Class(negated=True):
            inside = text[atom.start + 2 : atom.end - 1]
            inside = "\\" + inside if inside.startswith("]") else inside
            return [f"[^\\W{inside}]", f"[^\\w{inside}]"]
        case nodes.Class(negated=False, items=items):
            return _parts(items)
        case _:
            return None


def _parts(items: tuple[nodes.Range | nodes.Shorthand | nodes.Property, ...]) -> list[str] | None:
    word: list[str] = []
    other: list[str] = []
    for one in items:
        match one:
            case nodes.Shorthand("d" | "w"):
                word.append(f"\\{one.letter}")
            case nodes.Shorthand("s" | "W"):
                other.append(f"\\{one.letter}")
            case nodes.Range(low, high) if ord(high) - ord(low) <= _RANGE:
                for char in map(chr, range(ord(low), ord(high) + 1)):
                    (word if char.isalnum() or char == "_" else other).append(_in_class(char))
            case _:
                return None
    return [f"[{''.join(part)}]" for part in (word, other) if part]


def _in_class(char: str) -> str:
    return char if char.isalnum() or char == "_" else f"\\x{{{ord(char):x}}}"
