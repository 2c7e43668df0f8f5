"""Looking for words that a text disguises."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from communityrules.library.disguise.checking import Checker
from communityrules.library.disguise.reading import Hit, Reading, Whole
from communityrules.library.disguise.sounds import Listener
from communityrules.library.disguise.steps import Seeing
from communityrules.library.disguise.tracks import AS_IT_STANDS, Track
from communityrules.library.disguise.words import Word, parts_of, prepare, stretched

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

#: From how many hits on their places are worked out together.
_FEW: Final = 16
#: In how many ways a text is read at most.
_TRACKS: Final = 16
#: Stands among what is looked for: the text may hold a word with repeated characters.
_STRETCHED: Final = -1


class Seen(NamedTuple):
    """A word that was seen, in the half-open range `[start, end)` of the text."""

    start: int
    end: int
    #: Which of the words.
    word: int
    #: The names of the steps that were undone.
    steps: frozenset[str]


class _Search:
    """One look through a text."""

    __slots__ = ("_found", "_one", "seeing", "text")

    def __init__(self, text: str, seeing: Seeing, found: dict[Seen, None], one: bool) -> None:
        self.text = text
        self.seeing = seeing
        self._found = found
        self._one = one

    def check(self, checker: Checker, word: Word, start: int, end: int) -> bool:
        """Keeps a word that really stands there; true when one was all that was asked for."""
        seen = None if word.bare else checker.check(word, start, end)
        if seen is None or not seen[2] <= self.seeing.steps:
            return False
        self._found[Seen(seen[0], seen[1], word.number, seen[2])] = None
        return self._one


class Looker:
    """Looks for some words through disguise."""

    __slots__ = ("_automaton", "_collapsed", "_leads", "_listener", "_meant", "_patterns", "_runs", "_signs", "_words")

    def __init__(self, words: Iterable[str], seeing: Seeing) -> None:
        self._words: Sequence[Word] = tuple(prepare(words, not seeing.folds))
        #: For each pattern of the automaton: words by number, the character that it is the parts of, or a sign that
        #: characters may be repeated.
        self._meant: list[list[int | str]] = []
        #: Those patterns, and which of them are parts of a character or a sign of repeated ones.
        self._patterns: list[str] = []
        self._leads: frozenset[int] = frozenset()
        #: Those that are nothing but such a sign.
        self._signs: frozenset[int] = frozenset()
        self._automaton: BytesAhoCorasick | None = None
        self._collapsed: BytesAhoCorasick | None = None
        self._runs: list[list[int]] = []
        self._listener = Listener(self._words) if seeing.homophones else None

    def maybe(self, reading: Reading) -> bool:
        """Whether any of the words may stand in a text: false only when none does. Quick for plain texts."""
        if self._listener is not None:
            # Words may be heard anywhere.
            return True
        automaton = self._automaton or self._looked_for()
        quick = reading.quick
        if quick is None:
            return bool(reading.base().scan(automaton)) or any(other.scan(automaton) for other in reading.others())
        hits = automaton.find_matches_as_indexes(quick, overlapping=True)
        if hits:
            reading.base().scanned(automaton, hits)
        return bool(hits)

    def look(self, reading: Reading, seeing: Seeing, one: bool = False) -> list[Seen]:
        """Every place where a word stands, plain or disguised, in no stated order; or only `one`, the first found."""
        found: dict[Seen, None] = {}
        search = _Search(reading.text, seeing, found, one)
        waiting: list[Track] = []
        tried: set[tuple[str, bool, int]] = set()
        if self._through_whole(reading.base(), search, waiting):
            return list(found)
        for other in reading.others():
            if self._through_whole(other, search, waiting):
                return list(found)
        while waiting and len(tried) < _TRACKS:
            track = waiting.pop()
            key = (track.text, track.collapsed, id(track.skeletons))
            if key not in tried:
                tried.add(key)
                # Where runs are one only parts are looked for at first, and they are Chinese.
                hits = [] if track.collapsed and track.text.isascii() else self._hits(track.text)
                if self._through(track, hits, search, waiting):
                    return list(found)
        if self._listener is not None:
            for start, end, word, steps in self._listener.listen(reading.text):
                if steps <= seeing.steps:
                    found[Seen(start, end, word, steps)] = None
        return list(found)

    def _through_whole(self, base: Whole, search: _Search, waiting: list[Track]) -> bool:
        """Looks through a text read in one way: first for what stands without a gap, because then no places need be
        worked out; true when no more need be looked for."""
        hits = base.scan(self._looked_for())
        if not hits:
            return False
        patterns = [pattern for pattern, _, _ in hits]
        leads = not self._leads.isdisjoint(patterns)
        if leads and self._signs.issuperset(patterns):
            # No word, only signs that characters are repeated.
            collapsed = base.track().collapse()
            waiting += () if collapsed is None else (collapsed,)
            return False
        flat = self._flat(base.kept, hits)
        if flat and self._as_it_stands(flat, search):
            return True
        if len(flat) == len(hits) and not leads:
            return False
        track = base.track()
        return self._through(track, _in_characters(base.read, len(track.text), hits), search, waiting)

    def _as_it_stands(self, hits: list[Hit], search: _Search) -> bool:
        """Looks for words alone in a text as it stands; true when no more need be looked for."""
        checker = Checker(search.text, AS_IT_STANDS, search.seeing.edges)
        return any(
            search.check(checker, self._words[meant], start, end)
            for pattern, start, end in hits
            for meant in self._meant[pattern]
            if not isinstance(meant, str) and meant != _STRETCHED
        )

    def _flat(self, kept: str, hits: list[Hit]) -> list[Hit]:
        """Which of the patterns that were hit stand without a gap where."""
        if len(hits) >= _FEW:
            return self._hits(kept)
        flat: list[Hit] = []
        for pattern in {pattern for pattern, _, _ in hits}:
            looked_for = self._patterns[pattern]
            at = kept.find(looked_for)
            while at >= 0:
                flat.append((pattern, at, at + len(looked_for)))
                at = kept.find(looked_for, at + 1)
        return flat

    def _through(self, track: Track, hits: list[Hit], search: _Search, waiting: list[Track]) -> bool:
        """Looks through one track; what it may also be read as waits. True when no more need be looked for."""
        checker = Checker(search.text, track, search.seeing.edges)
        if len(hits) >= _FEW:
            track.work_out()
        parts: list[tuple[int, int, str]] = []
        repeated = False
        for pattern, start, end in hits:
            for meant in self._meant[pattern]:
                if isinstance(meant, str):
                    parts.append((start, end, meant))
                elif meant == _STRETCHED:
                    repeated = True
                elif not track.collapsed and search.check(checker, self._words[meant], start, end):
                    return True
        if track.counts is not None:
            runs = self._hits(track.text, True)
            if len(runs) >= _FEW:
                track.work_out()
            for pattern, start, end in runs:
                for number in self._runs[pattern]:
                    word = self._words[number]
                    if track.counts[start:end] == word.counts and track.split.isdisjoint(range(start, end)):
                        # Nothing is repeated here: it was looked at already.
                        continue
                    if search.check(checker, word, start, end):
                        return True
        elif repeated:
            collapsed = track.collapse()
            if collapsed is not None:
                waiting.append(collapsed)
        if parts:
            # Parts may overlap, `亻弋` those of `亻弋贝`: some ways to choose are tried.
            chosen: list[list[tuple[int, int, str]]] = []
            for way in (_apart(parts, True), _apart(parts, False), _apart(parts, True, True)):
                if way not in chosen:
                    chosen.append(way)
                    waiting.append(track.join(way))
        return False

    def _looked_for(self) -> BytesAhoCorasick:
        if self._automaton is None:
            if not self._patterns:
                self._prepare()
            self._automaton = _automaton(pattern.encode() for pattern in self._patterns)
        return self._automaton

    def _prepare(self) -> None:
        patterns: dict[str, list[int | str]] = {}
        for number, word in enumerate(self._words):
            patterns.setdefault(word.skeleton, []).append(number)
        parts = parts_of(self._words)
        for split, char in parts.items():
            patterns.setdefault(split, []).append(char)
        for sign in sorted(self._repeated(parts)):
            patterns.setdefault(sign, []).append(_STRETCHED)
        self._meant = list(patterns.values())
        self._signs = frozenset(number for number, every in enumerate(self._meant) if every == [_STRETCHED])
        self._leads = frozenset(
            number
            for number, every in enumerate(self._meant)
            if any(isinstance(meant, str) or meant == _STRETCHED for meant in every)
        )
        # Last: other threads go by it.
        self._patterns = list(patterns)

    def _repeated(self, parts: Iterable[str]) -> frozenset[str]:
        """Of which a text holds one when it has a word with characters written several times."""
        signs = {sign for word in self._words for sign in stretched(word)}
        signs.update(one * 2 for split in parts for one in split)
        return frozenset(signs)

    def _looked_for_collapsed(self) -> BytesAhoCorasick:
        if self._collapsed is None:
            patterns: dict[bytes, list[int]] = {}
            for number, word in enumerate(self._words):
                patterns.setdefault(word.short.encode(), []).append(number)
            self._runs = list(patterns.values())
            self._collapsed = _automaton(patterns)
        return self._collapsed

    def _hits(self, skeleton: str, collapsed: bool = False) -> list[Hit]:
        """Which pattern stands where in a skeleton, overlapping ones too."""
        automaton = self._looked_for_collapsed() if collapsed else self._looked_for()
        read = skeleton.encode()
        return _in_characters(read, len(skeleton), automaton.find_matches_as_indexes(read, overlapping=True))


def _in_characters(read: bytes, size: int, hits: list[Hit]) -> list[Hit]:
    """Places in bytes as places in the `size` characters that they are."""
    if not hits or len(read) == size:
        return hits
    if len(hits) < _FEW:
        found: list[Hit] = []
        for pattern, start, end in hits:
            at = len(read[:start].decode())
            found.append((pattern, at, at + len(read[start:end].decode())))
        return found
    # Every byte but those within a character begins one.
    begins = [at for at, byte in enumerate(read) if byte & 0xC0 != 0x80]
    return [(pattern, bisect_left(begins, start), bisect_left(begins, end)) for pattern, start, end in hits]


def _automaton(patterns: Iterable[bytes]) -> BytesAhoCorasick:
    # Imported when first used, so that checking a rulebook does not wait for it.
    from ahocorasick_rs import BytesAhoCorasick

    return BytesAhoCorasick(list(patterns))


def _apart(parts: list[tuple[int, int, str]], longest: bool, right: bool = False) -> list[tuple[int, int, str]]:
    """Of stretches that overlap the first, or from the right the last; of those the longest or the shortest."""
    kept: list[tuple[int, int, str]] = []
    if right:
        for one in sorted(parts, key=lambda part: (-part[1], part[0], part[2])):
            if not kept or one[1] <= kept[-1][0]:
                kept.append(one)
        return kept[::-1]
    for one in sorted(parts, key=lambda part: (part[0], -part[1] if longest else part[1], part[2])):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept
