"""One look through a text for what all rules look for in it.

It tells which rules the text leaves possible, never which match: that they look themselves, each for its own words. So
it may let through more than there is, and never less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Final

from communityrules.compiler.disguised import Disguised
from communityrules.compiler.gathering import Wanted
from communityrules.compiler.masks import mask_of
from communityrules.kernel import native
from communityrules.library.fold import MAX_TEXT, Folded, joining, loosely, whole_characters
from communityrules.library.matching import Needed, reading_of
from communityrules.library.scanning import Scanner, in_text
from communityrules.library.spelled import foldings

#: What looks in the kernel for words as they stand, for words in disguise, how texts fold and for words in folded ones.
Looks = tuple[Any, Any, Any, Any]

#: How many masks of rules that look for the same are kept.
_KEPT: Final = 1024


class Sieve:
    """Which rules a text leaves possible, those that do not look at it among them."""

    __slots__ = ("_folded", "_longest", "_masks", "_owners", "_plain", "_read", "_untold", "always", "bare", "native")

    def __init__(self, everyone: int, needs: Iterable[tuple[int, Sequence[Needed]]]) -> None:
        """`everyone`: the mask of all rules. `needs`: for the bit of each rule that looks at the text what it looks
        for; any of it will do."""
        wanted: list[tuple[int, Wanted]] = []
        plain: list[tuple[int, Iterable[str]]] = []
        folded: list[tuple[int, Iterable[str]]] = []
        looking: list[int] = []
        unsure: list[int] = []
        joined: list[int] = []
        for bit, sources in needs:
            looking.append(bit)
            for one in sources:
                if one.disguised is None:
                    unsure.append(bit)
                elif one.disguised:
                    wanted.append((bit, Wanted(one.disguised, one.folds, one.edged)))
                if one.plain:
                    plain.append((bit, one.plain))
                if one.disguised or one.folded:
                    joined.append(bit)
                if one.folded:
                    folded.append((bit, one.folded))
        groups: dict[tuple[int, ...], int] = {}
        read = Disguised(wanted, groups) if wanted else None
        if read is not None:
            folded += read.bare
        pieces: list[tuple[int, Iterable[str]]] = []
        for bit, words in folded:
            # Runs of spaces differ; the longest piece without one is the rarest.
            longest = [max(word.split(" "), key=len) for word in words]
            if not all(longest):
                unsure.append(bit)
            pieces.append((bit, filter(None, longest)))
        #: Those that do not look, and those of which nothing can be told.
        self.always = everyone & ~mask_of(looking) | mask_of(unsure)
        #: Those that are left where characters may join. Of words that stand in the text as it is their hits tell even
        #: then, and for some rules they are all that is asked.
        self._untold = self.always | mask_of(joined)
        self._read = None if read is None or read.empty else read
        self._plain = _Words(plain, groups, in_text) if plain else None
        self._folded = _Words(pieces, groups, in_text) if pieces else None
        self._owners = tuple(groups)
        self._masks: dict[int, int] = {}
        #: Whether no more of the text is needed than its characters.
        self.bare = self._read is None and not folded and bool(plain)
        #: What looks through it in the kernel; None where there is none.
        self.native: Final = self._native()
        #: How long the words are at most that are looked for in the folded text.
        self._longest = 0 if self._folded is None else self._folded.longest
        if self.native is not None:
            # All that was only for looking here.
            self._plain = self._folded = None
            self._owners = ()

    def _native(self) -> Looks | None:
        looks: list[Any] = [None, None, None, None]
        if self._plain is not None:
            looks[0] = self._plain.native(self._owners)
        if self._read is not None:
            looks[1] = self._read.native
        if self._folded is not None:
            looks[2], looks[3] = foldings(), self._folded.native(self._owners)
        asked = (self._plain, looks[0]), (self._read, looks[1]), (self._folded, looks[3])
        missing = any(there is not None and made is None for there, made in asked)
        return None if missing or not any(looks) else (looks[0], looks[1], looks[2], looks[3])

    @property
    def scan(self) -> Callable[[str], Sequence[tuple[int, int, int]]]:
        """Looks through a text where the sieve is `bare`, without the kernel. UnicodeEncodeError where it holds halves
        of characters."""
        plain = self._plain
        assert plain is not None
        return plain.scanner.scan

    def of_text(self, text: str | None) -> int:
        """The mask of the rules that are left of a text where the sieve is `bare`, as the kernel tells."""
        assert self.native is not None
        return self.always if text is None else self.always | _standing(self.native[0], text)

    def left(self, hits: Iterable[tuple[int, int, int]]) -> int:
        """The mask of the rules that are left of what `scan` hit."""
        plain, masks = self._plain, self._masks
        assert plain is not None
        owners, number = plain.owners, plain.number
        mask = self.always
        for hit in hits:
            owner = owners[hit[number]]
            mask |= masks.get(owner) or self._mask(owner)
        return mask

    def of_folded(self, folded: Folded | None) -> int:
        """The mask of the rules that are left; of no text, those that do not look at one."""
        if folded is None:
            return self.always
        if self.native is not None:
            return self._in_kernel(folded, *self.native)
        found: set[int] = set()
        read, mask = self._read, self.always
        if read is not None:
            reading = reading_of(folded)
            if reading.quick is None and reading.joins:
                # Only folding tells what such characters are.
                mask = self._untold
            else:
                read.look(reading, found)
        if self._folded is not None and mask == self.always:
            if joining(folded.original):
                mask = self._untold
            else:
                found |= self._folded.owners_of(self._folded.hits(loosely(folded.original)))
        if self._plain is not None:
            found |= self._plain.owners_of(self._plain.hits(folded.original))
        return mask | self._left(found) if found else mask

    def _in_kernel(self, folded: Folded, words: Any, disguise: Any, _: Any, pieces: Any) -> int:
        """The same with what looks in the kernel, for texts that are not read there."""
        text, mask = folded.original, self.always
        reading = None if disguise is None else reading_of(folded)
        if (reading is not None and reading.quick is None and reading.joins) or (pieces is not None and joining(text)):
            # Only folding tells what such characters are.
            mask = self._untold
        else:
            if reading is not None and self._read is not None:
                mask |= self._read.left(reading)
            if pieces is not None:
                # It may be longer than the text, and no more than so much is looked at in one go.
                read, step = loosely(text), MAX_TEXT - self._longest + 1
                for at in range(0, max(1, len(read) - self._longest + 1), step):
                    mask |= int.from_bytes(pieces.left(read[at : at + MAX_TEXT]), "little")
        return mask if words is None else mask | _standing(words, text)

    def _left(self, found: set[int]) -> int:
        mask = self.always
        for one in found:
            mask |= self._masks.get(one) or self._mask(one)
        return mask

    def _mask(self, owner: int) -> int:
        if len(self._masks) >= _KEPT:
            self._masks.clear()
        mask = self._masks[owner] = mask_of(self._owners[owner])
        return mask


def _standing(words: Any, text: str) -> int:
    """The mask of the rules whose words stand in a text, as the kernel tells. It takes no text of a host's own class,
    of which a piece is none."""
    return int.from_bytes(words.left(text[:MAX_TEXT]), "little")


class _Words:
    """Words that are looked for together, and the rules of each by the number of their set."""

    def __init__(
        self,
        words: Iterable[tuple[int, Iterable[str]]],
        groups: dict[tuple[int, ...], int],
        scanner: Callable[[Sequence[str]], Scanner],
    ) -> None:
        """`words`: those of each rule, by its bit. `groups`: sets of bits and their numbers; those that are missing
        are added."""
        given = [(bit, tuple(several)) for bit, several in words]
        every = [word for _, several in given for word in several]
        of_word: dict[str, int] = dict.fromkeys(every, 0)
        #: For each word the number of its set of rules.
        self._sets: list[int] = []
        if len(of_word) == len(every):
            for bit, several in given:
                if several:
                    self._sets += [groups.setdefault((bit,), len(groups))] * len(several)
        else:
            of_word.clear()
            shared: dict[str, set[int]] = {}
            for bit, several in given:
                for word in several:
                    if of_word.setdefault(word, bit) != bit:
                        shared.setdefault(word, {of_word[word]}).add(bit)
            for word, bit in of_word.items():
                owners = tuple(sorted(shared[word])) if word in shared else (bit,)
                self._sets.append(groups.setdefault(owners, len(groups)))
        self._words: Final = tuple(of_word)
        self._make: Final = scanner

    def native(self, rules: tuple[tuple[int, ...], ...]) -> Any | None:
        """What looks for the words in the kernel; None where there is none. `rules`: by the number of their set."""
        kernel = native("sifting")
        if kernel is None:
            return None
        try:
            return kernel.Words(list(self._words), self._sets, rules)
        except ValueError:
            # Words too much alike: what looks for them one character after another does not mind.
            return None

    # Made when they are first asked for: where the kernel looks through texts, they hardly ever are. In order, as
    # automata of words in order are made in half the time, and take less room.

    @cached_property
    def scanner(self) -> Scanner:
        return self._make(sorted(self._words))

    @cached_property
    def owners(self) -> list[int]:
        """By what the scanner calls a word the number of its set of rules."""
        return [found for _, found in sorted(zip(self._words, self._sets, strict=True))]

    @property
    def longest(self) -> int:
        """How many characters the longest of them has."""
        return max(map(len, self._words), default=0)

    @property
    def number(self) -> int:
        """Where in a hit the number of the word is."""
        return self.scanner.number

    def scan(self, text: str) -> Sequence[tuple[int, int, int]]:
        """What is hit in a text. UnicodeEncodeError where it holds halves of characters."""
        return self.scanner.scan(text)

    def hits(self, text: str) -> Sequence[tuple[int, int, int]]:
        try:
            return self.scan(text)
        except UnicodeEncodeError:
            return self.scan(whole_characters(text))

    def owners_of(self, hits: Iterable[tuple[int, int, int]]) -> set[int]:
        """The sets of rules whose words were hit."""
        owners, number = self.owners, self.number
        return {owners[hit[number]] for hit in hits}
