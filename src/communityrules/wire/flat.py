"""The flat form with nothing unusual about it, as chat logs have it by the million: read on a short way.

What is wrong or only looks so is not an event here, and left to `wire.events`, which knows what to say of it. A test
holds the two ways to the same events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from communityrules.model.event import NO_TARGET, Event, Member, Message
from communityrules.model.values import Value
from communityrules.model.zones import MINUTES, SECONDS, parse_instant
from communityrules.wire.digest import digest_of
from communityrules.wire.types import FIRST_YEAR, LAST_YEAR, MAX_ID, MAX_TEXT, WITH_MESSAGE, WireTypes, no_control

_Id = Annotated[str, Meta(min_length=1, max_length=MAX_ID)]


class _Flat(Struct, forbid_unknown_fields=True, gc=False):
    """The six fields. In the order of their names, so that writing it gives the canonical form."""

    author: _Id
    community: _Id
    id: _Id
    text: Annotated[str, Meta(max_length=MAX_TEXT)] | None
    ts: str
    type: str


#: How many fields the form has.
FLAT: Final = len(_Flat.__struct_fields__)
_read: Final = msgspec.json.Decoder(_Flat).decode
_write: Final = msgspec.json.Encoder().encode
_NOTHING: Final[Mapping[str, Value]] = {}
_NO_LABELS: Final[Mapping[str, int | None]] = {}
#: Quotes of a line in which nothing is escaped: of six names and six texts, or five when there is no text.
_QUOTES: Final = 24

#: By the day and the offset of a time, the instant at which that day began there. Only saves time.
_midnights: Final[dict[str, int]] = {}
_DAYS: Final = 4096
_MILLISECONDS: Final = {f".{part:03}": part * 1000 for part in range(1000)}
#: Digits that a fraction of a second may have.
_FRACTION: Final = 9


def flat_line(line: bytes, types: WireTypes) -> Event | None:
    """The event of one line of JSON in the flat form, or None when it is anything else."""
    try:
        flat = _read(line)
    except (ValueError, RecursionError):
        return None
    written = _write(flat)
    quotes = line.count(b'"')
    # A name that stands twice adds quotes; one that a text holds is in what is written as well, unless it is spelt out.
    if quotes != (_QUOTES if flat.text is not None else _QUOTES - 2) and (
        quotes != written.count(b'"') or b"\\u0022" in line
    ):
        return None
    return _event(flat, types, written)


def flat_body(written: bytes, types: WireTypes) -> Event | None:
    """The same, of a body whose canonical JSON is `written`."""
    try:
        flat = _read(written)
    except (ValueError, RecursionError):
        return None
    return _event(flat, types, written)


def _event(flat: _Flat, types: WireTypes, written: bytes) -> Event | None:
    text, moment = flat.text, flat.ts
    # A log has many seconds and few days: midnight is looked up, the rest added. (As `instant_of`, without its call.)
    midnight = _midnights.get(moment[:10] + moment[19:])
    minutes = MINUTES.get(moment[10:16])
    seconds = SECONDS.get(moment[16:19])
    if midnight is None or minutes is None or seconds is None:
        found = instant_of(moment)
        if found is None:
            return None
        time = found
    else:
        time = midnight + minutes + seconds
    kind, event_id, community, author = flat.type, flat.id, flat.community, flat.author
    if kind not in types.events or not no_control(event_id + community + author):
        return None
    if text or kind in WITH_MESSAGE:
        if text is None:
            return None
        message = Message(event_id, text, None, None, (), _NOTHING, _NOTHING)
    else:
        message = None
    return Event(
        event_id, time, kind, community, Member(author, (), None, None, _NOTHING, _NO_LABELS), message, NO_TARGET,
        _NOTHING, None, None, None, None, None, (), digest_of(written),
    )  # fmt: skip


def instant_of(moment: str) -> int | None:
    """The instant, and its day remembered. None for what is no time, and for years that are not believed."""
    minutes = MINUTES.get(moment[10:16])
    seconds = SECONDS.get(moment[16:19])
    if minutes is not None and seconds is not None:
        part = _MILLISECONDS.get(moment[19:23])
        midnight = _midnights.get(moment[:10] + moment[19 if part is None else 23 :])
        if midnight is not None:
            return midnight + minutes + seconds + (part or 0)
    if not FIRST_YEAR <= moment[:4] <= LAST_YEAR:
        return None
    rest = moment[19:]
    offset = rest.lstrip(".0123456789")
    fraction = rest[1 : len(rest) - len(offset)]
    day = moment[:10] + offset
    if rest[:1] == "." and 0 < len(fraction) <= _FRACTION and fraction.isdecimal() and moment[16:17] == ":":
        # Whether the rest is a time at all is told as for one without a fraction.
        whole = _usual(day, moment) or instant_of(moment[:19] + offset)
        return None if whole is None else whole + int(fraction[:6].ljust(6, "0"))
    time = parse_instant(moment)
    if time is not None and rest == offset and moment[16:17] == ":":
        midnight = parse_instant(f"{moment[:10]}T00:00:00{offset}")
        if midnight is not None:
            if len(_midnights) >= _DAYS:
                _midnights.clear()
            _midnights[day] = midnight
    return time


def _usual(day: str, moment: str) -> int | None:
    """The instant without its fraction, where its day is remembered."""
    midnight = _midnights.get(day)
    minutes = MINUTES.get(moment[10:16])
    seconds = SECONDS.get(moment[16:19])
    return None if midnight is None or minutes is None or seconds is None else midnight + minutes + seconds
