"""One look through a text for what all rules look for in it.

It tells which rules the text leaves possible, never which match: that they look themselves, each for its own words. So
it may let through more than there is, and never less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from communityrules.compiler.masks import mask_of
from communityrules.library.fold import Folded, joining, loosely, whole_characters
from communityrules.library.matching import Needed, reading_of

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

#: How many masks of rules that look for the same are kept.
_KEPT: Final = 1024


class Sieve:
    """Which rules a text leaves possible, those that do not look at it among them."""

    __slots__ = ("_all", "_always", "_folds", "_masks", "_owners", "_plain", "_plain_owners", "_read", "_skeletons")

    def __init__(self, everyone: int, needs: Iterable[tuple[int, Sequence[Needed]]]) -> None:
        """`everyone`: the mask of all rules. `needs`: for the bit of each rule that looks at the text what it looks
        for; any of it will do."""
        skeletons: dict[str, set[int]] = {}
        plain: dict[str, set[int]] = {}
        looking: list[int] = []
        unsure: list[int] = []
        folds = False
        for bit, sources in needs:
            looking.append(bit)
            for one in sources:
                folds = folds or one.folds
                if one.skeletons is None:
                    unsure.append(bit)
                for word in one.skeletons or ():
                    skeletons.setdefault(word, set()).add(bit)
                for word in one.plain:
                    # Runs of spaces differ; the longest piece without one is the rarest.
                    piece = max(loosely(word).split(" "), key=len)
                    if piece:
                        plain.setdefault(piece, set()).add(bit)
                    else:
                        unsure.append(bit)
        self._all = everyone
        #: Those that do not look, and those of which nothing can be told.
        self._always = everyone & ~mask_of(looking) | mask_of(unsure)
        #: Whether anything is looked for in the folded text.
        self._folds = folds
        groups: dict[tuple[int, ...], int] = {}
        #: For each pattern the number of its rules, and those rules.
        self._skeletons = [groups.setdefault(tuple(sorted(bits)), len(groups)) for bits in skeletons.values()]
        self._plain_owners = [groups.setdefault(tuple(sorted(bits)), len(groups)) for bits in plain.values()]
        self._owners = tuple(groups)
        self._masks: dict[int, int] = {}
        self._read = _automaton(skeletons) if skeletons else None
        self._plain = _automaton(plain) if plain else None

    def __call__(self, folded: Folded | None) -> int:
        """The mask of the rules that are left; of no text, those that do not look at one."""
        if folded is None:
            return self._always
        found: set[int] = set()
        look = self._read
        if look is not None:
            reading = reading_of(folded)
            quick = reading.quick
            if quick is not None:
                hits = look.find_matches_as_indexes(quick, overlapping=True)
            elif reading.joins:
                # Only folding tells what such characters are.
                return self._all
            else:
                hits = reading.base().scan(look)
                for other in reading.others():
                    hits = hits + other.scan(look)
            if hits:
                owners = self._skeletons
                found = {owners[hit[0]] for hit in hits}
        plain = self._plain
        if plain is not None:
            text = folded.original
            if self._folds and look is None and joining(text):
                return self._all
            hits = plain.find_matches_as_indexes(_bytes(loosely(text)), overlapping=True)
            if hits:
                owners = self._plain_owners
                found |= {owners[hit[0]] for hit in hits}
        mask = self._always
        for one in found:
            mask |= self._masks.get(one) or self._mask(one)
        return mask

    def _mask(self, owner: int) -> int:
        if len(self._masks) >= _KEPT:
            self._masks.clear()
        mask = self._masks[owner] = mask_of(self._owners[owner])
        return mask


def _automaton(words: Iterable[str]) -> BytesAhoCorasick:
    # Imported when first used, so that checking a rulebook does not wait for it.
    from ahocorasick_rs import BytesAhoCorasick

    return BytesAhoCorasick([_bytes(word) for word in words])


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return whole_characters(text).encode()
