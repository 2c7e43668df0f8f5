"""Times of day at which nothing may be said, or only then."""

from __future__ import annotations

import re
from typing import Final

from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import numbers, said
from communityrules.tables.drafting.norms import Norm
from communityrules.tables.drafting.phrases import pattern, patterns
from communityrules.tables.drafting.sentence import Reading
from communityrules.tables.making import NOWHERE

#: Words that advise, unless others beside them demand.
SOFT: Final = re.compile(r"避开|避免|不宜|尽量|(?<![a-z])(?:avoid(?:ing)?|away from)(?![a-z])")
FIRM: Final = re.compile(r"应|须|必|不得|严|(?<!建)禁|(?<![a-z])(?:must|has to|have to|shall)(?![a-z])")


def hours(reading: Reading) -> list[Norm]:
    """The quiet hours and opening hours that a sentence names; a `todo` where it does not say from when to when."""
    found: list[Norm] = []
    for looked in patterns("hours", "ranges"):
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
    reading.take(start, end)
    strength = _own_strength(reading, whole)
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


def _own_strength(reading: Reading, whole: tuple[int, int]) -> str | None:
    inside = [one for one in reading.markers() if whole[0] <= one.start < whole[1]]
    return inside[0].strength if inside else None


def _take(reading: Reading, name: str, whole: tuple[int, int]) -> None:
    for match in list(pattern("hours", name).finditer(reading.left, *whole)):
        reading.take(*match.span())
    for match in list(pattern("hours", "rest").finditer(reading.left, *whole)):
        reading.take(*match.span())


def rest_without_clock(reading: Reading, start: int, end: int) -> bool:
    """Whether a stretch speaks of rest hours without a clock."""
    part = reading.left[start:end]
    return pattern("hours", "rest").search(part) is not None
