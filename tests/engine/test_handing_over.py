"""Open duties that change hands, become urgent, or are released."""

from datetime import date

from village import Village, at, done, minutes

RULES = """
group staff as member.roles has "service"
group managers as member.roles has "manager"

rule 3 "Feedback is answered"
  must
  responsible staff
  on feedback
  require reply within 24 hours, priority urgent within 2 hours, at 50% remind, if late escalate to managers

rule 4 "Taking a matter"
  should
  on staff_action
  if staff_action.action is "take"
  then assign to staff_action.member

rule 5 "Handing a matter up"
  should
  on staff_action
  if staff_action.action is "hand up"
  then assign to managers

rule 6 "What cannot wait"
  should
  on staff_action
  if staff_action.action is "urgent"
  then assign to staff priority urgent
"""


def owners(decision: object) -> list[tuple[str | None, str]]:
    return [(one.responsible, one.status) for one in decision.duties]  # type: ignore[attr-defined]


def test_whoever_takes_it_owes_it() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    village.given("tom", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    assert owners(village.send("09:10", "sue", "staff_action", message="e1", action="take")) == [("sue", "open")]
    assert village.send("09:20", "tom", "reply", "on it", message="e1").duties == ()
    assert owners(village.send("09:30", "sue", "reply", "on it", message="e1")) == [("sue", "met")]


def test_lateness_is_of_whoever_owes_it_then() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    village.send("09:10", "sue", "staff_action", message="e1", action="take")
    village.send("10:10", "sue", "staff_action", message="e1", action="hand up")
    (reminder, late) = village.pass_time(days=1)
    assert reminder.outcomes[0].evidence[0]["responsible"] == "managers"
    assert owners(late) == [("managers", "late")]
    assert late.outcomes[0].evidence[0]["responsible"] == "managers"


def test_it_changes_nothing_elsewhere() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    village.send("09:00", "bob", "feedback", "here too")
    assert owners(village.send("09:10", "sue", "staff_action", message="e1", action="take")) == [("sue", "open")]
    assert village.send("09:11", "sue", "staff_action", action="take").duties == ()
    assert village.send("09:12", "sue", "staff_action", message="e1", action="take").duties == ()


def test_made_urgent_it_is_due_from_its_opening() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    opened = village.send("09:00", "amy", "feedback", "it broke").time
    (duty,) = village.send("09:30", "sue", "staff_action", message="e1", action="urgent").duties
    assert (minutes((duty.due or 0) - opened), duty.priority) == (120, "urgent")
    (reminder, late) = village.pass_time(days=2)
    assert [minutes(one.time - opened) for one in (reminder, late)] == [60, 120]
    assert done(late) == ["escalate under 3"]


def test_made_urgent_too_late_it_is_late_at_once() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    village.send("12:00", "sue", "staff_action", message="e1", action="urgent")
    assert [done(one) for one in village.pass_time(minutes=0)] == [["escalate under 3"]]
    assert village.pass_time(days=2) == []


def test_a_reminder_is_not_repeated() -> None:
    village = Village(RULES.replace("priority urgent within 2", "priority urgent within 20"))
    village.given("sue", "service")
    opened = village.send("09:00", "amy", "feedback", "it broke").time
    assert len(village.pass_time(hours=12)) == 1
    village.send("21:30", "sue", "staff_action", message="e1", action="urgent")
    assert [minutes(one.time - opened) for one in village.pass_time(days=2)] == [20 * 60]


def test_memory_and_sqlite_agree(tmp_path: object) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/village.db"):
        village = Village(RULES, store=store)
        village.given("sue", "service")
        village.send("09:00", "amy", "feedback", "it broke")
        village.send("09:10", "sue", "staff_action", message="e1", action="take")
        village.send("09:30", "sue", "staff_action", message="e1", action="urgent")
        village.pass_time(days=1)
        told.append(village.decisions)
        village.engine.close()
    assert told[0] == told[1]


BOOKINGS = """
group staff as member.roles has "service"
event booking (start: time)
event cancel ()

rule 1 "Be there"
  must
  on booking
  then assign to booking.member
  require check_in until booking.start, at 1 hour before remind, if late warn
event check_in ()

rule 2 "We prepare"
  must
  responsible staff
  on booking
  require announcement within 1 day

rule 3 "Called off"
  should
  on cancel
  then release rule 1
"""


def test_released_duties_are_cancelled() -> None:
    village = Village(BOOKINGS)
    booked = village.send("09:00", "amy", "booking", start=at("2024-10-09 18:00"))
    assert [(one.rule, one.what, one.due == at("2024-10-09 18:00")) for one in booked.duties] == [
        ("1", "check_in", True),
        ("2", "announcement", False),
    ]
    village.send("09:05", "bob", "booking", start=at("2024-10-09 18:00"))
    gone = village.send("10:00", "amy", "cancel", message="e1")
    assert [(one.rule, one.status) for one in gone.duties] == [("1", "cancelled")]
    assert done(gone) == ["release under 3"]
    found = village.until("2024-10-09 18:00")
    assert [(one.kind, one.to) for decision in found for one in decision.notices] == [("remind", {"member": "bob"})]
    assert [(one.member, one.kind) for decision in found for one in decision.sanctions] == [("bob", "warn")]


def test_an_event_that_answers_nothing_releases_what_its_member_owes() -> None:
    village = Village(BOOKINGS)
    village.send("09:00", "amy", "booking", start=at("2024-10-09 18:00"))
    village.send("09:05", "bob", "booking", start=at("2024-10-09 18:00"))
    gone = village.send("10:00", "amy", "cancel")
    assert [(one.rule, one.responsible, one.status) for one in gone.duties] == [("1", "amy", "cancelled")]


def test_whoever_is_there_has_done_it() -> None:
    village = Village(BOOKINGS)
    village.send("09:00", "amy", "booking", start=at("2024-10-08 18:00"))
    met = village.send("17:50", "amy", "check_in")
    assert owners(met) == [("amy", "met")]


def test_without_the_field_there_is_no_deadline_and_the_decision_says_so() -> None:
    village = Village(BOOKINGS)
    decision = village.send("09:00", "amy", "booking")
    assert [(one.rule, one.due is None) for one in decision.duties] == [("1", True), ("2", False)]
    assert [(one.rule, one.error) for one in decision.errors] == [("1", "no deadline: booking.start is absent")]


def test_a_day_lasts_to_its_end() -> None:
    rules = BOOKINGS.replace("start: time", "start: date")
    village = Village(rules)
    decision = village.send("09:00", "amy", "booking", start=date(2024, 10, 9))
    assert decision.duties[0].due == at("2024-10-10 00:00")
    assert [one.time for one in village.until("2024-10-10 00:00") if one.notices] == [at("2024-10-09 23:00")]


def test_a_deadline_that_has_passed_is_late_at_once() -> None:
    village = Village(BOOKINGS)
    village.send("09:00", "amy", "booking", start=at("2024-10-08 08:00"))
    (late,) = village.pass_time(minutes=0)
    assert owners(late) == [("amy", "late")]
    assert late.duties[0].due == at("2024-10-08 08:00")


def test_nothing_follows_before_what_it_follows_from() -> None:
    """A deadline that had passed when the duty opened, or was made urgent, is missed then: not an hour before."""
    village = Village(BOOKINGS)
    village.send("09:00", "amy", "booking", start=at("2024-10-08 08:00"))
    (late,) = village.pass_time(minutes=0)
    assert late.time == at("2024-10-08 09:00")
    village = Village(RULES)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    made_urgent = village.send("12:00", "sue", "staff_action", message="e1", action="urgent")
    (late,) = village.pass_time(minutes=0)
    assert (late.time, owners(late)) == (made_urgent.time, [("staff", "late")])
