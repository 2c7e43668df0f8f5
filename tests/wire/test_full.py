"""The full form is read on a short way of its own where nothing is unusual; it must say what the long way says."""

from __future__ import annotations

import enum
import json
from collections import OrderedDict
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_flat import IDS, KINDS, TIMES, WORDS, either, outcome
from ways import Way, by, each_way, long_body, long_line

from communityrules.model.values import BOOLEAN, DATE, NUMBER, TEXT
from communityrules.wire.events import STANDARD_TYPES, event_from_wire
from communityrules.wire.full import Full
from communityrules.wire.reading import decode_event
from communityrules.wire.types import WireTypes

TYPES = WireTypes(
    events={**STANDARD_TYPES.events, "message": {"pinned": BOOLEAN, "weight": NUMBER}},
    member={"rank": TEXT, "days": NUMBER, "城市": TEXT, "born": DATE, "id": TEXT, "a b": NUMBER},
    raised=STANDARD_TYPES.raised,
)
SENDER = st.fixed_dictionaries(
    {"id": either(IDS)},
    optional={
        "roles": either(st.lists(either(IDS), max_size=3)), "joined": either(TIMES), "name": either(WORDS),
        "rank": either(WORDS), "days": either(st.integers(-(2**63), 2**63 - 1)), "城市": either(WORDS),
        "born": either(st.just("2024-10-04")), "a b": st.integers(0, 9), "other": st.integers(0, 9),
    },
)  # fmt: skip
MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "id": either(IDS), "text": either(WORDS), "reply_to": either(IDS), "topic": either(WORDS),
        "pinned": either(st.booleans()), "weight": either(st.integers(0, 9)), "attachments": st.just(["a.png"]),
    },
)  # fmt: skip
FULL = st.fixed_dictionaries(
    {
        "id": either(IDS), "time": either(TIMES), "type": either(KINDS), "community": either(IDS),
        "member": either(SENDER), "message": either(MESSAGE),
    },
    optional={"channel": either(IDS), "place": either(IDS), "target": st.just({"message": "m1"})},
)  # fmt: skip


def told(read: Any, *given_: Any) -> Any:
    """What comes of it, with what does not count when events are compared."""
    event = outcome(lambda *all_: _with_roles(read(*all_)), *given_)
    return event[0] if isinstance(event[0], tuple) else event


def _with_roles(event: Any) -> Any:
    event.member = event.member or STAND_IN
    return event


STAND_IN = event_from_wire(
    {"id": "m1", "ts": "2024-10-08T04:00:00Z", "type": "leave", "community": "c", "author": "a", "text": None}
).member


@each_way
@given(body=FULL)
def test_the_short_way_says_what_the_long_way_says(way: Way, body: dict[str, Any]) -> None:
    types = by(way, TYPES)
    wanted = told(long_body, body, types)
    assert told(event_from_wire, body, types) == wanted
    for line in (orjson.dumps(body), orjson.dumps(body, option=orjson.OPT_SORT_KEYS) + b"\r\n"):
        assert told(decode_event, line, types) == wanted


@each_way
@given(
    body=FULL, damages=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=3), st.integers(0, 3)), max_size=3)
)
def test_a_damaged_line_says_what_the_long_way_says(
    way: Way, body: dict[str, Any], damages: list[tuple[int, bytes, int]]
) -> None:
    line = json.dumps(body).encode()
    for place, put, taken in damages:
        line = line[:place] + put + line[place + taken :]
    assert told(decode_event, line, by(way, TYPES)) == told(long_line, line, TYPES)


FULLY = Full(TYPES)
USUAL: dict[str, Any] = {
    "id": "m1", "time": "2024-10-08T04:00:00.125Z", "type": "message", "community": "c1", "channel": "main",
    "member": {"id": "amy", "roles": ["staff"], "joined": "2024-01-01T00:00:00Z", "rank": "new", "days": 3},
    "message": {"id": "m1", "text": '微信 "now" \\ \n', "pinned": True},
}  # fmt: skip


def test_the_usual_takes_the_short_way() -> None:
    for usual in (
        USUAL,
        {**USUAL, "member": {"id": "amy"}},
        {**USUAL, "type": "join", "message": {}},
        {name: value for name, value in USUAL.items() if name not in ("channel", "message")} | {"type": "join"},
    ):
        assert FULLY.body(usual) is not None
        assert FULLY.line(json.dumps(usual, indent=1).encode()) is not None
        assert told(event_from_wire, usual, TYPES) == told(long_body, usual, TYPES)
    for unusual in (
        {**USUAL, "channel": None},
        {**USUAL, "target": {"message": "m2"}},
        {**USUAL, "member": {"id": "a\nb"}},
        {**USUAL, "member": {"id": "amy", "days": 1.5}},
        {**USUAL, "type": "nothing"},
        {**USUAL, "type": "join"},
    ):
        assert FULLY.body(unusual) is None


class Worded(str):
    """A text of a host's own."""


class Level(enum.IntEnum):
    HIGH = 3


class Word(enum.StrEnum):
    ONE = "one"


@pytest.mark.parametrize(
    "body",
    [
        {**USUAL, "id": Worded("m1")},
        {**USUAL, "type": Worded("message")},
        {**USUAL, "channel": Word.ONE},
        {**USUAL, "member": OrderedDict(id="amy")},
        {**USUAL, "message": OrderedDict(text="hi")},
        {**USUAL, "member": {"id": Worded("amy")}},
        {**USUAL, "member": {"id": "amy", "roles": [Worded("staff")]}},
        {**USUAL, "member": {"id": "amy", "days": Level.HIGH}},
        {**USUAL, "message": {"text": Word.ONE}},
        {**USUAL, "message": {"text": "\ud800"}},
    ],
)
@each_way
def test_what_a_host_made_itself_is_read_as_ever(way: Way, body: dict[str, Any]) -> None:
    assert told(event_from_wire, body, by(way, TYPES)) == told(long_body, body, TYPES)


@each_way
def test_a_name_that_stands_twice_is_seen(way: Way) -> None:
    types = by(way, TYPES)
    line = orjson.dumps(USUAL)
    for twice in (b'{"id":"m1",', b'{"\\u0069d":"m1",'):
        assert told(decode_event, twice + line[1:], types)[0] == "CR807"
    inner = line.replace(b'"rank":"new"', b'"rank":"new","rank":"new"')
    assert told(decode_event, inner, types)[0] == "CR807"
