"""Words made ready to be looked for in texts that disguise them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import compress, islice, product
from operator import ne
from typing import Final

from communityrules.library.disguise import tables
from communityrules.library.disguise.letters import SKELETON, is_han
from communityrules.library.fold import fold, fold_text

#: Ways to write a word that everybody knows: letters for sounds, names for makers. Each: what is written, and how.
KNOWN = (("微信", ("v信", "vx", "wx")), ("微", ("v",)), ("qq", ("扣扣", "q扣", "扣q")))

#: How many of the l of a word are looked for one by one.
_BARS: Final = 3
#: In how many ways common characters are put for others of their shape.
_WAYS: Final = 16
#: Parts that so often stand side by side in plain text that nobody means the character.
_PLAIN_PAIRS: Final = frozenset(
    (
        "了一",
        "人也",
        "不用",
        "不正",
        "十一",
        "一大",
        "一人",
        "人一",
        "上下",
        "一了",
        "三人",
        "人不",
        "大小",
        "人人",
        "一口",
        "一十",
    )
)


class Word:
    """A word, or a known way to write it."""

    __slots__ = ("bare", "counts", "gaps", "known", "letters", "number", "runs", "short", "skeleton", "written")

    def __init__(
        self,
        number: int,
        letters: str,
        skeleton: str,
        gaps: Mapping[int, str],
        known: bool,
        bare: bool,
        written: str | None = None,
    ) -> None:
        #: Which of the words it is.
        self.number = number
        #: Its folded letters, without what separates them.
        self.letters = letters
        #: One character for each letter; some words have several, because a 1 may stand for an l.
        self.skeleton = skeleton
        #: After which letters the word itself has a space or signs, and which.
        self.gaps = gaps
        #: Whether this is another way to write it.
        self.known = known
        #: Whether it begins or ends with a sign or a space: then it is found only as it stands.
        self.bare = bare
        #: How each letter is written, where that is otherwise and not all of folding is undone: `F` for an `f`.
        self.written = written
        runs: list[str] = []
        for at, letter in enumerate(letters):
            if at and skeleton[at] == skeleton[at - 1]:
                runs[-1] += letter
            else:
                runs.append(letter)
        #: The letters of each run of one skeleton, and how many they are.
        self.runs = tuple(runs)
        self.counts = [len(run) for run in runs]
        #: The skeleton with runs of one character as one.
        self.short = runs_as_one(skeleton)

    def otherwise(self, skeleton: str) -> Word:
        """The same word with another skeleton."""
        return Word(self.number, self.letters, skeleton, self.gaps, self.known, self.bare, self.written)


def prepare(words: Iterable[str], as_written: bool = False) -> Iterator[Word]:
    """Words that have at least one letter, each followed by known ways to write it; `as_written`: with their letters
    as the list has them, for who does not undo all that folding does."""
    for number, word in enumerate(words):
        folded = fold_text(word)
        made = _word(number, folded, False)
        if not made.letters:
            continue
        if as_written:
            made.written = _written(word, made.letters)
        yield from _ways(made)
        if made.bare:
            continue
        for said in known_ways(folded):
            yield _word(number, said, True)


def known_ways(folded: str) -> Iterator[str]:
    """A folded word in the ways that everybody knows to write something in it."""
    for known, others in KNOWN:
        if known in folded and (len(known) > 1 or _beside_han(folded, known)):
            yield from (folded.replace(known, other) for other in others)


def runs_as_one(text: str) -> str:
    """A text with runs of one character as one. Quicker than a pattern."""
    after = text[1:]
    return text[:1] + "".join(compress(after, map(ne, after, text)))


def looked_through(folded: str) -> bool:
    """Whether disguise is looked through for a folded word: it begins and ends with letters."""
    return bool(folded) and bool(SKELETON[folded[0]]) and bool(SKELETON[folded[-1]])


def _word(number: int, folded: str, known: bool) -> Word:
    letters: list[str] = []
    gaps: dict[int, str] = {}
    for char in folded:
        if SKELETON[char]:
            letters.append(char)
        elif letters:
            gaps[len(letters) - 1] = gaps.get(len(letters) - 1, "") + char
    gaps.pop(len(letters) - 1, None)
    bare = not looked_through(folded)
    return Word(number, "".join(letters), "".join(SKELETON[one] for one in letters), gaps, known, bare)


def _written(word: str, letters: str) -> str | None:
    """How each letter of a word is written before folding; None when folding changes none."""
    folded = fold(word)
    at = [folded.span(one, one + 1)[0] for one, char in enumerate(folded.text) if SKELETON[char]]
    written = "".join(folded.original[one] for one in at)
    return None if written == letters else written


def _ways(word: Word) -> Iterator[Word]:
    """A word with its skeleton, and with those that it has where an upright bar stands for some of its l, of the first
    few each by itself, or where a common character stands for one of the same shape."""
    yield word
    if word.bare:
        return
    if len(word.letters) > 1:
        known = tables.common_shapes()
        choices = [
            (own, *(SKELETON[one] for one in known.get(char, "")))
            for own, char in zip(word.skeleton, word.letters, strict=True)
        ]
        for skeleton in islice(product(*choices), 1, _WAYS):
            yield word.otherwise("".join(skeleton))
    places = [at for at, char in enumerate(word.skeleton) if char == "l"][:_BARS]
    for chosen in range(1, 1 << len(places)):
        barred = list(word.skeleton)
        for bit, at in enumerate(places):
            if chosen >> bit & 1:
                barred[at] = "i"
        yield word.otherwise("".join(barred))
    if "i" in word.skeleton and len(word.letters) > 3:
        yield word.otherwise(word.skeleton.replace("i", "l"))


def _beside_han(word: str, char: str) -> bool:
    at = word.index(char)
    return any(is_han(one) for one in (word[:at][-1:], word[at + 1 :][:1]) if one)


def split_letters(words: Iterable[Word]) -> Iterator[str]:
    """The Chinese characters of some words that may be written in parts, as often as they stand there."""
    for word in words:
        if len(word.letters) > 1 and not word.bare:
            yield from filter(is_han, word.letters)


def splits_of(char: str) -> Iterator[str]:
    """The parts that may be written for a Chinese character, in skeletons."""
    for split in tables.parts().get(tables.traditional().get(char, char), ()):
        if split not in _PLAIN_PAIRS:
            yield "".join(SKELETON[one] for one in split)


def parts_of(words: Iterable[Word]) -> dict[str, str]:
    """What may be written for the Chinese characters of some words: parts → the character, in skeletons."""
    found: dict[str, str] = {}
    for char in dict.fromkeys(split_letters(words)):
        for split in splits_of(char):
            found.setdefault(split, SKELETON[char])
    return found


def stretched(word: Word) -> Iterator[str]:
    """Short skeletons of which a text holds one when it has the word with characters written several times. A word of
    one or two letters counts so only where one is written three times (`checking`)."""
    if word.bare:
        return
    short, whole = word.short, word.skeleton
    several = len(word.letters) > 2
    end = 0
    for at, (char, size) in enumerate(zip(short, word.counts, strict=True)):
        start, end = end, end + size
        if char > "\x7f" and is_han(char):
            yield char * (size + 1)
            continue
        double = char * (size + 1)
        yield double if size > 1 else char * 3
        if not several:
            continue
        if at + 1 < len(short):
            yield double + short[at + 1] * 2
        before = whole[max(start - (1 if end < len(whole) else 2), 0) : start]
        yield before + double + whole[end : end + (1 if start else 2)]
