"""Words that are written with other characters of the same sound, in pinyin, or with digits.

A character of a text may be read in several ways, so texts are not turned into sounds: at each place the words are
tried whose first two syllables fit there. Tones do not count. Letters are read as pinyin where a whole run of them is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from communityrules.library.disguise import steps, tables
from communityrules.library.disguise.letters import EMOJI_SKELETON, SKELETON, is_han
from communityrules.library.disguise.words import Word
from communityrules.library.fold import char_folded

HOMOPHONES: Final = steps.HOMOPHONES.names.en
_SEPARATORS: Final = steps.SEPARATORS.names.en
#: How digits are said, and letters that stand for a syllable.
_SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "0": ("ling",), "1": ("yi", "yao"), "2": ("er",), "3": ("san",), "4": ("si",), "5": ("wu",), "6": ("liu",),
    "7": ("qi",), "8": ("ba", "fa"), "9": ("jiu",),
}  # fmt: skip
_LETTERS: Final[Mapping[str, tuple[str, ...]]] = {"v": ("wei",), "q": ("kou",)}
#: Characters that stand everywhere in plain text: a short word is not heard in them.
_SMALL: Final = frozenset("的了么是不在我你他她它这那就都也和有人一个上下来去到说要会能可还很吗吧呢啊没得着过")
#: What ends a phrase.
_PHRASED: Final = frozenset("，。！？；：、,.!?;: \n")


class Spoken:
    """One thing in a text that is read as a syllable: a character, a digit, a syllable in letters."""

    __slots__ = ("end", "sounds", "start", "text")

    def __init__(self, start: int, end: int, text: str, sounds: tuple[str, ...]) -> None:
        self.start = start
        self.end = end
        #: Its skeleton, or the letters themselves.
        self.text = text
        self.sounds = sounds


@lru_cache(maxsize=1)
def _syllable() -> re.Pattern[str]:
    every = {sound for sounds in tables.readings().values() for sound in sounds}
    return re.compile("|".join(sorted(every, key=lambda one: (-len(one), one))))


@lru_cache(maxsize=4096)
def _syllables(letters: str) -> tuple[str, ...]:
    """A run of letters as pinyin, the longest syllables first; none when it is not pinyin throughout."""
    found: list[str] = []
    at = 0
    while at < len(letters):
        one = _syllable().match(letters, at)
        if one is None:
            return ()
        found.append(one.group())
        at = one.end()
    return tuple(found)


def spoken(text: str) -> list[Spoken]:
    """What can be spoken in a text, in order."""
    found: list[Spoken] = []
    readings = tables.readings()
    at = 0
    while at < len(text):
        char = text[at]
        folded = char_folded(char)
        if folded.isascii() and folded.isalpha():
            end = at + 1
            while end < len(text) and (one := char_folded(text[end])).isascii() and (one.isalpha() or not one):
                end += 1
            _add_letters(found, text, at, end)
            at = end
            continue
        sounds = _SAID.get(folded)
        if sounds is None:
            folded = EMOJI_SKELETON[char]
            sounds = readings.get(folded, ())
        if sounds:
            found.append(Spoken(at, at + 1, folded, sounds))
        elif SKELETON[char]:
            found.append(Spoken(at, at + 1, folded, ()))
        at += 1
    return found


def _add_letters(found: list[Spoken], text: str, start: int, end: int) -> None:
    places = [at for at in range(start, end) if char_folded(text[at])]
    letters = "".join(char_folded(text[at]) for at in places)
    if letters in _LETTERS:
        found.append(Spoken(start, end, letters, _LETTERS[letters]))
        return
    at = 0
    for syllable in _syllables(letters) if len(letters) == len(places) else ():
        last = places[at + len(syllable) - 1] + 1
        found.append(Spoken(places[at], last, syllable, (syllable,)))
        at += len(syllable)
    if not at:
        found.append(Spoken(start, end, letters, ()))


class Listener:
    """Looks for words by their sound."""

    def __init__(self, words: Iterable[Word]) -> None:
        #: The first two syllables → words, each with the ways to say its characters.
        self._words: dict[tuple[str, str], list[tuple[Word, Sequence[tuple[str, ...]]]]] = {}
        readings = tables.readings()
        for word in words:
            if word.bare or word.known or len(word.letters) < 2:
                continue
            sounds = [readings.get(one, ()) if is_han(one) else () for one in word.skeleton]
            if not all(sounds):
                continue
            for first in sounds[0]:
                for second in sounds[1]:
                    self._words.setdefault((first, second), []).append((word, sounds))

    def listen(self, text: str) -> list[tuple[int, int, int, frozenset[str]]]:
        """Start, end, which word and what is undone, for each word that sounds as written but is written otherwise."""
        if not self._words:
            return []
        heard = spoken(text)
        chinese = any(map(is_han, text))
        found = []
        for at in range(len(heard) - 1):
            for first in heard[at].sounds:
                for second in heard[at + 1].sounds:
                    for word, sounds in self._words.get((first, second), ()):
                        seen = _fits(text, heard[at : at + len(sounds)], word, sounds, chinese)
                        if seen is not None:
                            found.append((*seen[:2], word.number, seen[2]))
        return found


def _fits(
    text: str, heard: Sequence[Spoken], word: Word, sounds: Sequence[tuple[str, ...]], chinese: bool
) -> tuple[int, int, frozenset[str]] | None:
    if len(heard) < len(sounds):
        return None
    same = 0
    for one, wanted, char in zip(heard, sounds, word.skeleton, strict=True):
        if set(one.sounds).isdisjoint(wanted):
            return None
        same += one.text == char
    small = any(one.text in _SMALL and one.text != char for one, char in zip(heard, word.skeleton, strict=True))
    if same == len(sounds) or (len(sounds) == 2 and small) or _means_itself(text, heard, word, same, chinese):
        return None
    done = {HOMOPHONES}
    between = [
        "".join([char for char in text[one.end : other.start] if char_folded(char)]) for one, other in pairwise(heard)
    ]
    if any(between):
        letters = all(one.text.isascii() for one in heard)
        if not letters and (not all(between) or (len(heard) == 2 and between[0] in _PHRASED)):
            return None
        done.add(_SEPARATORS)
    return heard[0].start, heard[-1].end, frozenset(done)


def _means_itself(text: str, heard: Sequence[Spoken], word: Word, same: int, chinese: bool) -> bool:
    """Whether what is heard is more likely meant as it is written: numbers, letters that may be English, common words,
    and the end of one common word with the beginning of another."""
    written = "".join(one.text for one in heard)
    if all(one.text.isdigit() for one in heard):
        return True
    if written.isascii():
        return len(written) < (4 if chinese else 6)
    phrases = tables.phrases()
    if written in phrases:
        return True
    before = SKELETON[text[heard[0].start - 1]] if heard[0].start else ""
    after = SKELETON[text[heard[-1].end]] if heard[-1].end < len(text) else ""
    if len(heard) == 2:
        first, last = heard[0].text != word.skeleton[0], heard[1].text != word.skeleton[1]
        joined = (first and before + written[0] in phrases) or (last and written[-1] + after in phrases)
        return joined or written.isdigit()
    inner = [written[at : at + 2] in phrases for at in range(len(written) - 1)]
    return not same and all(inner[::2]) and bool(inner)
