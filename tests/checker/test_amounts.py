"""Parameters where a length of time or a number stands."""

from __future__ import annotations

import pytest
from books import book, found

from communityrules.checker.check import check
from communityrules.checker.checked import Action, ParameterRef
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.library.table import STANDARD
from communityrules.model.values import DURATION, NUMBER

DECLARED = """
parameter answer_time = 8 hours, 10 hours from 2025-01-01
parameter many = 2
parameter share = 50%
parameter none_at_all = 0
parameter word = "x"
group staff as member.roles has "x"
"""


def _rule(body: str) -> str:
    return f"{DECLARED}rule 1\n  must\n  responsible staff\n  on complaint\n{body}\n"


def _told(text: str) -> list[tuple[str, str]]:
    """What is said, beside that not every parameter is used."""
    return [one for one in found(text) if one[0] != "CR229"]


def test_every_place_takes_one() -> None:
    body = """  if message.length > 3
  cooldown answer_time
  then mute answer_time, award many points, label seen for answer_time, hold for staff quorum many within answer_time
  require reply at least many times within answer_time, priority urgent within answer_time"""
    (rule,) = book(_rule(body)).rules
    length, number = ParameterRef("answer_time", DURATION), ParameterRef("many", NUMBER)
    assert rule.cooldown == length
    (duty,) = rule.duties
    assert (duty.times, duty.within, duty.urgencies[0].within) == (number, length, length)
    said = [action.arguments for action in rule.actions]
    assert said == [
        {"duration": length},
        {"points": number, "unit": "points"},
        {"label": "seen", "for": length},
        {"for": "staff", "quorum": number, "within": length},
    ]


def test_steps_of_penalties_take_one() -> None:
    text = f"{DECLARED}penalty p\n  1st: warn\n  then on: ban answer_time\n"
    more = "rule 1\n  must not\n  on message\n  if message.length > 3\n  then penalty p\n"
    step = book(text + more).penalties["p"].steps[1]
    assert step.actions == (Action("ban", {"duration": ParameterRef("answer_time", DURATION)}),)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ("  then mute many", "many"),
        ("  then award answer_time points", "answer_time"),
        ("  then award share points", "share"),
        ("  then award none_at_all points", "none_at_all"),
        ("  then mute word", "word"),
        ("  cooldown many\n  then flag", "many"),
        ("  require reply within many", "many"),
        ("  require reply at least answer_time times within 1 day", "answer_time"),
        ("  then hold for staff quorum share", "share"),
    ],
)
def test_others_are_refused(body: str, at: str) -> None:
    assert _told(_rule(body)) == [("CR253", at)]


def test_a_value_for_all_the_time() -> None:
    text = _rule("  then label seen for from_2030")
    text = text.replace("parameter word", "parameter from_2030 = 1 hour from 2030-01-01\nparameter word")
    assert [code for code, _ in _told(text)] == ["CR304"]


def test_nothing_else_is_taken_for_an_amount() -> None:
    assert [code for code, _ in _told(_rule("  then mute staff"))] == ["CR402"]
    assert _told(_rule("  cooldown nobody\n  then flag")) == [("CR201", "nobody")]


def test_a_deadline_beyond_the_period() -> None:
    text = _rule("  require reply within answer_time").replace("on complaint", "every hour")
    assert [code for code, _ in _told(text)] == ["CR443"]


KEPT = """
parameter n = 3
parameter d = 1 hour
parameter half = 50%
parameter bad = 150%
group staff as member.roles has "service"

penalty ladder over {over}
  1st: warn
  then on: ban {length}
  appeal once to staff within {appeal}

rule 1
  must not
  effective from 2026-01-01
  on message
  if message.text contains "x" and count(message by member within {window}) > 3
  then penalty ladder

rule 2
  must
  effective from 2026-01-01
  responsible staff
  on feedback
  then award 2 points up to {most} today
  require reply within 1 day, at {share} remind, at {lead} before remind, if late notify staff
"""
SOUND = {"over": "d", "length": "1 day", "appeal": "d", "window": "d", "most": "n", "share": "half", "lead": "d"}


@pytest.mark.parametrize(
    ("place", "said", "code"),
    [
        ("over", "d", None),
        ("over", "n", "CR253"),
        ("appeal", "half", "CR253"),
        ("window", "n", "CR253"),
        ("window", "nothing", "CR201"),
        ("most", "d", "CR253"),
        ("most", "half", "CR253"),
        ("share", "bad", "CR253"),
        ("share", "n", "CR253"),
        ("lead", "half", "CR253"),
        ("length", "d to d set by staff", "CR402"),
    ],
)
def test_what_each_place_takes(place: str, said: str, code: str | None) -> None:
    text = KEPT.format(**{**SOUND, place: said})
    found = [one.code for one in check(Source("a.rules", text)).diagnostics if one.severity == "error"]
    assert found == ([code] if code is not None else [])


def test_a_parameter_that_begins_later_is_missed_wherever_it_stands() -> None:
    for place in ("over", "appeal", "window", "lead"):
        text = KEPT.format(**{**SOUND, place: "soon"}) + "\nparameter soon = 1 hour from 2026-02-01\n"
        found = [one.code for one in check(Source("a.rules", text)).diagnostics if one.severity == "error"]
        assert found == ["CR304"], place


def test_they_come_back_in_both_spellings() -> None:
    names = LibraryNames(STANDARD)
    english = format_file(parse(Source("a.rules", KEPT.format(**SOUND)))[0], names, "en")
    chinese = format_file(parse(Source("a.rules", english))[0], names, "zh")
    for words in ("处罚 ladder 最近 d", "限时 d", "最近 d)", "至多 n 今日", "到 half 提醒", "剩 d 时 提醒"):
        assert words in chinese
    assert format_file(parse(Source("a.rules", chinese))[0], names, "en") == english
