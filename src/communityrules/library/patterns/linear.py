"""What cannot run in linear time, or never fits: refused, with another way to write it where there is one."""

from __future__ import annotations

from collections.abc import Iterator

from communityrules.library.patterns.refusals import PatternRefused
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


def refuse(pattern: str, tree: Node) -> None:
    """Raise `PatternRefused` for the first thing in the tree that a linear engine cannot run."""
    offending = sorted(_offending(tree), key=lambda one: one[1])
    if not offending:
        return
    reason, start, end = offending[0]
    edits = [edit for one in offending if (edit := _edit(pattern, tree, *one)) is not None]
    raise PatternRefused(reason, start, end, _apply(pattern, edits) if len(edits) == len(offending) else None)


def _offending(tree: Node) -> Iterator[tuple[str, int, int]]:
    for node in walk(tree):
        match node:
            case Look(ahead=True):
                yield "look_ahead", node.start, node.end
            case Look():
                yield "look_behind", node.start, node.end
            case Atomic():
                yield "atomic_group", node.start, node.end
            case BackReference():
                yield "back_reference", node.start, node.end
            case Repeat(possessive=True):
                yield "possessive", node.end - 1, node.end
    for anchor in _wide_boundaries(tree, False, False):
        yield "boundary_beside_wide", anchor.start, anchor.end


def _edit(pattern: str, tree: Node, reason: str, start: int, end: int) -> tuple[int, int, str] | None:
    """The edit that takes one offence away, if there is one that finds the same texts."""
    if reason in ("possessive", "boundary_beside_wide"):
        return start, end, ""
    if reason == "atomic_group":
        return start, start + 3, "(?:"
    if reason == "back_reference" or not isinstance(tree, Sequence):
        return None
    items = [one for one in tree.items if not isinstance(one, Flags)]
    edge = items[-1] if reason == "look_ahead" else items[0]
    if not isinstance(edge, Look) or edge.start != start:
        return None
    inner = pattern[edge.inner.start : edge.inner.end]
    if not edge.negated:
        return start, end, f"(?:{inner})"
    opposite = _opposite(pattern, edge.inner)
    if opposite is None:
        return None
    return start, end, f"(?:{opposite}|$)" if edge.ahead else f"(?:^|{opposite})"


def _opposite(pattern: str, node: Node) -> str | None:
    """The class of every other character, for what is exactly one character."""
    match node:
        case Sequence((one,)):
            return _opposite(pattern, one)
        case Shorthand(letter):
            return f"\\{letter.swapcase()}"
        case Char():
            return f"[^{pattern[node.start : node.end]}]" if node.char not in "^]" else None
        case Class(negated):
            inside = pattern[node.start + 1 + negated : node.end - 1]
            return f"[{inside}]" if negated else f"[^{inside}]"
        case _:
            return None


def _apply(pattern: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, text in sorted(edits, reverse=True):
        pattern = pattern[:start] + text + pattern[end:]
    return pattern


# --- boundaries -------------------------------------------------------------------------------------------------


def _wide_boundaries(node: Node, before: bool, after: bool) -> Iterator[Anchor]:
    """Boundaries right beside a wide letter. `before` and `after`: whether one may stand on that side of the node."""
    match node:
        case Anchor("\\b" | "\\B"):
            if before or after:
                yield node
        case Group(inner=inner) | Look(inner=inner) | Atomic(inner=inner):
            yield from _wide_boundaries(inner, before, after)
        case Repeat(inner=inner):
            again = node.high != 1
            left = before or (again and _edge(inner, -1)[0])
            yield from _wide_boundaries(inner, left, after or (again and _edge(inner, 1)[0]))
        case Choice(options):
            for one in options:
                yield from _wide_boundaries(one, before, after)
        case Sequence(items):
            edges = [(_edge(one, 1), _edge(one, -1)) for one in items]
            right = [after] * len(items)
            for at in range(len(items) - 2, -1, -1):
                wide, empty = edges[at + 1][0]
                right[at] = wide or (empty and right[at + 1])
            left = before
            for at, one in enumerate(items):
                yield from _wide_boundaries(one, left, right[at])
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
