"""Looking through disguise for the words of a list, of which a text may hold few.

To prepare a word for being looked for takes as long as to judge many messages, and much room: of a list of a rule that
is asked once only the words are prepared that this text may hold. They are told by what stays the same in all ways to
write them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from communityrules.library.disguise import tables
from communityrules.library.disguise.letters import SKELETON, is_han
from communityrules.library.disguise.looking import Looker, Seen
from communityrules.library.disguise.reading import Reading
from communityrules.library.disguise.steps import Seeing
from communityrules.library.disguise.words import known_ways, looked_through, runs_as_one, splits_of
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
#: Stands for a word where parts of characters are.
_IN_PARTS: Final = -1
#: Stands between the ways to read a text; no character reads as it.
_BETWEEN: Final = "\x00"


class ListLooker:
    """Looks for the words of a list through disguise. What is seen depends on nothing but the words and the text."""

    __slots__ = ("_common", "_letters", "_misses", "_numbers", "_parted", "_seeing", "_signs", "_whole", "_words")

    def __init__(self, words: Iterable[str], seeing: Seeing) -> None:
        self._words = tuple(words)
        self._seeing = seeing
        self._whole: Looker | None = None
        #: For each word, or known way to write it, what its ways have in common, and its letters where they may be in
        #: parts; in one text each, as every list that was ever asked has them. And which word it is.
        self._common: str | None = None
        self._parted = ""
        self._numbers = array("H")
        #: What the letters read as that may be in parts.
        self._letters = ""
        #: How many texts held none of the words; and what tells that quickly, once there were many.
        self._misses = 0
        self._signs: _Signs | None = None

    @property
    def told_apart(self) -> bool:
        """Whether no two of the words can be seen in the same letters, nor one be heard or known as something else."""
        if self._seeing.homophones or len(self._words) > _SHORT:
            return False
        common = self._prepared().split(_BETWEEN)
        # Each word is written in one way, and no two have the same in common.
        return self._numbers == array("H", range(len(self._words))) and len(set(common)) == len(self._words)

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
                known = _looker_for(tuple(self._words[one] for one in numbers), self._seeing), tuple(numbers)
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
        common = self._prepared()
        if not self._numbers:
            return []
        if reading.alike is None:
            whole = _put_alike(_ways(reading))
            reading.alike = runs_as_one(whole), whole
        text, whole = reading.alike
        signs = self._signs
        if signs is not None:
            found, parted = signs.tell(text, whole)
        else:
            each = zip(self._numbers, common.split(_BETWEEN), strict=True)
            found = {number for number, one in each if one in text}
            parted = any(split in text or split in whole for split in self._splits())
        if parted:
            chars = frozenset(text)
            # What a character is put together from may be put together itself.
            pieces = chars.union(self._letters)
            ways = zip(self._numbers, self._parted.split(_BETWEEN), strict=True)
            found.update(number for number, letters in ways if letters and _in_parts(letters, chars, pieces))
        if not found and signs is None:
            self._misses += 1
            if self._misses >= _MISSES:
                self._signs = _Signs(common.split(_BETWEEN), self._numbers, frozenset(self._splits()))
        return sorted(found)

    def _prepared(self) -> str:
        """What the ways to write each word have in common, with all else that is told of them."""
        if self._common is not None:
            return self._common
        ways = [(number, *way) for number, word in enumerate(self._words) for way in _alike(word)]
        self._numbers = array("H", [number for number, _, _ in ways])
        self._parted = _BETWEEN.join([letters for _, _, letters in ways])
        self._letters = "".join({_PARTED[letter][0] for _, _, letters in ways for letter in letters})
        # Last: other threads go by it.
        self._common = _BETWEEN.join([common for _, common, _ in ways])
        return self._common

    def _splits(self) -> Iterable[str]:
        """All that may be written for a letter in parts: a text holds some where any letter is."""
        return (split for letter in frozenset(self._parted) for split in _PARTED[letter][1])


class _Signs:
    """Tells of a text what stands there of what all ways to write some words have in common, and whether any parts of
    their characters do."""

    __slots__ = ("_doubled", "_number", "_of", "_scan")

    def __init__(self, common: Iterable[str], numbers: Iterable[int], splits: Iterable[str]) -> None:
        #: Those with runs of one character: `木木` is no `木`.
        self._doubled = tuple(split for split in splits if runs_as_one(split) != split)
        of: dict[str, list[int]] = {split: [_IN_PARTS] for split in splits if split not in self._doubled}
        for one, number in zip(common, numbers, strict=True):
            of.setdefault(one, []).append(number)
        patterns = sorted(of)
        scanner = in_text(patterns)
        self._scan, self._number = scanner.scan, scanner.number
        #: By the pattern the words whose it is.
        self._of = tuple(tuple(of[pattern]) for pattern in patterns)

    def tell(self, text: str, whole: str) -> tuple[set[int], bool]:
        """`whole`: the text with runs of one character as they are."""
        of, at = self._of, self._number
        found = {number for hit in self._scan(text) for number in of[hit[at]]}
        parted = _IN_PARTS in found or (len(text) < len(whole) and any(split in whole for split in self._doubled))
        found.discard(_IN_PARTS)
        return found, parted


def _in_parts(letters: str, chars: frozenset[str], pieces: frozenset[str]) -> bool:
    """Whether each letter may stand in a text of these characters, and one of them in parts, which are these pieces."""
    parted, known, holds = False, _PARTED, pieces.issuperset
    for letter in letters:
        alike, splits = known[letter]
        if alike not in chars:
            for split in splits:
                if holds(split):
                    break
            else:
                return False
            parted = True
    return parted or any(holds(split) for letter in letters for split in known[letter][1])


def _ways(reading: Reading) -> str:
    """What a text reads as, in each way that counts for whether a word may stand there."""
    if reading.quick is not None:
        return reading.quick.decode()
    return _BETWEEN.join([reading.base().read.decode(), *(other.read.decode() for other in reading.others())])


@lru_cache(maxsize=_KEPT)
def _looker_for(words: tuple[str, ...], seeing: Seeing) -> Looker:
    return Looker(words, seeing)


def _alike(word: str) -> Iterable[tuple[str, str]]:
    """What all ways to write a word have in common, known ways apart; and its letters where some may be in parts."""
    folded = fold_text(word)
    if not looked_through(folded):
        return
    for said in dict.fromkeys((folded, *known_ways(folded))):
        letters = "".join([char for char in said if SKELETON[char]])
        parted = len(letters) > 1 and any(_PARTED[letter][1] for letter in letters)
        yield _as_alike("".join([SKELETON[char] for char in letters])), letters if parted else ""


def _as_alike(skeleton: str) -> str:
    """A skeleton with those characters as one that words may be written with, and runs of one as one."""
    return runs_as_one(_put_alike(skeleton))


def _put_alike(skeleton: str) -> str:
    stand_for = _alike_characters()
    if skeleton.isascii():
        return skeleton.replace("i", stand_for["i"])
    # Few texts hold any but the first of them, and to translate a text takes long.
    for one in stand_for.keys() & frozenset(skeleton):
        skeleton = skeleton.replace(one, stand_for[one])
    return skeleton


@lru_cache(maxsize=1)
def _alike_characters() -> Mapping[str, str]:
    """A character of skeletons → the one of those that are put for each other which stands for all of them."""
    found: dict[str, str] = {}

    def stands_for(char: str) -> str:
        while found.get(char, char) != char:
            char = found[char]
        return char

    shapes = ((SKELETON[char], SKELETON[one]) for char, others in tables.common_shapes().items() for one in others)
    for one, other in (("l", "i"), *shapes):
        found[stands_for(other)] = stands_for(one)
    return {char: stands_for(char) for char in found if stands_for(char) != char}


class _Parted(dict[str, tuple[str, tuple[str, ...]]]):
    """A letter → what it reads as, and what it may be written as in parts; alike characters as one."""

    def __missing__(self, letter: str) -> tuple[str, tuple[str, ...]]:
        stand_for = _alike_characters()
        splits = splits_of(letter) if is_han(letter) else ()
        read = SKELETON[letter]
        self[letter] = found = (
            stand_for.get(read, read),
            tuple("".join([stand_for.get(one, one) for one in split]) for split in splits),
        )
        return found


# It only remembers what a pure function gives, so it changes no result.
_PARTED: Final = _Parted()
