from village import Village, done

BREACHES = """
group managers as member.roles has "manager"

penalty standard
  always: warn

rule 5 "No spam"
  must not
  on message
  if message.text contains any of ("spam")
  then delete, penalty standard

rule 20 "Three breaches"
  must
  on breach
  if count(breach by member within 30 days where breach.rule is "5") >= 3
  then notify managers, label problem
"""


def test_past_breaches_are_counted_within_the_same_decision() -> None:
    one = Village(BREACHES)
    for text in ("spam", "spam"):
        assert "notify under 20" not in done(one.send("09:00", "bob", "message", text))
    one.send("09:01", "amy", "message", "spam")
    third = one.send("09:02", "bob", "message", "spam")
    assert done(third) == [
        "delete under 5", "penalty under 5", "warn under 5", "notify under 20", "label under 20",
    ]  # fmt: skip
    assert [c.on for c in third.labels] == [{"member": "bob"}]


def test_breaches_are_seen_by_rules_on_later_events() -> None:
    one = Village("""
rule 5 "No spam"
  must not
  on message
  if message.text contains any of ("spam")
  then delete

rule 6 "Careful"
  should
  on message
  if count(breach by member within 1 day where breach.rule is "5") >= 2
  then flag
""")
    one.send("09:00", "bob", "message", "spam")
    assert done(one.send("09:01", "bob", "message", "hello")) == []
    one.send("09:02", "bob", "message", "spam")
    assert done(one.send("09:03", "bob", "message", "hello")) == ["flag under 6"]
    assert done(one.send("09:04", "amy", "message", "hello")) == []


LATE = """
group staff as member.roles has "service"
group managers as member.roles has "manager"

rule 3 "Answers"
  must
  responsible staff
  on feedback
  require reply within 1 hour, if late escalate to managers

rule 18 "Lapsed"
  must
  applies to staff
  on late
  if count(late by late.owner within 30 days) >= 3
  then notify managers

rule 19 "Owed"
  must
  on breach
  if breach.rule is "3"
  then notify managers
"""


def test_late_duties_of_a_group_are_the_groups() -> None:
    one = Village(LATE)
    for hour in ("09:00", "11:00"):
        one.send(hour, "amy", "feedback", "oh")
        (late,) = one.pass_time(hours=1)
        assert done(late) == ["escalate under 3", "notify under 19"]
    one.send("13:00", "amy", "feedback", "oh")
    (late,) = one.pass_time(hours=1)
    assert done(late) == ["escalate under 3", "notify under 19", "notify under 18"]


def test_an_alert_opens_a_duty_that_a_statement_meets() -> None:
    one = Village("""
group staff as member.roles has "service"
group managers as member.roles has "manager"

rule 1 "Surge"
  must
  on complaint
  if count(complaint within 1 hour) >= 2
  cooldown 1 day
  then alert surge to managers

rule 2 "Statement"
  must
  responsible staff
  on alert
  if alert.name is "surge"
  require announcement within 2 hours, if late escalate to managers
""")
    one.given("sue", "service")
    one.send("09:00", "amy", "complaint", "oh")
    alarm = one.send("09:10", "bob", "complaint", "oh")
    assert done(alarm) == ["alert under 1"]
    assert [o.rule for o in alarm.outcomes] == ["1", "2"]
    assert [(d.what, d.responsible, d.about) for d in alarm.duties] == [("announcement", "staff", "e2/alert/1")]
    assert [n.to for n in alarm.notices] == [{"group": "managers"}]
    met = one.send("10:00", "sue", "announcement", "We know.")
    assert [(d.status, d.met_by) for d in met.duties] == [("met", "e3")]


def test_sanctioned_and_settled_are_heard() -> None:
    one = Village("""
group staff as member.roles has "service"
group managers as member.roles has "manager"

rule 1 "No spam"
  must not
  on message
  if message.text contains any of ("spam")
  then mute 1 hour

rule 2 "Unsure"
  must
  on message
  if message.text contains any of ("hm")
  then hold for staff

rule 3 "Heard"
  must
  on sanctioned
  if sanctioned.kind is "mute"
  then notify managers

rule 4 "Closed"
  must
  on settled
  if settled.result is "approved"
  then award 1 points
""")
    one.given("sue", "service")
    assert done(one.send("09:00", "bob", "message", "spam")) == ["mute under 1", "notify under 3"]
    one.send("09:01", "amy", "message", "hm")
    settled = one.send("09:02", "sue", "approve", message="e2")
    assert done(settled) == ["approve under 2", "award under 4"]
    assert [p.member for p in settled.points] == ["amy"]
