"""Parameters as deadlines, lengths and amounts: what they say at the instant of the event holds."""

from __future__ import annotations

from pathlib import Path

import pytest
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


KEPT = """
parameter spell = 10 minutes, 2 hours from 2024-10-09, 5 minutes from 2024-10-10
parameter term = 1 day, 10 days from 2024-10-10
parameter some = 5, 7 from 2024-10-09
parameter part = 50%, 80% from 2024-10-09
parameter lead = 1 hour, 3 hours from 2024-10-09
define busy as count(message by member within spell) >= 3

group staff as member.roles has "service"

penalty ladder over term
  1st: warn
  then on: mute 1 hour
  appeal once to staff within term

rule 1
  must not
  on message
  if busy
  then flag

rule 2
  must not
  on message
  if message.text contains "spam"
  then penalty ladder

rule 3
  should
  on rating
  then award 4 points up to some today

rule 4
  must
  responsible staff
  on feedback
  require reply within 10 hours, at part remind, at lead before notify staff, if late escalate to staff
"""


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_a_window_is_as_long_as_the_parameter_says_then(store: str, tmp_path: Path) -> None:
    village = Village(KEPT, store="memory:" if store == "memory" else f"sqlite:///{tmp_path / 'windows.db'}")
    for when in ("22:00", "22:05"):
        assert done(village.send(f"2024-10-08 {when}", "amy", "message", "hi")) == []
    assert done(village.send("22:10", "amy", "message", "hi")) == ["flag under 1"]
    assert done(village.send("22:21", "amy", "message", "hi")) == []
    # From midnight on it reaches back two hours, to what the shorter window had left already.
    assert done(village.send("2024-10-09 00:10", "amy", "message", "hi")) == ["flag under 1"]
    assert done(village.send("02:10", "amy", "message", "hi")) == []
    assert done(village.send("23:58", "amy", "message", "hi")) == []
    assert done(village.send("23:59", "amy", "message", "hi")) == []
    assert done(village.send("2024-10-10 00:00", "amy", "message", "hi")) == ["flag under 1"]
    assert done(village.send("00:05", "amy", "message", "hi")) == []


def test_an_offence_counts_as_long_as_the_parameter_says_when_the_next_is_committed() -> None:
    village = Village(KEPT)
    assert done(village.send("2024-10-08 09:00", "amy", "message", "spam")) == ["penalty under 2", "warn under 2"]
    assert done(village.send("2024-10-09 09:01", "amy", "message", "spam")) == ["penalty under 2", "warn under 2"]
    assert done(village.send("2024-10-10 23:00", "amy", "message", "spam")) == ["penalty under 2", "mute under 2"]


def test_an_appeal_is_open_as_long_as_the_parameter_said_then() -> None:
    village = Village(KEPT)
    village.send("2024-10-08 09:00", "amy", "message", "spam")
    assert village.send("2024-10-09 09:01", "amy", "appeal").cases == ()
    village.send("2024-10-10 09:00", "amy", "message", "spam")
    assert [one.kind for one in village.send("2024-10-13 09:00", "amy", "appeal").cases] == ["appeal"]


def test_an_allowance_by_parameter() -> None:
    village = Village(KEPT)
    given = [
        sum(one.change for one in village.send(f"2024-10-0{day} 09:0{at}", "bob", "rating", about="amy").points)
        for day in (8, 9)
        for at in range(3)
    ]
    assert given == [4, 1, 0, 4, 3, 0]


def test_reminders_by_parameter() -> None:
    village = Village(KEPT)
    village.given("sue", "service")
    for day, wanted in (("2024-10-08", ("12:30", "16:30", "17:30")), ("2024-10-09", ("14:30", "15:30", "17:30"))):
        village.send(f"{day} 07:30", "amy", "feedback", "it broke")
        told = village.until(f"{day} 20:00")
        assert [one.time for one in told if one.outcomes] == [at(f"{day} {when}") for when in wanted]
