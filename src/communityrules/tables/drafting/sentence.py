"""One sentence while it is being read: what of it has been understood, and what is left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from communityrules.tables.drafting.norms import Strength
from communityrules.tables.drafting.phrases import entry, names, pattern
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


@cache
def _markers() -> tuple[tuple[Strength, re.Pattern[str]], ...]:
    kinds: tuple[Strength, ...] = ("not_asked", "advise_not", "may", "must_not", "should", "must")
    assert set(kinds) == set(names("modality"))
    return tuple((kind, pattern("modality", kind)) for kind in kinds)


@cache
def _plain() -> re.Pattern[str]:
    """Words that narrow nothing."""
    common = "|".join(entry("common", one) for one in ("purpose", "people", "here", "send", "message", "staff"))
    return re.compile(
        rf"{common}|每人|每位|的|了|地|在|于|均|都|应|也|并|且|和|与|对|将|由|为|是|等|即可|一律|原则上|每次|"
        rf"发言时|其|请|"
        r"\b(?:the|a|an|be|is|are|to|and|of|in|on|for|it|that|this|also|as|per|each|by|at|so|all|any|our|your|"
        r"their|us|please|kindly|or)\b"
    )


class Reading:
    """A sentence and the letters of it that have been understood."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.left = sentence.even
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

    def markers(self) -> list[Marker]:
        """The words of strength in what is not understood yet, in order; none inside another."""
        if self._marked is not None and self._marked[0] == self.left:
            return list(self._marked[1])
        found = self._find()
        self._marked = (self.left, found)
        return list(found)

    def _find(self) -> list[Marker]:
        found: list[Marker] = []
        for strength, looked in _markers():
            for match in looked.finditer(self.left):
                if TAKEN in match[0] or match.end() == match.start():
                    continue
                if not any(one.start < match.end() and match.start() < one.end for one in found):
                    found.append(Marker(match.start(), match.end(), strength))
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
        before = [one for one in markers if one.end <= place]
        if before:
            return before[-1].strength
        return markers[0].strength if markers else None

    def segment(self, place: int) -> tuple[int, int]:
        """The stretch between commas around a place; a comma that was understood parts nothing."""
        starts = [one.end() for one in _COMMA.finditer(self.left) if one.start() < place]
        ends = [one.start() for one in _COMMA.finditer(self.left) if one.start() >= place]
        return (starts[-1] if starts else 0, ends[0] if ends else len(self.left))

    def segments(self) -> Iterator[tuple[int, int]]:
        start = 0
        for comma in _COMMA.finditer(self.left):
            yield start, comma.start()
            start = comma.end()
        yield start, len(self.left)

    def rest(self, start: int, end: int, *besides: re.Pattern[str]) -> str:
        """What is left of a stretch without words of strength and words that narrow nothing."""
        part = list(self.left[start:end])
        for marker in self.markers():
            for place in range(max(marker.start, start), min(marker.end, end)):
                part[place - start] = " "
        kept = "".join(part).replace(TAKEN, " ")
        for beside in (*besides, _plain()):
            kept = beside.sub(lambda match: " " * len(match[0]), kept)
        return " ".join(_LETTER.findall(kept)) and kept.strip()

    @staticmethod
    def plain(text: str) -> str:
        """A text without words that narrow nothing."""
        return _plain().sub(lambda match: " " * len(match[0]), text).strip()

    def guarded(self, *kinds: str, start: int = 0, end: int | None = None) -> bool:
        """Whether what is left has a word of `phrases/guards.toml` of one of these kinds."""
        part = self.left[start:end]
        return any(pattern("guards", kind).search(part) for kind in kinds)
