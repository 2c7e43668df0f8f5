"""One layout, two spellings."""

from __future__ import annotations

import pytest
from fake_names import FakeNames
from reading import case, read

from communityrules.language.format import format_file
from communityrules.language.names import NameTable, NoNames

NAMES: NameTable = FakeNames()


def formatted(text: str, to: str | None = None) -> str:
    return format_file(read(text), NAMES, to)  # type: ignore[arg-type]


# --- golden pairs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "to"), [("sample.en.rules", "en"), ("sample.zh.rules", "zh")])
def test_canonical_files_stay(name: str, to: str) -> None:
    assert formatted(case(name)) == case(name)
    assert formatted(case(name), to) == case(name)


def test_the_two_spellings_are_translations() -> None:
    english, chinese = case("sample.en.rules"), case("sample.zh.rules")
    assert formatted(english, "zh") == chinese
    assert formatted(chinese, "en") == english


def test_untidy_text_becomes_tidy() -> None:
    assert formatted(case("untidy.rules")) == case("untidy.formatted.rules")


# --- what stays ----------------------------------------------------------------------------------------------


def test_names_of_the_writer_stay() -> None:
    text = (
        'group staff as member.roles has "a"\n'
        'list phone_number = "x"\n'
        "member (tenure: number)\n"
        "define message as member.tenure > 1 and message.text contains any of phone_number\n"
        "rule 1\n  applies to staff\n  then hold for staff\n"
    )
    assert formatted(text, "zh") == (
        '用户组 staff 为 成员.角色 有 "a"\n'
        '词表 phone_number = "x"\n'
        "成员 (tenure: 数值)\n"
        "定义 message 为 成员.tenure > 1 且 message.text 包含任一 phone_number\n"
        "\n规则 1\n  适用 staff\n  则 送审 staff\n"
    )


def test_names_of_the_library_follow() -> None:
    text = (
        "rule 1\n  applies to staff\n"
        "  if report.message.text contains any of phone_number and rating.target.tenure > 1\n"
    )
    assert formatted(text, "zh") == (
        "规则 1\n  适用 客服组\n  若 举报.消息.文本 包含任一 手机号 且 评价.对象.入群时长 > 1\n"
    )


def test_labels_and_members_of_tests_stay() -> None:
    text = (
        'test "x"\n  given staff (roles: "a")\n  09:00 message message "x" (labels.message: 0.5)\n'
        "rule 2\n  if message.labels.message > 1\n  then label message\n"
    )
    assert formatted(text, "zh") == (
        '测试 "x"\n  设 staff (角色: "a")\n  09:00 message 消息 "x" (标签.message: 0.5)\n'
        "\n规则 2\n  若 消息.标签.message > 1\n  则 贴标签 message\n"
    )


def test_the_reserved_rule_follows_unless_there_is_such_a_rule() -> None:
    step = 'test "x"\n  09:00 amy message "x"  expect delete under mute\n'
    assert "依据 禁言" in formatted(step, "zh")
    assert "依据 mute" in formatted("rule mute\n  should\n\n" + step, "zh")


def test_names_of_used_files_stay() -> None:
    text = "define a as message.text contains any of phone_number\n"
    assert "手机号" in formatted(text, "zh")
    assert "phone_number" in format_file(read(text), NAMES, "zh", imported={"phone_number"})


def test_mixed_files_become_one_spelling() -> None:
    assert formatted('rule 1\n  当 消息\n  if message.文本 包含 "x"\n  then 删除\n') == (
        'rule 1\n  on message\n  if message.text contains "x"\n  then delete\n'
    )


def test_without_names_only_words_change() -> None:
    assert format_file(read("rule 1\n  on message\n  then hold for x\n"), NoNames(), "zh") == (
        "规则 1\n  当 message\n  则 hold x\n"
    )


# --- constants -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        'a"b', "\\", "\\n", "a\nb", "\\\\", "\\d", '\\"', "“”「」", "\t", "#", "|", "a\\", "'", "\r", "{x}", "　",
        "\u2028", "\\\r", "\\\n", "\\\t", "\r\n",
    ],
)  # fmt: skip
def test_texts_come_back(value: str) -> None:
    from communityrules.language.printing.words import quoted

    (found,) = read(f"list a = {quoted(value)}\n").declarations
    assert found.items[0].value == value  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("3", "3"), ("3.50", "3.50"), ("007", "7"), ("5%", "5%"), ("0.5 %", "0.5%"), ("1 days", "1 day"),
        ("2 day", "2 days"), ("1.0 hours", "1.0 hour"), ("8:05", "08:05"), ("24:00", "24:00"),
        ("2024年1月2日", "2024-01-02"), ("真", "true"),
        ("9999999999999999999999999999.5%", "9999999999999999999999999999.5%"), ("-3", "-3"),
    ],
)  # fmt: skip
def test_constants(written: str, printed: str) -> None:
    assert formatted(f"parameter a = {written}\n", "en") == f"parameter a = {printed}\n"


@pytest.mark.parametrize(
    "id_",
    ["²", "¼Ò", "٣", "5", "A-1", "3.1", "第十五条", '"A 1"', '"rule"', '"１"', '""', '"a\\"b"', '"§5"'],
)
def test_rule_ids(id_: str) -> None:
    text = f"rule {id_}\n  overrides {id_}, 7\n"
    assert formatted(text) == text


def test_tables_align_wide_characters() -> None:
    lines = formatted(
        '表 t 当 消息\n | 规则 | 名称 | 若 |\n | 1 | "长长的名字" | x |\n | 22 | "b" | message.text 是 "宽" |\n'
    ).splitlines()
    from communityrules.diagnostics.width import cells

    assert len({cells(line) for line in lines[1:]}) == 1


def test_blocks_stand_apart() -> None:
    assert formatted('list a = "x"\nrule 1\n  should\nrule 2\n\n\n  should\nlist b = "x"\nlist c = "x"\n') == (
        'list a = "x"\n\nrule 1\n  should\n\nrule 2\n\n  should\n\nlist b = "x"\nlist c = "x"\n'
    )


def test_lines_of_tests_have_seconds() -> None:
    file = read('测试 "t"\n  2026-03-02\n  09:00:05 小美 消息 "a"\n  9:01：00 小美 消息 "a"\n')
    steps = file.declarations[0].steps  # type: ignore[union-attr]
    assert [(one.time.minutes, one.time.seconds) for one in steps[1:]] == [(540, 5), (541, 0)]  # type: ignore[union-attr]
    printed = format_file(file, NoNames())
    assert "  09:00:05 小美" in printed
    assert "  09:01 小美" in printed
