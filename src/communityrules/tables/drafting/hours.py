"""Times of day at which nothing may be said, or only then."""

from __future__ import annotations

import re
from typing import Final

from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import numbers, said
from communityrules.tables.drafting.norms import Norm
from communityrules.tables.drafting.phrases import pattern
from communityrules.tables.drafting.sentence import Reading
from communityrules.tables.making import NOWHERE

#: Words that advise, unless others beside them demand.
SOFT: Final = re.compile(r"避开|避免|不宜|尽量|(?<![a-z])(?:avoid(?:ing)?|away from)(?![a-z])")
#: Every time of day has one of these.
_CLOCK: Final = re.compile(r":\s*[0-9]|点|(?<!小)时|正午|[ap]\.?m|o'clock|midnight|noon|at night|in the")
_NAMELY: Final = re.compile(
    r"即为?|也就是|就是|具体为|为|(?<![a-z])(?:that is|that means|namely|i\.e\.|meaning|from)(?![a-z])"
)
_LETTER: Final = re.compile(r"[^\W_]")
FIRM: Final = re.compile(r"应|须|必|不得|严|(?<!建)禁|(?<![a-z])(?:must|has to|have to|shall)(?![a-z])")


def hours(reading: Reading) -> list[Norm]:
    """The quiet hours and opening hours that a sentence names; a `todo` where it does not say from when to when."""
    found: list[Norm] = []
    lines = pattern("hours", "ranges").lines(reading.held)
    if not lines or not _CLOCK.search(reading.left):
        return found
    for looked in lines:
        match = looked.search(reading.left)
        while match is not None:
            norm = _range(reading, match)
            if norm is None:
                break
            found.append(norm)
            match = looked.search(reading.left)
    return found


def _range(reading: Reading, match: re.Match[str]) -> Norm | None:
    first, last = numbers.time_of_day(match["from"]), numbers.time_of_day(match["to"])
    if first is None or last is None:
        return None
    start, end = match.span()
    whole = reading.segment(start)
    around = reading.sentence.even[whole[0] : whole[1]]
    last, sure = _after(first, last)
    quiet = pattern("hours", "quiet").search(around) is not None
    opened = pattern("hours", "open").search(around) is not None
    if not quiet and not opened and not _LETTER.search(_NAMELY.sub("", reading.sentence.even[whole[0] : start])):
        # Not in rest hours, that is from 22:00 to 08:00.
        before = reading.sentence.even[: whole[0]].rstrip(" ,")
        named = list(pattern("hours", "rest").finditer(before[-24:]))
        quiet = bool(named) and named[-1].end() == len(before[-24:])
    reading.take(start, end)
    strength = _own_strength(reading, whole, start)
    if strength == "must_not" or strength == "advise_not":
        # 不得只在… says nothing that can be read safely.
        opened = False
        quiet = True
    elif quiet and opened:
        opened = pattern("hours", "quiet").search(around) is None
        quiet = not opened
    if not sure or quiet == opened or first[0] % 1440 == last[0] % 1440:
        words = reading.said(*whole)
        reading.take(*whole)
        return Norm("todo", words, why=said.NO_HOURS)
    words = reading.said(*whole)
    _take(reading, "quiet" if quiet else "open", (0, len(reading.left)) if quiet else whole)
    low, high = first[0] % 1440, last[0] if last[0] else 1440
    span = (tree.TimeOfDay(low, NOWHERE), tree.TimeOfDay(high, NOWHERE))
    time = making.path("event.time")
    condition = making.predicate(time, "between" if quiet else "outside", *span)
    norm = Norm("message", words, events=("message",), condition=condition)
    if SOFT.search(around) and not FIRM.search(around):
        norm.strength = "should"
    return norm


def _after(first: tuple[int, bool], last: tuple[int, bool]) -> tuple[tuple[int, bool], bool]:
    """The second time in the light of the first, and whether both are sure: from ten in the evening until eight means
    eight in the morning, from two in the afternoon until five means five in the afternoon."""
    if not first[1]:
        return last, False
    if last[1]:
        return last, True
    if first[0] >= 18 * 60:
        return last, last[0] <= 12 * 60
    if first[0] >= 12 * 60:
        later = last[0] + 12 * 60
        return (later, True), first[0] < later < 24 * 60
    return last, last[0] > first[0]


def _own_strength(reading: Reading, whole: tuple[int, int], place: int) -> str | None:
    """The nearest word of strength before a place in its stretch, else the first of the stretch."""
    inside = [one for one in reading.markers() if whole[0] <= one.start < whole[1]]
    before = [one for one in inside if one.end <= place]
    return before[-1].strength if before else inside[0].strength if inside else None


def _take(reading: Reading, name: str, whole: tuple[int, int]) -> None:
    for match in list(pattern("hours", name).finditer(reading.left, *whole, held=reading.held)):
        reading.take(*match.span())
    for match in list(pattern("hours", "rest").finditer(reading.left, *whole, held=reading.held)):
        reading.take(*match.span())


def rest_without_clock(reading: Reading, start: int, end: int) -> bool:
    """Whether a stretch speaks of rest hours without a clock."""
    return pattern("hours", "rest").found_in(reading.left[start:end], held=reading.held)
