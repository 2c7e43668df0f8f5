"""Functions over values: pure and total over their types."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityrules.library.functions import FUNCTIONS
from communityrules.model.values import DAY, HOUR, Type, instant

#: 2024-10-08T23:30 in Shanghai.
LATE = instant(datetime(2024, 10, 8, 15, 30, tzinfo=UTC))


def run(name: str, *arguments: object) -> object:
    function = FUNCTIONS[name]
    return function.run("Asia/Shanghai", *arguments) if function.zoned else function.run(*arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("length", ("加a",), 2),
        ("line_count", ("a\nb\r\nc",), 3),
        ("line_count", ("a\n",), 2),
        ("line_count", ("",), 0),
        ("lower", ("ABC Éé 加",), "abc éé 加"),
        ("capital_share", ("HELLO world",), Decimal("0.5")),
        ("capital_share", ("你好",), Decimal(0)),
        ("digit_share", ("12ab",), Decimal("0.5")),
        ("digit_share", ("",), Decimal(0)),
        ("longest_run", ("啊啊啊b",), 3),
        ("longest_run", ("",), 0),
        ("link_count", ("a.com a.com",), 2),
        ("masked", ("13812345678 a@b.com",), "138****5678 a***@b.com"),
        ("mention_count", ("@a @b @a",), 2),
        ("size", (("a", "b"),), 2),
        ("date_of", (LATE,), date(2024, 10, 8)),
        ("hour_of", (LATE,), 23),
        ("hour_of", (date(2024, 10, 8),), 0),
        ("weekday_of", (LATE,), 2),
        ("weekday_of", (date(2024, 10, 13),), 7),
        ("day_of", (LATE,), 8),
        ("month_of", (date(1990, 5, 1),), 5),
        ("year_of", (LATE,), 2024),
        ("minutes", (HOUR,), 60),
        ("hours", (DAY,), 24),
        ("days", (36 * HOUR,), Decimal("1.5")),
        ("tally", (3, -1, Decimal("2.5")), Decimal("4.5")),
        ("tally", (), 0),
    ],
)
def test_values(name: str, arguments: tuple[object, ...], value: object) -> None:
    assert run(name, *arguments) == value


def test_every_function_has_a_value_here() -> None:
    tested = {mark[0] for mark in test_values.pytestmark[0].args[1]}  # type: ignore[attr-defined]
    assert tested == set(FUNCTIONS)


def values(type_: Type) -> st.SearchStrategy[object]:
    if type_.kind == "text":
        return st.text(max_size=30)
    if type_.kind == "list":
        return st.lists(st.text(max_size=3), max_size=3).map(tuple)
    if type_.kind == "instant":
        return st.one_of(st.integers(-(10**15), 10**16), st.dates())
    return st.integers(0, 10**15)


@given(st.data())
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_total(name: str, data: st.DataObject) -> None:
    arguments = [data.draw(values(type_)) for type_ in FUNCTIONS[name].parameters]
    result = run(name, *arguments)
    assert result is not None
    assert run(name, *arguments) == result
