"""How weights and the types of labels are laid out and translated."""

from __future__ import annotations

import pytest
from reading import errors, read

from communityrules.language.format import format_file
from communityrules.library.names import LibraryNames


def formatted(text: str, to: str | None = None) -> str:
    return format_file(read(text), LibraryNames(), to)  # type: ignore[arg-type]


ENGLISH = """labels (off_topic: number, intent: text)
define suspicious as tally(  # each sign counts
  3 if message.links is not empty,
  2 if message.length > 200,
  -1 if tally(
    1 if member.tenure > 3 days,
    1 if member.points > 5,
    1 if message.labels.off_topic < 0.5
  ) >= 2
) >= 4

rule 1 "Signs"
  must not
  on message
  if suspicious or tally(2 if message.links is not empty, 1 if message.length > 9) > 1
  then delete
"""
CHINESE = """标签 (off_topic: 数值, intent: 文本)
定义 suspicious 为 计分(  # each sign counts
  3 若 消息.链接 不为空,
  2 若 消息.长度 > 200,
  -1 若 计分(
    1 若 成员.入群时长 > 3天,
    1 若 成员.积分 > 5,
    1 若 消息.标签.off_topic < 0.5
  ) >= 2
) >= 4

规则 1 "Signs"
  禁止
  当 消息
  若 suspicious 或 计分(2 若 消息.链接 不为空, 1 若 消息.长度 > 9) > 1
  则 删除
"""


def test_a_tally_has_its_conditions_below_each_other() -> None:
    assert formatted(ENGLISH) == ENGLISH
    assert formatted(ENGLISH, "zh") == CHINESE
    assert formatted(CHINESE, "en") == ENGLISH


def test_one_line_is_laid_out_as_well() -> None:
    joined = " ".join(ENGLISH.replace("  # each sign counts", "").split("rule 1")[0].splitlines()[1:])
    laid_out = formatted(joined)
    assert laid_out == ENGLISH.split("rule 1")[0].replace("  # each sign counts", "").partition("\n")[2].rstrip() + "\n"


def test_in_a_table_it_stands_on_one_line() -> None:
    table = """table signs on message
  | rule | if | then |
  | A-1 | tally(3 if message.links is not empty, 2 if message.length > 2, 1 if message.length > 9) > 3 | delete |
"""
    assert formatted(formatted(table)) == formatted(table)
    assert "1 if message.length > 9) > 3 | delete |" in formatted(table)


@pytest.mark.parametrize(
    "text", ["define a as tally(3 if)", "define a as tally(if b)", "labels ()", "labels off_topic"]
)
def test_half_a_weight_is_an_error(text: str) -> None:
    assert errors(text)
