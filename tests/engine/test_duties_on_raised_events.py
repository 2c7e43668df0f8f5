"""What meets duties that no event of a host has opened: by period, on an alert, on what is settled or late."""

import pytest
from village import Village, done

GROUPS = """
group staff as member.roles has "service"
group managers as member.roles has "manager"
"""

DAILY = (
    GROUPS
    + """
rule 1 "Two answers a day"
  must
  responsible staff
  every day
  require reply at least 2 times, if late notify managers

rule 2 "Feedback is answered"
  must
  responsible staff
  on feedback
  require reply within 4 hours, if late escalate to managers
"""
)


def owed(decision: object) -> list[tuple[str, str, str, str | None]]:
    return [(one.rule, one.what, one.status, one.met_by) for one in decision.duties]  # type: ignore[attr-defined]


def staffed(rules: str, store: str = "memory:") -> Village:
    village = Village(rules, store=store)
    village.given("sue", "service")
    village.given("max", "manager")
    return village


def test_any_answer_of_whoever_owes_it_counts_for_the_period() -> None:
    village = staffed(DAILY)
    village.send("09:00", "amy", "message", "hello", id="m1")
    (begun,) = village.until("2024-10-09 00:00")
    assert owed(begun) == [("1", "reply", "open", None)]
    village.send("2024-10-09 09:00", "bob", "message", "anybody?", id="m2")
    assert owed(village.send("09:10", "amy", "reply", "me", reply_to="m2")) == []
    once = village.send("09:20", "sue", "reply", "yes?", reply_to="m2", id="r1")
    assert owed(once) == [("1", "reply", "open", None)]
    assert (once.verdict, once.outcomes, once.cases, once.notices, once.points) == ("allow", (), (), (), ())
    assert owed(village.send("09:30", "sue", "reply", "and you?", reply_to="m1", id="r2")) == [
        ("1", "reply", "met", "r2")
    ]
    assert owed(village.send("09:40", "sue", "reply", "bye", reply_to="m1")) == []
    (turned,) = village.until("2024-10-10 00:00")
    assert owed(turned) == [("1", "reply", "open", None)]


def test_an_answer_meets_what_it_answers_and_counts_for_the_period_as_well() -> None:
    village = staffed(DAILY)
    village.send("09:00", "amy", "message", "hello")
    village.send("2024-10-09 09:00", "amy", "feedback", "it broke", id="f1")
    assert owed(village.send("09:10", "sue", "reply", "sorry", reply_to="f1", id="r1")) == [
        ("2", "reply", "met", "r1"),
        ("1", "reply", "open", None),
    ]


def test_without_enough_answers_it_is_late() -> None:
    village = staffed(DAILY)
    village.send("09:00", "amy", "message", "hello", id="m1")
    village.send("2024-10-09 09:00", "sue", "reply", "hi", reply_to="m1")
    late, turned = village.until("2024-10-10 00:00")
    assert (done(late), owed(late)) == (["notify under 1"], [("1", "reply", "late", None)])
    assert owed(turned) == [("1", "reply", "open", None)]


ALERT = (
    GROUPS
    + """
rule 1 "A rush"
  should
  on complaint
  if count(complaint within 1 hour) = 2
  then alert rush

rule 2 "A rush is dealt with"
  must
  responsible staff
  on alert
  require resolved at least 2 times within 1 day, if late escalate to managers
"""
)


def test_an_alert_is_dealt_with_by_whatever_is_resolved() -> None:
    village = staffed(ALERT)
    village.send("09:00", "amy", "complaint", "slow", id="c1")
    assert owed(village.send("09:10", "bob", "complaint", "slower", id="c2")) == [("2", "resolved", "open", None)]
    assert owed(village.send("09:20", "sue", "resolved", "faster", message="c1", id="r1")) == [
        ("2", "resolved", "open", None)
    ]
    assert owed(village.send("09:30", "sue", "resolved", "fast", message="c2", id="r2")) == [
        ("2", "resolved", "met", "r2")
    ]
    assert village.pass_time(days=2) == []


SETTLED = (
    GROUPS
    + """
event objection (count: number)

rule 1 "Objections are looked at"
  must
  on objection
  then hold for managers

rule 2 "Whoever objects hears of it"
  must
  responsible staff
  on settled
  if settled.rule is "1"
  require reply within 1 day, if late escalate to managers
"""
)


@pytest.mark.parametrize("how", [{"case": "c1/case/1"}, {"message": "c1"}, {"reply_to": "c1"}, {"about": "amy"}])
@pytest.mark.parametrize("store", ["memory:", "sqlite"])
def test_what_was_settled_is_answered_by_answering_it(how: dict[str, str], store: str, tmp_path: object) -> None:
    village = staffed(SETTLED, store if store == "memory:" else f"sqlite:///{tmp_path}/village.db")
    held = village.send("09:00", "amy", "objection", id="c1", count=1)
    assert [one.id for one in held.cases] == ["c1/case/1"]
    village.send("09:05", "bob", "objection", id="c2", count=1)
    assert owed(village.send("09:10", "max", "approve", case="c1/case/1")) == [("2", "reply", "open", None)]
    assert owed(village.send("09:20", "sue", "reply", "hi", reply_to="c2")) == []
    assert owed(village.send("09:30", "sue", "reply", "granted", id="r1", **how)) == [("2", "reply", "met", "r1")]  # type: ignore[arg-type]
    village.engine.close()


def test_a_case_that_was_open_for_long_is_still_known() -> None:
    village = staffed(SETTLED)
    village.send("09:00", "amy", "objection", id="c1", count=1)
    for month in ("11", "12"):
        village.send(f"2024-{month}-20 09:00", "bob", "message", "hi")
    village.send("2025-01-08 09:10", "max", "approve", case="c1/case/1")
    assert owed(village.send("09:30", "sue", "reply", "granted", reply_to="c1", id="r1")) == [
        ("2", "reply", "met", "r1")
    ]


LATE = (
    GROUPS
    + """
event booking (seats: number)

rule 1 "Bookings are confirmed"
  must
  responsible staff
  on booking
  require announcement within 1 hour

rule 2 "Who waits is told why"
  must
  responsible managers
  on late
  require reply within 1 hour

rule 3 "Too many seats"
  must not
  on booking
  if booking.seats > 10
  then flag

rule 4 "They are told"
  must
  responsible managers
  on breach
  if breach.rule is "3"
  require reply within 1 day
"""
)


def test_what_is_late_or_broken_without_a_message_is_answered_by_its_event() -> None:
    village = staffed(LATE)
    opened = village.send("09:00", "amy", "booking", id="b1", seats=12)
    assert [one[:3] for one in owed(opened)] == [("1", "announcement", "open"), ("4", "reply", "open")]
    (late,) = village.pass_time(hours=1)
    assert [one[:3] for one in owed(late)] == [("1", "announcement", "late"), ("2", "reply", "open")]
    village.send("10:05", "amy", "message", "well?", id="m1")
    assert owed(village.send("10:06", "max", "reply", "what?", reply_to="m1")) == []
    assert owed(village.send("10:10", "max", "reply", "soon", message="b1", id="r1")) == [
        ("4", "reply", "met", "r1"),
        ("2", "reply", "met", "r1"),
    ]


def test_one_answer_counts_once_for_duties_of_one_kind() -> None:
    village = staffed(ALERT.replace("= 2", ">= 2").replace("at least 2 times ", ""))
    village.send("09:00", "amy", "complaint", "slow", id="c1")
    village.send("09:10", "bob", "complaint", "slower", id="c2")
    village.send("09:20", "cat", "complaint", "slowest", id="c3")
    first = village.send("09:30", "sue", "resolved", "faster", message="c1", id="r1")
    second = village.send("09:40", "sue", "resolved", "fast", message="c1", id="r2")
    assert [one.about for one in (*first.duties, *second.duties)] == ["c2/alert/1", "c3/alert/1"]
