"""What values one operand can still have when several comparisons of it must hold together.

Everything here errs on one side only: a domain is called empty only when no value is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from communityrules.model.values import Value

_DAY_MINUTES: Final = 1440
ALL_MINUTES: Final = (1 << _DAY_MINUTES) - 1

Ordered = int | Decimal | date


class Domain:
    """The values that are left for one operand."""

    #: Whole numbers only, as counts are.
    whole = False
    #: Every value there can be, for states and booleans; None when they are without number.
    allowed: frozenset[Value] | None = None
    excluded: frozenset[Value] = frozenset()
    low: Ordered | None = None
    low_open = False
    high: Ordered | None = None
    high_open = False
    #: Closed ranges that are ruled out.
    holes: tuple[tuple[Ordered, Ordered], ...] = ()
    #: Minutes of the day, one bit each.
    minutes = ALL_MINUTES
    #: Some constraint holds only of an absent operand.
    absent = False
    #: A text or list without content; with content.
    blank = False
    filled = False

    def __init__(self, *, present: bool) -> None:
        #: Some constraint holds only of a present operand.
        self.present = present

    def among(self, values: Iterable[Value]) -> None:
        """One of these."""
        found = frozenset(values)
        self.allowed = found if self.allowed is None else self.allowed & found

    def above(self, bound: Ordered, strict: bool) -> None:
        if self.whole and isinstance(bound, int | Decimal):
            bound, strict = _whole_low(bound, strict), False
        if self.low is None or less(self.low, bound) or (self.low == bound and strict):
            self.low, self.low_open = bound, strict

    def below(self, bound: Ordered, strict: bool) -> None:
        if self.whole and isinstance(bound, int | Decimal):
            bound, strict = _whole_high(bound, strict), False
        if self.high is None or less(bound, self.high) or (self.high == bound and strict):
            self.high, self.high_open = bound, strict

    def is_empty(self) -> bool:
        """Whether nothing is left, taking it that the operand must be present where a constraint says so."""
        if self.present and (self.absent or self._no_value()):
            return True
        return self.blank and self.filled

    def _no_value(self) -> bool:
        if self.minutes == 0:
            return True
        if self.low is not None and self.high is not None:
            if less(self.high, self.low) or (self.low == self.high and (self.low_open or self.high_open)):
                return True
            if self.low == self.high and self.low in self.excluded:
                return True
            if any(not less(self.low, low) and not less(high, self.high) for low, high in self.holes):
                return True
        if self.allowed is None:
            return False
        return not any(self._admits(one) for one in self.allowed)

    def _admits(self, value: Value) -> bool:
        if value in self.excluded:
            return False
        if isinstance(value, bool) or not isinstance(value, int | Decimal | date):
            return True
        if self.whole and isinstance(value, Decimal) and value != value.to_integral_value():
            return False
        if self.low is not None and (less(value, self.low) or (self.low_open and value == self.low)):
            return False
        if self.high is not None and (less(self.high, value) or (self.high_open and value == self.high)):
            return False
        return not any(not less(value, low) and not less(high, value) for low, high in self.holes)


def less(one: Ordered, other: Ordered) -> bool:
    """Whether one comes before the other; what is not of one kind is never compared."""
    if isinstance(one, date) or isinstance(other, date):
        return isinstance(one, date) and isinstance(other, date) and one < other
    return one < other


def _whole_low(bound: int | Decimal, strict: bool) -> int:
    first = int(Decimal(bound).to_integral_value(ROUND_CEILING))
    return first + 1 if strict and first == bound else first


def _whole_high(bound: int | Decimal, strict: bool) -> int:
    last = int(Decimal(bound).to_integral_value(ROUND_FLOOR))
    return last - 1 if strict and last == bound else last


def minutes_between(start: int, end: int) -> int:
    """The minutes of a range of times of day, start included and end not, past midnight when start is later."""
    if start <= end:
        return _run(end) & ~_run(start) & ALL_MINUTES
    return (ALL_MINUTES & ~_run(start)) | _run(end)


def _run(end: int) -> int:
    return (1 << min(max(end, 0), _DAY_MINUTES)) - 1
