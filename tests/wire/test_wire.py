"""Events in: what is believed, what is refused, and what a refusal says."""

from __future__ import annotations

import math
import pickle
from collections import OrderedDict, defaultdict
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from communityrules.model.values import BOOLEAN, DATE, DURATION, INSTANT, MEMBER, NUMBER, TEXT, TIME_OF_DAY, Type
from communityrules.wire.events import STANDARD_TYPES, WireError, WireTypes, event_from_wire
from communityrules.wire.types import BUILT_IN, MAX_ID, MAX_TEXT

FULL: dict[str, Any] = {
    "id": "m42", "time": "2024-10-08T12:00:00+08:00", "type": "message", "community": "c1", "channel": "telegram",
    "place": "general",
    "member": {"id": "amy", "roles": ["member"], "joined": "2024-09-01T00:00:00+08:00", "level": 3},
    "message": {"id": "m42", "text": "hi", "reply_to": None, "topic": None, "attachments": [],
                "labels": {"off_topic": 0.1}},
}  # fmt: skip
FLAT: dict[str, Any] = {
    "id": "m42", "ts": "2024-10-08T04:00:00Z", "community": "c1", "author": "amy", "type": "message", "text": "hi",
}  # fmt: skip
TRADE = WireTypes(
    events={
        **BUILT_IN,
        "trade": {
            "amount": NUMBER, "buyer": MEMBER, "rush": BOOLEAN, "day": DATE, "at": INSTANT, "from": TIME_OF_DAY,
            "took": DURATION, "tags": Type("list", TEXT), "scores": Type("list", NUMBER), "note": TEXT,
        },
    },
    member={"level": NUMBER},
)  # fmt: skip


def refusal(body: Any, types: WireTypes = STANDARD_TYPES) -> tuple[str, str | None]:
    with pytest.raises(WireError) as caught:
        event_from_wire(body, types)
    for language in ("en", "zh"):
        for text in (caught.value.diagnostic.text(language), caught.value.diagnostic.hint(language)):
            assert "{" not in text.replace("{…}", "").replace('{"', "") or "`" in text
    return caught.value.diagnostic.code, caught.value.field


def test_the_full_form() -> None:
    event = event_from_wire(FULL)
    assert (event.id, event.type, event.community, event.channel, event.place) == (
        "m42", "message", "c1", "telegram", "general",
    )  # fmt: skip
    assert event.time == 1728360000_000000
    assert event.member is not None
    assert event.member.roles == ("member",)
    assert event.member.joined == 1725120000_000000
    assert event.member.fields == {"level": 3}
    assert event.message is not None
    assert event.message.text == "hi"
    assert event.message.labels == {"off_topic": Decimal("0.1")}


def test_the_flat_form_means_the_same() -> None:
    event = event_from_wire(FLAT)
    assert event.time == 1728360000_000000
    assert event.member is not None
    assert event.member.id == "amy"
    assert event.message is not None
    assert (event.message.id, event.message.text) == ("m42", "hi")


def test_a_join_without_words_carries_no_message() -> None:
    assert event_from_wire({**FLAT, "type": "join", "text": ""}).message is None


def test_a_mapping_is_as_good_as_a_dict() -> None:
    assert event_from_wire(MappingProxyType(FLAT)) == event_from_wire(FLAT)


def test_fields_under_the_events_own_name_are_typed() -> None:
    body = {
        **FLAT, "type": "trade",
        "trade": {
            "amount": 0.1, "buyer": "bob", "rush": True, "day": "2024-10-04", "at": "2024-10-04T00:00:00Z",
            "from": "08:30", "took": "P1DT12H", "tags": ["a", "b"], "scores": [1, 2.5], "other": "kept",
            "deep": {"x": 1},
        },
    }  # fmt: skip
    fields = dict(event_from_wire(body, TRADE).fields)
    assert fields["amount"] == Decimal("0.1")
    assert fields["took"] == 36 * 3600 * 1_000_000
    assert fields["from"] == 8 * 60 + 30
    assert fields["at"] == 1728000000_000000
    assert fields["scores"] == (1, Decimal("2.5"))
    assert fields["other"] == "kept"
    assert "deep" not in fields


def test_a_message_id_falls_back_to_what_it_is_about_then_to_the_event() -> None:
    edit = {**FLAT, "id": "e1", "type": "edit", "target": {"message": "m42"}}
    event = event_from_wire(edit)
    assert event.message is not None
    assert event.message.id == "m42"
    assert event.target.message == "m42"


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


@pytest.mark.parametrize("kind", [OrderedDict, MappingProxyType, defaultdict])
def test_any_mapping_will_do(kind: Any) -> None:
    body = kind(FULL) if kind is not defaultdict else defaultdict(str, FULL)
    assert event_from_wire(body) == event_from_wire(FULL)
    assert event_from_wire(body).digest == event_from_wire(FULL).digest


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (without(FLAT, "id"), "CR802", "id"),
        (without(FLAT, "ts"), "CR802", "time"),
        (without(FLAT, "community"), "CR802", "community"),
        (without(FLAT, "type"), "CR802", "type"),
        (without(FLAT, "author"), "CR802", "member"),
        (without(FLAT, "text"), "CR802", "message"),
        ({**FLAT, "author": None}, "CR802", "author"),
        ({**FULL, "member": None}, "CR802", "member"),
        ({**FLAT, "member": {"id": "amy"}}, "CR807", "member"),
        ({**FLAT, "message": {"text": "x"}}, "CR807", "message"),
        ({**FLAT, "time": FULL["time"]}, "CR807", "time"),
        ({**FLAT, "id": 42}, "CR808", "id"),
        ({**FLAT, "id": ""}, "CR808", "id"),
        ({**FLAT, "id": None}, "CR808", "id"),
        ({**FLAT, "id": "x" * (MAX_ID + 1)}, "CR808", "id"),
        ({**FLAT, "id": "a\x00b"}, "CR808", "id"),
        ({**FLAT, "author": "a\nb"}, "CR808", "author"),
        ({**FLAT, "author": 7}, "CR808", "author"),
        ({**FLAT, "community": []}, "CR808", "community"),
        ({**FLAT, "ts": "2024-10-08T04:00:00"}, "CR804", "ts"),
        ({**FLAT, "ts": "2024-10-08"}, "CR804", "ts"),
        ({**FLAT, "ts": "2024-02-30T04:00:00Z"}, "CR804", "ts"),
        ({**FLAT, "ts": "2024-10-08T24:00:00Z"}, "CR804", "ts"),
        ({**FLAT, "ts": "1969-12-31T23:59:59Z"}, "CR804", "ts"),
        ({**FLAT, "ts": "2200-01-01T00:00:00Z"}, "CR804", "ts"),
        ({**FLAT, "ts": "0001-01-01T00:00:00+23:59"}, "CR804", "ts"),
        ({**FLAT, "ts": 1728360000}, "CR804", "ts"),
        ({**FLAT, "ts": None}, "CR804", "ts"),
        ({**FLAT, "type": "mesage"}, "CR805", "type"),
        ({**FLAT, "type": "late"}, "CR811", "type"),
        ({**FLAT, "type": 5}, "CR803", "type"),
        ({**FLAT, "text": 5}, "CR803", "text"),
        ({**FLAT, "text": "x" * (MAX_TEXT + 1)}, "CR806", "text"),
        ({**FLAT, "raw": "x" * 2_000_000}, "CR806", None),
        ({**FLAT, "target": "m1"}, "CR803", "target"),
        ({**FLAT, "target": {"rule": 5}}, "CR808", "target.rule"),
        ({**FLAT, "place": 5}, "CR808", "place"),
        ({**FULL, "member": "amy"}, "CR803", "member"),
        ({**FULL, "member": {}}, "CR802", "member.id"),
        ({**FULL, "member": {"id": "amy", "roles": "staff"}}, "CR803", "member.roles"),
        ({**FULL, "member": {"id": "amy", "roles": ["a", 5]}}, "CR803", "member.roles[1]"),
        ({**FULL, "member": {"id": "amy", "joined": "long ago"}}, "CR804", "member.joined"),
        ({**FULL, "member": {"id": "amy", "name": 5}}, "CR803", "member.name"),
        ({**FULL, "message": {"text": None, "labels": {"a": [1]}}}, "CR803", "message.labels.a"),
        ({**FULL, "message": {"labels": [1]}}, "CR803", "message.labels"),
        ({**FULL, "message": {"labels": {"a": math.inf}}}, "CR803", "message.labels.a"),
        ({**FULL, "message": {"attachments": "a.png"}}, "CR803", "message.attachments"),
        ({**FULL, "message": {"attachments": [1]}}, "CR803", "message.attachments[0]"),
        ({**FULL, "message": {"text": "\ud800"}}, "CR803", "message.text"),
        ({**FULL, "message": {"text": b"hi"}}, "CR803", "message.text"),
        ({**FLAT, "big": 10**30}, "CR803", "big"),
        ({**FLAT, 5: "x"}, "CR803", None),
        ([], "CR803", None),
    ],
)  # fmt: skip
def test_what_is_refused_and_where(body: Any, code: str, field: str | None) -> None:
    assert refusal(body) == (code, field)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("amount", "5", "CR803"), ("amount", True, "CR803"), ("amount", math.nan, "CR803"),
        ("amount", 10**18 + 1, "CR803"),
        ("buyer", 5, "CR808"), ("rush", 1, "CR803"), ("day", "2024-02-30", "CR803"), ("day", "2024-10-4", "CR803"),
        ("at", "2024-10-04", "CR804"), ("from", "8:30", "CR803"), ("from", "25:00", "CR803"), ("took", -5, "CR803"),
        ("took", True, "CR803"),
        ("took", "P", "CR803"), ("took", "PT", "CR803"), ("took", "P1M", "CR803"), ("tags", "a", "CR803"),
        ("tags", ["a", 5], "CR803"), ("tags", ["a"] * 1001, "CR806"), ("scores", [None], "CR803"),
        ("note", ["x"], "CR803"),
    ],
)  # fmt: skip
def test_a_declared_field_of_another_type(name: str, value: Any, code: str) -> None:
    body = {**FLAT, "type": "trade", "trade": {name: value}}
    found, field = refusal(body, TRADE)
    assert found == code
    assert field is not None
    assert field.startswith(f"trade.{name}")


def test_a_type_that_nobody_declared_is_refused_with_one_that_is_near() -> None:
    with pytest.raises(WireError) as caught:
        event_from_wire({**FLAT, "type": "massage"})
    assert "`message`" in caught.value.diagnostic.hint("en")
    assert "`message`" in caught.value.diagnostic.hint("zh")


def test_deep_and_cyclic_bodies_are_refused() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert refusal({**FLAT, "deep": deep})[0] == "CR806"
    cycle: dict[str, Any] = {}
    cycle["again"] = cycle
    assert refusal({**FLAT, "cycle": cycle})[0] == "CR806"


def test_the_digest_tells_bodies_apart_and_ignores_the_order_of_names() -> None:
    again = dict(reversed(FULL.items()))
    assert event_from_wire(again).digest == event_from_wire(FULL).digest
    assert event_from_wire({**FULL, "place": "other"}).digest != event_from_wire(FULL).digest
    assert len(event_from_wire(FULL).digest) == 16


def test_unprintable_text_is_judged_not_refused() -> None:
    event = event_from_wire({**FLAT, "text": "a\x00b\u202e\ufeff"})
    assert event.message is not None
    assert event.message.text == "a\x00b\u202e\ufeff"


def test_a_refusal_survives_pickling() -> None:
    with pytest.raises(WireError) as caught:
        event_from_wire({**FLAT, "id": 5})
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.field == "id"
