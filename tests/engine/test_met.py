"""`met`: a duty that was kept can be ruled on and counted, as a late one can."""

from village import Village, done, minutes

RULES = """
group staff as member.roles has "service"

rule 3 "Feedback is answered"
  must
  responsible staff
  on feedback
  require reply within 2 hours

rule 4 "Quick answers are thanked"
  should
  on met
  if met.duty is "reply" and met.rule is "3" and met.took <= 30 minutes
  then award 2 points

metric in_time as count(met by met.owner this month) / (count(met by met.owner this month) + count(late this month))

define quick as average(hours(met.took) by met.owner this month) < 1

rule 5 "Three in a row"
  should
  on met
  if count(met by met.owner within 1 day) >= 3 and in_time > 70% and quick
  then notify staff
"""


def test_whoever_meets_it_is_the_subject() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    met = village.send("09:30", "sue", "reply", "on it", message="e1")
    assert done(met) == ["award under 4"]
    assert [(one.member, one.change) for one in met.points] == [("sue", 2)]
    assert [(one.what, one.status, one.met_by) for one in met.duties] == [("reply", "met", "e2")]
    village.send("10:00", "amy", "feedback", "still broken")
    assert done(village.send("10:31", "sue", "reply", "on it", message="e3")) == []


def test_they_are_counted_beside_the_late_ones() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    for hour in ("09", "10", "11"):
        asked = village.send(f"{hour}:00", "amy", "feedback", "it broke")
        answered = village.send(f"{hour}:50", "sue", "reply", "on it", message=str(asked.event))
    assert done(answered) == ["notify under 5"]
    village.send("12:00", "amy", "feedback", "it broke")
    village.send("12:00", "amy", "feedback", "it broke")
    (first, second) = village.pass_time(hours=2)
    assert first.duties[0].status == second.duties[0].status == "late"
    asked = village.send("15:00", "amy", "feedback", "it broke")
    assert done(village.send("15:40", "sue", "reply", "on it", message=str(asked.event))) == []


def test_a_duty_met_too_often_is_met_once() -> None:
    village = Village(RULES.replace("require reply", "require reply at least 2 times"))
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "it broke")
    assert done(village.send("09:10", "sue", "reply", "one", message="e1")) == []
    assert done(village.send("09:20", "sue", "reply", "two", message="e1")) == ["award under 4"]
    assert done(village.send("09:25", "sue", "reply", "three", message="e1")) == []


def test_memory_and_sqlite_agree(tmp_path: object) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/village.db"):
        village = Village(RULES, store=store)
        village.given("sue", "service")
        village.send("09:00", "amy", "feedback", "it broke")
        village.send("09:30", "sue", "reply", "on it", message="e1")
        told.append(village.decisions)
        village.engine.close()
    assert told[0] == told[1]
    assert minutes(told[0][1].time - told[0][0].time) == 30
