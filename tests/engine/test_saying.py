"""Texts to people say facts of the event at hand, formatted alike everywhere, with personal data covered."""

import json
from typing import Any

import pytest
from village import Village, at

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.engine.spelling import spell
from communityrules.model.values import DAY, DURATION, HOUR, MINUTE, SECOND

RULES = """
rulebook "Reading room"
  timezone Asia/Shanghai
  language en
  purpose "Slow reading"

parameter most = 20, 30 from 2024-10-08

member (city: text, birthday: date, vip: boolean)
event booking (start: time, seats: number, note: text, host: member)
state raid = calm, high

group staff as member.roles has "service"

template closed
  en "Rule {settled.rule}: {settled.result} ({settled.target}). {community.name}, {community.purpose}, {most}"
  zh "规则 {结案.规则}:{结案.结果}。上限 {most}。"

template booked
  en "{booking.start} for {booking.seats}, {member.city}, {booking.note}, {raid}, {event.type}, {member.vip}."
  zh "{booking.start},{booking.seats} 人,{member.birthday},{event.type},{member.vip},{member.tenure}。"

rule 1
  must
  on message
  if message.length > most
  then hold for staff

rule 2
  must
  on settled
  then notify staff with closed

rule 3
  must
  on booking
  then notify staff with booked, remind "Dear {member.name}, {booking.host} waits. {} {a b}"

rule 4
  must
  on complaint
  responsible staff
  require reply within 2 hours, if late notify staff with "{member.name} wrote: {message.text}"
"""


def told(decision: Any) -> list[tuple[str, dict[str, str]]]:
    return [(one.kind, dict(one.texts)) for one in decision.notices]


def village(**more: Any) -> Village:
    found = Village(RULES, **more)
    found.given("sue", "service")
    return found


def test_what_the_engine_raises_can_be_said() -> None:
    room = village()
    room.send("09:00", "amy", "message", "a very long message, more than thirty characters")
    settled = room.send("09:10", "sue", "approve", message="e1")
    assert told(settled) == [
        (
            "notify",
            {
                "en": "Rule 1: approved (amy). Reading room, Slow reading, 30",
                "zh": "规则 1:通过。上限 30。",
            },
        )
    ]


def test_types_absent_facts_and_other_braces() -> None:
    room = village()
    start = at("2024-10-09 14:30")
    decision = room.send("09:00", "amy", "booking", start=start, seats=2, note="call 13812345678", host="sue")
    assert told(decision) == [
        (
            "notify",
            {
                "en": "2024-10-09 14:30 for 2, —, call 138****5678, calm, booking, —.",
                "zh": "2024-10-09 14:30,2 人,—,booking,—,—。",
            },
        ),
        ("remind", {"en": "Dear —, sue waits. {} {a b}"}),
    ]


def test_late_actions_say_what_was_so_when_the_duty_opened() -> None:
    room = village()
    room.send("09:00", "amy", "complaint", "it broke, mail a.long.name@post.com")
    (late,) = room.pass_time(hours=3)
    assert told(late) == [("notify", {"en": "— wrote: it broke, mail a***@post.com"})]


@pytest.mark.parametrize(
    ("length", "en", "zh"),
    [
        (90 * MINUTE, "90 minutes", "90分钟"),
        (36 * HOUR, "36 hours", "36小时"),
        (DAY, "1 day", "1天"),
        (400 * DAY, "400 days", "400天"),
        (5 * HOUR + 12 * MINUTE + 30 * SECOND, "5 hours 12 minutes", "5小时12分钟"),
        (3 * DAY + 4 * MINUTE + 1, "3 days", "3天"),
        (1500 * SECOND + 1, "25 minutes", "25分钟"),
        (2 * SECOND + SECOND // 2, "2.5 seconds", "2.5秒"),
        (0, "0 days", "0天"),
        (-2 * HOUR, "-2 hours", "-2小时"),
    ],
)
def test_lengths_of_time(length: int, en: str, zh: str) -> None:
    assert (spell(length, DURATION, "en"), spell(length, DURATION, "zh")) == (en, zh)


def findings(rules: str) -> list[tuple[str, str]]:
    source = Source("t.rules", rules)
    return [(one.code, one.span.text if one.span else "") for one in check(source).diagnostics]


HEAD = 'rulebook "T"\n  language en\n\n'


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ('on complaint\n  then remind "{settled.result}"', ("CR614", '"{settled.result}"')),
        ('on message, edit\n  then remind "{edit.before}"', ("CR614", '"{edit.before}"')),
        ('every day\n  then remind "{message.text}"', ("CR614", '"{message.text}"')),
        ('on message\n  then remind "{mesage.text}"', ("CR611", "mesage.text")),
        ('on message\n  then remind "{message.txt}"', ("CR202", "txt")),
        ('on message\n  then remind "{nothing}"', ("CR611", "nothing")),
    ],
)
def test_what_is_not_there_is_refused_where_it_stands(rule: str, found: tuple[str, str]) -> None:
    assert findings(f"{HEAD}rule 1\n  must\n  {rule}\n") == [found]


def test_both_spellings_mean_the_same() -> None:
    for text in ("{member.name}: {message.text}", "{成员.名称}: {消息.文本}"):
        rules = f'{HEAD}rule 1\n  must\n  on message\n  then remind "{text}"\n'
        room = Village(rules)
        assert told(room.send("09:00", "amy", "message", "hi")) == [("remind", {"en": "—: hi"})]


def test_memory_and_sqlite_agree(tmp_path: object) -> None:
    decisions = []
    for store in ("memory:", f"sqlite:///{tmp_path}/room.db"):
        room = village(store=store)
        room.send("09:00", "amy", "complaint", "it broke")
        room.send("09:00", "amy", "booking", seats=2)
        room.pass_time(hours=3)
        decisions.append(room.decisions)
        room.engine.close()
    assert decisions[0] == decisions[1]
    assert json.dumps([told(one) for one in decisions[0]])


PUBLIC = """
rulebook "Reading room"
  timezone Asia/Shanghai
  language en

member (city: text, level: number)
event incident (room: text, what: text, seen_by: member)
group staff as member.roles has "service"

template closed
  en "{settled.case}: rule {settled.rule}, {settled.result}, about {settled.target}, {member.name}, {member.level}"
  zh "{结案.案件}:规则 {结案.规则},{结案.结果},当事人 {结案.对象}"

rule 1
  must
  on message
  if message.text contains any of ("bad")
  then hold for staff within 1 day, if late publish "{member.id} wrote {message.text} at {event.time}"

rule 2
  must
  on settled
  then publish closed

rule 3
  must
  on incident
  then publish "{incident.what} in {incident.room}, {member.city}, {incident.seen_by}"

rule 4
  must
  on late
  then publish "{late.owner} owes a {late.duty}"

rule 5
  must
  responsible staff
  on complaint
  require reply within 1 hour
"""


def test_a_closed_case_is_published_without_its_people() -> None:
    room = Village(PUBLIC)
    room.given("sue", "service")
    room.send("09:00", "amy", "message", "a bad thing")
    settled = room.send("09:10", "sue", "reject", message="e1")
    assert [(one.kind, one.to, one.rule, one.template) for one in settled.notices] == [
        ("publish", {"group": "everyone"}, "2", "closed")
    ]
    assert told(settled)[0][1] == {
        "en": "e1/case/1: rule 1, rejected, about a member, —, —",
        "zh": "e1/case/1:规则 1,驳回,当事人 某成员",
    }
    (taken,) = settled.outcomes[1].actions
    assert (taken.do, taken.on, dict(taken.arguments)) == ("publish", {}, {"template": "closed"})


def test_what_people_wrote_is_left_out_and_people_are_not_named() -> None:
    room = Village(PUBLIC)
    room.given("sue", "service")
    seen = room.send(
        "08:00", "amy", "incident", what="sue saw amyx, amy看见sue, call 13812345678", room="hall", seen_by="sue"
    )
    assert told(seen) == [
        ("publish", {"en": "a member saw amyx, a member看见a member, call 138****5678 in hall, —, a member"}),
    ]
    room.send("09:00", "amy", "message", "a bad thing")
    (expired,) = room.pass_time(days=1)
    assert told(expired)[0] == ("publish", {"en": "a member wrote [left out] at 2024-10-08 09:00"})


def test_a_group_is_nobody_in_particular() -> None:
    room = Village(PUBLIC)
    room.send("09:00", "amy", "complaint", "it broke")
    (late,) = room.pass_time(hours=2)
    assert told(late) == [("publish", {"en": "staff owes a reply"})]


WHY = """
group staff as member.roles has "service"
rule 1
  must
  on join_request
  then hold for staff quorum 2
rule 2
  must
  on report
  then hold for staff
penalty hard
  always: ban 1 to 10 days set by staff
  appeal once to staff within 7 days
rule 3
  must not
  on message
  if message.text contains any of ("bad")
  then penalty hard
"""


def test_the_words_of_those_who_settle_a_case_reach_its_member() -> None:
    room = Village(WHY)
    for one in ("sue", "tom", "pat"):
        room.given(one, "service")
    room.send("09:00", "amy", "join_request", "let me in")
    assert room.send("09:01", "sue", "reject", "we are full", about="amy").notices == ()
    assert room.send("09:02", "pat", "approve", "why not", about="amy").notices == ()
    settled = room.send("09:03", "tom", "reject", "come back in May", about="amy")
    assert [(one.id, one.kind, one.to, one.rule, one.template, one.texts) for one in settled.notices] == [
        ("e4/notice/1", "reject", {"member": "amy"}, "1", None, {"en": "we are full\ncome back in May"})
    ]


def test_silence_tells_nothing_and_a_changed_vote_takes_its_words_back() -> None:
    room = Village(WHY)
    for one in ("sue", "tom"):
        room.given(one, "service")
    room.send("09:00", "amy", "join_request", "let me in")
    room.send("09:01", "sue", "reject", "we are full", about="amy")
    room.send("09:02", "sue", "approve", about="amy")
    assert room.send("09:03", "tom", "approve", about="amy").notices == ()


def test_why_a_sanction_stands_or_falls() -> None:
    room = Village(WHY)
    room.given("sue", "service")
    banned = room.send("09:00", "bob", "message", "bad")
    set_to = room.send("09:05", "sue", "approve", "three days for this", case=banned.cases[0].id, duration=3 * DAY)
    assert told(set_to) == [("approve", {"en": "three days for this"})]
    appealed = room.send("09:10", "bob", "appeal", "sorry", case=banned.sanctions[0].id)
    turned_down = room.send("09:15", "sue", "reject", "not this time", case=appealed.cases[0].id)
    assert [(one.kind, one.to, one.texts) for one in turned_down.notices] == [
        ("reject", {"member": "bob"}, {"en": "not this time"})
    ]


def test_who_sent_a_rating_is_told_why_it_is_refused() -> None:
    room = Village('rule 1\n  must\n  on rating\n  if rating.score > 5\n  then reject with "Marks run from 1 to 5."\n')
    refused = room.send("09:00", "amy", "rating", about="sue", score=9)
    assert [(one.kind, one.to) for one in refused.notices] == [("reject", {"member": "amy"})]
