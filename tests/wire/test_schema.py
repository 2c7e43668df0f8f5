"""The published schemas: up to date, and of one mind with the hand-written reading and writing."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from communityrules.model.decision import (
    ActionTaken,
    Case,
    Decision,
    Duty,
    LabelChange,
    Notice,
    Outcome,
    PointsChange,
    RulebookRef,
    RuleFailure,
    Sanction,
    Timer,
    Verdict,
)
from communityrules.model.values import BOOLEAN, DATE, DURATION, INSTANT, MEMBER, NUMBER, TEXTS, TIME_OF_DAY
from communityrules.model.zones import zone
from communityrules.wire.decisions import Lines
from communityrules.wire.events import WireError, WireTypes, decision_from_wire, decision_to_wire, encode_decision
from communityrules.wire.reading import decode_event
from communityrules.wire.schema import decision_schema, event_schema
from communityrules.wire.types import BUILT_IN

TYPES = WireTypes(
    events={
        **BUILT_IN,
        "trade": {
            "amount": NUMBER, "buyer": MEMBER, "rush": BOOLEAN, "day": DATE, "at": INSTANT, "from": TIME_OF_DAY,
            "took": DURATION, "tags": TEXTS,
        },
    },
    member={"level": NUMBER},
)  # fmt: skip
EVENTS = Draft202012Validator(event_schema(TYPES))
DECISIONS = Draft202012Validator(decision_schema())


# --- events --------------------------------------------------------------------------------------------------

words = st.text(max_size=8) | st.sampled_from(["a\x00b", "", "加微信", "\u202e", "m1\n"])
printable = st.characters(exclude_categories=["Cs"], min_codepoint=32, exclude_characters="\x7f")
ids = st.text(printable, min_size=1, max_size=8)
times = st.sampled_from(
    ["2024-10-08T12:00:00+08:00", "2024-10-08 04:00:00.123456789Z", "2024-10-08T12:00Z", "1970-01-01T00:00:00+08:00"]
)
numbers = st.integers(-(10**18), 10**18) | st.floats(-1e18, 1e18)
wrong = (
    st.none() | st.booleans() | numbers | words | st.just([]) | st.just({}) | st.lists(st.integers(0, 9), max_size=2)
    | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["2024-10-08", "2024-10-08T12:00:00", "12:00", "2024-13-08T12:00:00Z", "1969-10-08T12:00:00Z",
         "2024-10-08T12:00:00Z\n", "2024-10-08T24:00:00Z", "2024-10-08T12:00:00+8", "2024-W41-2T12:00:00Z",
         "2024-1-4", "2024-10-04\n", "24:01", "8:30", "08:30\n", "P", "PT", "P1DT", "P1M", "P1D\n", "-P1D"]
    )
)  # fmt: skip
members = st.fixed_dictionaries(
    {"id": ids},
    optional={
        "roles": st.lists(ids, max_size=3), "joined": times, "name": words, "level": numbers, "other": words,
    },
)  # fmt: skip
messages = st.fixed_dictionaries(
    {},
    optional={
        "id": ids, "text": words, "reply_to": ids, "topic": words, "attachments": st.lists(words, max_size=3),
        "labels": st.dictionaries(words, numbers | st.booleans() | words, max_size=3), "extra": words,
    },
)  # fmt: skip
trades = st.fixed_dictionaries(
    {},
    optional={
        "amount": numbers, "buyer": ids, "rush": st.booleans(), "day": st.just("2024-10-04"), "at": times,
        "from": st.sampled_from(["08:30", "24:00"]), "took": st.sampled_from(["P1D", "PT1H30M", "P2W", "P1DT1S"]),
        "tags": st.lists(words, max_size=3), "more": words,
    },
)  # fmt: skip
targets = st.fixed_dictionaries({}, optional=dict.fromkeys(("message", "member", "case", "rule"), ids))
kinds = st.sampled_from(["message", "message", "edit", "join", "report", "rating", "trade", "profile"])
good_bodies = st.builds(
    lambda *parts: {name: value for part in parts for name, value in part.items()},
    st.fixed_dictionaries(
        {"id": ids, "type": kinds, "community": ids},
        optional={
            "channel": ids, "place": ids, "target": targets, "trade": trades, "anything": words,
            "rating": st.fixed_dictionaries({}, optional={"score": numbers}),
        },
    ),
    st.fixed_dictionaries({"time": times}) | st.fixed_dictionaries({"ts": times}),
    st.fixed_dictionaries({"member": members}) | st.fixed_dictionaries({"author": ids}),
    st.fixed_dictionaries({"message": messages}) | st.fixed_dictionaries({"text": words}),
)  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn) -> Any:
    """A good event, or one with a few things replaced, added or taken away."""
    body = draw(good_bodies)
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        place = body
        while True:
            name = draw(st.sampled_from(sorted(place)) | st.sampled_from(["time", "author", "text", "member"]))
            inner = place.get(name)
            if isinstance(inner, dict) and inner and draw(st.booleans()):
                place = inner
                continue
            break
        if draw(st.integers(0, 4)) == 0:
            place.pop(name, None)
        elif isinstance(inner, list) and inner:
            place[name] = [*inner, draw(wrong)]
        else:
            place[name] = draw(wrong)
    return body


def write(body: Any) -> bytes:
    """JSON as a host writes it; surrogates cannot be."""
    return orjson.dumps(body)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies())
def test_reading_and_schema_accept_the_same_events(body: Any) -> None:
    try:
        line = write(body)
    except TypeError:
        return
    try:
        decode_event(line, TYPES)
        accepted: WireError | None = None
    except WireError as error:
        accepted = error
    event("accepted" if accepted is None else accepted.diagnostic.code)
    errors = [error.message for error in EVENTS.iter_errors(orjson.loads(line))]
    assert (accepted is None) == (not errors), (accepted, errors)


# --- decisions -----------------------------------------------------------------------------------------------

plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
moments = st.integers(0, 4_102_444_800_000_000)
maybe_moments = st.none() | moments
maybe = st.none() | plain
things = st.dictionaries(st.sampled_from(["message", "member", "case"]), plain, max_size=1)
values = plain | st.integers(-(2**53), 2**53) | st.booleans() | st.none()
verdicts = st.sampled_from(["allow", "flag", "hold", "block"])
several = {"max_size": 2}
outcomes = st.builds(
    Outcome, plain, maybe, maybe, st.sampled_from([None, "may", "must_not"]), verdicts, st.booleans(), maybe,
    st.lists(
        st.builds(ActionTaken, plain, things, st.dictionaries(st.sampled_from(["to", "duration"]), values)), **several
    ).map(tuple),
    st.lists(st.fixed_dictionaries({"kind": plain, "value": values}), **several).map(tuple),
)  # fmt: skip
texts = st.dictionaries(st.sampled_from(["en", "zh"]), plain)
rules = st.lists(plain, **several).map(tuple)
decisions = st.builds(
    Decision,
    event=plain | st.builds(Timer, plain, plain),
    time=moments,
    community=plain,
    rulebook=st.builds(RulebookRef, plain, maybe, plain),
    verdict=verdicts,
    outcomes=st.lists(outcomes, **several).map(tuple),
    sanctions=st.lists(
        st.builds(
            Sanction, plain, plain, plain, moments, maybe_moments, maybe, st.none() | st.integers(1, 9), rules,
            st.sampled_from(["in_force", "ended", "reversed", "pending"]),
        ), **several,
    ).map(tuple),
    duties=st.lists(
        st.builds(
            Duty, plain, plain, plain, maybe, maybe_moments, st.sampled_from(["open", "met", "late", "cancelled"]),
            maybe, maybe, maybe,
        ), **several,
    ).map(tuple),
    cases=st.lists(
        st.builds(
            Case, plain, plain, st.sampled_from(["hold", "appeal", "discretion"]), plain, st.integers(1, 9), moments,
            maybe_moments, st.sampled_from(["open", "approved", "rejected", "expired"]), maybe, maybe,
            st.lists(st.tuples(plain, plain), **several).map(tuple),
        ), **several,
    ).map(tuple),
    notices=st.lists(st.builds(Notice, plain, plain, things, plain, maybe, texts), **several).map(tuple),
    points=st.lists(
        st.builds(PointsChange, plain, plain, st.integers(-9, 9), st.integers(-9, 9), plain), **several
    ).map(tuple),
    labels=st.lists(
        st.builds(LabelChange, things, plain, maybe_moments, plain, st.booleans()), **several
    ).map(tuple),
    errors=st.lists(st.builds(RuleFailure, plain, plain, st.integers(1, 99), plain), **several).map(tuple),
    late=st.booleans(),
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(decisions, st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC", "Asia/Kathmandu"]))
def test_a_written_decision_fits_its_schema_and_comes_back(decision: Decision, name: str) -> None:
    line = encode_decision(decision, zone(name))
    body = orjson.loads(line)
    assert list(DECISIONS.iter_errors(body)) == []
    assert decision_from_wire(body) == decision
    assert orjson.dumps(decision_to_wire(decision, zone(name))) == line


def test_the_key_order_is_the_contracts() -> None:
    decision = Decision("m42", 1728360000_000000, "c1", RulebookRef("n", None, "d"), "allow")
    assert encode_decision(decision, zone("Asia/Shanghai")) == (
        b'{"event":"m42","time":"2024-10-08T12:00:00+08:00","community":"c1",'
        b'"rulebook":{"name":"n","version":null,"digest":"d"},"verdict":"allow","outcomes":[],"sanctions":[],'
        b'"duties":[],"cases":[],"notices":[],"points":[],"labels":[],"errors":[],"late":false}'
    )


def test_exact_decimals_are_written_digit_for_digit() -> None:
    outcome = Outcome(
        "5", None, None, None, "allow", False, None, (),
        ({"kind": "value", "value": Decimal("0.1000000000000000055511151231257827"), "whole": Decimal("1E+3")},),
    )  # fmt: skip
    decision = Decision("m", 0, "c", RulebookRef("n", None, "d"), "allow", outcomes=(outcome,))
    line = encode_decision(decision, zone("UTC"))
    assert b'"value":0.1000000000000000055511151231257827,"whole":1000' in line


@pytest.mark.parametrize("name", ["Nowhere/City", "Asia", "../etc/passwd", "tzdata.zi", "", "Asia/Shanghai/"])
def test_a_zone_that_does_not_exist(name: str) -> None:
    with pytest.raises(KeyError):
        zone(name)


@pytest.mark.parametrize("name", ["UTC", "Asia/Shanghai", "Europe/London", "America/St_Johns", "Africa/Monrovia"])
def test_lines_are_what_each_decision_is_alone(name: str) -> None:
    draw = random.Random(7)
    books = [RulebookRef("One", None, "1" * 64), RulebookRef('Two "2"', "2", "2" * 64)]
    base = 1_711_846_800_000_000  # half an hour before London's clocks go forward
    made = []
    for number in range(2_000):
        moment = draw.choice((0, 999, 500_000)) + draw.choice((base, base, 0, -(10**15), 250 * 10**15)) + (
            draw.randrange(7200) * 1_000_000
        )  # fmt: skip
        late, community = draw.random() < 0.1, draw.choice(("c", "c", "社群"))
        labels = (LabelChange({"member": "amy"}, "x", moment, "1"),) if draw.random() < 0.1 else ()
        event: str | Timer = Timer(f"t{number}", "duty") if draw.random() < 0.1 else draw.choice(('m"1', "消息", "m1"))
        verdict: Verdict = draw.choice(("allow", "allow", "allow", "flag"))
        made.append(
            Decision(event, moment, community, draw.choice(books), verdict, labels=labels, late=late)
        )  # fmt: skip
    lines = Lines(zone(name))
    assert [lines.line(one) for one in made] == [
        orjson.dumps(decision_to_wire(one, zone(name))) + b"\n" for one in made
    ]  # fmt: skip
