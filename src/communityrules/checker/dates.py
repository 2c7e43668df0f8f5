"""Dates to instants in a rulebook's time zone, lengths of time to microseconds."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final

from communityrules.checker.report import Reporter
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.language import tree
from communityrules.model.values import DAY, EPOCH, HOUR, MINUTE, SECOND, WEEK, instant

CALENDAR_LENGTH: Final = Message(
    code="CR301",
    severity="error",
    title=Bilingual("A calendar unit where a length is needed", "需要时长,却用了日历单位"),
    text=Bilingual(
        "`{length}` has no fixed length: months, quarters and years differ.",
        "`{length}` 的长短不固定:月、季、年各不相同。",
    ),
    hint=Bilingual("Say it in days, such as `30 days`.", "改用天数,例如 `30天`。"),
)

NO_LENGTH: Final = Message(
    code="CR302",
    severity="error",
    title=Bilingual("A length of time that is nothing or too long", "时长为零或过长"),
    text=Bilingual("`{length}` is not a length that can be waited for.", "`{length}` 不是可以等待的时长。"),
    hint=Bilingual(
        "Use more than zero and at most a thousand years, down to a microsecond.",
        "时长须大于零、不超过一千年,最细到微秒。",
    ),
)

_UNITS: Final[dict[str, int]] = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK}
#: Days in a calendar unit, for a suggestion.
_ABOUT: Final[dict[str, int]] = {"month": 30, "quarter": 90, "year": 365}
_LONGEST: Final = 366_000 * DAY


@cache
def zone_names() -> frozenset[str]:
    """Every time zone that is known, for suggestions."""
    listed = resources.files("tzdata").joinpath("zones").read_text("ascii")
    return frozenset(listed.split())


def midnight(day: date, where: tzinfo) -> int:
    """The instant at which a day begins."""
    return instant(datetime(day.year, day.month, day.day, tzinfo=where))


def after(day: date, where: tzinfo) -> int | None:
    """The instant at which a day is over; None past the end of the calendar."""
    if day == date.max:
        return None
    return midnight(day + timedelta(days=1), where)


def whole(value: Decimal) -> int | Decimal:
    """A number as an int where it is one, else without trailing zeros."""
    # A huge exponent must not become a huge int.
    if abs(value.adjusted()) > 60 and value != 0:
        return value
    number = int(value)
    return number if number == value else value.normalize()


def length(written: tree.Duration, report: Reporter, *, zero: bool = False) -> int | None:
    """A written length in microseconds; None after reporting what is wrong with it. Nothing passes only with `zero`."""
    micros = 0 if zero and written.amount == 0 else measure(written)
    if written.unit not in _UNITS:
        report.add(CALENDAR_LENGTH, written.span, fix=_in_days(written), length=written.span.text)
        return None
    if micros is None:
        report.add(NO_LENGTH, written.span, length=written.span.text)
    return micros


def _in_days(written: tree.Duration) -> Fix | None:
    """About the same length in days, in the same spelling."""
    days = written.amount * _ABOUT.get(written.unit, 0)
    if days <= 0 or days != days.to_integral_value() or days > 100_000:
        return None
    return Fix(written.span, f"{int(days)} days" if written.span.text.isascii() else f"{int(days)}天")


def measure(written: tree.Duration) -> int | None:
    """A written length in microseconds, or None when it is none, nothing or too long."""
    unit = _UNITS.get(written.unit)
    if unit is None or not 0 < written.amount <= 1_000_000_000_000:
        return None
    micros = written.amount * unit
    if micros != micros.to_integral_value() or micros > _LONGEST:
        return None
    return int(micros)


def day_text(moment: int, where: tzinfo) -> str:
    """The day on which an instant falls, as people write it."""
    utc = EPOCH + timedelta(microseconds=moment)
    try:
        return utc.astimezone(where).date().isoformat()
    except OverflowError:
        # The first and the last day of the calendar have no neighbours in other zones.
        return utc.date().isoformat()
