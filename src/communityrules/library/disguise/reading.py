"""How a text reads once disguise is left out of account.

A plain text costs little: `Reading.quick` is its skeleton in bytes, made with a few fast replacements, and most texts
need no more. Only where it holds something unusual, or where the quick skeleton holds what a list looks for, is the
text read character by character into `Track`s, which know where each character comes from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import compress, count, pairwise
from typing import Final

from communityrules.library.disguise import tables
from communityrules.library.disguise.letters import (
    EMOJI_SKELETON,
    SIGN_SKELETON,
    SIGNS,
    SKELETON,
    USUAL_MARKS,
    usual_han,
)
from communityrules.library.fold import joining

_ASCII: Final = "".join(map(chr, range(128)))
_TABLE: Final = bytes(ord(SKELETON[char] or char) for char in _ASCII) + bytes(range(128, 256))
#: The same with what separates as `_NONE`.
_FLAT: Final = bytes(ord(SKELETON[char] or "\x00") for char in _ASCII) + bytes(range(128, 256))
_SIGNS: Final = "@$!|(<+"
#: What separates and is no sign; signs are kept at first, so that a quick look tells whether there are any.
_DELETED: Final = bytes(ord(char) for char in _ASCII if not SKELETON[char] and char not in _SIGNS)
_DELETED_SIGNS: Final = _SIGNS.encode()
#: Signs that may stand for letters here: beside a letter, and `+` before anything.
_SIGNED: Final = re.compile(r"[@$!|][A-Za-z0-9@$|!]|[A-Za-z0-9][@$|]|[A-Za-z0-9@$!|][(<][A-Za-z0-9@$!|]|\+")
#: The same between letters that stand by themselves: `s p @ m`.
_SPELLED: Final = re.compile(
    r"(?<![A-Za-z0-9])[B-HJ-Zb-z][^A-Za-z0-9@$!|(<]{1,3}[@$!|(<]"
    r"|[@$!|(<][^A-Za-z0-9@$!|(<]{1,3}[0-9B-HJ-Zb-z](?![A-Za-z0-9])"
)


@lru_cache(maxsize=1)
def _unusual() -> re.Pattern[str]:
    """Finds a sign, or a character whose skeleton may be another, usual marks of Chinese text aside."""
    return re.compile(f"[^\\x00- \"#%&')*,\\-./0-9:;=>?A-Z\\[\\\\\\]^_`a-z{{}}~\x7f{USUAL_MARKS}{usual_han()}]")


@lru_cache(maxsize=1)
def _standing() -> re.Pattern[str]:
    """Finds what may be a sign that stands for a letter or a character. All above the first plane may be one, which
    keeps the scan fast."""
    found = sorted(one for one in {*SIGNS, *tables.standins()} if one < "\U00010000" and one not in _SIGNS)
    return re.compile(f"[{re.escape(''.join(found))}＠＄｜＜\U00010000-\U0010ffff]")


class _Kept(dict[int, str]):
    """Skeletons for `str.translate`, each one character: `_NONE` for none, `_SEVERAL` for more than one."""

    def __init__(self, skeletons: Mapping[str, str]) -> None:
        super().__init__()
        self._skeletons = skeletons

    def __missing__(self, code_point: int) -> str:
        skeleton = self._skeletons[chr(code_point)]
        self[code_point] = kept = skeleton if len(skeleton) == 1 else _SEVERAL if skeleton else _NONE
        return kept


_NONE: Final = "\x00"
_SEVERAL: Final = "\x01"
# Both only remember what a pure function gives, so they change no result.
_PLAIN: Final = _Kept(SKELETON)
_WITH_SIGNS: Final = _Kept(SIGN_SKELETON)
_WITH_EMOJI: Final = _Kept(EMOJI_SKELETON)


#: Runs of one character.
_RUNS: Final = re.compile(r"(.)\1+", re.DOTALL)


def _parted(start: int, end: int, split: frozenset[int]) -> list[tuple[int, int]]:
    """A run, cut before each character that was put together from parts; what is one character then is no run."""
    cuts = [start, *(at for at in range(start + 1, end) if at in split), end]
    return [(low, high) for low, high in pairwise(cuts) if high - low > 1]


class Track:
    """One way to read a text: its skeleton, and where in the text each character of that comes from."""

    __slots__ = ("_short", "collapsed", "counts", "first", "last", "skeletons", "split", "text")

    def __init__(
        self,
        text: str,
        first: Sequence[int],
        last: Sequence[int],
        skeletons: Mapping[str, str],
        split: frozenset[int],
        collapsed: bool,
    ) -> None:
        self.text = text
        #: For each character of the skeleton the places of the first and the last character that it comes from.
        self.first = first
        self.last = last
        #: By which the text was read: whether signs and emoji stand for letters and characters.
        self.skeletons = skeletons
        #: Which characters of the skeleton were put together from parts.
        self.split = split
        #: Whether runs of one character are one.
        self.collapsed = collapsed
        #: Then how long each run was.
        self.counts: list[int] = []
        #: What `collapse` gave: every list asks for it again.
        self._short: tuple[Track | None] | None = None

    def collapse(self) -> Track | None:
        """The same with runs of one character as one; None when there are none."""
        if self._short is None:
            self._short = (self._collapsed(),)
        return self._short[0]

    def _collapsed(self) -> Track | None:
        text, split = self.text, self.split
        runs = [found.span() for found in _RUNS.finditer(text)]
        if split:
            # What was put together from parts is a run of its own.
            runs = [run for start, end in runs for run in _parted(start, end, split)]
        if not runs:
            return None
        pieces: list[str] = []
        first: list[int] = []
        last: list[int] = []
        counts: list[int] = []
        shifted: list[int] = []
        at = 0
        for start, end in [*runs, (len(text), len(text))]:
            if split:
                shifted += [len(first) + one - at for one in range(at, min(start + 1, len(text))) if one in split]
            pieces.append(text[at : start + 1])
            first += self.first[at : start + 1]
            last += self.last[at:start]
            counts += [1] * (start - at)
            if end > start:
                last.append(self.last[end - 1])
                counts.append(end - start)
            at = end
        collapsed = Track("".join(pieces), first, last, self.skeletons, frozenset(shifted), True)
        collapsed.counts = counts
        return collapsed

    def join(self, parts: list[tuple[int, int, str]]) -> Track:
        """The same with some stretches of the skeleton as the one character that they are the parts of."""
        pieces: list[str] = []
        first: list[int] = []
        last: list[int] = []
        counts: list[int] = []
        split: list[int] = []
        at = 0
        for start, end, char in [*parts, (len(self.text), len(self.text), "")]:
            split += [len(first) + one - at for one in range(at, start) if one in self.split]
            pieces += (self.text[at:start], char)
            first += self.first[at:start]
            last += self.last[at:start]
            counts += self.counts[at:start]
            if char:
                split.append(len(first))
                first.append(self.first[start])
                last.append(self.last[end - 1])
                counts.append(1)
            at = end
        joined = Track("".join(pieces), first, last, self.skeletons, frozenset(split), self.collapsed)
        joined.counts = counts
        return joined


class Whole:
    """A text read in one way, character by character."""

    __slots__ = ("_as_it_stands", "_skeletons", "_track", "kept", "text")

    def __init__(self, text: str, skeletons: Mapping[str, str], table: _Kept, usual: str | None = None) -> None:
        self._skeletons = skeletons
        self._track: Track | None = None
        self._as_it_stands: Track | None = None
        #: The skeletons, each in the place of its character; `_NONE` where there is none.
        self.kept = text.translate(table) if usual is None else usual
        if usual is None and _SEVERAL in self.kept:
            several = [skeletons[char] for char in text]
            places = [at for at, one in enumerate(several) for _ in one]
            self._track = Track("".join(several), places, places, skeletons, frozenset(), False)
        #: The skeleton of the text.
        self.text = self._track.text if self._track is not None else self.kept.replace(_NONE, "")

    def flat(self) -> Track:
        """The text as it stands, gaps and all."""
        if self._as_it_stands is None:
            places = range(len(self.kept))
            self._as_it_stands = Track(self.kept, places, places, self._skeletons, frozenset(), False)
        return self._as_it_stands

    def track(self) -> Track:
        """The skeleton, and where each character of it comes from."""
        if self._track is None:
            places = list(compress(count(), map(_NONE.__ne__, self.kept)))
            self._track = Track(self.text, places, places, self._skeletons, frozenset(), False)
        return self._track


class Reading:
    """How one text reads."""

    __slots__ = ("_tracks", "joins", "quick", "text")

    def __init__(self, text: str) -> None:
        #: The text, as much of it as is looked at.
        self.text = text
        #: The skeleton of a text without anything unusual, in UTF-8; None for other texts.
        self.quick = _quick(text)
        #: Whether characters may join those before them into one, which only folding puts together.
        self.joins = self.quick is None and joining(text)
        self._tracks: tuple[Whole, ...] | None = None

    def tracks(self) -> tuple[Whole, ...]:
        """The text read character by character: signs as separators, and where there are any also as letters."""
        if self._tracks is None:
            text = self.text
            base = Whole(text, SKELETON, _PLAIN, None if self.quick is None else _flat(text))
            self._tracks = (base,)
            if any(sign in text for sign in _SIGNS) or (not text.isascii() and _standing().search(text)):
                # What is a letter in one word may separate those of another: both ways are tried.
                others = [Whole(text, SIGN_SKELETON, _WITH_SIGNS), Whole(text, EMOJI_SKELETON, _WITH_EMOJI)]
                if "|" in text:
                    # It separates words as often as it stands for an i.
                    others.append(Whole(text.replace("|", " "), SIGN_SKELETON, _WITH_SIGNS))
                self._tracks = (base, *(one for one in others if one.text != base.text))
        return self._tracks


def _flat(text: str) -> str:
    """What `_PLAIN` makes of a text without anything unusual, several times as fast."""
    if not text.isascii():
        for mark in USUAL_MARKS:
            if mark in text:
                text = text.replace(mark, _NONE)
    return text.encode().translate(_FLAT).decode()


def _quick(text: str) -> bytes | None:
    if text.isascii():
        quick = text.encode().translate(_TABLE, _DELETED)
        if quick.isalnum() or not quick:
            return quick
        return None if _SIGNED.search(text) or _SPELLED.search(text) else quick.translate(None, _DELETED_SIGNS)
    kept = text
    # Replacing one after another is quicker than any pattern.
    for mark in USUAL_MARKS:
        if mark in kept:
            kept = kept.replace(mark, "")
    found = _unusual().search(kept)
    if found is None:
        return kept.encode().translate(_TABLE, _DELETED)
    if found.group() not in _SIGNS or _SIGNED.search(text) or _SPELLED.search(text):
        return None
    for sign in _SIGNS:
        kept = kept.replace(sign, "")
    return None if _unusual().search(kept) else kept.encode().translate(_TABLE, _DELETED)
