"""Facts of a member whom a field names: `trade.buyer.level`, `late.owner.roles`, `member.mentor.points`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from village import Village, done

from communityrules.compiler.facts import GivenFacts
from communityrules.engine import members
from communityrules.model.event import Event, Member
from communityrules.model.values import DAY

RULES = """
member (level: number, mentor: member)
event trade (amount: number, buyer: member, seller: member)
group staff as member.roles has "service"

rule 1 "Only levels from 3 buy much"
  must not
  on trade
  if trade.buyer.level < 3 and trade.amount > 100
  then flag

rule 2 "Fresh sellers"
  must not
  on trade
  if trade.seller.tenure < 3 days
  then flag

rule 3 "Barred"
  must not
  on trade
  if trade.buyer.labels has "barred"
  then penalty fine against trade.buyer

rule 4 "A mentor answers for it"
  must not
  on trade
  if trade.seller.mentor.roles has "mentor"
  then deduct 1 points against trade.seller.mentor

rule 5 "Barring"
  must
  on report
  then label barred for 1 day

rule 6 "Feedback is answered"
  must
  responsible staff
  on feedback
  require reply within 2 hours

penalty fine
  always: warn
"""


@pytest.fixture
def market() -> Village:
    return Village(RULES)


def _level(market: Village, member: str, **fields: Any) -> None:
    market.count += 1
    who = Member(member, market.roles.get(member, ()), fields=fields)
    market.engine.judge(Event(f"f{market.count}", market.now, "profile", "village", who))


def test_fields_that_the_host_declares(market: Village) -> None:
    _level(market, "bea", level=2)
    trade = market.send("09:00", "ada", "trade", amount=101, buyer="bea", seller="sam")
    assert done(trade) == ["flag under 1"]
    assert trade.outcomes[0].evidence[0] == {
        "kind": "compare", "what": "trade.buyer.level", "value": 2, "operator": "<", "limit": 3,
    }  # fmt: skip
    _level(market, "bea", level=3)
    assert done(market.send("09:01", "ada", "trade", amount=101, buyer="bea", seller="sam")) == []


def test_nobody_is_named_and_nothing_known(market: Village) -> None:
    assert done(market.send("09:00", "ada", "trade", amount=101)) == []
    assert done(market.send("09:01", "ada", "trade", amount=101, buyer="unheard", seller="of")) == []


def test_tenure_is_counted_to_the_event(market: Village) -> None:
    market.send("09:00", "sam", "join")
    assert done(market.send("09:01", "ada", "trade", seller="sam")) == ["flag under 2"]
    assert done(market.send("2024-10-11 08:59", "ada", "trade", seller="sam")) == ["flag under 2"]
    assert done(market.send("09:00", "ada", "trade", seller="sam")) == []


def test_labels_as_of_the_event(market: Village) -> None:
    market.send("09:00", "bea", "message", "hi", id="m1")
    market.send("09:01", "cleo", "report", about="bea")
    caught = market.send("09:02", "ada", "trade", buyer="bea")
    assert done(caught) == ["penalty under 3", "warn under 3"]
    assert [(one.member, one.kind) for one in caught.sanctions] == [("bea", "warn")]
    market.pass_time(days=1)
    assert done(market.send("2024-10-09 09:02", "ada", "trade", buyer="bea")) == []


def test_through_two_members(market: Village) -> None:
    market.given("mia", "mentor")
    _level(market, "sam", mentor="mia")
    market.send("08:00", "mia", "message", "hi")
    taken = market.send("09:00", "ada", "trade", seller="sam")
    assert done(taken) == ["deduct under 4"]
    assert [(one.member, one.change) for one in taken.points] == [("mia", -1)]


def test_what_the_engine_raises_names_members_too() -> None:
    village = Village(
        RULES.replace("responsible staff", "responsible staff\n  if member.level >= 3")
        + """
rule 7 "Leads are told of"
  must
  on met
  if met.owner.roles has "lead"
  then notify staff
"""
    )
    _level(village, "amy", level=4)
    village.given("sue", "service")
    village.given("lee", "service", "lead")
    for asked, answering in (("m1", "sue"), ("m2", "lee")):
        village.send("09:00" if asked == "m1" else "10:00", "amy", "feedback", "broken", id=asked)
        answered = village.send("09:30" if asked == "m1" else "10:30", answering, "reply", "on it", message=asked)
        assert done(answered) == ([] if answering == "sue" else ["notify under 7"])


def test_nothing_is_looked_up_unless_a_rule_reads_it(monkeypatch: pytest.MonkeyPatch, market: Village) -> None:
    asked: list[str] = []
    found = members.find

    def find(tx: Any, member: str) -> Member:
        asked.append(member)
        return found(tx, member)

    monkeypatch.setattr(members, "find", find)
    market.send("09:00", "ada", "message", "hi")
    assert asked == []
    market.send("09:01", "ada", "trade", amount=101, buyer="bea", seller="sam")
    assert sorted(asked) == ["bea", "sam"]


def test_facts_can_be_given_by_hand(market: Village) -> None:
    trade = Event("t1", 9 * DAY, "trade", "village", Member("ada"), fields={"amount": 101, "buyer": "bea"})
    facts = GivenFacts(members={"bea": Member("bea", fields={"level": 1})})
    assert [hit.rule.id for hit in market.evaluator.match(trade, facts).hits] == ["1"]
    assert market.evaluator.match(trade, GivenFacts()).hits == ()


def test_memory_and_sqlite_agree(tmp_path: Path) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/market.db"):
        market = Village(RULES, store=store)
        _level(market, "bea", level=2)
        market.send("09:00", "cleo", "report", about="bea")
        market.send("09:01", "ada", "trade", amount=101, buyer="bea", seller="sam")
        told.append(market.decisions)
        market.engine.close()
    assert told[0] == told[1]
