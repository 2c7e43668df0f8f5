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


def observe(aggregate: Aggregate, event: Event, **given: Any) -> list[tuple[int, Any]]:
    feeds = compile_rulebook(rulebook(aggregates=(aggregate,), **given)).feeds
    return [(feed.stage, feed.observe(event, NOTHING)) for feed in feeds.get(event.type, ())]


def test_events_are_counted_under_their_keys_as_they_came() -> None:
    count = Aggregate("count", ("message",), None, (MEMBER_ID, TEXT_FIELD), None, DAY_LONG, NUMBER)
    assert observe(count, happening("Hi  ")) == [(0, (("amy", "Hi  "), None))]
    assert observe(count, changed(happening("x"), type="reply")) == [(0, (("amy", "x"), None))]
    assert observe(count, changed(happening("x"), type="edit")) == []
    assert observe(replace(count, keys=()), happening("x")) == [(0, ((), None))]
    assert observe(replace(count, keys=(FieldRef("message", "topic", TEXT),)), happening("x")) == [(0, None)]


def test_where_and_values_are_read_on_the_counted_event() -> None:
    score = field("score")
    words = Contains(TEXT_FIELD, (Const("good", TEXT),), "any", False)
    sums = Aggregate("sum", ("rating",), score, (FieldRef("target", "member", MEMBER),), words, DAY_LONG, NUMBER)
    event = changed(happening("good"), type="rating", target=Target(member="bob"), fields={"score": Decimal("4.5")})
    # Of a rating `message.text` is the rated member's message, which the engine knows.
    assert observe(sums, event) == [(0, None)]
    about = changed(event, subject_message=event.message)
    assert observe(sums, about) == [(0, (("bob",), Decimal("4.5")))]
    assert observe(sums, changed(about, fields={})) == [(0, None)]


def test_a_sequence_has_a_feed_for_each_place() -> None:
    joined = Aggregate("sequence", ("join", "message", "join"), None, (MEMBER_ID,), None, DAY_LONG, BOOLEAN)
    assert observe(joined, changed(happening("x"), type="join")) == [(0, (("amy",), None)), (2, (("amy",), None))]
    assert observe(joined, happening("x")) == [(1, (("amy",), None))]


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
    assert observe(reporters, event) == [(0, (("m1",), "bob"))]
    by_subject = replace(reporters, keys=(MEMBER_ID,))
    assert observe(by_subject, event) == [(0, None)]
    assert observe(by_subject, changed(event, subject=member("cai"))) == [(0, (("cai",), "bob"))]


def test_parameters_in_where_are_those_of_the_counted_events_time() -> None:
    parameters = {"most": Parameter("most", NUMBER, ((None, 1), (NOON, 9)))}
    where = compare(field("a"), ">", ParameterRef("most", NUMBER))
    count = Aggregate("count", ("message",), None, (), where, DAY_LONG, NUMBER)
    event = changed(happening("x"), fields={"a": 5})
    assert observe(count, event, parameters=parameters) == [(0, None)]
    assert observe(count, changed(event, time=NOON - 1), parameters=parameters) == [(0, ((), None))]


def test_feeds_come_in_the_order_of_the_measures() -> None:
    count = Aggregate("count", ("message",), None, (), None, DAY_LONG, NUMBER)
    feeds = compile_rulebook(rulebook(aggregates=(count, replace(count, events=("join",)), count))).feeds
    assert [feed.index for feed in feeds["message"]] == [0, 2]
    assert [feed.index for feed in feeds["join"]] == [1]
