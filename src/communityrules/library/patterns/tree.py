"""The tree of a pattern. Places are half-open ranges of code points of the pattern as written.

What the linear engine cannot run is in the tree too (`Look`, `Atomic`, `BackReference`, possessive repetition), so that
a refusal can say where it stands and how else to write it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import is_
from typing import Literal

from communityrules.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Char:
    """One character."""

    char: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dot:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shorthand:
    """`\\d`, `\\w`, `\\s` or their opposites; `letter` without the backslash."""

    letter: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Property:
    """`\\p{Han}`, `\\PL`, `[:alpha:]`: as it goes to the engine."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Range:
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Class:
    """`[…]`."""

    negated: bool
    items: tuple[Range | Shorthand | Property, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """`^`, `$`, `\\A`, `\\z`, `\\b`, `\\B`."""

    kind: Literal["^", "$", "\\A", "\\z", "\\b", "\\B"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flags:
    """`(?i)`: flags to the end of the group."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """`(…)`, `(?:…)`, `(?P<name>…)`, `(?i:…)`; `opening` is what goes to the engine, bracket included."""

    opening: str
    inner: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Look:
    ahead: bool
    negated: bool
    inner: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Atomic:
    inner: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BackReference:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """`inner` from `low` to `high` times (None: without end)."""

    inner: Node
    low: int
    high: int | None
    lazy: bool
    possessive: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Node, ...]
    start: int
    end: int


Node = (
    Char | Dot | Shorthand | Property | Class | Anchor | Flags | Group | Look | Atomic | BackReference | Repeat
    | Sequence | Choice
)  # fmt: skip


def walk(tree: Node) -> Iterator[Node]:
    """The node and all below it, in order."""
    rest = [tree]
    while rest:
        one = rest.pop()
        yield one
        match one:
            case Group(inner=inner) | Look(inner=inner) | Atomic(inner=inner) | Repeat(inner=inner):
                rest.append(inner)
            case Sequence(items) | Choice(items):
                rest.extend(reversed(items))


def counted_places(tree: Node) -> int:
    """How many places of one character counted repetitions come to: 100 of `(?:a.){1,50}b`, none of `a+b`."""
    match tree:
        case Repeat(inner=inner, low=low, high=high):
            times = low if high is None else high
            return times * _places(inner) if times > 1 else counted_places(inner)
        case Group(inner=inner) | Look(inner=inner) | Atomic(inner=inner):
            return counted_places(inner)
        case Sequence(items) | Choice(items):
            return sum([counted_places(one) for one in items if one.__class__ is not Char])
        case _:
            return 0


def _places(tree: Node) -> int:
    match tree:
        case Repeat(inner=inner, low=low, high=high):
            return max(1, low if high is None else high) * _places(inner)
        case Group(inner=inner) | Look(inner=inner) | Atomic(inner=inner):
            return _places(inner)
        case Sequence(items) | Choice(items):
            return sum(map(_places, items))
        case Anchor() | Flags():
            return 0
        case _:
            return 1


def replaced(tree: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node, those below first, as `change` gives it. What changed below has no place (-1)."""
    match tree:
        case Group(opening, inner):
            below = replaced(inner, change)
            tree = tree if below is inner else Group(opening, below, -1, -1)
        case Look(ahead, negated, inner):
            below = replaced(inner, change)
            tree = tree if below is inner else Look(ahead, negated, below, -1, -1)
        case Atomic(inner):
            below = replaced(inner, change)
            tree = tree if below is inner else Atomic(below, -1, -1)
        case Repeat(inner, low, high, lazy, possessive):
            below = replaced(inner, change)
            tree = tree if below is inner else Repeat(below, low, high, lazy, possessive, -1, -1)
        case Sequence(items):
            several = tuple(replaced(one, change) for one in items)
            tree = tree if all(map(is_, several, items)) else Sequence(several, -1, -1)
        case Choice(options):
            several = tuple(replaced(one, change) for one in options)
            tree = tree if all(map(is_, several, options)) else Choice(several, -1, -1)
    return change(tree)
