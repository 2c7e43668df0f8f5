"""What evidence says: quotes from the original, only the branches that made the condition true, plain JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from handmade import (
    LINKS,
    MEMBER_ID,
    NOON,
    NOTHING,
    ROLES,
    TENURE,
    TEXT_FIELD,
    TIME,
    compare,
    field,
    happening,
    member,
    rule,
    rulebook,
    word_list,
)  # fmt: skip
from msgspec.structs import replace as changed

from communityrules.checker import checked
from communityrules.checker.checked import (
    Affix,
    Aggregate,
    AggregateRef,
    Arithmetic,
    AtLeast,
    CalendarWindow,
    Compare,
    Const,
    Contains,
    DefinitionRef,
    DetectorRef,
    Empty,
    FieldRef,
    FunctionCall,
    InGroup,
    InRange,
    ListRef,
    Logic,
    Matches,
    Not,
    OneOf,
    Parameter,
    ParameterRef,
    StateRef,
)  # fmt: skip
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.facts import GivenFacts
from communityrules.compiler.plain import QUOTED, plain, plain_number
from communityrules.model.event import Event, Message, Target
from communityrules.model.values import BOOLEAN, DAY, DURATION, HOUR, NUMBER, TEXT, TIME_OF_DAY, Type

COUNTS = (
    Aggregate(
        "count", ("message",), None, (MEMBER_ID,), None, CalendarWindow("day"), NUMBER, limit=5,
        what="count(message by member today)",
    ),
)  # fmt: skip
COUNT = AggregateRef(0, (MEMBER_ID,), NUMBER, what="count(message by member today)")


def why(
    condition: checked.Expression | None, event: Event | None = None, facts: GivenFacts = NOTHING, **given: Any
) -> list[dict[str, Any]]:
    """The evidence of a rule that must match."""
    of = {name: given.pop(name) for name in ("applies_to", "events", "found_by") if name in given}
    (hit,) = (
        compile_rulebook(rulebook([rule("1", condition=condition, **of)], **given))
        .match(event or happening("hi"), facts)
        .hits
    )
    found = [dict(one) for one in hit.evidence]
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    return found


def test_words_are_quoted_from_the_original() -> None:
    lists = {"ad_words": word_list("ad_words", "加微信", "earn")}
    listed = Contains(TEXT_FIELD, (ListRef("ad_words"),), "any", False)
    (found,) = why(listed, happening("请 加微\u200b信 earn"), lists=lists)
    assert found == {
        "kind": "match",
        "field": "message.text",
        "what": "ad_words",
        "text": "加微\u200b信",
        "start": 2,
        "end": 6,
    }
    assert list(found) == ["kind", "field", "what", "text", "start", "end"]
    written = Contains(TEXT_FIELD, (Const("Now", TEXT), Const("BUY", TEXT)), "all", False)
    assert [(one["what"], one["text"], one["start"]) for one in why(written, happening("buy ＮＯＷ"))] == [
        ("Now", "ＮＯＷ", 4),
        ("BUY", "buy", 0),
    ]
    detected = Contains(TEXT_FIELD, (Const("none", TEXT), DetectorRef("phone_number")), "any", False)
    assert why(detected, happening("tel 13812345678"))[0]["what"] == "phone_number"


def test_patterns_and_affixes_say_where() -> None:
    pattern = Matches(TEXT_FIELD, "[A-Z]{2}[0-9]+", "order_number")
    assert why(pattern, happening("my AB12")) == [
        {"kind": "match", "field": "message.text", "what": "order_number", "text": "AB12", "start": 3, "end": 7}
    ]
    start = Affix(TEXT_FIELD, "start", (Const("he", TEXT), Const("hello there", TEXT)), False)
    assert why(start, happening(" Hello  there")) == [
        {"kind": "match", "field": "message.text", "what": "hello there", "text": "Hello  there", "start": 1, "end": 13}
    ]
    end = Affix(TEXT_FIELD, "end", (Const("there", TEXT),), False)
    assert why(end, happening("Hello THERE "))[0]["start"] == 6


def test_items_of_lists_and_links() -> None:
    has = Contains(ROLES, (Const("moderator", TEXT),), "any", False)
    assert why(has, happening("hi", by=member("amy", roles=("x", "Moderator")))) == [
        {"kind": "match", "field": "member.roles", "what": "moderator", "text": "Moderator"}
    ]
    lists = {"sites": word_list("sites", "evil.example.com")}
    bad = Contains(LINKS, (ListRef("sites"),), "any", False)
    assert why(bad, happening("go http://EVIL.example.com/x ok"), lists=lists) == [
        {
            "kind": "match", "field": "message.links", "what": "sites", "text": "http://EVIL.example.com/x", "start": 3,
            "end": 28,
        }
    ]  # fmt: skip


def test_counts_say_the_value_and_the_limit() -> None:
    def counted(condition: checked.Expression, value: int) -> list[dict[str, Any]]:
        return why(condition, facts=GivenFacts({(0, ("amy",)): value}), aggregates=COUNTS)

    what = "count(message by member today)"
    assert counted(compare(COUNT, ">", 3), 4) == [{"kind": "count", "what": what, "value": 4, "limit": 3}]
    assert counted(compare(COUNT, ">", 3), 5) == [
        {"kind": "count", "what": what, "value": 5, "limit": 3, "at_least": True}
    ]
    assert counted(compare(COUNT, ">", 3), 50) == counted(compare(COUNT, ">", 3), 5)
    assert counted(compare(COUNT, "<", 3), 1) == [
        {"kind": "count", "what": what, "value": 1, "limit": 3, "operator": "<"}
    ]
    assert counted(Compare("<=", Const(3, NUMBER), COUNT), 4) == [
        {"kind": "count", "what": what, "value": 4, "limit": 3}
    ]
    assert counted(Not(compare(COUNT, ">", 3)), 1)[0]["operator"] == "<="


def test_ratios_and_times_and_states() -> None:
    ratio = {"rate": Arithmetic("/", field("a"), field("b"), NUMBER)}
    event = changed(happening("hi"), fields={"a": 1, "b": 3})
    parameters = {"most": Parameter("most", NUMBER, ((None, Decimal("0.05")),))}
    above = compare(DefinitionRef("rate", NUMBER), ">", ParameterRef("most", NUMBER))
    assert why(above, event, definitions=ratio, parameters=parameters) == [
        {"kind": "compare", "what": "rate", "value": 0.333333333333333, "operator": ">", "limit": 0.05}
    ]
    assert why(InRange(TIME, Const(480, TIME_OF_DAY), Const(660, TIME_OF_DAY), True)) == [
        {
            "kind": "time", "what": "event.time", "value": "2024-10-08T12:00:00+08:00", "operator": "outside",
            "low": "08:00", "high": "11:00",
        }
    ]  # fmt: skip
    raid = Type("state", name="raid")
    assert why(
        Compare("is", StateRef("raid", raid), Const("high", raid), True), facts=GivenFacts(states={"raid": "high"})
    ) == [{"kind": "state", "what": "raid", "value": "high", "operator": "is", "limit": "high"}]
    joined = member("amy", joined=NOON - 36 * HOUR - 1)
    assert why(compare(TENURE, "<", 3 * DAY), happening("hi", by=joined)) == [
        {"kind": "compare", "what": "member.tenure", "value": 129600.000001, "operator": "<", "limit": 259200}
    ]


def test_only_the_branches_that_made_it_true() -> None:
    lists = {"a": word_list("a", "aa"), "b": word_list("b", "bb")}
    either = Logic("or", tuple(Contains(TEXT_FIELD, (ListRef(name),), "any", False) for name in ("a", "b")))
    assert [one["what"] for one in why(either, happening("bb"), lists=lists)] == ["b"]
    assert [one["what"] for one in why(either, happening("bb aa"), lists=lists)] == ["a"]
    both = replace(either, operator="and")
    assert [one["what"] for one in why(both, happening("bb aa"), lists=lists)] == ["a", "b"]
    length = FieldRef("message", "length", NUMBER, what="message.length")
    tally = AtLeast(2, (compare(length, ">", 9), compare(length, ">", 1), Empty(LINKS, False), compare(length, ">", 0)))
    assert [one["kind"] for one in why(tally, happening("hi"))] == ["compare", "empty"]
    assert [one["limit"] for one in why(Not(AtLeast(2, tally.conditions[:2])), happening("hi"))] == [9]
    neither = why(Not(either), happening("cc"), lists=lists)
    assert neither == [{"kind": "no_match", "field": "message.text", "what": name} for name in ("a", "b")]


def test_what_stands_under_not_is_told_the_other_way_round() -> None:
    a = field("a")
    one = changed(happening("hi"), fields={"a": 1})
    assert why(Not(compare(a, ">", 3)), one) == [
        {"kind": "compare", "what": "own.a", "value": 1, "operator": "<=", "limit": 3}
    ]
    assert why(Not(compare(a, ">", 3))) == [{"kind": "absent", "what": "own.a"}]
    assert why(Not(Not(compare(a, "<", 3))), one)[0]["operator"] == "<"
    inside = InRange(a, Const(2, NUMBER), Const(3, NUMBER), False)
    assert why(Not(inside), one)[0]["operator"] == "outside"
    assert why(Not(OneOf(a, (Const(2, NUMBER),), False, False)), one) == [
        {"kind": "not_one_of", "what": "own.a", "value": 1}
    ]
    assert why(Not(Empty(a, False)), one) == [{"kind": "present", "what": "own.a", "value": 1}]
    assert why(Not(Empty(a, True))) == [{"kind": "empty", "what": "own.a"}]
    groups = {"new": compare(TENURE, "<", DAY)}
    assert why(Not(InGroup("new")), groups=groups) == [{"kind": "not_member", "what": "new", "member": "amy"}]
    flag = FieldRef("own", "ok", BOOLEAN, True, what="trade.ok")
    assert why(Not(flag)) == [{"kind": "fact", "what": "trade.ok", "value": None}]


def test_evidence_reads_no_more_than_the_condition_did() -> None:
    """`fails` would fail; the comparison never read it because its left side is absent."""
    fails = FunctionCall("weekday_of", (Const("no instant", TEXT),), NUMBER)
    assert why(Not(Compare("<", field("a"), fails))) == [{"kind": "absent", "what": "own.a"}]
    assert why(Not(InRange(field("a"), Const(1, NUMBER), fails, False))) == [{"kind": "absent", "what": "own.a"}]
    assert why(Logic("or", (Const(True, BOOLEAN), compare(fails, "<", 3)))) == []


def test_rules_without_a_condition_say_what_happened() -> None:
    assert why(None) == [{"kind": "event", "what": "message"}]
    finding = Event(
        "f", NOON, "finding", "c1", member=member("mod", roles=("owner",)), message=Message(None, "a cheat"),
        target=Target(rule="1"), subject=member("bob", joined=NOON),
    )  # fmt: skip
    groups = {"new": compare(TENURE, "<", DAY)}
    assert why(None, finding, found_by="staff", events=(), applies_to=("staff", "new"), groups=groups) == [
        {"kind": "finding", "member": "mod", "text": "a cheat"},
        {"kind": "member", "what": "new", "member": "bob"},
    ]


def test_values_are_plain() -> None:
    assert plain(90_000_000, "duration", "UTC") == 90
    assert plain(1_500_000, "duration", "UTC") == 1.5
    assert plain(1320, "time_of_day", "UTC") == "22:00"
    assert plain(("a", 1), "list", "UTC") == ["a", 1]
    assert plain("x" * 1000, "text", "UTC") == "x" * (QUOTED - 1) + "…"
    assert plain_number(Decimal("5.00")) == 5
    assert plain_number(Decimal("0.1")) == 0.1
    assert plain_number(10**30) == 1e30
    for absurd in (Decimal("1e999999"), Decimal("-1e999999"), 10**5000):
        assert isinstance(plain_number(absurd), str)
    assert (
        why(compare(field("span", DURATION), ">", HOUR), changed(happening("hi"), fields={"span": DAY}))[0]["value"]
        == 86400
    )
