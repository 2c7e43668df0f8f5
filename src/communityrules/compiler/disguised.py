"""One look through what a text reads like without disguise, for the words of all rules at once.

A word that stands there is hit itself. One with characters written several times is looked for again where runs of one
character are one. One with a character in parts is told by the parts and what stands beside them: parts alone stand in
plain texts too often, `一小` in what is no `木`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from communityrules.kernel import native
from communityrules.library.disguise.looking import Leads
from communityrules.library.disguise.reading import Reading, Whole
from communityrules.library.scanning import Scanner, in_bytes
from communityrules.library.spelled import LETTERS_OF_SIGNS, skeletons

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
        repeated: set[str] = set()
        parts: dict[str, set[str]] = {}
        for bit, one in needs:
            for word in one.words:
                words.setdefault(word, set()).add(bit)
            repeated |= one.repeated
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
        owners = numbered(words)
        # In order: see `sieve`.
        self._patterns = patterns = sorted({*words, *repeated, *parts})
        #: For each pattern the rules whose word it is, None for those of none.
        self._owners = [owners.get(pattern) for pattern in patterns]
        #: For those that only lead to words: whether characters may be repeated, and what they are the parts of.
        self._leads = {
            number: (pattern in repeated, tuple(sorted(parts.get(pattern, ()))))
            for number, pattern in enumerate(patterns)
            if pattern in repeated or pattern in parts
        }

    # Made when it is first asked for: the kernel looks through most texts without it.

    @cached_property
    def _scanner(self) -> Scanner:
        return in_bytes(self._patterns)

    def native(self, rules: tuple[tuple[int, ...], ...]) -> Any | None:
        """What looks through plain texts in the kernel; None where there is none. `rules`: by the number of their
        set."""
        kernel, letters = native("sifting"), skeletons()
        if kernel is None or letters is None:
            return None
        # What leads to words is as if it were of an owner of its own, behind all others.
        leads: dict[tuple[int | None, bool, tuple[str, ...]], int] = {}
        owners = list[int]()
        for number, owner in enumerate(self._owners):
            lead = self._leads.get(number)
            if lead is not None:
                owner = leads.setdefault((owner, *lead), len(rules) + len(leads))
            assert owner is not None
            owners.append(owner)
        try:
            words = kernel.Words(
                self._patterns, owners, (*rules, *(() if one is None else rules[one] for one, _, _ in leads))
            )
        except ValueError:
            # Words too much alike: what looks for them one character after another does not mind.
            return None
        return kernel.Disguise(
            letters,
            words,
            tuple((repeated, "".join(chars)) for _, repeated, chars in leads),
            self._after,
            self._before,
            self._anywhere,
            {char: "".join(chars) for char, chars in self._starts.items()},
            {char: "".join(chars) for char, chars in self._ends.items()},
            LETTERS_OF_SIGNS,
        )

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
