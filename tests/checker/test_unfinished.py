"""`todo`: told, never in the way, and never judged before the rule says what follows."""

from __future__ import annotations

import pytest
from books import book, codes

ACTING = """rule 1 "one"
  must not
  on message
  if message.text contains "x"
  then delete
  todo "agree on the penalty"
"""


def rules(text: str) -> list[str]:
    return [one.id for one in book(text).rules]


def test_the_rest_of_the_rule_is_in_force() -> None:
    assert codes(ACTING) == ["CR419"]
    assert rules(ACTING) == ["1"]
    assert book(ACTING).digest == book(ACTING.replace('  todo "agree on the penalty"\n', "")).digest


@pytest.mark.parametrize(
    "clauses",
    ["", "  on message\n", '  on message\n  if message.text contains "x"\n', "  then delete\n", "  every day\n"],
)
def test_a_rule_that_does_not_say_when_or_what_is_not_judged(clauses: str) -> None:
    text = f'rule 1 "one"\n  must not\n{clauses}  todo "the rest"\n  todo "and more"\n'
    assert codes(text) == ["CR419", "CR419"]
    assert rules(text) == []


def test_what_is_written_is_checked_all_the_same() -> None:
    assert "CR419" in codes('rule 1\n  must not\n  on message\n  if message.text contains nowhere\n  todo "then"\n')
    assert len(codes('rule 1\n  must not\n  on message\n  if message.text contains nowhere\n  todo "then"\n')) == 2


def test_rows_and_amendments_may_have_them() -> None:
    table = (
        "table t on message\n  must\n  | rule | if | then | todo |\n"
        '  | 1 | message.length > 5 | flag | |\n  | 2 | | | "ask the team" |\n'
    )
    assert codes(table) == ["CR419"]
    assert rules(table) == ["1"]
    amended = (
        ACTING.replace('  todo "agree on the penalty"\n', "") + 'amend rule 1 from 2026-01-01\n  todo "say more"\n'
    )
    assert codes(amended) == ["CR419"]


def test_in_chinese() -> None:
    assert codes('规则 1 "一"\n  禁止\n  待办 "再议"\n') == ["CR419"]
