"""The five columns and six rows that many communities keep, as a workbook: what comes of it acts as its words say."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from communityrules import Engine
from communityrules.loading import loads
from communityrules.model.decision import Decision
from communityrules.tables.tabled import import_table
from communityrules.tables.writing import Written, write

CHINESE = [
    ["规则编号", "规则名称", "规则内容", "适用对象", "实施时间"],
    ["001", "发布频率", "建议成员每天发布信息不超过3次,避免在休息时间(22:00-8:00)发布", "全体成员", "即时实施"],
    ["002", "内容相关", "禁止发布与社群主题无关的内容", "全体成员", "即时实施"],
    ["003", "反馈处理", "客服应在24小时内回复成员反馈,并在一周内解决问题", "全体成员", "即时实施"],
    ["004", "信息审核", "所有由信息发布人员发布的信息必须经过审核后方可发布", "信息发布人员", "即时实施"],
    [
        "005",
        "垃圾与滥用",
        "禁止发布广告、推销、无意义的重复信息或辱骂性言论,此类行为视为垃圾信息和滥用",
        "全体成员",
        "即时实施",
    ],
    ["006", "隐私保护", "禁止泄露成员的个人信息", "全体成员", "即时实施"],
]
ENGLISH = [
    ["Rule No.", "Rule name", "Rule content", "Applies to", "Effective date"],
    ["001", "Frequency", "Members are advised to post no more than three times a day and to avoid rest hours (22:00 to "
     "08:00).", "All members", "Immediately"],
    ["002", "Relevance", "Do not post off-topic content.", "All members", "Immediately"],
    ["003", "Feedback", "Feedback must be answered within 24 hours and resolved within one week.", "All members",
     "Immediately"],
    ["004", "Review", "Everything publishers send must be reviewed before publication.", "Information publishers",
     "Immediately"],
    ["005", "Spam", "Advertising, promotion, meaningless repetition and insults are spam and abuse and forbidden.",
     "All members", "Immediately"],
    ["006", "Privacy", "Do not disclose anyone's personal data.", "All members", "Immediately"],
]  # fmt: skip


def written(rows: list[list[str]]) -> Written:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    imported = import_table(out.getvalue(), "rules.xlsx", None, "Test", None)
    made = write(imported, imported.file.spelling, "rules.rules")
    assert [one for one in made.diagnostics if one.severity == "error"] == []
    assert made.todos <= 1
    return made


class Community:
    """Sends events in the rulebook's own zone: that of China for a Chinese table, else UTC."""

    def __init__(self, rows: list[list[str]]) -> None:
        self.engine = Engine(loads(written(rows).text))
        self.zone = "+08:00" if rows is CHINESE else "+00:00"
        self.numbers = count(1)

    def send(self, time: str, kind: str, member: str, text: str = "", *roles: str, **more: Any) -> Decision:
        number = next(self.numbers)
        event: dict[str, Any] = {
            "id": f"e{number}", "time": f"2024-10-08T{time}:00{self.zone}", "type": kind, "community": "club",
            "member": {"id": member, "roles": list(roles or ("member",))}, **more,
        }  # fmt: skip
        if kind in ("message", "announcement"):
            event["message"] = {"id": f"m{number}", "text": text}
        return self.engine.judge(event)


def does(decision: Decision, rule: str) -> list[str]:
    return [one.do for outcome in decision.outcomes if outcome.rule.startswith(rule) for one in outcome.actions]


@pytest.fixture(params=[CHINESE, ENGLISH], ids=["zh", "en"])
def community(request: pytest.FixtureRequest) -> Community:
    return Community(request.param)


def test_the_first_two_rows(community: Community) -> None:
    for hour in ("09", "11", "13"):
        assert does(community.send(f"{hour}:00", "message", "amy", f"hi {hour}"), "001") == []
    fourth = community.send("16:00", "message", "amy", "again")
    assert does(fourth, "001") == ["remind"]
    found = community.send("16:10", "finding", "sue", "", "admin", target={"member": "amy", "rule": "002"})
    assert [one.rule for one in found.outcomes] == ["002"]
    assert does(community.send("22:30", "message", "bob", "good night"), "001") == ["remind"]


def test_feedback_and_review(community: Community) -> None:
    opened = community.send("09:00", "feedback", "amy")
    assert sorted((one.what, ((one.due or 0) - opened.time) // 3_600_000_000) for one in opened.duties) == [
        ("reply", 24), ("resolved", 168),
    ]  # fmt: skip
    assert community.send("09:10", "message", "pat", "news", "member", "publisher").verdict == "hold"
    assert community.send("09:20", "message", "amy", "see you tomorrow").verdict == "allow"


@pytest.mark.parametrize(
    "words", ["加微信兼职日结,一天300", "buy now, 50% off at https://shop.example/sale", "你这个白痴"]
)
def test_spam_and_insults(community: Community, words: str) -> None:
    assert does(community.send("09:00", "message", "eve", words), "005") == ["delete"]


def test_repetition_and_personal_data(community: Community) -> None:
    said = [community.send(f"09:0{minute}", "message", "eve", "顶顶顶顶").verdict for minute in range(3)]
    assert said == ["allow", "allow", "block"]
    assert does(community.send("09:30", "message", "dan", "他的手机号是13812345678"), "006") == ["delete"]
