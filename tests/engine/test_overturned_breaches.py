"""A breach whose sanction people have taken back counts no more."""

import pytest
from village import Village, done

RULES = """
group managers as member.roles has "manager"

penalty ladder
  1st: warn
  2nd: ban 1 to 7 days set by managers
  3rd: ban 1 to 7 days set by managers
  then on: kick
  appeal to managers within 3 days

rule 1 "No advertising"
  must not
  on message
  if message.text contains "cheap"
  then delete, penalty ladder

rule 2 "Who goes on is watched"
  must
  on breach
  if COUNT
  then label watched
"""


def village(measure: str, store: str = "memory:") -> Village:
    one = Village(RULES.replace("COUNT", measure), store=store)
    one.given("max", "manager")
    return one


@pytest.mark.parametrize(
    ("measure", "after_two", "after_three"),
    [
        ('count(breach by member within 30 days where breach.rule is "1") >= 2', True, True),
        ("count(breach by member within 30 days) >= 2", True, True),
        ("count(breach by member this month) >= 3", False, False),
        ("sum(breach.offence by member within 30 days) >= 4", False, False),
        ("distinct(breach.offence by member within 30 days) >= 2", True, True),
        ("sequence(breach, breach, breach by member within 30 days)", False, False),
        ("average(breach.offence by member within 30 days) > 1", True, True),
    ],
)
@pytest.mark.parametrize("store", ["memory:", "sqlite"])
def test_a_breach_that_is_overturned_counts_no_more(
    measure: str, after_two: bool, after_three: bool, store: str, tmp_path: object
) -> None:
    one = village(measure, store if store == "memory:" else f"sqlite:///{tmp_path}/village.db")
    first = one.send("09:00", "bob", "message", "cheap")
    assert [(sanction.kind, sanction.step) for sanction in first.sanctions] == [("warn", 1)]
    second = one.send("10:00", "bob", "message", "cheap cheap")
    assert ("label under 2" in done(second)) is after_two
    (case,) = (sanction for sanction in second.cases)
    overturned = one.send("10:10", "max", "reject", case=case.id)
    assert [(sanction.kind, sanction.status) for sanction in overturned.sanctions] == [("ban", "reversed")]
    # The second that stands: as though the one that was taken back had never been.
    third = one.send("10:20", "bob", "message", "cheap again")
    assert ("label under 2" in done(third)) is after_three
    assert [sanction.step for sanction in third.sanctions] == [2]
    one.engine.close()


def test_who_was_never_struck_twice_is_not_watched() -> None:
    one = village('count(breach by member within 30 days where breach.rule is "1") >= 3')
    one.send("09:00", "bob", "message", "cheap")
    second = one.send("10:00", "bob", "message", "cheap cheap")
    one.send("10:10", "max", "reject", case=second.cases[0].id)
    assert done(one.send("10:20", "bob", "message", "cheap again")) == [
        "delete under 1",
        "penalty under 1",
        "ban under 1",
    ]


def test_the_last_breach_is_the_last_that_stands() -> None:
    one = village("since(breach by member) < 90 minutes")
    one.send("09:00", "bob", "message", "cheap")
    second = one.send("10:00", "bob", "message", "cheap cheap")
    assert "label under 2" in done(second)
    one.send("10:10", "max", "reject", case=second.cases[0].id)
    assert "label under 2" not in done(one.send("10:40", "bob", "message", "cheap again"))


def test_a_sanction_that_is_taken_back_was_none() -> None:
    one = Village(
        RULES.replace("on breach", "on sanctioned").replace("COUNT", "count(sanctioned by member within 30 days) >= 3")
    )
    one.given("max", "manager")
    one.send("09:00", "bob", "message", "cheap")
    second = one.send("10:00", "bob", "message", "cheap cheap")
    one.send("10:10", "max", "reject", case=second.cases[0].id)
    assert "label under 2" not in done(one.send("10:20", "bob", "message", "cheap again"))


def test_of_a_sanction_without_a_penalty_too() -> None:
    one = Village("""
group managers as member.roles has "manager"

rule 1 "No advertising"
  must not
  on message
  if message.text contains "cheap"
  then ban 1 to 7 days set by managers

rule 2 "Who goes on is watched"
  must
  on breach
  if count(breach by member within 30 days) >= 2
  then label watched
""")
    one.given("max", "manager")
    first = one.send("09:00", "bob", "message", "cheap")
    one.send("09:10", "max", "reject", case=first.cases[0].id)
    again = one.send("09:20", "bob", "message", "cheap")
    assert done(again) == ["ban under 1"]
    assert "label under 2" in done(one.send("2024-10-10 09:20", "bob", "message", "cheap"))


def test_in_a_long_history_the_store_forgets_it_as_well(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/village.db"
    rules = 'count(breach within 30 days where breach.rule is "1") >= 513'
    one = village(rules, url)
    for number in range(256):
        for member in ("a", "b"):
            sent = one.send("09:00", f"{member}{number}", "message", "cheap", id=f"{member}{number}")
    last = one.send("09:01", "a0", "message", "cheap", id="last")
    assert "label under 2" in done(last)
    one.send("09:02", "max", "reject", case=last.cases[0].id)
    one.engine.close()
    two = village(rules.replace("513", "514"), url)
    two.count = one.count
    assert "label under 2" not in done(two.send("09:03", "c1", "message", "cheap", id="c1"))
    two.engine.close()
    assert sent.verdict == "block"
