"""One look through what a text reads like without disguise, for the words of all rules at once.

A word that stands there is hit itself. One with characters written several times is looked for again where runs of one
character are one. One with a character in parts is told by the parts and what stands beside them: parts alone stand in
plain texts too often, `一小` in what is no `木`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from typing import Any, Final

from communityrules.compiler.gathering import Gathered, Groups, Wanted, gather
from communityrules.kernel import native
from communityrules.library.disguise.reading import Reading, Whole
from communityrules.library.scanning import in_bytes
from communityrules.library.spelled import LETTERS_OF_SIGNS, skeletons

#: One character several times in a row.
_RUN: Final = re.compile(r"(.)\1+", re.DOTALL)
#: The most bytes of one character.
_BYTES: Final = 4


class Disguised:
    """Which rules' words a text may hold, plainly or in disguise. Rules are named by the numbers of their sets."""

    __slots__ = ("_anywhere", "_ends", "_looked_for", "_starts", "bare", "empty", "native")

    def __init__(self, needs: Iterable[tuple[int, Wanted]], groups: Groups) -> None:
        """`needs`: for the bits of rules the words of which a text must hold one. `groups`: sets of bits and their
        numbers; those that are missing are added."""
        needs = list(needs)
        found = gather(needs, groups)
        loose = [one for one in needs if not one[1].edged]
        #: Words of rules that only the folded text tells, folded.
        self.bare: Final = found.bare
        #: All that have a character that may be in parts.
        self._anywhere = found.anywhere
        #: By a character those that may begin with it, or end with it, when they are in parts.
        self._starts = _turned(found.splits, 0)
        self._ends = _turned(found.splits, -1)
        #: Whether there are no words to look for.
        self.empty: Final = not found.words
        #: What looks through texts in the kernel; None where there is none.
        self.native: Final = _native(
            found, frozenset(gather(loose, {}).words) if loose else frozenset(), self._starts, self._ends, groups
        )
        self._looked_for = None if self.native is not None or self.empty else _LookedFor(found)

    def left(self, reading: Reading) -> int:
        """The mask of the rules that a text leaves possible, however it is read, as the kernel tells."""
        assert self.native is not None
        read, quick = self.native.read, reading.quick
        told = read(reading.base().read.decode() if quick is None else quick.decode())
        if told is None and quick is not None:
            # Its signs are not looked at either.
            return 0
        mask = 0 if told is None else int.from_bytes(told, "little")
        for other in reading.others():
            told = read(other.read.decode())
            if told is not None:
                mask |= int.from_bytes(told, "little")
        return mask

    def look(self, reading: Reading, found: set[int]) -> None:
        """Adds the rules that a text leaves possible, however it is read, without the kernel."""
        ready, quick = self._looked_for, reading.quick
        if ready is None:
            return
        if quick is None:
            self._look(ready, reading.base(), found)
        else:
            hits = ready.scan(quick)
            if not hits:
                # Its signs are not looked at either.
                return
            if self._told(ready, quick, hits, found):
                self._collapsed(ready, reading.base(), found)
        for other in reading.others():
            self._look(ready, other, found)

    def _look(self, ready: _LookedFor, way: Whole, found: set[int]) -> None:
        if self._told(ready, way.read, ready.scan(way.read), found):
            self._collapsed(ready, way, found)

    def _collapsed(self, ready: _LookedFor, way: Whole, found: set[int]) -> None:
        """The same of a text with runs of one character as one."""
        track = way.track().collapse()
        if track is not None:
            read = track.text.encode()
            self._told(ready, read, ready.scan(read), found)

    def _told(self, ready: _LookedFor, read: bytes, hits: Iterable[tuple[int, int, int]], found: set[int]) -> bool:
        """Adds the rules that what was hit leaves possible; whether characters may be repeated."""
        number, owners, leads = ready.number, ready.owners, ready.leads
        again = False
        for hit in hits:
            pattern = hit[number]
            owner = owners[pattern]
            if owner is not None:
                found.add(owner)
            lead = leads.get(pattern)
            if lead is not None:
                repeated, chars = lead
                again |= repeated
                for char in chars:
                    # In a hit the place stands before the number of the pattern, or after it.
                    self._beside(ready, read, hit[number - 2], hit[number - 1], char, found)
        return again

    def _beside(self, ready: _LookedFor, read: bytes, start: int, end: int, char: str, found: set[int]) -> None:
        """What the parts of a character at `[start, end)` leave possible by what stands beside them."""
        after = read[end : end + _BYTES].decode(errors="ignore")[:1]
        before = read[max(0, start - _BYTES) : start].decode(errors="ignore")[-1:]
        follows = (after, *self._starts.get(after, ()))
        leads = (before, *self._ends.get(before, ()))
        if char in follows or char in leads:
            # It stands several times, in one way or another.
            found.add(self._anywhere[char])
            return
        for one in follows:
            owner = ready.after.get(char + one)
            if owner is not None:
                found.add(owner)
        for one in (*leads, ""):
            owner = ready.before.get(one + char)
            if owner is not None:
                found.add(owner)


class _LookedFor:
    """What looks through texts for words and what leads to them."""

    __slots__ = ("_scanner", "after", "before", "leads", "number", "owners", "scan")

    def __init__(self, found: Gathered) -> None:
        owners = dict(zip(found.words, found.owners, strict=True))
        #: For what only leads to words: whether characters may be repeated, and what it is the parts of.
        leads = {
            pattern: (pattern in found.repeated, tuple(sorted(found.parts.get(pattern, ()))))
            for pattern in {*found.parts, *found.repeated}
        }
        # In order: see `sieve`.
        patterns = sorted({*owners, *leads})
        self._scanner = in_bytes(patterns)
        self.scan, self.number = self._scanner.scan, self._scanner.number
        #: For each pattern the rules whose word it is, None for those of none.
        self.owners = [owners.get(pattern) for pattern in patterns]
        #: For those that only lead to words what they lead to.
        self.leads = {number: leads[pattern] for number, pattern in enumerate(patterns) if pattern in leads}
        #: What stands before a character, or after it, and the rules then possible.
        self.after, self.before = found.after, found.before


def _native(
    found: Gathered,
    loose: Set[str],
    starts: Mapping[str, tuple[str, ...]],
    ends: Mapping[str, tuple[str, ...]],
    groups: Groups,
) -> Any | None:
    """What looks through plain texts in the kernel; None where there is none, and where there is nothing to look for.
    `loose`: those of the words that are also looked for within others. Sets of rules that are missing are added."""
    kernel, letters = native("sifting"), skeletons()
    if kernel is None or letters is None or not found.words:
        return None
    owners, shorter = _shortened(found, loose, groups)
    rules = tuple(groups)
    parts = {split: "".join(sorted(chars)) for split, chars in found.parts.items()}
    # What leads to more than its own rules is as if it were of an owner of its own, behind all others.
    leads: dict[tuple[int | None, bool, str], int] = {}

    def owner_of(word: str) -> int:
        lead = owners.get(word), word in owners and word not in shorter, parts.get(word, "")
        return leads.setdefault(lead, len(rules) + len(leads))

    patterns = [*owners, *(split for split in parts if split not in owners)]
    numbers = [owner_of(pattern) for pattern in patterns]
    of_parts = [owner_of(split) for split in parts]
    every = (*rules, *(() if one is None else rules[one] for one, *_ in leads))
    try:
        return kernel.Disguise(
            letters,
            kernel.Words(patterns, numbers, every),
            kernel.Words(list(parts), of_parts, every) if parts else None,
            tuple((edged, chars) for _, edged, chars in leads),
            found.after,
            found.before,
            found.anywhere,
            {char: "".join(chars) for char, chars in starts.items()},
            {char: "".join(chars) for char, chars in ends.items()},
            LETTERS_OF_SIGNS,
        )
    except ValueError:
        # Words too much alike: what looks for them one character after another does not mind.
        return None


def _shortened(found: Gathered, loose: Set[str], groups: Groups) -> tuple[dict[str, int], set[str]]:
    """Words with runs of one character as one, and the numbers of their sets of rules; and those that are loose."""
    short: dict[str, int] = {}
    shared: dict[str, set[int]] = {}
    shorter: set[str] = set()
    of = {number: bits for bits, number in groups.items()} if len(groups) > 1 else {}
    for word, owner in zip(found.words, found.owners, strict=True):
        one = word if _RUN.search(word) is None else _RUN.sub(r"\1", word)
        known = short.setdefault(one, owner)
        if known != owner:
            shared.setdefault(one, set(of[known])).update(of[owner])
        if word in loose:
            shorter.add(one)
    for one, bits in shared.items():
        short[one] = groups.setdefault(tuple(sorted(bits)), len(groups))
    return short, shorter


def _turned(splits: Mapping[str, Iterable[str]], end: int) -> dict[str, tuple[str, ...]]:
    """By the character at one end of the parts the characters that are written with them, parts in parts too."""
    found: dict[str, set[str]] = {}
    for char in splits:
        seen: set[str] = set()
        rest = [char]
        while rest:
            for split in splits.get(rest.pop(), ()):
                if split[end] not in seen:
                    seen.add(split[end])
                    rest.append(split[end])
        for one in seen:
            found.setdefault(one, set()).add(char)
    return {one: tuple(sorted(chars)) for one, chars in found.items()}
