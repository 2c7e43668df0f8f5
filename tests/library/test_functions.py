"""Functions over values: pure and total over their types."""

from collections import Counter
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
        ("sample", ("m42",), Decimal("0.662842979611736")),
        ("sample", ("m42", "may"), Decimal("0.305629883225144")),
        ("sample", ("",), Decimal("0.889415994891337")),
        ("anniversary", (date(1990, 10, 8), LATE), 34),
        ("anniversary", (date(1990, 10, 7), LATE), None),
        ("anniversary", (date(2024, 10, 8), LATE), None),
        ("anniversary", (LATE, LATE + 365 * DAY), 1),
        ("anniversary", (date(2004, 2, 29), date(2023, 2, 28)), 19),
        ("anniversary", (date(2004, 2, 29), date(2024, 2, 28)), None),
        ("anniversary", (date(2004, 2, 29), date(2024, 2, 29)), 20),
        ("anniversary", (date(2004, 2, 29), date(2023, 3, 1)), None),
        ("anniversary", (date(2023, 2, 28), date(2024, 2, 29)), None),
        ("anniversary", (date(2004, 2, 29), date(2100, 2, 28)), 96),
        ("member_count", (7,), 7),
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
    function = FUNCTIONS[name]
    given_ = len(function.parameters) - data.draw(st.integers(0, function.optional))
    arguments = [data.draw(values(type_)) for type_ in function.parameters[:given_]]
    arguments += [data.draw(st.integers(0, 10**6))] if function.of_group else []
    result = run(name, *arguments)
    assert result is not None or name == "anniversary"
    assert run(name, *arguments) == result


@given(st.text(), st.text())
def test_a_sample_is_a_share_and_always_the_same(text: str, salt: str) -> None:
    drawn = run("sample", text, salt)
    assert isinstance(drawn, Decimal)
    assert 0 <= drawn < 1
    assert drawn == run("sample", text, salt)
    assert run("sample", text, "") == run("sample", text)


def _sampled(*texts: str) -> Decimal:
    drawn = run("sample", *texts)
    assert isinstance(drawn, Decimal)
    return drawn


def test_samples_are_spread_evenly() -> None:
    drawn = [_sampled(f"m{at}") for at in range(10_000)]
    tenths = Counter(int(one * 10) for one in drawn)
    assert len(tenths) == 10
    assert all(900 <= number <= 1100 for number in tenths.values())
    other = [_sampled(f"m{at}", "may") for at in range(10_000)]
    both = sum(1 for pair in zip(drawn, other, strict=True) if max(pair) < Decimal("0.1"))
    assert 60 <= both <= 140
