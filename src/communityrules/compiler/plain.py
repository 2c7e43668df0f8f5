"""Values as plain JSON, for evidence and for the arguments of actions.

A length of time is a number of seconds, an instant ISO 8601 in the rulebook's zone, a time of day `HH:MM`, a date
`YYYY-MM-DD`. A number is an integer where it is one, else a decimal of at most fifteen digits.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import inf, isfinite
from typing import Any, Final

from communityrules.model.values import SECOND
from communityrules.model.zones import format_instant, zone

#: Quoted texts are cut after so many code points.
QUOTED: Final = 500
_DIGITS: Final = 400
_SHORT: Final = Context(prec=15, rounding=ROUND_HALF_EVEN)


def plain(value: Any, kind: str, timezone: str) -> Any:
    """A value of a type's kind as plain JSON; None stays None."""
    if value.__class__ is int and kind == "number" and -(1 << 63) <= value < 1 << 63:
        # What most values are.
        return value
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


def noted(value: Any, kind: str, timezone: str) -> Any:
    """A value that an action writes down: like `plain`, with a text in full."""
    return value if isinstance(value, str) else plain(value, kind, timezone)


def plain_number(value: int | Decimal | Fraction) -> int | float | str:
    """A number for JSON. One that no JSON reader could hold is given as its text."""
    if isinstance(value, Decimal) and abs(value.adjusted()) < _DIGITS:
        value = Fraction(value)
    if isinstance(value, Fraction):
        if value.denominator == 1:
            value = value.numerator
        else:
            value = _SHORT.divide(Decimal(value.numerator), Decimal(value.denominator))
    if isinstance(value, int) and -(1 << 63) <= value < 1 << 63:
        # A number that knows more than itself (`facts.Alike`) is told as the number.
        return int(value)
    try:
        near = float(value)
    except OverflowError:
        near = inf
    return near if isfinite(near) else f"{value:.15g}" if isinstance(value, Decimal) else hex(value)


def quote(text: str) -> str:
    """A text as evidence quotes it."""
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
