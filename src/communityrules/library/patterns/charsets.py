"""Sets of characters: what one place of a pattern takes, as ranges of code points.

Only sets that can be told without Unicode tables are made: characters, classes of ranges, `.`. Shorthands and
properties have none; of those `holds` asks for one character at a time.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from communityrules.library.patterns.tree import Char, Class, Dot, Node, Property, Range, Shorthand

#: Ranges with both ends, in order, none touching the next.
Ranges = tuple[tuple[int, int], ...]

_LAST = 0x10FFFF
EVERYTHING: Ranges = ((0, _LAST),)
#: How many characters of a set are looked at one by one.
_FEW = 512
#: Above this no script has capital letters but a few, whose patterns then say so themselves.
_CASED = 0x2000


def ranges_of(node: Node, ignore_case: bool = False, dot_all: bool = False) -> Ranges | None:
    """What one place takes; None when it is no one place, or no ranges tell."""
    match node:
        case Char(char):
            return _cased(((ord(char), ord(char)),), ignore_case)
        case Dot():
            return EVERYTHING if dot_all else minus(EVERYTHING, ((10, 10),))
        case Class(negated, items):
            pairs = []
            for one in items:
                if not isinstance(one, Range):
                    return None
                pairs.append((ord(one.low), ord(one.high)))
            inside = _cased(union(pairs), ignore_case)
            return minus(EVERYTHING, inside) if negated else inside
        case _:
            return None


def union(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """Pairs in any order as ranges."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def minus(left: Ranges, right: Ranges) -> Ranges:
    """What is in the first and not in the second."""
    found = []
    for low, high in left:
        for begin, end in right:
            if end < low:
                continue
            if begin > high:
                break
            if begin > low:
                found.append((low, begin - 1))
            low = end + 1
        if low <= high:
            found.append((low, high))
    return tuple(found)


def both(left: Ranges, right: Ranges) -> Ranges:
    """What is in both."""
    return minus(left, minus(EVERYTHING, right))


def size(ranges: Ranges) -> int:
    return sum(high - low + 1 for low, high in ranges)


def class_of(ranges: Ranges) -> Node:
    """A node that takes what some ranges hold. They must not be empty."""
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return Char(chr(ranges[0][0]), -1, -1)
    outside = minus(EVERYTHING, ranges)
    negated = len(outside) < len(ranges) or ranges[-1][1] == _LAST
    if not outside:
        return Class(False, (Shorthand("s", -1, -1), Shorthand("S", -1, -1)), -1, -1)
    return Class(negated, tuple(Range(chr(low), chr(high)) for low, high in (outside if negated else ranges)), -1, -1)


def disjoint(left: Node, right: Node, ignore_case: bool) -> bool:
    """Whether it is certain that no character fits both of two places."""
    one, other = ranges_of(left, ignore_case), ranges_of(right, ignore_case)
    if one is not None and other is not None:
        return not both(one, other)
    for ranges, node in ((one, right), (other, left)):
        if ranges is not None and size(ranges) <= _FEW:
            return not any(holds(node, chr(code), ignore_case) for low, high in ranges for code in range(low, high + 1))
    if isinstance(left, Shorthand) and isinstance(right, Shorthand):
        together = {left.letter, right.letter}
        return together in ({"d", "s"}, {"w", "s"}, {"d", "D"}, {"w", "W"}, {"s", "S"}, {"d", "W"})
    return False


def holds(node: Node | Range, char: str, ignore_case: bool) -> bool:
    """Whether one place may take a character; True when that is not known."""
    if ignore_case and any(holds(node, one, False) for one in {char.lower(), char.upper(), char} if len(one) == 1):
        return True
    match node:
        case Range(low, high):
            return low <= char <= high
        case Class(negated, items):
            if any(isinstance(one, Property) for one in items):
                return True
            return any(holds(one, char, False) for one in items) != negated
        case Shorthand(letter):
            return _is_of(letter.lower(), char) == letter.islower()
        case Property():
            return True
        case _:
            ranges = ranges_of(node)
            return ranges is None or any(low <= ord(char) <= high for low, high in ranges)


def _is_of(letter: str, char: str) -> bool:
    category = unicodedata.category(char)
    if letter == "d":
        return category == "Nd"
    if letter == "w":
        return char == "_" or category[0] in "LMN"
    return category[0] == "Z" or char in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"


def _cased(ranges: Ranges, ignore_case: bool) -> Ranges:
    if not ignore_case:
        return ranges
    cased = (chr(code) for low, high in ranges for code in range(low, min(high, _CASED) + 1))
    others = (other for char in cased for other in (char.lower(), char.upper()) if len(other) == 1)
    return union((*ranges, *((ord(other), ord(other)) for other in others)))
