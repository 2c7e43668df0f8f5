"""Punishment for everything: spellings of a condition that every usual event fulfils, and narrow ones beside them."""

from __future__ import annotations

import pytest
from books import codes, found, rule

BAN = "then ban forever"


def punished(condition: str, *, before: str = "", on: str = "on message") -> bool:
    """Whether CR450 is told, at the condition."""
    told = found(rule(condition, before=before, on=on, then=BAN))
    assert {code for code, _ in told} <= {"CR450", "CR502"}, told
    marks = [mark for code, mark in told if code == "CR450"]
    assert marks in ([], [condition])
    return bool(marks)


@pytest.mark.parametrize(
    "regex",
    [".*", ".+", ".", "^", "$", "x*", "^.*$", "^.+$", r"[\s\S]*", r"[\s\S]", "(?s).*", "|a", "(a|b)?", ".{0,20}"],
)
def test_a_pattern_that_fits_every_text(regex: str) -> None:
    assert punished(f"message.text matches /{regex}/")
    assert punished("message.text matches p", before=f"pattern p = /{regex}/")


@pytest.mark.parametrize(
    "regex",
    [
        r"\S",
        r"\w",
        r"\w+",
        r"\d+",
        r"\d",
        "[a-z]",
        "[A-Za-z0-9]",
        r"\W",
        r"\p{Han}",
        ".{2,}",
        "^.{0,200}$",
        "x+",
        r"\b",
    ],
)
def test_a_pattern_that_misses_some_texts(regex: str) -> None:
    assert not punished(f"message.text matches /{regex}/")


@pytest.mark.parametrize(
    "condition",
    [
        "message.text is not empty",
        "not message.text is empty",
        'message.text is not ""',
        "message.length >= 0",
        "message.length > -1",
        "message.length >= 1",
        "message.length > 0",
        "message.text is message.text",
        "member.name is member.name",
        "member.id is not empty",
        "member is not empty",
        'event.type is "message"',
        "event.type is message",
        'event.type is one of ("message", "edit")',
        "message.text matches /.*/ or message.length > 500",
        "message.text is not empty and member is not empty",
    ],
)
def test_what_every_message_has(condition: str) -> None:
    assert punished(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "message.text is empty",
        "message.links is not empty",
        "message.topic matches /.*/",
        "message.topic is not empty",
        "message.length > 1",
        "message.length < 500",
        "message.text is not empty and member.tenure < 3 days",
        "message.text matches /.*/ and message.links is not empty",
        "member.name is not empty",
        "member.points >= 0",
    ],
)
def test_what_only_some_messages_have(condition: str) -> None:
    assert not punished(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "count(message by member within 1 day) >= 1",
        "count(message by member today) > 0",
        "count(message today) >= 1",
        "count(message by event.community today) >= 1",
        "0 < count(message by member today)",
        "distinct(message.text by member today) >= 1",
    ],
)
def test_a_measure_that_counts_the_judged_event(condition: str) -> None:
    assert punished(condition)


@pytest.mark.parametrize(
    ("condition", "on"),
    [
        ("count(message by member today) >= 2", "on message"),
        ("count(message by member today where message.length > 5) >= 1", "on message"),
        ("count(report by member today) >= 1", "on message"),
        ("count(message by member today) >= 1 and count(edit by member today) >= 1", "on message, edit"),
        ("count(message by message.topic today) >= 1", "on message"),
        ("count(report by member today) >= 1", "on report"),
        ('event.type is "message"', "on message, edit"),
        ("message.text is not empty", "on report"),
        ("message.text is not empty", "on message\n  in gallery"),
        ("message.text matches /.+/", "on message\n  in gallery"),
    ],
)
def test_what_another_event_can_lack(condition: str, on: str) -> None:
    before = 'place gallery = "pictures"' if "gallery" in on else ""
    assert not punished(condition, on=on, before=before)


def test_every_event_of_one_type_is_enough() -> None:
    assert punished("count(message by member within 1 day) >= 1", on="on message, edit")
    assert punished("message.text is not empty", on="on message, report")


def test_a_place_does_not_narrow_a_pattern_that_fits_nothing_too() -> None:
    assert punished("message.text matches /.*/", on="on message\n  in gallery", before='place gallery = "pictures"')


def test_a_parameter_is_as_narrow_as_its_narrowest_value() -> None:
    condition = "count(message by member today) > most"
    assert punished(condition, before="parameter most = 0")
    assert punished(condition, before="parameter most = 0, 0.5 from 2025-01-01")
    assert not punished(condition, before="parameter most = 0, 3 from 2025-01-01")


def test_through_definitions_and_groups() -> None:
    assert punished("all", before="define all as any_text\ndefine any_text as message.text matches /.*/")
    assert punished("somebody", before="group somebody as member.id is not empty")
    assert punished("member is somebody", before="group somebody as member.id is not empty")
    assert not punished("newcomer", before="group newcomer as member.tenure < 3 days")


def test_a_narrow_consequence_is_left_alone() -> None:
    for condition in ("message.text matches /.*/", "message.text is not empty", "count(message by member today) > 0"):
        assert codes(rule(condition)) == []


def test_what_did_not_parse_is_not_taken_for_everything() -> None:
    assert "CR450" not in codes(rule("message.text matches /[A-Z/", then=BAN))


def test_a_last_row_need_not_tell_apart_what_the_rows_above_took_out() -> None:
    text = "\n".join(
        (
            "table t on message, first match",
            "  | rule | if | then |",
            "  | A-1 | message.links is empty | allow |",
            "  | A-2 | message.text is not empty | warn |",
        )
    )
    assert "CR450" not in codes(text)


@pytest.mark.parametrize(
    "condition",
    [
        "消息.文本 匹配 /.*/",
        "消息.文本 匹配 /^/",
        "消息.文本 不为空",
        "消息.长度 >= 0",
        "计数(消息 按 成员 最近 1天) >= 1",
        "计数(消息 按 成员 今日) > 0",
        '事件.类型 是 "message"',
        "事件.类型 是 消息",
        "成员.编号 不为空",
        "消息.文本 是 消息.文本",
    ],
)
def test_in_chinese(condition: str) -> None:
    text = f'规则 1 "甲"\n  禁止\n  当 消息\n  若 {condition}\n  则 封禁 永久\n'
    assert ("CR450", condition) in found(text)


@pytest.mark.parametrize(
    "condition",
    [
        'message.text contains ""',
        'message.text contains any of ("")',
        'message.text contains any of ("", "\u200b")',
        'message.text contains all of ("", "hello")',
        'message.text starts with ""',
        'message.text ends with ""',
        "message.text contains nothing_much",
    ],
)
def test_nothing_is_never_found(condition: str) -> None:
    before = 'parameter nothing_much = ""' if "much" in condition else ""
    assert found(rule(condition, before=before)) == [("CR501", condition)]
    assert found(rule(f"{condition} or message.length > 5", before=before)) == [("CR501", condition)]


def test_a_list_of_what_nobody_sees_is_empty() -> None:
    assert codes(rule("message.text contains any of w", before='list w = "\u200b"')) == ["CR601"]
    assert codes(rule("message.text contains any of w", before='list w exactly = "\u200b"')) == []
    assert codes(rule("message.text contains any of w", before='list w = "\u200b", "a"')) == []


def test_what_the_events_of_a_rule_settle_is_told_whatever_follows() -> None:
    assert codes(rule('event.type is "message" and message.length > 5')) == []
    edit = 'event.type is "edit"'
    assert found(rule(f"{edit} and message.length > 5", on="on edit")) == [("CR502", edit)]
    assert codes(rule('event.type is "edit"')) == ["CR501"]
    assert codes(rule("message.length >= 0", on="on report")) == []
    assert codes(rule("message.length < 0", on="on report")) == ["CR501"]


def test_a_reply_can_be_a_message_that_answers() -> None:
    assert codes(rule('event.type is "message"', on="on reply", then=BAN)) == []
    assert codes(rule('event.type is "edit"', on="on reply", then=BAN)) == ["CR501"]
