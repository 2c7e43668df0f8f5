"""What a test may expect: what happened, what did not, duties, cases and balances."""

from __future__ import annotations

import pytest

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.library.table import STANDARD
from communityrules.workbench.testing import run_tests

BOOK = """rulebook "Expecting"
  language en
  timezone Asia/Shanghai

group managers as member.roles has "manager"

penalty ladder
  1st: warn
  2nd: mute 1 day
  then on: mute 7 days
  appeal once to managers within 7 days

rule 1
  must not
  applies to everyone
  on message
  if message.text contains "advert"
  then delete, penalty ladder

rule 2
  must
  applies to everyone
  responsible staff
  on feedback
  require reply within 1 day, if late notify managers

rule 3
  should
  applies to everyone
  on rating
  if rating.score >= 5
  then award 5 points

rule 4
  must
  applies to everyone
  on complaint
  then alert storm, flag

rule 5
  must
  on report
  then remind against report.member

test "lines"
  2026-01-05
  given mia (roles: "manager")
  given sue (roles: "service")
"""


def failing(*lines: str) -> list[list[str]]:
    """What was missing or not wanted, line by line that failed."""
    found = check(Source("book.rules", BOOK + "".join(f"  {line}\n" for line in lines)))
    assert found.rulebook is not None, found.diagnostics
    (result,) = run_tests(found.rulebook, STANDARD).results
    return [[item.span.text for item in one.missing.items] for one in result.failures]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        ("delete, warn under 1", []),
        ("no mute", []),
        ("delete under 1, no mute", []),
        ("no delete", ["no delete"]),
        ("warn, no delete, no hold", ["no delete"]),
        ("no delete under 2", []),
        ("nothing under 2", []),
        ("delete under 1, nothing under 2", []),
        ("nothing under 1", ["nothing under 1"]),
        ("nothing", ["nothing"]),
        ("no duty reply, no case", []),
        ("no mute 1 day, no mute 7 days", []),
    ],
)
def test_what_did_not_happen(expected: str, wrong: list[str]) -> None:
    assert failing(f'09:00 bob message "advert"  expect {expected}') == ([wrong] if wrong else [])


def test_an_argument_narrows_what_did_not_happen() -> None:
    first = '09:00 bob message "advert"'
    assert failing(first, '10:00 bob message "advert"  expect mute 1 day, no mute 7 days') == []
    assert failing(first, '10:00 bob message "advert"  expect no mute 1 day') == [["no mute 1 day"]]


def test_a_group_that_was_not_told_is_not_expected() -> None:
    """Where an action says no group, none fits: neither one of the rulebook nor one of the library."""
    line = '09:00 bob complaint "leaks"'
    assert failing(f"{line}  expect alert storm, flag under 4") == []
    assert failing(f"{line}  expect alert storm to managers") == [["alert storm to managers"]]
    assert failing(f"{line}  expect flag everyone") == [["flag everyone"]]


def test_whom_an_action_fell_on() -> None:
    """Members of a test need no declaration, there either."""
    report = "09:10 amy report bob"
    assert failing(f"{report}  expect remind against amy under 5, no remind against bob") == []
    assert failing(f"{report}  expect remind against bob") == [["remind against bob"]]
    given_a_week = '10:00 bob message "advert"'
    assert failing('09:00 bob message "advert"', f"{given_a_week}  expect mute 1 day against bob") == []
    late = "24 hours later"
    assert failing('09:00 amy feedback "x"', f"{late}  expect notify managers, no remind against staff") == []


def test_whom_an_action_cannot_fall_on() -> None:
    for wanted in ("delete against bob", "remind against report.member"):
        found = check(Source("book.rules", f"{BOOK}  09:10 amy report bob  expect {wanted}\n"))
        assert found.diagnostics, wanted


def test_duties() -> None:
    asked = '09:00 amy feedback "broken"  expect duty reply, no duty reply late'
    assert failing(asked, '09:30 sue reply "on it"  expect duty reply met under 2, no duty reply') == []
    assert failing(asked, "24 hours later  expect duty reply staff late, notify managers") == []
    assert failing(asked, '09:30 sue reply "on it"  expect duty reply staff met') == []
    assert failing('09:00 amy feedback "broken"  expect duty reply managers') == [["duty reply managers"]]
    assert failing('09:00 amy feedback "broken"  expect duty resolved') == [["duty resolved"]]


def test_cases() -> None:
    before = '09:00 bob message "advert"'
    assert failing(before, "10:00 bob appeal  expect case managers", "10:01 mia approve  expect case approved") == []
    assert failing(before, "10:00 bob appeal  expect no case", "10:01 mia reject  expect case approved") == [
        ["no case"], ["case approved"],
    ]  # fmt: skip


def test_balances() -> None:
    first = "09:00 amy rating sue (score: 5)  expect balance sue 5, award 5 points"
    assert failing(first, "09:01 bob rating sue (score: 5)  expect balance 10 under 3") == []
    assert failing(first, "09:01 bob rating sue (score: 4)  expect no balance sue 5, no balance 10") == []


def test_a_step_that_is_counted_again_is_seen() -> None:
    lines = [
        '09:00 bob message "advert"  expect warn',
        '10:00 bob message "advert"  expect mute 1 day',
        # The first offence is taken back, so that the second one costs what a first one does.
        "11:00 bob appeal",
        "11:01 mia approve",
    ]
    found = failing(*lines, "12:00 bob appeal", '12:01 mia message "x"  expect no warn')
    assert found == []


def test_a_sanction_counts_once() -> None:
    assert failing('09:00 bob message "advert"  expect warn', "1 hour later  expect no warn, nothing") == []


def test_both_spellings_come_back() -> None:
    text = """test "t"
  2026-01-05
  09:00 amy feedback "x"  expect duty reply staff under 2, no duty reply late, no case, balance amy 5
  09:01 amy approve       expect case managers approved under 1, no notify managers, nothing under 3
  09:02 amy message "x"   expect hold for managers within 1 day, if late reject under 4
  09:03 amy message "x"   expect remind against amy, mute 1 day against amy under 1
"""
    names = LibraryNames(STANDARD)
    file, problems = parse(Source("t.rules", text))
    assert problems == []
    chinese = format_file(file, names, "zh")
    assert "预期 职责 回复 staff 依据 2,没有 职责 回复 已逾期,没有 案件,余额 amy 5" in chinese
    again, problems = parse(Source("t.rules", chinese))
    assert problems == []
    assert format_file(again, names, "en") == format_file(file, names, "en")


def test_unknown_names_are_refused() -> None:
    for line, code in (("duty replly", "CR207"), ("case nobody", "CR201"), ("nothing under 9", "CR211")):
        found = check(Source("book.rules", f'{BOOK}  09:00 amy feedback "x"  expect {line}\n'))
        assert [one.code[:3] for one in found.diagnostics] == [code[:3]], found.diagnostics


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        ("remind posting_limits", []),
        ('remind "At most 3 posts a day, amy."', []),
        ('remind "每天最多 3 条。"', []),
        ('notify managers with "amy posted."', []),
        ('notify managers with "{member.name} posted."', []),
        ('remind "At most 4 posts a day, amy."', ['remind "At most 4 posts a day, amy."']),
        ('notify managers with "bob posted."', ['notify managers with "bob posted."']),
        ('no remind "At most 3 posts a day, amy."', ['no remind "At most 3 posts a day, amy."']),
    ],
)
def test_the_words_that_people_read(expected: str, wrong: list[str]) -> None:
    """A text is the one that is written, or the one that was told: templates, parameters and facts filled in."""
    book = f"""rulebook "Telling"
  language en

parameter daily = 3
template posting_limits
  en "At most {{daily}} posts a day, {{member.name}}."
  zh "每天最多 {{daily}} 条。"
group managers as member.roles has "manager"

rule 1
  must
  applies to everyone
  on message
  then remind posting_limits, notify managers with "{{member.name}} posted."

test "words"
  2026-01-05
  given amy (name: "amy")
  09:00 amy message "hello"  expect {expected}
"""
    found = check(Source("book.rules", book))
    assert found.rulebook is not None, found.diagnostics
    (result,) = run_tests(found.rulebook, STANDARD).results
    missing = [item.span.text for one in result.failures for item in one.missing.items]  # type: ignore[union-attr]
    assert missing == wrong


def test_an_event_of_another_community() -> None:
    """A line may say where it happens: channel, place and community. Each community counts for itself."""
    book = """rulebook "Places"
  language en

place north as event.community is "north"

rule 1
  must not
  applies to everyone
  in north
  on message
  if count(message by member within 1 day) >= 2
  then delete

test "north"
  2026-01-05
  09:00 amy message "one"  expect nothing
  09:01 amy message "two"  expect nothing
  09:02 amy message "three" (community: "north")  expect nothing
  09:03 amy message "four" (community: "north")  expect delete under 1
  09:04 amy message "five" (community: "south")  expect nothing
"""
    found = check(Source("book.rules", book))
    assert found.rulebook is not None, found.diagnostics
    (result,) = run_tests(found.rulebook, STANDARD).results
    assert not result.failures


def test_a_matter_is_taken_over() -> None:
    """A staff action that names a member is about the latest open duty towards them."""
    book = """rulebook "Desk"
  language en

event ticket (agent: member)
group agents as member.roles has "service"

rule 1
  must
  applies to everyone
  on ticket
  then assign to ticket.agent
  require resolved within 1 day, if late notify staff

rule 2
  must
  applies to everyone
  on staff_action
  if staff_action.action is "take"
  then assign to staff_action.member

test "taken"
  2026-01-05
  given sue (roles: "service")
  given tim (roles: "service")
  09:00 bot ticket (agent: sue)  expect duty resolved sue under 1
  09:10 bo2 ticket (agent: sue)
  10:00 tim staff_action bot (action: "take")  expect duty resolved tim under 1
  11:00 sue resolved bot  expect no duty resolved met
  12:00 tim resolved bot  expect duty resolved tim met under 1
  13:00 sue resolved bo2  expect duty resolved sue met under 1
"""
    found = check(Source("book.rules", book))
    assert found.rulebook is not None, found.diagnostics
    (result,) = run_tests(found.rulebook, STANDARD).results
    assert not result.failures


HANDED = """
event booking (start: time)

rule 14
  should
  applies to everyone
  on complaint
  then assign to complaint.target priority urgent

rule 15
  must
  applies to everyone
  responsible staff
  on booking
  require approve until booking.start, if late notify staff

test "handing over"
  2026-01-05
"""


def handing(*lines: str) -> list[list[str]]:
    rules = BOOK.partition("test ")[0] + HANDED
    found = check(Source("book.rules", rules + "".join(f"  {line}\n" for line in lines)))
    assert found.rulebook is not None, found.diagnostics
    (result,) = run_tests(found.rulebook, STANDARD).results
    return [[item.span.text for item in one.missing.items] for one in result.failures]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        ("assign to sue", []),
        ("assign to sue priority urgent under 14, no assign to mia", []),
        ("assign to mia", ["assign to mia"]),
        ("no assign to staff", []),
    ],
)
def test_whom_an_assign_names(expected: str, wrong: list[str]) -> None:
    given = ('given sue (roles: "service")', 'given mia (roles: "manager")')
    assert handing(*given, f'09:00 amy complaint sue "x"  expect {expected}') == ([wrong] if wrong else [])


def test_nobody_who_is_not_in_the_test_can_be_named() -> None:
    rules = BOOK.partition("test ")[0] + HANDED
    found = check(Source("book.rules", rules + '  09:00 amy complaint "x"  expect assign to sue\n'))
    assert [one.code for one in found.diagnostics if one.severity == "error"] == ["CR201"]


def test_a_time_of_day_in_a_field() -> None:
    lines = ("09:00 amy booking (start: 2026-01-07 14:00)", "2026-01-07", '13:59:59 amy message "x" expect nothing')
    assert handing(*lines, '14:00 amy message "x"  expect notify staff under 15') == []
    lines = ("09:00 amy booking (start: 2026-01-07 24:00)", "2026-01-07", '23:59 amy message "x" expect nothing')
    assert handing(*lines, "2026-01-08", '00:00 amy message "x"  expect notify staff under 15') == []
    wrong = check(Source("book.rules", BOOK + "  09:00 amy rating mia (score: 2026-01-07 14:00)\n"))
    assert [one.code for one in wrong.diagnostics if one.severity == "error"] == ["CR230"]
