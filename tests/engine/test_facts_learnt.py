"""`note member.city as join_request.city`: facts learnt from events."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from village import Village, at, done

from communityrules.model.decision import Decision
from communityrules.model.event import Event, Member, Message

FIELDS = """
member (city: text, level: number, ok: boolean, birthday: date, seen: time, spell: duration, tags: list of text,
        mentor: member)
event join_request (city: text, level: number, spell: duration, tags: list of text, friend: member)
event profile (birthday: date)
"""

RULES = (
    FIELDS
    + """
rule 1
  should
  on join_request
  then note member.city as join_request.city

rule 2
  should
  on message
  if member.city is "Oslo"
  then flag
"""
)


def noted(decision: Decision) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """On whom what was noted."""
    return [
        (dict(action.on), dict(action.arguments))
        for one in decision.outcomes
        for action in one.actions
        if action.do == "note"
    ]


def say(village: Village, when: str, **fields: Any) -> Decision:
    """A message by amy with fields of hers that the host says."""
    village.count += 1
    moment = at(f"{village.day} {when}")
    name = f"e{village.count}"
    amy = Member("amy", fields=fields)
    decision = village.engine.judge(Event(name, moment, "message", "village", amy, Message(name, "hi")))
    village.decisions.append(decision)
    return decision


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'facts.db'}"


def test_what_is_noted_is_read_from_then_on(store: str) -> None:
    village = Village(RULES, store=store)
    assert done(village.send("09:00", "amy", "message", "hi")) == []
    decision = village.send("09:10", "amy", "join_request", city="Oslo")
    assert noted(decision) == [({"member": "amy"}, {"field": "city", "value": "Oslo"})]
    assert decision.verdict == "allow"
    assert done(village.send("09:20", "amy", "message", "hi")) == ["flag under 2"]
    assert done(village.send("09:30", "bob", "message", "hi")) == []
    village.send("09:40", "amy", "join_request", city="Rome")
    assert done(village.send("09:50", "amy", "message", "hi")) == []


def test_it_is_known_after_the_event_and_not_while_its_rules_are_asked() -> None:
    village = Village(RULES + '\nrule 3\n  should\n  on join_request\n  if member.city is "Oslo"\n  then flag\n')
    assert done(village.send("09:00", "amy", "join_request", city="Oslo")) == ["note under 1"]
    assert done(village.send("09:10", "amy", "join_request", city="Oslo")) == ["note under 1", "flag under 3"]


def test_an_absent_value_is_not_noted() -> None:
    village = Village(RULES)
    village.send("09:00", "amy", "join_request", city="Oslo")
    assert village.send("09:10", "amy", "join_request").outcomes[0].actions == ()
    assert done(village.send("09:20", "amy", "message", "hi")) == ["flag under 2"]


def test_every_type_is_kept_as_it_came(store: str) -> None:
    rules = (
        FIELDS
        + """
rule 1
  should
  on join_request
  then note member.level as join_request.level, note member.spell as join_request.spell,
       note member.tags as join_request.tags, note member.mentor as join_request.friend,
       note member.seen as event.time, note member.ok as true, note member.birthday as 2001-02-03

rule 2
  should
  on message
  if member.level is 0.5 and member.spell is 90 minutes and member.tags has "new" and member.mentor.city is empty
    and member.seen < event.time and member.ok is true and member.birthday is 2001-02-03
    and member.mentor is member.mentor
  then flag
"""
    )
    village = Village(rules, store=store)
    decision = village.send(
        "09:00", "amy", "join_request", level=Decimal("0.5"), spell=90 * 60_000_000, tags=("new", "x"), friend="bob"
    )
    assert [more for _, more in noted(decision)] == [
        {"field": "level", "value": 0.5},
        {"field": "spell", "value": 5400},
        {"field": "tags", "value": ["new", "x"]},
        {"field": "mentor", "value": "bob"},
        {"field": "seen", "value": "2024-10-08T09:00:00+08:00"},
        {"field": "ok", "value": True},
        {"field": "birthday", "value": "2001-02-03"},
    ]
    assert done(village.send("09:20", "amy", "message", "hi")) == ["flag under 2"]


def test_a_fact_of_another_member() -> None:
    rules = (
        FIELDS
        + """
rule 1
  should
  on join_request
  then note join_request.friend.mentor as join_request.member, note join_request.target.ok as true

rule 2
  should
  on staff_action
  then note staff_action.member.level as 3, note staff_action.target.level as 4
"""
    )
    village = Village(rules)
    decision = village.send("09:00", "amy", "join_request", friend="bob", about="cat")
    assert noted(decision) == [
        ({"member": "bob"}, {"field": "mentor", "value": "amy"}),
        ({"member": "cat"}, {"field": "ok", "value": True}),
    ]
    assert noted(village.send("09:10", "amy", "join_request")) == []
    decision = village.send("09:20", "sue", "staff_action", about="cat", action="warn")
    assert [who["member"] for who, _ in noted(decision)] == ["sue", "cat"]


def test_of_host_and_rule_the_later_one_stands() -> None:
    village = Village(RULES)
    assert done(say(village, "09:00", city="Oslo")) == ["flag under 2"]
    village.send("09:10", "amy", "join_request", city="Rome")
    assert done(village.send("09:20", "amy", "message", "hi")) == []
    assert done(say(village, "09:30", city="Oslo")) == ["flag under 2"]
    assert done(village.send("09:40", "amy", "message", "hi")) == ["flag under 2"]


def test_what_comes_late_does_not_overwrite_what_is_newer(store: str) -> None:
    village = Village(RULES, store=store)
    village.send("09:30", "amy", "join_request", city="Oslo")
    # Judged late: what it says of itself holds on it, and no longer.
    assert done(say(village, "09:00", city="Rome")) == []
    assert done(village.send("09:40", "amy", "message", "hi")) == ["flag under 2"]
    assert noted(village.send("09:20", "amy", "join_request", city="Rome")) == []
    assert done(village.send("09:50", "amy", "message", "hi")) == ["flag under 2"]
    assert done(say(village, "10:00", city="Rome")) == []
    assert noted(village.send("09:55", "amy", "join_request", city="Oslo")) == []
    assert done(village.send("10:10", "amy", "message", "hi")) == []


def test_the_same_said_twice_around_a_note_is_learnt(store: str) -> None:
    village = Village(RULES, store=store)
    say(village, "09:00", city="Bonn")
    village.send("09:30", "amy", "join_request", city="Oslo")
    # Older than the note, then newer.
    say(village, "09:20", city="Rome")
    say(village, "09:50", city="Rome")
    assert done(village.send("10:00", "amy", "message", "hi")) == []


def test_a_birthday_learnt_from_a_profile_is_greeted() -> None:
    rules = (
        FIELDS
        + """
rule 1
  should
  on profile
  then note member.birthday as profile.birthday

rule 2
  should
  every day
  if anniversary(member.birthday, event.time) >= 1
  then remind "Happy birthday!"
"""
    )
    village = Village(rules, day="2024-10-07")
    village.send("09:00", "amy", "profile", birthday=date(2000, 10, 9))
    assert done(village.until("2024-10-08 23:59")) == []
    assert done(village.until("2024-10-09 00:00")) == ["remind under 2"]


def test_on_trial_or_overridden_it_is_told_and_not_done() -> None:
    village = Village(RULES.replace("rule 1\n  should\n", "rule 1\n  should\n  trial through 2024-12-31\n"))
    decision = village.send("09:00", "amy", "join_request", city="Oslo")
    assert decision.outcomes[0].trial
    assert noted(decision) == [({"member": "amy"}, {"field": "city", "value": "Oslo"})]
    assert village.send("09:10", "amy", "join_request").outcomes[0].actions == ()
    assert done(village.send("09:20", "amy", "message", "hi")) == []


def test_what_is_done_later_notes_what_was_so_then() -> None:
    rules = (
        FIELDS
        + """
group staff as member.roles has "service"
parameter grade = 1, 2 from 2024-10-09

rule 1
  must
  responsible staff
  on join_request
  require reply within 1 day, at 50% note member.level as grade, if late note member.city as join_request.city

rule 2
  should
  on message
  if member.city is "Oslo" and member.level is 1
  then flag
"""
    )
    village = Village(rules)
    village.given("sue", "service")
    village.send("09:00", "amy", "join_request", city="Oslo")
    assert done(village.until("2024-10-09 08:59")) == ["note under 1"]
    assert done(village.until("2024-10-09 09:00")) == ["note under 1"]
    assert done(village.send("10:00", "amy", "message", "hi")) == ["flag under 2"]


def test_the_same_id_again_changes_nothing(tmp_path: Path) -> None:
    path = f"sqlite:///{tmp_path / 'again.db'}"
    village = Village(RULES, store=path)
    first = village.send("09:00", "amy", "join_request", city="Oslo", id="x")
    village.send("09:10", "amy", "join_request", city="Rome")
    again = village.engine.judge(
        replace(Event("x", at("2024-10-08 09:00"), "join_request", "village", Member("amy")), fields={"city": "Oslo"})
    )
    assert noted(again) == noted(first)
    assert done(village.send("09:20", "amy", "message", "hi")) == []


def test_who_may_not_see_it_is_not_shown_it() -> None:
    rules = RULES + '\ngroup managers as member.roles has "manager"\n' + "confidential {} to managers\n"
    for secret in ("member.city", "join_request.city"):
        decision = Village(rules.format(secret)).send("09:00", "amy", "join_request", city="Oslo")
        ((_, whole),) = noted(decision)
        assert whole == {"field": "city", "value": "Oslo", "confidential": ["managers"]}
        ((_, covered),) = noted(decision.seen_by("clerks"))
        assert covered == {"field": "city", "value": "…", "confidential": True}
        assert decision.seen_by("managers") == decision
