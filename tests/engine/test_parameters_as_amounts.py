"""Parameters as deadlines, lengths and amounts: what they say at the instant of the event holds."""

from __future__ import annotations

from pathlib import Path

from village import Village, at, done

from communityrules.compiler.facts import GivenFacts
from communityrules.model.event import Event, Member, Message
from communityrules.model.values import HOUR

RULES = """
parameter answer_time = 24 hours, 12 hours from 2024-10-09
parameter looks = 2
parameter night = 8 hours, 10 hours from 2024-10-09
parameter bonus = 5, 7 from 2024-10-09
parameter votes = 2
parameter rest = 1 hour

group staff as member.roles has "service"

rule 1 "Answers"
  must
  responsible staff
  on complaint
  require reply at least looks times within answer_time, if late notify staff

rule 2 "Shouting"
  must not
  on message
  if message.text contains "loud"
  then penalty noise

rule 3 "Thanks"
  should
  on message
  if message.text contains "thanks"
  cooldown rest
  then award bonus points

rule 4 "Held"
  must
  on announcement
  then hold for staff quorum votes within answer_time, if late reject

rule 5 "Marked"
  must
  on report
  then label seen for night

penalty noise
  always: mute night

rule 6 "Every day"
  should
  every day
  if count(message by member today) >= 1
  then award bonus points
"""


def test_a_deadline_and_a_number_of_times() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    asked = village.send("09:00", "amy", "complaint", "bad")
    assert [(one.due or 0) - asked.time for one in asked.duties] == [24 * HOUR]
    village.send("10:00", "sue", "reply", "one", message="e1")
    assert [one.status for one in village.send("11:00", "sue", "reply", "two", message="e1").duties] == ["met"]
    asked = village.send("2024-10-09 09:00", "amy", "complaint", "bad")
    assert [(one.due or 0) - asked.time for one in asked.duties] == [12 * HOUR]
    (late,) = village.until("2024-10-09 21:00")
    assert [one.status for one in late.duties] == ["late"]


def test_a_duty_keeps_the_deadline_under_which_it_was_opened() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    village.send("23:59", "amy", "complaint", "bad")
    late = [one for one in village.until("2024-10-10 23:59") if one.duties]
    assert [one.time for one in late] == [at("2024-10-09 23:59")]


def test_the_step_of_a_penalty() -> None:
    village = Village(RULES)
    (mute,) = village.send("23:59", "amy", "message", "loud").sanctions
    assert (mute.kind, (mute.end or 0) - mute.start) == ("mute", 8 * HOUR)
    (mute,) = village.send("2024-10-09 00:00", "bob", "message", "loud").sanctions
    assert (mute.end or 0) - mute.start == 10 * HOUR


def test_points_and_a_cooldown() -> None:
    village = Village(RULES)
    first = village.send("09:00", "amy", "message", "thanks")
    assert [(one.member, one.change) for one in first.points] == [("amy", 5)]
    assert first.outcomes[0].actions[0].arguments["points"] == 5
    assert done(village.send("09:59", "amy", "message", "thanks")) == []
    assert done(village.send("10:00", "amy", "message", "thanks")) == ["award under 3"]


def test_a_quorum_and_a_deadline_of_a_case() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    village.given("sam", "service")
    held = village.send("09:00", "amy", "announcement", "sale", id="a1")
    assert [(one.due or 0) - held.time for one in held.cases] == [24 * HOUR]
    assert done(village.send("09:05", "sue", "approve", message="a1")) == []
    assert done(village.send("09:06", "sam", "approve", message="a1")) == ["approve under 4"]


def test_a_label() -> None:
    village = Village(RULES)
    put = village.send("09:00", "amy", "report", about="bob")
    assert [(one.label, (one.end or 0) - put.time) for one in put.labels] == [("seen", 8 * HOUR)]


def test_a_period_is_judged_by_what_held_in_it() -> None:
    village = Village(RULES)
    village.send("2024-10-07 09:00", "amy", "message", "hi")
    village.send("2024-10-08 09:00", "amy", "message", "hi")
    (midnight,) = [one for one in village.until("2024-10-09 00:00") if one.points]
    assert [one.change for one in midnight.points] == [5]


def test_an_evaluator_alone_says_the_amount_too() -> None:
    village = Village(RULES)
    event = Event("m1", at("2024-10-09 09:00"), "message", "village", Member("amy"), Message("m1", "thanks"))
    decision = village.evaluator.evaluate(event, GivenFacts())
    assert decision.outcomes[0].actions[0].arguments["points"] == 7


def test_memory_and_sqlite_agree(tmp_path: Path) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/village.db"):
        village = Village(RULES, store=store)
        village.given("sue", "service")
        village.send("09:00", "amy", "complaint", "bad")
        village.send("09:10", "amy", "message", "thanks, loud")
        village.send("09:20", "bob", "announcement", "sale")
        village.pass_time(days=2)
        told.append(village.decisions)
        village.engine.close()
    assert told[0] == told[1]
