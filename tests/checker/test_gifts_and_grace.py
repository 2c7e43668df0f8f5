"""What is given, taken back and given time for, in checked form."""

from __future__ import annotations

from communityrules.checker import canonical, checked
from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.model.values import DAY

BOOK = """
rule 1
  should
  effective from 2026-01-01
  on message
  then award 2 points up to 10 this month

rule 2
  must not
  effective from 2026-01-01
  on message
  if message.length > 10
  then delete

amend rule 2 from 2026-07-01 grace 14 days
  if message.length > 5
"""


def found(text: str) -> list[str]:
    return [one.code for one in check(Source("a.rules", text)).diagnostics]


def test_what_is_written_is_what_is_checked() -> None:
    book = check(Source("a.rules", BOOK)).rulebook
    assert book is not None
    (award,) = book.rules[0].actions
    assert award.arguments["up_to"] == checked.Allowance(10, "month")
    old, new = book.rules[1:]
    assert new.start is not None
    assert new.grace_end == old.end == new.start + 14 * DAY
    assert new.end is None
    told = canonical.to_json(book)["rules"]
    assert told[0]["actions"][0]["arguments"]["up_to"] == {"is": "allowance", "points": 10, "unit": "month"}
    assert "grace_end" not in told[0]
    assert told[2]["grace_end"] == new.grace_end


def test_a_rule_that_ends_ends_its_grace() -> None:
    book = check(Source("a.rules", BOOK + "\nrepeal rule 2 from 2026-07-08\n")).rulebook
    assert book is not None
    assert book.rules[1].end == book.rules[2].end == (book.rules[2].start or 0) + 7 * DAY


def test_mistakes_are_told() -> None:
    assert found(BOOK.replace("award 2 points", "award 20 points")) == ["CR422"]
    assert found(BOOK + "rule 3\n  should\n  on delete\n  then take back rule 2\n") == ["CR423"]
    assert found(BOOK + "rule 3\n  should\n  on delete\n  then take back rule 9\n") == ["CR203"]
    assert found(BOOK.replace("up to 10 this month", "up to 0 today")) == ["CR406", "CR422"]
    assert "CR402" in found(BOOK.replace("award 2 points up to", "label x up to"))
    power = 'group mods as member.roles has "m"\npower mods may award up to 10 today\n'
    assert found(BOOK + power) == ["CR402"]
