"""Caps by period, what is taken back, leaderboards, graces, facts and amounts by parameter go through sheets."""

from __future__ import annotations

import pytest
from test_workbook import LANGUAGES

from communityrules.checker.check import check
from communityrules.diagnostics.message import Language
from communityrules.diagnostics.source import Source
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.tables.workbook.entering import enter
from communityrules.tables.workbook.grid import raw
from communityrules.tables.workbook.leaving import leave

BOOK = """\
rulebook "Points"
  timezone Asia/Shanghai

member (level: number)
event order (amount: number)
parameter spell = 10 minutes, 1 hour from 2026-07-01
parameter most = 10
parameter part = 80%
group staff as member.roles has "service"

penalty ladder over spell
  1st: warn
  appeal once to staff within spell

leaderboard talkers top 10 by count(message by member this week)

rule 1 "Thanks"
  should
  effective from 2026-01-01
  review by 2027-01-01
  on message
  if message.text contains "thanks"
  then award 2 points up to 10 today

rule 2
  should
  on delete
  then take back rule 1

rule 3
  should
  on ranked
  if ranked.position <= 3
  then award 50 points

rule 4
  must not
  effective from 2026-01-01
  on message
  if count(message by member within spell) > 3
  then penalty ladder

rule 5
  must
  responsible staff
  on order
  then note member.level as order.amount, note order.target.level as -3, award 2 points up to most today
  require reply within 1 day, at part remind, at spell before notify staff, if late notify staff

amend rule 1 from 2026-07-01 grace 14 days
  if message.text contains "many thanks"
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_come_back_from_sheets(language: Language) -> None:
    source = Source("points.rules", BOOK)
    file, problems = parse(source)
    assert not problems
    entered = enter(raw(leave(file, LibraryNames(), language)))
    again, wrong = parse(Source("again.rules", entered.text))
    assert not wrong
    first, second = check(source).rulebook, check(Source("again.rules", entered.text)).rulebook
    assert first is not None
    assert second is not None
    assert first.digest == second.digest
    assert again is not None
