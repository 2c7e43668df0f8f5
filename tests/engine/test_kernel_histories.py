"""What holds the instants of a history in the kernel does what an array of them does."""

from __future__ import annotations

import random
from array import array
from bisect import bisect_left, bisect_right
from typing import Any

import pytest

from communityrules.engine.history import PIECE, History
from communityrules.kernel import native
from communityrules.stores.protocol import WindowChanges

pytestmark = pytest.mark.skipif(native("turning") is None, reason="the kernel was not built, or is not wanted")


def _step(luck: random.Random, held: Any, clock: int) -> Any:
    """One change or question, by the same luck the same on either side."""
    number, place = luck.choice([1, 1, 2, 7, 40]), luck.randrange(len(held) + 1)
    match luck.randrange(9):
        case 0 | 1:
            for one in range(number):
                held.append(clock + one)
        case 2:
            held.insert(place, clock)
        case 3:
            held.extend(array("q", range(number)))
        case 4:
            del held[:number]
        case 5:
            del held[place : place + number]
        case 6:
            if luck.random() < 0.1:
                del held[:]
            elif held:
                del held[luck.choice([-1, luck.randrange(len(held))])]
        case 7:
            return list(held[place : place + number]), list(held[-2:]), held[-1] if held else None
        case 8:
            return bisect_left(held, clock), bisect_right(held, clock, 0, place)
    return None


@pytest.mark.parametrize("seed", range(20))
def test_instants_are_kept_as_in_an_array(seed: int) -> None:
    luck, again = random.Random(seed), random.Random(seed)
    mine, known = History().stamps, array("q")
    for clock in range(400):
        assert _step(luck, mine, clock << 40) == _step(again, known, clock << 40)
        assert list(mine) == list(known)
        assert len(mine) == len(known)


def test_what_cannot_be_is_refused() -> None:
    held: Any = History(5).stamps
    for wrong, error in ((1 << 63, OverflowError), ("x", TypeError), (1.5, TypeError), (None, TypeError)):
        with pytest.raises(error):
            held.append(wrong)
        with pytest.raises(error):
            held.extend([wrong])
    for place in (1, -2, 1 << 70):
        with pytest.raises(IndexError):
            held[place]
        with pytest.raises(IndexError):
            del held[place]
    with pytest.raises(ValueError, match="one after another"):
        held[::2]
    with pytest.raises(TypeError):
        held[0] = 1
    with pytest.raises(TypeError):
        held[0:1] = [1]
    assert list(held) == [5]
    assert list(History(-(1 << 63)).stamps) == [-(1 << 63)]


def test_what_a_store_is_told_is_taken_in_again() -> None:
    history = History(1)
    for time in range(2, 3 * PIECE):
        history.add(time)
    history.drop(PIECE + 5)
    history.add(7)
    told = WindowChanges("m")
    history.changes("k", told)
    other = History()
    other.load([(part, data) for part, data in zip(told.parts, told.data, strict=True) if data is not None])
    assert list(other.stamps) == list(history.stamps)
    assert (other._base, other._saved, other._stored) == (history._base, history._saved, history._stored)
    again = WindowChanges("m")
    other.changes("k", again)
    assert again == WindowChanges("m")
    history.clear()
    history.changes("k", again)
    assert again.data
    assert all(data is None for data in again.data)
    assert not history.stamps
