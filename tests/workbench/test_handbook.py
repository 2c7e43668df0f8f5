"""The handbook of a rulebook: what members read of it, and how it has changed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from communityrules import RulesError
from communityrules.checker.files import folder_reader, read_file
from communityrules.diagnostics.source import Source
from communityrules.library.registry import standard_library
from communityrules.workbench.handbook.document import write_document
from communityrules.workbench.handbook.page import write_page
from communityrules.workbench.handbook.parts import Change, Handbook
from communityrules.workbench.handbook.reading import read_handbook
from communityrules.workbench.handbook.sheets import write_sheets

ROOT = Path(__file__).parents[2]
BOOK = """\
rulebook "Chess club"
  version "2"
  timezone Asia/Shanghai
  published 2026-01-01
  purpose "People play here."

# A remark that is nobody's business.
use "words.rules"

group wardens as member.roles has "warden"
list rude = "numbskull", "oaf"
pattern table_number = /table \\d+/
parameter a_day = 3 from 2026-01-01, 5 from 2026-07-01
parameter secret_word = "swordfish"

template slow from 2026-01-01 through 2026-06-30
  en "At most {a_day} a day, {member.name}."
  zh "每天最多 {a_day} 条。"

template slow from 2026-07-01
  en "Up to {a_day} a day."
  zh "每天至多 {a_day} 条。"

penalty ladder over 30 days
  1st: warn
  then on: mute 1 day
  appeal once to wardens within 7 days

power wardens may delete, mute up to 1 day

rule 1 "Enough is enough"
  content "Three a day."
  should
  applies to everyone except wardens
  effective immediately
  review by 2026-12-01
  on message
  if count(message by member today) > a_day
  then remind slow

rule 2 "No insults"
  must not
  effective immediately
  on message
  if message.text contains any of (rude, "dimwit", "dolt") or message.text matches /fool+/
  then delete, penalty ladder

rule 3 "Questions are answered"
  content "Whoever asks gets an answer."
  must
  responsible wardens
  effective from 2026-02-01
  trial through 2026-02-14
  on feedback
  require reply within 1 day, priority urgent within 2 hours, at 80% remind, if late notify wardens

rule 4 "Winter"
  content "Coats on."
  should
  effective from 2026-01-01 through 2026-03-15
  on message
  if message.text is "cold" or message.text contains secret_word or member.name contains "grouch"
  then remind "Coats on."

amend rule 1 from 2026-07-01
  content "Five a day."

amend rule 2 from 2026-10-01 grace 14 days
  if message.text contains any of rude

repeal rule 3 from 2027-01-01

test "a test"
  2026-05-01
  09:00 amy message "you oaf"  expect delete
"""
WORDS = 'list borrowed = "knave", "rogue"\n'


def handbook(text: str = BOOK, day: str | None = None, language: Any = "en", show_lists: bool = False) -> Handbook:
    found = read_handbook(
        Source("club.rules", text),
        standard_library(),
        lambda name: Source(name, WORDS),
        day=date.fromisoformat(day) if day is not None else None,
        languages=(language,),
        show_lists=show_lists,
    )
    return found[0]


class Page(HTMLParser):
    """What stands in a page, and whether it hangs together."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.said: list[str] = []
        self.feed(data.decode("utf-8"))
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(unquote(value or ""))
            if name.startswith("on"):
                self.handlers.append(name)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.said.append(data)


def cells(data: bytes) -> Iterator[Any]:
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def everything(book: Handbook) -> str:
    """All that any of the three forms says."""
    told = [write_page(book, {}).decode(), write_document(book).decode()]
    return "\n".join([*told, *(str(cell.value) for cell in cells(write_sheets(book)))])


def changes(book: Handbook) -> list[tuple[str, bool, str, str]]:
    return [(str(on.day), on.coming, one.rule, one.what) for on in book.history for one in on.changes]


def change(book: Handbook, day: str, rule: str) -> Change:
    return next(one for on in book.history if str(on.day) == day for one in on.changes if one.rule == rule)


# --- what is in force -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        (None, ["1", "2", "4"]),
        ("2025-12-31", []),
        ("2026-02-01", ["1", "2", "3", "4"]),
        ("2026-03-15", ["1", "2", "3", "4"]),
        ("2026-03-16", ["1", "2", "3"]),
        ("2026-12-31", ["1", "2", "3"]),
        ("2027-01-01", ["1", "2"]),
    ],
)
def test_the_rules_of_a_day(day: str | None, rules: list[str]) -> None:
    assert [one.id for one in handbook(day=day).rules] == rules


def test_without_a_day_it_is_the_published_one_else_the_latest_that_the_rulebook_names() -> None:
    assert handbook().day == date(2026, 1, 1)
    undated = BOOK.replace("  published 2026-01-01\n", "").replace("3 from 2026-01-01", "3")
    assert handbook(undated.replace("slow from 2026-01-01 through", "slow through")).day == date(2027, 1, 1)
    bare = 'rule 1\n  must not\n  on message\n  if message.text contains "x"\n  then flag\n'
    assert handbook(bare).day is None
    assert [one.id for one in handbook(bare).rules] == ["1"]
    assert handbook(bare.replace("  on", "  effective through 2026-05-05\n  on")).day == date(2026, 5, 5)


def test_a_rule_tells_whom_where_when_and_what_follows() -> None:
    first, second, third = handbook(day="2026-10-05").rules
    assert (first.content, first.applies_to, first.modality) == ("Five a day.", "everyone except wardens", "should")
    assert (first.since, first.text_since) == (date(2026, 1, 1), date(2026, 7, 1))
    assert [line.text for line in first.consequences] == ["remind slow", "Up to 5 a day."]
    assert second.described
    assert second.content == "on message, if message.text contains any of rude, then delete, penalty ladder"
    assert second.penalties == ("ladder",)
    assert second.marks == ("in grace until 2026-10-15: what only the new text catches is only reminded",)
    assert third.marks == ("last day 2026-12-31",)
    assert handbook(day="2026-02-14").rules[2].marks[0] == "on trial through 2026-02-14: recorded only"
    assert handbook(day="2026-02-15").rules[2].marks == ("last day 2026-12-31",)


def test_a_message_is_told_as_on_that_day() -> None:
    assert handbook().rules[0].consequences[1].text == "At most 3 a day, …."
    assert handbook(language="zh", day="2026-07-01").rules[0].consequences[1].text == "每天至多 5 条。"


def test_penalties_duties_and_parameters() -> None:
    book = handbook(day="2026-03-01")
    (penalty,) = book.penalties
    assert [(one.label, one.text) for one in penalty.steps] == [("1st", "warn"), ("then on", "mute 1 day")]
    assert (penalty.over, penalty.notes) == (
        "Offences of the last 30 days count.", ("appeal once to wardens within 7 days",),
    )  # fmt: skip
    (duty,) = book.duties
    assert (duty.who, duty.what, duty.when) == ("wardens", "reply within 1 day", "on feedback")
    assert duty.more == ("priority urgent within 2 hours", "at 80% remind")
    assert duty.if_late == "notify wardens"
    assert book.parameters[0].now == "3"
    assert book.powers == ("wardens may delete, mute up to 1 day",)
    assert book.review == (date(2026, 12, 1), ("1",))
    assert handbook(day="2026-12-02").review is None


def test_a_length_may_be_a_parameter() -> None:
    text = BOOK.replace("penalty ladder over 30 days", "parameter season = 30 days\npenalty ladder over season")
    (penalty,) = handbook(text, day="2026-03-01").penalties
    assert penalty.over == "Offences of the last season count."


def test_in_chinese_the_language_is_chinese_and_the_writers_words_are_not_translated() -> None:
    book = handbook(language="zh", day="2026-03-01")
    assert book.rules[0].applies_to == "所有人 除了 wardens"
    assert [(one.label, one.text) for one in book.penalties[0].steps] == [("第1次", "警告"), ("此后", "禁言 1天")]
    assert book.duties[0].what == "回复 限时 1天"
    assert {one.name: one.meaning for one in book.terms}["rude"] == "2 个条目"


def test_the_group_that_is_always_there_is_explained_unless_the_rulebook_has_its_own() -> None:
    rule = (
        "rule 1\n  must not\n  applies to everyone except staff\n  on message\n  if message.length > 9\n  then flag\n"
    )
    terms = handbook(rule).terms
    assert [(one.name, one.meaning) for one in terms] == [
        ("staff", "members with one of the roles owner, admin, moderator, service")
    ]
    own = 'group staff as member.roles has "boss"\n\n'
    assert [one.meaning for one in handbook(own + rule).terms] == ['member.roles has "boss"']


# --- the history ------------------------------------------------------------------------------------------------


def test_every_dated_change_newest_first_and_what_is_coming_marked() -> None:
    assert changes(handbook(day="2026-10-01")) == [
        ("2027-01-01", True, "3", "Repealed"),
        ("2026-10-15", True, "2", "The grace is over: the new text applies in full"),
        ("2026-10-01", False, "2", "Amended"),
        ("2026-07-01", False, "1", "Amended"),
        ("2026-07-01", False, "", "a_day changes"),
        ("2026-07-01", False, "", "The message slow changes"),
        ("2026-03-16", False, "4", "No longer in force (last day 2026-03-15)"),
        ("2026-02-15", False, "3", "The trial is over: it applies in full"),
        ("2026-02-01", False, "3", "Comes into force"),
        ("2026-01-01", False, "", "Published, version 2"),
        ("2026-01-01", False, "", "a_day is set"),
        ("2026-01-01", False, "", "The message slow changes"),
    ]


def test_old_and_new_text_stand_side_by_side() -> None:
    book = handbook(day="2026-10-05")
    (text,) = change(book, "2026-07-01", "1").differences
    assert (text.label, text.before, text.after) == ("Text", "Three a day.", "Five a day.")
    page = write_page(book, {}).decode()
    assert "<del>Three</del> a day." in page
    assert "<ins>Five</ins> a day." in page
    amended = change(book, "2026-10-01", "2")
    assert amended.notes == ("in grace until 2026-10-15: what only the new text catches is only reminded",)
    (condition,) = amended.differences
    assert condition.before is not None
    assert "[2 words]" in condition.before
    assert change(book, "2027-01-01", "3").differences[0].after is None


# --- what stays inside ------------------------------------------------------------------------------------------

INSIDE = ["numbskull", "oaf", "dimwit", "dolt", "fool+", "cold", "swordfish", "grouch", "knave", "business", "a test"]


@pytest.mark.parametrize("day", ["2026-01-01", "2026-02-20", "2026-10-05"])
def test_words_that_rules_look_for_tests_and_comments_stay_inside(day: str) -> None:
    told = everything(handbook(day=day))
    assert [one for one in INSIDE if one in told] == []
    assert "2 entries" in told


def test_what_is_no_word_of_members_can_be_read() -> None:
    condition = 'message.topic is one of ("ads", "spam") or member.roles has "guest"'
    rule = f"rule 1\n  must not\n  on message\n  if {condition}\n  then flag\n"
    assert handbook(rule).rules[0].particulars[1].text == condition


def test_names_are_words_of_members_in_either_spelling() -> None:
    rule = '规则 1\n  禁止\n  当 消息\n  若 成员.昵称 是 "坏人" 或 消息.文本 是 "坏话"\n  则 标记\n'
    told = everything(handbook(rule, language="zh"))
    assert "坏" not in told
    assert "1 个词" in told


def test_lists_are_shown_when_asked_for() -> None:
    told = everything(handbook(show_lists=True, day="2026-01-02"))
    assert [one for one in INSIDE[:8] if one not in told] == []
    assert [one for one in INSIDE[8:] if one in told] == []


# --- hostile texts ----------------------------------------------------------------------------------------------

NASTY = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</style><svg onload=alert(1)>", "=1+1",
    "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "[click](javascript:alert(1))", "![x](http://x.example/y.png)",
    "| a | b |", "# heading", "`code`", "1. list", "> quote", "&lt;b&gt;", "\u202eevil\u202c", "*bold*",
]  # fmt: skip


def hostile(nasty: str) -> str:
    said = nasty.replace("\\", "\\\\").replace('"', '\\"')
    return f"""\
rulebook "{said}"
  version "{said}"
  published 2026-01-01
  purpose "{said}"

template words
  en "{said}"

rule "{said}" "{said}"
  content "{said}"
  must not
  effective from 2026-02-01
  on message
  if message.text contains any of ("{said}", "x")
  then delete, remind words

amend rule "{said}" from 2026-03-01
  content "{said} {said}"
"""


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_in_a_rulebook_is_ever_markup_or_a_formula(nasty: str) -> None:
    book = handbook(hostile(nasty), "2026-03-01")
    assert len(book.rules) == 1
    page = Page(write_page(book, {}))
    assert page.seen <= {
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "h1", "h2", "h3", "p", "ul", "li",
        "nav", "a", "section", "div", "table", "thead", "tbody", "tr", "th", "td", "article", "span", "dl", "dt", "dd",
        "details", "summary", "time", "br", "strong", "code", "del", "ins",
    }  # fmt: skip
    assert page.handlers == []
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert "\u202e" not in "".join(page.said)
    assert nasty.replace("\u202e", "\ufffd").replace("\u202c", "\ufffd") in "".join(page.said)
    for line in write_document(book).decode().split("\n"):
        # What is left when signs with a backslash, and what is ours, are taken away.
        ours = r'\\.|<br>|<a id="[^"<]*"></a>|\*\*|`[0-9a-f]{64}`'
        assert not set("<[`*") & set(re.sub(ours, "", line)), line
        assert not re.match(r"[+=>]|1\. |# heading", line), line
    for cell in cells(write_sheets(book)):
        assert cell.data_type == "s", cell.value


def test_a_rule_named_by_anything_has_a_place_of_its_own() -> None:
    rules = "".join(
        f'rule "{name}"\n  must not\n  on message\n  if message.text contains "x"\n  then flag\n\n'
        for name in ("a b", "a-b", "a/b", "???", "!!!", "第十五条")
    )
    book = handbook(rules)
    assert [one.anchor for one in book.rules] == [
        "rule-a-b", "rule-a-b-2", "rule-a-b-3", "rule-_", "rule-_-2", "rule-第十五条",
    ]  # fmt: skip
    Page(write_page(book, {}))


# --- the forms --------------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_else() -> None:
    page = write_page(handbook(day="2026-10-05"), {"zh": "index.zh.html"}).decode()
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    for word in ("http://", "https://", "url(", "@import", "<script", "<link"):
        assert word not in page
    assert 'href="index.zh.html"' in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_the_same_rulebook_gives_the_same_bytes() -> None:
    for write in (lambda book: write_page(book, {}), write_document, write_sheets):
        assert write(handbook(day="2026-10-05")) == write(handbook(day="2026-10-05"))
    archive = zipfile.ZipFile(io.BytesIO(write_sheets(handbook())))
    assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_the_digest_is_that_of_the_rulebook_and_stands_in_each_form() -> None:
    book = handbook()
    assert book.digest == handbook(BOOK.replace("# A remark that is nobody's business.\n", "")).digest
    for data in (write_page(book, {}), write_document(book)):
        assert book.digest.encode() in data
    assert book.digest in [cell.value for cell in cells(write_sheets(book))]


def test_a_rulebook_with_errors_has_no_handbook() -> None:
    with pytest.raises(RulesError):
        handbook("rule 1\n  must not\n  on message\n  if message.text contains any of nothing\n  then flag\n")


@pytest.mark.parametrize("file", ["14-rule-updates.rules", "14-rule-updates.zh.rules"])
def test_the_cookbooks_rulebook_tells_its_changes(file: str) -> None:
    path = ROOT / "examples" / "cookbook" / file
    (book,) = read_handbook(read_file(path), standard_library(), folder_reader(path.parent), day=date(2026, 10, 5))
    assert [one.id for one in book.rules] == ["1", "2", "4", "5", "6"]
    assert [str(one.day) for one in book.history if one.coming] == ["2027-01-01", "2026-10-15"]
    assert book.review == (date(2026, 12, 1), ("1", "2"))
    Page(write_page(book, {}))
