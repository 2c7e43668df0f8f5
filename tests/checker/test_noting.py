"""`note`: what may be written where, in checked form and in what is told."""

from __future__ import annotations

from typing import Literal

import pytest

from communityrules.checker import canonical, checked
from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.library.table import STANDARD
from communityrules.model.values import MEMBER, NUMBER, TEXT

HEAD = """
member (city: text, level: number, tags: list of text, mentor: member, born: date)
event join_request (city: text, friend: member, tags: list of text)
parameter start = 3

rule 1
  should
  effective from 2026-01-01
  on {event}
  then note {what}
"""


def book(what: str, event: str = "join_request") -> checked.Rulebook:
    result = check(Source("a.rules", HEAD.format(what=what, event=event)))
    assert result.rulebook is not None, [one.text() for one in result.diagnostics]
    return result.rulebook


def codes(what: str, event: str = "join_request", test: str = "") -> list[str]:
    found = check(Source("a.rules", HEAD.format(what=what, event=event) + test)).diagnostics
    return [one.code for one in found if one.severity == "error"]


def test_a_field_is_read_and_another_written() -> None:
    (note,) = book("member.city as join_request.city").rules[0].actions
    city = checked.FieldRef("own", "city", TEXT, True)
    assert note.arguments == {"field": "city", "value": checked.Noted(city)}
    assert note.against == checked.FieldRef("member", "id", MEMBER)
    assert canonical.form(note)["arguments"]["value"] == {"is": "noted", "value": canonical.form(city)}


def test_what_a_label_says_takes_the_type_of_the_field() -> None:
    (note,) = book("member.city as message.labels.topic", "message").rules[0].actions
    assert note.arguments["value"] == checked.Noted(checked.FieldRef("label", "topic", TEXT))


@pytest.mark.parametrize(
    "what",
    [
        'member.city as "Oslo"',
        "member.level as 3",
        "member.level as -0.5",
        "member.level as start",
        "member.born as 2026-01-01",
        "member.tags as join_request.tags",
        "member.tags as member.roles",
        "member.mentor as join_request.member",
        "join_request.friend.mentor as join_request.friend",
        "join_request.target.level as member.points",
        "join_request.member.mentor.level as 3",
        "member.city as community.id",
    ],
)
def test_what_may_be_noted(what: str) -> None:
    assert codes(what) == []


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("member.name as join_request.city", "CR480"),
        ("member.roles as join_request.tags", "CR480"),
        ("member.points as 3", "CR480"),
        ("member.id as join_request.member", "CR480"),
        ("join_request.city as member.city", "CR480"),
        ("member.other as 3", "CR202"),
        ("member.level as join_request.city", "CR481"),
        ("member.level as 3 days", "CR481"),
        ("member.city as 3", "CR481"),
        ('member.mentor as "amy"', "CR481"),
        ("member.level as raid", "CR201"),
        ("member.mentor as profile.member", "CR206"),
        ("member.city", "CR403"),
        ("as 3", "CR403"),
        ("member.city as join_request.city today", "CR402"),
        ("city as join_request.city", "CR402"),
    ],
)
def test_what_may_not(what: str, code: str) -> None:
    assert codes(what)[:1] == [code]


def test_a_condition_is_no_fact() -> None:
    assert codes("member.level as newcomer\n\ngroup newcomer as member.tenure < 1 day") == ["CR482"]


TEST = """
test "t"
  2026-03-02
  09:00 amy join_request  expect note member.{what}
"""


def test_what_a_test_expects() -> None:
    for what in ("city", 'city as "x"', "mentor as bob", "level as 3"):
        assert codes("member.level as 3", test=TEST.format(what=what)) == []
    assert codes("member.level as 3", test=TEST.format(what="city as join_request.city")) == ["CR482"]
    assert codes("member.level as 3", test=TEST.format(what="level as true")) == ["CR481"]


def spelt(text: str, to: Literal["en", "zh"]) -> str:
    return format_file(parse(Source("a.rules", text))[0], LibraryNames(STANDARD), to)


def test_in_both_spellings() -> None:
    text = HEAD.format(
        what='member.city as "Oslo", note join_request.target.level as -3, note join_request.friend.mentor as '
        "join_request.member",
        event="join_request",
    )
    english = spelt(text, "en")
    chinese = spelt(english, "zh")
    assert '记下 成员.city 为 "Oslo",记下 申请入群.对象.level 为 -3' in chinese
    assert spelt(chinese, "en") == english
    one, other = (check(Source("a.rules", each)).rulebook for each in (english, chinese))
    assert one is not None
    assert other is not None
    assert one.digest == other.digest
    (note,) = book("member.level as start").rules[0].actions
    assert note.arguments["value"] == checked.Noted(checked.ParameterRef("start", NUMBER))
