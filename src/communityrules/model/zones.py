"""Time zones by name, always from the same data: the `tzdata` package, never the machine's own.

A machine's zone files differ from one host to the next, and decisions must not.
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from functools import lru_cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

from communityrules.model.values import EPOCH, MINUTE, SECOND

_NAME: Final = re.compile(r"[A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+){0,2}")


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The zone that an IANA name means (`Asia/Shanghai`). KeyError when there is none of that name."""
    if not _NAME.fullmatch(name):
        raise KeyError(name)
    file = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    try:
        with file.open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ValueError):
        # A directory (`Asia`), a list (`tzdata.zi`) or nothing at all.
        raise KeyError(name) from None


_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


#: What `T12:34` or ` 12:34` adds to midnight, and what `:56` does.
MINUTES: Final = {
    f"{mark}{hour:02}:{minute:02}": (hour * 60 + minute) * MINUTE
    for mark in "T "
    for hour in range(24)
    for minute in range(60)
}
SECONDS: Final = {f":{second:02}": second * SECOND for second in range(60)}


def parse_instant(text: str) -> int | None:
    """Microseconds since the epoch of an ISO 8601 date and time with a zone, or None when it is not one.

    Digits beyond microseconds are cut off.
    """
    # A log has many seconds and few days: midnight is looked up, the rest added.
    minutes = MINUTES.get(text[10:16])
    seconds = SECONDS.get(text[16:19])
    if minutes is None or seconds is None:
        return _parse(text)
    rest, fraction = text[19:], 0
    if rest[:1] == ".":
        found = _FRACTION.fullmatch(rest)
        if found is None:
            return None
        fraction, rest = int(found[1][:6].ljust(6, "0")), found[2]
    midnight = _midnight(text[:10], rest)
    return None if midnight is None else midnight + minutes + seconds + fraction


_FRACTION: Final = re.compile(r"\.([0-9]{1,9})(.*)", re.DOTALL)


@lru_cache(maxsize=4096)
def _midnight(day: str, offset: str) -> int | None:
    """The instant at which a day began at an offset."""
    return _parse(f"{day}T00:00:00{offset}") if offset[:1] != "." else None


def _parse(text: str) -> int | None:
    if not _INSTANT.fullmatch(text):
        return None
    try:
        since = datetime.fromisoformat(text) - EPOCH
    except (ValueError, OverflowError):
        return None
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def format_instant(moment: int, where: tzinfo) -> str:
    """An instant as ISO 8601 in a zone: `2024-10-08T12:00:00+08:00`, with six decimals when it has a fraction.

    Microseconds that no calendar holds (beyond the year 9999) are written as the last that it does.
    """
    seconds = moment // SECOND
    shift = day_shift(seconds // _DAY, where)
    if shift is None:
        text, offset = _second(seconds, where)
    else:
        ahead, offset = shift
        seconds += ahead
        text = date_text(seconds // _DAY) + _MINUTE_TEXTS[seconds % _DAY // 60] + _SECOND_TEXTS[seconds % 60]
    fraction = moment % SECOND
    return f"{text}.{fraction:06}{offset}" if fraction else text + offset


#: Seconds of a day of UTC, whose offset is looked up at once.
_DAY: Final = 86_400
_MINUTE_TEXTS: Final = [text for text in MINUTES if text[0] == "T"]
_SECOND_TEXTS: Final = list(SECONDS)


@lru_cache(maxsize=4096)
def day_shift(number: int, where: tzinfo) -> tuple[int, str] | None:
    """By how many seconds a zone is ahead throughout a day of UTC, and how that is written.

    None where the clock changes within it, is not ahead by whole minutes, or no calendar holds the day.
    """
    first = number * _DAY
    if not _FIRST <= first < _LAST - _DAY:
        return None
    begin = datetime.fromtimestamp(first, where)
    ahead = begin.utcoffset()
    # Zones change their clocks at most a few times a year, never for less than an hour.
    for hour in range(1, 25):
        if datetime.fromtimestamp(first + hour * 3600, where).utcoffset() != ahead:
            return None
    if ahead is None or ahead.microseconds or ahead.seconds % 60:
        return None
    return ahead.days * _DAY + ahead.seconds, begin.isoformat()[19:]


@lru_cache(maxsize=4096)
def date_text(number: int) -> str:
    """A day by its number since the epoch: `2024-10-08`."""
    return date.fromordinal(_EPOCH_DAY + number).isoformat()


_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=4096)
def _second(seconds: int, where: tzinfo) -> tuple[str, str]:
    seconds = min(max(seconds, _FIRST), _LAST)
    text = datetime.fromtimestamp(seconds, where).isoformat()
    return text[:19], text[19:]


#: A day inside what datetime can hold, so that no zone leads out of it.
_FIRST: Final = -62_135_510_400
_LAST: Final = 253_402_214_400
