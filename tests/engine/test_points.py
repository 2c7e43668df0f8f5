"""The ledger: balances are sums of movements, caps by period, and what is taken back when its reason is overturned."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import Village, done

RULES = """
group managers as member.roles has "manager"

penalty standard over 30 days
  1st: warn, deduct 3 points
  2nd: mute 1 day, deduct 6 points
  appeal once to managers within 7 days

rule 1 "Thanks are noticed"
  should
  on message
  if message.text contains "thanks"
  then award 4 points up to 10 today, label kind for 7 days

rule 2 "What is gone earns nothing"
  should
  on delete
  then take back rule 1

rule 3 "No selling"
  must not
  on message
  if message.text contains "buy"
  then deduct 5 points, penalty standard

rule 4 "Breaches weigh"
  must
  on breach
  then deduct 1 points, label noted for 30 days
"""


def moves(decision: object) -> list[tuple[str, int, int]]:
    return [(one.member, one.change, one.balance) for one in decision.points]  # type: ignore[attr-defined]


def test_the_rest_above_the_cap_is_cut_and_said_so() -> None:
    village = Village(RULES)
    assert moves(village.send("09:00", "amy", "message", "thanks")) == [("amy", 4, 4)]
    assert moves(village.send("09:01", "amy", "message", "thanks")) == [("amy", 4, 8)]
    third = village.send("09:02", "amy", "message", "thanks")
    assert moves(third) == [("amy", 2, 10)]
    (outcome,) = third.outcomes
    assert outcome.actions[0].arguments["points"] == 2
    assert outcome.evidence[-1] == {
        "kind": "allowance", "value": 8, "limit": 10, "per": "day", "asked": 4, "given": 2,
    }  # fmt: skip
    fourth = village.send("09:03", "amy", "message", "thanks")
    assert moves(fourth) == []
    assert done(fourth) == ["label under 1"]
    assert fourth.outcomes[0].evidence[-1]["given"] == 0
    assert moves(village.send("09:04", "bob", "message", "thanks")) == [("bob", 4, 4)]
    village.send("2024-10-09 00:00", "cat", "message", "hi")
    assert moves(village.send("00:00", "amy", "message", "thanks")) == [("amy", 4, 14)]


def test_a_rule_takes_back_what_another_gave_for_the_same_message() -> None:
    village = Village(RULES)
    village.send("09:00", "amy", "message", "thanks", id="m1")
    village.send("09:01", "amy", "message", "thanks", id="m2")
    gone = village.send("09:02", "amy", "delete", message="m1")
    assert done(gone) == ["take_back under 2"]
    assert [(one.change, one.balance, one.rule, one.reverses) for one in gone.points] == [(-4, 4, "2", "m1/points/1")]
    # The other message put the same label on, so it stays; without it, it goes.
    assert gone.labels == ()
    again = village.send("09:03", "amy", "delete", message="m1")
    assert (done(again), again.points) == ([], ())
    last = village.send("09:04", "amy", "delete", message="m2")
    assert [(one.label, one.removed) for one in last.labels] == [("kind", True)]
    # What was taken back is free to be earned again.
    assert moves(village.send("09:05", "amy", "message", "thanks")) == [("amy", 4, 4)]
    assert moves(village.send("09:06", "amy", "message", "thanks")) == [("amy", 4, 8)]
    assert moves(village.send("09:07", "amy", "message", "thanks")) == [("amy", 2, 10)]


def test_an_appeal_that_is_granted_takes_back_what_the_offence_cost() -> None:
    village = Village(RULES)
    village.given("max", "manager")
    broken = village.send("09:00", "bob", "message", "buy")
    assert [one.change for one in broken.points] == [-5, -3, -1]
    village.send("10:00", "bob", "appeal")
    granted = village.send("11:00", "max", "approve", about="bob")
    assert [(one.change, one.reverses) for one in granted.points] == [
        (3, "e1/points/2"), (5, "e1/points/1"), (1, "e1/points/3"),
    ]  # fmt: skip
    assert granted.points[-1].balance == 0
    assert [(one.label, one.removed) for one in granted.labels] == [("noted", True)]


def test_what_a_later_offence_cost_stays() -> None:
    village = Village(RULES)
    village.given("max", "manager")
    first = village.send("09:00", "bob", "message", "buy")
    second = village.send("09:30", "bob", "message", "buy")
    village.send("10:00", "bob", "appeal", case=first.sanctions[0].id)
    granted = village.send("11:00", "max", "approve", about="bob")
    # The second is the first now: it costs 3 in place of 6, its rules still 5 and 1.
    assert granted.points[-1].balance == -9
    assert granted.labels == ()
    assert [one.status for one in granted.sanctions if one.id == second.sanctions[0].id] == ["reversed"]


def test_what_was_taken_back_once_is_not_taken_back_by_the_appeal_too() -> None:
    village = Village(RULES.replace("then take back rule 1", "then take back rule 3"))
    village.given("max", "manager")
    village.send("09:00", "bob", "message", "buy", id="m1")
    gone = village.send("09:30", "bob", "delete", message="m1")
    assert moves(gone) == [("bob", 5, -4)]
    village.send("10:00", "bob", "appeal")
    assert moves(village.send("11:00", "max", "approve", about="bob")) == [("bob", 3, -1), ("bob", 1, 0)]


def test_a_finding_that_is_reversed_gives_back() -> None:
    village = Village(
        """
group managers as member.roles has "manager"
penalty grave
  always: ban 1 to 30 days set by managers

rule 9 "Fair play"
  must not
  found by managers
  then penalty grave, deduct 20 points
"""
    )
    village.given("max", "manager")
    village.given("eve", "manager")
    found = village.send("09:00", "max", "finding", "cheated", about="bob", rule="9")
    assert moves(found) == [("bob", -20, -20)]
    assert moves(village.send("10:00", "eve", "reject", about="bob")) == [("bob", 20, 0)]


def test_caps_of_periods_gone_by_are_kept_for_late_events() -> None:
    village = Village(RULES)
    for day in range(8, 12):
        village.send(f"2024-10-{day:02} 09:00", "amy", "message", "thanks")
    for _ in range(3):
        village.send("2024-10-12 09:00", "amy", "message", "thanks")
    late = village.send("2024-10-09 09:30", "amy", "message", "thanks")
    assert late.late
    assert [one.change for one in late.points] == [4]
    assert [one.change for one in village.send("2024-10-09 09:31", "amy", "message", "thanks").points] == [2]


def test_a_cap_of_deductions() -> None:
    village = Village(
        """
rule 1 "Noise costs"
  must not
  on message
  then deduct 2 points up to 3 this week
"""
    )
    assert [one.change for _ in range(3) for one in village.send("09:00", "amy", "message", "x").points] == [-2, -1]
    assert [one.change for one in village.send("2024-10-14 00:00", "amy", "message", "x").points] == [-2]


@pytest.mark.parametrize("store", ["memory:", "sqlite:"])
@settings(max_examples=25, deadline=None)
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["thanks", "buy", "delete", "appeal", "approve", "reject", "day"]),
            st.sampled_from(["amy", "bob"]),
            st.integers(1, 8),
        ),
        max_size=30,
    )
)
def test_balances_are_the_sums_of_the_movements(
    store: str, lines: list[tuple[str, str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    if store == "sqlite:":
        store = f"sqlite:///{Path(tmp_path_factory.mktemp('ledger')) / 'a.db'}"
    village = Village(RULES, store=store)
    village.given("max", "manager")
    sums: Counter[str] = Counter()
    today: Counter[tuple[str, str]] = Counter()
    movements = set()
    given: dict[str, tuple[str, str]] = {}
    for what, member, number in lines:
        if what == "day":
            village.later(86_400)
        elif what in ("approve", "reject"):
            village.send(village.clock(), "max", what, about=member)
        elif what == "delete":
            village.send(village.clock(), member, what, message=f"e{number}")
        elif what == "appeal":
            village.send(village.clock(), member, what)
        else:
            village.send(village.clock(), member, "message", what)
    reversed_ = set()
    for decision in village.decisions:
        for one in decision.points:
            sums[one.member] += one.change
            assert one.balance == sums[one.member]
            assert one.id not in movements
            movements.add(one.id)
            if one.reverses is not None:
                # Nothing is taken back twice, nor what was not given.
                assert one.reverses in movements
                assert one.reverses not in reversed_
                reversed_.add(one.reverses)
                if one.reverses in given:
                    today[given[one.reverses]] += one.change
            elif one.rule == "1":
                given[one.id] = (one.member, str(decision.time // 86_400_000_000))
                today[given[one.id]] += one.change
                assert today[given[one.id]] <= 10
    village.engine.close()
