"""One look through a text for what all rules look for in it.

It tells which rules the text leaves possible, never which match: that they look themselves, each for its own words. So
it may let through more than there is, and never less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from communityrules.compiler.masks import mask_of
from communityrules.library.fold import MAX_TEXT, Folded, joining, loosely, whole_characters
from communityrules.library.matching import Needed, reading_of

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

#: How many masks of rules that look for the same are kept.
_KEPT: Final = 1024


class Sieve:
    """Which rules a text leaves possible, those that do not look at it among them."""

    __slots__ = ("_all", "_always", "_folded", "_masks", "_owners", "_plain", "_read", "bare")

    def __init__(self, everyone: int, needs: Iterable[tuple[int, Sequence[Needed]]]) -> None:
        """`everyone`: the mask of all rules. `needs`: for the bit of each rule that looks at the text what it looks
        for; any of it will do."""
        skeletons: dict[str, set[int]] = {}
        plain: dict[str, set[int]] = {}
        folded: dict[str, set[int]] = {}
        looking: list[int] = []
        unsure: list[int] = []
        for bit, sources in needs:
            looking.append(bit)
            for one in sources:
                if one.skeletons is None:
                    unsure.append(bit)
                for word in one.skeletons or ():
                    skeletons.setdefault(word, set()).add(bit)
                for word in one.plain:
                    plain.setdefault(word, set()).add(bit)
                for word in one.folded:
                    # Runs of spaces differ; the longest piece without one is the rarest.
                    piece = max(word.split(" "), key=len)
                    if piece:
                        folded.setdefault(piece, set()).add(bit)
                    else:
                        unsure.append(bit)
        self._all = everyone
        #: Those that do not look, and those of which nothing can be told.
        self._always = everyone & ~mask_of(looking) | mask_of(unsure)
        groups: dict[tuple[int, ...], int] = {}
        self._read, self._plain, self._folded = (
            _Words(words, groups) if words else None for words in (skeletons, plain, folded)
        )
        self._owners = tuple(groups)
        self._masks: dict[int, int] = {}
        #: Whether no more of the text is needed than its characters.
        self.bare = not (skeletons or folded)

    def of_text(self, text: str | None) -> int:
        """The mask of the rules that are left, where the sieve is `bare`; of no text, those that do not look at one."""
        if text is None:
            return self._always
        plain = self._plain
        if plain is None:
            return self._always
        if len(text) > MAX_TEXT:
            text = text[:MAX_TEXT]
        try:
            hits = plain.scan(text.encode(), True)
        except UnicodeEncodeError:
            hits = plain.scan(_bytes(text), True)
        if not hits:
            return self._always
        return self._left({plain.owners[hit[0]] for hit in hits})

    def of_folded(self, folded: Folded | None) -> int:
        """The mask of the rules that are left; of no text, those that do not look at one."""
        if folded is None:
            return self._always
        found: set[int] = set()
        look = self._read
        if look is not None:
            reading = reading_of(folded)
            quick = reading.quick
            if quick is not None:
                hits = look.scan(quick, True)
            elif reading.joins:
                # Only folding tells what such characters are.
                return self._all
            else:
                hits = reading.base().scan(look.automaton)
                for other in reading.others():
                    hits = hits + other.scan(look.automaton)
            if hits:
                owners = look.owners
                found = {owners[hit[0]] for hit in hits}
        if self._folded is not None:
            if joining(folded.original):
                return self._all
            found |= self._folded.found(loosely(folded.original))
        if self._plain is not None:
            found |= self._plain.found(folded.original)
        return self._left(found)

    def _left(self, found: set[int]) -> int:
        mask = self._always
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

    __slots__ = ("automaton", "owners", "scan")

    def __init__(self, words: Mapping[str, set[int]], groups: dict[tuple[int, ...], int]) -> None:
        # Imported when first used, so that checking a rulebook does not wait for it.
        from ahocorasick_rs import BytesAhoCorasick

        self.automaton: BytesAhoCorasick = BytesAhoCorasick([_bytes(word) for word in words])
        self.scan: Final = self.automaton.find_matches_as_indexes
        self.owners: Final = [groups.setdefault(tuple(sorted(bits)), len(groups)) for bits in words.values()]

    def found(self, text: str) -> set[int]:
        """The sets of rules whose words stand in a text."""
        return {self.owners[hit[0]] for hit in self.scan(_bytes(text), True)}


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return whole_characters(text).encode()
