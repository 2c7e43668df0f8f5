"""The kernel's cells of a count do what a dictionary does, and its notes what a list does."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from communityrules.kernel import native

KERNEL = native("turning")
pytestmark = pytest.mark.skipif(KERNEL is None, reason="the kernel was not built")

TEXTS = ("amy", "", "é", "消息", "😀", "x" * 300, "1")
#: Some are equal to others of another class, and have one hash with them.
OTHERS = (1, True, 1.0, Fraction(1), Decimal(1), -1, -2, 1 << 70, date(2026, 5, 1), None, ("a", 1), hash("amy"))


def _part(draw: random.Random) -> Any:
    if draw.random() < 0.2:
        return draw.choice(OTHERS)
    # Made anew each time: equal, and another object.
    return draw.choice(TEXTS) + str(draw.randrange(40))


def _cells() -> Any:
    assert KERNEL is not None
    return KERNEL.Cells()


def _told(cells: Any) -> list[Any]:
    classes = [[type(part) for part in key] for key in cells]
    return [len(cells), list(cells), list(cells.items()), list(cells.values()), classes]


def _step(draw: random.Random, cells: Any, key: tuple[Any, ...], cell: object) -> Any:
    try:
        match draw.randrange(8):
            case 0 | 1 | 2:
                cells[key] = cell
            case 3:
                return cells.get(key), cells.get(key, 7)
            case 4:
                return cells.pop(key, None)
            case 5:
                return key in cells
            case 6:
                return cells[key]
            case _:
                del cells[key]
    except KeyError as error:
        return error.args
    return None


@pytest.mark.parametrize("width", range(6))
def test_cells_are_found_kept_and_taken_out_as_in_a_dictionary(width: int) -> None:
    for seed in range(30):
        draws = random.Random(seed), random.Random(seed)
        plain: Any = {}
        ours = _cells()
        for step in range(400):
            said = [
                _step(draw, cells, tuple(_part(draw) for _ in range(width)), step)
                for draw, cells in zip(draws, (plain, ours), strict=True)
            ]
            assert said[0] == said[1]
        assert _told(plain) == _told(ours)


def test_many_cells_come_and_go() -> None:
    ours = _cells()
    plain: dict[tuple[str, ...], object] = {}
    for one in range(30_000):
        key = (f"u{one}", "said")
        plain[key] = ours[key] = cell = [one]
        if one % 3:
            gone = (f"u{one * 7 % (one + 1)}", "said")
            assert plain.pop(gone, None) is ours.pop(gone, None)
        assert ours.get(key) is plain.get(key)
        assert cell == [one]
    assert _told(plain) == _told(ours)


def test_what_is_no_key_is_refused() -> None:
    ours = _cells()
    ours["amy", "hi"] = 1
    for odd in ("amy", None, ["amy", "hi"]):
        for asked in (ours.get, ours.__contains__, ours.__getitem__, ours.__delitem__):
            with pytest.raises(TypeError):
                asked(odd)
    with pytest.raises(TypeError):
        ours.get(([], "hi"))
    with pytest.raises(ValueError, match="as many parts"):
        ours["amy",] = 2
    # A dictionary, too, has no key of another length.
    assert ours.get(("amy",)) is None
    assert ours.pop((), 3) == 3
    assert list(ours.items()) == [(("amy", "hi"), 1)]
    for call in (lambda: ours.get(), lambda: ours.pop(("amy", "hi")), lambda: type(ours)(1)):
        with pytest.raises(TypeError):
            call()


class _Meddling:
    """A part that changes the cells that it is looked for in."""

    def __init__(self, cells: Any, doing: Any) -> None:
        self.cells, self.doing = cells, doing

    def __hash__(self) -> int:
        return 1

    def __eq__(self, other: object) -> bool:
        self.doing(self.cells)
        return True


def test_cells_that_change_while_one_is_looked_for_are_told_of() -> None:
    def grow(cells: Any) -> None:
        for one in range(50):
            cells[f"n{one}", "b"] = one

    def shrink(cells: Any) -> None:
        for key in [key for key in cells if key[0].__class__ is str]:
            del cells[key]

    for doing in (grow, shrink):
        ours = _cells()
        ours[1, "b"] = "first"
        ours["other", "b"] = "second"
        meddling = _Meddling(ours, doing)
        if doing is shrink:
            ours[meddling, "b"] = "third"
        for _ in range(3):
            with suppress(RuntimeError):
                ours.get((meddling, "b"))
        assert len(list(ours.items())) == len(ours)


def test_notes_are_taken_back_in_the_order_of_a_list() -> None:
    assert KERNEL is not None
    for seed in range(20):
        draw = random.Random(seed)
        plain: list[Any] = []
        ours = KERNEL.Notes()
        for step in range(200):
            if plain and draw.random() < 0.4:
                assert plain.pop() == ours.pop()
            elif draw.random() < 0.03:
                plain.clear()
                ours.clear()
            else:
                note = (tuple(_part(draw) for _ in range(draw.randrange(7))), draw.choice([None, step]), object())
                plain.append(note)
                ours.append(note)
            assert bool(plain) == bool(ours)
            assert plain == list(ours)
        ours.clear()
        with pytest.raises(IndexError):
            ours.pop()
        for odd in ((), ("a", 1, 2), (("a",), 1), [("a",), 1, 2]):
            with pytest.raises(TypeError):
                ours.append(odd)
    assert not list(ours)
