"""What feeds the measures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from handmade import MEMBER_ID, NOON, NOTHING, TEXT_FIELD, compare, field, happening, member, rulebook
from msgspec.structs import replace as changed

from communityrules.checker.checked import Aggregate, Const, Contains, FieldRef, Parameter, ParameterRef, SlidingWindow
from communityrules.compiler.compile import compile_rulebook
from communityrules.model.event import Event, Target
from communityrules.model.values import BOOLEAN, DAY, MEMBER, MESSAGE, NUMBER, TEXT

DAY_LONG = SlidingWindow(DAY)


def observe(aggregate: Aggregate, event: Event, **given: Any) -> Any:
    """The places, the key and the value that an event feeds a measure; None for an event that is not counted."""
    observer = compile_rulebook(rulebook(aggregates=(aggregate,), **given)).observers.get(event.type)
    if observer is None:
        return None
    assert observer.indices == (0,)
    fed = observer.fed(event, NOTHING)
    assert len(fed) < 2
    return fed[0][1:] if fed else None


def test_events_are_counted_under_their_keys_as_they_came() -> None:
    count = Aggregate("count", ("message",), None, (MEMBER_ID, TEXT_FIELD), None, DAY_LONG, NUMBER)
    assert observe(count, happening("Hi  ")) == ((0,), ("amy", "Hi  "), None)
    assert observe(count, changed(happening("x"), type="reply")) == ((0,), ("amy", "x"), None)
    assert observe(count, changed(happening("x"), type="edit")) is None
    assert observe(replace(count, keys=()), happening("x")) == ((0,), (), None)
    assert observe(replace(count, keys=(FieldRef("message", "topic", TEXT),)), happening("x")) is None


def test_where_and_values_are_read_on_the_counted_event() -> None:
    score = field("score")
    words = Contains(TEXT_FIELD, (Const("good", TEXT),), "any", False)
    sums = Aggregate("sum", ("rating",), score, (FieldRef("target", "member", MEMBER),), words, DAY_LONG, NUMBER)
    event = changed(happening("good"), type="rating", target=Target(member="bob"), fields={"score": Decimal("4.5")})
    # Of a rating `message.text` is the rated member's message, which the engine knows.
    assert observe(sums, event) is None
    about = changed(event, subject_message=event.message)
    assert observe(sums, about) == ((0,), ("bob",), Decimal("4.5"))
    assert observe(sums, changed(about, fields={})) is None


def test_a_sequence_is_told_every_place() -> None:
    joined = Aggregate("sequence", ("join", "message", "join"), None, (MEMBER_ID,), None, DAY_LONG, BOOLEAN)
    assert observe(joined, changed(happening("x"), type="join")) == ((2, 0), ("amy",), None)
    assert observe(joined, happening("x")) == ((1,), ("amy",), None)


def test_reports_count_by_what_they_are_about() -> None:
    reporters = Aggregate(
        "distinct",
        ("report",),
        FieldRef("sender", "id", MEMBER),
        (FieldRef("target", "message", MESSAGE),),
        None,
        DAY_LONG,
        NUMBER,
    )
    event = Event("r", NOON, "report", "c1", member=member("bob"), target=Target(message="m1"))
    assert observe(reporters, event) == ((0,), ("m1",), "bob")
    by_subject = replace(reporters, keys=(MEMBER_ID,))
    assert observe(by_subject, event) is None
    assert observe(by_subject, changed(event, subject=member("cai"))) == ((0,), ("cai",), "bob")


def test_parameters_in_where_are_those_of_the_counted_events_time() -> None:
    parameters = {"most": Parameter("most", NUMBER, ((None, 1), (NOON, 9)))}
    where = compare(field("a"), ">", ParameterRef("most", NUMBER))
    count = Aggregate("count", ("message",), None, (), where, DAY_LONG, NUMBER)
    event = changed(happening("x"), fields={"a": 5})
    assert observe(count, event, parameters=parameters) is None
    assert observe(count, changed(event, time=NOON - 1), parameters=parameters) == ((0,), (), None)


def test_measures_are_fed_in_their_order() -> None:
    count = Aggregate("count", ("message",), None, (), None, DAY_LONG, NUMBER)
    observers = compile_rulebook(rulebook(aggregates=(count, replace(count, events=("join",)), count))).observers
    assert observers["message"].indices == (0, 2)
    assert observers["join"].indices == (1,)
    assert observers["reply"] is observers["message"]


def test_many_measures_are_fed_in_parts() -> None:
    counts = [
        Aggregate("count", ("message",), None, (), compare(field("a"), ">", number), DAY_LONG, NUMBER)
        for number in range(200)
    ]
    observer = compile_rulebook(rulebook(aggregates=tuple(counts))).observers["message"]
    assert len(observer.parts) > 1
    fed = observer.fed(changed(happening("x"), fields={"a": 120}), NOTHING)
    assert [index for index, *_ in fed] == list(range(120))
