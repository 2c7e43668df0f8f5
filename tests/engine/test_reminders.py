"""Reminders before the deadline of a duty."""

from village import Village, done, minutes

REPLY = """
group staff as member.roles has "service"
group managers as member.roles has "manager"

rule 3 "Feedback is answered"
  must
  responsible staff
  on feedback
  require reply within 10 hours, at 80% remind, at 1 hour before notify managers, if late escalate to managers
"""


def test_they_come_at_their_moments_and_once() -> None:
    village = Village(REPLY)
    opened = village.send("09:00", "amy", "feedback", "it broke").time
    assert village.pass_time(hours=7, minutes=59) == []
    (first,) = village.pass_time(minutes=1)
    assert first.event.what == "reminder"  # type: ignore[union-attr]
    assert done(first) == ["remind under 3"]
    assert [(one.kind, one.to) for one in first.notices] == [("remind", {"group": "staff"})]
    assert [(one.what, one.status) for one in first.duties] == [("reply", "open")]
    assert first.outcomes[0].evidence == (
        {
            "kind": "due",
            "duty": "e1/duty/1",
            "on": "reply",
            "responsible": "staff",
            "about": "e1",
            "times": 1,
            "met": 0,
        },
    )
    (second,) = village.pass_time(hours=1)
    assert minutes(second.time - opened) == 9 * 60
    assert [(one.kind, one.to) for one in second.notices] == [("notify", {"group": "managers"})]
    (late,) = village.pass_time(hours=1)
    assert done(late) == ["escalate under 3"]
    assert village.pass_time(days=3) == []


def test_not_once_it_is_met() -> None:
    village = Village(REPLY)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    village.send("09:30", "sue", "reply", "on it", message="e1")
    assert village.pass_time(days=3) == []


def test_a_member_who_owes_is_reminded_in_person() -> None:
    village = Village(REPLY.replace("  require", "  then assign to feedback.member\n  require"))
    village.send("09:00", "amy", "feedback", "it broke")
    (first, _) = village.pass_time(hours=9)
    assert [(one.kind, one.to) for one in first.notices] == [("remind", {"member": "amy"})]
    assert first.outcomes[0].evidence[0]["responsible"] == "amy"


def test_a_named_group_is_reminded() -> None:
    village = Village(REPLY.replace("at 80% remind,", "at 80% remind managers,"))
    village.send("09:00", "amy", "feedback", "it broke")
    (first,) = village.pass_time(hours=8)
    assert [(one.kind, one.to) for one in first.notices] == [("remind", {"group": "managers"})]


def test_working_time_is_counted_for_them_too() -> None:
    rules = """
calendar shop
  Monday to Friday 09:00 to 17:00
group staff as member.roles has "service"

rule 3
  must
  responsible staff
  on feedback
  require reply within 10 hours by shop, at 50% remind, at 30 minutes before remind, if late remind
"""
    village = Village(rules, "2024-10-11")  # a Friday
    village.send("15:00", "amy", "feedback", "it broke")
    moments = [one.time for one in village.pass_time(days=7)]
    monday = village.decisions[0].time + (2 * 24 + 18) * 3_600_000_000
    assert [minutes(one - monday) for one in moments] == [3 * 60, 7 * 60 + 30, 8 * 60]


def test_of_a_period_they_count_from_its_beginning() -> None:
    rules = """
group staff as member.roles has "service"

rule 17
  must
  responsible staff
  every day
  require patrol at least 2 times, at 75% remind, if late notify staff
"""
    village = Village(rules)
    village.given("sue", "service")
    village.send("09:00", "sue", "message", "hello")
    village.until("2024-10-09 12:00")
    village.send("12:00", "sue", "patrol")
    (first,) = village.until("2024-10-09 18:00")
    assert [(one.kind, one.to) for one in first.notices] == [("remind", {"group": "staff"})]
    assert first.outcomes[0].evidence[0]["met"] == 1
    village.send("18:01", "sue", "patrol")
    assert [one.notices for one in village.until("2024-10-10 00:00")] == [()]


def test_what_has_passed_when_the_duty_opens_is_left_out() -> None:
    rules = """
group staff as member.roles has "service"

rule 3
  must
  responsible staff
  on feedback
  then assign to staff priority urgent
  require reply within 10 hours, priority urgent within 30 minutes, at 1 hour before remind, at 50% notify staff, if late notify staff
"""  # noqa: E501
    village = Village(rules)
    village.send("09:00", "amy", "feedback", "it broke")
    assert [[one.kind for one in decision.notices] for decision in village.pass_time(days=1)] == [["notify"]] * 2


def test_memory_and_sqlite_agree(tmp_path: object) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/village.db"):
        village = Village(REPLY, store=store)
        village.send("09:00", "amy", "feedback", "it broke")
        village.pass_time(days=2)
        told.append(village.decisions)
        village.engine.close()
    assert told[0] == told[1]
    assert len(told[0]) == 4
