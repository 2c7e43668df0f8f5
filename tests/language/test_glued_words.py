"""Words of the language glued to a name or a number: what is told, and which names are left alone."""

from __future__ import annotations

import pytest
from reading import codes, errors

RULE = """\
list ads = "spam"

group mods as member.roles has "mod"

state raid = calm, high

rule 1 "x"
  must not
  on message
"""


def told(clauses: str) -> list[tuple[str, str, str]]:
    """Code, mark and the line after the fix of each error."""
    text = RULE + clauses
    found = []
    for one in errors(text):
        assert one.span is not None
        assert one.fix is not None
        mended = text[: one.fix.span.start] + one.fix.replacement + text[one.fix.span.end :]
        assert codes(mended) == []
        found.append((one.code, one.span.text, mended.splitlines()[one.span.line - 1].strip()))
    return found


@pytest.mark.parametrize(
    ("line", "mark", "mended"),
    [
        ("if message.text contains any ofads", "contains any ofads", "if message.text contains any of ads"),
        ("if message.text contains anyof ads", "contains anyof", "if message.text contains any of ads"),
        ("if message.text hasall of ads", "hasall of", "if message.text has all of ads"),
        ("if at least2 of (a is 1, b is 2)", "at least2", "if at least 2 of (a is 1, b is 2)"),
        ("if message.links is notempty", "is notempty", "if message.links is not empty"),
        ("if event.time outside08:00 to 22:00", "outside08:00", "if event.time outside 08:00 to 22:00"),
        ("applies toeveryone", "applies toeveryone", "applies to everyone"),
        ("found bymods", "found bymods", "found by mods"),
        ("review by2026-01-01", "review by2026-01-01", "review by 2026-01-01"),
        ("then hold formods", "formods", "then hold for mods"),
        ("then holdfor mods", "holdfor", "then hold for mods"),
        ("then hold for mods quorum2", "quorum2", "then hold for mods quorum 2"),
        ("then hold for mods up to2 days", "to2", "then hold for mods up to 2 days"),
        ("then set raid highfor 20 minutes", "highfor", "then set raid high for 20 minutes"),
        ("then delete, escalateto mods", "escalateto", "then delete, escalate to mods"),
        ("then delete, iflate escalate to mods", "iflate", "then delete, if late escalate to mods"),
        ("if links is 1 or message.linksis not empty", "linksis", "if links is 1 or message.links is not empty"),
        ("then delete, if lateescalate to mods", "if lateescalate", "then delete, if late escalate to mods"),
    ],
)
def test_the_fix_puts_the_space_in(line: str, mark: str, mended: str) -> None:
    assert told(f"  {line}\n") == [("CR103", mark, mended)]


@pytest.mark.parametrize("line", ["expect delete under1", "expect deleteunder 1"])
def test_the_rule_of_an_expectation(line: str) -> None:
    test = f'  then delete\n\ntest "t"\n  2026-01-01\n  09:00 bob message "a"  {line}\n'
    assert [mended for _, _, mended in told(test)] == ['09:00 bob message "a"  expect delete under 1']


def test_a_declared_name_is_known_without_the_keyword() -> None:
    assert codes(f"{RULE}  if b\n\ndefine bas a is 1\n") == ["CR103"]


def test_a_rule_after_an_action() -> None:
    assert told('  then delete\n\nrule5 "y"\n  may\n') == [("CR103", "rule5", 'rule 5 "y"')]


@pytest.mark.parametrize(
    "name", ["format", "topic", "forum", "bystanders", "attack", "standby", "within_limits", "to_mods"]
)
def test_names_that_only_look_like_it(name: str) -> None:
    assert codes(f"{RULE}  then notify {name}, warn {name} 2 days\n") == []


@pytest.mark.parametrize("name", ["formods", "highfor", "quorum2", "notempty"])
def test_names_that_are_declared(name: str) -> None:
    assert codes(f'{RULE}  then notify {name} quorum 2\n\ngroup {name} as member.roles has "x"\n') == []


def test_a_longer_word_after_if_is_left_alone() -> None:
    assert codes(f"{RULE}  if later is 1\n  then delete\n") == []


@pytest.mark.parametrize("rest", ["", " ()", " ,", " [ ]", " # none", "\n\nlist more = “x”"])
def test_a_list_with_nothing_in_it(rest: str) -> None:
    for head in ("list few =", "list few exactly =", "list few as", "词表 few ="):
        found = errors(f'group mods as a is 1\n{head}{rest}\n\nrule 1 "x"\n  may\n')
        assert [(one.code, one.span.text if one.span else "") for one in found] == [("CR601", "few")]


@pytest.mark.parametrize("line", ['list few = "a",', "list few = spam", "list few = file"])
def test_a_list_with_something_in_it(line: str) -> None:
    assert "CR601" not in codes(f'{line}\n\nrule 1 "x"\n  may\n')
