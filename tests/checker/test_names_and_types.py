"""Names resolve to facts, types fit, and what does not is told at its place."""

from __future__ import annotations

import pytest
from books import book, codes, condition, found, look, rule

from communityrules.checker import checked
from communityrules.checker.suggest import closest
from communityrules.model.values import BOOLEAN, INSTANT, MEMBER, MESSAGE, NUMBER, TEXT


def test_both_spellings_of_a_field_are_the_same_fact() -> None:
    english = condition('message.text is "x"')
    chinese = condition('消息.文本 是 "x"')
    assert (
        english == chinese == checked.Compare("is", checked.FieldRef("message", "text", TEXT), checked.Const("x", TEXT))
    )


def test_member_alone_is_the_subject_and_event_member_the_sender() -> None:
    measure = book(rule("count(message by member today) > 3")).aggregates[0]
    assert measure.keys == (checked.FieldRef("member", "id", MEMBER),)
    measure = book(rule("count(message by message.member today) > 3")).aggregates[0]
    assert measure.keys == (checked.FieldRef("sender", "id", MEMBER),)


def _on_trade(text: str) -> checked.Expression | None:
    return book(_MENTORS + rule(text, on="on trade")).rules[0].condition


_MENTORS = "member (level: number, mentor: member)\nevent trade (buyer: member)\n"


def test_a_field_that_names_a_member_leads_on_to_them() -> None:
    english = _on_trade("trade.buyer.mentor.level > 3")
    assert isinstance(english, checked.Compare)
    buyer = checked.FieldRef("own", "buyer", MEMBER, True)
    mentor = checked.FieldRef("named", "mentor", MEMBER, True, buyer)
    assert english.left == checked.FieldRef("named", "level", NUMBER, True, mentor)
    assert _on_trade('trade.buyer.角色 有 "x"') == _on_trade('trade.buyer.roles has "x"')
    assert _on_trade('trade.buyer.id is "x"') == _on_trade('trade.buyer is "x"')
    for wrong in ("trade.buyer.levle", "trade.buyer.id.level", "trade.buyer.level.roles", "late.rule.roles"):
        on = "on late" if "late" in wrong else "on trade"
        assert [code for code, _ in found(_MENTORS + rule(f"{wrong} is empty", on=on))] == ["CR202"]


def test_a_report_names_the_reported_message() -> None:
    found_book = book(rule("distinct(report.member by report.message within 1 day) >= 3", on="on report"))
    assert found_book.aggregates[0].value == checked.FieldRef("sender", "id", MEMBER)
    assert found_book.aggregates[0].keys == (checked.FieldRef("target", "message", MESSAGE),)


def test_a_member_key_of_another_event_becomes_the_subject() -> None:
    compared = condition("count(rating by rating.target today) > 3", on="on message")
    assert isinstance(compared, checked.Compare)
    assert isinstance(compared.left, checked.AggregateRef)
    assert compared.left.keys == (checked.FieldRef("member", "id", MEMBER),)


def test_a_key_of_the_judged_event_is_read_on_it() -> None:
    compared = condition("count(late by late.owner within 30 days) > 3", on="on late")
    assert isinstance(compared, checked.Compare)
    assert isinstance(compared.left, checked.AggregateRef)
    assert compared.left.keys == (checked.FieldRef("own", "owner", MEMBER),)


def test_other_keys_must_be_readable_on_the_judged_event() -> None:
    assert found(rule("count(rating by rating.aspect today) > 3")) == [("CR213", "rating.aspect")]
    assert found(rule("count(message by message.text today) > 3", on="every day")) == [("CR213", "message.text")]


def test_equal_measures_are_one() -> None:
    text = rule("count(message by member today) > 3 or 计数(消息 按 成员 今日) > 5 and message.length > 1")
    assert len(book(text).aggregates) == 1


def test_a_definition_is_read_under_every_event_that_uses_it() -> None:
    text = "define low as rating.score < 3\n" + rule("low", on="on rating") + rule("low").replace("rule 1", "rule 2")
    assert found(text) == [("CR206", "low")]
    assert codes("define low as rating.score < 3\n" + rule("low", on="on rating")) == []


def test_a_definition_may_come_out_differently_under_two_events() -> None:
    busy = "define rated as count(rating by rating.member today) > 3\n"
    both = book(busy + rule("rated", on="on rating") + rule("rated").replace("rule 1", "rule 2"))
    first, second = (one.condition for one in both.rules)
    assert isinstance(first, checked.DefinitionRef)
    assert isinstance(second, checked.Compare)
    assert isinstance(second.left, checked.AggregateRef)
    assert second.left.keys == (checked.FieldRef("member", "id", MEMBER),)


def test_a_fault_inside_a_definition_is_told_once_at_its_place() -> None:
    text = "define odd as message.text > 3\n" + rule("odd") + rule("odd").replace("rule 1", "rule 2")
    assert found(text) == [("CR207", "3")]


@pytest.mark.parametrize(
    ("text", "mark", "suggested"),
    [
        ('mesage.text is "x"', "mesage", "message"),
        ('message.txet is "x"', "txet", "text"),
        ('消息.文木 是 "x"', "文木", "文本"),
        ("cuont(message today) > 3", "cuont", "count"),
        ("count(mesage today) > 3", "mesage", "message"),
        ("message.text contains any of phone_numbr", "phone_numbr", "phone_number"),
    ],
)
def test_an_unknown_name_gets_the_nearest_one_and_a_fix(text: str, mark: str, suggested: str) -> None:
    (one,) = look(rule(text)).diagnostics
    assert one.code in ("CR201", "CR202")
    assert one.span is not None
    assert one.span.text == mark
    assert one.fix is not None
    assert (one.fix.span.text, one.fix.replacement) == (mark, suggested)


@pytest.mark.parametrize(
    ("text", "code", "mark"),
    [
        ('message.length > "many"', "CR207", '"many"'),
        ("member.tenure < 3", "CR207", "3"),
        ('message.text > "a"', "CR214", "message.text"),
        ('member.roles is "admin"', "CR207", '"admin"'),
        ('message.text has "a"', "CR214", "message.text"),
        ('message.length contains "a"', "CR214", "message.length"),
        ('message.length between 1 and "9"', "CR207", '"9"'),
        ('message.text is one of ("a", 3)', "CR207", "3"),
        ("message.text", "CR208", "message.text"),
        ("message.text + 1 > 3", "CR218", "message.text + 1"),
        ("message.text matches staff", "CR219", "staff"),
        ("sum(message.text today) > 3", "CR221", "message.text"),
        ("count(message by member) > 3", "CR222", "count(message by member)"),
        ('lower(message.length) is "x"', "CR224", "lower(message.length)"),
    ],
)
def test_wrong_types_are_told_at_their_place(text: str, code: str, mark: str) -> None:
    assert found(rule(text)) == [(code, mark)]


def test_a_label_is_a_number_unless_it_meets_something_else() -> None:
    number = condition("message.labels.spam > 0.5")
    text = condition('message.labels.spam is "high"')
    truth = condition("message.labels.spam")
    assert isinstance(number, checked.Compare)
    assert number.left == checked.FieldRef("label", "spam", NUMBER)
    assert isinstance(text, checked.Compare)
    assert text.left == checked.FieldRef("label", "spam", TEXT)
    assert truth == checked.FieldRef("label", "spam", BOOLEAN)


def test_a_written_day_against_an_instant_is_the_whole_day() -> None:
    head = 'rulebook "x"\n  timezone Asia/Shanghai\n'
    midnight, day = 1_727_971_200_000_000, 86_400_000_000
    moment = checked.FieldRef("event", "time", INSTANT)
    since = condition("event.time >= 2024-10-04", before=head)
    assert since == checked.Compare(">=", moment, checked.Const(midnight, INSTANT))
    after = condition("event.time > 2024-10-04", before=head)
    assert after == checked.Compare(">", moment, checked.Const(midnight + day - 1, INSTANT))
    on = condition("event.time is 2024-10-04", before=head)
    assert on == checked.InRange(
        moment, checked.Const(midnight, INSTANT), checked.Const(midnight + day - 1, INSTANT), False
    )


def test_a_state_has_only_its_values() -> None:
    state = "state raid = calm, high"
    assert found(rule("raid is hihg", before=state)) == [("CR209", "hihg")]
    assert isinstance(condition("raid is high", before=state), checked.Compare)


def test_a_group_is_a_condition_and_can_be_what_a_member_is() -> None:
    assert condition("staff") == condition("member is staff") == checked.InGroup("staff")
    assert condition("member is not staff") == checked.Not(checked.InGroup("staff"))


def test_a_pattern_among_words_is_matched_as_a_pattern() -> None:
    either = condition('message.text contains any of ("x", order)', before=r"pattern order = /\d{6}/")
    assert isinstance(either, checked.Logic)
    assert either.operator == "or"
    assert [type(one) for one in either.operands] == [checked.Contains, checked.Matches]


def test_circles_of_definitions_are_refused() -> None:
    circle = "define a as b\ndefine b as c\ndefine c as a\n"
    assert codes(circle + rule("a")) == ["CR216"]


def test_the_number_at_which_counting_may_stop() -> None:
    def limit(text: str, before: str = "") -> int | None:
        return book(rule(text, before=before)).aggregates[0].limit

    assert limit("count(message by member today) > 3") == 4
    assert limit("count(message by member today) >= 3") == 3
    assert limit("count(message by member today) <= 3") == 4
    assert limit("3 <= count(message by member today)") == 3
    assert limit("count(message by member today) > 2.5") == 3
    assert limit("count(message by member today) is one of (2, 7)") == 8
    assert limit("count(message by member today) between 2 and 5") == 6
    assert limit("count(message by member today) > 3 or count(message by member today) > 9") == 10
    assert limit("count(message by member today) > most", "parameter most = 3, 8 from 2025-01-01") == 9
    assert limit("count(message by member today) * 2 > 3") is None
    assert limit("count(message by member today) > count(message today) / 2") is None
    assert limit("sum(message.length by member today) > 30") is None


def test_a_measure_keeps_its_name_until_its_meaning_changes() -> None:
    def name(text: str, before: str = "") -> str:
        return book(rule(text, before=before)).aggregates[0].id

    counted = "count(message by member today where message.text contains any of words) > 3"
    first = name(counted, 'list words = "a"')
    assert name(counted.replace("> 3", "> 30"), 'list words = "a"') == first
    assert name("计数(消息 按 成员 今日 其中 消息.文本 包含任一 words) > 3", '词表 words = "a"') == first
    assert name(counted, 'list words = "b"') != first
    assert name(counted, 'rulebook "x"\n  timezone Asia/Tokyo\nlist words = "a"') != first
    assert name(counted.replace("today", "within 1 day"), 'list words = "a"') != first


def test_declared_events_and_fields_are_known_like_built_in_ones() -> None:
    declared = "member (level: number)\nevent trade (amount: number, buyer: member)\nevent message (lang: text)\n"
    assert condition("trade.amount > 3 and member.level < 2", on="on trade", before=declared) == checked.Logic(
        "and",
        (
            checked.Compare(">", checked.FieldRef("own", "amount", NUMBER, True), checked.Const(3, NUMBER)),
            checked.Compare("<", checked.FieldRef("member", "level", NUMBER, True), checked.Const(2, NUMBER)),
        ),
    )
    language = condition('message.lang is "en"', before=declared)
    assert isinstance(language, checked.Compare)
    assert language.left == checked.FieldRef("message", "lang", TEXT, True)


def test_names_of_the_library_cannot_be_taken() -> None:
    assert codes('list phone_number = "1"\n' + rule("message.text contains any of phone_number"))[0] == "CR205"
    assert codes("member (roles: text)\n" + rule("message.length > 1")) == ["CR205"]


def test_unused_names_are_warnings_and_never_of_files_of_words() -> None:
    assert codes('list words = "a"\n' + rule("message.length > 1")) == ["CR229"]
    assert codes('list words = "a"\n') == []
    assert codes('use "w.rules"\n' + rule("message.length > 1"), {"w.rules": 'list words = "a"\n'}) == []


def test_ids_compare_as_they_are() -> None:
    compared = condition('event.place is "General"')
    assert isinstance(compared, checked.Compare)
    assert compared.exactly
    other = condition('message.topic is "General"')
    assert isinstance(other, checked.Compare)
    assert not other.exactly


def test_functions_of_the_calendar_take_a_date_of_a_member_as_it_is() -> None:
    member = "member (birthday: date)"
    assert codes(rule("month_of(member.birthday) = month_of(event.time)", before=member)) == []
    assert codes(rule("取日(成员.birthday) = 3", before=member)) == []


def test_the_nearest_name_is_near() -> None:
    assert [one.fix.replacement for one in look(rule("true", then="then delte")).diagnostics if one.fix] == ["delete"]
    assert closest("lvl", ["level", "order"]) == "level"
    assert closest("反溃", ["反馈", "回复"]) == "反馈"
    assert closest("发消息", ["消息"]) == "消息"
    assert closest("次数", ["项数", "计数"]) == "计数"
    for name, known in (("mod", "order"), ("1", "A-1"), ("as", "mask"), ("以后", "可以"), ("22", "2")):
        assert closest(name, [known]) is None
