"""Values in the plain form that cells hold, and back: dict, list, str, int, bool and None."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from communityrules.checker.checked import Allowance, DurationRange

#: Between the parts of a cell's key. Ids hold no control characters, so that no two keys run together.
SEPARATOR: Final = "\t"


def join(*parts: str) -> str:
    """The key of a cell that belongs to several things at once."""
    return SEPARATOR.join(parts)


def split(key: str) -> tuple[str, str]:
    """The two parts that `join` put together."""
    first, _, second = key.partition(SEPARATOR)
    return first, second


#: Classes of values that stand for themselves.
_SAME: Final = frozenset({str, int, bool, type(None)})
_SIMPLE: Final = (str, int)


def to_plain(value: object) -> Any:
    """A value of the language, a range of durations, an allowance, or a container of them; TypeError otherwise."""
    if value is None or isinstance(value, _SIMPLE):
        return value
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, DurationRange):
        return {"low": value.low, "high": value.high}
    if isinstance(value, Allowance):
        return {"points": value.points, "unit": value.unit}
    if isinstance(value, tuple | list):
        return [to_plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} cannot be kept in a cell")


def from_plain(value: Any) -> Any:
    """What `to_plain` was given; a list comes back as a tuple."""
    if isinstance(value, list):
        return tuple(from_plain(one) for one in value)
    if isinstance(value, dict):
        if "decimal" in value:
            return Decimal(value["decimal"])
        if "date" in value:
            return date.fromisoformat(value["date"])
        if "points" in value:
            return Allowance(value["points"], value["unit"])
        return DurationRange(value["low"], value["high"])
    return value


def all_to_plain(values: Mapping[str, object]) -> dict[str, Any]:
    """Values by name, each in the plain form."""
    if _SAME.issuperset(map(type, values.values())):
        # By far the most frequent.
        return dict(values)
    return {name: to_plain(one) for name, one in values.items()}


def all_from_plain(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What `all_to_plain` was given. Not to be changed in place: it may be the same object."""
    if _SAME.issuperset(map(type, values.values())):
        return values
    return {name: from_plain(one) for name, one in values.items()}
