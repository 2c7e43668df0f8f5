"""Whether a place whose skeleton is that of a word really holds the word, and what was undone to see it.

Skeletons leave much out of account, so that nothing is missed; here the original text decides. What is undone must
look like disguise: spaces between words are no separators, a number is no word, `fall` is not `fail`.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import Final

from communityrules.library.disguise import tables
from communityrules.library.disguise.letters import SKELETON, is_han, sign_of
from communityrules.library.disguise.separating import gaps, spelled
from communityrules.library.disguise.steps import FOLDED
from communityrules.library.disguise.tracks import Track
from communityrules.library.disguise.undoing import (
    CASE,
    FAINT,
    INVISIBLE,
    KIND,
    LEET,
    LOOKALIKES,
    MARKS,
    PARTS,
    REPEATS,
    SHAPES,
    STANDINS,
    UNDONE,
    differing,
)
from communityrules.library.disguise.words import Word
from communityrules.library.fold import unseen

#: Letters that English itself writes twice.
_DOUBLED: Final = "bcdefglmnoprstz"
_NOTHING: Final[frozenset[str]] = frozenset()
_STANDS_IN: Final = frozenset((STANDINS,))


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
        if not track.collapsed and (not track.split or track.split.isdisjoint(range(start, end))):
            return self._plainly(word, start, end)
        repeated = self._repeated(word, start, end)
        if repeated is not None:
            return self._read(word, start, end, repeated)
        # Runs at the ends may go on into other words: as short as they can be, then as long.
        return self._read(word, start, end, self._letters(word, start, end, True)) or self._read(
            word, start, end, self._letters(word, start, end, False)
        )

    def _plainly(self, word: Word, start: int, end: int) -> tuple[int, int, frozenset[str]] | None:
        """Where each character is a letter of the word."""
        text = self._text
        places = self._track.places(start, end)
        first, last = places[0], places[-1] + 1
        if not self._at_edges(first, last, word):
            return None
        letters = word.letters
        if text[first:last] == letters and not word.gaps and word.written is None:
            # As it stands.
            if last < len(text) and KIND[text[last]] < 0:
                return self._whole(first, last, len(places), {STANDINS} if word.known else set())
            return first, last, _STANDS_IN if word.known else _NOTHING
        done: set[str] = set()
        for at, letter in zip(places, letters, strict=True):
            undone = UNDONE[text[at], letter]
            if undone is None:
                return None
            if undone:
                done |= undone
        return self._read(word, start, end, (places, range(end - start), done), True)

    def _read(
        self,
        word: Word,
        start: int,
        end: int,
        read: tuple[Sequence[int], Sequence[int], set[str]] | None,
        at_edges: bool = False,
    ) -> tuple[int, int, frozenset[str]] | None:
        """Whether letters that were read are the word: where each stands, which letter of the word that is, and what
        is undone to read them so. `at_edges`: it is known that they are at the edges of words."""
        if read is None:
            return None
        track, text = self._track, self._text
        places, owners, done = read
        if word.written is not None:
            done -= FOLDED
            for at, owner in zip(places, owners, strict=True):
                undone = UNDONE[text[at], word.letters[owner]]
                if undone is not None and undone <= FOLDED:
                    done |= differing(text[at], word.written[owner])
        if word.known:
            done.add(STANDINS)
        first, last = places[0], places[-1] + 1
        if not done <= FOLDED and not self._plausible(word, places, owners, done):
            return None
        if not track.single and (
            (start and track.first[start - 1] == first) or (end < len(track.last) and track.last[end] == last - 1)
        ):
            # Within what one character stands for.
            return None
        apart = False
        if not track.single or last - first != len(places) or word.gaps:
            # Where one character stands for several letters, as many letters as characters need not stand together.
            between = gaps(text, word, places, owners)
            if between is None:
                return None
            done |= between
            apart = bool(between)
        if not at_edges and not self._at_edges(first, last, word):
            return None
        if apart and len(word.letters) < 4 and self._edges != "anywhere" and self._listed(first, last):
            return None
        return self._whole(first, last, len(places), done)

    def _whole(self, first: int, last: int, size: int, done: set[str]) -> tuple[int, int, frozenset[str]]:
        """What was seen of `size` letters, with the marks piled on the last of them."""
        text = self._text
        after = last
        while after < len(text) and KIND[text[after]] < 0:
            after += 1
            if not unseen(text[after - 1]):
                last = after
        if not self._track.single or last - first != size:
            for char in text[first:last]:
                if KIND[char] < 0:
                    done.add(INVISIBLE if unseen(char) else MARKS)
        return first, last, frozenset(done)

    def _repeated(self, word: Word, start: int, end: int) -> tuple[Sequence[int], Sequence[int], set[str]] | None:
        """What `_letters` gives for the usual case, quickly: the letters as they stand, some within the word repeated.
        None where it is not that, or not disguise."""
        counts, letters, text = self._track.counts, word.letters, self._text
        if counts is None or len(letters) != end - start or counts[start] != 1 or counts[end - 1] != 1:
            return None
        counts = counts[start:end]
        spans = self._track.spans(start, end)
        first, last = spans[0][0], spans[-1][1] + 1
        if text[first:last] != "".join(map(mul, letters, counts)):
            return None
        repeated = [letter for letter, count in zip(letters, counts, strict=True) if count > 1]
        if not repeated or any(map(str.isdigit, repeated)) or len(letters) < 3:
            return None
        if len(repeated) == 1 and len(letters) < 5 and max(counts) == 2 and repeated[0] in _DOUBLED:
            return None
        owners = [owner for owner, count in enumerate(counts) for _ in range(count)]
        return range(first, last), owners, {REPEATS}

    def _letters(
        self, word: Word, start: int, end: int, within: bool
    ) -> tuple[Sequence[int], Sequence[int], set[str]] | None:
        """Which letters are read where characters are repeated or split; `within`: runs at the ends stop at what
        separates."""
        track, text = self._track, self._text
        places: list[int] = []
        owners: list[int] = []
        owner = 0
        done: set[str] = set()
        wanted = word.runs if track.collapsed else word.letters
        stretched = 0
        natural = True
        often = len(word.letters) > 2
        skeletons, split = track.skeletons, track.split
        for at, letters, (first, last) in zip(range(start, end), wanted, track.spans(start, end), strict=True):
            size = len(letters)
            if first == last and size == 1 and at not in split:
                undone = UNDONE[text[first], letters]
                if undone is None:
                    return None
                if undone:
                    done |= undone
                places.append(first)
                owners.append(owner)
                owner += 1
                continue
            here = [first] if first == last else [one for one in range(first, last + 1) if skeletons[text[one]]]
            if len(here) > 1 and not track.single and any(len(skeletons[text[one]]) > 1 for one in here):
                return None
            if within and len(here) > size and track.collapsed:
                if at == start:
                    here = _last_run(here, size)
                if at == end - 1:
                    here = _first_run(here, size)
            if at in split:
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
                if letters.isdigit() if size == 1 else any(one.isdigit() for one in letters):
                    return None
                stretched += 1
                often = often or len(here) >= max(3, size + 1) or is_han(track.text[at])
                natural = natural and len(here) == size + 1 and size == 1 and letters in _DOUBLED
            char = letter = ""
            for number, one in enumerate(here):
                if number < size:
                    letter = letters[number]
                elif text[one] == char:
                    continue
                char = text[one]
                undone = UNDONE[char, letter]
                if undone is None:
                    return None
                done |= undone
            places += here
            if size == 1:
                owners += [owner] * len(here)
            else:
                owners += [owner + min(number, size - 1) for number in range(len(here))]
            owner += size
        if stretched:
            if not often or (natural and stretched == 1 and len(word.letters) < 5):
                return None
            done.add(REPEATS)
        return places, owners, done

    def _plausible(self, word: Word, places: Sequence[int], owners: Sequence[int], done: set[str]) -> bool:
        """Whether letters that were read as others look like disguise."""
        text = self._text
        if FAINT in done:
            done.discard(FAINT)
            capital = sum(text[at].isupper() for at in places) > 1
            if not (done - {CASE} or capital) or len(word.letters) < 4:
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

    def _other_script(self, word: Word, places: Sequence[int], owners: Sequence[int]) -> bool:
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
                if char > "\u00ff" and char not in known and (KIND[char] == 2 or char.isalpha()):
                    script = ord(char) >> 8
                    first, _ = self._scripts.get(script, (at, at))
                    self._scripts[script] = (first, at)
        return self._scripts

    def _listed(self, first: int, last: int) -> bool:
        """Whether letters that stand apart are some of those that are listed or spelled out there."""
        return KIND[self._text[first]] == 2 and spelled(self._text, (first, last - 1))

    def _at_edges(self, first: int, last: int, word: Word) -> bool:
        """Whether what stands before and after belongs to other words."""
        edges = self._edges
        if edges == "anywhere":
            return True
        text = self._text
        size = len(text)
        before = first - 1
        while before >= 0 and KIND[text[before]] < 0:
            before -= 1
        after = last
        while after < size and KIND[text[after]] < 0:
            after += 1
        if edges == "whole":
            if (before >= 0 and SKELETON[text[before]]) or (after < size and SKELETON[text[after]]):
                return False
        elif (before >= 0 and _touches(text[before], text[first], word.letters[0])) or (
            after < size and _touches(text[after], text[last - 1], word.letters[-1])
        ):
            return False
        return True


def _touches(outer: str, inner: str, letter: str) -> bool:
    """Whether a character beside a word holds together with the one that stands for its letter there."""
    kind = KIND[outer]
    if kind <= 0:
        return False
    mine = KIND[inner]
    # A digit that is read as a letter touches letters and digits alike.
    return kind == mine or (mine == 1 and not letter.isdigit())


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
