"""Atomic groups and possessive repetition that change nothing.

Writers copy `\\d++元` and `(?>foo|bar)` from engines that go back over what they found, where it saves time. Where
going back could find nothing more anyway they mean the same as `\\d+元` and `(?:foo|bar)`, and are taken as that.
"""

from __future__ import annotations

from communityrules.library.patterns.charsets import disjoint
from communityrules.library.patterns.tree import (
    Anchor,
    Atomic,
    Char,
    Choice,
    Class,
    Dot,
    Flags,
    Group,
    Node,
    Property,
    Repeat,
    Sequence,
    Shorthand,
    walk,
)

_PLACES = (Char, Class, Dot, Shorthand, Property)


def harmless(tree: Node) -> frozenset[Node]:
    """The atomic groups and possessive repetitions of a tree that may be taken as plain ones."""
    nodes = [one for one in walk(tree) if isinstance(one, Atomic) or (isinstance(one, Repeat) and one.possessive)]
    if not nodes:
        return frozenset()
    search = _Search(any(isinstance(one, Flags) or _has_flags(one) for one in walk(tree)))
    search.look(tree, [], True)
    return frozenset(search.found)


def _has_flags(node: Node) -> bool:
    return isinstance(node, Group) and node.opening not in ("(", "(?:")


class _Search:
    def __init__(self, ignore_case: bool) -> None:
        self.found: list[Node] = []
        self._ignore_case = ignore_case

    def look(self, node: Node, after: list[Node], ends: bool) -> None:
        """`after`: what follows the node in the pattern, up to where that is not known; `ends`: whether that is all."""
        match node:
            case Sequence(items):
                for at, one in enumerate(items):
                    self.look(one, [*items[at + 1 :], *after], ends)
            case Choice(options):
                for one in options:
                    self.look(one, after, ends)
            case Group(inner=inner):
                self.look(inner, after, ends)
            case Repeat(inner=inner):
                if node.possessive and self._gives_nothing_back(node, after, ends):
                    self.found.append(node)
                if (node.low, node.high) in ((0, 1), (1, 1)):
                    self.look(inner, after, ends)
                else:
                    self.look(inner, [], False)
            case Atomic(inner=inner):
                if self._one_way(inner, after, ends):
                    self.found.append(node)
                self.look(inner, after, ends)

    def _one_way(self, node: Node, after: list[Node], ends: bool) -> bool:
        """Whether what stands in an atomic group fits in one way only, or any other way could not go on."""
        if ends and not after:
            return True
        if self._fixed(node):
            return True
        items = node.items if isinstance(node, Sequence) else (node,)
        last = items[-1] if items else None
        if not all(map(self._fixed, items[:-1])) or not isinstance(last, Repeat) or last.lazy:
            return False
        return self._gives_nothing_back(last, after, ends)

    def _gives_nothing_back(self, node: Repeat, after: list[Node], ends: bool) -> bool:
        if node.low == node.high and self._fixed(node.inner):
            return True
        if not after:
            return ends
        if not self._fixed(node.inner):
            return False
        mine, following = _first(node.inner), _first_of(after, ends)
        if mine is None or following is None:
            return False
        return all(disjoint(one, other, self._ignore_case) for one in mine for other in following)

    def _fixed(self, node: Node) -> bool:
        """Whether a node fits in at most one way from any place."""
        match node:
            case Sequence(items):
                return all(map(self._fixed, items))
            case Group(inner=inner):
                return self._fixed(inner)
            case Repeat(inner, low, high):
                return low == high and self._fixed(inner)
            case Choice(options):
                firsts = [_first(one) for one in options]
                if not all(map(self._fixed, options)) or any(first is None for first in firsts):
                    return False
                return all(
                    disjoint(one, other, self._ignore_case)
                    for at, mine in enumerate(firsts)
                    for yours in firsts[at + 1 :]
                    for one in mine or ()
                    for other in yours or ()
                )
            case _:
                return isinstance(node, _PLACES)


def _first(node: Node) -> list[Node] | None:
    """The places that a node may begin with; None when it may be empty or that is not known."""
    return _first_of([node], False)


def _first_of(nodes: list[Node], ends: bool) -> list[Node] | None:
    found: list[Node] = []
    for node in nodes:
        match node:
            case Sequence(items):
                rest = nodes[nodes.index(node) + 1 :]
                following = _first_of([*items, *rest], ends)
                return None if following is None else [*found, *following]
            case Group("(" | "(?:", inner) | Atomic(inner):
                following = _first(inner)
                if following is None:
                    return None
                return [*found, *following]
            case Choice(options):
                for one in options:
                    following = _first(one)
                    if following is None:
                        return None
                    found += following
                return found
            case Repeat(inner, low):
                following = _first(inner)
                if following is None:
                    return None
                found += following
                if low:
                    return found
            case Anchor("\\z"):
                return found
            case _ if isinstance(node, _PLACES):
                return [*found, node]
            case _:
                return None
    # All may be empty: then the pattern is found whatever follows, if this is where it ends.
    return found if ends else None
