"""Looking around, written in another way.

`(?!cat)c[ao][tb]` finds what `c(?:ab|o[tb])` finds: as long as what a look-around asks for has an end, a pattern
can ask it of its own characters one after another. Where the look-around stands at the edge of the pattern it becomes
part of what is found: `(?<!a)b` is `(?:\\A|[^a])b`.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Items
from itertools import takewhile

from communityrules.library.patterns.charsets import (
    Ranges,
    both,
    class_of,
    disjoint,
    holds,
    minus,
    ranges_of,
    size,
    union,
)
from communityrules.library.patterns.tree import (
    Anchor,
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

#: How many texts a look-around may ask for, how long each, and how large the outcome may grow.
_TEXTS, _LENGTH, _PIECES = 24, 12, 600
#: How many characters of one place are looked at one by one.
_FEW = 256

#: One text that a look-around asks for: place by place; True at its end: nothing may follow.
_Asked = tuple[tuple[Node, ...], bool]


class Inexpressible(Exception):  # noqa: N818 - it says what happened
    """A look-around that cannot be written in another way."""


def without_looks(tree: Node) -> Node:
    """A tree without look-arounds that finds the same texts. Raises `Inexpressible`."""
    flags = "".join(
        one.text if isinstance(one, Flags) else one.opening[2:-1]
        for one in walk(tree)
        if isinstance(one, Flags) or (isinstance(one, Group) and one.opening.endswith(":"))
    )
    found = _Rewriter("i" in flags, "s" in flags, "m" in flags).rewrite(tree, True, True)
    if any(isinstance(one, Look) for one in walk(found)):
        raise Inexpressible
    return found


class _Rewriter:
    def __init__(self, ignore_case: bool, dot_all: bool, lines: bool) -> None:
        self._ignore_case = ignore_case
        self._dot_all = dot_all
        self._lines = lines
        self._pieces = 0

    def rewrite(self, node: Node, begins: bool, ends: bool) -> Node:
        """`begins`, `ends`: whether nothing of the pattern stands before or after the node."""
        if not any(isinstance(one, Look) for one in walk(node)):
            return node
        match node:
            case Group(opening, inner):
                return Group(opening, self.rewrite(inner, begins, ends), -1, -1)
            case Choice(options):
                return Choice(tuple(self.rewrite(one, begins, ends) for one in options), -1, -1)
            case Repeat(inner, low, high, lazy, possessive):
                once = (low, high) == (0, 1)
                return Repeat(self.rewrite(inner, begins and once, ends and once), low, high, lazy, possessive, -1, -1)
            case Sequence(items):
                return self._sequence(list(items), begins, ends)
            case Look():
                return self._sequence([node], begins, ends)
            case _:
                raise Inexpressible

    def _sequence(self, items: list[Node], begins: bool, ends: bool) -> Node:
        items = [_as_anchor(one) for one in items]
        solid = [at for at, one in enumerate(items) if not isinstance(one, Flags)]
        for at, one in enumerate(items):
            if not isinstance(one, Look):
                items[at] = self.rewrite(one, begins and at == solid[0], ends and at == solid[-1])
        for at in range(len(items) - 1, -1, -1):
            one = items[at]
            if isinstance(one, Look) and one.ahead:
                after = self._look(one.inner, one.negated, items[at + 1 :], ends)
                items[at:] = [after]
        at = 0
        while at < len(items):
            one = items[at]
            if isinstance(one, Look):
                opening = list(takewhile(lambda each: isinstance(each, Flags), items[:at]))
                before = [_mirrored(each) for each in reversed(items[len(opening) : at])]
                found = _mirrored(self._look(_mirrored(one.inner), one.negated, before, begins))
                items[: at + 1] = [*opening, found]
                at = len(opening)
            at += 1
        return Sequence(tuple(items), -1, -1)

    def _look(self, inner: Node, negated: bool, rest: list[Node], open_end: bool) -> Node:
        """`rest`, where what follows is, or is not, what a look-ahead asks for."""
        if any(isinstance(one, Look) for one in walk(inner)):
            raise Inexpressible
        asked = self._texts(inner)
        if not negated:
            options = [self._with(places, at_end, rest, open_end) for places, at_end in asked]
            return _choice([one for one in options if one is not None])
        for places, at_end in asked:
            found = self._without(places, at_end, rest, open_end)
            if found is None:
                raise Inexpressible
            rest = [found]
        return _sequence(rest)

    # --- what is asked for -----------------------------------------------------------------------------------

    def _texts(self, inner: Node) -> list[_Asked]:
        """Every text that a look-ahead asks for, without what need not be there at its end."""
        found: list[_Asked] = []
        for places, at_end in self._spelt(_needed(inner)):
            if len(places) > _LENGTH or len(found) >= _TEXTS:
                raise Inexpressible
            if (places, at_end) not in found:
                found.append((places, at_end))
        return found

    def _spelt(self, node: Node) -> list[_Asked]:
        match node:
            case Char() | Class() | Dot() | Shorthand() | Property():
                return [((node,), False)]
            case Anchor("$" | "\\z") if not (self._lines and node.kind == "$"):
                return [((), True)]
            case Group("(" | "(?:", inner):
                return self._spelt(inner)
            case Choice(options):
                return self._few([one for option in options for one in self._spelt(option)])
            case Sequence(items):
                found: list[_Asked] = [((), False)]
                for item in items:
                    tails = self._spelt(item)
                    found = self._few([_joined(head, tail) for head in found for tail in tails])
                return found
            case Repeat(inner, low, int(high)) if high <= _LENGTH:
                several: list[_Asked] = []
                for times in range(low, high + 1):
                    several += self._spelt(Sequence((inner,) * times, -1, -1))
                return self._few(several)
            case _:
                raise Inexpressible

    def _few(self, texts: list[_Asked]) -> list[_Asked]:
        if len(texts) > _TEXTS * 4:
            raise Inexpressible
        return texts

    # --- one text against what follows -----------------------------------------------------------------------

    def _without(self, places: tuple[Node, ...], at_end: bool, rest: Items[Node], open_end: bool) -> Node | None:
        """`rest` where it does not begin with a text; None: never."""
        if not places and not at_end:
            return None
        if not rest:
            return self._nothing_of(places, at_end, open_end)
        return self._step(places, at_end, rest, open_end, negated=True)

    def _with(self, places: tuple[Node, ...], at_end: bool, rest: Items[Node], open_end: bool) -> Node | None:
        """`rest` where it begins with a text; None: never."""
        if not places and not at_end:
            return _sequence(rest)
        if not rest:
            if not open_end:
                raise Inexpressible
            return _sequence([*places, *([_END] if at_end else [])])
        return self._step(places, at_end, rest, open_end, negated=False)

    def _nothing_of(self, places: tuple[Node, ...], at_end: bool, open_end: bool) -> Node:
        """After the pattern: what shows that a text does not stand there."""
        if not open_end:
            raise Inexpressible
        self._count()
        if not places:
            return _ANYTHING
        first, more = places[0], places[1:]
        options: list[Node] = [_END]
        other = self._opposite(first)
        if other is not None:
            options.append(other)
        if more or at_end:
            options.append(_sequence([first, self._nothing_of(more, at_end, True)]))
        return _choice(options)

    def _step(
        self, places: tuple[Node, ...], at_end: bool, rest: Items[Node], open_end: bool, negated: bool
    ) -> Node | None:
        self._count()
        go = self._without if negated else self._with
        first, after = rest[0], list(rest[1:])
        match first:
            case Anchor("$" | "\\z") if places and not (self._lines and first.kind == "$"):
                return _sequence(rest) if negated else None
            case Anchor() | Flags():
                following = go(places, at_end, after, open_end)
                return None if following is None else _sequence([first, following])
            case Group("(" | "(?:", inner):
                return go(places, at_end, [inner, *after], open_end)
            case Sequence(items):
                return go(places, at_end, [*items, *after], open_end)
            case Choice(options):
                found = [go(places, at_end, [one, *after], open_end) for one in options]
                kept = [one for one in found if one is not None]
                return _choice(kept) if kept else None
            case Repeat():
                ways = [go(places, at_end, [*one, *after], open_end) for one in _unrolled(first)]
                kept = [one for one in ways if one is not None]
                return _choice(kept) if kept else None
            case Char() | Class() | Dot() | Shorthand() | Property():
                if not places:
                    # Only the end was asked for, and a character stands here.
                    return _sequence(rest) if negated else None
                return self._place(places, at_end, first, after, open_end, negated)
            case _:
                raise Inexpressible

    def _place(
        self, places: tuple[Node, ...], at_end: bool, first: Node, after: list[Node], open_end: bool, negated: bool
    ) -> Node | None:
        """One place of the pattern against the first of a text."""
        shared, other = self._split(first, places[0], negated)
        options: list[Node] = []
        if shared is not None:
            go = self._without if negated else self._with
            following = go(places[1:], at_end, after, open_end)
            if following is not None:
                options.append(_sequence([shared, following]))
        if negated and other is not None:
            options.append(_sequence([other, *after]))
        return _choice(options) if options else None

    # --- characters ------------------------------------------------------------------------------------------

    def _ranges(self, node: Node) -> Ranges | None:
        return ranges_of(node, self._ignore_case, self._dot_all)

    def _split(self, mine: Node, asked: Node, negated: bool) -> tuple[Node | None, Node | None]:
        """What a place takes of what is asked for, and, of use where that is negated, what it takes besides."""
        one, other = self._ranges(mine), self._ranges(asked)
        if one is not None and other is None and _is_known(asked) and size(one) <= _FEW:
            other = union((code, code) for code in _codes(one) if holds(asked, chr(code), self._ignore_case))
        if one is None or other is None:
            if _same(mine, asked):
                return mine, None
            if disjoint(mine, asked, self._ignore_case):
                return None, mine
            if other is not None and not negated and _is_known(mine) and size(other) <= _FEW:
                shared = union((code, code) for code in _codes(other) if holds(mine, chr(code), self._ignore_case))
                return class_of(shared), None
            raise Inexpressible
        inside, outside = both(one, other), minus(one, other)
        return (
            None if not inside else class_of(inside) if outside else mine,
            None if not outside else class_of(outside) if inside else mine,
        )

    def _opposite(self, node: Node) -> Node | None:
        """The class of every other character; None when there is none."""
        match node:
            case Shorthand(letter):
                return Shorthand(letter.swapcase(), -1, -1)
            case Property(text) if text[:2] in ("\\p", "\\P"):
                return Property(f"\\{text[1].swapcase()}{text[2:]}", -1, -1)
            case Class(negated, items):
                return Class(not negated, items, -1, -1)
        ranges = self._ranges(node)
        if ranges is None:
            raise Inexpressible
        outside = minus(((0, 0x10FFFF),), ranges)
        return class_of(outside) if outside else None

    def _count(self) -> None:
        self._pieces += 1
        if self._pieces > _PIECES:
            raise Inexpressible


_END = Anchor("\\z", -1, -1)
_ANYTHING = Class(False, (Shorthand("s", -1, -1), Shorthand("S", -1, -1)), -1, -1)


def _as_anchor(node: Node) -> Node:
    """`(?=\\b)` is `\\b`, whichever way it looks."""
    match node:
        case Look(_, negated, Sequence((Anchor(kind),))) if not negated:
            return Anchor(kind, -1, -1)
        case Look(_, _, Sequence((Anchor("\\b" | "\\B" as kind),))):
            return Anchor("\\B" if kind == "\\b" else "\\b", -1, -1)
        case _:
            return node


def _sequence(items: Items[Node]) -> Node:
    return items[0] if len(items) == 1 else Sequence(tuple(items), -1, -1)


def _choice(options: Items[Node]) -> Node:
    if not options:
        raise Inexpressible
    return options[0] if len(options) == 1 else Group("(?:", Choice(tuple(options), -1, -1), -1, -1)


def _joined(head: _Asked, tail: _Asked) -> _Asked:
    if head[1] and tail[0]:
        raise Inexpressible
    return (*head[0], *tail[0]), head[1] or tail[1]


def _needed(node: Node) -> Node:
    """A look-ahead without what need not be there at its end: `x\\d*` asks for no more than `x`."""
    match node:
        case Group("(" | "(?:" as opening, inner):
            return Group(opening, _needed(inner), -1, -1)
        case Choice(options):
            return Choice(tuple(map(_needed, options)), -1, -1)
        case Repeat(inner, low) if low > 0:
            return Sequence((*((inner,) * (low - 1)), _needed(inner)), -1, -1) if low <= _LENGTH else node
        case Sequence(items):
            kept = list(items)
            while kept and isinstance(kept[-1], Repeat) and kept[-1].low == 0:
                kept.pop()
            if kept:
                kept[-1] = _needed(kept[-1])
            return Sequence(tuple(kept), -1, -1)
        case _:
            return node


def _unrolled(node: Repeat) -> list[list[Node]]:
    """The ways to go through a repetition, its first round apart."""
    inner, low, high = node.inner, node.low, node.high
    if high == 0:
        return [[]]
    if _may_be_empty(inner):
        raise Inexpressible
    fewer = None if high is None else high - 1
    again = Repeat(inner, max(low - 1, 0), fewer, node.lazy, False, -1, -1)
    more: list[Node] = [inner] if fewer == 0 else [inner, again]
    if low:
        return [more]
    return [[], more] if node.lazy else [more, []]


def _may_be_empty(node: Node) -> bool:
    match node:
        case Group(inner=inner):
            return _may_be_empty(inner)
        case Repeat(inner, low):
            return low == 0 or _may_be_empty(inner)
        case Sequence(items):
            return all(map(_may_be_empty, items))
        case Choice(options):
            return any(map(_may_be_empty, options))
        case Char() | Class() | Dot() | Shorthand() | Property():
            return False
        case _:
            return True


_MIRROR: dict[str, Anchor] = {
    "^": Anchor("$", -1, -1), "$": Anchor("^", -1, -1), "\\A": Anchor("\\z", -1, -1), "\\z": Anchor("\\A", -1, -1),
}  # fmt: skip


def _mirrored(node: Node) -> Node:
    """The node read from right to left."""
    match node:
        case Sequence(items):
            return Sequence(tuple(_mirrored(one) for one in reversed(items)), -1, -1)
        case Choice(options):
            return Choice(tuple(map(_mirrored, options)), -1, -1)
        case Group(opening, inner):
            return Group(opening, _mirrored(inner), -1, -1)
        case Repeat(inner, low, high, lazy, possessive):
            return Repeat(_mirrored(inner), low, high, lazy, possessive, -1, -1)
        case Anchor(kind):
            return _MIRROR.get(kind, node)
        case Char() | Class() | Dot() | Shorthand() | Property():
            return node
        case _:
            raise Inexpressible


def _codes(ranges: Ranges) -> Iterator[int]:
    for low, high in ranges:
        yield from range(low, high + 1)


def _is_known(node: Node) -> bool:
    """Whether it can be told of any character that it fits."""
    if isinstance(node, Class):
        return not any(isinstance(one, Property) for one in node.items)
    return not isinstance(node, Property)


def _same(one: Node, other: Node) -> bool:
    match one, other:
        case (Shorthand(mine), Shorthand(yours)) | (Property(mine), Property(yours)):
            return mine == yours
        case (Class(negated, items), Class(other_negated, others)):
            return negated == other_negated and list(map(_plain, items)) == list(map(_plain, others))
        case _:
            return False


def _plain(item: Range | Shorthand | Property) -> object:
    match item:
        case Range(low, high):
            return low, high
        case Shorthand(letter):
            return letter
        case Property(text):
            return text
