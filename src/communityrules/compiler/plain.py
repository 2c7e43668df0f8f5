"""Values as plain JSON, for evidence and for the arguments of actions.

A length of time is a number of seconds, an instant ISO 8601 in the rulebook's zone, a time of day `HH:MM`, a date
`YYYY-MM-DD`. A number is an integer where it is one, else the shortest decimal; a ratio has twelve digits.
"""

from __future__ import annotations

from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, Final

from communityrules.model.values import SECOND
from communityrules.model.zones import format_instant, zone

#: Quoted texts are cut after so many code points.
QUOTED: Final = 500
_RATIO: Final = Context(prec=12)


def plain(value: Any, kind: str, timezone: str) -> Any:
    """A value of a type's kind as plain JSON; None stays None."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(one, "", timezone) for one in value]
    if kind == "instant" and isinstance(value, int):
        return format_instant(value, zone(timezone))
    if kind == "time_of_day" and isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    if kind == "duration":
        return plain_number(Fraction(value) / SECOND)
    return plain_number(value)


def plain_number(value: int | Decimal | Fraction) -> int | float | str:
    """A number for JSON. One that no JSON reader could hold is given as its text."""
    if isinstance(value, Fraction):
        if value.denominator == 1:
            value = value.numerator
        else:
            value = _RATIO.divide(Decimal(value.numerator), Decimal(value.denominator))
    if isinstance(value, Decimal):
        if abs(value.adjusted()) < 19 and value == value.to_integral_value():
            value = int(value)
        else:
            near = float(value)
            return near if isfinite(near) else str(value)
    return value if -(1 << 63) <= value < 1 << 63 else float(value) if abs(value) < 1 << 1000 else f"{value:#x}"


def quote(text: str) -> str:
    """A text as evidence quotes it."""
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
