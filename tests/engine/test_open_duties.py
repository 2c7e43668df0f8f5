"""Measures over the duties that are open now."""

import pytest
from village import Village, done

BASE = """
group staff as member.roles has "service"
group managers as member.roles has "manager"

rule 3 "Feedback is answered"
  must
  responsible staff
  on feedback
  require reply within 24 hours
  require resolved within 7 days

"""
BACKLOG = """
rule 4 "Backlog"
  must
  on feedback
  if open_duties(reply) >= 2
  then notify managers
"""


def test_they_are_counted_as_of_before_the_judged_event() -> None:
    village = Village(BASE + BACKLOG)
    village.given("sue", "service")
    told = [done(village.send(f"09:0{minute}", "amy", "feedback", "it broke")) for minute in range(4)]
    assert told == [[], [], ["notify under 4"], ["notify under 4"]]
    village.send("09:10", "sue", "reply", "on it", message="e1")
    village.send("09:11", "sue", "reply", "on it", message="e2")
    assert done(village.send("09:12", "sue", "reply", "on it", message="e3")) == []
    assert done(village.send("09:13", "amy", "feedback", "it broke")) == []
    (outcome,) = village.decisions[2].outcomes[1:]
    assert outcome.evidence == ({"kind": "count", "what": "open_duties(reply)", "value": 2, "limit": 2},)


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("open_duties()", 6),
        ("open_duties(duty)", 6),
        ("open_duties(resolved)", 3),
        ('open_duties(reply where duty.rule is "3")', 3),
        ('open_duties(reply where duty.rule is "9")', 0),
        ("open_duties(where duty.age > 90 minutes)", 4),
        ("open_duties(where duty.due - event.time <= 22 hours)", 2),
        ("open_duties(where event.time - duty.opened >= 2 hours)", 4),
    ],
)
def test_what_counts(measure: str, value: int) -> None:
    rules = f"\nrule 9\n  must\n  on patrol\n  if {measure} = {value}\n  then notify managers\n"
    village = Village(BASE + rules)
    for hour in ("09", "10", "11"):
        village.send(f"{hour}:00", "amy", "feedback", "it broke")
    assert done(village.send("12:00", "bob", "patrol")) == ["notify under 9"]
    assert village.decisions[-1].errors == ()


def test_the_age_of_the_oldest() -> None:
    rules = """
rule 5 "Old matters"
  must
  every hour
  if oldest_duty(reply) >= 3 hours
  then notify managers
"""
    village = Village(BASE + rules)
    village.given("sue", "service")
    village.send("09:00", "sue", "message", "hi")
    village.send("10:30", "amy", "feedback", "it broke")
    village.send("12:00", "amy", "feedback", "it broke")
    assert [done(one) for one in village.until("2024-10-08 13:59")] == []
    assert [done(one) for one in village.until("2024-10-08 14:00")] == [["notify under 5"]]
    village.send("14:10", "sue", "reply", "on it", message="e2")
    assert [done(one) for one in village.until("2024-10-08 14:59")] == []
    assert [done(one) for one in village.until("2024-10-08 15:00")] == [["notify under 5"]]
    village.send("15:10", "sue", "reply", "on it", message="e3")
    assert [done(one) for one in village.until("2024-10-08 23:00")] == []


def test_by_owner_they_are_those_of_the_subject() -> None:
    rules = """
rule 6 "Assigned"
  must
  on complaint
  then assign to complaint.about_whom
  require reply within 1 day
event complaint (about_whom: member)

rule 7 "Too much for one"
  must
  applies to staff
  on patrol
  if open_duties(reply by duty.owner) >= 2 and oldest_duty(by duty.owner) > 1 hour
  then notify managers
"""
    village = Village(BASE + rules)
    village.given("sue", "service")
    village.given("tom", "service")
    village.send("08:00", "amy", "feedback", "of the group's")
    for minute, who in enumerate(("sue", "tom", "sue")):
        village.send(f"09:0{minute}", "amy", "complaint", "it broke", about_whom=who)
    assert done(village.send("09:30", "sue", "patrol")) == []
    assert done(village.send("11:00", "tom", "patrol")) == []
    assert done(village.send("11:00", "sue", "patrol")) == ["notify under 7"]


def test_memory_and_sqlite_agree(tmp_path: object) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/village.db"):
        village = Village(BASE + BACKLOG, store=store)
        for minute in range(4):
            village.send(f"09:0{minute}", "amy", "feedback", "it broke")
        village.engine.close()
        village = Village(BASE + BACKLOG, store=store) if "sqlite" in store else village
        told.append(village.decisions)
    assert told[0][:4]
    village.count = 4
    assert done(village.send("09:10", "amy", "feedback", "again")) == ["notify under 4"]
