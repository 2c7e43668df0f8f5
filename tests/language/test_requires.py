"""What is owed, in both spellings: reminders, deadlines by priority, deadlines read from a field."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import codes, read
from trees import SPAN, bodies, names

from communityrules.language import tree as t
from communityrules.language.format import format_file
from communityrules.language.names import NoNames
from communityrules.library.names import LibraryNames

ENGLISH = """\
rule 1
  must
  responsible staff
  on feedback
  require reply at least 2 times within 24 hours by office_hours, priority urgent within 2 hours, at 80% remind staff, \
at 1 hour before notify managers, escalate to managers, if late warn
  require check_in until feedback.start, at 30 minutes before remind
"""
CHINESE = """\
规则 1
  必须
  责任人 staff
  当 反馈
  要求 回复 至少 2 次 限时 24小时 按 office_hours,优先级 紧急 限时 2小时,到 80% 提醒 staff,剩 1小时 时 通知 managers,\
上报 managers,逾期 警告
  要求 check_in 至 反馈.start,剩 30分钟 时 提醒
"""


def test_each_english_word_has_its_chinese_one() -> None:
    english, chinese = read(ENGLISH), read(CHINESE)
    assert format_file(english, LibraryNames(), "zh") == CHINESE
    assert format_file(chinese, LibraryNames(), "en") == ENGLISH
    assert format_file(chinese, LibraryNames(), "zh") == CHINESE


def test_what_is_done_belongs_to_the_reminder_before_it() -> None:
    (rule,) = read(ENGLISH).declarations
    assert isinstance(rule, t.Rule)
    require = rule.clauses[3]
    assert isinstance(require, t.Require)
    assert [len(one.actions) for one in require.reminders] == [1, 2]
    assert len(require.if_late) == 1


@pytest.mark.parametrize(
    "clause",
    [
        "require reply within 1 day, notify staff",
        "require reply within 1 day, at 80%",
        "require reply within 1 day, at 1 hour notify staff",
        "require reply within 1 day until booking.start",
    ],
)
def test_what_cannot_be_read(clause: str) -> None:
    assert codes(f"rule 1\n  must\n  responsible staff\n  on feedback\n  {clause}\n")


_NODE, _FIELDS = bodies["require"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(*_FIELDS).map(lambda values: _NODE(*values, SPAN)), max_size=2), names)
def test_any_of_them_comes_back(clauses: list[t.Require], on: t.Name) -> None:
    rule = t.Rule(t.RuleId("1", SPAN), None, (t.OnEvents((on,), SPAN), *clauses), SPAN)
    file = t.File((rule,), (), SPAN, "en")
    for language in ("en", "zh"):
        text = format_file(file, NoNames(), language)
        found = read(text)
        assert replace(found, spelling="en") == file, text
        assert format_file(found, NoNames(), language) == text


def test_a_name_of_one_letter_is_no_number_in_words() -> None:
    for clause in ("if message.length >= a then warn", "if message.length is an then warn"):
        assert codes(f"rule 1\n  on message\n  {clause}\n") == []
    assert codes("rule 1\n  on message\n  if message.length >= five then warn\n") == ["CR127"]
