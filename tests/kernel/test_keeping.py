"""The kernel tells a store the same of counts, and of ids, as what is written in Python."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import communityrules.engine.turning  # noqa: F401  # makes the engine's classes known to the kernel
from communityrules.engine import count as counting
from communityrules.engine.count import Count
from communityrules.engine.history import PIECE, History
from communityrules.engine.measures import Home
from communityrules.kernel import native
from communityrules.stores import seen as seeing
from communityrules.stores.codec import write_key
from communityrules.stores.protocol import WindowChanges
from communityrules.stores.seen import Seen

pytestmark = pytest.mark.skipif(native("turning") is None, reason="the kernel was not built")

TEXTS = ("amy", "", 'a"b', "a\\b", "a\nb", "\x7f", "é", "消息", "😀", "x" * 300)
OTHERS = (1, True, Decimal("2.50"), date(2026, 5, 1), 1 << 70)


class _Words:
    """What a count asks of the measure in a rulebook, and of its window."""

    id, limit, events, length, margin = "a1", None, frozenset[str](), 600, 0


def _count() -> Count:
    words: Any = _Words()
    return Count(words, words, Home("c", None), persistent=True)


def _key(draw: random.Random) -> tuple[Any, ...]:
    return tuple(
        draw.choice(TEXTS) + str(draw.randrange(5)) if draw.random() < 0.9 else draw.choice(OTHERS)
        for _ in range(draw.choice((1, 2, 2, 3, 0)))
    )


def _cell(draw: random.Random) -> History | int:
    if draw.random() < 0.4:
        return draw.choice((draw.randrange(1 << 50), -draw.randrange(1 << 50), 0, 1 << 62))
    cell = History(draw.randrange(100), stored=draw.random() < 0.5)
    for size in range(draw.choice((0, 1, 5, 40, PIECE - 1, PIECE, 2 * PIECE + 3))):
        cell.add(100 + size)
    into = WindowChanges("a1")
    for _ in range(draw.randrange(4)):
        match draw.randrange(5):
            case 0:
                cell.changes("k", into)
            case 1:
                cell.drop(draw.randrange(len(cell.stamps) + 1))
            case 2:
                cell.clear()
            case 3 if cell.stamps:
                cell.remove(draw.randrange(len(cell.stamps)))
            case _:
                cell.add(draw.randrange(2_000))
    return cell


def _state(cells: dict[Any, History | int]) -> list[Any]:
    return [
        (key, cell if isinstance(cell, int) else (list(cell.stamps), cell._base, cell._gone, cell._saved, cell._stored))
        for key, cell in cells.items()
    ]


def _made(seed: int) -> Count:
    draw = random.Random(seed)
    count = _count()
    assert count.dirty is not None
    for _ in range(40):
        count.older[_key(draw)] = _cell(draw)
    for key in draw.sample(list(count.older), 12):
        count.dirty[key] = count.older[key] if draw.random() < 0.7 else _cell(draw)
    for _ in range(20):
        count.dirty[_key(draw)] = _cell(draw)
    return count


def _told(seed: int) -> list[Any]:
    count, said = _made(seed), []
    assert count.dirty is not None
    for _ in range(2):
        into = WindowChanges("a1")
        count.tell(count.dirty, into)
        said.append((into, _state(count.dirty), _state(count.older)))
        count.let_go_of_older(count.dirty)
        said.append((_state(count.dirty), _state(count.older)))
    return said


@pytest.mark.parametrize("shard", range(3))
def test_a_store_is_told_what_python_tells(shard: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = range(shard * 100, shard * 100 + 60)
    kernel = [_told(seed) for seed in seeds]
    monkeypatch.setattr(counting, "_KERNEL", None)
    assert kernel == [_told(seed) for seed in seeds]


def test_counts_are_not_left_to_python() -> None:
    kernel, count, into = native("turning"), _made(1), WindowChanges("a1")
    assert kernel is not None
    assert kernel.changes(count, into, write_key) is True
    assert into.keys
    assert kernel.let_go(count) is True
    assert kernel.changes(object(), into, write_key) is False
    assert kernel.let_go(object()) is False


def test_what_cannot_be_written_is_refused_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    raised = []
    for _ in range(2):
        count = _count()
        count.dirty = {("\ud800",): 5}
        with pytest.raises(TypeError) as caught:
            count.tell(count.dirty, WindowChanges("a1"))
        raised.append((type(caught.value), str(caught.value)))
        monkeypatch.setattr(counting, "_KERNEL", None)
    assert raised[0] == raised[1]


def test_ids_are_marked_as_python_marks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [f"m{number}" for number in range(3_000)] + list(TEXTS)
    kernel = Seen()
    kernel.add(ids, 1)
    monkeypatch.setattr(seeing, "_KERNEL", None)
    python = Seen()
    python.add(ids, 1)
    assert kernel._parts == python._parts
    assert all(map(kernel.may_hold, ids))
