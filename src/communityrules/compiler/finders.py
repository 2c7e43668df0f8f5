"""What the generated code looks through texts and lists with, built once for a rulebook.

Texts come folded (`library.fold.Folded`), which carries the original along.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from communityrules.library.declare import Detector, Match
from communityrules.library.fold import Folded, at_word_edges, fold_text
from communityrules.library.matching import DomainMatcher, WordMatcher

#: How many different lists of items a finder remembers the answer for: roles repeat, answers to questions do not.
_REMEMBERED: Final = 1024


@lru_cache(maxsize=4096)
def fold_item(text: str) -> str:
    """A short text folded: a role, an attachment's name, one item of a list."""
    return fold_text(text)


class Finder(Protocol):
    """Looks for one thing, or one list of things, in a text."""

    def found(self, folded: Folded) -> bool:
        """Whether it is there."""

    def first(self, folded: Folded) -> tuple[str, Match] | None:
        """What it is called and where it first stands: the earliest, of those the shortest."""

    def leading(self, folded: Folded) -> tuple[str, Match] | None:
        """The longest at the beginning of the text, spaces aside."""

    def trailing(self, folded: Folded) -> tuple[str, Match] | None:
        """The same at its end."""

    def whole(self, folded: Folded) -> bool:
        """Whether it is the whole text."""


class Words:
    """Words at word edges. `name` is the list's; None: each word is called by itself."""

    __slots__ = ("_matcher", "_name", "_words", "exactly", "found")

    def __init__(self, words: Sequence[str], exactly: bool, name: str | None) -> None:
        self._matcher = WordMatcher(words, exactly)
        self.exactly = exactly
        #: The matcher's own, which saves a call for every list and message.
        self.found = self._matcher.contains
        self._name = name
        #: What is compared → the word as written, the first of those that fold alike.
        self._words: dict[str, str] = {}
        for word in words:
            self._words.setdefault(word if exactly else fold_text(word), word)

    @property
    def words(self) -> Iterable[str]:
        """The words as written."""
        return self._words.values()

    def first(self, folded: Folded) -> tuple[str, Match] | None:
        for match in self._matcher.find(folded):
            return self._name or match.word or "", match
        return None

    def leading(self, folded: Folded) -> tuple[str, Match] | None:
        text = self._looked(folded)
        start = len(text) - len(text.lstrip())
        found = [word for word in self._words if word and text.startswith(word, start)]
        return self._longest(folded, [(start, start + len(word), word) for word in found])

    def trailing(self, folded: Folded) -> tuple[str, Match] | None:
        text = self._looked(folded).rstrip()
        found = [word for word in self._words if word and text.endswith(word)]
        return self._longest(folded, [(len(text) - len(word), len(text), word) for word in found])

    def _looked(self, folded: Folded) -> str:
        return folded.original if self._matcher.exactly else folded.text

    def _longest(self, folded: Folded, places: list[tuple[int, int, str]]) -> tuple[str, Match] | None:
        text = self._looked(folded)
        places = [one for one in places if at_word_edges(text, one[0], one[1])]
        if not places:
            return None
        start, end, word = max(places, key=lambda one: one[1] - one[0])
        span = (start, end) if self._matcher.exactly else folded.span(start, end)
        return self._name or self._words[word], Match(*span)

    def whole(self, folded: Folded) -> bool:
        return self._looked(folded) in self._words


class Detected:
    """What a detector of the library finds."""

    __slots__ = ("_find", "_name")

    def __init__(self, name: str, detector: Detector) -> None:
        self._find = detector.find
        self._name = name

    def found(self, folded: Folded) -> bool:
        return any(True for _ in self._find(folded.original))

    def first(self, folded: Folded) -> tuple[str, Match] | None:
        return next(((self._name, match) for match in self._find(folded.original)), None)

    def leading(self, folded: Folded) -> tuple[str, Match] | None:
        start = len(folded.original) - len(folded.original.lstrip())
        return next(((self._name, match) for match in self._find(folded.original) if match.start == start), None)

    def trailing(self, folded: Folded) -> tuple[str, Match] | None:
        end = len(folded.original.rstrip())
        return next(((self._name, match) for match in self._find(folded.original) if match.end == end), None)

    def whole(self, folded: Folded) -> bool:
        size = len(folded.original)
        return any(match.start == 0 and match.end == size for match in self._find(folded.original))


# --- lists ---------------------------------------------------------------------------------------------------


class ItemFinder(Protocol):
    """Looks for one thing among the items of a list."""

    def item(self, items: tuple[Any, ...]) -> tuple[str, Any] | None:
        """What it is called and the first item that it is."""


@dataclass(frozen=True, slots=True)
class Equal:
    """Items equal to one of some values. `name` is the list's; None: each value is called by itself."""

    #: What is compared → the value as written. Texts are folded unless `exactly`.
    wanted: dict[Any, Any]
    exactly: bool
    name: str | None

    @classmethod
    def of(cls, values: Iterable[Any], exactly: bool, name: str | None) -> Equal:
        wanted: dict[Any, Any] = {}
        for value in values:
            wanted.setdefault(fold_text(value) if isinstance(value, str) and not exactly else value, value)
        return cls(wanted, exactly, name)

    def item(self, items: tuple[Any, ...]) -> tuple[str, Any] | None:
        for one in items:
            key = fold_item(one) if not self.exactly and isinstance(one, str) else one
            if key in self.wanted:
                return self.name or str(self.wanted[key]), one
        return None


class Domains:
    """Links under one of some domains."""

    __slots__ = ("_matcher", "_name")

    def __init__(self, domains: Iterable[str], name: str | None) -> None:
        self._matcher = DomainMatcher(domains)
        self._name = name

    def item(self, items: tuple[Any, ...]) -> tuple[str, Any] | None:
        for link, entry in self._matcher.find(items):
            return self._name or entry, link
        return None


class DetectedItem:
    """Items in which a detector finds something."""

    __slots__ = ("_find", "_name")

    def __init__(self, name: str, detector: Detector) -> None:
        self._find = detector.find
        self._name = name

    def item(self, items: tuple[Any, ...]) -> tuple[str, Any] | None:
        return next(((self._name, one) for one in items if any(True for _ in self._find(one))), None)


class AnyItem:
    """Whether a list holds any of several things. Remembers its answers for short lists that come again."""

    __slots__ = ("_known", "finders")

    def __init__(self, finders: Sequence[ItemFinder]) -> None:
        self.finders = tuple(finders)
        self._known: dict[tuple[Any, ...], bool] = {}

    def __call__(self, items: tuple[Any, ...]) -> bool:
        known = self._known.get(items)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[items] = any(finder.item(items) is not None for finder in self.finders)
        return known
