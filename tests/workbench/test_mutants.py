"""Mutants: small changes, each in one place, and which of them tests notice."""

from __future__ import annotations

from collections import Counter

import pytest

from communityrules.diagnostics.source import Source
from communityrules.library.table import STANDARD
from communityrules.workbench.mutants import Mutants, Tried

BOOK = """rulebook "Mutants"
  version "1"
  language en
  timezone Asia/Shanghai

list ads = "buy now"
define flooding as count(message by member within 1 minute) > 2

rule 1 "Ads and floods"
  must not
  applies to everyone
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
  10:00 dan message "one"       expect nothing
  10:00 amy message "two"       expect nothing
  10:01 amy message "three"     expect delete
  10:02:01 amy message "four"   expect nothing
  10:02:50 amy message "five"   expect nothing
"""


def run(text: str, budget: int | None = None) -> tuple[Mutants, Tried]:
    made = Mutants(Source("book.rules", text), STANDARD, budget=budget)
    return made, made.run()


def lines(text: str) -> set[tuple[str, str | None]]:
    """The sentences that no test notices, before and after."""
    made, tried = run(text)
    return {made.words(one) for one in tried.survivors}


def test_each_changes_one_thing() -> None:
    made = Mutants(Source("book.rules", BOOK + WEAK), STANDARD)
    kinds = Counter(one.change.kind for one in made.chosen)
    assert kinds == {"removed": 10, "operator": 3, "boundary": 1, "limit": 4}
    words = [made.words(one) for one in made.chosen]
    assert all(before != after for before, after in words)
    assert ("then delete, warn", "then warn") in words
    assert ("define flooding as count(message by member within 1 minute) > 2",
            "define flooding as count(message by member within 59 seconds) > 2") in words  # fmt: skip
    assert ('rule 1 "Ads and floods"', None) in words


def test_weak_tests_let_most_live() -> None:
    _, tried = run(BOOK + WEAK)
    assert tried.killed < tried.tried / 2
    flooding = "define flooding as count(message by member within 1 minute)"
    assert {
        (f"{flooding} > 2", f"{flooding} >= 2"),
        ("if message.text contains any of ads or flooding", "if message.text contains any of ads"),
        ("then delete, warn", "then delete"),
    } <= lines(BOOK + WEAK)


def test_strong_tests_let_none_live() -> None:
    assert lines(BOOK + STRONG) == set()


def test_it_says_where_and_in_both_spellings() -> None:
    made, tried = run(BOOK + WEAK)
    (one,) = [one for one in tried.survivors if made.words(one)[1] == "then delete"]
    assert (one.file, one.line, one.rule) == ("book.rules", 14, "1")
    assert made.words(one, "zh") == ("则 删除,警告", "则 删除")


def test_what_check_refuses_or_what_is_the_same_is_no_mutant() -> None:
    made, tried = run(BOOK + WEAK)
    # Without `applies to everyone` the rule is the same; without `on` it is none.
    assert tried.tried < len(made.chosen)
    assert ("applies to everyone", None) not in lines(BOOK + WEAK)


def test_a_budget_is_kept_and_told() -> None:
    everything = Mutants(Source("book.rules", BOOK + WEAK), STANDARD)
    made, tried = run(BOOK + WEAK, budget=5)
    assert len(made.chosen) == 5
    assert tried.left_out == len(everything.chosen) - 5
    # At equal distances, and the same ones every time.
    again, tried_again = run(BOOK + WEAK, budget=5)
    assert [one.line for one in made.chosen] == [one.line for one in again.chosen]
    assert made.chosen[0].line < made.chosen[-1].line
    assert (tried.tried, tried.killed) == (tried_again.tried, tried_again.killed)


DUTIES = """rulebook "Duties"
  language en
  timezone Asia/Shanghai

calendar office
  Monday to Friday 09:00 to 18:00

penalty ladder over 30 days
  1st: warn
  2nd: mute 1 day
  then on: ban 1 to 7 days set by managers
  appeal once to managers within 7 days
  at most 5 times within 1 day by member

group managers as member.roles has "manager"
group leads as member.roles has any of ("lead", "head")
parameter most = 2, 3 from 2027-01-01
metric load as count(message within 1 hour) / 10

power leads may delete, mute up to 1 day, above that hold for managers
breaker 5% of members and at least 50 members within 1 day, then notify managers
leaderboard top_talkers top 3 by count(message by member this week)

rule 1
  must
  applies to everyone except managers, leads
  responsible each leads
  on feedback, complaint
  require reply at least 2 times within 8 hours by office, priority urgent within 1 hour, at 80% remind, if late warn
  cooldown 1 hour

rule 2
  must not
  in "lobby"
  on message
  if not (message.text matches /a+/) and at least 2 of
    (load > 1, event.time outside 08:00 to 22:00, member.tenure < 3 days)
  then hold for leads quorum 2 within 1 day, if late reject, penalty ladder

rule 3
  must
  applies to managers
  responsible managers
  every week
  require announcement at least 2 times, if late notify leads

rule 4
  should
  effective from 2026-01-01 through 2026-12-31
  on rating
  if tally(2 if rating.score >= most, 1 if rating.score between 1 and 2) >= 2 and rating.score + 1 > 2
  then award 5 points up to 10 today, label liked for 3 days

table words on message, first match
  | rule | if | then |
  | W-1 | message.text contains any of ("x", "y") | flag |
  | W-2 | otherwise | notify managers |

amend rule 3 from 2026-06-01
  require announcement at least 3 times, if late notify leads

repeal rule 2 from 2026-09-01

test "nothing"
  2026-01-05
  09:00 bob message "b"
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Monday to Friday 09:00 to 18:00", "Monday to Friday 10:00 to 18:00"),
        ("penalty ladder over 30 days", "penalty ladder"),
        ("penalty ladder over 30 days", "penalty ladder over 29 days"),
        ("2nd: mute 1 day", "2nd: mute 23 hours"),
        ("2nd: mute 1 day", None),
        ("then on: ban 1 to 7 days set by managers", "then on: ban 2 to 7 days set by managers"),
        ("then on: ban 1 to 7 days set by managers", "then on: ban 1 to 8 days set by managers"),
        ("appeal once to managers within 7 days", "appeal to managers within 7 days"),
        ("appeal once to managers within 7 days", None),
        ("at most 5 times within 1 day by member", "at most 6 times within 1 day by member"),
        ("at most 5 times within 1 day by member", "at most 5 times within 1 day"),
        ('group managers as member.roles has "manager"', 'group managers as not member.roles has "manager"'),
        ("parameter most = 2, 3 from 2027-01-01", "parameter most = 1, 3 from 2027-01-01"),
        ("metric load as count(message within 1 hour) / 10", "metric load as count(message within 1 hour) * 10"),
        ("power leads may delete, mute up to 1 day, above that hold for managers",
         "power leads may delete, mute up to 1 day"),
        ("power leads may delete, mute up to 1 day, above that hold for managers",
         "power leads may mute up to 1 day, above that hold for managers"),
        ("breaker 5% of members and at least 50 members within 1 day, then notify managers", None),
        ("breaker 5% of members and at least 50 members within 1 day, then notify managers",
         "breaker 6% of members and at least 50 members within 1 day, then notify managers"),
        ("applies to everyone except managers, leads", "applies to everyone except managers"),
        ("applies to everyone except managers, leads", None),
        ("responsible each leads", "responsible leads"),
        ("on feedback, complaint", "on feedback"),
        ("cooldown 1 hour", None),
        ("cooldown 1 hour", "cooldown 59 minutes"),
        ('in "lobby"', None),
        ("require announcement at least 2 times, if late notify leads", "require announcement, if late notify leads"),
        ("require announcement at least 2 times, if late notify leads", "require announcement at least 2 times"),
        ("every week", "every 2 weeks"),
        ("effective from 2026-01-01 through 2026-12-31", "effective from 2026-01-01"),
        ("then award 5 points up to 10 today, label liked for 3 days", "then award 5 points, label liked for 3 days"),
        ("then award 5 points up to 10 today, label liked for 3 days",
         "then award 5 points up to 11 today, label liked for 3 days"),
        ("then award 5 points up to 10 today, label liked for 3 days",
         "then award 5 points up to 10 today, label liked"),
        ("then award 5 points up to 10 today, label liked for 3 days", "then label liked for 3 days"),
        ('if message.text contains any of ("x", "y")', 'if message.text contains all of ("x", "y")'),
        ("W-1", None),
        ("table words on message, first match", "table words on message"),
        ("amend rule 3 from 2026-06-01", None),
        ("repeal rule 2 from 2026-09-01", None),
        ("then hold for leads quorum 2 within 1 day, if late reject, penalty ladder",
         "then hold for leads within 1 day, if late reject, penalty ladder"),
        ("then hold for leads quorum 2 within 1 day, if late reject, penalty ladder",
         "then hold for leads quorum 3 within 1 day, if late reject, penalty ladder"),
        ("then hold for leads quorum 2 within 1 day, if late reject, penalty ladder",
         "then hold for leads quorum 2 within 1 day"),
    ],
)  # fmt: skip
def test_every_construct_is_changed(before: str, after: str | None) -> None:
    assert (before, after) in CHANGED


def _changed() -> set[tuple[str, str | None]]:
    made = Mutants(Source("duties.rules", DUTIES), STANDARD)
    return {made.words(one) for one in made.chosen}


CHANGED = _changed()
DUTY = "".join(
    (
        "require reply at least 2 times within 8 hours by office, priority urgent within 1 hour, ",
        "at 80% remind, if late warn",
    )
)
NIGHT = (
    "if not (message.text matches /a+/) and at least 2 of "
    "(load > 1, event.time outside 08:00 to 22:00, member.tenure < 3 days)"
)
SCORE = "if tally(2 if rating.score >= most, 1 if rating.score between 1 and 2) >= 2 and rating.score + 1 > 2"


@pytest.mark.parametrize(
    ("sentence", "word", "other"),
    [
        (DUTY, " at least 2 times", ""), (DUTY, "8 hours", "9 hours"), (DUTY, " by office", ""),
        (DUTY, "1 hour,", "59 minutes,"), (DUTY, ", priority urgent within 1 hour", ""), (DUTY, "80%", "79%"),
        (DUTY, ", at 80% remind", ""), (DUTY, ", if late warn", ""),
        (NIGHT, "not (message.text matches /a+/)", "(message.text matches /a+/)"), (NIGHT, ") and at", ") or at"),
        (NIGHT, "2 of", "3 of"), (NIGHT, "load > 1", "load >= 1"), (NIGHT, "load > 1", "load <= 1"),
        (NIGHT, "3 days", "2 days"), (NIGHT, "08:00", "07:00"), (NIGHT, "load > 1, ", ""),
        (NIGHT, "outside 08:00 to 22:00", "between 08:00 and 22:00"),
        (NIGHT, "not (message.text matches /a+/) and ", ""), (SCORE, "tally(2 if", "tally(3 if"),
        (SCORE, ", 1 if rating.score between 1 and 2", ""), (SCORE, "score + 1", "score - 1"),
    ],
)  # fmt: skip
def test_every_part_of_a_sentence_is_changed(sentence: str, word: str, other: str) -> None:
    found = {after for before, after in CHANGED if before == sentence}
    assert sentence.replace(word, other) in found, sorted(map(str, found))


SAID = """rulebook "Said"
  language en
  timezone Asia/Shanghai

list ads = "a", "b"
place desk as event.channel is "wechat" and not event.place is "staff room"
place lobby = "a", "b"
template hello
  en "Hello."

rule 1
  must
  in desk, lobby
  on message
  if message.text contains any of ads
  then remind hello, remind staff, flag to staff, reject with hello, notify staff with hello

rule 2
  must not
  on message
  if message.length > 3
  then remind "Hello.", reject with "No.", notify staff with "Look.", label seen, ban 1 day, delete
"""


def test_names_of_templates_and_groups_are_left_out_and_texts_are_not() -> None:
    made = Mutants(Source("said.rules", SAID), STANDARD)
    changed = {made.words(one) for one in made.chosen}
    first = "then remind hello, remind staff, flag to staff, reject with hello, notify staff with hello"
    for said, other in (
        ("remind hello", "remind"),
        ("remind staff", "remind"),
        ("flag to staff", "flag"),
        ("reject with hello", "reject"),
        ("notify staff with hello", "notify staff"),
    ):
        assert (first, first.replace(said, other)) in changed
    second = 'then remind "Hello.", reject with "No.", notify staff with "Look.", label seen, ban 1 day, delete'
    after = {found for before, found in changed if before == second}
    assert second.replace("ban 1 day", "ban") in after
    for said, other in (('remind "Hello."', "remind"), (' with "No."', ""), (' with "Look."', ""), (" seen", "")):
        assert second.replace(said, other) not in after


def test_the_condition_of_a_place_is_changed_and_its_names_and_words_of_lists_are_not() -> None:
    made = Mutants(Source("said.rules", SAID), STANDARD)
    changed = {made.words(one) for one in made.chosen}
    desk = 'place desk as event.channel is "wechat" and not event.place is "staff room"'
    assert (desk, 'place desk as event.channel is "wechat"') in changed
    assert (desk, desk.replace('channel is "', 'channel is not "')) in changed
    assert not [before for before, _ in changed if before.startswith(("list", "place lobby", "template"))]
