"""The full form of a message or member event with nothing unusual about it: read on a short way.

As in `wire.flat`, what is wrong or only looks so is not an event here, and left to `wire.events`, which knows what to
say of it. A test holds the two ways to the same events.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from operator import attrgetter, itemgetter
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta
from msgspec.structs import astuple

from communityrules.model.event import NO_TARGET, Event, Member, Message
from communityrules.model.values import Kind, Value
from communityrules.wire.digest import digest_of
from communityrules.wire.flat import instant_of
from communityrules.wire.types import (
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
    no_control,
)

_Id = Annotated[str, Meta(min_length=1, max_length=MAX_ID)]
_Text = Annotated[str, Meta(max_length=MAX_TEXT)]
#: How the values of declared fields are read. Fields of other kinds take the long way.
_KINDS: Final[Mapping[Kind, Any]] = {
    "text": _Text,
    "number": Annotated[int, Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)],
    "boolean": bool,
}
_ROLES: Final = Annotated[list[_Id], Meta(max_length=MAX_ITEMS)]
_MEMBER: Final[Mapping[str, Any]] = {"roles": _ROLES, "joined": str, "name": _Text}
_MESSAGE: Final[Mapping[str, Any]] = {"id": _Id, "text": _Text, "reply_to": _Id, "topic": _Text}
_NOTHING: Final[Mapping[str, Value]] = {}
_NO_LABELS: Final[Mapping[str, int | None]] = {}


#: What the values of plain JSON are; convert has seen to which stands where.
_PLAIN: Final = frozenset({str, int, bool, list, dict}).issuperset
_write: Final = msgspec.json.Encoder().encode


class Full:
    """Reads the full form by the types of one rulebook."""

    __slots__ = ("_body", "_kinds", "_line", "_of_members", "_of_messages")

    def __init__(self, types: WireTypes) -> None:
        required = {"id": _Id}
        sender = _struct(required, _MEMBER, types.member, OF_MEMBERS)
        message = _struct({}, _MESSAGE, types.events.get("message", {}), OF_MESSAGES)
        self._body = _struct(
            {"community": _Id, "id": _Id, "member": sender, "time": str, "type": str},
            {"channel": _Id, "message": message, "place": _Id},
            {},
        )
        self._line = msgspec.json.Decoder(self._body).decode
        self._kinds = types.events
        self._of_members = _reader(sender, {*required, *_MEMBER})
        self._of_messages = _reader(message, _MESSAGE)

    def line(self, line: bytes) -> Event | None:
        """The event of one line of JSON, or None when it is anything unusual."""
        try:
            body = self._line(line)
            written = _write(body)
        except (ValueError, RecursionError):
            return None
        # A name that stands twice has its quotes in the line alone; but where the line spells others out.
        if line.count(b'"') != written.count(b'"') or b"\\u0022" in line:
            return None
        return self._event(body, written)

    def body(self, given: dict[str, Any]) -> Event | None:
        """The same, of a dictionary."""
        try:
            body = msgspec.convert(given, self._body)
            written = _write(body)
        except (ValueError, TypeError, RecursionError):
            return None
        # What a host has made of texts, numbers and dictionaries is no plain value.
        roles, message = body.member.roles, given.get("message")
        if (
            _PLAIN(map(type, given.values()))
            and _PLAIN(map(type, given["member"].values()))
            and (message is None or _PLAIN(map(type, message.values())))
            and (roles is None or _PLAIN(map(type, roles)))
        ):
            return self._event(body, written, given["member"])
        return None

    def _event(self, body: Any, written: bytes, said_of: dict[str, Any] | None = None) -> Event | None:
        """The event; `said_of` is what the host said of its sender, where that is at hand."""
        channel, community, event_id, sender, message, place, moment, kind = astuple(body)
        time = instant_of(moment)
        if time is None or kind not in self._kinds or len(written) > MAX_BODY:
            return None
        who, joined, roles = sender.id, sender.joined, sender.roles
        ids = event_id + community + who
        if channel is not None:
            ids += channel
        if place is not None:
            ids += place
        if joined is not None and (joined := instant_of(joined)) is None:
            return None
        if self._of_members is None:
            known = _NOTHING
        elif said_of is not None and roles is None and joined is None and sender.name is None:
            # All but the id are fields, and what a host handed in stays theirs.
            known = said_of.copy()
            del known["id"]
        else:
            known = self._of_members(sender)
        if roles is None:
            member = Member(who, (), joined, sender.name, known, _NO_LABELS)
        else:
            ids += "".join(roles)
            member = Member(who, tuple(roles), joined, sender.name, known, _NO_LABELS, 0, True)
        fields = said = _NOTHING
        carried = None
        if message is not None:
            own, answered = message.id, message.reply_to
            if self._of_messages is not None:
                said = self._of_messages(message)
                if kind == "message":
                    fields = said
                elif said:
                    # They are declared for messages alone.
                    return None
            if own is None:
                own = event_id
            else:
                ids += own
            if answered is not None:
                ids += answered
            carried = Message(own, message.text or "", answered, message.topic, (), _NOTHING, said)
        elif kind in WITH_MESSAGE:
            return None
        if not no_control(ids):
            return None
        return Event(
            event_id, time, kind, community, member, carried, NO_TARGET, fields, channel, place, None, None, None, (),
            digest_of(written),
        )  # fmt: skip


def _struct(
    required: Mapping[str, Any], optional: Mapping[str, Any], declared: Fields, own: Container[str] = ()
) -> Any:
    """A struct with its fields in the order of their names, so that writing one gives the canonical form.

    What is left out is None, which is not written either. Where None is said, it is not read.
    """
    read = dict(optional)
    for name, declared_type in declared.items():
        kind = _KINDS.get(declared_type.kind)
        if kind is not None and name not in own and name.isidentifier() and name[0] != "_":
            read[name] = kind
    fields = [(name, kind) if name in required else (name, kind, None) for name, kind in {**read, **required}.items()]
    return msgspec.defstruct(
        "Read",
        sorted(fields, key=itemgetter(0)),
        kw_only=True,
        forbid_unknown_fields=True,
        omit_defaults=True,
        gc=False,
    )


def _reader(made: Any, own: Iterable[str]) -> Callable[[Any], Mapping[str, Value]] | None:
    """What reads the values of declared fields that are there; None where none are declared."""
    names = tuple(name for name in made.__struct_fields__ if name not in own)
    if not names:
        return None
    values = attrgetter(*names) if len(names) > 1 else lambda read: (getattr(read, names[0]),)

    def read(given: Any) -> Mapping[str, Value]:
        found = dict(zip(names, values(given)))  # noqa: B905  # as many of the one as of the other
        if None in found.values():
            return {name: value for name, value in found.items() if value is not None} or _NOTHING
        return found

    return read
