"""How values stand in a store: JSON, with a tag where JSON has no kind of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import orjson


def _tagged(value: Any) -> Any:
    if isinstance(value, Decimal):
        # Equal numbers are equal keys, however many zeros they were written with.
        whole = value == value.to_integral_value() and abs(value) < 2**63
        return int(value) if whole else {"decimal": format(value.normalize(), "f")}
    if isinstance(value, Fraction):
        return {"fraction": f"{value.numerator}/{value.denominator}"}
    if isinstance(value, int):
        return {"integer": str(value)}
    raise TypeError(f"{type(value).__name__} has no form in a store")


def _big(value: Any) -> Any:
    """A copy in which integers that JSON writers refuse are tagged."""
    if isinstance(value, tuple | list):
        return [_big(one) for one in value]
    if isinstance(value, dict):
        return {name: _big(one) for name, one in value.items()}
    if type(value) is int and not -(2**63) <= value < 2**63:
        return _tagged(value)
    if type(value) is date:
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return _tagged(value)
    return value


def write_values(values: Any) -> bytes:
    """Values of the language, or lists and tuples of them, as JSON. Equal values give equal bytes."""
    return alone(orjson.dumps(_big(values), default=_tagged))


def alone(written: bytes) -> bytes:
    """The same bytes in no more room than they need: those that orjson gives keep all that it had set aside to write
    them, some 4 KiB, and a journal holds tens of thousands."""
    return bytes(memoryview(written))


def write_key(key: tuple[Any, ...]) -> str:
    """The key of a window cell. Texts, the common case, are written without a second look."""
    for one in key:
        if one.__class__ is not str:
            return write_values(key).decode()
    return orjson.dumps(key).decode()


def read_key(text: str) -> tuple[Any, ...]:
    """What `write_key` wrote."""
    found = read_values(text)
    if not isinstance(found, tuple):
        raise ValueError(text)
    return found


def read_values(data: bytes | str) -> Any:
    """What `write_values` wrote, with tuples for lists."""
    return _untagged(orjson.loads(data))


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_untagged(one) for one in value)
    if isinstance(value, dict):
        (tag, text) = next(iter(value.items()))
        return _TAGS[tag](text)
    return value


_TAGS: dict[str, Any] = {
    "decimal": Decimal,
    "fraction": Fraction,
    "integer": int,
    "date": date.fromisoformat,
}
