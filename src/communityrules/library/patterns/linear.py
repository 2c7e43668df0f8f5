"""What cannot run in linear time, or never fits: refused, with another way to write it where there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from communityrules.library.patterns.advice import advice
from communityrules.library.patterns.boundaries import beside_spaced, wide_boundaries
from communityrules.library.patterns.harmless import harmless
from communityrules.library.patterns.looks import Inexpressible, without_looks
from communityrules.library.patterns.refusals import PatternRefused
from communityrules.library.patterns.spelling import spell
from communityrules.library.patterns.tree import (
    Anchor,
    Atomic,
    BackReference,
    Look,
    Node,
    Repeat,
    Sequence,
    Shorthand,
    replaced,
    walk,
)

#: Without any of these a pattern holds nothing that could be refused: groups with a question mark, an escaped letter
#: or digit that is no class, a repetition with a plus.
_SUSPICIOUS: Final = re.compile(r"\(\?|\\[^dDsSwW\W_]|[*+?}]\+")


def refuse(pattern: str, tree: Node) -> None:
    """Raise `PatternRefused` for the first thing in the tree that a linear engine cannot run."""
    if _SUSPICIOUS.search(pattern) is None:
        return
    offending = sorted(_offending(tree), key=lambda one: one[1])
    if offending:
        reason, start, end = offending[0]
        rewrite = _rewrite(pattern, tree)
        raise PatternRefused(reason, start, end, rewrite, None if rewrite else advice(pattern, tree, reason))


def _offending(tree: Node) -> Iterator[tuple[str, int, int]]:
    allowed = harmless(tree)
    for node in walk(tree):
        match node:
            case Look(ahead=True):
                yield "look_ahead", node.start, node.end
            case Look():
                yield "look_behind", node.start, node.end
            case Atomic() if node not in allowed:
                yield "atomic_group", node.start, node.end
            case BackReference():
                yield "back_reference", node.start, node.end
            case Repeat(possessive=True) if node not in allowed:
                yield "possessive", node.end - 1, node.end
    for anchor in wide_boundaries(tree):
        yield "boundary_beside_wide", anchor.start, anchor.end


def _rewrite(pattern: str, tree: Node) -> str | None:
    """The pattern in another way that can run; None where there is none that finds the same texts."""
    allowed = harmless(tree)
    for node in walk(tree):
        if isinstance(node, BackReference):
            return None
        if (isinstance(node, Atomic) or (isinstance(node, Repeat) and node.possessive)) and node not in allowed:
            return None
    wide = {one.start: one for one in wide_boundaries(tree)}
    if any(one.kind == "\\B" for one in wide.values()):
        # Beside Han it asks for another letter, so without it the pattern would find more.
        return None
    edges = {start: beside_spaced(tree, anchor) for start, anchor in wide.items()}
    tree = replaced(tree, lambda node: _edge(node, edges) if isinstance(node, Anchor) and node.start in wide else node)
    try:
        return spell(without_looks(tree), pattern)
    except Inexpressible:
        return None


def _edge(anchor: Anchor, edges: dict[int, str]) -> Node:
    """What stands for a boundary beside wide letters: nothing beside Han, which has no words between spaces; else the
    edge of a word in any script."""
    side = edges[anchor.start]
    if not side:
        return Sequence((), -1, -1)
    return Look(side == "left", True, Shorthand("w", -1, -1), -1, -1)
