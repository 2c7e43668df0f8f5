"""The rule table that many communities keep: drafted, checked, and acting on events as its words say."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

import pytest

from communityrules import Engine
from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.library.names import LibraryNames
from communityrules.library.registry import standard_library
from communityrules.loading import loads
from communityrules.model.decision import Decision
from communityrules.tables.drafting.tabling import Draft, Row, draft_table

CHINESE = [
    Row("001", "发布频率", "建议每天发布不超过三次,并避开休息时间(22:00至次日8:00)。", "全体成员", "即时实施"),
    Row("002", "内容相关", "不得发布与群主题无关的内容。", "全体成员", "即时实施"),
    Row("003", "反馈处理", "成员的反馈须在24小时内回复,一周内解决。", "全体成员", "即时实施"),
    Row("004", "信息审核", "信息发布人员发布的内容须先经审核后方可发布。", "信息发布人员", "即时实施"),
    Row("005", "垃圾与滥用", "广告、推广、无意义的重复以及辱骂,均视为垃圾信息和滥用行为。", "全体成员", "即时实施"),
    Row("006", "隐私保护", "严禁泄露他人个人信息。", "全体成员", "长期"),
]
ENGLISH = [
    Row("001", "Posting", "It is advised to post at most three times a day, away from rest hours (10 pm to 8 am).",
        "All members", "Immediately"),
    Row("002", "Topic", "No off-topic posts.", "All members", "Immediately"),
    Row("003", "Feedback", "Feedback is answered within 24 hours and settled within a week.", "Everyone",
        "Immediately"),
    Row("004", "Review", "What publishers send is reviewed before it is published.", "Publishers", "Immediately"),
    Row("005", "Spam", "Adverts, promotion, meaningless repetition and insults count as spam and abuse.", "Everyone"),
    Row("006", "Privacy", "Do not leak personal data.", "Everyone", "Immediately"),
]  # fmt: skip
TABLES = {"zh": CHINESE, "en": ENGLISH}
SPELLINGS = ("zh", "en")


def printed(draft: Draft, spelling: str) -> str:
    text = format_file(draft.file, LibraryNames(), "zh" if spelling == "zh" else "en")
    report = check(Source("drafted.rules", text), library=standard_library())
    assert [one.text("en") for one in report.diagnostics] == []
    return text


class Community:
    """Sends events to an engine with a drafted rulebook; the days of a rulebook run in the zone of China."""

    def __init__(self, text: str) -> None:
        self.engine = Engine(loads(text))
        self.numbers = count(1)

    def send(
        self, time: str, kind: str, member: str, *, roles: tuple[str, ...] = ("member",), text: str = "", **more: Any
    ) -> Decision:
        number = next(self.numbers)
        event: dict[str, Any] = {
            "id": f"e{number}", "time": f"{time}+08:00", "type": kind, "community": "club",
            "member": {"id": member, "roles": list(roles)}, **more,
        }  # fmt: skip
        if kind in ("message", "announcement"):
            event["message"] = {"id": f"m{number}", "text": text}
        return self.engine.judge(event)


def does(decision: Decision, rule: str) -> list[str]:
    return [one.do for outcome in decision.outcomes if outcome.rule == rule for one in outcome.actions]


@pytest.fixture(params=[(table, spelling) for table in TABLES for spelling in SPELLINGS], ids="-".join)
def community(request: pytest.FixtureRequest) -> Community:
    table, spelling = request.param
    draft = draft_table(TABLES[table], timezone="Asia/Shanghai")
    assert all(one.outcome in ("drafted", "found") for one in draft.rows)
    return Community(printed(draft, spelling))


def test_the_fourth_message_of_a_day_and_one_at_night_are_reminded(community: Community) -> None:
    for hour in ("09", "11", "13"):
        assert does(community.send(f"2024-10-08T{hour}:00:00", "message", "amy", text=f"hour {hour}"), "001") == []
    fourth = community.send("2024-10-08T15:00:00", "message", "amy", text="one more")
    assert does(fourth, "001") == ["remind"]
    assert fourth.verdict == "allow"
    assert does(community.send("2024-10-08T22:30:00", "message", "bob", text="good night"), "001") == ["remind"]
    assert does(community.send("2024-10-09T08:00:00", "message", "bob", text="good morning"), "001") == []


def test_staff_find_what_is_off_topic(community: Community) -> None:
    found = community.send(
        "2024-10-08T10:00:00", "finding", "sue", roles=("admin",), target={"member": "amy", "rule": "002"}
    )
    assert [one.rule for one in found.outcomes] == ["002"]
    other = community.send("2024-10-08T10:05:00", "finding", "bob", target={"member": "amy", "rule": "002"})
    assert other.outcomes == ()


def test_feedback_is_owed_an_answer_and_a_settlement(community: Community) -> None:
    opened = community.send("2024-10-08T09:00:00", "feedback", "amy")
    assert sorted(one.what for one in opened.duties) == ["reply", "resolved"]
    assert {one.rule for one in opened.duties} == {"003"}
    late = [
        one for one in community.engine.advance(datetime.fromisoformat("2024-10-09T09:00:00+08:00")) if one.outcomes
    ]
    assert [one.outcomes[0].rule for one in late] == ["003"]


def test_what_publishers_send_waits(community: Community) -> None:
    roles = ("member", "publisher")
    assert community.send("2024-10-08T09:00:00", "message", "pat", roles=roles, text="news").verdict == "hold"
    assert community.send("2024-10-08T09:01:00", "announcement", "pat", roles=roles, text="news").verdict == "hold"
    assert community.send("2024-10-08T09:02:00", "message", "amy", text="hello").verdict == "allow"


@pytest.mark.parametrize(
    "words",
    [
        "加微信兼职日结,一天300", "本店新品上市,欢迎选购", "你这个白痴", "shut up you moron",
        "buy now, 50% off at https://shop.example/sale",
    ],
)  # fmt: skip
def test_adverts_and_insults_are_deleted(community: Community, words: str) -> None:
    decision = community.send("2024-10-08T09:00:00", "message", "eve", text=words)
    assert decision.verdict == "block"
    assert does(decision, "005") == ["delete"]


def test_meaningless_repetition_is_deleted(community: Community) -> None:
    verdicts = [
        community.send(f"2024-10-08T09:0{minute}:00", "message", "eve", text="顶顶顶顶").verdict for minute in range(3)
    ]
    assert verdicts == ["allow", "allow", "block"]


def test_personal_data_is_deleted(community: Community) -> None:
    decision = community.send("2024-10-08T09:00:00", "message", "eve", text="他的手机号是13812345678")
    assert does(decision, "006") == ["delete"]
    assert community.send("2024-10-08T09:10:00", "message", "amy", text="see you tomorrow").verdict == "allow"
