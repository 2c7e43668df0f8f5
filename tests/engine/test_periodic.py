from itertools import pairwise

from village import Village, at, done

PATROL = """
group moderators as member.roles has "moderator"
group managers as member.roles has "manager"

rule 17 "Daily patrol"
  must
  applies to moderators
  responsible moderators
  every day
  require patrol at least 2 times, if late escalate to managers
"""


def test_the_first_day_judged_is_the_first_whole_one() -> None:
    one = Village(PATROL)
    one.given("mod", "moderator")
    one.send("2024-10-08 09:00", "amy", "message", "hi")
    (opened,) = one.until("2024-10-09 00:00")
    assert done(opened) == []
    assert [(d.what, d.status, d.responsible, d.due, d.about) for d in opened.duties] == [
        ("patrol", "open", "moderators", at("2024-10-10 00:00"), None)
    ]
    assert opened.event.what == "period"  # type: ignore[union-attr]
    assert one.until("2024-10-09 23:59") == []
    late, following = one.until("2024-10-10 00:00")
    assert done(late) == ["escalate under 17"]
    assert [d.status for d in late.duties] == ["late"]
    assert [d.status for d in following.duties] == ["open"]


def test_patrols_of_the_group_are_counted_within_the_period() -> None:
    one = Village(PATROL)
    one.given("mod", "moderator")
    one.given("mia", "moderator")
    one.send("2024-10-08 09:00", "mod", "patrol")
    one.send("2024-10-09 09:00", "amy", "patrol")
    assert [d.status for d in one.send("2024-10-09 09:01", "mod", "patrol").duties] == ["open"]
    met = one.send("2024-10-09 09:02", "mia", "patrol")
    assert [(d.status, d.met_by) for d in met.duties] == [("met", "e4")]
    assert [done(d) for d in one.until("2024-10-10 00:00")] == [[]]


APPRAISAL = """
group staff as member.roles has "service"

rule 11 "Monthly appraisal"
  should
  applies to staff
  every month
  if average(rating.score by rating.target this month) >= 4.5
  then award 100 points
"""


def test_a_rule_without_a_duty_is_judged_for_each_member_over_the_month_that_ended() -> None:
    one = Village(APPRAISAL)
    one.given("sue", "service")
    one.given("sam", "service")
    one.send("2024-09-20 08:00", "sue", "message", "hello")
    one.send("2024-09-20 08:00", "sam", "message", "hello")
    one.send("2024-09-20 09:00", "amy", "rating", about="sue", score=5)
    assert one.until("2024-10-01 00:00") == []
    one.send("2024-10-10 09:00", "amy", "rating", about="sue", score=5)
    one.send("2024-10-10 09:01", "amy", "rating", about="sam", score=4)
    one.send("2024-10-31 23:59:59", "bob", "rating", about="sue", score=4)
    one.send("2024-11-01 00:00", "bob", "rating", about="sue", score=1)
    (judged,) = [d for d in one.decisions if d.outcomes]
    assert judged.time == at("2024-11-01 00:00")
    assert done(judged) == ["award under 11"]
    assert [(p.member, p.change) for p in judged.points] == [("sue", 100)]


def test_who_has_left_is_not_judged() -> None:
    one = Village("""
rule 1 "Quiet"
  should
  every day
  if count(message by member today) < 1
  then remind "say something"
""")
    one.send("2024-10-08 09:00", "amy", "message", "hi")
    one.send("2024-10-08 09:00", "bob", "message", "hi")
    one.send("2024-10-08 09:01", "zoe", "message", "hi")
    one.until("2024-10-09 00:00")
    one.send("2024-10-09 09:00", "bob", "leave")
    one.send("2024-10-09 09:00", "zoe", "message", "hi")
    (judged,) = one.until("2024-10-10 00:00")
    assert [n.to for n in judged.notices] == [{"member": "amy"}]
    one.send("2024-10-10 09:00", "bob", "join")
    (judged,) = one.until("2024-10-11 00:00")
    assert [n.to for n in judged.notices] == [{"member": "amy"}, {"member": "bob"}, {"member": "zoe"}]


def test_a_rule_about_the_community_is_judged_once() -> None:
    one = Village("""
group managers as member.roles has "manager"

rule 1 "Quiet day"
  must
  every day
  if count(message today) < 2
  then notify managers
""")
    for name in ("amy", "bob", "zoe"):
        one.send("2024-10-08 09:00", name, "message", "hi")
    one.until("2024-10-09 00:00")
    (judged,) = one.until("2024-10-10 00:00")
    assert done(judged) == ["notify under 1"]


def test_a_duty_with_a_deadline_of_its_own_opens_with_the_period() -> None:
    one = Village("""
group managers as member.roles has "manager"

rule 1 "Meeting"
  must
  responsible managers
  every 2 weeks
  require announcement within 3 days, if late remind "the meeting"
""")
    one.send("2024-10-08 09:00", "amy", "message", "hi")
    decisions = one.until("2024-11-30 00:00")
    opened = [d.time for d in decisions if any(duty.status == "open" for duty in d.duties)]
    assert [(later - earlier) // 86_400_000_000 for earlier, later in pairwise(opened)] == [14, 14, 14]
    late = [d for d in decisions if done(d)]
    assert late[0].time == opened[0] + 3 * 86_400_000_000
    assert [n.to for n in late[0].notices] == [{"group": "managers"}]


MINUTES = """
state busy = calm, much
rule 1 "Busy"
  must
  on message
  if count(message within 5 minutes) >= 3
  then set busy much

rule 2 "Calm again"
  must
  every 5 minutes
  if busy is much and count(message within 5 minutes) <= 1
  then set busy calm, notify staff
"""


def test_periods_of_minutes() -> None:
    village = Village(MINUTES)
    for minute in ("09:01", "09:02", "09:03"):
        village.send(minute, "amy", "message", "hi")
    assert [one.time for one in village.until("2024-10-08 09:30")] == [at("2024-10-08 09:10")]
