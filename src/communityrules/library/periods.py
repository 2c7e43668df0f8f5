"""Calendar units in a time zone: when the current day, week, month … began and when the next begins.

A unit begins at the first instant at which the clock of the zone shows its beginning or, where the clock skips that, a
later time; it ends where the next one begins. So units follow each other without gap or overlap, and a day has 23 or
25 hours where the clock changes. Weeks begin on Monday. Several units together (`every 2 weeks`) are counted from the
unit that holds 1970-01-01 (weeks: from Monday 1970-01-05), so that they do not depend on when anything began.

Instants are microseconds since the epoch.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Literal

from communityrules.library.zones import Zone, datetime_of, micros, zone
from communityrules.model.values import DAY, HOUR, MINUTE, SECOND, WEEK

Unit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]

_FIXED = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
#: Where counting begins on the zone's own clock: for weeks the first Monday.
_ORIGIN = {"week": 4 * DAY}


class Periods:
    """The calendar of one time zone. Remembers the unit asked for last, which changes no answer."""

    __slots__ = ("_day", "_known", "zone")

    def __init__(self, name: str) -> None:
        """`name`: an IANA zone; KeyError when there is none."""
        self.zone: Zone = zone(name)
        self._known: dict[str | tuple[str, int], tuple[int, int]] = {}
        #: The last day asked for through which the clock runs without a change.
        self._day: tuple[int, int, dt.date] = (0, 0, dt.date.min)

    def bounds(self, unit: Unit, moment: int, count: int = 1) -> tuple[int, int]:
        """The half-open range of the unit, or group of `count` units, that holds an instant."""
        key = unit if count == 1 else (unit, count)
        known = self._known.get(key)
        if known is not None and known[0] <= moment < known[1]:
            return known
        index = _index(unit, count, self.zone.local(moment))
        start, end = self._begins(unit, count, index), self._begins(unit, count, index + 1)
        # Where the clock goes back over a beginning, that beginning has already been.
        while end <= moment:
            index += 1
            start, end = end, self._begins(unit, count, index + 1)
        self._known[key] = start, end
        return start, end

    def start(self, unit: Unit, moment: int, count: int = 1) -> int:
        """When the unit that holds an instant began; at most the instant."""
        known = self._known.get(unit if count == 1 else (unit, count))
        if known is not None and known[0] <= moment < known[1]:
            return known[0]
        return self.bounds(unit, moment, count)[0]

    def next(self, unit: Unit, moment: int, count: int = 1) -> int:
        """When the next unit begins; later than the instant."""
        return self.bounds(unit, moment, count)[1]

    def tick(self, minutes: int, moment: int) -> int:
        """The first instant after another at which the clock shows a multiple of some minutes that divide an hour.

        Of an hour that the clock shows twice, both times.
        """
        length = minutes * MINUTE
        found = moment
        for start, end, ahead in self.zone.segments(moment + 1, moment + 1 + 2 * length):
            found = start + -(start + ahead) % length
            if found < end:
                break
        return found

    def minute_of_day(self, moment: int) -> int:
        """The whole minutes that the clock shows at an instant, 0 to 1439."""
        start, end, _ = self._day
        if start <= moment < end:
            return (moment - start) // MINUTE
        start, end = self.bounds("day", moment)
        if end - start == DAY and self._regular(start, end):
            return (moment - start) // MINUTE
        local = self.zone.local(moment)
        return local.hour * 60 + local.minute

    def date(self, moment: int) -> dt.date:
        """The date that the clock shows at an instant."""
        start, end, day = self._day
        if start <= moment < end:
            return day
        self.minute_of_day(moment)
        if self._day[0] <= moment < self._day[1]:
            return self._day[2]
        return self.zone.local(moment).date()

    def midnight(self, day: dt.date) -> int:
        """The instant at which a date begins."""
        return self.zone.first(dt.datetime.combine(day, dt.time.min))

    def _regular(self, start: int, end: int) -> bool:
        """Whether the clock runs through this day without a change; remembers the day when it does."""
        pieces = self.zone.segments(start, end)
        local = self.zone.local(start)
        if len(pieces) == 1 and local.time() == dt.time.min:
            self._day = start, end, local.date()
            return True
        return False

    def _begins(self, unit: Unit, count: int, index: int) -> int:
        return self.zone.first(_beginning(unit, count, index))


@lru_cache(maxsize=64)
def periods(name: str) -> Periods:
    """The calendar of a zone by IANA name, shared."""
    return Periods(name)


def _index(unit: Unit, count: int, local: dt.datetime) -> int:
    """The number of the group of `count` units that holds a naive datetime."""
    months = _MONTHS.get(unit)
    if months is not None:
        return ((local.year - 1970) * 12 + local.month - 1) // (months * count)
    return (micros(local) - _ORIGIN.get(unit, 0)) // (_FIXED[unit] * count)


def _beginning(unit: Unit, count: int, index: int) -> dt.datetime:
    months = _MONTHS.get(unit)
    if months is not None:
        year, month = divmod(index * months * count, 12)
        return dt.datetime(1970 + year, month + 1, 1)
    return datetime_of(_ORIGIN.get(unit, 0) + index * _FIXED[unit] * count)
