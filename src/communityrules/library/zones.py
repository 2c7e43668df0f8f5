"""The clock of a time zone: what it shows at an instant, when it shows something first, and where it changes.

Zones come from `model.zones`: from pinned data, never the machine's. Instants are whole microseconds since the epoch;
local times are naive datetimes. Both reach from the year 1 to 9999; outside, `OverflowError`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from communityrules.model.values import EPOCH, MICROSECOND, SECOND, instant

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_MICROSECOND: Final = timedelta(microseconds=1)
_NAIVE_EPOCH: Final = datetime(1970, 1, 1)


class Zone:
    """One time zone."""

    __slots__ = ("_info", "name")

    def __init__(self, name: str, info: ZoneInfo) -> None:
        self.name = name
        self._info = info

    def local(self, moment: int) -> datetime:
        """What the clock shows at an instant, as a naive datetime; `fold` is 1 the second time it shows it."""
        return (EPOCH + timedelta(microseconds=moment)).astimezone(self._info).replace(tzinfo=None)

    def offset(self, moment: int) -> int:
        """How far the clock is ahead of UTC at an instant, in microseconds."""
        ahead = (EPOCH + timedelta(microseconds=moment)).astimezone(self._info).utcoffset()
        assert ahead is not None, "a ZoneInfo knows its offset"
        return ahead // _MICROSECOND

    def first(self, local: datetime) -> int:
        """The first instant at which the clock shows this naive datetime or, where it skips it, a later one."""
        early, late = (instant(local.replace(tzinfo=self._info, fold=fold).astimezone(UTC)) for fold in (0, 1))
        if early <= late:
            return early
        # The clock skips it: the change lies between the two readings.
        return self._change(late, early)

    def segments(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """`[start, end)` cut where the clock changes: each piece with its offset, in order.

        Correct for at most one change within any 36 hours, which holds for every zone there is.
        """
        pieces: list[tuple[int, int, int]] = []
        while start < end:
            until = min(end, start + 36 * 3600 * SECOND)
            ahead = self.offset(start)
            if self.offset(until - MICROSECOND) != ahead:
                until = self._change(start, until - MICROSECOND)
            if pieces and pieces[-1][2] == ahead:
                pieces[-1] = (pieces[-1][0], until, ahead)
            else:
                pieces.append((start, until, ahead))
            start = until
        return pieces

    def _change(self, before: int, after: int) -> int:
        """The instant of the one change of offset after `before`, at most `after`."""
        ahead = self.offset(before)
        while after - before > 1:
            middle = (before + after) // 2
            if self.offset(middle) == ahead:
                before = middle
            else:
                after = middle
        return after


@lru_cache(maxsize=256)
def zone(name: str) -> Zone:
    """The clock of the zone of an IANA name such as `Asia/Shanghai`. KeyError when there is none."""
    from communityrules.model import zones

    return Zone(name, zones.zone(name))


def micros(local: datetime) -> int:
    """A naive datetime as microseconds since 1970-01-01 on its own clock."""
    return (local - _NAIVE_EPOCH) // _MICROSECOND


def datetime_of(local: int) -> datetime:
    """The naive datetime of microseconds since 1970-01-01 on its own clock."""
    return _NAIVE_EPOCH + timedelta(microseconds=local)
