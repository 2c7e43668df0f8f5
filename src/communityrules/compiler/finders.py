"""What the generated code looks through texts and lists with, built once for a rulebook.

Texts come folded (`library.fold.Folded`), which carries the original along.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from communityrules.library.declare import Detector, Match
from communityrules.library.disguise.steps import AS_USUAL, Seeing
from communityrules.library.fold import Folded, fold_short, fold_text
from communityrules.library.matching import DomainMatcher, WordMatcher, word_matcher

#: How many different lists of items a finder remembers the answer for: roles repeat, answers to questions do not.
_REMEMBERED: Final = 1024


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
    """Words, plain or disguised. `name` is the list's; None: each word is called by itself."""

    __slots__ = ("_matcher", "_name", "_places", "exactly", "found", "seeing", "words")

    def __init__(self, words: Sequence[str], exactly: bool, name: str | None, seeing: Seeing = AS_USUAL) -> None:
        self._matcher = word_matcher(words, exactly, seeing)
        self.exactly = exactly
        self.seeing = seeing
        #: The matcher's own, which saves a call for every list and message.
        self.found = self._matcher.contains
        #: What a whole text is compared with, once one was.
        self._places: frozenset[str] | None = None
        self._name = name
        #: The words as written.
        self.words = tuple(words)

    @property
    def as_it_stands(self) -> tuple[str, tuple[str, ...] | WordMatcher] | None:
        """The name of a list whose words are looked for in the text as it stands, and a few words of which any is
        found anywhere, or what finds them."""
        if not self.exactly or self._name is None:
            return None
        return self._name, self._matcher.few or self._matcher

    @property
    def as_listed(self) -> tuple[str, tuple[str, ...], bool] | None:
        """The name of a list of which each word is told from all others wherever it stands as it is written, the words,
        and whether they must stand at the edges of words."""
        edges = self.seeing.edges
        if self.exactly or self._name is None or edges == "whole" or not self._matcher.told_apart:
            return None
        return self._name, self.words, edges == "words"

    def first(self, folded: Folded) -> tuple[str, Match] | None:
        return self._called(next(iter(self._matcher.find(folded)), None))

    def leading(self, folded: Folded) -> tuple[str, Match] | None:
        return self._called(self._matcher.leading(folded))

    def trailing(self, folded: Folded) -> tuple[str, Match] | None:
        return self._called(self._matcher.trailing(folded))

    def whole(self, folded: Folded) -> bool:
        if self._places is None:
            self._places = frozenset(word if self.exactly else fold_text(word) for word in self.words)
        return (folded.original if self.exactly else folded.text) in self._places

    def _called(self, match: Match | None) -> tuple[str, Match] | None:
        return None if match is None else (self._name or match.word or "", match)


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
            key = fold_short(one) if not self.exactly and isinstance(one, str) else one
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
