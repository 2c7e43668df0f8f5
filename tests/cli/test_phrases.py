"""Every kind of evidence, action and consequence has words in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from communityrules.cli.phrases import Phrases
from communityrules.library.table import STANDARD
from communityrules.model.decision import ActionTaken, Case, Duty, Sanction
from communityrules.model.values import DAY, HOUR, MINUTE, SECOND
from communityrules.model.zones import zone

SHANGHAI = zone("Asia/Shanghai")
EN = Phrases("en", SHANGHAI, STANDARD)
ZH = Phrases("zh", SHANGHAI, STANDARD)
NOON = 1728360000_000000


@pytest.mark.parametrize(
    ("piece", "english", "chinese"),
    [
        ({"kind": "match", "field": "message.text", "what": "ads", "text": "加微信", "start": 0, "end": 3},
         "ads: “加微信” in message.text", "message.text 中有 「加微信」(ads)"),
        ({"kind": "match", "field": "member.roles", "what": "vip", "text": "vip"},
         "“vip” in member.roles", "member.roles 中有 「vip」"),
        ({"kind": "match", "field": "message.text", "what": "phone_number", "text": "13800138000"},
         "phone_number: “13800138000” in message.text", "message.text 中有 「13800138000」(手机号)"),
        ({"kind": "count", "what": "count(message)", "value": 4, "limit": 3},
         "count(message) is 4 (limit 3)", "count(message) 为 4(界限 3)"),
        ({"kind": "count", "what": "count(message)", "value": 5, "limit": 5, "at_least": True},
         "count(message) is at least 5 (limit 5)", "count(message) 至少为 5(界限 5)"),
        ({"kind": "count", "what": "count(message)", "value": 1, "limit": 2, "operator": "<"},
         "count(message) is 1, < 2", "count(message) 为 1,< 2"),
        ({"kind": "compare", "what": "rating.score", "value": 5, "operator": ">=", "limit": 5},
         "rating.score is 5, ≥ 5", "rating.score 为 5,≥ 5"),
        ({"kind": "range", "what": "member.level", "value": 3, "operator": "between", "low": 1, "high": 5},
         "member.level is 3, between 1 and 5", "member.level 为 3,在 1 与 5 之间"),
        ({"kind": "time", "what": "event.time", "value": "2024-10-08T23:10:00+08:00", "operator": "outside",
          "low": "08:00", "high": "22:00"},
         "event.time is 2024-10-08 23:10, outside 08:00 to 22:00",
         "event.time 为 2024-10-08 23:10,不在 08:00 至 22:00 之内"),
        ({"kind": "state", "what": "raid", "value": "high", "operator": "is", "limit": "high"},
         "raid is high", "raid 为 high"),
        ({"kind": "state", "state": "raid", "value": "calm", "was": "high"}, "raid is calm", "raid 为 calm"),
        ({"kind": "fact", "what": "member.verified", "value": True},
         "member.verified is true", "member.verified 为 是"),
        ({"kind": "one_of", "what": "rating.aspect", "value": "service"},
         "rating.aspect is service, one of those listed", "rating.aspect 为 service,在所列之中"),
        ({"kind": "not_one_of", "what": "rating.aspect", "value": "x"},
         "rating.aspect is x, none of those listed", "rating.aspect 为 x,不在所列之中"),
        ({"kind": "empty", "what": "message.links"}, "message.links is empty", "message.links 为空"),
        ({"kind": "present", "what": "message.links", "value": ["a"]},
         "message.links is not empty", "message.links 不为空"),
        ({"kind": "absent", "what": "member.level"}, "member.level is not known", "member.level 未知"),
        ({"kind": "no_match", "field": "message.text", "what": "ads"},
         "nothing of ads in message.text", "message.text 中没有 ads"),
        ({"kind": "no_match", "field": "message.text", "what": "id_card"},
         "nothing of id_card in message.text", "message.text 中没有 身份证号"),
        ({"kind": "member", "what": "staff", "member": "bob"}, "bob is in staff", "bob 属于 staff"),
        ({"kind": "member", "what": "staff", "member": None}, "it is about staff as a group", "关乎 staff 整组"),
        ({"kind": "not_member", "what": "staff", "member": "bob"}, "bob is not in staff", "bob 不属于 staff"),
        ({"kind": "finding", "member": "mod"}, "found by mod", "由 mod 认定"),
        ({"kind": "finding", "member": "mod", "text": "fake"}, "found by mod: “fake”", "由 mod 认定:「fake」"),
        ({"kind": "event", "what": "announcement"}, "the rule is for every announcement", "凡公告都适用"),
        ({"kind": "late", "duty": "d", "on": "reply", "responsible": "staff", "about": "e", "times": 1, "met": 0},
         "no reply from staff in time", "staff 未按时回复"),
        ({"kind": "sanction", "sanction": "s", "imposed": "mute", "rules": ["5", "6"]},
         "a mute under rule 5, 6 is in force", "依规则 5、6 的 禁言 仍有效"),
        ({"kind": "case", "case": "c", "group": "g", "quorum": 2, "votes": [{"member": "mo", "vote": "approve"}]},
         "votes: mo approve", "表决:mo 通过"),
        ({"kind": "case", "case": "c", "group": "g", "quorum": 2, "votes": []}, "nobody voted", "无人表决"),
        ({"kind": "appeal", "sanction": "s1"}, "an appeal against s1", "对 s1 的申诉"),
        ({"kind": "surprise", "x": 1}, "kind=surprise x=1", "kind=surprise x=1"),
    ],
)  # fmt: skip
def test_evidence(piece: dict[str, Any], english: str, chinese: str) -> None:
    assert EN.evidence(piece) == english
    assert ZH.evidence(piece) == chinese


@pytest.mark.parametrize(
    ("do", "arguments", "english", "chinese"),
    [
        ("delete", {}, "delete", "删除"),
        ("penalty", {"penalty": "ladder"}, "penalty ladder", "处罚 ladder"),
        ("mute", {"duration": DAY, "sanction": "s", "penalty": "ladder", "step": 2}, "mute 1 day", "禁言 1天"),
        ("mute", {"duration": "forever"}, "mute for good", "禁言 永久"),
        ("ban", {"duration": DAY, "up_to": 30 * DAY, "set_by": "staff"},
         "ban 1 day to 30 days set by staff", "封禁 1天 至 30天 裁量 staff"),
        ("hold", {"for": "staff", "quorum": 2, "within": 4 * HOUR, "case": "c"},
         "hold for staff quorum 2 within 4 hours", "送审 staff 票数 2 限时 4小时"),
        ("escalate", {"to": "managers"}, "escalate to managers", "上报 managers"),
        ("notify", {"to": "managers"}, "notify managers", "通知 managers"),
        ("assign", {"to": "staff", "priority": "urgent"},
         "assign to staff priority urgent", "指派 staff 优先级 紧急"),
        ("award", {"points": 5}, "award 5 points", "加分 5 分"),
        ("flag", {"to": "staff"}, "flag to staff", "标记 staff"),
        ("alert", {"name": "surge", "to": "staff"}, "alert surge to staff", "告警 surge 向 staff"),
        ("note", {"field": "city", "value": "Oslo", "confidential": ["staff"]},
         "note city as Oslo", "记下 city 为 Oslo"),
        ("set", {"state": "raid", "value": "high", "for": 20 * MINUTE},
         "set raid high for 20 minutes", "置 raid high 持续 20分钟"),
        ("wave", {"at": "bob"}, "wave bob", "wave bob"),
    ],
)  # fmt: skip
def test_actions(do: str, arguments: dict[str, Any], english: str, chinese: str) -> None:
    assert EN.acted(ActionTaken(do, {}, arguments)) == english
    assert ZH.acted(ActionTaken(do, {}, arguments)) == chinese


def test_the_member_whom_an_action_names() -> None:
    assert EN.acted(ActionTaken("assign", {"member": "sue"}, {"priority": "urgent"})) == "assign to sue priority urgent"
    assert EN.acted(ActionTaken("warn", {"member": "sue"}, {})) == "warn"


def sanction(**changes: Any) -> Sanction:
    given: dict[str, Any] = {
        "id": "s", "member": "bob", "kind": "mute", "start": NOON, "end": NOON + DAY, "penalty": None, "step": None,
        "rules": ("5",),
    }  # fmt: skip
    return Sanction(**{**given, **changes})


@pytest.mark.parametrize(
    ("one", "english", "chinese"),
    [
        (sanction(), "bob: mute until 2024-10-09 12:00", "bob:禁言至 2024-10-09 12:00"),
        (
            sanction(end=NOON + HOUR, penalty="p", step=2),
            "bob: mute until 13:00 (p, step 2)",
            "bob:禁言至 13:00(p,第 2 档)",
        ),
        (sanction(end=None), "bob: mute for good", "bob:禁言,永久"),
        (sanction(kind="warn", end=NOON), "bob: warn", "bob:警告"),
        (sanction(status="ended"), "bob: mute is over", "bob:禁言到期"),
        (sanction(status="reversed"), "bob: mute is taken back", "bob:禁言撤销"),
        (sanction(status="pending"), "bob: mute waits for confirmation", "bob:禁言待确认"),
    ],
)
def test_sanctions(one: Sanction, english: str, chinese: str) -> None:
    assert EN.sanction(one, NOON) == english
    assert ZH.sanction(one, NOON) == chinese


@pytest.mark.parametrize("status", ["open", "met", "late", "cancelled"])
@pytest.mark.parametrize("due", [None, NOON])
def test_duties(status: Any, due: int | None) -> None:
    one = Duty("d", "3", "reply", "staff", due, status)
    assert "staff" in EN.duty(one, NOON)
    assert "reply" in EN.duty(one, NOON)
    assert "回复" in ZH.duty(one, NOON)
    assert "{" not in EN.duty(one, NOON) + ZH.duty(one, NOON)


@pytest.mark.parametrize("status", ["open", "approved", "rejected", "expired"])
@pytest.mark.parametrize("due", [None, NOON])
def test_cases(status: Any, due: int | None) -> None:
    one = Case("c", "4", "hold", "staff", 2, NOON, due, status, "m", "bob", (("mo", "approve"),))
    assert "staff" in EN.case(one, NOON)
    assert "{" not in EN.case(one, NOON) + ZH.case(one, NOON)
    assert ("1 of 2 votes" in EN.case(one, NOON)) == (status == "open")


@pytest.mark.parametrize(
    ("length", "english", "chinese"),
    [
        (DAY, "1 day", "1天"), (7 * DAY, "7 days", "7天"), (90 * MINUTE, "90 minutes", "90分钟"),
        (HOUR, "1 hour", "1小时"), (SECOND, "1 second", "1秒"), (1_500_000, "1.5 seconds", "1.5秒"),
        (0, "0 seconds", "0秒"),
    ],
)  # fmt: skip
def test_lengths(length: int, english: str, chinese: str) -> None:
    assert EN.length(length) == english
    assert ZH.length(length) == chinese


def test_what_people_write_cannot_move_the_cursor() -> None:
    assert "\x1b" not in EN.quote("\x1b[2J")
    assert len(EN.quote("x" * 1000)) < 50
    assert "\u202e" not in EN.evidence({"kind": "fact", "what": "x", "value": "\u202e"})


def test_what_the_rulebook_names_itself_is_not_translated() -> None:
    piece = {"kind": "match", "field": "message.text", "what": "phone_number", "text": "call me"}
    own = Phrases("zh", SHANGHAI, STANDARD, ["phone_number"])
    assert own.evidence(piece) == "message.text 中有 「call me」(phone_number)"
