"""Who answers for what was not done: chains of escalation, duties of authors, calendars that cannot say."""

from village import Village, at, done, minutes

CHAIN = """
group staff as member.roles has "service"
group managers as member.roles has "manager"
group owners as member.roles has "owner"

rule 31 "An alert is answered officially"
  must
  responsible staff
  on complaint
  require announcement within 4 hours, at 75% remind, if late escalate to managers

rule 31-2 "Then the managers answer"
  must
  responsible managers
  on late
  if late.rule is "31"
  require announcement within 2 hours, at 50% remind, if late escalate to owners

rule 31-3 "Then the owners answer"
  must
  responsible owners
  on late
  if late.rule is "31-2"
  require announcement within 1 hour

rule 32 "Groups that lapse"
  should
  on late
  if count(late by late.owner within 30 days) >= 2
  then notify owners
"""


def told(decision: object) -> list[tuple[str, str | None, str]]:
    return [(one.rule, one.responsible, one.status) for one in decision.duties]  # type: ignore[attr-defined]


def test_a_chain_passes_from_group_to_group() -> None:
    village = Village(CHAIN)
    start = village.send("09:00", "amy", "complaint", "it broke").time
    found = village.pass_time(days=2)
    assert [(minutes(one.time - start), told(one), done(one)) for one in found] == [
        (180, [("31", "staff", "open")], ["remind under 31"]),
        (240, [("31", "staff", "late"), ("31-2", "managers", "open")], ["escalate under 31"]),
        (300, [("31-2", "managers", "open")], ["remind under 31-2"]),
        (360, [("31-2", "managers", "late"), ("31-3", "owners", "open")], ["escalate under 31-2"]),
        (420, [("31-3", "owners", "late")], []),
    ]
    reminded = [one.to for decision in found for one in decision.notices if one.kind == "remind"]
    assert reminded == [{"group": "staff"}, {"group": "managers"}]


def test_the_chain_ends_where_somebody_does_it() -> None:
    village = Village(CHAIN)
    village.given("max", "manager")
    village.send("09:00", "amy", "complaint", "it broke")
    village.until("2024-10-08 13:30")
    met = village.send("13:30", "max", "announcement", "we are looking into it")
    assert told(met) == [("31-2", "managers", "met")]
    assert village.pass_time(days=2) == []


def test_lateness_is_counted_for_whoever_owed_it() -> None:
    village = Village(CHAIN)
    village.send("09:00", "amy", "complaint", "it broke")
    village.send("09:30", "bob", "complaint", "here too")
    found = village.pass_time(days=2)
    lapsed = [one for one in found if any(outcome.rule == "32" for outcome in one.outcomes)]
    assert [told(one)[0][1] for one in lapsed] == ["staff", "managers", "owners"]


AUTHORS = """
group staff as member.roles has "service"
penalty standard over 30 days
  1st: warn
  2nd: mute 1 day

rule 60 "Put it right"
  must
  on message
  if message.text contains "secret"
  then assign to message.member
  require edit within 10 minutes, at 50% remind "Please take it out.", if late delete, penalty standard
"""


def test_an_author_who_does_not_put_it_right_commits_an_offence() -> None:
    village = Village(AUTHORS)
    village.send("09:00", "amy", "message", "my secret", id="m1")
    reminder, late = village.pass_time(minutes=10)
    assert [(one.to, one.texts) for one in reminder.notices] == [({"member": "amy"}, {"en": "Please take it out."})]
    (outcome,) = late.outcomes
    assert [(one.do, one.on) for one in outcome.actions] == [
        ("delete", {"message": "m1"}),
        ("penalty", {"member": "amy"}),
        ("warn", {"member": "amy"}),
    ]
    assert outcome.evidence[0]["responsible"] == "amy"
    assert [(one.member, one.kind, one.rules) for one in late.sanctions] == [("amy", "warn", ("60",))]
    village.send("10:00", "amy", "message", "my secret", id="m2")
    (_, second) = village.pass_time(minutes=10)
    assert [(one.member, one.kind) for one in second.sanctions] == [("amy", "mute")]


def test_an_author_who_does_is_left_alone() -> None:
    village = Village(AUTHORS)
    village.send("09:00", "amy", "message", "my secret", id="m1")
    village.send("09:04", "bob", "edit", "not mine", message="m1")
    met = village.send("09:05", "amy", "edit", "nothing", message="m1")
    assert told(met) == [("60", "amy", "met")]
    assert village.pass_time(days=1) == []


HOLIDAYS = """
group staff as member.roles has "service"
calendar office
  Monday to Friday 09:00 to 18:00
  holidays CN

rule 3
  must
  responsible staff
  on feedback
  require reply within 8 hours by office, at 50% remind, if late notify staff
"""


def test_a_year_whose_holidays_are_not_known_gives_no_deadline_and_says_so() -> None:
    village = Village(HOLIDAYS, "2095-03-01")
    village.given("sue", "service")
    decision = village.send("09:00", "amy", "feedback", "it broke")
    assert [(one.due, one.status) for one in decision.duties] == [(None, "open")]
    assert [(one.rule, "2095" in one.error) for one in decision.errors] == [("3", True)]
    assert village.pass_time(days=30) == []
    assert told(village.send("2095-04-01 09:00", "sue", "reply", "on it", message="e1")) == [("3", "staff", "met")]


def test_days_of_its_own_are_enough_for_a_calendar_without_regions() -> None:
    rules = HOLIDAYS.replace("  holidays CN\n", "  holidays 2095-03-02\n  workdays 2095-03-05\n")
    village = Village(rules, "2095-03-01")  # a Tuesday
    decision = village.send("14:00", "amy", "feedback", "it broke")
    assert decision.errors == ()
    assert decision.duties[0].due == at("2095-03-03 13:00")


def test_a_make_up_day_counts() -> None:
    village = Village(HOLIDAYS, "2024-09-29")  # the Sunday worked for the National Day holidays
    decision = village.send("14:00", "amy", "feedback", "it broke")
    assert decision.duties[0].due == at("2024-09-30 13:00")
    village = Village(HOLIDAYS, "2024-09-30")
    decision = village.send("14:00", "amy", "feedback", "it broke")
    assert decision.duties[0].due == at("2024-10-08 13:00")
