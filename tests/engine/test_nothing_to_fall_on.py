"""Actions on messages, asked for because of a member about whom no message is named."""

from village import Village

RULES = """
group mediators as member.roles has "mediator"

penalty standard
  1st: warn

rule 1 "No advertising"
  must not
  on message
  if message.text contains "cheap"
  then delete, penalty standard

rule 2 "Found by people"
  must not
  found by mediators
  then as rule 1

rule 3 "Reports are looked at"
  must
  on report
  then delete, hold for mediators, reject with "No."

rule 4 "Marks run to five"
  must not
  on rating
  if rating.score > 5
  then reject with "Marks run from 1 to 5.", delete

rule 5 "No profiles of shops"
  must not
  on profile
  then delete, flag
"""


def village() -> Village:
    one = Village(RULES)
    one.given("med", "mediator")
    return one


def test_a_finding_about_a_member_deletes_nothing_and_is_not_blocked() -> None:
    decision = village().send("09:00", "med", "finding", about="cat", rule="2")
    assert decision.verdict == "allow"
    assert [(one.rule, one.verdict, [act.do for act in one.actions]) for one in decision.outcomes] == [
        ("2", "allow", ["penalty", "warn"])
    ]
    assert [(one.member, one.kind, one.rules) for one in decision.sanctions] == [("cat", "warn", ("2",))]
    assert (decision.duties, decision.cases, decision.notices, decision.errors) == ((), (), (), ())


def test_of_a_finding_about_a_message_the_message_is_deleted() -> None:
    one = village()
    one.send("08:00", "cat", "message", "hi", id="m1")
    decision = one.send("09:00", "med", "finding", message="m1", rule="2")
    assert next((act.do, act.on) for act in decision.outcomes[0].actions) == ("delete", {"message": "m1"})


def test_a_report_about_a_member_can_be_held_and_refused_but_not_deleted() -> None:
    decision = village().send("09:00", "amy", "report", about="cat", id="p1")
    assert decision.verdict == "block"
    assert [(act.do, act.on) for act in decision.outcomes[0].actions] == [
        ("hold", {"event": "p1", "member": "cat"}),
        ("reject", {"event": "p1", "member": "cat"}),
    ]
    assert [(one.rule, one.about, one.member) for one in decision.cases] == [("3", "p1", "cat")]
    assert [(one.to, one.texts) for one in decision.notices] == [({"member": "amy"}, {"en": "No."})]


def test_who_rated_is_told_why_the_rating_is_refused() -> None:
    decision = village().send("09:00", "amy", "rating", about="cat", score=6, id="r1")
    assert [(act.do, act.on) for act in decision.outcomes[0].actions] == [
        ("reject", {"event": "r1", "member": "cat"}),
    ]
    assert [(one.kind, one.to) for one in decision.notices] == [("reject", {"member": "amy"})]


def test_what_somebody_says_of_themselves_is_a_thing() -> None:
    decision = village().send("09:00", "amy", "profile", id="p1")
    assert (decision.verdict, decision.outcomes[0].actions[0].on) == ("block", {"event": "p1", "member": "amy"})


def test_on_trial_it_is_not_shown_either() -> None:
    on_trial = Village(RULES.replace("  must not\n  found", "  must not\n  trial until 2030-01-01\n  found"))
    on_trial.given("med", "mediator")
    decision = on_trial.send("09:00", "med", "finding", about="cat", rule="2")
    assert [(one.trial, one.verdict, [act.do for act in one.actions]) for one in decision.outcomes] == [
        (True, "allow", ["penalty"])
    ]
