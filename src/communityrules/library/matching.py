"""Finding words; domains stand in `library.domains`, patterns in `library.patterns`.

Words are looked for in the folded text (`fold`) at word edges (`at_word_edges`), and through disguise (`disguise`);
spans are of the original text. An `exactly` list is looked for in the original text as it stands, case and all, at the
same word edges. Only the first `fold.MAX_TEXT` code points of a text are looked at.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakValueDictionary

from communityrules.library.declare import Match
from communityrules.library.disguise.candidates import ListLooker
from communityrules.library.disguise.letters import SKELETON
from communityrules.library.disguise.reading import Reading
from communityrules.library.disguise.steps import AS_USUAL, Seeing, told
from communityrules.library.disguise.undoing import differing
from communityrules.library.disguise.words import looked_through
from communityrules.library.domains import DomainMatcher
from communityrules.library.fold import MAX_TEXT, Folded, at_word_edges, char_folded, fold, fold_text, whole_characters
from communityrules.library.patterns import PatternMatcher, PatternRefused

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

__all__ = ["DomainMatcher", "PatternMatcher", "PatternRefused", "WordMatcher"]


class Needed(NamedTuple):
    """What a text must hold one of for a word of a list to be in it."""

    #: As words are looked for through disguise; None when what a text must hold cannot be told.
    disguised: tuple[str, ...] | None = ()
    #: In the text as it stands.
    plain: tuple[str, ...] = ()
    #: In the folded text. Where characters may join (`fold.joining`) nothing can be told.
    folded: tuple[str, ...] = ()
    #: Whether all that folding does is undone for those that are disguised.
    folds: bool = True
    #: Whether these stand only where no letter of their kind touches them.
    edged: bool = True


#: So many words at most are looked for one by one.
_FEW: Final = 32
#: Lists of words that somebody holds, by what they are made of: a rulebook that is loaded again has most of them.
_HELD: Final[WeakValueDictionary[tuple[tuple[str, ...], bool, Seeing], WordMatcher]] = WeakValueDictionary()


def needed(words: tuple[str, ...], seeing: Seeing = AS_USUAL) -> Needed:
    """What a text must hold for any of some words to be found that are not looked for exactly, without making what
    finds them: where there is homophony they may be heard anywhere."""
    return Needed(None if seeing.homophones else words, folds=seeing.folds, edged=seeing.edges == "words")


def word_matcher(words: Iterable[str], exactly: bool = False, seeing: Seeing = AS_USUAL) -> WordMatcher:
    """The list of these words; one that was made before, as long as somebody holds it."""
    key = (tuple(words), exactly, seeing)
    found = _HELD.get(key)
    if found is None:
        found = _HELD[key] = WordMatcher(*key)
    return found


class WordMatcher:
    """A list of words, found in one pass however many there are.

    Everything takes a text, or one that was folded already; of that an `exactly` list looks through the original. A
    word that folds to nothing is never found; `fold_text(word)` tells.
    """

    __slots__ = (
        "__weakref__",
        "_automaton",
        "_bare",
        "_looker",
        "_patterns",
        "_places",
        "_seeing",
        "_words",
        "exactly",
    )

    def __init__(self, words: Iterable[str], exactly: bool = False, seeing: Seeing = AS_USUAL) -> None:
        self.exactly = exactly
        self._seeing = seeing
        #: What is looked for → the word that means it, as written; of several that fold alike the first, unless what
        #: folding does makes a difference.
        patterns: dict[str, list[str]] = {}
        for word in words:
            pattern = whole_characters(word if exactly else fold_text(word))
            if not pattern:
                continue
            alike = patterns.setdefault(pattern, [])
            same = bool(alike) and (exactly or seeing.folds)
            if not same and not any(differing(word, one) <= seeing.steps for one in alike):
                alike.append(word)
        found = [(pattern, word) for pattern, alike in patterns.items() for word in alike]
        self._patterns = tuple(pattern for pattern, _ in found)
        self._words = tuple(word for _, word in found)
        #: The patterns as a set, once a whole text was compared.
        self._places: frozenset[str] | None = None
        self._automaton: AhoCorasick | None = None
        self._looker = None if exactly else ListLooker(self._words, seeing)
        #: Those that only the folded text tells: of signs at an end, or with what folding removes when that counts.
        self._bare = frozenset(
            number
            for number, (pattern, word) in enumerate(found)
            if not looked_through(pattern) or not (seeing.folds or all(map(char_folded, word)))
        )

    @property
    def few(self) -> tuple[str, ...]:
        """The words of an `exactly` list where each is sooner looked for by itself, wherever it stands; else none."""
        if not self.exactly or self._seeing.edges != "anywhere" or len(self._patterns) > _FEW:
            return ()
        # This stands for half of a character, too, which is in no text.
        return () if any("\ufffd" in one for one in self._patterns) else self._patterns

    @property
    def told_apart(self) -> bool:
        """Whether where one word stands as it is written no other can be seen, whatever is undone."""
        return self._looker is not None and not self._bare and self._looker.told_apart

    @property
    def needed(self) -> Needed:
        """What a text must hold for any word to be found: for looking for the words of many lists at once."""
        return Needed(plain=self._patterns) if self.exactly else needed(self._words, self._seeing)

    def find(self, text: str | Folded) -> tuple[Match, ...]:
        """Every place where a word stands, overlapping ones too, by start, then end, then order in the list.

        Words that fold alike are found as the first of them. Spans are of the original text. Of one word that is seen
        both plainly and through disguise at one place, only the plain one is given.
        """
        folded = text if isinstance(text, Folded) else _as_is(text) if self.exactly else fold(text)
        looker = self._looker
        if looker is None:
            kept = folded.hits
            hits = kept[1] if kept is not None and kept[0] is self else self._hits(folded.original)
            if len(hits) == 1:
                ((word, start, end),) = hits
                return (Match(start, end, self._words[word]),)
            return tuple(
                Match(start, end, self._words[word])
                for start, end, word in sorted((start, end, word) for word, start, end in hits)
            )
        reading = reading_of(folded)
        maybe = looker.maybe(reading)
        folding = bool(self._bare) or reading.joins
        if not maybe and not folding:
            return ()
        seeing = self._seeing
        found: dict[tuple[int, int, int], str] = {}
        if folding:
            # Two places of the folded text may be one of the original, where a character folds to several.
            for word, start, end in self._hits(folded.text):
                if not (word in self._bare or reading.joins) or not folded.whole(start, end):
                    continue
                span = folded.span(start, end)
                if seeing.folds or differing(folded.original[slice(*span)], self._words[word]) <= seeing.steps:
                    found[*span, word] = ""
        if maybe:
            self._seen(looker, reading, found)
        return tuple(
            Match(start, end, self._words[word], found[start, end, word]) for start, end, word in sorted(found)
        )

    def _seen(self, looker: ListLooker, reading: Reading, found: dict[tuple[int, int, int], str]) -> None:
        """Adds what is seen as it stands or through disguise, in the way that takes the fewest steps."""
        seeing = self._seeing
        seen = looker.look(reading, seeing)
        if len(seen) > 1:
            seen.sort(key=lambda one: (len(one.steps), sorted(one.steps)))
        plain: dict[int, _Plain] = {}
        for start, end, word, steps in seen:
            if not told(steps):
                found.setdefault((start, end, word), "")
                plain.setdefault(word, _Plain()).add(start, end)
        for start, end, word, steps in seen:
            how = told(steps)
            if how and (word not in plain or not plain[word].within(start, end)):
                found.setdefault((start, end, word), how)

    def search(self, text: str) -> Match | None:
        """The first of what `find` finds."""
        if not self.exactly:
            return next(iter(self.find(text)), None)
        hits = self._hits(text[:MAX_TEXT])
        if not hits:
            return None
        if len(hits) == 1:
            ((word, start, end),) = hits
        else:
            start, end, word = min([(start, end, word) for word, start, end in hits])
        return Match(start, end, self._words[word])

    def find_in(self, folded: Folded) -> tuple[Match, ...]:
        """The same, of a text that was folded already."""
        return self.find(folded)

    def maybe(self, folded: Folded) -> bool:
        """Whether any word may stand in the text; false only when none does. Quick for plain texts."""
        looker = self._looker
        if looker is None:
            return bool(self._hits(folded.original))
        reading = reading_of(folded)
        return bool(self._bare) or reading.joins or looker.maybe(reading)

    def contains(self, text: str | Folded) -> bool:
        """Whether any word stands in the text."""
        folded = text if isinstance(text, Folded) else fold(text)
        looker = self._looker
        if looker is None:
            hits = self._hits(folded.original)
            folded.hits = (self, hits)
            return bool(hits)
        reading = reading_of(folded)
        if looker.maybe(reading) and looker.look(reading, self._seeing, one=True):
            return True
        # A text without anything unusual joins nothing; not to ask it is cheaper.
        return bool(self._bare or (reading.quick is None and reading.joins)) and bool(self.find(folded))

    def contains_all(self, text: str | Folded) -> bool:
        """Whether every word stands in the text; true of an empty list."""
        return len({match.word for match in self.find(text)}) == len(self._patterns)

    def equals(self, text: str | Folded) -> bool:
        """Whether the whole text is one of the words once both are folded, or as it stands for an `exactly` list."""
        folded = text if isinstance(text, Folded) else fold(text)
        if self._places is None:
            self._places = frozenset(self._patterns)
        return whole_characters(folded.original if self.exactly else folded.text) in self._places

    def starts(self, text: str | Folded) -> bool:
        """Whether the text begins with one of the words, spaces before it aside."""
        return self.leading(text) is not None

    def ends(self, text: str | Folded) -> bool:
        """Whether the text ends with one of the words, spaces after it aside."""
        return self.trailing(text) is not None

    def leading(self, text: str | Folded) -> Match | None:
        """The longest word with which the text begins, spaces before it aside."""
        folded = text if isinstance(text, Folded) else fold(text)
        first, _ = _ends(folded.original)
        found = [one for one in self.find(folded) if one.start <= first]
        return max(found, key=lambda one: one.end, default=None)

    def trailing(self, text: str | Folded) -> Match | None:
        """The longest word with which the text ends, spaces after it aside."""
        folded = text if isinstance(text, Folded) else fold(text)
        _, last = _ends(folded.original)
        found = [one for one in self.find(folded) if last <= one.end]
        return min(found, key=lambda one: one.start, default=None)

    def _hits(self, looked: str) -> list[tuple[int, int, int]]:
        """Which pattern stands where, at word edges, in no stated order."""
        if not self._patterns:
            return []
        if self._automaton is None:
            # Imported when first used, so that checking a rulebook does not wait for it.
            from ahocorasick_rs import AhoCorasick, Implementation

            # Made for each list when its rule first matches: what looks as fast and is made in a third of the time.
            self._automaton = AhoCorasick(self._patterns, implementation=Implementation.ContiguousNFA)
        try:
            hits = self._automaton.find_matches_as_indexes(looked, overlapping=True)
        except UnicodeEncodeError:
            looked = whole_characters(looked)
            hits = self._automaton.find_matches_as_indexes(looked, overlapping=True)
        edges = self._seeing.edges
        if not hits or edges == "anywhere":
            return hits
        at_edges = at_word_edges if edges == "words" else alone
        return [hit for hit in hits if at_edges(looked, hit[1], hit[2])]


class _Plain:
    """Where one word stands plainly."""

    __slots__ = ("_least", "_spans", "_starts")

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []
        self._starts: list[int] = []
        #: For each of the starts in order the first end of what begins there or later.
        self._least: list[int] = []

    def add(self, start: int, end: int) -> None:
        self._spans.append((start, end))

    def within(self, start: int, end: int) -> bool:
        """Whether the word stands plainly within `[start, end)`, when all is added."""
        if not self._starts:
            spans = sorted(self._spans)
            self._starts = [one[0] for one in spans]
            self._least = list(accumulate((one[1] for one in reversed(spans)), min))[::-1]
        at = bisect_left(self._starts, start)
        return at < len(self._starts) and self._least[at] <= end


def reading_of(folded: Folded) -> Reading:
    """How a text reads without disguise, worked out when first asked."""
    reading: Reading | None = folded.reading
    if reading is None:
        reading = folded.reading = Reading(folded.original)
    return reading


def alone(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit of any script touches `[start, end)` of a text."""
    return not (start > 0 and SKELETON[text[start - 1]]) and not (end < len(text) and SKELETON[text[end]])


def _ends(text: str) -> tuple[int, int]:
    """Where the first character stands that is seen, and where the last one ends."""
    seen = [at for at, char in enumerate(text) if char_folded(char).strip()]
    return (seen[0], seen[-1] + 1) if seen else (0, 0)


def _as_is(text: str) -> Folded:
    text = text[:MAX_TEXT]
    return Folded(text, text, None)
