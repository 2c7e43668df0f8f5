"""Sets of rules as masks: integers in which each rule has a bit.

A table tells, for the value of one field, exactly the rules that it leaves possible. Tables are kept small: where there
would be too many masks, some are worked out when they are asked for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from communityrules.compiler.splits import Other, Split, Test, points, tester
from communityrules.library.fold import fold_short

#: How many masks one table keeps at most, beside those that it remembers.
MOST: Final = 512
#: How many values a table remembers beside, and how long, in code points, those may be that are texts.
_REMEMBERED: Final = 4096
_SHORT: Final = 40


def mask_of(bits: Iterable[int]) -> int:
    """The mask in which these bits are set."""
    listed = list(bits)
    if len(listed) < 2:
        return 1 << listed[0] if listed else 0
    found = bytearray((max(listed) >> 3) + 1)
    for bit in listed:
        found[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(found, "little")


def inside_and_outside(asked: Iterable[tuple[int, bool]]) -> tuple[int, int]:
    """The masks of the bits that want somebody to be in a group, and of those that want them not to be."""
    every = list(asked)
    return mask_of(bit for bit, inside in every if inside), mask_of(bit for bit, inside in every if not inside)


def bits_of(mask: int) -> list[int]:
    """The bits that are set, from the lowest."""
    found: list[int] = []
    # From the highest: what is left gets shorter.
    while mask:
        top = mask.bit_length() - 1
        found.append(top)
        mask ^= 1 << top
    found.reverse()
    return found


#: What is asked of one value, each test with the bits of the rules that ask it: no rule is in it twice.
Asked = Sequence[tuple[Test, list[int]]]


def alike(splits: Iterable[tuple[int, Split]]) -> Asked:
    """Conditions on one value, each by the bit of its rule, with those together that ask the same."""
    of_rule: dict[int, Test] = {}
    several: dict[int, list[Test]] = {}
    for bit, split in splits:
        if bit in of_rule:
            several.setdefault(bit, [of_rule[bit]]).append(split.test)
        else:
            of_rule[bit] = split.test
    for bit, tests in several.items():
        of_rule[bit] = ("all", tuple(tests))
    found: dict[Test, list[int]] = {}
    for bit, test in of_rule.items():
        found.setdefault(test, []).append(bit)
    return list(found.items())


class Table(dict[Any, int]):
    """The masks that some values leave."""

    #: How many rules are left of most values.
    left: int


class Named(Table):
    """A table of values of one class that are told apart by name: what is not in it is none of them. TypeError for
    what is of another class."""

    def __init__(self, everyone: int, asked: Asked, of: type = str) -> None:
        super().__init__()
        self._of = of
        #: By a point the bits that it loses or gains over any other value.
        left_out: dict[Any, list[int]] = {}
        gained: dict[Any, list[int]] = {}
        others: list[int] = []
        nothing: list[int] = []
        other = Other()
        for test, bits in asked:
            holds = tester(test)
            if not holds(None):
                nothing += bits
            as_others = holds(other)
            if not as_others:
                others += bits
            changed = left_out if as_others else gained
            for point in dict.fromkeys(points(test)):
                if holds(point) is not as_others:
                    changed.setdefault(point, []).extend(bits)
        self._others = everyone & ~mask_of(others)
        self.left = self._others.bit_count()
        named = dict.fromkeys((*left_out, *gained))
        #: What a value loses and gains, where there are too many values to keep a mask for each.
        self._rare: dict[Any, tuple[Sequence[int], Sequence[int]]] = {}
        if len(named) > MOST:
            self._rare = {point: (left_out.get(point, ()), gained.get(point, ())) for point in named}
        else:
            for point in named:
                mask = self._others | mask_of(gained.get(point, ()))
                self[point] = mask & ~mask_of(left_out.get(point, ()))
        self[None] = everyone & ~mask_of(nothing)

    def __missing__(self, value: Any) -> int:
        if value.__class__ is not self._of:
            raise TypeError("a value of another type than the event promised")
        changed = self._rare.get(value)
        if changed is None:
            return self._others
        mask = (self._others | mask_of(changed[1])) & ~mask_of(changed[0])
        if len(self) <= MOST:
            self[value] = mask
        return mask


class Folding(Named):
    """A table of names that are told apart folded. Those that come again are remembered."""

    def __missing__(self, value: Any) -> int:
        if value.__class__ is not str:
            raise TypeError("a value of another type than the event promised")
        folded = fold_short(value)
        mask = self.get(folded)
        if mask is None:
            mask = super().__missing__(folded)
        if len(value) <= _SHORT and len(self) < (MOST if self._rare else _REMEMBERED):
            self[value] = mask
        return mask


class Items(Table):
    """A table of lists of texts, which are told apart by what they hold. TypeError for what is no such list. Those that
    come again are remembered: roles do."""

    def __init__(self, everyone: int, asked: Asked, folded: bool) -> None:
        super().__init__()
        self._look: Callable[[str], str] = fold_short if folded else str
        #: Each test with its bits, and by an item the places of those that ask for it.
        self._tests = [(tester(test), mask_of(bits)) for test, bits in asked]
        self._asked: dict[str, list[int]] = {}
        for place, (test, _) in enumerate(asked):
            for point in dict.fromkeys(points(test)):
                self._asked.setdefault(point, []).append(place)
        for value in (None, ()):
            self[value] = everyone & ~sum(mask for holds, mask in self._tests if not holds(value))
        self.left = self[()].bit_count()

    def __missing__(self, items: Any) -> int:
        if items.__class__ is not tuple or any(one.__class__ is not str for one in items):
            raise TypeError("a list of another type than the event promised")
        mask = self[()]
        for place in {place for one in items for place in self._asked.get(self._look(one), ())}:
            holds, bits = self._tests[place]
            mask = mask | bits if holds(items) else mask & ~bits
        if len(self) < _REMEMBERED:
            self[items] = mask
        return mask


class Ordered(Table):
    """A table of numbers, which are told apart by where they stand between the points of the rules."""

    def __init__(self, everyone: int, asked: Asked, between: Callable[[Any, Any], Any]) -> None:
        """`between`: a value between two points, or below the first or above the last where the other is None."""
        super().__init__()
        self._points: list[Any] = sorted({point for test, _ in asked for point in points(test)})
        # One entry for each point and one for each stretch between two: an entry's mask is the one before it with
        # the bits turned that change there.
        turned: dict[int, list[int]] = {}
        first: list[int] = []
        nothing: list[int] = []
        place = {point: at for at, point in enumerate(self._points)}
        for test, bits in asked:
            tested = tester(test)
            if not tested(None):
                nothing += bits
            own = sorted(set(points(test)))
            holds = tested(between(None, own[0]) if own else Other())
            if not holds:
                first += bits
            for point, after in pairwise((*own, None)):
                at = 2 * place[point]
                for entry, value in ((at + 1, point), (at + 2, between(point, after))):
                    if tested(value) != holds:
                        holds = not holds
                        turned.setdefault(entry, []).extend(bits)
        self[None] = everyone & ~mask_of(nothing)
        mask = everyone & ~mask_of(first)
        entries = 2 * len(self._points) + 1
        #: So many entries there are for one mask that is kept: that of the first of them.
        self._size = -(-entries // MOST)
        self._masks: list[int] = []
        for entry in range(entries):
            if entry in turned:
                mask ^= mask_of(turned[entry])
            if entry % self._size == 0:
                self._masks.append(mask)
        #: What turns behind those, and the entries that were asked for.
        self._turned = turned if self._size > 1 else {}
        self._between: dict[int, int] = {}
        self.left = sum(one.bit_count() for one in self._masks) // len(self._masks)

    def __missing__(self, value: Any) -> int:
        points = self._points
        if value != value:  # only what is no number is not itself
            raise TypeError("not a number")
        entry = bisect_left(points, value) + bisect_right(points, value)
        mask = self._masks[entry] if self._size == 1 else self._of_entry(entry)
        if len(self) < (_REMEMBERED if self._size == 1 else MOST):
            self[value] = mask
        return mask

    def _of_entry(self, entry: int) -> int:
        """The mask of an entry, where not all are kept."""
        mask = self._between.get(entry)
        if mask is None:
            kept, behind = divmod(entry, self._size)
            mask = self._masks[kept]
            for one in range(entry - behind + 1, entry + 1):
                if one in self._turned:
                    mask ^= mask_of(self._turned[one])
            if len(self._between) >= MOST:
                self._between.clear()
            self._between[entry] = mask
        return mask


class Lists(dict[Any, bool]):
    """Lists whose items are all of some classes. TypeError for any other; those that come again are remembered."""

    def __init__(self, classes: tuple[type, ...]) -> None:
        super().__init__()
        self._classes = classes

    def __missing__(self, items: Any) -> bool:
        if items is not None and (
            items.__class__ is not tuple or any(one.__class__ not in self._classes for one in items)
        ):
            raise TypeError("a list of another type than the event promised")
        if len(self) < _REMEMBERED:
            self[items] = True
        return True


def between_numbers(low: Any, high: Any) -> Any:
    """A number between two, or one below or above."""
    if low.__class__ is int and high.__class__ is int and low + 1 < high:
        return low + 1
    if low is None:
        if high.__class__ is int:
            return high - 1
        # Exactly: a decimal is rounded to 28 digits.
        return Fraction(high) - 1
    if high is None:
        return low + 1 if low.__class__ is int else Fraction(low) + 1
    return (Fraction(low) + Fraction(high)) / 2


def between_dates(low: date | None, high: date | None) -> date | None:
    """A day between two, or one before or after; where there is none, one of the two, which changes nothing."""
    if low is None:
        return high if high is None or high == date.min else high - timedelta(days=1)
    if high is None:
        return low if low == date.max else low + timedelta(days=1)
    return low + (high - low) // 2
