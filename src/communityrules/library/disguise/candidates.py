"""Looking through disguise for the words of a list, of which a text may hold few.

To prepare a word for being looked for takes as long as to judge many messages, and much room: of a list of a rule that
is asked once only the words are prepared that this text may hold. They are told by what stays the same in all ways to
write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from communityrules.library.disguise import tables
from communityrules.library.disguise.letters import SKELETON, is_han
from communityrules.library.disguise.looking import Looker, Seen
from communityrules.library.disguise.reading import Reading
from communityrules.library.disguise.steps import Seeing
from communityrules.library.disguise.words import KNOWN, looked_through, splits_of
from communityrules.library.fold import fold_text
from communityrules.library.scanning import in_text

#: Lists of more words are prepared as a whole, as looking at each of them would take too long.
_SHORT: Final = 256
#: A text that may hold more of a list is looked through for the whole of it.
_FEW: Final = 8
#: After so many texts that held none of a list what tells that is made for all of its words at once: that takes as long
#: as to look at each of them for so many.
_MISSES: Final = 32
#: How many small sets of words stay prepared: what is said once is often said again.
_KEPT: Final = 512
#: One character several times in a row.
_RUN: Final = re.compile(r"(.)\1+", re.DOTALL)
#: Stands for a word where parts of characters are.
_PARTED: Final = -1
#: Stands between the ways to read a text; no character reads as it.
_BETWEEN: Final = "\x00"


class ListLooker:
    """Looks for the words of a list through disguise. What is seen depends on nothing but the words and the text."""

    __slots__ = ("_doubled", "_every", "_letters", "_misses", "_seeing", "_signs", "_split", "_whole", "_words")

    def __init__(self, words: Iterable[str], seeing: Seeing) -> None:
        self._words = tuple(words)
        self._seeing = seeing
        self._whole: Looker | None = None
        #: For each word the ways to write it: what they have in common, and its letters where they may be in parts.
        self._every: tuple[tuple[tuple[str, str], ...], ...] | None = None
        #: What the letters read as that may be in parts.
        self._letters: frozenset[str] = frozenset()
        #: Of which a text holds one where any of them is, and those with runs of one character: `木木` is no `木`.
        self._split: tuple[str, ...] = ()
        self._doubled: tuple[str, ...] = ()
        #: How many texts held none of the words; and what tells that quickly, once there were many.
        self._misses = 0
        self._signs: _Signs | None = None

    @property
    def told_apart(self) -> bool:
        """Whether no two of the words can be seen in the same letters, nor one be heard or known as something else."""
        if self._seeing.homophones or len(self._words) > _SHORT:
            return False
        ways = [tuple(_alike(word)) for word in self._words]
        return all(len(one) == 1 for one in ways) and len({one[0][0] for one in ways}) == len(ways)

    def maybe(self, reading: Reading) -> bool:
        """Whether any of the words may stand in a text: false only when none does. Quick for plain texts."""
        looker, _ = self._looker(reading)
        return looker is not None and looker.maybe(reading)

    def look(self, reading: Reading, seeing: Seeing, one: bool = False) -> list[Seen]:
        """Every place where a word stands, plain or disguised, in no stated order; or only `one`, the first found."""
        looker, numbers = self._looker(reading)
        if looker is None:
            return []
        seen = looker.look(reading, seeing, one)
        if numbers is None:
            return seen
        return [Seen(start, end, numbers[word], steps) for start, end, word, steps in seen]

    def _looker(self, reading: Reading) -> tuple[Looker | None, tuple[int, ...] | None]:
        """What looks for those words that a text may hold, and which they are; None for all of them."""
        if self._seeing.homophones or len(self._words) > _SHORT:
            # Words may be heard anywhere.
            return self._all()
        # The condition asks, and then the evidence.
        known: tuple[Looker | None, tuple[int, ...] | None] | None = reading.lookers.get(self)
        if known is None:
            numbers = self._candidates(reading)
            if len(numbers) > _FEW:
                known = self._all()
            elif numbers:
                known = _prepared(tuple(self._words[one] for one in numbers), self._seeing), tuple(numbers)
            else:
                known = None, None
            reading.lookers[self] = known
        return known

    def _all(self) -> tuple[Looker, None]:
        if self._whole is None:
            self._whole = Looker(self._words, self._seeing)
        return self._whole, None

    def _candidates(self, reading: Reading) -> list[int]:
        """Which of the words a text may hold."""
        every = self._every
        if every is None:
            every = tuple(tuple(_alike(word)) for word in self._words)
            self._letters = frozenset(
                _alike_letter(letter) for ways in every for _, letters in ways for letter in letters
            )
            every_split = {split for ways in every for _, letters in ways for one in letters for split in _splits(one)}
            self._split = tuple(split for split in every_split if _RUN.search(split) is None)
            self._doubled = tuple(every_split.difference(self._split))
            # Last: other threads go by it.
            self._every = every
        if reading.alike is None:
            whole = _ways(reading).translate(_alike_characters())
            reading.alike = _runs_as_one(whole), whole
        text, whole = reading.alike
        signs = self._signs
        if signs is None:
            plain = [number for number, ways in enumerate(every) if any(common in text for common, _ in ways)]
            parted = any(split in text for split in self._split)
        else:
            plain, parted = signs.tell(text)
        if parted or (len(text) < len(whole) and any(split in whole for split in self._doubled)):
            chars = frozenset(text)
            # What a character is put together from may be put together itself.
            pieces = chars | self._letters
            there = frozenset(plain)
            return [
                number
                for number, ways in enumerate(every)
                if number in there or any(letters and _in_parts(letters, chars, pieces) for _, letters in ways)
            ]
        if not plain and signs is None:
            self._misses += 1
            if self._misses >= _MISSES:
                self._signs = _Signs(every, self._split)
        return plain


class _Signs:
    """Tells of a text what stands there of what all ways to write some words have in common, and whether any parts of
    their characters do."""

    __slots__ = ("_number", "_of", "_scan")

    def __init__(self, every: Iterable[Iterable[tuple[str, str]]], split: Iterable[str]) -> None:
        of: dict[str, list[int]] = {one: [_PARTED] for one in split}
        for number, ways in enumerate(every):
            for common, _ in ways:
                of.setdefault(common, []).append(number)
        patterns = sorted(of)
        scanner = in_text(patterns)
        self._scan, self._number = scanner.scan, scanner.number
        #: By the pattern the words whose it is.
        self._of = tuple(tuple(of[pattern]) for pattern in patterns)

    def tell(self, text: str) -> tuple[list[int], bool]:
        of, at = self._of, self._number
        found = {number for hit in self._scan(text) for number in of[hit[at]]}
        parted = _PARTED in found
        found.discard(_PARTED)
        return sorted(found), parted


def _in_parts(letters: str, chars: frozenset[str], pieces: frozenset[str]) -> bool:
    """Whether each letter may stand in a text of these characters, and one of them in parts, which are these pieces."""
    parted = False
    for letter in letters:
        parts = any(map(pieces.issuperset, _splits(letter)))
        if not parts and _alike_letter(letter) not in chars:
            return False
        parted |= parts
    return parted


def _ways(reading: Reading) -> str:
    """What a text reads as, in each way that counts for whether a word may stand there."""
    if reading.quick is not None:
        return reading.quick.decode()
    return _BETWEEN.join([reading.base().read.decode(), *(other.read.decode() for other in reading.others())])


@lru_cache(maxsize=_KEPT)
def _prepared(words: tuple[str, ...], seeing: Seeing) -> Looker:
    return Looker(words, seeing)


def _alike(word: str) -> Iterable[tuple[str, str]]:
    """What all ways to write a word have in common, known ways apart; and its letters where some may be in parts."""
    folded = fold_text(word)
    if not looked_through(folded):
        return
    for said in dict.fromkeys((folded, *_known(folded))):
        letters = "".join([char for char in said if SKELETON[char]])
        parted = len(letters) > 1 and any(_splits(letter) for letter in letters)
        yield _as_alike("".join([SKELETON[char] for char in letters])), letters if parted else ""


def _known(folded: str) -> Iterable[str]:
    for known, others in KNOWN:
        if known in folded:
            yield from (folded.replace(known, other) for other in others)


def _as_alike(skeleton: str) -> str:
    """A skeleton with those characters as one that words may be written with, and runs of one as one."""
    return _runs_as_one(skeleton.translate(_alike_characters()))


def _runs_as_one(alike: str) -> str:
    return alike if _RUN.search(alike) is None else _RUN.sub(r"\1", alike)


def _alike_letter(letter: str) -> str:
    return SKELETON[letter].translate(_alike_characters())


@lru_cache(maxsize=1)
def _alike_characters() -> Mapping[int, str]:
    """A character of skeletons → the one of those that are put for each other which stands for all of them."""
    found: dict[str, str] = {}

    def stands_for(char: str) -> str:
        while found.get(char, char) != char:
            char = found[char]
        return char

    shapes = ((SKELETON[char], SKELETON[one]) for char, others in tables.common_shapes().items() for one in others)
    for one, other in (("l", "i"), *shapes):
        found[stands_for(other)] = stands_for(one)
    return _Alike({ord(char): stands_for(char) for char in found})


class _Alike(dict[int, str]):
    """For `str.translate`, which takes far longer where it is told of a character that there is nothing for it."""

    def __missing__(self, code_point: int) -> str:
        self[code_point] = char = chr(code_point)
        return char


@lru_cache(maxsize=4096)
def _splits(letter: str) -> tuple[str, ...]:
    """What a Chinese character may be written as in parts, alike characters as one."""
    if not is_han(letter):
        return ()
    return tuple(split.translate(_alike_characters()) for split in splits_of(letter))
