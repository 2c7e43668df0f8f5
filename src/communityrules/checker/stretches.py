"""Where two texts of a rulebook differ, found in a few milliseconds where they hardly do."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, pairwise

from communityrules.frozen import dataclass
from communityrules.language.keywords import keyword_table

#: Letters compared at once.
_BLOCK = 1 << 16
#: A difference no longer than this is looked at as a whole.
_SHORT = 4000


@dataclass(frozen=True, slots=True)
class Stretch:
    """`old[start:end]` became `new[begin:stop]`; before and after it the texts are the same."""

    start: int
    end: int
    begin: int
    stop: int


def differences(old: str, new: str) -> list[Stretch]:
    """The stretches that differ, in order, each with something that is the same before the next."""
    start = _common_start(old, new)
    if start == len(old) == len(new):
        return []
    tail = _common_end(old, new, min(len(old), len(new)) - start)
    whole = Stretch(start, len(old) - tail, start, len(new) - tail)
    if max(whole.end - whole.start, whole.stop - whole.begin) <= _SHORT:
        return [whole]
    return _within(old, new, whole)


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


def _within(old: str, new: str, whole: Stretch) -> list[Stretch]:
    """The parts of a long stretch that differ, by lines that look like the first of a declaration."""
    start = old.rfind("\n", 0, whole.start) + 1
    shift = whole.start - start
    before = _cut(old[start : whole.end])
    after = _cut(new[whole.begin - shift : whole.stop])
    ends = list(accumulate(map(len, before), initial=start))
    stops = list(accumulate(map(len, after), initial=whole.begin - shift))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Stretch(ends[i], ends[j], stops[k], stops[m]) for what, i, j, k, m in matcher.get_opcodes() if what != "equal"
    ]


def _cut(text: str) -> list[str]:
    starts = [0, *(found.start() for found in _heads().finditer(text) if found.start()), len(text)]
    return [text[start:end] for start, end in pairwise(starts)]


@lru_cache(maxsize=1)
def _heads() -> re.Pattern[str]:
    words = "|".join(
        re.escape(spelling) for one in keyword_table().section("declarations") for spelling in (*one.en, *one.zh)
    )
    return re.compile(rf"^(?=(?:{words})(?![^\W\d]))", re.MULTILINE)
