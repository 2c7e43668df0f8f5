"""One sentence while it is being read: what of it has been understood, and what is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from communityrules.frozen import dataclass
from communityrules.tables.drafting.norms import Strength
from communityrules.tables.drafting.phrases import Held, Phrase, held_by, joined_phrase, names, pattern
from communityrules.tables.drafting.text import Sentence

#: Stands for a letter that has been understood.
TAKEN: Final = "\x01"
_COMMA: Final = re.compile(r"[,;]")
_LETTER: Final = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Marker:
    """A word that says how strongly the sentence speaks."""

    start: int
    end: int
    strength: Strength


#: In the order in which they are looked for.
_STRENGTHS: Final[tuple[Strength, ...]] = ("not_asked", "advise_not", "may", "must_not", "should", "must")


@cache
def _markers() -> tuple[tuple[Strength, Phrase], ...]:
    return tuple((strength, pattern("modality", strength)) for strength in _STRENGTHS)


@cache
def _any_marker() -> Phrase:
    return joined_phrase("modality", *_STRENGTHS)


@lru_cache(maxsize=4096)
def _feasible(held: Held) -> tuple[tuple[Strength, Phrase], ...]:
    """The strengths of which a text that holds this much may have a word."""
    return tuple((strength, phrase) for strength, phrase in _markers() if phrase.lines(held))


@cache
def _guards() -> tuple[Held, tuple[tuple[str, Phrase], ...]]:
    """What any guard needs of a text, and the guards by their kinds."""
    kinds = tuple((kind, pattern("guards", kind)) for kind in names("guards"))
    mask = 0
    for _, phrase in kinds:
        mask |= phrase.mask
    return mask, kinds


@lru_cache(maxsize=4096)
def _guarding(held: Held) -> dict[str, tuple[re.Pattern[str], ...]]:
    """By their kind, the guards of which a text that holds this much may have a word."""
    return {kind: lines for kind, phrase in _guards()[1] if (lines := phrase.lines(held))}


class Reading:
    """A sentence and the letters of it that have been understood."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.left = sentence.even
        #: What the sentence holds for the phrases.
        self.held: Held = held_by(sentence.even)
        self._marked: tuple[str, list[Marker]] | None = None

    @property
    def words(self) -> str:
        return self.sentence.words

    def take(self, start: int, end: int) -> None:
        """Marks a stretch as understood."""
        self.left = self.left[:start] + TAKEN * (end - start) + self.left[end:]

    def said(self, start: int, end: int) -> str:
        """The words of a stretch as written."""
        return self.sentence.words[start:end].strip(" ,;:，；：、()（）")

    def markers(self) -> Sequence[Marker]:
        """The words of strength in what is not understood yet, in order; none inside another."""
        if self._marked is not None and self._marked[0] == self.left:
            return self._marked[1]
        feasible = _feasible(self.held & _any_marker().mask)
        found = self._find(feasible) if feasible else []
        self._marked = (self.left, found)
        return found

    def _find(self, feasible: tuple[tuple[Strength, Phrase], ...]) -> list[Marker]:
        found: list[Marker] = []
        for strength, phrase in feasible:
            for match in phrase.finditer(self.left, held=self.held):
                if TAKEN in match[0]:
                    continue
                start, end = match.span()
                if not found or not any(one.start < end and start < one.end for one in found):
                    found.append(Marker(start, end, strength))
        if len(found) < 2:
            return found
        ordered = sorted(found, key=lambda one: one.start)
        # 不必禁止, `no need to avoid`: what is not asked is not forbidden either.
        return [
            one for before, one in zip((None, *ordered), ordered, strict=False)
            if before is None or before.strength not in ("not_asked", "may")
            or self.left[before.end : one.start].strip()
        ]  # fmt: skip

    def strength_at(self, place: int) -> Strength | None:
        """How strongly the sentence speaks at a place: the nearest word before it, else the nearest after it."""
        markers = self.markers()
        if not markers:
            return None
        before = [one for one in markers if one.end <= place]
        return before[-1].strength if before else markers[0].strength

    def segment(self, place: int) -> tuple[int, int]:
        """The stretch between commas around a place; a comma that was understood parts nothing."""
        left = self.left
        start = max(left.rfind(",", 0, place), left.rfind(";", 0, place)) + 1
        end = _COMMA.search(left, place)
        return start, len(left) if end is None else end.start()

    def segments(self) -> Iterator[tuple[int, int]]:
        start = 0
        for comma in _COMMA.finditer(self.left):
            yield start, comma.start()
            start = comma.end()
        yield start, len(self.left)

    def rest(self, start: int, end: int, *besides: re.Pattern[str] | Phrase) -> str:
        """What is left of a stretch without words of strength and words that narrow nothing."""
        part = list(self.left[start:end])
        for marker in self.markers():
            for place in range(max(marker.start, start), min(marker.end, end)):
                part[place - start] = " "
        kept = "".join(part).replace(TAKEN, " ")
        for beside in besides:
            held = (self.held,) if isinstance(beside, Phrase) else ()
            kept = beside.sub(_blanks, kept, *held)
        kept = pattern("common", "plain").sub(_blanks, kept, self.held)
        return kept.strip() if _LETTER.search(kept) else ""

    @staticmethod
    def plain(text: str) -> str:
        """A text without words that narrow nothing."""
        return pattern("common", "plain").sub(_blanks, text).strip()

    def guarded(self, *kinds: str, start: int = 0, end: int | None = None) -> bool:
        """Whether what is left has a word of `phrases/guards.toml` of one of these kinds."""
        guarding = _guarding(self.held & _guards()[0])
        if not guarding:
            return False
        part = self.left[start:end]
        for kind in kinds:
            for line in guarding.get(kind, ()):
                if line.search(part):
                    return True
        return False


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])
