"""What several rules hold back: it comes through when all let it through, and not at all once one has refused it."""

import pytest
from village import Village, done

RULES = """
group mods as member.roles has "mod"
group admins as member.roles has "admin"
rule 1 "Offers"
  must
  on message
  if message.text contains "offer"
  then hold for mods
rule 2 "Long"
  must
  on message
  if message.length > 8
  then hold for admins within 2 hours, if late approve
"""


@pytest.fixture
def village() -> Village:
    one = Village(RULES)
    one.given("mo", "mod")
    one.given("ad", "admin")
    return one


def cases_of(decision: object) -> list[tuple[str, str]]:
    return [(one.id, one.status) for one in decision.cases]  # type: ignore[attr-defined]


def test_one_approval_does_not_let_through_what_another_rule_holds(village: Village) -> None:
    village.send("09:00", "amy", "message", "an offer for you")
    first = village.send("09:10", "mo", "approve", message="e1")
    assert (first.verdict, done(first)) == ("hold", ["approve under 1"])
    assert first.outcomes[0].actions[0].on == {"case": "e1/case/1", "member": "amy"}
    assert cases_of(first) == [("e1/case/1", "approved"), ("e1/case/2", "open")]
    second = village.send("09:20", "ad", "approve", message="e1")
    assert (second.verdict, done(second)) == ("allow", ["approve under 2"])
    assert second.outcomes[0].actions[0].on == {"message": "e1"}


def test_nor_does_a_deadline(village: Village) -> None:
    village.send("09:00", "amy", "message", "an offer for you")
    (default,) = village.pass_time(hours=2)
    assert (default.verdict, done(default)) == ("hold", ["approve under 2"])
    assert default.outcomes[0].actions[0].on == {"case": "e1/case/2", "member": "amy"}
    last = village.send("12:00", "mo", "approve", message="e1")
    assert (last.verdict, last.outcomes[0].actions[0].on) == ("allow", {"message": "e1"})


def test_what_one_has_refused_nobody_lets_through(village: Village) -> None:
    village.send("09:00", "amy", "message", "an offer for you")
    refused = village.send("09:10", "mo", "reject", message="e1")
    assert (refused.verdict, done(refused)) == ("block", ["reject under 1"])
    assert cases_of(refused) == [("e1/case/1", "rejected"), ("e1/case/2", "expired")]
    assert done(village.send("09:20", "ad", "approve", message="e1")) == []
    assert village.pass_time(days=1) == []


def test_one_vote_may_settle_all() -> None:
    village = Village(RULES.replace('has "admin"', 'has "mod"'))
    village.given("mo", "mod")
    village.send("09:00", "amy", "message", "an offer for you")
    settled = village.send("09:20", "mo", "approve", message="e1")
    assert (settled.verdict, done(settled)) == ("allow", ["approve under 1", "approve under 2"])
    assert all(one.actions[0].on == {"message": "e1"} for one in settled.outcomes)
