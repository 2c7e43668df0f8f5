"""Matrices: what holds for a row and a column together, as rows of a table that act."""

from __future__ import annotations

import pytest
from asking import Asked, assigned, does, imported, owed

from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.parse import parse
from communityrules.tables.writing import Written


def tables(written: Written) -> list[tree.Table]:
    file, _ = parse(Source("table.rules", written.text))
    return [one for one in file.declarations if isinstance(one, tree.Table)]


@pytest.mark.parametrize("corner", ["紧急程度\\套餐", "紧急程度/套餐", ""])
def test_severity_and_plan_in_chinese(corner: str) -> None:
    written = imported([[corner, "普通会员", "高级会员"], ["一般", "48小时", "1个工作日"], ["紧急", "4小时", "30分钟"]])
    (table,) = tables(written)
    assert table.first_match
    assert len(table.rows) == 4
    community = Asked(written)
    field = "紧急程度" if corner else "严重程度"
    urgent, normal = {field: "紧急"}, {field: "一般"}
    decision = community.send("complaint", fields=urgent, member={"套餐": "高级会员"})
    assert owed(decision) == [("reply", "staff", 0.5)]
    decision = community.send("complaint", fields=urgent, roles=("普通会员",))
    assert owed(decision) == [("reply", "staff", 4.0)]
    decision = community.send("complaint", fields=normal, roles=("普通会员",))
    assert owed(decision) == [("reply", "staff", 48.0)]
    assert community.send("complaint", roles=("普通会员",)).duties == ()


@pytest.mark.parametrize("corner", ["Severity / Plan", "Severity \\ Plan", ""])
def test_severity_and_plan_in_english(corner: str) -> None:
    written = imported(
        [
            [corner, "Free", "Pro", "Enterprise"],
            ["Critical", "1 day", "4 hours", "15 min"],
            ["High", "2 days", "8h", "2h"],
            ["Low", "-", "3 days", "whenever we can"],
        ]
    )
    community = Asked(written)
    decision = community.send("complaint", fields={"severity": "critical"}, member={"plan": "Enterprise"})
    assert owed(decision) == [("reply", "staff", 0.25)]
    decision = community.send("complaint", fields={"severity": "High"}, roles=("Pro",))
    assert owed(decision) == [("reply", "staff", 8.0)]
    assert community.send("complaint", fields={"severity": "Low"}, member={"plan": "Free"}).duties == ()
    assert written.todos == 1
    assert "whenever we can" in written.text


def test_topic_and_channel_in_chinese() -> None:
    written = imported(
        [
            ["", "公告频道", "闲聊频道", "交易频道"],
            ["广告", "禁止", "禁止", "需审核"],
            ["外链", "禁止", "允许", "允许"],
        ]
    )
    community = Asked(written)
    advert = "加微信兼职日结,一天300"
    assert community.send("message", advert, place="闲聊频道").verdict == "block"
    assert community.send("message", advert, place="交易频道").verdict == "hold"
    link = "看看 https://example.com/a"
    assert community.send("message", link, place="公告频道").verdict == "block"
    assert community.send("message", link, place="闲聊频道").verdict == "allow"
    assert community.send("message", "大家好", place="公告频道").verdict == "allow"


def test_topic_and_channel_in_english() -> None:
    written = imported(
        [
            ["Topic", "general", "help", "marketplace"],
            ["Advertising", "no", "no", "yes"],
            ["Links", "yes", "no", "yes"],
            ["Politics", "no", "no", "review"],
        ]
    )
    community = Asked(written)
    advert = "buy now, 50% off at https://shop.example/sale"
    assert community.send("message", advert, place="general").verdict == "block"
    assert community.send("message", advert, place="marketplace").verdict == "allow"
    assert community.send("message", "see https://a.example", place="help").verdict == "block"
    # A word in passing is no reason to delete; the topic that the host names is.
    assert community.send("message", "no politics please", place="general").verdict == "allow"
    assert community.send("message", "the vote", place="general", topic="politics").verdict == "block"
    assert community.send("message", "the vote", place="marketplace", topic="Politics").verdict == "hold"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [["违规行为", "第一次", "第二次", "第三次"], ["广告", "警告", "禁言1天", "移出"],
             ["捣乱", "提醒", "警告", "移出"]],
            "加微信兼职日结,一天300",
        ),
        (
            [["Offence", "1st", "2nd", "3rd"], ["Advertising", "warning", "mute 1 day", "kick"],
             ["Bad manners", "reminder", "warning", "kick"]],
            "buy now, 50% off at https://shop.example/sale",
        ),
    ],
    ids=["zh", "en"],
)  # fmt: skip
def test_columns_that_count_offences_are_ladders(rows: list[list[str]], words: str) -> None:
    written = imported(rows)
    (table,) = tables(written)
    assert len(table.rows) == 1
    community = Asked(written)
    kinds = []
    for number in range(3):
        decision = community.send("message", words, time=f"2026-01-{5 + 3 * number:02}T10:00:00", member={"id": "eve"})
        kinds += [one.kind for one in decision.sanctions]
    assert kinds == ["warn", "mute", "kick"]
    found = community.send("finding", roles=("admin",), target={"member": "bob", "rule": "2"})
    assert [one.rule for one in found.outcomes] == ["2"]


def test_impact_and_urgency_give_a_priority() -> None:
    written = imported(
        [["Impact \\ Urgency", "High", "Low"], ["High", "P1", "P2"], ["Low", "P3", "P4"]]
    )  # fmt: skip
    community = Asked(written)
    decision = community.send("complaint", fields={"impact": "High", "urgency": "Low"})
    assert assigned(decision) == [("staff", "high")]
    decision = community.send("complaint", fields={"impact": "Low", "urgency": "Low"})
    assert assigned(decision) == [("staff", "low")]


def test_roles_are_told_apart() -> None:
    community = Asked(imported([["话题", "成员", "管理员"], ["公告", "不可", "可以"], ["外链", "需审核", "可以"]]))
    assert community.send("message", "x", topic="公告").verdict == "block"
    assert community.send("message", "x", topic="公告", roles=("admin",)).verdict == "allow"
    assert community.send("message", "https://a.example").verdict == "hold"


def test_days_of_the_week() -> None:
    community = Asked(imported([["事项", "工作日", "周末"], ["退款", "2小时", "8小时"], ["登录", "4小时", "1天"]]))
    assert owed(community.send("complaint", "退款", time="2026-01-05T10:00:00")) == [("reply", "staff", 2.0)]
    assert owed(community.send("complaint", "退款", time="2026-01-10T10:00:00")) == [("reply", "staff", 8.0)]


def test_a_matrix_that_nobody_understands_is_left_to_do_row_by_row() -> None:
    written = imported(
        [["from \\ to", "+", "-", "*"], ["+", "0", "0", "1"], ["-", "0", "0", "1"], ["*", "ERR", "1", "0"]]
    )
    (table,) = tables(written)
    assert len(table.rows) == 3
    assert written.todos == 3
    assert "ERR" in written.text
    assert does(Asked(written).send("message", "+")) == []
