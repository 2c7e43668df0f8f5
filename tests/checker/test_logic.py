"""Conditions that cannot vary: what is found, and that nothing is found which can vary."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from books import codes, rule
from hypothesis import given, settings
from hypothesis import strategies as st

from communityrules.checker.domains import ALL_MINUTES, minutes_between

COUNT = "count(message by member today)"
STATE = "state raid = calm, high"


@pytest.mark.parametrize(
    "text",
    [
        f"{COUNT} > 5 and {COUNT} < 3",
        f"{COUNT} > 2 and {COUNT} < 3",
        f"{COUNT} < 0",
        f"{COUNT} is 2.5",
        f"{COUNT} > 3 and ({COUNT} is 1 or {COUNT} is 2)",
        "message.length between 10 and 5",
        "message.length > 3 and not (message.length > 3)",
        "message.length between 4 and 6 and message.length outside 1 to 9",
        'message.text is "a" and message.text is "b"',
        'message.text is one of ("a", "b") and message.text is one of ("c", "d")',
        'message.text is empty and message.text contains "x"',
        "message.text is empty and message.text is not empty",
        "message.reply_to is empty and message.reply_to is not empty",
        "member is staff and member is not staff",
        "raid is calm and raid is high",
        "raid is not calm and raid is not high",
        "event.time between 08:00 and 09:00 and event.time between 10:00 and 11:00",
        "event.time < 00:00",
        "member is staff and event.time < 00:00",
        "at least 3 of (message.length > 3, message.links is not empty)",
        'at least 2 of (message.text contains "ab")',
        "1 > 2",
        "message.length > message.length",
        "false",
    ],
)
def test_never(text: str) -> None:
    assert codes(rule(text, before=STATE if "raid" in text else "")) == ["CR501"]


@pytest.mark.parametrize(
    "text",
    [
        f"{COUNT} >= 0",
        f"{COUNT} > 3 or {COUNT} <= 3",
        f"not ({COUNT} > 5 and {COUNT} < 6)",
        "raid is calm or raid is high",
        "raid is one of (calm, high)",
        "event.time between 08:00 and 20:00 or event.time between 20:00 and 08:00",
        "event.time between 00:00 and 24:00",
        "member is staff or member is not staff",
        # Every message has a text, if an empty one.
        "message.length > 3 or message.length <= 3",
        'message.text is "a" or message.text is not "a"',
        "true",
    ],
)
def test_always(text: str) -> None:
    found = codes(rule(text, before=STATE if "raid" in text else ""))
    assert found in (["CR502"], ["CR501"])
    assert found == ["CR502"] or text.startswith("not")


@pytest.mark.parametrize(
    "text",
    [
        # A comparison with an absent fact is false, so these can fail.
        "member.points > 3 or member.points <= 3",
        'message.topic is "a" or message.topic is not "a"',
        "member.points >= 0",
        "message.labels.spam between 0 and 1",
        # Text is compared after folding.
        'message.text is "a" and message.text is "A"',
        f"{COUNT} > 2 and {COUNT} < 4",
        "event.time > 08:00 and event.time <= 08:00",
        "event.time between 22:00 and 06:00 and event.time between 05:00 and 07:00",
        'member.roles has "a" and member.roles has "b"',
        'message.text contains "a" and message.text contains "b"',
        "message.links is empty and message.text is not empty",
        f"{COUNT} > 3 or {COUNT} < 3",
        "raid is not calm",
        "at least 2 of (message.length > 3, message.length > 5, message.length < 4)",
    ],
)
def test_what_can_vary_is_left_alone(text: str) -> None:
    assert codes(rule(text, before=STATE if "raid" in text else "")) == []


def test_a_parameter_can_be_any_of_its_values() -> None:
    before = "parameter most = 3, 8 from 2025-01-01"
    assert codes(rule(f"{COUNT} > most and {COUNT} < 5", before=before)) == []
    assert codes(rule(f"{COUNT} > most and {COUNT} < 4", before=before)) == ["CR501"]


def test_a_definition_that_never_holds_is_told_at_the_definition_only() -> None:
    before = "define odd as message.length > 5 and message.length < 3\n"
    assert codes(rule("odd or message.length > 9", before=before)) == ["CR501"]


def test_the_smallest_part_is_told() -> None:
    from books import found

    text = "message.links is not empty or (message.length > 5 and message.length < 3)"
    assert found(rule(text)) == [("CR501", "message.length > 5 and message.length < 3")]


@given(st.integers(0, 1440), st.integers(0, 1440))
def test_ranges_of_times_of_day(start: int, end: int) -> None:
    mask = minutes_between(start, end)
    assert 0 <= mask <= ALL_MINUTES
    for minute in range(0, 1440, 7):
        inside = start <= minute < end if start <= end else minute >= start or minute < end
        assert bool(mask >> minute & 1) == inside


# --- soundness: conditions over two operands, tried on every value that could matter ---------------------------------

_POINTS = [None, Decimal(-1), *(Decimal(n) / 2 for n in range(9))]
#: Every message has a length.
_LENGTHS = [Decimal(n) for n in range(5)]
_LEAF = st.tuples(
    st.sampled_from(["message.length", "member.points"]),
    st.sampled_from(["<", "<=", ">", ">=", "is", "is not"]),
    st.sampled_from(["0", "1", "1.5", "2", "3"]),
)
_RANGE = st.tuples(
    st.sampled_from(["message.length", "member.points"]),
    st.sampled_from(["between", "outside"]),
    st.sampled_from(["0", "1", "2"]),
    st.sampled_from(["0", "1", "3"]),
)
_EMPTY = st.tuples(st.sampled_from(["member.points"]), st.sampled_from(["is empty", "is not empty"]))
_TREES = st.recursive(
    _LEAF | _RANGE | _EMPTY,
    lambda inner: (
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3))
        | st.tuples(st.just("not"), inner)
        | st.tuples(st.just("least"), st.integers(1, 3), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=6,
)


def written(node: tuple[object, ...]) -> str:
    match node:
        case ("and" | "or" as word, list(parts)):
            return "(" + f" {word} ".join(written(one) for one in parts) + ")"
        case ("not", inner):
            return f"not ({written(inner)})"  # type: ignore[arg-type]
        case ("least", number, list(parts)):
            return f"at least {number} of ({', '.join(written(one) for one in parts)})"
        case (operand, ("between" | "outside") as word, low, high):
            return f"{operand} {word} {low} {'and' if word == 'between' else 'to'} {high}"
        case _:
            return " ".join(str(one) for one in node)


def holds(node: tuple[object, ...], values: dict[str, Decimal | None]) -> bool:
    match node:
        case ("and", list(parts)):
            return all(holds(one, values) for one in parts)
        case ("or", list(parts)):
            return any(holds(one, values) for one in parts)
        case ("not", inner):
            return not holds(inner, values)  # type: ignore[arg-type]
        case ("least", int(number), list(parts)):
            return sum(holds(one, values) for one in parts) >= number
        case (str(operand), "is empty"):
            return values[operand] is None
        case (str(operand), "is not empty"):
            return values[operand] is not None
        case (str(operand), str(word), str(low), str(high)):
            value = values[operand]
            inside = value is not None and Decimal(low) <= value <= Decimal(high)
            return value is not None and inside == (word == "between")
        case (str(operand), str(operator), str(bound)):
            value = values[operand]
            if value is None:
                return False
            limit = Decimal(bound)
            return {
                "<": value < limit,
                "<=": value <= limit,
                ">": value > limit,
                ">=": value >= limit,
                "is": value == limit,
                "is not": value != limit,
            }[operator]
    raise AssertionError(node)


@settings(max_examples=400, deadline=None)
@given(_TREES)
def test_no_part_of_a_condition_that_can_vary_is_called_constant(node: tuple[object, ...]) -> None:
    from books import look

    results = {
        holds(node, {"message.length": one, "member.points": other}) for one, other in product(_LENGTHS, _POINTS)
    }
    diagnostics = look(rule(written(node))).diagnostics
    whole = [one for one in diagnostics if one.span is not None and one.span.text == written(node)]
    if len(results) == 2:
        assert whole == []
    for one in whole:
        assert one.code == ("CR502" if results == {True} else "CR501")


def test_a_parameter_of_two_types_bounds_nothing() -> None:
    before = "parameter most = 3, 2025-01-01 from 2025-01-01"
    text = "message.length > most or message.length between most and 9 or message.length outside most to most"
    assert "CR226" in codes(rule(text, before=before))


def test_a_true_that_something_is_compared_with_decides_something() -> None:
    member = "member (vip: boolean)"
    assert codes(rule("member.vip is true", before=member)) == []
    assert codes(rule("member.vip is not false or message.length > 5", before=member)) == []
    assert codes(rule("member.vip is one of (true, false)", before=member)) == []
    assert codes(rule("member.vip and true", before=member)) == ["CR502"]
