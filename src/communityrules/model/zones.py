"""Time zones by name, always from the same data: the `tzdata` package, never the machine's own.

A machine's zone files differ from one host to the next, and decisions must not.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
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
_MINUTES: Final = {
    f"{mark}{hour:02}:{minute:02}": (hour * 60 + minute) * MINUTE
    for mark in "T "
    for hour in range(24)
    for minute in range(60)
}
_SECONDS: Final = {f":{second:02}": second * SECOND for second in range(60)}


def parse_instant(text: str) -> int | None:
    """Microseconds since the epoch of an ISO 8601 date and time with a zone, or None when it is not one.

    Digits beyond microseconds are cut off.
    """
    # A log has many seconds and few days: midnight is looked up, the rest added.
    minutes = _MINUTES.get(text[10:16])
    seconds = _SECONDS.get(text[16:19])
    if minutes is None or seconds is None:
        return _parse(text)
    midnight = _midnight(text[:10], text[19:])
    return None if midnight is None else midnight + minutes + seconds


@lru_cache(maxsize=4096)
def _midnight(day: str, rest: str) -> int | None:
    """The instant at which a day began at an offset; `rest` may have a fraction of a second before it."""
    return _parse(f"{day}T00:00:00{rest}")


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
    seconds, fraction = divmod(moment, SECOND)
    number, rest = divmod(seconds, _QUARTER)
    quarter = _quarter(number, where)
    if quarter is None:
        day, offset = _second(seconds, where)
    else:
        hour, minute, offset = quarter
        day = f"{hour}{minute + rest // 60:02}:{rest % 60:02}"
    return f"{day}.{fraction:06}{offset}" if fraction else day + offset


#: Seconds of a stretch of time that is looked up at once.
_QUARTER: Final = 900


@lru_cache(maxsize=4096)
def _quarter(number: int, where: tzinfo) -> tuple[str, int, str] | None:
    """What a quarter of an hour has in common: its day and hour (`2024-10-08T12:`), first minute and offset.

    None where the clock changes within it, shows it at odd minutes, or no calendar holds it.
    """
    first = number * _QUARTER
    if not _FIRST <= first < _LAST - _QUARTER:
        return None
    begin = datetime.fromtimestamp(first, where)
    last = datetime.fromtimestamp(first + _QUARTER - 1, where)
    if begin.utcoffset() != last.utcoffset() or begin.minute % 15 or begin.second:
        return None
    text = begin.isoformat()
    return text[:14], begin.minute, text[19:]


@lru_cache(maxsize=4096)
def _second(seconds: int, where: tzinfo) -> tuple[str, str]:
    seconds = min(max(seconds, _FIRST), _LAST)
    text = datetime.fromtimestamp(seconds, where).isoformat()
    return text[:19], text[19:]


#: A day inside what datetime can hold, so that no zone leads out of it.
_FIRST: Final = -62_135_510_400
_LAST: Final = 253_402_214_400
