"""What stands around a draft: scope and date cells, comments, todos, documents, hostile words."""

from __future__ import annotations

import time

import pytest
from drafts import summary

from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.library.names import LibraryNames
from communityrules.tables.drafting.draft import draft_rule
from communityrules.tables.drafting.prose import draft_prose, split
from communityrules.tables.drafting.tabling import Row, draft_table


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("全体成员", ""), ("所有人", ""), ("Everyone", ""), ("All members", ""), ("", ""),
        ("管理员", "applies to staff"), ("群主、管理员", "applies to staff"), ("Moderators", "applies to staff"),
        ("全体成员(管理员除外)", "applies to everyone except staff"),
        ("除管理员外的所有成员", "applies to everyone except staff"),
        ("普通成员", "applies to everyone except staff"),
        ("All members except moderators", "applies to everyone except staff"),
        ("入群不足7天的成员", "applies to 新成员"), ("志愿者", "applies to 志愿者"),
        ("信息发布人员", "applies to 发布者"),
        ("参加过活动并且表现良好的人", "todo"),
    ],
)  # fmt: skip
def test_scope_cells(words: str, says: str) -> None:
    drafted = summary(draft_rule("1", "", "禁止发布广告", words, language="zh"))
    want = "must not; on message, edit; if 属于广告; then delete"
    if says == "todo":
        want += "; todo"
    elif says:
        want = want.replace("; on", f"; {says}; on")
    assert drafted == want


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("即时实施", ""), ("立即生效", ""), ("长期有效", ""), ("Immediately", ""), ("", ""),
        ("2024年10月4日起", "effective from 2024-10-04"), ("2024-10-04", "effective from 2024-10-04"),
        ("自2024/10/4起实施", "effective from 2024-10-04"), ("October 4, 2024", "effective from 2024-10-04"),
        ("2024年10月4日至2025年1月1日", "effective from 2024-10-04 through 2025-01-01"),
        ("试行至2024年12月31日", "trial through 2024-12-31"), ("2024-02-30", "todo"), ("下个月", "todo"),
    ],
)  # fmt: skip
def test_date_cells(words: str, says: str) -> None:
    drafted = summary(draft_rule("1", "", "禁止发布广告", "", words, language="zh"))
    want = "must not; on message, edit; if 属于广告; then delete"
    if says == "todo":
        want += "; todo"
    elif says:
        want = want.replace("; on", f"; {says}; on")
    assert drafted == want


def test_every_clause_stands_below_its_words_and_what_was_assumed() -> None:
    drafted = draft_rule("3", "反馈", "反馈24小时内回复。")
    text = format_file(tree.File(drafted.rules, (), drafted.rule.span, "zh"), LibraryNames(), "zh")
    assert "# 原文:“反馈24小时内回复”\n  当 反馈" in text
    assert "# 假设:由 `staff` 负责;原文没有写明责任人\n  责任人 staff" in text
    assert [one.zh for one in drafted.assumed] == ["由 `staff` 负责;原文没有写明责任人"]


def test_a_name_that_forbids_speaks_for_the_list_below_it() -> None:
    assert "属于广告" in summary(draft_rule("1", "禁止事项", "广告、辱骂、刷屏"))
    assert "属于广告" not in summary(draft_rule("1", "允许事项", "广告、辱骂、刷屏"))


def test_an_exception_that_follows_lets_people_decide() -> None:
    assert summary(draft_rule("1", "", "禁止发广告。经管理员同意的除外。")).endswith("then hold for staff")
    assert summary(draft_rule("1", "", "禁止发广告。公益活动不受此限。")) == "must not; found by staff"


def test_several_norms_of_one_cell_keep_their_order() -> None:
    drafted = draft_rule("7", "", "1.禁止发布广告;2.反馈24小时内回复;3.不得造谣。")
    assert [one.id.text for one in drafted.rules] == ["7", "7-2", "7-3"]
    assert [one.kind for one in drafted.clauses] == ["message", "duty", "found"]


def test_penalties_of_a_row_hold_for_what_it_forbids() -> None:
    says = summary(draft_rule("5", "", "禁止发布广告。首次警告,第二次禁言1天,三次移出群聊。"))
    assert says == (
        "penalty 处罚_5, 1st: warn, 2nd: mute 1 day, 3rd: kick, then on: kick || "
        "must not; on message, edit; if 属于广告; then penalty 处罚_5"
    )


def test_two_rows_with_one_number_and_two_deadlines() -> None:
    draft = draft_table([Row("1", "", "反馈24小时内回复"), Row("1", "", "反馈48小时内回复")])
    assert [one.rule.id.text for one in draft.rows] == ["1", "1-2"]
    assert [one.outcome for one in draft.rows] == ["drafted", "todo"]


def test_a_document_is_cut_into_rules() -> None:
    text = (
        "# 群规\n\n欢迎来到本群。\n\n## 禁止内容\n\n- 广告\n- 造谣\n\n## 发言\n\n1. 每天发言不超过三条。\n"
        "   特殊情况请联系管理员。\n2、**先审后发**\n\n第三条 反馈24小时内回复。\n"
    )
    found = split(text)
    assert [(one.id, one.content) for one in found.rows] == [
        ("1.1", "广告"), ("1.2", "造谣"), ("1", "每天发言不超过三条。\n特殊情况请联系管理员。"), ("2", "先审后发"),
        ("第三条", "反馈24小时内回复。"),
    ]  # fmt: skip
    assert found.skipped == ("欢迎来到本群。",)
    assert [one.outcome for one in draft_prose(text).rows][:2] == ["drafted", "found"]


def test_an_english_document() -> None:
    text = "# Rules\n\n1. No advertising.\n2. Be kind.\n\n## § 3 - Privacy\n\nDo not leak personal data.\n"
    draft = draft_prose(text)
    assert [(one.rule.id.text, one.outcome) for one in draft.rows] == [
        ("1", "drafted"),
        ("2", "found"),
        ("3", "drafted"),
    ]


def test_a_document_without_rules_gives_none() -> None:
    assert draft_prose("Just a letter.\n\nWith two paragraphs.\n").rows == ()


@pytest.mark.parametrize(
    "words",
    [
        "每天" * 3000, "不得" * 3000, "," * 5000, "(" * 3000, "首次警告," * 800, "禁止" + "广告、" * 2000,
        "\x00\x01\x02",
        "a " * 4000, "no " * 3000, "within 24 hours " * 400, "\ud800", "", "   ", "。。。", "1" * 5000, "十" * 400,
        "的" * 399, "发布" * 199, "review " * 56, "管理员" * 133, "十点" * 190, "24小时内" * 75, "一" * 399,
    ],
)  # fmt: skip
def test_hostile_words_are_left_as_they_are_and_quickly(words: str) -> None:
    started = time.perf_counter()
    drafted = draft_rule("1", words[:50], words, words[:200], words[:200])
    assert drafted.rules
    assert time.perf_counter() - started < 5
