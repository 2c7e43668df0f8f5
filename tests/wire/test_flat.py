"""The flat form is read on a short way of its own; it must say what the full form says."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityrules.wire import events
from communityrules.wire.errors import WireError
from communityrules.wire.events import STANDARD_TYPES, build_event, canonical, event_from_wire, flat_event
from communityrules.wire.reading import decode_event

IDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=6) | st.sampled_from(
    ["m1", "x" * 256, "x" * 257, "a\nb", "\x7f", "成员", "a b", "\u00a0"]
)
TIMES = st.sampled_from(
    [
        "2024-10-08T04:00:00Z", "2024-10-08T04:00:00.123456+08:00", "2024-10-08 04:00Z", "1969-12-31T23:59:59Z",
        "2024-10-08T04:00:61Z", "2024-02-30T04:00:00Z", "2024-10-08T04:00:00", "",
    ]
)  # fmt: skip
KINDS = st.sampled_from(["message", "join", "leave", "edit", "rating", "approve", "breach", "Message", ""])
WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20) | st.sampled_from(["", 'say "hi"', "\\"])
ODD: Any = st.sampled_from([None, 0, 7, True, [], ["a"], {"a": "b"}, 1.5])


def either(usual: Any) -> Any:
    return st.one_of(usual, usual, usual, usual, ODD)


FLAT = st.fixed_dictionaries(
    {
        "id": either(IDS), "ts": either(TIMES), "type": either(KINDS), "community": either(IDS),
        "author": either(IDS), "text": either(WORDS),
    },
    optional={"channel": IDS},
)  # fmt: skip


def slow(body: dict[str, Any]) -> Any:
    """What comes of a body without the short way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "flat_event", lambda *_: None)
        return build_event(body, STANDARD_TYPES, canonical(body))


def outcome(read: Any, *given_: Any) -> Any:
    try:
        event = read(*given_)
    except WireError as error:
        return error.diagnostic.code, error.field
    return event, event.digest, event.member.roles_said


@given(FLAT)
def test_the_short_way_says_what_the_long_way_says(body: dict[str, Any]) -> None:
    wanted = outcome(slow, body)
    assert outcome(event_from_wire, body) == wanted
    for line in (orjson.dumps(body), orjson.dumps(body, option=orjson.OPT_SORT_KEYS) + b"\r\n"):
        assert outcome(decode_event, line, STANDARD_TYPES) == wanted


def test_the_usual_takes_the_short_way() -> None:
    body = {"id": "m1", "ts": "2024-10-08T04:00:00Z", "community": "c1", "author": "amy", "type": "message", "text": ""}
    assert flat_event(body, STANDARD_TYPES, canonical(body)) is not None
    assert flat_event({**body, "type": "join", "text": None}, STANDARD_TYPES, canonical(body)) is not None
    assert flat_event({**body, "id": "消息"}, STANDARD_TYPES, canonical(body)) is None


@pytest.mark.parametrize("name", ["id", "ts", "community", "author", "type", "text"])
@pytest.mark.parametrize("text", ["hi", None])
def test_a_name_that_stands_twice_is_seen(name: str, text: str | None) -> None:
    body = {
        "id": "m1", "ts": "2024-10-08T04:00:00Z", "community": "c1", "author": "amy", "type": "join", "text": text,
    }  # fmt: skip
    again = orjson.dumps({name: body[name]})[1:]
    for twice in (again, again.replace(name.encode(), b"\\u%04x" % ord(name[0]) + name[1:].encode())):
        line = orjson.dumps(body)[:-1] + b"," + twice
        with pytest.raises(WireError) as raised:
            decode_event(line, STANDARD_TYPES)
        assert raised.value.diagnostic.code == "CR807"
