"""One way to read a text: its skeleton, and the way back from each character of that to the text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Final

from communityrules.library.disguise.letters import SKELETON

#: Stand among skeletons that are each in the place of their character: for one that has none, for several characters.
NONE: Final = "\x00"
SEVERAL: Final = "\x01"
#: In how many rounds one place is looked for before all of them are worked out.
_ROUNDS: Final = 16
#: Runs of one character.
_RUNS: Final = re.compile(r"(.)\1+", re.DOTALL)


def _runs(text: str) -> list[tuple[int, int]]:
    """Where one character stands several times in a row, as half-open ranges."""
    if not text.isascii():
        return [found.span() for found in _RUNS.finditer(text)]
    # As one number beside itself, moved by one byte: several times as fast as the pattern.
    read = text.encode()
    number = int.from_bytes(read, "big")
    differs = (number ^ number >> 8).to_bytes(len(read), "big")
    runs: list[tuple[int, int]] = []
    at = differs.find(0, 1)
    while at > 0:
        end = at + 1
        while end < len(read) and not differs[end]:
            end += 1
        runs.append((at - 1, end))
        at = differs.find(0, end)
    return runs


def _parted(start: int, end: int, split: frozenset[int]) -> list[tuple[int, int]]:
    """A run, cut before each character that was put together from parts; what is one character then is no run."""
    cuts = [start, *(at for at in range(start + 1, end) if at in split), end]
    return [(low, high) for low, high in pairwise(cuts) if high - low > 1]


class Track:
    """One way to read a text: its skeleton, and where in the text each character of that comes from."""

    __slots__ = (
        "_first",
        "_kept",
        "_last",
        "_short",
        "_whole",
        "collapsed",
        "counts",
        "single",
        "skeletons",
        "split",
        "text",
    )

    def __init__(
        self,
        text: str,
        first: Sequence[int] | None,
        last: Sequence[int] | None,
        skeletons: Mapping[str, str],
        split: frozenset[int] = frozenset(),
        kept: str = "",
        counts: list[int] | None = None,
        whole: Track | None = None,
    ) -> None:
        self.text = text
        self._first = first
        self._last = last
        #: Where the places are not given, what tells them: the skeletons, each in the place of its character.
        self._kept = kept
        #: Or the track of which this is one with runs of one character as one.
        self._whole = whole
        #: By which the text was read: whether signs and emoji stand for letters and characters.
        self.skeletons = skeletons
        #: Which characters of the skeleton were put together from parts.
        self.split = split
        #: Whether runs of one character are one, and then how long each was.
        self.collapsed = counts is not None
        self.counts = counts
        #: Whether no two characters of the skeleton come from one of the text.
        self.single: bool = bool(kept) or (whole is not None and whole.single)
        #: What `collapse` gave: every list asks for it again.
        self._short: tuple[Track | None] | None = None

    @property
    def first(self) -> Sequence[int]:
        """For each character of the skeleton the place of the first character that it comes from."""
        self.work_out()
        return self._first or ()

    @property
    def last(self) -> Sequence[int]:
        """The same for the last one."""
        self.work_out()
        return self._last or ()

    def work_out(self) -> None:
        """Works out all places at once, which pays where many are asked for: each by itself looks through the text."""
        if self._first is not None:
            return
        whole = self._whole
        if whole is None or self.counts is None:
            self._first = self._last = _places(self._kept)
            return
        ends = list(accumulate(self.counts))
        first, last = whole.first, whole.last
        self._first = [first[0], *(first[end] for end in ends[:-1])]
        self._last = [last[end - 1] for end in ends]

    def spans(self, start: int, end: int) -> Sequence[tuple[int, int]]:
        """For each of some characters of the skeleton the places of the first and the last character that it comes
        from; all places need not be worked out for it."""
        whole, counts = self._whole, self.counts
        if self._first is not None or whole is None or counts is None or not whole.single:
            return list(zip(self.first[start:end], self.last[start:end], strict=True))
        before = sum(counts[:start])
        places = whole.places(before, before + sum(counts[start:end]))
        found: list[tuple[int, int]] = []
        at = 0
        for count in counts[start:end]:
            found.append((places[at], places[at + count - 1]))
            at += count
        return found

    def places(self, start: int, end: int) -> Sequence[int]:
        """`first[start:end]`; all places need not be worked out for it."""
        kept = self._kept
        if self._first is not None or not kept:
            return self.first[start:end]
        if len(kept) == len(self.text):
            return range(start, end)
        size = end - start
        at = kept.find(self.text[start:end], start)
        if at >= 0 and at - kept.count(NONE, 0, at) == start:
            # It stands without a gap.
            return range(at, at + size)
        # As many further on as there are gaps before it, and so on until there are no more.
        at, before = start, 0
        for _ in range(_ROUNDS):
            if (gaps := kept.count(NONE, 0, at + 1)) == before:
                break
            at, before = start + gaps, gaps
        else:
            return self.first[start:end]
        places: list[int] = []
        while size:
            if kept[at] != NONE:
                places.append(at)
                size -= 1
            at += 1
        return places

    def collapse(self) -> Track | None:
        """The same with runs of one character as one; None when there are none."""
        if self._short is None:
            self._short = (self._collapsed(),)
        return self._short[0]

    def _collapsed(self) -> Track | None:
        text, split = self.text, self.split
        runs = _runs(text)
        if split:
            # What was put together from parts is a run of its own.
            runs = [run for start, end in runs for run in _parted(start, end, split)]
        if not runs:
            return None
        pieces: list[str] = []
        counts = [1] * len(text)
        at = less = 0
        for start, end in runs:
            pieces.append(text[at : start + 1])
            counts[start - less] = end - start
            less += end - start - 1
            at = end
        pieces.append(text[at:])
        del counts[len(text) - less :]
        if split:
            begins = accumulate(counts, initial=0)
            split = frozenset(at for at, begin in zip(range(len(counts)), begins, strict=False) if begin in split)
        return Track("".join(pieces), None, None, self.skeletons, split, counts=counts, whole=self)

    def join(self, parts: list[tuple[int, int, str]]) -> Track:
        """The same with some stretches of the skeleton as the one character that they are the parts of."""
        pieces: list[str] = []
        first: list[int] = []
        last: list[int] = []
        counts: list[int] = []
        split: list[int] = []
        at = 0
        for start, end, char in [*parts, (len(self.text), len(self.text), "")]:
            split += [len(first) + one - at for one in range(at, start) if one in self.split]
            pieces += (self.text[at:start], char)
            first += self.first[at:start]
            last += self.last[at:start]
            if self.counts is not None:
                counts += self.counts[at:start]
            if char:
                split.append(len(first))
                first.append(self.first[start])
                last.append(self.last[end - 1])
                counts.append(1)
            at = end
        collapsed = counts if self.counts is not None else None
        return Track("".join(pieces), first, last, self.skeletons, frozenset(split), counts=collapsed)


#: A text as it stands, gaps and all: each character comes from its own place.
AS_IT_STANDS: Final = Track("\x00", None, None, SKELETON, kept="\x00")


def _places(kept: str) -> Sequence[int]:
    """Where those characters stand that have a skeleton."""
    places: list[int] = []
    at = 0
    for piece in kept.split(NONE):
        size = len(piece)
        places += range(at, at + size)
        at += size + 1
    return places
