"""The grace of an amendment: the old text acts on, and what only the new one catches is reminded."""

from __future__ import annotations

from typing import Any

import pytest
from village import Village, done

RULES = """
group managers as member.roles has "manager"

penalty standard over 30 days
  1st: warn
  2nd: mute 1 day

rule 1 "Brevity"
  must not
  on message
  if message.length > 20
  then delete, penalty standard, notify managers

amend rule 1 from 2024-10-10 grace 14 days
  if message.length > 5
"""
LONG, MIDDLE, SHORT = "x" * 21, "x" * 6, "x" * 5


def test_what_only_the_new_text_catches_is_reminded_until_the_grace_is_over() -> None:
    village = Village(RULES)
    assert done(village.send("2024-10-09 23:59", "amy", "message", MIDDLE)) == []
    new = village.send("2024-10-10 00:00", "amy", "message", MIDDLE)
    assert (new.verdict, done(new)) == ("allow", ["remind under 1", "notify under 1"])
    assert new.outcomes[0].actions[0].on == {"member": "amy"}
    assert new.outcomes[0].evidence[-1] == {"kind": "grace", "until": "2024-10-24T00:00:00+08:00"}
    assert done(village.send("2024-10-10 00:01", "amy", "message", SHORT)) == []
    both = village.send("2024-10-23 23:59", "amy", "message", LONG)
    assert both.verdict == "block"
    # The reminder was no offence: this is the first.
    assert done(both) == ["delete under 1", "penalty under 1", "notify under 1", "warn under 1"]
    after = village.send("2024-10-24 00:00", "amy", "message", MIDDLE)
    assert done(after) == ["delete under 1", "penalty under 1", "notify under 1", "mute under 1"]


def test_what_only_the_old_text_catches_is_still_punished() -> None:
    village = Village(RULES.replace("if message.length > 5", 'if message.text contains "spam"'))
    assert done(village.send("2024-10-12 09:00", "amy", "message", LONG))[:2] == ["delete under 1", "penalty under 1"]
    assert done(village.send("2024-10-24 09:00", "bob", "message", LONG)) == []


def test_new_duties_open_after_the_grace_and_old_ones_before() -> None:
    village = Village(
        """
rule 3 "Answers"
  must
  responsible staff
  on feedback
  require reply within 24 hours

amend rule 3 from 2024-10-10 grace 2 days
  require reply within 2 hours
"""
    )
    hours = [
        (one.due - decision.time) // 3_600_000_000
        for when in ("2024-10-09 10:00", "2024-10-11 10:00", "2024-10-12 00:00")
        for decision in [village.send(when, "amy", "feedback", "it broke")]
        for one in decision.duties
        if one.due is not None
    ]
    assert hours == [24, 24, 2]


def test_a_later_change_ends_all_older_texts() -> None:
    village = Village(RULES + "\namend rule 1 from 2024-10-12\n  if message.length > 100\n")
    assert done(village.send("2024-10-12 09:00", "amy", "message", LONG)) == []
    village = Village(RULES + "\nrepeal rule 1 from 2024-10-12\n")
    assert done(village.send("2024-10-12 09:00", "amy", "message", LONG)) == []


def test_findings_and_periods() -> None:
    village = Village(
        """
group managers as member.roles has "manager"
rule 1 "Fair play"
  must not
  found by managers
  then mute 1 day
amend rule 1 from 2024-10-10 grace 14 days
  then ban 7 days

rule 2 "Much"
  must not
  applies to everyone
  every day
  if count(message by member today) > 3
  then warn
amend rule 2 from 2024-10-09 grace 14 days
  if count(message by member today) > 1
"""
    )
    village.given("max", "manager")
    village.send("2024-10-11 09:00", "amy", "message", "hi")
    assert done(village.send("2024-10-12 09:00", "max", "finding", "x", about="bob", rule="1")) == ["mute under 1"]
    for _ in range(4):
        village.send("2024-10-12 10:00", "amy", "message", "hi")
    for _ in range(2):
        village.send("2024-10-12 10:00", "cat", "message", "hi")
    (day,) = [one for one in village.until("2024-10-13 00:00") if one.outcomes]
    assert [(action.do, action.on) for one in day.outcomes for action in one.actions] == [
        ("warn", {"member": "amy"}), ("remind", {"member": "cat"}),
    ]  # fmt: skip


@pytest.mark.parametrize("store", ["memory:", "sqlite:///{path}"])
def test_stores_agree(store: str, tmp_path: Any) -> None:
    village = Village(RULES, store=store.format(path=tmp_path / "a.db"))
    for day, text in (("2024-10-09", LONG), ("2024-10-11", MIDDLE), ("2024-10-24", MIDDLE)):
        village.send(f"{day} 09:00", "amy", "message", text)
    assert [one.verdict for one in village.decisions] == ["block", "allow", "block"]
