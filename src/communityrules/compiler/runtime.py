"""What generated code calls while it runs. Everything here is total over the values of the language or raises.

Numbers are int or Decimal, and Fraction between a division and what it is compared with; all arithmetic is exact. What
cannot be exact within a thousand digits raises, so that the rule fails instead of judging by a rounded number.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, Final

from communityrules.model.values import DAY

#: Stands in a slot that has not been filled yet.
UNSET: Final = object()

_DIGITS: Final = 1000
_EXACT: Final = decimal.Context(
    prec=_DIGITS,
    Emax=_DIGITS,
    Emin=-_DIGITS,
    traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow, decimal.Underflow],
)


def number(value: Any) -> int | Decimal | Fraction | None:
    """A number as rules see it: a binary fraction by its shortest text. None for what is no finite number."""
    kind = value.__class__
    if kind is int:
        return value  # type: ignore[no-any-return]  # its class was just looked at
    if kind is float:
        return Decimal(repr(value)) if isfinite(value) else None
    if kind is Decimal:
        return value if value.is_finite() else None
    return value if kind is Fraction else None


def flag(value: Any) -> bool | None:
    """A boolean, or None for anything else."""
    return value if value is True or value is False else None


def words(value: Any) -> str | None:
    """A text, or None for anything else."""
    return value if isinstance(value, str) else None


def _fraction(value: Any) -> Fraction:
    if isinstance(value, Decimal) and value and abs(value.adjusted()) > _DIGITS:
        raise OverflowError("a number of more than a thousand digits")
    return Fraction(value)


def _settle(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def add(left: Any, right: Any) -> Any:
    """The exact sum, None when a side is absent."""
    if left is None or right is None:
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        return _settle(_fraction(left) + _fraction(right))
    return _EXACT.add(left, right)


def subtract(left: Any, right: Any) -> Any:
    """The exact difference, None when a side is absent. Two dates differ by a duration."""
    if left is None or right is None:
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left - right
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        return _settle(_fraction(left) - _fraction(right))
    if isinstance(left, int | Decimal):
        return _EXACT.subtract(left, right)
    return (left - right).days * DAY


def multiply(left: Any, right: Any) -> Any:
    """The exact product, None when a side is absent."""
    if left is None or right is None:
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        return _settle(_fraction(left) * _fraction(right))
    return _EXACT.multiply(left, right)


def divide(left: Any, right: Any) -> Any:
    """The exact quotient, None when a side is absent or the divisor is zero."""
    if left is None or right is None or not right:
        return None
    return _settle(_fraction(left) / _fraction(right))


def tallied(*weights: Any) -> Any:
    """The exact sum of what counts."""
    total: Any = 0
    for one in weights:
        total = add(total, one)
    return total


def call(function: Callable[..., object], *arguments: Any) -> Any:
    """What a function of the library answers, None when an argument is absent."""
    for one in arguments:
        if one is None:
            return None
    answer = function(*arguments)
    if isinstance(answer, float):
        return number(answer)
    return tuple(answer) if isinstance(answer, list) else answer


def in_force(labels: Any, now: int) -> tuple[str, ...]:
    """The labels that hold at an instant, sorted by code points."""
    return tuple(sorted(name for name, end in labels.items() if end is None or now < end)) if labels else ()


def dated(values: tuple[tuple[int | None, Any], ...], now: int) -> Any:
    """The dated value that holds at an instant, None before the first."""
    found = None
    for start, value in values:
        if start is not None and start > now:
            break
        found = value
    return found


def any_matches(pattern: Any, items: tuple[str, ...]) -> bool:
    """Whether a pattern fits any of some texts."""
    return any(pattern.found(one) for one in items)


def hit(found: list[Any] | None, index: int) -> list[Any]:
    """Notes that a rule matched."""
    if found is None:
        return [index]
    found.append(index)
    return found


def fail(found: list[Any] | None, index: int, error: Exception) -> list[Any]:
    """Notes that a rule failed."""
    if found is None:
        return [(index, error)]
    found.append((index, error))
    return found
