"""When each text of a rule is in force."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from books import book, codes, found

HEAD = 'rulebook "x"\n  timezone Asia/Shanghai\n  published 2024-03-01\n'
RULE = "rule 1\n  must not\n  {}\n  on message\n  if message.length > 10\n  then delete\n"


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000


@pytest.mark.parametrize(
    ("clause", "head", "start", "end"),
    [
        ("effective immediately", HEAD, at("2024-03-01"), None),
        ("effective immediately", "", None, None),
        ("effective from 2024-05-01", HEAD, at("2024-05-01"), None),
        ("effective from 2024-05-01 through 2024-05-31", HEAD, at("2024-05-01"), at("2024-06-01")),
        ("effective from 9999-12-31 through 9999-12-31", HEAD, at("9999-12-31"), None),
    ],
)
def test_in_force(clause: str, head: str, start: int | None, end: int | None) -> None:
    (one,) = book(head + RULE.format(clause)).rules
    assert (one.start, one.end) == (start, end)


def test_a_trial_ends_after_its_last_day() -> None:
    (one,) = book(HEAD + RULE.format("trial through 2024-03-15")).rules
    assert one.trial_end == at("2024-03-16")


def test_amendments_make_versions_in_the_order_of_time_whatever_the_order_of_the_text() -> None:
    text = (
        HEAD
        + "repeal rule 1 from 2025-06-01\n"
        + "amend rule 1 from 2025-01-01\n  then flag\n"
        + 'amend rule 1 from 2024-06-01\n  content "Second."\n'
        + RULE.format('content "First."')
    )
    first, second, third = book(text).rules
    assert [one.id for one in (first, second, third)] == ["1", "1", "1"]
    assert (first.start, first.end, first.content) == (at("2024-03-01"), at("2024-06-01"), "First.")
    assert (second.start, second.end, second.content) == (at("2024-06-01"), at("2025-01-01"), "Second.")
    assert (third.start, third.end, third.content) == (at("2025-01-01"), at("2025-06-01"), "Second.")
    assert [one.do for one in second.actions] == ["delete"]
    assert [one.do for one in third.actions] == ["flag"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("amend rule 1 from 2024-01-01\n  then flag\n", [("CR305", "2024-01-01")]),
        ("repeal rule 1 from 2024-03-01\n", [("CR305", "2024-03-01")]),
        ("repeal rule 1 from 2024-05-01\namend rule 1 from 2024-06-01\n  then flag\n", [("CR306", "2024-06-01")]),
        ("repeal rule 1 from 2024-05-01\nrepeal rule 1 from 2024-06-01\n", [("CR306", "2024-06-01")]),
        ("repeal rule 1 from 2024-05-01\namend rule 1 from 2024-05-01\n  then flag\n", [("CR307", "2024-05-01")]),
        ("amend rule 2 from 2024-05-01\n  then flag\n", [("CR203", "2")]),
    ],
)
def test_changes_that_cannot_be(changes: str, expected: list[tuple[str, str]]) -> None:
    assert found(HEAD + RULE.format("effective immediately") + changes) == expected


def test_a_borrowed_consequence_follows_its_lender_through_time() -> None:
    text = (
        HEAD
        + RULE.format("effective immediately")
        + "rule 2\n  must not\n  on message\n  if message.links is not empty\n  then as rule 1\n"
        + "amend rule 1 from 2025-01-01\n  then flag\n"
    )
    borrowed = [one for one in book(text).rules if one.id == "2"]
    assert [(one.start, one.end, [a.do for a in one.actions]) for one in borrowed] == [
        (at("2024-03-01"), at("2025-01-01"), ["delete"]),
        (at("2025-01-01"), None, ["flag"]),
    ]


def test_borrowing_does_not_cut_where_nothing_changes() -> None:
    text = (
        HEAD
        + RULE.format("effective immediately")
        + "rule 2\n  must not\n  on message\n  if message.links is not empty\n  then as rule 1\n"
        + 'amend rule 1 from 2025-01-01\n  content "Other words."\n'
    )
    assert len([one for one in book(text).rules if one.id == "2"]) == 1


def test_a_parameter_must_have_a_value_wherever_a_rule_is_in_force() -> None:
    rule = RULE.replace("message.length > 10", "message.length > most").format("{}")
    assert codes(HEAD + "parameter most = 3 from 2024-03-01\n" + rule.format("effective immediately")) == []
    assert codes(HEAD + "parameter most = 3 from 2024-03-02\n" + rule.format("effective immediately")) == ["CR304"]
    assert codes(HEAD + "parameter most = 3 from 2024-03-02\n" + rule.format("effective from 2024-03-02")) == []
    assert codes("parameter most = 3 from 2024-03-02\n" + rule.format("effective immediately")) == ["CR304"]


@pytest.mark.parametrize(
    "use",
    [
        "define long as message.length > most\nrule 1\n  must not\n  on message\n  if long\n  then delete\n",
        "group fresh as member.points < most\n"
        "rule 1\n  must not\n  applies to fresh\n  on message\n  if message.length > 1\n  then delete\n",
        "rule 1\n  must not\n  on message\n"
        "  if count(message by member today where message.length > most) > 1\n  then delete\n",
        'template brief\n  en "{most}"\nrule 1\n  should\n  on message\n  if message.length > 9\n  then remind brief\n',
    ],
)
def test_gaps_are_seen_through_definitions_groups_measures_and_templates(use: str) -> None:
    assert codes(HEAD + "parameter most = 3 from 2024-04-01\n" + use) == ["CR304"]


def test_midnights_are_those_of_the_zone() -> None:
    text = HEAD.replace("Asia/Shanghai", "Europe/London") + RULE.format("effective from 2024-07-01")
    assert book(text).rules[0].start == at("2024-07-01", "Europe/London")


def test_a_published_day_in_an_unknown_zone_is_told_at_the_zone() -> None:
    text = HEAD.replace("Asia/Shanghai", "Asia/Shanghei") + RULE.format("effective immediately")
    assert found(text) == [("CR201", "Asia/Shanghei")]
