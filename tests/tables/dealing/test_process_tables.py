"""Process tables: who deals with which kind of question, how urgently and within which time, as rules that act."""

from __future__ import annotations

import pytest
from asking import Asked, assigned, does, imported, owed, rules

from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.parse import parse
from communityrules.tables.writing import Written

CHINESE = [
    ["问题分类", "处理权限", "响应时间", "解决方案", "优先级"],
    ["退款问题", "客服", "2小时内", "核对订单后原路退回", "高"],
    ["账号问题(登录、注册)", "由技术部处理", "1个工作日", "协助重置密码", "中"],
    ["服务态度", "一线客服→主管", "30分钟内响应,3天内解决", "登记后回访", "紧急"],
    ["商品质量", "客服,须主管审批", "尽快", "换货", "高"],
    ["其他", "客服", "48小时", "转给对应的人", "低"],
]
TRADITIONAL = [
    ["問題分類", "處理權限", "響應時間", "解決方案", "優先級"],
    ["退款問題", "客服", "2小時內", "核對訂單後原路退回", "高"],
    ["帳號問題(登錄、註冊)", "由技術部處理", "1個工作日", "協助重設密碼", "中"],
    ["服務態度", "一線客服→主管", "30分鐘內響應,3天內解決", "登記後回訪", "緊急"],
    ["商品質量", "客服,須主管審批", "盡快", "換貨", "高"],
    ["其他", "客服", "48小時", "轉給對應的人", "低"],
]
ENGLISH = [
    ["Issue type", "Owner", "Response time", "Resolution", "Priority"],
    ["Refund requests", "Support", "2 hours", "Pay it back the same way", "High"],
    ["Login / registration", "Handled by the IT team", "1 business day", "Help to reset the password", "Medium"],
    ["Rudeness", "Frontline → Managers", "Reply within 30 minutes, resolved within 3 days", "Call back", "Critical"],
    ["Broken goods", "Support, manager approval", "as soon as possible", "Send another", "High"],
    ["Other", "Support", "48h", "Pass it on", "Low"],
]


def tables(written: Written) -> list[tree.Table]:
    file, _ = parse(Source("table.rules", written.text))
    return [one for one in file.declarations if isinstance(one, tree.Table)]


def test_each_row_is_a_rule_of_a_table() -> None:
    for rows, name in ((CHINESE, "退款问题"), (TRADITIONAL, "退款問題"), (ENGLISH, "Refund requests")):
        table, settled = tables(imported(rows))
        assert table.first_match
        assert next(row.name.value for row in table.rows if row.name is not None) == name
        assert len(table.rows) == len(rows) - 1
        assert len(settled.rows) == 1
        assert not [one for one in parse(Source("", imported(rows).text))[0].declarations if isinstance(one, tree.Rule)]


@pytest.mark.parametrize(
    ("rows", "refund", "login", "rude", "broken"),
    [
        (CHINESE, "我要退款", "登录不了", "你们的服务态度太差了", "商品质量有问题"),
        (TRADITIONAL, "我要退款", "登錄不了", "你們的服務態度太差了", "商品質量有問題"),
        (ENGLISH, "I want a refund", "my login fails", "such rudeness!", "the goods came, broken goods again"),
    ],
    ids=["zh", "traditional", "en"],
)  # fmt: skip
def test_a_complaint_is_dealt_with_as_its_row_says(
    rows: list[list[str]], refund: str, login: str, rude: str, broken: str
) -> None:
    written = imported(rows)
    community = Asked(written)
    decision = community.send("complaint", refund)
    assert assigned(decision) == [("staff", "high")]
    assert owed(decision) == [("reply", "staff", 2.0)]
    assert rules(decision) == ["1"]
    assert decision.outcomes[0].content == rows[1][3]

    decision = community.send("complaint", login)
    ((technicians, priority),) = assigned(decision)
    assert technicians in ("技术部", "技術部", "it_team")
    assert priority == "normal"
    # A working day from Friday morning ends on Monday morning.
    friday = community.send("complaint", login, time="2026-01-09T10:00:00")
    assert owed(friday) == [("reply", technicians, 72.0)]

    decision = community.send("complaint", rude)
    ((first, priority),) = assigned(decision)
    assert priority == "urgent"
    assert owed(decision) == [("reply", first, 0.5), ("resolved", first, 72.0)]

    decision = community.send("complaint", broken)
    assert [priority for _, priority in assigned(decision)] == ["high"]
    assert owed(decision) == []

    decision = community.send("complaint", "???")
    assert assigned(decision) == [("staff", "low")]
    assert owed(decision) == [("reply", "staff", 48.0)]
    assert written.todos == 1


@pytest.mark.parametrize("rows", [CHINESE, TRADITIONAL, ENGLISH], ids=["zh", "traditional", "en"])
def test_the_category_or_topic_that_the_host_sends_tells_the_kind(rows: list[list[str]]) -> None:
    community = Asked(imported(rows))
    for number, row in enumerate(rows[1:5], 1):
        assert rules(community.send("complaint", "hm", fields={"category": row[0]}))[0] == str(number)
        assert rules(community.send("complaint", "hm", topic=row[0]))[0] == str(number)
    # Capitals do not count.
    assert rules(community.send("complaint", "hm", fields={"category": rows[1][0].upper()})) == ["1"]


def test_what_is_late_goes_to_whoever_stands_behind_the_arrow() -> None:
    from datetime import datetime

    community = Asked(imported(CHINESE))
    community.send("complaint", "服务态度", time="2026-01-05T10:00:00")
    late = community.engine.advance(datetime.fromisoformat("2026-01-05T10:30:00+08:00"))
    assert ["escalate"] in [does(one) for one in late]


def test_what_is_not_understood_is_a_todo_of_its_row() -> None:
    table = tables(imported(ENGLISH))[0]
    place = [one for one in table.columns if one not in ("rule", "name")].index("todo")
    todos = [row.cells[place] for row in table.rows]
    assert [number for number, one in enumerate(todos) if one is not None] == [3]
    todo = todos[3]
    assert isinstance(todo, tree.Todo)
    assert "as soon as possible" in todo.text.value
    assert "manager approval" in todo.text.value


def test_a_table_by_urgency_alone_asks_the_host_for_it() -> None:
    community = Asked(
        imported(
            [
                ["Priority", "First response", "Time to resolve", "Responsible"],
                ["P1 (critical)", "15 min", "4 hours", "Admins"],
                ["P2", "1 hour", "1 day", "Support"],
                ["P3", "1 day", "-", "Support"],
            ]
        )
    )
    decision = community.send("complaint", "help", fields={"priority": "P1"})
    assert assigned(decision) == [("staff", "urgent")]
    assert owed(decision) == [("reply", "staff", 0.25), ("resolved", "staff", 4.0)]
    decision = community.send("complaint", "help", fields={"priority": "P3"})
    assert assigned(decision) == [("staff", "normal")]
    assert owed(decision) == [("reply", "staff", 24.0)]


def test_columns_of_two_times_and_numbers_as_written() -> None:
    rows = [
        ["编号", "投诉类型", "负责人", "首次响应时限", "解决时限", "处理流程"],
        ["T-01", "骚扰", "管理员", "10分钟", "1天", "先核实再处理"],
        ["T-02", "诈骗", "群主", "≤5分钟", "2-4小时", "保留证据"],
        ["T-03", "其它", "客服", "24h", "一周内", ""],
    ]
    written = imported(rows)
    community = Asked(written)
    decision = community.send("complaint", "他一直骚扰我")
    assert rules(decision) == ["T-01", "T-01-2"]
    assert owed(decision) == [("reply", "staff", pytest.approx(1 / 6)), ("resolved", "staff", 24.0)]
    decision = community.send("complaint", "有人诈骗")
    assert owed(decision) == [("reply", "staff", pytest.approx(1 / 12)), ("resolved", "staff", 4.0)]
    decision = community.send("complaint", "吵")
    assert owed(decision) == [("reply", "staff", 24.0), ("resolved", "staff", 168.0)]
    assert "较长者" in written.text


def test_a_row_with_one_time_keeps_later_rows_from_what_is_its() -> None:
    rows = [
        ["Issue type", "Response time", "Resolution time", "Owner"],
        ["Refund", "1 hour", "", "Support"],
        ["Parcel", "2 hours", "2 days", "Support"],
    ]
    community = Asked(imported(rows))
    assert owed(community.send("complaint", "refund for my parcel")) == [("reply", "staff", 1.0)]
    assert owed(community.send("complaint", "my parcel")) == [("reply", "staff", 2.0), ("resolved", "staff", 48.0)]


def test_feedback_and_reports_are_told_by_the_heading() -> None:
    feedback = Asked(imported([["反馈类型", "响应时间", "负责人"], ["建议", "2天", "客服"], ["表扬", "3天", "客服"]]))
    assert owed(feedback.send("feedback", "一个建议")) == [("reply", "staff", 48.0)]
    report = Asked(
        imported([["举报类型", "响应时间", "优先级"], ["垃圾广告", "1小时", "高"], ["骚扰", "30分钟", "紧急"]])
    )
    decision = report.send("report", fields={"category": "骚扰"}, target={"member": "bob"})
    assert owed(decision) == [("reply", "staff", 0.5)]


def test_rows_of_one_kind_are_told_apart_by_how_urgent_they_are() -> None:
    rows = [
        ["Ticket type", "Priority", "Response time", "Owner"],
        ["Payment", "High", "1 hour", "Support"],
        ["Payment", "Low", "1 day", "Support"],
    ]
    community = Asked(imported(rows))
    decision = community.send("complaint", "payment failed", fields={"priority": "Low"})
    assert owed(decision) == [("reply", "staff", 24.0)]
    decision = community.send("complaint", "payment failed", fields={"priority": "High"})
    assert owed(decision) == [("reply", "staff", 1.0)]


def test_any_column_can_be_mapped() -> None:
    rows = [["甲", "乙", "丙"], ["退款", "2小时", "客服"], ["登录", "1天", "技术部"]]
    written = imported(rows, "问题分类=甲,响应时间=乙,处理权限=C")
    decision = Asked(written).send("complaint", "登录不上")
    assert owed(decision) == [("reply", "技术部", 24.0)]


def test_a_finer_column_tells_rows_of_one_category_apart() -> None:
    rows = [
        ["问题类别", "具体情况", "处理人", "响应时间"],
        ["账号", "登录失败", "技术支持", "1小时"],
        ["账号", "昵称修改", "客服", "2天"],
        ["支付", "", "财务", "30分钟"],
    ]
    community = Asked(imported(rows))
    assert owed(community.send("complaint", "昵称修改怎么弄"))[0][2] == 48.0
    assert owed(community.send("complaint", "一直登录失败"))[0][2] == 1.0
    assert owed(community.send("complaint", "支付不了"))[0][2] == 0.5
