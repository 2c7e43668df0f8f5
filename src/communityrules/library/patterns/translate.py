"""A pattern's tree to the engine's own syntax, and what else can be read off the tree.

`\\d`, `\\w` and `\\s` are those of Unicode: full-width digits, Han and ideographic spaces belong. `\\b` is the edge
of a Latin word: between one of `A-Z a-z 0-9 _` and anything else, Han included, so that `\\bvip\\b` is in `加vip群`.
"""

from __future__ import annotations

from collections.abc import Iterator

from communityrules.library.fold import fold_text
from communityrules.library.patterns.refusals import PatternRefused
from communityrules.library.patterns.syntax import (
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
    """The engine's spelling of a tree that `refuse` let pass."""
    match tree:
        case Char(char):
            return _char(char)
        case Dot():
            return "."
        case Shorthand(letter):
            return _OUTSIDE[letter]
        case Property(text) | Anchor(text):
            return text
        case Class(negated, items):
            return f"[{'^' if negated else ''}{''.join(map(_item, items))}]"
        case Flags(text):
            return f"(?{text})"
        case Group(opening, inner):
            return f"{opening}{translate(inner)})"
        case Repeat(inner, low, high, lazy):
            return f"{translate(inner)}{_count(low, high)}{'?' if lazy else ''}"
        case Sequence(items):
            return "".join(map(translate, items))
        case Choice(options):
            return "|".join(map(translate, options))
        case Look() | Atomic() | BackReference():
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
            return text


# --- what cannot run -----------------------------------------------------------------------------------------


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


def walk(tree: Node) -> Iterator[Node]:
    """The node and all below it, in order."""
    yield tree
    match tree:
        case Group(inner=inner) | Look(inner=inner) | Atomic(inner=inner) | Repeat(inner=inner):
            yield from walk(inner)
        case Sequence(items) | Choice(items):
            for one in items:
                yield from walk(one)


# --- boundaries ----------------------------------------------------------------------------------------------


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


# --- literals ------------------------------------------------------------------------------------------------

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
