"""Types and values of the language.

Instants are whole microseconds since 1970-01-01T00:00:00Z, lengths of time are whole microseconds, so that windows
compare integers. Numbers are `int` or exact `Decimal`; binary fractions are turned into decimals by their shortest
text before they are compared.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from communityrules.frozen import dataclass

Kind = Literal[
    "text", "number", "boolean", "date", "instant", "time_of_day", "duration", "list", "member", "message", "labels",
    "state", "nothing",
]  # fmt: skip

#: What an expression can have for a value. `None` is an absent fact; a member or a message stands as its id.
Value = str | int | Decimal | bool | date | tuple["Value", ...] | None

MICROSECOND = 1
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a field or an expression."""

    kind: Kind
    #: The type of the items of a list.
    item: Type | None = None
    #: For a state: its name.
    name: str | None = None

    def __str__(self) -> str:
        return f"list of {self.item}" if self.item else self.kind


TEXT = Type("text")
NUMBER = Type("number")
BOOLEAN = Type("boolean")
DATE = Type("date")
INSTANT = Type("instant")
TIME_OF_DAY = Type("time_of_day")
DURATION = Type("duration")
MEMBER = Type("member")
MESSAGE = Type("message")
TEXTS = Type("list", TEXT)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime."""
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds
