"""What a log is not searched for."""

from __future__ import annotations

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
