"""Whether a place whose skeleton is that of a word really holds the word, and what was undone to see it.

Skeletons leave much out of account, so that nothing is missed; here the original text decides. What is undone must
look like disguise: spaces between words are no separators, a number is no word, `fall` is not `fail`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from communityrules.library.disguise import steps, tables
from communityrules.library.disguise.letters import SKELETON, is_han, sign_of, standin_of
from communityrules.library.disguise.reading import Track
from communityrules.library.disguise.words import Word
from communityrules.library.fold import char_folded, fold_text, letter_kind, unseen

SEPARATORS: Final = steps.SEPARATORS.names.en
LOOKALIKES: Final = steps.LOOKALIKES.names.en
TRADITIONAL: Final = steps.TRADITIONAL.names.en
LEET: Final = steps.LEET.names.en
PARTS: Final = steps.PARTS.names.en
SHAPES: Final = steps.SHAPES.names.en
STANDINS: Final = steps.STANDINS.names.en
REPEATS: Final = steps.REPEATS.names.en
_INVISIBLE: Final = steps.INVISIBLE.names.en
_WIDTH: Final = steps.WIDTH.names.en
_CASE: Final = steps.CASE.names.en
_MARKS: Final = steps.MARKS.names.en

#: A small l for an i: only with other disguise, because `fall` is not `fail`.
_FAINT: Final = "faint"
#: English words that words fall apart into by themselves: `in come` is not `income`.
_PIECES: Final = frozenset(
    [
        "age",
        "all",
        "am",
        "an",
        "and",
        "ant",
        "any",
        "are",
        "art",
        "as",
        "at",
        "ate",
        "be",
        "been",
        "bit",
        "but",
        "by",
        "can",
        "come",
        "day",
        "did",
        "do",
        "down",
        "ear",
        "eat",
        "end",
        "even",
        "ever",
        "for",
        "from",
        "get",
        "go",
        "good",
        "got",
        "had",
        "has",
        "hat",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "home",
        "how",
        "ice",
        "if",
        "ill",
        "in",
        "ink",
        "is",
        "it",
        "its",
        "just",
        "know",
        "led",
        "let",
        "lie",
        "like",
        "line",
        "man",
        "may",
        "me",
        "men",
        "met",
        "more",
        "my",
        "new",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "old",
        "on",
        "one",
        "or",
        "ore",
        "other",
        "our",
        "out",
        "over",
        "own",
        "pan",
        "pass",
        "per",
        "put",
        "say",
        "see",
        "set",
        "she",
        "so",
        "some",
        "such",
        "tell",
        "than",
        "that",
        "the",
        "them",
        "then",
        "there",
        "they",
        "this",
        "time",
        "to",
        "too",
        "top",
        "two",
        "under",
        "up",
        "upon",
        "us",
        "use",
        "very",
        "was",
        "way",
        "we",
        "well",
        "were",
        "what",
        "when",
        "where",
        "who",
        "why",
        "will",
        "with",
        "work",
        "you",
        "your",
        "ten",
    ]
)
#: Letters that English itself writes twice.
_DOUBLED: Final = "bcdefglmnoprstz"
_REMEMBERED: Final = 65_536
#: How far apart two letters of a word may stand, with all that nobody sees, and how much that is seen separates them.
_WIDEST: Final = 400
_SEPARATED: Final = 16
#: Marks that stand between words and sentences.
_BETWEEN: Final = frozenset(" \t\n\r\u3000\u00a0.,:;?!/&。，：；？！、")


class _Undone(dict[tuple[str, str], frozenset[str] | None]):
    """What is undone when a character of a text is taken for a folded letter of a word; None when it cannot be."""

    def __missing__(self, pair: tuple[str, str]) -> frozenset[str] | None:
        char, letter = pair
        step = _step(char, letter)
        done = None if step is None else frozenset((step,)) if step else _folding(char)
        if len(self) > _REMEMBERED:
            self.clear()
        self[pair] = done
        return done


# It only remembers what a pure function gives, so it changes no result.
_UNDONE: Final = _Undone()


def _step(char: str, letter: str) -> str | None:
    """The one step that takes a character for a letter, `""` when folding alone does; None when nothing does."""
    folded = char_folded(char)
    if letter in folded:
        return ""
    sign = sign_of(char)
    if sign is not None and letter.isascii():
        return LEET if sign == SKELETON[letter] or (sign, letter) == ("i", "l") else None
    character = standin_of(char)
    if character is not None:
        return STANDINS if SKELETON[character] == SKELETON[letter] else None
    if char in tables.common_shapes().get(letter, ""):
        return SHAPES
    mine, wanted = SKELETON[char], SKELETON[letter]
    bar = mine == "i" and wanted == "l"
    if wanted not in mine and not bar and (char, letter) != ("l", "i"):
        return None
    if char in tables.lookalikes() or not folded.isascii() or not letter.isascii():
        if not is_han(letter):
            return LOOKALIKES
        simplified = tables.traditional().get
        return TRADITIONAL if simplified(folded, folded) == simplified(letter, letter) else SHAPES
    if folded.isdigit():
        return None if letter.isdigit() else LEET
    if folded == "i" and letter == "l" and not char.islower():
        return LOOKALIKES
    return _FAINT if char == "l" and letter == "i" else None


def _folding(char: str) -> frozenset[str]:
    """What folding undoes in one character that stands for a letter."""
    done = set()
    plain = char.casefold()
    if plain != char:
        done.add(_CASE)
    if char_folded(char) != plain:
        done.add(_MARKS if "\u00c0" <= char <= "\u024f" or "\u1e00" <= char <= "\u1eff" else _WIDTH)
    return frozenset(done)


@lru_cache(maxsize=65536)
def _kind(char: str) -> int:
    """Characters of one kind above 0 hold together as a word: 1 digits, 2 letters of scripts that put spaces between
    words. -1: seen by nobody, or a mark on what stands before."""
    folded = char_folded(char)
    if not folded:
        return -1
    skeleton = SKELETON[char]
    if skeleton.isascii() and skeleton and not folded.isdigit():
        return 2
    return letter_kind(folded[-1])


class Checker:
    """Checks what a track of one text seems to hold."""

    def __init__(self, text: str, track: Track, edges: str) -> None:
        self._text = text
        self._track = track
        self._edges = edges
        self._scripts: dict[int, tuple[int, int]] | None = None

    def check(self, word: Word, start: int, end: int) -> tuple[int, int, frozenset[str]] | None:
        """The half-open range of the text, and what was undone, when `[start, end)` of the track's skeleton is that of
        a word; else None. Of a collapsed track the range counts runs."""
        track = self._track
        simple = not track.collapsed and (not track.split or track.split.isdisjoint(range(start, end)))
        if simple:
            return self._read(word, start, end, self._plainly(word, start, end))
        # Runs at the ends may go on into other words: as short as they can be, then as long.
        return self._read(word, start, end, self._letters(word, start, end, True)) or self._read(
            word, start, end, self._letters(word, start, end, False)
        )

    def _read(
        self, word: Word, start: int, end: int, read: tuple[list[int], Sequence[int], set[str]] | None
    ) -> tuple[int, int, frozenset[str]] | None:
        """Whether letters that were read are the word."""
        if read is None:
            return None
        track, text = self._track, self._text
        places, owners, done = read
        if word.known:
            done.add(STANDINS)
        first, last = places[0], places[-1] + 1
        if (done and not self._plausible(word, places, owners, done)) or (
            # Within what one character stands for.
            (start and track.first[start - 1] == first) or (end < len(track.last) and track.last[end] == last - 1)
        ):
            return None
        apart = False
        if last - first != len(places) or word.gaps:
            gaps = self._gaps(word, places, owners)
            if gaps is None:
                return None
            done |= gaps
            apart = bool(gaps)
        if not self._at_edges(first, last, apart, word):
            return None
        after = last
        while after < len(text) and not char_folded(text[after]):
            after += 1
            if not unseen(text[after - 1]):
                last = after
        if last - first != len(places):
            for char in text[first:last]:
                if not char_folded(char):
                    done.add(_INVISIBLE if unseen(char) else _MARKS)
        return first, last, frozenset(done)

    def _plainly(self, word: Word, start: int, end: int) -> tuple[list[int], Sequence[int], set[str]] | None:
        """Where each letter stands, which letter of the word that is, and what is undone to read them so."""
        text = self._text
        places = list(self._track.first[start:end])
        done: set[str] = set()
        for at, letter in zip(places, word.letters, strict=True):
            undone = _UNDONE[text[at], letter]
            if undone is None:
                return None
            if undone:
                done |= undone
        return places, range(len(places)), done

    def _letters(
        self, word: Word, start: int, end: int, within: bool
    ) -> tuple[list[int], Sequence[int], set[str]] | None:
        """The same where characters are repeated or split; `within`: runs at the ends stop at what separates."""
        track, text = self._track, self._text
        places: list[int] = []
        owners: list[int] = []
        owner = 0
        done: set[str] = set()
        wanted = word.runs if track.collapsed else word.letters
        stretched = 0
        natural = True
        for at, letters in zip(range(start, end), wanted, strict=True):
            first, last = track.first[at], track.last[at]
            skeletons = track.skeletons
            here = [first] if first == last else [one for one in range(first, last + 1) if skeletons[text[one]]]
            size = len(letters)
            if len(here) > 1 and any(len(skeletons[text[one]]) > 1 for one in here):
                return None
            if within and len(here) > size and track.collapsed:
                if at == start:
                    here = _last_run(here, size)
                if at == end - 1:
                    here = _first_run(here, size)
            if at in track.split:
                if len(word.letters) < 2:
                    return None
                done.add(PARTS)
                places += here
                owners += [owner] * len(here)
                owner += size
                continue
            if len(here) < size and (len(here) > 1 or len(skeletons[text[first]]) < size):
                return None
            if len(here) > size:
                if any(one.isdigit() for one in letters):
                    return None
                stretched += 1
                natural = natural and len(here) == size + 1 and size == 1 and letters in _DOUBLED
            for number, one in enumerate(here):
                undone = _UNDONE[text[one], letters[number] if number < size else letters[-1]]
                if undone is None:
                    return None
                done |= undone
            places += here
            owners += [owner + min(number, size - 1) for number in range(len(here))]
            owner += size
        if stretched:
            if natural and stretched == 1 and len(word.letters) < 5:
                return None
            done.add(REPEATS)
        return places, owners, done

    def _plausible(self, word: Word, places: list[int], owners: Sequence[int], done: set[str]) -> bool:
        """Whether letters that were read as others look like disguise."""
        text = self._text
        if _FAINT in done:
            done.discard(_FAINT)
            capital = sum(text[at].isupper() for at in places) > 1
            if not (done - {_CASE} or capital) or len(word.letters) < 4:
                return False
            done.add(LOOKALIKES)
        if LEET in done:
            letters = sum(1 for at in places if not text[at].isascii() or text[at].isalpha())
            signs = sum(sign_of(text[at]) is not None for at in places)
            if len(word.letters) < 3 or (not letters and signs < 2):
                return False
        if LOOKALIKES in done and not self._other_script(word, places, owners):
            return False
        if len(word.letters) > 1:
            return True
        # One character alone: an emoji counts only where it stands for a character of a word, `🐷头`.
        after = text[places[-1] + 1 : places[-1] + 2]
        return SHAPES not in done and (STANDINS not in done or (bool(after) and is_han(after)))

    def _other_script(self, word: Word, places: list[int], owners: Sequence[int]) -> bool:
        """Whether letters of another script are disguise and not the language that the text is in."""
        text = self._text
        if any(text[at] == "I" and word.letters[owner] == "l" for at, owner in zip(places, owners, strict=True)):
            token = text[places[0] : places[-1] + 1]
            if len(word.letters) < 4 or token.isupper():
                return False
        scripts = {ord(text[at]) >> 8 for at in places if SKELETON[text[at]]}
        if len(scripts) > 1 or max(scripts) > 0x1F or scripts == {0}:
            return True
        script = scripts.pop()
        if script == ord(word.letters[0]) >> 8:
            return True
        spread = self._spread().get(script)
        return spread is None or (places[0] <= spread[0] and spread[1] <= places[-1])

    def _spread(self) -> dict[int, tuple[int, int]]:
        """For each script the places of the first and the last letter that can hardly be taken for a Latin one."""
        if self._scripts is None:
            self._scripts = {}
            known = tables.close_lookalikes()
            for at, char in enumerate(self._text):
                if char > "\u00ff" and char not in known and (_kind(char) == 2 or char.isalpha()):
                    script = ord(char) >> 8
                    first, _ = self._scripts.get(script, (at, at))
                    self._scripts[script] = (first, at)
        return self._scripts

    def _gaps(self, word: Word, places: list[int], owners: Sequence[int]) -> set[str] | None:
        """What separates the letters: nothing to undo, or separators; None when words would run together."""
        text = self._text
        inner: list[tuple[int, str]] = []
        changed = False
        met = set()
        for at in range(len(places) - 1):
            before, after = places[at], places[at + 1]
            if after - before < 2:
                continue
            if after - before > _WIDEST:
                return None
            between = "".join([char for char in text[before + 1 : after] if char_folded(char)])
            if not between:
                continue
            if len(between) > _SEPARATED:
                return None
            if owners[at] != owners[at + 1] and owners[at] in word.gaps:
                met.add(owners[at])
                own = word.gaps[owners[at]]
                changed = changed or (between != own and fold_text(between) != own)
            else:
                inner.append((at, between))
        if len(met) < len(word.gaps):
            if len(word.letters) < 6 and not is_han(word.letters[0]):
                return None
            changed = True
        if inner and not self._apart(places, inner):
            return None
        return {SEPARATORS} if inner or changed else set()

    def _apart(self, places: list[int], gaps: list[tuple[int, str]]) -> bool:
        """Whether letters that stand apart are one word and not several."""
        text = self._text
        kinds = [_kind(text[at]) for at in places]
        spaced = [(at, between) for at, between in gaps if kinds[at] == 2 == kinds[at + 1]]
        digits = [at for at, _ in gaps if kinds[at] == 1 == kinds[at + 1]]
        if digits and not spaced:
            # Numbers in a row are no word.
            return any(kind not in (1, -1) for kind in kinds)
        if not spaced:
            return True
        size = len(places)
        if len(spaced) == size - 1:
            return size >= 3 or not self._spelled(places)
        cuts = [-1, *(at for at, _ in spaced), len(places) - 1]
        pieces = ["".join([text[places[one]] for one in range(low + 1, high + 1)]) for low, high in pairwise(cuts)]
        if size < 3:
            return False
        if all(char in _BETWEEN for _, between in spaced for char in between):
            return size >= 4 and not any(len(piece) > 1 and fold_text(piece) in _PIECES for piece in pieces)
        return True

    def _spelled(self, places: list[int]) -> bool:
        """Whether single letters stand apart before or after: letters are being listed or spelled out."""
        text = self._text
        before = [char for char in text[max(0, places[0] - 8) : places[0]] if char_folded(char)]
        after = [char for char in text[places[-1] + 1 : places[-1] + 9] if char_folded(char)]
        return _single(before[::-1]) or _single(after)

    def _at_edges(self, first: int, last: int, apart: bool, word: Word) -> bool:
        """Whether what stands before and after belongs to other words."""
        edges = self._edges
        if edges == "anywhere":
            return True
        text = self._text
        for at, step, inner in ((first - 1, -1, first), (last, 1, last - 1)):
            while 0 <= at < len(text) and not char_folded(text[at]):
                at += step
            if not 0 <= at < len(text):
                continue
            outer = text[at]
            if edges == "whole":
                if SKELETON[outer]:
                    return False
                continue
            mine = _kind(text[inner])
            # A digit that is read as a letter touches letters and digits alike.
            read = mine == 1 and not word.letters[0 if step < 0 else -1].isdigit()
            kind = _kind(outer)
            if kind > 0 and (kind == mine or (read and kind)):
                return False
        if apart and len(word.letters) < 4:
            places = [first, last - 1]
            return not (_kind(text[first]) == 2 and self._spelled(places))
        return True


def _last_run(places: list[int], size: int) -> list[int]:
    """The last places that follow each other without a gap, but at least so many."""
    at = len(places) - 1
    while at > 0 and (places[at] - places[at - 1] == 1 or len(places) - at < size):
        at -= 1
    return places[at:]


def _first_run(places: list[int], size: int) -> list[int]:
    """The first of them."""
    at = 1
    while at < len(places) and (places[at] - places[at - 1] == 1 or at < size):
        at += 1
    return places[:at]


def _single(chars: list[str]) -> bool:
    """Whether characters go on with signs and then one letter by itself, other than the words `a` and `I`."""
    at = 0
    while at < len(chars) and not SKELETON[chars[at]]:
        at += 1
    if not at or at >= len(chars) or _kind(chars[at]) != 2:
        return False
    alone = at + 1 >= len(chars) or not SKELETON[chars[at + 1]]
    return alone and chars[at] not in "aAiI"
