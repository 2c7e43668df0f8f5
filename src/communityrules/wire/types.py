"""Which events may come, and what their fields hold: the types against which the wire form is read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeGuard

from communityrules.library.declare import EventType
from communityrules.library.events import EVENTS
from communityrules.model.values import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    TEXT,
    WEEK,
    Kind,
    Type,
    Value,
    instant,
)
from communityrules.model.zones import parse_instant
from communityrules.wire.errors import BAD_ID, BAD_TIME, TOO_LARGE, WRONG_TYPE, WireError, shown

if TYPE_CHECKING:
    from communityrules.wire.usual import Usual

#: Bounds, in code points unless said otherwise. What is larger is refused, never cut.
MAX_ID: Final = 256
MAX_TEXT: Final = 100_000
#: Bytes of one event in its shortest JSON form.
MAX_BODY: Final = 1_048_576
MAX_ITEMS: Final = 1_000
MAX_FIELDS: Final = 1_000
#: A number's size; beyond it a JSON number is not exact in most programs anyway.
MAX_NUMBER: Final = 10**18
#: A length of time, some three hundred years.
MAX_SECONDS: Final = 10**10
#: Times outside are typing errors, and would have the engine count periods for centuries.
FIRST_YEAR: Final = "1970"
LAST_YEAR: Final = "2199"
_FIRST: Final = instant(datetime(int(FIRST_YEAR), 1, 1, tzinfo=UTC))
_END: Final = instant(datetime(int(LAST_YEAR) + 1, 1, 1, tzinfo=UTC))

Fields = Mapping[str, Type]

#: The fields that every member and every message has. None declared under such a name is read.
OF_MEMBERS: Final = frozenset({"id", "roles", "joined", "name"})
OF_MESSAGES: Final = frozenset({"id", "text", "reply_to", "topic", "attachments", "labels"})


@dataclass(frozen=True)
class WireTypes:
    """What a host may send."""

    #: The typed fields that stand under the event's own name, by event type. A type that is not here is refused.
    events: Mapping[str, Fields]
    #: Fields of members beyond those every member has.
    member: Fields = field(default_factory=dict)
    #: Types that only the engine raises.
    raised: frozenset[str] = frozenset()

    @cached_property
    def usual(self) -> Usual:
        """What reads the usual among events."""
        # Imported here because it reads by these types.
        from communityrules.wire.usual import usual

        return usual(self)


def declared_types(events: Iterable[EventType]) -> WireTypes:
    """What hosts may send where these event types are declared. The one way from declarations to the wire."""
    sent: dict[str, Fields] = {}
    raised: list[str] = []
    for one in events:
        if one.raised:
            raised.append(one.names.en)
        else:
            sent[one.names.en] = {field.names.en: field.type for field in one.fields}
    return WireTypes(events=sent, raised=frozenset(raised))


#: The types of the wire contract and their fields, before a rulebook adds to them.
STANDARD_TYPES: Final = declared_types(EVENTS.values())
BUILT_IN: Final[Mapping[str, Fields]] = STANDARD_TYPES.events
#: Types that are a message of their own and cannot do without one.
WITH_MESSAGE: Final = frozenset({"message", "edit"})

# --- reading one value ---------------------------------------------------------------------------------------

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DURATION: Final = re.compile(
    r"P(?=[0-9T])(?:([0-9]{1,6})W|(?:([0-9]{1,6})D)?(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9})S)?)?)"
)


def is_id(value: object) -> TypeGuard[str]:
    """Whether a value can be an id: a text of 1 to 256 characters, none of them a control character."""
    return type(value) is str and 0 < len(value) <= MAX_ID and no_control(value)


def no_control(text: str) -> bool:
    """Whether none of the characters of a text is a control character."""
    # What is printable is so by whichever version of Unicode: control characters never are.
    return text.isprintable() or not _CONTROL.search(text)


def read_id(value: object, path: str) -> str:
    if not is_id(value):
        raise WireError(BAD_ID, path, found=shown(value))
    return value


def read_text(value: object, path: str) -> str:
    if type(value) is not str:
        raise WireError(WRONG_TYPE, path, found=shown(value), example='"text"')
    if len(value) > MAX_TEXT:
        raise WireError(TOO_LARGE, path, size=str(len(value)), limit=str(MAX_TEXT))
    return value


def read_number(value: object, path: str) -> int | Decimal:
    """An int as it is; a binary fraction as the decimal of its shortest text, a whole one as an int."""
    if type(value) is float:
        if math.isfinite(value) and abs(value) <= MAX_NUMBER:
            return int(value) if value.is_integer() else Decimal(repr(value))
    elif type(value) is int and -MAX_NUMBER <= value <= MAX_NUMBER:
        return value
    raise WireError(WRONG_TYPE, path, found=shown(value), example="4.5")


def read_boolean(value: object, path: str) -> bool:
    if type(value) is not bool:
        raise WireError(WRONG_TYPE, path, found=shown(value), example="true")
    return value


def read_date(value: object, path: str) -> date:
    if type(value) is str and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # a day that no month has is refused like any other wrong text
    raise WireError(WRONG_TYPE, path, found=shown(value), example='"2024-10-04"')


def read_instant(value: object, path: str) -> int:
    moment = parse_instant(value) if type(value) is str and FIRST_YEAR <= value[:4] <= LAST_YEAR else None
    if moment is None:
        raise WireError(BAD_TIME, path, found=shown(value))
    return moment


def read_moment(value: object, path: str) -> int:
    """Microseconds since the epoch, as an event of ours has them, within the years that are believed."""
    if type(value) is int and _FIRST <= value < _END:
        return value
    raise WireError(BAD_TIME, path, found=shown(value))


def read_time_of_day(value: object, path: str) -> int:
    """Minutes since midnight of `HH:MM`."""
    if type(value) is str:
        if value == "24:00":
            return 24 * 60
        if found := _TIME.fullmatch(value):
            return int(found[1]) * 60 + int(found[2])
    raise WireError(WRONG_TYPE, path, found=shown(value), example='"08:30"')


def read_duration(value: object, path: str) -> int:
    """Microseconds of a number of seconds, or of an ISO 8601 duration in weeks, days, hours, minutes, seconds."""
    if type(value) in (int, float):
        seconds = read_number(value, path)
        if 0 <= seconds <= MAX_SECONDS:
            return int(seconds * SECOND)
    found = _DURATION.fullmatch(value) if type(value) is str else None
    if found is None:
        raise WireError(WRONG_TYPE, path, found=shown(value), example='"P1DT12H"` / `129600')
    lengths = (WEEK, DAY, HOUR, MINUTE, SECOND)
    return sum(int(number) * length for number, length in zip(found.groups(), lengths, strict=True) if number)


def read_list(value: object, path: str, item: Type) -> tuple[Value, ...]:
    if type(value) is not list:
        raise WireError(WRONG_TYPE, path, found=shown(value), example='["first", "second"]')
    if len(value) > MAX_ITEMS:
        raise WireError(TOO_LARGE, path, size=str(len(value)), limit=str(MAX_ITEMS))
    if item.kind == "text":
        # By far the most frequent; the path of an item is only spelt out for one that is wrong.
        for index, one in enumerate(value):
            if type(one) is not str or len(one) > MAX_TEXT:
                read_text(one, f"{path}[{index}]")
        return tuple(value)
    return tuple(read_value(one, item, f"{path}[{index}]") for index, one in enumerate(value))


_READ: Final[Mapping[Kind, Callable[[object, str], Value]]] = {
    "text": read_text,
    "number": read_number,
    "boolean": read_boolean,
    "date": read_date,
    "instant": read_instant,
    "time_of_day": read_time_of_day,
    "duration": read_duration,
    "member": read_id,
    "message": read_id,
    "state": read_text,
}


def read_value(value: object, expected: Type, path: str) -> Value:
    """A declared field's value; WireError when it is of another type."""
    if expected.kind == "list":
        return read_list(value, path, expected.item or TEXT)
    return _READ.get(expected.kind, read_text)(value, path)


def read_label(value: object, parent: str, name: str) -> Value:
    """What a classifier says of a message: a number, a boolean or a text."""
    if type(value) is float and -1e15 < value < 1e15:
        return int(value) if value.is_integer() else Decimal(repr(value))
    path = f"{parent}.{name[:64]}"
    if type(value) is float or type(value) is int:
        return read_number(value, path)
    if type(value) is bool:
        return value
    if type(value) is str:
        return read_text(value, path)
    raise WireError(WRONG_TYPE, path, found=shown(value), example="0.9")


def keep(value: object) -> Value:
    """A field that nobody declared: texts, numbers, booleans and flat lists of them are kept, the rest is None."""
    if type(value) is str or type(value) is bool:
        return value
    if type(value) is int:
        return value if -MAX_NUMBER <= value <= MAX_NUMBER else None
    if type(value) is float:
        return Decimal(repr(value)) if math.isfinite(value) and abs(value) <= MAX_NUMBER else None
    if type(value) is list and len(value) <= MAX_ITEMS:
        items = tuple(keep(one) for one in value if not isinstance(one, list | dict))
        return items if len(items) == len(value) and None not in items else None
    return None
