"""What the words of many rules lead to, gathered at once: for looking for all of them in one look (`disguised`).

A word leads to the ways in which a text may hold it, to what a text holds when characters of it are written several
times, and to the parts of its Chinese characters. Of ten thousand rules that is a quarter of a million texts, so most
of it is done by the kernel where there is one; what a word leads to is said by `library.disguise.words`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Final, NamedTuple, Protocol

from communityrules.kernel import native
from communityrules.library.disguise import tables
from communityrules.library.disguise.letters import SKELETON, is_han
from communityrules.library.disguise.words import KNOWN, looked_through, prepare, split_letters, splits_of, stretched
from communityrules.library.fold import char_folded, fold_text, is_joining, whole_characters

#: Sets of rules, and their numbers.
Groups = dict[tuple[int, ...], int]
#: Texts with the numbers of their sets of rules, as the kernel gives them: see `Gathered`.
_Told = tuple[list[str], list[int], list[str], dict[str, int], dict[str, int], dict[str, int]]


class Wanted(NamedTuple):
    """Words that a text must hold one of, plainly or in disguise."""

    words: tuple[str, ...] = ()
    #: Whether all is undone that folding does.
    folds: bool = True
    #: Whether they stand only where no letter of their kind touches them.
    edged: bool = True


class Gathered(NamedTuple):
    """What the words of many rules lead to."""

    #: What stands where a word does, in no stated order, and for each the number of its set of rules.
    words: list[str]
    owners: list[int]
    #: One of which stands where a word has characters written several times: runs of one character are then read as
    #: one, and the words and parts looked for in that.
    repeated: frozenset[str]
    #: Parts → the characters that are read for them; the words are then looked for beside those.
    parts: Mapping[str, set[str]]
    #: By such a character its parts.
    splits: Mapping[str, list[str]]
    #: The number of the set of rules that have such a character, by it and what stands after it, by what stands before
    #: it at the end of a word and it, and by the character alone.
    after: dict[str, int]
    before: dict[str, int]
    anywhere: dict[str, int]
    #: Words of rules that only the folded text tells, folded.
    bare: Sequence[tuple[int, tuple[str, ...]]]


class _Gathering(Protocol):
    """Takes words of rules, one rule after another."""

    def add(self, bit: int, words: tuple[str, ...], /) -> list[str]:
        """Adds words; gives those of which it is to be told what they lead to."""

    def put(self, bit: int, words: list[str], repeated: list[str], letters: str, /) -> None:
        """Adds what those lead to; `letters`: their characters that may be written in parts."""

    def letters(self) -> str:
        """Those of all words."""

    def finish(self, splits: dict[str, list[str]], groups: Groups, /) -> _Told:
        """All that was gathered. `groups`: sets that are missing are added."""


class Gathering:
    """The same in Python."""

    def __init__(self) -> None:
        self._words = _Owned()
        self._repeated: set[str] = set()
        self._letters: set[str] = set()

    def add(self, _: int, words: tuple[str, ...]) -> list[str]:
        return list(words)

    def put(self, bit: int, words: list[str], repeated: list[str], letters: str) -> None:
        for word in words:
            self._words.add(word, (bit,))
        self._repeated.update(repeated)
        self._letters.update(letters)

    def letters(self) -> str:
        return "".join(sorted(self._letters))

    def finish(self, splits: dict[str, list[str]], groups: Groups) -> _Told:
        after, before, anywhere = _Owned(), _Owned(), _Owned()
        for word, bits in self._words.items():
            for char in word:
                if char in splits:
                    anywhere.add(char, bits)
        # Parts may be in parts themselves: what they stand for is then as if it were a word.
        inside = [(split, bits) for char, every in splits.items() if (bits := anywhere.of(char)) for split in every]
        for whole, bits in chain(self._words.items(), inside):
            for at, char in enumerate(whole):
                if char not in splits:
                    continue
                if at + 1 < len(whole):
                    after.add(char + whole[at + 1], bits)
                else:
                    # A word of this character alone has nothing beside it.
                    before.add(whole[at - 1] + char if at else char, bits)
        owners = self._words.numbered(groups)
        told = (after.numbered(groups), before.numbered(groups), anywhere.numbered(groups))
        return list(owners), list(owners.values()), list(self._repeated), *told


class _Owned:
    """Texts, and the rules of each."""

    __slots__ = ("_one", "_several")

    def __init__(self) -> None:
        # Most texts are of one rule, and a set takes much room.
        self._one: dict[str, tuple[int, ...]] = {}
        self._several: dict[str, set[int]] = {}

    def add(self, text: str, bits: Iterable[int]) -> None:
        known = self._one.setdefault(text, bits) if isinstance(bits, tuple) else None
        if known != bits:
            self._several.setdefault(text, set(self._one.setdefault(text, ()))).update(bits)

    def of(self, text: str) -> Iterable[int]:
        return self._several.get(text) or self._one.get(text, ())

    def items(self) -> Iterable[tuple[str, Iterable[int]]]:
        return ((text, self._several.get(text) or bits) for text, bits in self._one.items())

    def numbered(self, groups: Groups) -> dict[str, int]:
        return {text: groups.setdefault(tuple(sorted(bits)), len(groups)) for text, bits in self.items()}


def gather(needs: Iterable[tuple[int, Wanted]], groups: Groups, gathering: _Gathering | None = None) -> Gathered:
    """What the words of rules lead to. `needs`: those of rules by their bits. `groups`: sets of bits and their numbers;
    those that are missing are added."""
    gathering = gathering or new()
    bare: list[tuple[int, tuple[str, ...]]] = []
    for bit, (words, folds, _) in needs:
        left = gathering.add(bit, words)
        if left:
            _put(gathering, bit, left)
            folded = [fold_text(one) for one in left]
            alone = [
                whole_characters(said)
                for said, word in zip(folded, left, strict=True)
                if said and (not looked_through(said) or not (folds or all(map(char_folded, word))))
            ]
            if alone:
                bare.append((bit, tuple(dict.fromkeys(alone))))
    parts: dict[str, set[str]] = {}
    splits: dict[str, list[str]] = {}
    for letter in gathering.letters():
        char = SKELETON[letter]
        for split in splits_of(letter):
            chars = parts.setdefault(split, set())
            if char not in chars:
                chars.add(char)
                splits.setdefault(char, []).append(split)
    words_, owners, repeated, after, before, anywhere = gathering.finish(splits, groups)
    every = frozenset(chain(repeated, (one * 2 for split in parts for one in split)))
    return Gathered(words_, owners, every, parts, splits, after, before, anywhere, bare)


def _put(gathering: _Gathering, bit: int, words: Iterable[str]) -> None:
    made = tuple(prepare(words))
    ways = dict.fromkeys(way for word in made for way in (word.skeleton, word.short))
    repeated = {sign for word in made for sign in stretched(word)}
    gathering.put(bit, list(ways), list(repeated), "".join(dict.fromkeys(split_letters(made))))


def new() -> _Gathering:
    """What gathers: in the kernel where there is one."""
    kernel = native("leading")
    if kernel is None:
        return Gathering()
    made: _Gathering = kernel.Gathering(learn)
    return made


@cache
def _known() -> Mapping[str, str]:
    """By how known ways to write something begin, what stands behind that; None for them in one character."""
    found: dict[str, str] = {}
    for known, _ in KNOWN:
        found[known[0]] = found.get(known[0], "") + known[1:2]
    return found


_ALONE: Final = frozenset(known for known, _ in KNOWN if len(known) == 1)


def learn(char: str) -> tuple[str, str, str, str, str] | None:
    """What the kernel asks of a character: what it folds to, what it reads as, what else it may be taken for, which of
    these are Chinese, and what stands behind it in something with known ways to write it. None: words with it are
    left to Python."""
    folded = char_folded(char)
    reads = SKELETON[folded] if len(folded) == 1 else ""
    follows = _known().get(folded, "")
    if (
        len(folded) != 1
        or is_joining(char)
        or is_joining(folded)
        or len(reads) > 1
        or len(follows) > 1
        or folded in _ALONE
    ):
        return None
    shapes = [SKELETON[one] for one in tables.common_shapes().get(folded, "")]
    if any(len(one) != 1 for one in shapes):
        return None
    of_shape = "".join(shapes)
    return folded, reads, of_shape, "".join(filter(is_han, folded + reads + of_shape)), follows
