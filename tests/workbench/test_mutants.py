"""Mutants: small changes, each in one place, and which of them tests notice."""

from __future__ import annotations

from collections import Counter

from communityrules.checker import canonical
from communityrules.checker.check import check
from communityrules.checker.checked import Rulebook
from communityrules.diagnostics.source import Source
from communityrules.library.table import STANDARD
from communityrules.workbench.mutants import mutants, surviving

BOOK = """rulebook "Mutants"
  version "1"
  language en
  timezone Asia/Shanghai
  published 2026-01-01

list ads = "buy now"
define flooding as count(message by member within 1 minute) > 2

rule 1 "Ads and floods"
  must not
  applies to everyone
  effective immediately
  on message
  if message.text contains any of ads or flooding
  then delete, warn
"""
WEAK = """
test "ads"
  2026-01-05
  09:00 bob message "buy now"   expect delete
"""
STRONG = """
test "ads"
  2026-01-05
  09:00 bob message "buy now"   expect delete, warn
  10:00 amy message "one"
  10:00 amy message "two"       expect nothing
  10:00 amy message "three"     expect delete
"""


def book(tests: str) -> Rulebook:
    found = check(Source("book.rules", BOOK + tests)).rulebook
    assert found is not None
    return found


def test_each_changes_one_thing() -> None:
    original = book(WEAK)
    made = list(mutants(original))
    assert Counter(one.change for one in made) == {"removed": 1, "part": 2, "boundary": 1, "limit": 2, "action": 2}
    assert len({canonical.digest(one.rulebook) for one in made}) == len(made)
    assert all(one.rulebook.definitions == original.definitions for one in made)
    assert [one.within for one in made if one.change == "boundary"] == [("flooding",)]


def survivors(tests: str) -> set[tuple[str, str]]:
    original = book(tests)
    return {(one.change, one.what) for one in surviving(mutants(original), original.tests, STANDARD)}


def test_weak_tests_let_most_live() -> None:
    assert survivors(WEAK) == {
        ("part", "flooding"), ("boundary", "count(message by member within 1 minute) > 2"),
        ("limit", "count(message by member within 1 minute) > 2"), ("action", "warn"),
    }  # fmt: skip


def test_strong_tests_let_none_live() -> None:
    assert survivors(STRONG) == set()


def test_every_sign_of_a_tally_is_left_out_once() -> None:
    text = BOOK.replace(
        "if message.text contains any of ads or flooding",
        "if tally(2 if message.text contains any of ads, 1 if flooding) >= 2",
    )
    found = check(Source("book.rules", text)).rulebook
    assert found is not None
    left_out = [one.what for one in mutants(found) if one.change == "part"]
    assert left_out == ["message.text contains any of ads", "flooding"]
    forms = [canonical.dumps(canonical.to_json(one.rulebook)) for one in mutants(found)]
    assert len(set(forms)) == len(forms)
