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

    __slots__ = ("_folded", "_masks", "_owners", "_plain", "_read", "_untold", "always", "bare", "native")

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
        for several in (self._plain, self._folded):
            if several is not None:
                several.settle(self._owners)
        #: What looks through it in the kernel; None where there is none for all that is looked for.
        self.native: Final = self._native()
        if self.native is not None:
            # Only who looks here names sets of rules.
            self._owners = ()

    def _native(self) -> Looks | None:
        asked = (self._plain, self._read, self._folded)
        if any(one is not None and one.native is None for one in asked):
            return None
        plain, read, folded = (None if one is None else one.native for one in asked)
        return None if plain is read is folded is None else (plain, read, folded and foldings(), folded)

    @property
    def scan(self) -> Callable[[str], Sequence[tuple[int, int, int]]]:
        """Looks through a text where the sieve is `bare`, without the kernel. UnicodeEncodeError where it holds halves
        of characters."""
        plain = self._plain
        assert plain is not None
        return plain.scanner.scan

    def of_text(self, text: str | None) -> int:
        """The mask of the rules that are left of a text where the sieve is `bare`."""
        found: set[int] = set()
        mask = self.always
        if text is not None and self._plain is not None:
            mask |= self._plain.left(text[:MAX_TEXT], found)
        return mask | self._left(found) if found else mask

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
        text, read = folded.original, self._read
        reading = None if read is None else reading_of(folded)
        found: set[int] = set()
        if (reading is not None and reading.quick is None and reading.joins) or (
            self._folded is not None and joining(text)
        ):
            # Only folding tells what such characters are.
            mask = self._untold
        else:
            mask = self.always
            if read is not None and reading is not None:
                if read.native is not None:
                    mask |= read.left(reading)
                else:
                    read.look(reading, found)
            if self._folded is not None:
                mask |= self._folded.left(loosely(text), found)
        if self._plain is not None:
            mask |= self._plain.left(text, found)
        return mask | self._left(found) if found else mask

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
        self._words = tuple(of_word)
        self._make: Final = scanner
        self._longest = max(map(len, self._words), default=0)
        #: What looks for them in the kernel; None where there is none, and until they are settled.
        self.native: Any | None = None

    def settle(self, rules: tuple[tuple[int, ...], ...]) -> None:
        """No more words come. `rules`: by the number of their set."""
        kernel = native("sifting")
        if kernel is None:
            return
        try:
            self.native = kernel.Words(list(self._words), self._sets, rules)
        except ValueError:
            # Words too much alike: what looks for them one character after another does not mind.
            return
        # Only for looking here.
        self._words, self._sets = (), []

    def left(self, text: str, found: set[int]) -> int:
        """The mask of the rules whose words stand in a text, as the kernel tells; without it their sets are added to
        those found. The kernel takes no text of a host's own class, of which a piece is none."""
        if self.native is None:
            found |= self.owners_of(self.hits(text))
            return 0
        # What a text folds to may be longer than it, and no more than so much is looked at in one go.
        mask, step = 0, MAX_TEXT - self._longest + 1
        for at in range(0, max(1, len(text) - self._longest + 1), step):
            mask |= int.from_bytes(self.native.left(text[at : at + MAX_TEXT]), "little")
        return mask

    # Made when they are first asked for. In order, as automata of words in order are made in half the time, and take
    # less room.

    @cached_property
    def scanner(self) -> Scanner:
        return self._make(sorted(self._words))

    @cached_property
    def owners(self) -> list[int]:
        """By what the scanner calls a word the number of its set of rules."""
        return [found for _, found in sorted(zip(self._words, self._sets, strict=True))]

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
