"""Powers, breakers and caps of penalties go through sheets and come back."""

from __future__ import annotations

import pytest
from test_workbook import LANGUAGES

from communityrules.checker.check import check
from communityrules.diagnostics.message import Language
from communityrules.diagnostics.source import Source
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.library.names import LibraryNames
from communityrules.tables.workbook.entering import enter
from communityrules.tables.workbook.grid import raw
from communityrules.tables.workbook.leaving import leave

BOOK = """\
rulebook "Guarded"
  timezone Asia/Shanghai

group moderators as member.roles has "moderator"
group managers as member.roles has "manager"

penalty ladder over 30 days
  1st: warn
  then on: mute 1 day
  # in proportion
  at most 20 times within 1 day
  at most 2 times within 7 days by member
  appeal once to managers within 7 days

power moderators may delete, mute up to 7 days, above that hold for managers quorum 2 within 4 hours, if late approve
power managers may mute, ban
# when it is too much
breaker 5% of members and at least 50 members within 1 day, then notify managers, alert storm

rule 1
  must not
  on message
  if message.length > 100
  then penalty ladder

rule 2
  must
  on staff_action
  if staff_action.target.roles has "manager" and staff_action.target.tenure > 3 days
  then notify managers
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_come_back_from_sheets(language: Language) -> None:
    source = Source("guarded.rules", BOOK)
    file, problems = parse(source)
    assert not problems
    entered = enter(raw(leave(file, LibraryNames(), language)))
    again, wrong = parse(Source("again.rules", entered.text))
    assert not wrong
    first, second = check(source).rulebook, check(Source("again.rules", entered.text)).rulebook
    assert first is not None
    assert second is not None
    assert first == second
    assert first.digest == second.digest
    assert format_file(again, LibraryNames(), "en").splitlines()[-1] == BOOK.splitlines()[-1]


def test_english_to_chinese_and_back_is_the_same_text() -> None:
    file, _ = parse(Source("guarded.rules", BOOK))
    assert format_file(file, LibraryNames(), "en") == BOOK
    chinese = format_file(file, LibraryNames(), "zh")
    assert "封顶 2次 最近 7天 按 成员" in chinese
    assert "权限 moderators 可 删除、禁言 至多 7天,超出则 送审 managers 票数 2 限时 4小时,逾期 通过" in chinese
    assert "熔断 5%的成员 且 至少 50名成员 最近 1天,则 通知 managers,告警 storm" in chinese
    back, wrong = parse(Source("guarded.zh.rules", chinese))
    assert not wrong
    assert format_file(back, LibraryNames(), "en") == BOOK
