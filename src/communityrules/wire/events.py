"""The wire form of events, read by hand for speed: one JSON object in, one `Event` out, or a coded `WireError`.

The same rules stand in `communityrules.wire.schema` as a published JSON Schema; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

import orjson

from communityrules.model.event import NO_TARGET, Event, Member, Message, Target
from communityrules.model.values import TEXT, Value
from communityrules.wire.decisions import decision_from_wire, decision_to_wire, encode_decision
from communityrules.wire.digest import digest_of
from communityrules.wire.errors import (
    BAD_ID,
    MISSING,
    OWN_EVENT,
    TOO_LARGE,
    TWICE,
    UNKNOWN_TYPE,
    WRONG_TYPE,
    WireError,
    shown,
)
from communityrules.wire.flat import FLAT, flat_body
from communityrules.wire.types import (
    BUILT_IN,
    MAX_BODY,
    MAX_FIELDS,
    MAX_TEXT,
    OF_MEMBERS,
    OF_MESSAGES,
    STANDARD_TYPES,
    WITH_MESSAGE,
    Fields,
    WireTypes,
    is_id,
    keep,
    read_id,
    read_instant,
    read_label,
    read_list,
    read_text,
    read_value,
)

#: Sorted keys, so that equal bodies have equal bytes; nothing that a host's Python types could smuggle in.
_CANONICAL: Final = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)
_NOTHING: Final[Mapping[str, Value]] = {}
_NO_FIELDS: Final[Fields] = {}
_NO_LABELS: Final[Mapping[str, int | None]] = {}
_ENVELOPE: Final = frozenset(
    {"id", "time", "ts", "type", "community", "channel", "place", "member", "author", "message", "text", "target"}
)
_TARGET: Final = ("message", "member", "case", "rule")


def event_from_wire(body: Mapping[str, Any], types: WireTypes = STANDARD_TYPES) -> Event:
    """One event in the full or the flat wire form.

    Raises WireError, naming field and reason, when anything in it has the wrong type, is too large or is missing.
    Fields that nobody declared are kept beside declared ones where they are plain values; elsewhere they are ignored.
    """
    if type(body) is not dict:
        # An OrderedDict and its like are as good; what is inside them must be plain.
        if not isinstance(body, Mapping):
            raise WireError(WRONG_TYPE, None, found=shown(body), example='{"id": "m42"}')
        body = dict(body)
    if (event := types.usual.body(body)) is not None:
        return event
    return build_event(body, types, canonical(body))


def canonical(body: dict[str, Any]) -> bytes:
    """The body as JSON in one fixed form. WireError when it holds what JSON cannot."""
    try:
        return orjson.dumps(body, option=_CANONICAL)
    except TypeError:
        raise _unwritable(body, "") from None


def build_event(body: dict[str, Any], types: WireTypes, written: bytes) -> Event:
    """The event of a body whose canonical JSON is `written`."""
    if len(written) > MAX_BODY:
        raise WireError(TOO_LARGE, None, size=f"{len(written)} B", limit=f"{MAX_BODY} B")
    get = body.get
    # JSON has null for what is no number, and the flat form has null where there is no text.
    if (
        "ts" in body
        and len(body) == FLAT
        and type(get("text")) is not float
        and (event := flat_body(written, types)) is not None
    ):
        return event
    event_id = get("id")
    if not is_id(event_id):
        raise _no_id(body, "id", "id", '"m42"')

    if "time" in body:
        if "ts" in body:
            raise WireError(TWICE, "time", other="ts")
        time = read_instant(body["time"], "time")
    elif "ts" in body:
        time = read_instant(body["ts"], "ts")
    else:
        raise WireError(MISSING, "time", example='"time": "2024-10-08T12:00:00+08:00"')

    kind = get("type")
    own = types.events.get(kind) if type(kind) is str else None
    if own is None or type(kind) is not str:
        raise _no_type(body, kind, types)

    community = get("community")
    if not is_id(community):
        raise _no_id(body, "community", "community", '"c1"')

    member: Member | None = None
    if "author" in body:
        if "member" in body:
            raise WireError(TWICE, "member", other="author")
        author = body["author"]
        if author is not None:
            if not is_id(author):
                raise WireError(BAD_ID, "author", found=shown(author))
            member = Member(author, (), None, None, _NOTHING, _NO_LABELS)
    elif "member" in body:
        sender = body["member"]
        if sender is not None:
            member = _member(sender, types.member)
    if member is None and kind in BUILT_IN:
        path = "author" if "author" in body else "member"
        raise WireError(MISSING, path, example='"member": {"id": "amy"}')

    target = _target(body["target"]) if get("target") is not None else NO_TARGET

    message: Message | None = None
    text = get("text")
    carried = get("message")
    if text is not None:
        if type(text) is not str or len(text) > MAX_TEXT:
            read_text(text, "text")
        if text or kind in WITH_MESSAGE:
            # Every argument by place: defaults made by factories would take a third of the time.
            message = Message(target.message or event_id, text, None, None, (), _NOTHING, _NOTHING)
    elif carried is not None:
        message = _message(carried, target.message or event_id, own if kind == "message" else _NO_FIELDS)
    elif kind in WITH_MESSAGE:
        raise WireError(MISSING, "message", example='"message": {"id": "m42", "text": "hi"}')
    if "text" in body and "message" in body:
        raise WireError(TWICE, "message", other="text")

    if kind == "message":
        fields = message.fields if message is not None else _NOTHING
    elif kind not in _ENVELOPE and (given := get(kind)) is not None:
        fields = _fields(given, own, kind, frozenset())
    else:
        fields = _NOTHING

    channel = get("channel")
    if channel is not None:
        read_id(channel, "channel")
    place = get("place")
    if place is not None:
        read_id(place, "place")
    return Event(
        event_id, time, kind, community, member, message, target, fields, channel, place,
        digest=digest_of(written),
    )  # fmt: skip


# --- parts ---------------------------------------------------------------------------------------------------


def _member(given: Any, declared: Fields) -> Member:
    if type(given) is not dict:
        raise WireError(WRONG_TYPE, "member", found=shown(given), example='{"id": "amy"}')
    get = given.get
    member_id = get("id")
    if not is_id(member_id):
        raise _no_id(given, "id", "member.id", '"amy"')
    roles: tuple[str, ...] = ()
    if (said := get("roles")) is not None:
        roles = read_list(said, "member.roles", TEXT)  # type: ignore[assignment]  # a list of texts
        for index, role in enumerate(roles):
            if not is_id(role):
                raise WireError(BAD_ID, f"member.roles[{index}]", found=shown(role))
    joined = get("joined")
    name = get("name")
    return Member(
        member_id,
        roles,
        read_instant(joined, "member.joined") if joined is not None else None,
        read_text(name, "member.name") if name is not None else None,
        _fields(given, declared, "member", OF_MEMBERS),
        _NO_LABELS,
        roles_said=said is not None,
    )


def _message(given: Any, fallback: str, declared: Fields) -> Message:
    if type(given) is not dict:
        raise WireError(WRONG_TYPE, "message", found=shown(given), example='{"id": "m42", "text": "hi"}')
    get = given.get
    message_id = get("id")
    text = get("text")
    reply_to = get("reply_to")
    topic = get("topic")
    attachments = get("attachments")
    labels = get("labels")
    return Message(
        read_id(message_id, "message.id") if message_id is not None else fallback,
        read_text(text, "message.text") if text is not None else "",
        read_id(reply_to, "message.reply_to") if reply_to is not None else None,
        read_text(topic, "message.topic") if topic is not None else None,
        read_list(attachments, "message.attachments", TEXT) if attachments else _no_list(attachments),  # type: ignore[arg-type]
        _labels(labels) if labels else _no_labels(labels),
        _fields(given, declared, "message", OF_MESSAGES),
    )


def _no_list(given: Any) -> tuple[()]:
    if given is not None and type(given) is not list:
        raise WireError(WRONG_TYPE, "message.attachments", found=shown(given), example='["a.png"]')
    return ()


def _no_labels(given: Any) -> Mapping[str, Value]:
    if given is not None and type(given) is not dict:
        raise WireError(WRONG_TYPE, "message.labels", found=shown(given), example='{"off_topic": 0.1}')
    return _NOTHING


def _labels(given: Any) -> Mapping[str, Value]:
    if type(given) is not dict:
        return _no_labels(given)
    _count(given, "message.labels")
    return {name: read_label(value, "message.labels", name) for name, value in given.items() if value is not None}


def _target(given: Any) -> Target:
    if type(given) is not dict:
        raise WireError(WRONG_TYPE, "target", found=shown(given), example='{"message": "m42", "member": "bob"}')
    found: list[str | None] = []
    for name in _TARGET:
        value = given.get(name)
        found.append(None if value is None else read_id(value, f"target.{name}"))
    return Target(*found)


def _fields(given: Any, declared: Fields, path: str, own: frozenset[str]) -> Mapping[str, Value]:
    """Declared fields by their types, other plain values as they are; null is absent."""
    if type(given) is not dict:
        raise WireError(WRONG_TYPE, path, found=shown(given), example="{…}")
    if given.keys() <= own:
        return _NOTHING
    _count(given, path)
    fields: dict[str, Value] = {}
    for name, value in given.items():
        if value is None or name in own:
            continue
        expected = declared.get(name)
        read = keep(value) if expected is None else read_value(value, expected, f"{path}.{name}")
        if read is not None:
            fields[name] = read
    return fields


# --- what is wrong -------------------------------------------------------------------------------------------


def _count(given: Mapping[str, Any], path: str) -> None:
    if len(given) > MAX_FIELDS:
        raise WireError(TOO_LARGE, path, size=str(len(given)), limit=str(MAX_FIELDS))


def _no_id(given: Mapping[str, Any], name: str, path: str, example: str) -> WireError:
    if name not in given:
        return WireError(MISSING, path, example=f'"{name}": {example}')
    return WireError(BAD_ID, path, found=shown(given[name]))


def _no_type(body: Mapping[str, Any], kind: Any, types: WireTypes) -> WireError:
    if kind is None and "type" not in body:
        return WireError(MISSING, "type", example='"type": "message"')
    return unknown_type(kind, types)


def unknown_type(kind: Any, types: WireTypes) -> WireError:
    """Why a host cannot send this type of event."""
    if type(kind) is not str:
        return WireError(WRONG_TYPE, "type", found=shown(kind), example='"message"')
    if kind in types.raised:
        return WireError(OWN_EVENT, "type", found=kind)
    known = sorted(types.events)
    close = get_close_matches(kind[:64], known, n=3, cutoff=0.6) or sorted(types.events, key=_usual_first)[:6]
    return WireError(UNKNOWN_TYPE, "type", found=shown(kind), known=", ".join(f"`{one}`" for one in close))


def _usual_first(kind: str) -> tuple[int, str]:
    """A rulebook's own types first, then the contract's in its order."""
    usual = list(BUILT_IN)
    return (usual.index(kind) + 1 if kind in usual else 0, kind)


def _unwritable(value: Any, path: str, depth: int = 0) -> WireError:
    """Which part of a body JSON cannot hold."""
    if depth > 100:
        return WireError(TOO_LARGE, path[:80], size="> 100 levels", limit="100 levels")
    if isinstance(value, Mapping) and type(value) is dict:
        for name, inner in value.items():
            where = f"{path}.{name}" if path else str(name)
            if type(name) is not str:
                return WireError(WRONG_TYPE, path or None, found=shown(name), example='"name"')
            if not _writable(name) or not _writable(inner):
                return _unwritable(inner, where.encode("utf-8", "replace").decode(), depth + 1)
    elif type(value) in (list, tuple):
        for index, inner in enumerate(value):
            if not _writable(inner):
                return _unwritable(inner, f"{path}[{index}]", depth + 1)
    return WireError(WRONG_TYPE, path or None, found=shown(value), example='"text"')


def _writable(value: Any) -> bool:
    try:
        orjson.dumps(value, option=_CANONICAL)
    except TypeError:
        return False
    return True


__all__ = [
    "STANDARD_TYPES",
    "WireError",
    "WireTypes",
    "decision_from_wire",
    "decision_to_wire",
    "encode_decision",
    "event_from_wire",
]
