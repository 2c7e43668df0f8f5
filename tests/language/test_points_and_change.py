"""Caps by period, what is taken back, and the grace of an amendment, in both spellings."""

from __future__ import annotations

import pytest
from reading import codes, read

from communityrules.language import tree as t
from communityrules.language.format import format_file
from communityrules.library.names import LibraryNames

ENGLISH = """\
leaderboard talkers top 10 by count(message by member this week)

rule 1 "Thanks"
  should
  review by 2027-01-01
  on message
  then award 2 points up to 10 today, deduct 1 points up to 3 this week against message.member

rule 2
  should
  on delete, finding
  then take back rule 1, take back rule "a b", remind

rule 3
  should
  on ranked, review
  if ranked.board is "talkers" and ranked.position <= 3 or review.responsible is "staff"
  then award 50 points

amend rule 1 from 2027-01-01 grace 14 days
  content "x"

test "a"
  2026-01-01
  09:00 amy message "x"                                expect award 2 points up to 10 today, take back rule 1 under 2
  09:01 amy message "y" (edited: 2026-01-07 14:00:30)  expect flag to staff
"""
CHINESE = """\
排行榜 talkers 前 10 按 计数(消息 按 成员 本周)

规则 1 "Thanks"
  建议
  复审 2027-01-01
  当 消息
  则 加分 2 分 至多 10 今日,扣分 1 分 至多 3 本周 针对 消息.成员

规则 2
  建议
  当 删除、认定
  则 收回 规则 1,收回 规则 "a b",提醒

规则 3
  建议
  当 上榜、复审
  若 上榜.榜单 是 "talkers" 且 上榜.名次 <= 3 或 复审.责任人 是 "staff"
  则 加分 50 分

修订 规则 1 自 2027-01-01 宽限 14天
  内容 "x"

测试 "a"
  2026-01-01
  09:00 amy 消息 "x"                                预期 加分 2 分 至多 10 今日,收回 规则 1 依据 2
  09:01 amy 消息 "y" (edited: 2026-01-07 14:00:30)  预期 标记 staff
"""


def test_each_english_word_has_its_chinese_one() -> None:
    english, chinese = read(ENGLISH), read(CHINESE)
    assert format_file(english, LibraryNames(), "zh") == CHINESE
    assert format_file(chinese, LibraryNames(), "en") == ENGLISH
    assert format_file(chinese, LibraryNames(), "zh") == CHINESE


def test_what_is_written_is_in_the_tree() -> None:
    file = read(ENGLISH)
    rules = [one for one in file.declarations if isinstance(one, t.Rule)]
    (award, deduct) = next(one for one in rules[0].clauses if isinstance(one, t.Then)).consequences
    assert isinstance(award, t.Action)
    assert isinstance(deduct, t.Action)
    allowance = award.arguments[2].value
    assert isinstance(allowance, t.Allowance)
    assert (award.arguments[2].slot, allowance.number.value, allowance.unit) == ("up_to", 10, "day")
    (back, *_) = next(one for one in rules[1].clauses if isinstance(one, t.Then)).consequences
    assert isinstance(back, t.Action)
    assert (back.name.text, back.arguments[0].slot) == ("take_back", "rule")
    (amend,) = [one for one in file.declarations if isinstance(one, t.Amend)]
    assert amend.grace is not None
    assert (amend.grace.amount, amend.grace.unit) == (14, "day")


@pytest.mark.parametrize(
    "line",
    [
        "then award 2 points up to 10 this moment",
        "then take back rule",
    ],
)
def test_what_is_half_written_is_told(line: str) -> None:
    assert codes(f"rule 1\n  should\n  on message\n  {line}\n")
