"""Which rules match which events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
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
    matched,
    member,
    rule,
    rulebook,
    word_list,
)  # fmt: skip
from msgspec.structs import replace as changed

from communityrules.checker import checked
from communityrules.checker.checked import (
    Arithmetic,
    AtLeast,
    Compare,
    Const,
    Contains,
    DefinitionRef,
    DetectorRef,
    Empty,
    FieldRef,
    InGroup,
    InRange,
    ListRef,
    Logic,
    Matches,
    Not,
    OneOf,
    Parameter,
    ParameterRef,
    Period,
    StateRef,
)  # fmt: skip
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.facts import GivenFacts
from communityrules.model.event import Event, Member, Message, Target
from communityrules.model.values import DATE, DAY, DURATION, HOUR, NUMBER, TEXT, TIME_OF_DAY, Type

SPAM = FieldRef("label", "spam", NUMBER, what="message.labels.spam")


def test_a_rule_without_a_condition_matches_every_event_it_is_on() -> None:
    book = rulebook([rule("1"), rule("2", events=("join",))])
    assert matched(book, happening("hi")) == ["1"]
    assert matched(book, changed(happening("hi"), type="join")) == ["2"]
    assert matched(book, changed(happening("hi"), type="leave")) == []


def test_a_rule_on_messages_hears_replies() -> None:
    assert matched(rulebook([rule("1")]), changed(happening("hi"), type="reply")) == ["1"]


def test_a_version_is_in_force_from_its_start_up_to_its_end() -> None:
    book = rulebook([rule("1", start=NOON, end=NOON + 1), rule("2", start=NOON + 1), rule("3", end=NOON)])
    assert matched(book, happening("hi")) == ["1"]
    assert matched(book, happening("hi", time=NOON + 1)) == ["2"]
    assert matched(book, happening("hi", time=NOON - 1)) == ["3"]


def test_groups_say_whom_a_rule_is_about() -> None:
    groups = {"newcomers": compare(TENURE, "<", 3 * DAY)}
    book = rulebook([rule("1", applies_to=("newcomers",)), rule("2", excluded=("staff",))], groups=groups)
    new, old = member("new", joined=NOON - DAY), member("old", joined=NOON - 9 * DAY, roles=("Admin",))
    assert matched(book, happening("hi", by=new)) == ["1", "2"]
    assert matched(book, happening("hi", by=old)) == []
    assert matched(book, happening("hi", by=member("amy"))) == ["2"]


def test_an_event_without_a_subject_is_the_communitys() -> None:
    book = rulebook(
        [rule("1", events=("alert",), excluded=("staff",)), rule("2", events=("alert",), applies_to=("staff",))]
    )
    assert matched(book, Event("a", NOON, "alert", "c1", member=member("amy", roles=("owner",)))) == ["1"]
    assert matched(book, Event("a", NOON, "alert", "c1", subject_group="staff")) == ["1", "2"]


def test_the_subject_of_a_report_is_never_its_sender() -> None:
    book = rulebook([rule("1", events=("report",), applies_to=("staff",))])
    staff = member("amy", roles=("owner",))
    assert matched(book, Event("r", NOON, "report", "c1", member=staff)) == []
    assert matched(book, Event("r", NOON, "report", "c1", member=member("bob"), subject=staff)) == ["1"]


def test_places_are_the_events_place_or_else_its_channel() -> None:
    book = rulebook([rule("1", places=("general", "qq")), rule("2", excluded_places=("general",))])
    assert matched(book, changed(happening("hi"), place="general")) == ["1"]
    assert matched(book, changed(happening("hi"), place="other", channel="qq")) == ["2"]
    assert matched(book, changed(happening("hi"), channel="qq")) == ["1", "2"]


def test_only_the_first_row_of_a_first_match_table_answers() -> None:
    rows = [
        rule("A-1", condition=Contains(TEXT_FIELD, (Const("refund", TEXT),), "any", False), first_match="t"),
        rule("A-2", first_match="t"),
        rule("A-3", first_match="t"),
        rule("B-1", first_match="other"),
    ]
    assert matched(rulebook(rows), happening("refund me")) == ["A-1", "B-1"]
    assert matched(rulebook(rows), happening("hello")) == ["A-2", "B-1"]
    on_trial = [replace(rows[0], trial_end=NOON + 1), *rows[1:]]
    assert matched(rulebook(on_trial), happening("refund me")) == ["A-1", "A-2", "B-1"]


def test_overrides_mark_what_they_weaken() -> None:
    def marks(*rules: checked.Rule) -> dict[str, str | None]:
        match = compile_rulebook(rulebook(rules)).match(happening("hi"), NOTHING)
        return {hit.rule.id: hit.overridden_by for hit in match.hits}

    assert marks(rule("1"), rule("2", overrides=("1",))) == {"1": "2", "2": None}
    assert marks(rule("1"), rule("2", overrides=("1",), trial_end=NOON + 1)) == {"1": None, "2": None}
    # What is itself overridden weakens nothing; a circle weakens nobody.
    chain = (rule("1"), rule("2", overrides=("1",)), rule("3", overrides=("2",)))
    assert marks(*chain) == {"1": None, "2": "3", "3": None}
    assert marks(rule("1", overrides=("2",)), rule("2", overrides=("1",))) == {"1": None, "2": None}


def test_a_trial_ends_at_its_instant() -> None:
    evaluator = compile_rulebook(rulebook([rule("1", trial_end=NOON)]))
    assert not evaluator.match(happening("hi"), NOTHING).hits[0].trial
    assert evaluator.match(happening("hi", time=NOON - 1), NOTHING).hits[0].trial


def test_findings_need_the_rule_and_the_group() -> None:
    book = rulebook([rule("13", events=(), found_by="staff", excluded=("staff",)), rule("14", events=("finding",))])
    about = {"subject": member("bob"), "target": Target(member="bob", rule="13")}
    by_staff = Event("f", NOON, "finding", "c1", member=member("mod", roles=("owner",)), **about)
    assert matched(book, by_staff) == ["13", "14"]
    assert matched(book, changed(by_staff, member=member("amy"))) == ["14"]
    assert matched(book, changed(by_staff, target=Target(rule="12"))) == ["14"]
    assert matched(book, changed(by_staff, subject=member("cai", roles=("admin",)))) == ["14"]
    assert matched(book, changed(by_staff, member=None)) == ["14"]


def test_periodic_rules_are_judged_by_the_text_of_the_period() -> None:
    old = rule("11", events=(), every=Period("month"), end=NOON, applies_to=("staff",))
    new = replace(old, start=NOON, end=None)
    book = rulebook([old, new])
    evaluator = compile_rulebook(book)
    about = Event("p", NOON, "period", "c1", subject=member("amy", roles=("owner",)))
    assert len(evaluator.match_period(old, about, NOTHING).hits) == 1
    assert evaluator.match_period(new, about, NOTHING).hits == ()
    assert evaluator.match_period(replace(old), changed(about, subject=member("bob")), NOTHING).hits == ()
    assert evaluator.match(about, NOTHING).hits == ()
    with pytest.raises(ValueError, match="not judged by period"):
        compile_rulebook(rulebook([rule("1")])).match_period(rule("1"), about, NOTHING)


# --- conditions ----------------------------------------------------------------------------------------------


def holds(
    condition: checked.Expression, event: Event | None = None, facts: GivenFacts = NOTHING, **given: object
) -> bool:
    return matched(rulebook([rule("1", condition=condition)], **given), event or happening("hi"), facts) == ["1"]


def test_a_comparison_with_an_absent_fact_is_false_and_not_of_it_true() -> None:
    for operator in ("is", "is_not", "<", "<=", ">", ">="):
        assert not holds(compare(SPAM, operator, 1))
        assert holds(Not(compare(SPAM, operator, 1)))
    assert not holds(InRange(SPAM, Const(0, NUMBER), Const(1, NUMBER), outside=True))
    assert not holds(OneOf(SPAM, (Const(1, NUMBER),), negated=True, exactly=False))


def test_labels_are_compared_as_they_are_written() -> None:
    def labelled(value: object) -> Event:
        return changed(happening("hi"), message=Message("m1", "hi", labels={"spam": value}))  # type: ignore[dict-item]

    at_least = compare(SPAM, ">=", Decimal("0.1"))
    assert holds(at_least, labelled(0.1))
    assert holds(compare(SPAM, "<=", Decimal("0.1")), labelled(0.1))
    assert not holds(at_least, labelled(0.09999999999999999))
    assert holds(compare(SPAM, "is", Decimal("0.3")), labelled(Decimal("0.30")))
    for no_number in (True, "0.9", float("nan"), float("inf")):
        assert not holds(at_least, labelled(no_number))
    assert holds(compare(replace(SPAM, type=TEXT), "is", "AD"), labelled("ad"))
    assert holds(compare(replace(SPAM, type=Type("boolean")), "is", True), labelled(True))
    assert not holds(compare(replace(SPAM, type=Type("boolean")), "is", True), labelled(1))


def test_texts_compare_folded_and_ids_as_they_are() -> None:
    topic = FieldRef("message", "topic", TEXT)
    event = changed(happening("hi"), message=Message("m1", "Ｈｉ\u200b", topic="Sales"))
    assert holds(compare(TEXT_FIELD, "is", "hI"), event)
    assert not holds(compare(TEXT_FIELD, "is", "hI", exactly=True), event)
    assert holds(compare(topic, "is_not", TEXT_FIELD), event)
    assert not holds(compare(MEMBER_ID, "is", "AMY"), event)
    assert holds(compare(MEMBER_ID, "is", "amy"), event)


def test_an_instant_against_a_time_of_day_is_read_on_the_local_clock() -> None:
    at_noon = happening("hi")
    assert holds(compare(TIME, "is", Const(720, TIME_OF_DAY)), at_noon)
    assert holds(compare(TIME, "is", Const(720, TIME_OF_DAY)), happening("hi", time=NOON + 59_999_999))
    assert not holds(compare(TIME, ">", Const(720, TIME_OF_DAY)), at_noon)
    assert not holds(compare(TIME, "is", Const(720, TIME_OF_DAY)), at_noon, timezone="UTC")
    assert holds(compare(Const(720, TIME_OF_DAY), "<=", TIME), at_noon)


def test_clocks_change() -> None:
    """In New York the clock goes from 2:00 to 3:00 on 2025-03-09, and shows 1:30 twice on 2025-11-02."""
    half_past_one = compare(TIME, "is", Const(90, TIME_OF_DAY))
    spring, autumn = 1_741_503_600_000_000, 1_762_061_400_000_000
    for event_time, minutes in ((spring - 1, 119), (spring, 180), (spring + HOUR, 240)):
        shows = compare(TIME, "is", Const(minutes, TIME_OF_DAY))
        assert holds(shows, happening("hi", time=event_time), timezone="America/New_York")
    for event_time in (autumn, autumn + HOUR):
        assert holds(half_past_one, happening("hi", time=event_time), timezone="America/New_York")


@pytest.mark.parametrize(
    ("low", "high", "minute", "inside"),
    [(480, 1320, 480, True), (480, 1320, 1320, False), (1320, 480, 1330, True), (1320, 480, 479, True),
     (1320, 480, 480, False), (1320, 480, 1319, False), (0, 1440, 1439, True), (600, 600, 600, False)],
)  # fmt: skip
def test_a_range_of_times_has_its_start_and_not_its_end(low: int, high: int, minute: int, inside: bool) -> None:
    event = happening("hi", time=NOON + (minute - 720) * 60_000_000)
    consts = (Const(low, TIME_OF_DAY), Const(high, TIME_OF_DAY))
    assert holds(InRange(TIME, *consts, outside=False), event) is inside
    assert holds(InRange(TIME, *consts, outside=True), event) is not inside
    parameters = {
        "low": Parameter("low", TIME_OF_DAY, ((None, low),)),
        "high": Parameter("high", TIME_OF_DAY, ((0, high),)),
    }
    by_parameters = InRange(TIME, ParameterRef("low", TIME_OF_DAY), ParameterRef("high", TIME_OF_DAY), outside=False)
    assert holds(by_parameters, event, parameters=parameters) is inside


def test_other_ranges_have_both_ends() -> None:
    score = field("score")
    for value, inside in ((1, True), (5, True), (0, False), (Decimal("5.01"), False)):
        event = changed(happening("hi"), fields={"score": value})
        assert holds(InRange(score, Const(1, NUMBER), Const(5, NUMBER), outside=False), event) is inside
        assert holds(InRange(score, Const(1, NUMBER), Const(5, NUMBER), outside=True), event) is not inside


def test_arithmetic_is_exact() -> None:
    a, b = field("a"), field("b")

    def over(left: object, right: object) -> Event:
        return changed(happening("hi"), fields={"a": left, "b": right})  # type: ignore[dict-item]

    def ratio(operator: str) -> Arithmetic:
        return Arithmetic(operator, a, b, NUMBER)  # type: ignore[arg-type]

    assert holds(compare(ratio("/"), ">", Decimal("0.05")), over(6, 119))
    assert not holds(compare(ratio("/"), ">", Decimal("0.05")), over(6, 120))
    assert holds(compare(ratio("/"), "is", Decimal("0.05")), over(6, 120))
    third = compare(Arithmetic("*", ratio("/"), Const(3, NUMBER), NUMBER), "is", 1)
    assert holds(third, over(1, 3))
    assert holds(compare(ratio("+"), "is", Decimal("0.3")), over(Decimal("0.1"), Decimal("0.2")))
    tiny = Decimal("1e-40")
    assert holds(compare(ratio("-"), ">", 0), over(Decimal("1." + "0" * 39 + "1"), 1))
    assert holds(compare(ratio("+"), ">", 1), over(tiny, 1))
    assert holds(compare(ratio("*"), "is", 10**40), over(10**20, Decimal(10**20)))
    for nothing in (over(1, 0), over(1, Decimal("0.0")), over(None, 3)):
        assert not holds(compare(ratio("/"), ">=", 0), nothing)
    days = Arithmetic("-", field("a", DATE), field("b", DATE), DURATION)
    assert holds(compare(days, "is", Const(2 * DAY, DURATION)), over(date(2024, 3, 1), date(2024, 2, 28)))


def test_parameters_have_the_value_of_the_events_time() -> None:
    parameters = {"most": Parameter("most", NUMBER, ((NOON, 3), (NOON + DAY, 5)))}
    above = compare(field("a"), ">", ParameterRef("most", NUMBER))
    four = changed(happening("hi"), fields={"a": 4})
    assert holds(above, four, parameters=parameters)
    assert not holds(above, changed(four, time=NOON + DAY), parameters=parameters)
    assert not holds(above, changed(four, time=NOON - 1), parameters=parameters)


def test_words_stand_at_word_edges_and_see_through_disguise() -> None:
    def has(*words: str, exactly: bool = False, mode: str = "any") -> Contains:
        return Contains(TEXT_FIELD, tuple(Const(word, TEXT) for word in words), mode, exactly)  # type: ignore[arg-type]

    assert holds(has("earn from home"), happening("ＥＡＲＮ  from home!"))
    assert not holds(has("ass"), happening("a class"))
    assert holds(has("加微信"), happening("请加微\u200b信"))
    assert not holds(has("BUY", exactly=True), happening("buy"))
    assert holds(has("a", "b", mode="all"), happening("b a"))
    assert not holds(has("a", "b", mode="all"), happening("b"))
    lists = {"shouts": word_list("shouts", "BUY NOW", exactly=True), "none": word_list("none")}
    shouted = Contains(TEXT_FIELD, (ListRef("shouts"),), "any", False)
    assert holds(shouted, happening("so BUY NOW!"), lists=lists)
    assert not holds(shouted, happening("so buy now!"), lists=lists)
    assert not holds(Contains(TEXT_FIELD, (ListRef("none"),), "any", False), happening("x"), lists=lists)
    assert holds(Contains(TEXT_FIELD, (DetectorRef("phone_number"),), "any", False), happening("电话 13812345678"))


def test_lists_hold_items_and_links_their_domains() -> None:
    roles = Contains(ROLES, (Const("Moderator", TEXT), Const("owner", TEXT)), "any", False)
    assert holds(roles, happening("hi", by=member("amy", roles=("ＭＯＤＥＲＡＴＯＲ",))))
    assert not holds(replace(roles, exactly=True), happening("hi", by=member("amy", roles=("moderator",))))
    assert not holds(replace(roles, mode="all"), happening("hi", by=member("amy", roles=("moderator",))))
    assert not holds(roles, Event("a", NOON, "alert", "c1"))
    sites = {"sites": word_list("sites", "evil.example")}
    bad = Contains(LINKS, (ListRef("sites"),), "any", False)
    assert holds(bad, happening("see https://www.EVIL.example/x"), lists=sites)
    assert not holds(bad, happening("see https://notevil.example/x"), lists=sites)


def test_one_of_and_empty_and_patterns() -> None:
    topic = FieldRef("message", "topic", TEXT)
    about = changed(happening("AB12345678"), message=Message("m1", "order AB12345678", topic="Sales"))
    assert holds(OneOf(topic, (Const("sales", TEXT),), False, False), about)
    assert not holds(OneOf(topic, (Const("sales", TEXT),), True, False), about)
    assert not holds(OneOf(topic, (Const("sales", TEXT),), False, True), about)
    assert holds(Matches(TEXT_FIELD, r"\b[A-Z]{2}\d{8}\b", "order_number"), about)
    assert not holds(Matches(TEXT_FIELD, r"\b[A-Z]{2}\d{8}\b", "order_number"), happening("ab12345678"))
    reply_to = FieldRef("message", "reply_to", Type("message"))
    for operand, empty in ((topic, False), (reply_to, True), (LINKS, True)):
        assert holds(Empty(operand, False), about) is empty
        assert holds(Empty(operand, True), about) is not empty
    assert holds(Empty(TEXT_FIELD, False), happening(" \n"))


def test_tallies_and_definitions_and_states() -> None:
    long, short = (compare(FieldRef("message", "length", NUMBER), op, 3) for op in (">", "<="))
    assert holds(AtLeast(2, (long, Not(short), short)), happening("hello"))
    assert not holds(AtLeast(2, (long, short, short)), happening("hello"))
    defined = {"long": long, "very": Logic("and", (DefinitionRef("long", Type("boolean")), Not(short)))}
    assert holds(DefinitionRef("very", Type("boolean")), happening("hello"), definitions=defined)
    raid = Type("state", name="raid")
    on_guard = Compare("is", StateRef("raid", raid), Const("high", raid), True)
    assert holds(on_guard, facts=GivenFacts(states={"raid": "high"}))
    assert not holds(on_guard, facts=GivenFacts(states={"raid": "calm"}))


def test_fields_of_people_and_messages() -> None:
    event = Event(
        "e", NOON, "trade", "c1",
        member=Member("amy", ("x",), NOON - DAY, "Amy", {"level": 3}, {"old": NOON, "kind": None, "new": NOON + 1}, 7),
        message=Message("m", "hi @bob see a.example.com", "m0", "t", ("a.png",), {}, {"urgent": True}),
        target=Target("m9", "cai", "k1", "5"), fields={"amount": Decimal("2.5")}, place="p", channel="ch",
        subject=Member("bob", joined=NOON - 2 * DAY),
    )  # fmt: skip
    evaluator = compile_rulebook(rulebook())
    expected = {
        ("event", "id"): "e", ("event", "time"): NOON, ("event", "type"): "trade", ("event", "community"): "c1",
        ("event", "place"): "p", ("event", "channel"): "ch", ("member", "id"): "bob", ("member", "tenure"): 2 * DAY,
        ("sender", "id"): "amy", ("sender", "tenure"): DAY, ("sender", "points"): 7,
        ("sender", "labels"): ("kind", "new"),
        ("sender", "name"): "Amy", ("message", "id"): "m", ("message", "reply_to"): "m0", ("message", "topic"): "t",
        ("message", "attachments"): ("a.png",), ("message", "mentions"): ("bob",), ("message", "length"): 25,
        ("message", "links"): ("a.example.com",), ("target", "message"): "m9", ("target", "member"): "cai",
        ("target", "case"): "k1", ("target", "rule"): "5", ("own", "amount"): Decimal("2.5"), ("own", "none"): None,
    }  # fmt: skip
    for (root, name), value in expected.items():
        assert evaluator.value(FieldRef(root, name, TEXT), event, NOTHING) == value, (root, name)  # type: ignore[arg-type]
    assert evaluator.value(FieldRef("sender", "level", NUMBER, True), event, NOTHING) == 3
    assert evaluator.value(FieldRef("message", "urgent", Type("boolean"), True), event, NOTHING) is True


def test_groups_metrics_and_values_can_be_asked_for() -> None:
    groups = {"new": compare(TENURE, "<", DAY), "guarded": Logic("and", (InGroup("new"), Not(InGroup("staff"))))}
    book = rulebook(groups=groups, definitions={"double": Arithmetic("*", field("a"), Const(2, NUMBER), NUMBER)})
    evaluator = compile_rulebook(book)
    amy = member("amy", joined=NOON - HOUR)
    assert evaluator.in_group("guarded", amy, NOON, NOTHING)
    assert not evaluator.in_group("guarded", amy, NOON + DAY, NOTHING)
    assert evaluator.in_group("everyone", amy, NOON, NOTHING)
    with pytest.raises(KeyError):
        evaluator.in_group("nobody", amy, NOON, NOTHING)
    assert evaluator.measure("double", changed(happening("hi"), fields={"a": 21}), NOTHING) == 42
