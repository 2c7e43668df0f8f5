from village import Village, done

RULES = """
group moderators as member.roles has "moderator"

penalty standard
  1st: warn
  then on: mute 1 day

rule 13 "Fair play"
  content "Cheating is judged by the moderators."
  must not
  found by moderators
  then penalty standard

rule 14 "Polite"
  must not
  found by moderators
  then delete
"""


def village() -> Village:
    one = Village(RULES)
    one.given("mod", "moderator")
    one.send("08:00", "bob", "message", "hi", id="m1")
    return one


def test_a_finding_by_the_group_breaks_the_rule_for_its_target() -> None:
    decision = village().send("09:00", "mod", "finding", "cheated", about="bob", rule="13")
    assert done(decision) == ["penalty under 13", "warn under 13"]
    assert [(one.member, one.kind) for one in decision.sanctions] == [("bob", "warn")]


def test_the_author_of_a_message_is_found_by_the_message() -> None:
    decision = village().send("09:00", "mod", "finding", "rude", message="m1", rule="14")
    assert [(one.do, one.on) for one in decision.outcomes[0].actions] == [("delete", {"message": "m1"})]
    one = village()
    assert one.send("09:01", "mod", "finding", "cheated", message="m1", rule="13").sanctions[0].member == "bob"


def test_a_finding_by_somebody_else_or_of_another_rule_does_nothing() -> None:
    one = village()
    assert one.send("09:00", "amy", "finding", "cheated", about="bob", rule="13").outcomes == ()
    assert one.send("09:01", "mod", "finding", "cheated", about="bob", rule="99").outcomes == ()
