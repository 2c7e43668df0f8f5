"""Where two texts of a rulebook differ, found in a few milliseconds where they hardly do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from communityrules.frozen import dataclass

#: Letters compared at once.
_BLOCK = 1 << 16
#: A difference no longer than this is looked at as a whole.
_SHORT = 4000
#: How many parts, and how many letters, may be new before one that is as it was.
_AHEAD, _FAR = 20, 100_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """`old[start:end]` became `new[begin:stop]`; before and after it the texts are the same."""

    start: int
    end: int
    begin: int
    stop: int


def differences(old: str, new: str, starts: Sequence[int]) -> list[Stretch]:
    """The stretches that differ, in order, each with something that is the same before the next. `starts`: where the
    parts of the old text begin, of which most are as they were."""
    start = _common_start(old, new)
    if start == len(old) == len(new):
        return []
    tail = _common_end(old, new, min(len(old), len(new)) - start)
    whole = Stretch(start, len(old) - tail, start, len(new) - tail)
    if max(whole.end - whole.start, whole.stop - whole.begin) <= _SHORT:
        return [whole]
    return _within(old, new, whole, starts)


def _common_start(old: str, new: str) -> int:
    least, most = 0, min(len(old), len(new))
    while least + _BLOCK < most and old[least : least + _BLOCK] == new[least : least + _BLOCK]:
        least += _BLOCK
    most = min(most, least + _BLOCK)
    while least < most:
        middle = (least + most + 1) // 2
        if old[least:middle] == new[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _common_end(old: str, new: str, most: int) -> int:
    least, ends, stops = 0, len(old), len(new)

    def same(low: int, high: int) -> bool:
        return old[ends - high : ends - low] == new[stops - high : stops - low]

    while least + _BLOCK < most and same(least, least + _BLOCK):
        least += _BLOCK
    most = min(most, least + _BLOCK)
    while least < most:
        middle = (least + most + 1) // 2
        if same(least, middle):
            least = middle
        else:
            most = middle - 1
    return least


def _within(old: str, new: str, whole: Stretch, starts: Sequence[int]) -> list[Stretch]:
    """The parts of a long stretch that differ."""
    found: list[Stretch] = []
    piece = bisect_right(starts, whole.start) - 1
    last = bisect_right(starts, whole.end) - 1
    # Whole parts, of which the first begins before the stretch, where the texts are the same.
    at = here = starts[piece]
    while piece < last:
        text = old[starts[piece] : starts[piece + 1]]
        if new.startswith(text, here) and here + len(text) <= whole.stop:
            piece += 1
            here += len(text)
            continue
        at = starts[piece]
        for other in range(piece, min(piece + _AHEAD, last)):
            there = new.find(old[starts[other] : starts[other + 1]], here, min(here + _FAR, whole.stop))
            if there >= 0:
                found.append(Stretch(at, starts[other], here, there))
                piece, here = other, there
                break
        else:
            break
    at = starts[piece]
    if at < whole.end or here < whole.stop:
        found.append(Stretch(at, max(whole.end, at), here, max(whole.stop, here)))
    return found
