"""Working time: counting only the hours that a calendar works.

A calendar names worked hours for each day of the week, regions whose public holidays and make-up working days it
follows, and days of its own that are off or worked after all. On a date, what says most about it decides: the
calendar's own worked days, then its own days off, then the region, then the week. A day that is worked after all
although its weekday has no hours has those of the first weekday that has some.

An instant is worked when the clock of the zone then shows a worked time, so that a repeated hour counts twice and a
skipped one not at all. Hours that end at or before they begin run on into the next day and belong to the day on which
they begin. Public holidays of China come from the `chinesecalendar` package; a year that it does not know is an error
and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Protocol

from communityrules.library.zones import Zone, micros, zone
from communityrules.model.values import DAY, MINUTE

#: Regions whose holidays are known.
REGIONS: Final = ("CN",)
#: How far ahead a deadline is looked for.
_HORIZON: Final = timedelta(days=3653)
_ONE_DAY: Final = timedelta(days=1)


class Calendar(Protocol):
    """What is worked. `checker.checked.WorkCalendar` is one."""

    @property
    def week(self) -> Sequence[Sequence[tuple[int, int]]]:
        """Seven entries from Monday: worked ranges `[start, end)` in minutes of the day, 0 to 1440."""

    @property
    def regions(self) -> Sequence[str]:
        """Regions whose public holidays are kept; of `REGIONS`."""

    @property
    def holidays(self) -> Sequence[date]:
        """Days off of its own."""

    @property
    def workdays(self) -> Sequence[date]:
        """Days worked after all."""


class UnknownYear(LookupError):  # noqa: N818 - what is unknown, not that something went wrong
    """The public holidays of a region are not known for a year."""

    def __init__(self, region: str, year: int, known: tuple[int, int]) -> None:
        self.region = region
        self.year = year
        #: The first and the last year that are known.
        self.known = known
        super().__init__(f"the public holidays of {region} are known from {known[0]} to {known[1]}, not for {year}")


class NoWorkingTime(LookupError):  # noqa: N818 - the same
    """A calendar has too little working time within ten years."""


def add_working_time(calendar: Calendar, start: int, duration: int, zone_name: str) -> int:
    """The first instant by which `duration` microseconds have been worked since `start`.

    It is `start` itself for a duration of 0. `UnknownYear` when a date between the two has no known holidays,
    `NoWorkingTime` when ten years do not hold that much.
    """
    if duration <= 0:
        return start
    left = duration
    for begin, end in _worked(calendar, start, zone_name):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    raise NoWorkingTime("too little working time within ten years")


def working_between(calendar: Calendar, start: int, end: int, zone_name: str) -> int:
    """How much is worked in `[start, end)`, in microseconds; 0 when `end` is not later. `UnknownYear` as above."""
    total = 0
    if end > start:
        for begin, until in _worked(calendar, start, zone_name, end):
            total += min(until, end) - begin
    return total


def _worked(calendar: Calendar, start: int, zone_name: str, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Worked ranges from an instant on, in order, none touching backwards; up to `end`, else for ten years."""
    clock = zone(zone_name)
    day = clock.local(start).date()
    last = day + _HORIZON
    begins = _midnight(clock, day)
    # Where the clock went back over midnight it shows a date that has yet to begin for good.
    while begins > start:
        day -= _ONE_DAY
        begins = _midnight(clock, day)
    while end is not None or day < last:
        if end is not None and begins >= end:
            return
        ends = _midnight(clock, day + _ONE_DAY)
        for low, high in _worked_between(calendar, clock, day, begins, ends):
            if high > start and (end is None or low < end):
                yield max(low, start), high
        day += _ONE_DAY
        begins = ends


def _worked_between(calendar: Calendar, clock: Zone, day: date, begins: int, ends: int) -> list[tuple[int, int]]:
    """Worked ranges within `[begins, ends)`, the instants that belong to a date, merged and in order."""
    found: list[tuple[int, int]] = []
    pieces = clock.segments(begins, ends)
    days = [day]
    if len(pieces) > 1:
        # Where the clock goes back over midnight, times of the days beside this one may show.
        days = [day - _ONE_DAY, day, day + _ONE_DAY]
    elif any(high <= low for hours in calendar.week for low, high in hours):
        days = [day - _ONE_DAY, day]
    for one in days:
        midnight = micros(datetime.combine(one, time.min))
        for low, high in _hours(calendar, one):
            for piece_start, piece_end, ahead in pieces:
                start = max(piece_start, midnight + low * MINUTE - ahead)
                end = min(piece_end, midnight + high * MINUTE - ahead)
                if start < end:
                    found.append((start, end))
    found.sort()
    merged: list[tuple[int, int]] = []
    for low, high in found:
        if merged and low <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], high)
        else:
            merged.append((low, high))
    return merged


def _hours(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    """The worked ranges of a date in minutes since its midnight."""
    week = calendar.week
    hours = week[day.weekday()]
    if day in calendar.workdays:
        hours = hours or _first_hours(week)
    elif day in calendar.holidays:
        hours = ()
    else:
        for region in calendar.regions:
            kind = _public(region, day)
            if kind == "off":
                hours = ()
            elif kind == "worked":
                hours = hours or _first_hours(week)
    return [(start, end if end > start else end + DAY // MINUTE) for start, end in hours]


def _first_hours(week: Sequence[Sequence[tuple[int, int]]]) -> Sequence[tuple[int, int]]:
    return next((hours for hours in week if hours), ())


def _midnight(clock: Zone, day: date) -> int:
    return clock.first(datetime.combine(day, time.min))


@lru_cache(maxsize=4096)
def _public(region: str, day: date) -> str | None:
    """`off` on a public holiday, `worked` on a make-up working day, else None."""
    if region not in REGIONS:
        raise LookupError(f"no public holidays are known for {region}")
    # Imported when a calendar first asks.
    from chinese_calendar import holidays, workdays  # type: ignore[import-untyped]  # the package has no types

    first, last = known_years(region)
    if not first <= day.year <= last:
        raise UnknownYear(region, day.year, (first, last))
    return "worked" if day in workdays else "off" if day in holidays else None


@lru_cache(maxsize=8)
def known_years(region: str) -> tuple[int, int]:
    """The first and the last year whose public holidays are known for a region of `REGIONS`."""
    if region not in REGIONS:
        raise LookupError(f"no public holidays are known for {region}")
    from chinese_calendar import holidays

    return min(holidays).year, max(holidays).year
