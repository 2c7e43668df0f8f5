"""One look through what a text reads like without disguise, for the words of all rules at once.

A word that stands there is hit itself. One with characters written several times is looked for again where runs of one
character are one. One with a character in parts is told by the parts and what stands beside them: parts alone stand in
plain texts too often, `一小` in what is no `木`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from functools import cached_property
from typing import Any, Final

from communityrules.kernel import native
from communityrules.library.disguise.looking import Leads
from communityrules.library.disguise.reading import Reading, Whole
from communityrules.library.scanning import Scanner, in_bytes
from communityrules.library.spelled import LETTERS_OF_SIGNS, skeletons

#: One character several times in a row.
_RUN: Final = re.compile(r"(.)\1+", re.DOTALL)
#: The most bytes of one character.
_BYTES: Final = 4


class Disguised:
    """Which rules' words a text may hold, plainly or in disguise. Rules are named by the numbers of their sets."""

    def __init__(self, needs: Iterable[tuple[int, Leads]], groups: dict[tuple[int, ...], int]) -> None:
        """`needs`: for the bits of rules what their words are told by. `groups`: sets of bits and their numbers; those
        that are missing are added."""

        def numbered(found: Mapping[str, set[int]]) -> dict[str, int]:
            return {one: groups.setdefault(tuple(sorted(bits)), len(groups)) for one, bits in found.items()}

        words: dict[str, set[int]] = {}
        #: Those that are also words within others.
        loose: set[str] = set()
        parts: dict[str, set[str]] = {}
        self._told_by = []
        for bit, one in needs:
            self._told_by.append(one)
            for word in one.words:
                words.setdefault(word, set()).add(bit)
            if not one.edged:
                loose |= one.words
            for split, char in one.parts.items():
                parts.setdefault(split, set()).add(char)
        splits: dict[str, list[str]] = {}
        for split, chars in parts.items():
            for char in chars:
                splits.setdefault(char, []).append(split)
        anywhere: dict[str, set[int]] = {}
        for word, bits in words.items():
            for char in word:
                if char in splits:
                    anywhere.setdefault(char, set()).update(bits)
        after: dict[str, set[int]] = {}
        before: dict[str, set[int]] = {}
        # Parts may be in parts themselves: what they stand for is then as if it were a word.
        for whole, bits in (
            *words.items(),
            *((split, anywhere.get(char, set())) for char, every in splits.items() for split in every),
        ):
            for at, char in enumerate(whole):
                if char not in splits:
                    continue
                if at + 1 < len(whole):
                    after.setdefault(char + whole[at + 1], set()).update(bits)
                else:
                    # A word of this character alone has nothing beside it.
                    before.setdefault(whole[at - 1] + char if at else char, set()).update(bits)
        #: What stands before a character, or after it, and the rules then possible; and all that have the character.
        self._after = numbered(after)
        self._before = numbered(before)
        self._anywhere = numbered(anywhere)
        #: By a character those that may begin with it, or end with it, when they are in parts.
        self._starts = _turned(splits, 0)
        self._ends = _turned(splits, -1)
        self._parts: Final = {split: tuple(sorted(chars)) for split, chars in parts.items()}
        self._words: Final = numbered(words)
        #: What looks through plain texts in the kernel; None where there is none.
        self.native: Final = self._native(*_shortened(words, loose), numbered, groups)

    def _native(
        self,
        words: Mapping[str, set[int]],
        loose: Set[str],
        numbered: Callable[[Mapping[str, set[int]]], dict[str, int]],
        groups: Mapping[tuple[int, ...], int],
    ) -> Any | None:
        """`words`: with runs of one character as one, and their rules. `loose`: those that are also words within
        others."""
        kernel, letters = native("sifting"), skeletons()
        if kernel is None or letters is None:
            return None
        owners = numbered(words)
        rules = tuple(groups)
        # What leads to more than its own rules is as if it were of an owner of its own, behind all others.
        leads: dict[tuple[int | None, bool, tuple[str, ...]], int] = {}

        def owner_of(word: str) -> int:
            lead = owners.get(word), word in owners and word not in loose, self._parts.get(word, ())
            return leads.setdefault(lead, len(rules) + len(leads))

        patterns = [*owners, *(self._parts.keys() - owners.keys())]
        numbers = [owner_of(pattern) for pattern in patterns]
        of_parts = list(self._parts)
        parts_numbers = [owner_of(split) for split in of_parts]
        every = (*rules, *(() if one is None else rules[one] for one, *_ in leads))
        try:
            return kernel.Disguise(
                letters,
                kernel.Words(patterns, numbers, every),
                kernel.Words(of_parts, parts_numbers, every) if of_parts else None,
                tuple((edged, "".join(chars)) for _, edged, chars in leads),
                self._after,
                self._before,
                self._anywhere,
                {char: "".join(chars) for char, chars in self._starts.items()},
                {char: "".join(chars) for char, chars in self._ends.items()},
                LETTERS_OF_SIGNS,
            )
        except ValueError:
            # Words too much alike: what looks for them one character after another does not mind.
            return None

    # Made when they are first asked for: the kernel looks through most texts without them.

    @cached_property
    def _repeated(self) -> frozenset[str]:
        """Of which a text holds one where a word has characters written several times."""
        return frozenset(sign for one in self._told_by for sign in one.repeated)

    @cached_property
    def _patterns(self) -> list[str]:
        # In order: see `sieve`.
        return sorted({*self._words, *self._repeated, *self._parts})

    @cached_property
    def _scanner(self) -> Scanner:
        return in_bytes(self._patterns)

    @cached_property
    def _owners(self) -> list[int | None]:
        """For each pattern the rules whose word it is, None for those of none."""
        return [self._words.get(pattern) for pattern in self._patterns]

    @cached_property
    def _leads(self) -> dict[int, tuple[bool, tuple[str, ...]]]:
        """For those that only lead to words: whether characters may be repeated, and what they are the parts of."""
        repeated, parts = self._repeated, self._parts
        return {
            number: (pattern in repeated, parts.get(pattern, ()))
            for number, pattern in enumerate(self._patterns)
            if pattern in repeated or pattern in parts
        }

    def look(self, reading: Reading, found: set[int]) -> None:
        """Adds the rules that a text leaves possible, however it is read."""
        quick = reading.quick
        if quick is None:
            self._look(reading.base(), found)
        else:
            hits = self._scanner.scan(quick)
            if not hits:
                # Its signs are not looked at either.
                return
            if self._told(quick, hits, found):
                self._collapsed(reading.base(), found)
        for other in reading.others():
            self._look(other, found)

    def _look(self, way: Whole, found: set[int]) -> None:
        if self._told(way.read, self._scanner.scan(way.read), found):
            self._collapsed(way, found)

    def _collapsed(self, way: Whole, found: set[int]) -> None:
        """The same of a text with runs of one character as one."""
        track = way.track().collapse()
        if track is not None:
            read = track.text.encode()
            self._told(read, self._scanner.scan(read), found)

    def _told(self, read: bytes, hits: Iterable[tuple[int, int, int]], found: set[int]) -> bool:
        """Adds the rules that what was hit leaves possible; whether characters may be repeated."""
        number, owners, leads = self._scanner.number, self._owners, self._leads
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
                    self._beside(read, hit[number - 2], hit[number - 1], char, found)
        return again

    def _beside(self, read: bytes, start: int, end: int, char: str, found: set[int]) -> None:
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
            owner = self._after.get(char + one)
            if owner is not None:
                found.add(owner)
        for one in (*leads, ""):
            owner = self._before.get(one + char)
            if owner is not None:
                found.add(owner)


def _shortened(words: Mapping[str, set[int]], loose: Set[str]) -> tuple[dict[str, set[int]], set[str]]:
    """Words, and those of them that are loose, with runs of one character as one."""
    short: dict[str, set[int]] = {}
    shorter: set[str] = set()
    for word, bits in words.items():
        one = word if _RUN.search(word) is None else _RUN.sub(r"\1", word)
        known = short.setdefault(one, bits)
        if known is not bits:
            short[one] = known | bits
        if word in loose:
            shorter.add(one)
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
