"""What a log is not searched for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from communityrules.stores.seen import Seen


def test_what_was_added_may_be_there_and_hardly_anything_else() -> None:
    seen = Seen()
    assert not seen.may_hold("m1")
    for number in range(1, 20_001):
        seen.add((f"m{number}",), number)
    assert all(seen.may_hold(f"m{number}") for number in range(1, 20_001))
    assert sum(seen.may_hold(f"n{number}") for number in range(20_000)) < 1000


def test_what_a_log_held_before_is_known_as_well() -> None:
    seen = Seen((f"m{number}" for number in range(1, 1001)), 1000, 1000)
    seen.add(("later",), 1001)
    assert all(seen.may_hold(one) for one in ("m1", "m1000", "later"))
    assert sum(seen.may_hold(f"n{number}") for number in range(1000)) < 80


def test_what_is_forgotten_gives_its_memory_back() -> None:
    seen = Seen((f"old{number}" for number in range(100)), 100, 100)
    for number in range(101, 5001):
        seen.add((f"m{number}",), number)
    seen.forget(99)
    assert seen.may_hold("old0")
    seen.forget(4900)
    assert all(seen.may_hold(f"m{number}") for number in range(4901, 5001))
    assert sum(seen.may_hold(f"old{number}") for number in range(100)) < 15


def test_ids_that_are_read_one_by_one_may_fail_to_come() -> None:
    def read() -> Iterator[str]:
        yield "m1"
        raise LookupError("no luck")

    with pytest.raises(LookupError, match="no luck"):
        Seen(read(), 10, 10)


def test_ids_of_any_kind_are_noted() -> None:
    """A damaged file may say anything: that is no reason not to know the rest."""
    told = {"m1": "m1", "bytes": b"\xff", "number": 7, "own": type("Own", (str,), {})("m2")}
    seen = Seen(iter(told.values()), 10, 10)
    assert all(seen.may_hold(one) for one in told.values())  # type: ignore[arg-type]  # whatever the file says


def test_slots_stay_where_they_are_while_ids_come() -> None:
    seen = Seen()
    seen.add(("m0",), 1)
    slots = seen._parts[0][0]

    def reaching() -> Iterator[str]:
        for one in range(100):
            with suppress(BufferError):
                slots.clear()
            yield f"m{one}"

    with suppress(IndexError):
        seen._mark(reaching())
    assert not slots or seen.may_hold("m50")
