"""The flat form is read on a short way of its own; it must say what the full form says."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ways import Way, by, each_way, long_body, long_line

from communityrules.wire.errors import WireError
from communityrules.wire.events import STANDARD_TYPES, canonical, event_from_wire
from communityrules.wire.flat import flat_line
from communityrules.wire.reading import decode_event

IDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=6) | st.sampled_from(
    ["m1", "x" * 256, "x" * 257, "a\nb", "\x7f", "成员", "a b", "\u00a0"]
)
TIMES = st.sampled_from(
    [
        "2024-10-08T04:00:00Z",
        "2024-10-08T04:00:00.123456+08:00",
        "2024-10-08T04:00:00.5Z",
        "2024-10-08T04:00:00.123456789Z",
        "2024-10-08T04:00:00.1234567890Z",
        "2024-10-08T04:00:00.Z",
        "2024-10-08T04:00:00123Z",
        "2024-10-08T04:00:00.5.5Z",
        "2024-10-08T04:00:00.5",
        "2024-10-08T04:00.5Z",
        "1970-01-01T00:00:00.25Z",
        "1969-12-31T23:59:59Z",
        "2024-10-08T04:00:61Z",
        "2024-02-30T04:00:00Z",
        "2024-10-08T04:00:00",
        "2024-10-08 04:00Z",
        "",
    ]
)
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


def outcome(read: Any, *given_: Any) -> Any:
    try:
        event = read(*given_)
    except WireError as error:
        return error.diagnostic.code, error.field
    return event, event.digest, event.member.roles_said


@each_way
@given(body=FLAT)
def test_the_short_way_says_what_the_long_way_says(way: Way, body: dict[str, Any]) -> None:
    types = by(way, STANDARD_TYPES)
    wanted = outcome(long_body, body, types)
    assert outcome(event_from_wire, body, types) == wanted
    for line in (orjson.dumps(body), orjson.dumps(body, option=orjson.OPT_SORT_KEYS) + b"\r\n"):
        assert outcome(decode_event, line, types) == wanted


@each_way
@given(
    body=FLAT,
    damages=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=3), st.integers(0, 3)), max_size=3),
    escaped=st.booleans(),
)
def test_a_damaged_line_says_what_the_long_way_says(
    way: Way, body: dict[str, Any], damages: list[tuple[int, bytes, int]], escaped: bool
) -> None:
    line = json.dumps(body, ensure_ascii=escaped).encode()
    for place, put, taken in damages:
        line = line[:place] + put + line[place + taken :]
    assert outcome(decode_event, line, by(way, STANDARD_TYPES)) == outcome(long_line, line, STANDARD_TYPES)


def test_the_usual_takes_the_short_way() -> None:
    body = {"id": "m1", "ts": "2024-10-08T04:00:00Z", "community": "c1", "author": "amy", "type": "message", "text": ""}
    for usual in (
        body,
        {**body, "text": '微信 "now" \\ \n'},
        {**body, "type": "join", "text": None},
        {**body, "id": "消息"},
        {**body, "ts": "2024-10-08T04:00:00.25+08:00"},
    ):
        assert flat_line(canonical(usual), STANDARD_TYPES) is not None
        assert flat_line(orjson.dumps(usual), STANDARD_TYPES) is not None
        assert flat_line(json.dumps(usual).encode(), STANDARD_TYPES) is not None
    for unusual in ({**body, "text": None}, {**body, "place": "p"}, {**body, "id": ""}, {**body, "author": "a\nb"}):
        assert flat_line(orjson.dumps(unusual), STANDARD_TYPES) is None


@pytest.mark.parametrize("name", ["id", "ts", "community", "author", "type", "text"])
@pytest.mark.parametrize("text", ["hi", None])
@each_way
def test_a_name_that_stands_twice_is_seen(way: Way, name: str, text: str | None) -> None:
    body = {
        "id": "m1", "ts": "2024-10-08T04:00:00Z", "community": "c1", "author": "amy", "type": "join", "text": text,
    }  # fmt: skip
    again = orjson.dumps({name: body[name]})[1:]
    for twice in (again, again.replace(name.encode(), b"\\u%04x" % ord(name[0]) + name[1:].encode())):
        line = orjson.dumps(body)[:-1] + b"," + twice
        with pytest.raises(WireError) as raised:
            decode_event(line, by(way, STANDARD_TYPES))
        assert raised.value.diagnostic.code == "CR807"
