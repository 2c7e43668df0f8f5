"""What single cells mean: numbers of rules, dates, scopes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from communityrules.tables.sheets.dates import effective, effective_in
from communityrules.tables.sheets.identity import number_in
from communityrules.tables.sheets.model import Cell
from communityrules.tables.sheets.scopes import scope_of

D = date(2024, 10, 4)
END = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("001", "001"), ("1", "1"), ("1.1", "1.1"), ("1.10", "1.10"), ("A-3", "A-3"), ("第十五条", "第十五条"),
        ("3.", "3"),
        ("3、", "3"), ("(3)", "3"), ("\uff083\uff09", "3"), ("\uff13\uff0e\uff11", "3.1"), ("规则 5", "5"),
        ("Rule 7", "7"), ("①", "1"), ("十五", "十五"), ("\uff21-\uff13", "A-3"),
        ("V1.2.3", "V1.2.3"), ("第二章第三条", "第二章第三条"), ("No. 5", "5"), ("SPAM", "SPAM"),
        ("发言规范", None), ("", None), ("1 to 3 a day", None), ("x" * 50, None),
    ],
)  # fmt: skip
def test_numbers_of_rules_are_kept_as_written(text: str, number: str | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024年10月4日起", D, None), ("2024/10/4", D, None), ("2024-10-04", D, None), ("2024.10.4", D, None),
        ("20241004", D, None), ("自2024年10月4日起施行", D, None), ("二〇二四年十月四日", D, None),
        ("Oct 4, 2024", D, None),
        ("4 October 2024", D, None), ("from 2024-10-04", D, None),
        ("\uff12\uff10\uff12\uff14年\uff11\uff10月\uff14日", D, None), ("25/4/2024", date(2024, 4, 25), None),
        ("2024-10-04 至 2025-01-01", D, END), ("2024年10月4日至12月31日", D, date(2024, 12, 31)),
        ("from 2024-10-04 to 2025-01-01", D, END),
        ("2024/10/4-2025/1/1", D, END), ("until 2025-01-01", None, END), ("至2025年1月1日止", None, END),
        ("2024年10月4日起长期有效", D, None),
        ("即时实施", None, None), ("立即生效", None, None), ("长期", None, None), ("Immediately", None, None),
        ("自发布之日起施行", None, None),
    ],
)  # fmt: skip
def test_when_a_rule_holds(text: str, start: date | None, end: date | None) -> None:
    found = effective(text)
    assert found is not None
    assert (found.start, found.end, found.words) == (start, end, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "下个月起",
        "2024年10月",
        "2024-02-30",
        "10/4/2024",
        "2024年10月4日后",
        "10月4日",
        "2025-01-01 至 2024-10-04",
        "soon",
        "12",
    ],
)
def test_other_dates_are_not_guessed_at(text: str) -> None:
    assert effective(text) is None


@pytest.mark.parametrize("value", [D, datetime(2024, 10, 4, 9), Decimal(45569), Decimal(20241004)])
def test_dates_of_every_kind_of_cell(value: date | Decimal) -> None:
    found = effective_in(Cell(1, 1, value, str(value)))
    assert found is not None
    assert found.start == D


def test_serial_numbers_of_the_other_count() -> None:
    found = effective_in(Cell(1, 1, Decimal(44107), "44107"), from_1904=True)
    assert found is not None
    assert found.start == D


@pytest.mark.parametrize(
    ("text", "everyone", "groups", "excluded"),
    [
        ("全体成员", True, [], []), ("全體成員", True, [], []), ("所有人", True, [], []), ("Everyone", True, [], []),
        ("信息发布人员", False, ["publishers"], []), ("群主、管理员", False, ["owners", "admins"], []),
        ("客服组", False, ["service"], []),
        ("全体成员(管理员除外)", True, [], ["admins"]), ("全体成员\uff08管理员除外\uff09", True, [], ["admins"]),
        ("除管理员外的所有成员", True, [], ["admins"]),
        ("管理员除外", True, [], ["admins"]), ("所有人 除了 客服组", True, [], ["service"]),
        ("全体成员\uff0c不含客服", True, [], ["service"]),
        ("everyone except staff", True, [], ["staff"]),
        ("All members (except admins and moderators)", True, [], ["admins", "moderators"]),
        ("新成员", False, ["newcomers"], []), ("成员和客服", True, [], []),
    ],
)  # fmt: skip
def test_whom_a_rule_applies_to(text: str, everyone: bool, groups: list[str], excluded: list[str]) -> None:
    found = scope_of(text)
    assert found is not None
    assert found.understood
    assert found.words == text
    assert found.everyone is everyone
    assert [one.people for one in found.groups] == groups
    assert [one.people for one in found.excluded] == excluded


@pytest.mark.parametrize("text", ["北京分舵", "三年以上的老会员", "成员和北京分舵", "people who like tea"])
def test_groups_that_are_not_known_keep_their_words(text: str) -> None:
    found = scope_of(text)
    assert found is not None
    assert not found.understood
    assert not found.everyone


def test_what_is_too_long_is_no_scope() -> None:
    assert scope_of("某" * 200) is None
    assert scope_of("  ") is None
