"""The usual among events, in either form: read on short ways, and in C where the kernel was built.

None of them says what is wrong with an event: what is wrong, or only looks so, is no event here, and left to
`wire.events`. Tests hold all the ways to the same events.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from decimal import Decimal
from typing import Any, Final, Protocol

from communityrules.kernel import native
from communityrules.model.event import NO_TARGET, Event, Member, Message, Target
from communityrules.model.values import Kind, Type
from communityrules.wire.flat import flat_line
from communityrules.wire.full import Full
from communityrules.wire.types import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_BODY,
    MAX_ID,
    MAX_ITEMS,
    MAX_NUMBER,
    MAX_TEXT,
    OF_MEMBERS,
    OF_MESSAGES,
    WITH_MESSAGE,
    Fields,
    WireTypes,
)


class Usual(Protocol):
    """Reads the usual among events by the types of one rulebook."""

    def body(self, given: dict[str, Any], /) -> Event | None:
        """The event of a dictionary, or None when it is anything unusual."""

    def line(self, line: bytes, /) -> Event | None:
        """The event of one line of JSON, or None when it is anything unusual."""


def usual(types: WireTypes) -> Usual:
    """What reads the usual by these types, as quickly as it can be done here."""
    return in_c(types) or Plain(types)


class Plain:
    """Reads them in Python."""

    __slots__ = ("_full", "_types")

    def __init__(self, types: WireTypes) -> None:
        self._types = types
        self._full = Full(types)

    def body(self, given: dict[str, Any], /) -> Event | None:
        """The event of a dictionary in the full form; one in the flat form is read when its JSON is there."""
        return self._full.body(given) if "time" in given else None

    def line(self, line: bytes, /) -> Event | None:
        """The event of one line of JSON."""
        if b'"ts"' in line and (event := flat_line(line, self._types)) is not None:
            return event
        return self._full.line(line) if b'"time"' in line else None


#: What stands in fields of these kinds, as the kernel calls it. Fields of other kinds are left to Python.
_HELD: Final[Mapping[Kind, str]] = {
    "text": "text",
    "state": "text",
    "number": "number",
    "boolean": "boolean",
    "instant": "instant",
    "member": "id",
    "message": "id",
}


def in_c(types: WireTypes) -> Usual | None:
    """What reads them in C; None where that was not built, or types have more fields than it has room for."""
    kernel = native("reading")
    if kernel is None:
        return None
    kinds = tuple((name, name in WITH_MESSAGE, _pairs(fields, ())) for name, fields in types.events.items())
    member = _pairs(types.member, OF_MEMBERS)
    message = _pairs(types.events.get("message", {}), OF_MESSAGES)
    room = kernel.MOST_FIELDS - max(len(OF_MEMBERS), len(OF_MESSAGES))
    if max(len(member), len(message), *(len(fields) for _, _, fields in kinds)) > room:
        return None
    reader: Usual = kernel.Reader(
        kinds,
        member,
        message,
        (Event, Member, Message, Target, Decimal, NO_TARGET),
        (MAX_ID, MAX_TEXT, MAX_ITEMS, MAX_BODY, MAX_NUMBER, int(FIRST_YEAR), int(LAST_YEAR)),
    )
    return reader


def _pairs(fields: Fields, own: Container[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _held(declared)) for name, declared in fields.items() if name not in own)


def _held(declared: Type) -> str:
    if declared.kind == "list":
        return "texts" if declared.item is None or declared.item.kind == "text" else "left"
    return _HELD.get(declared.kind, "left")
