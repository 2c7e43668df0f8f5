"""The plain interpreter: looking through texts and lists, one word at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from plain_patterns import compiled
from plain_values import Values, kind_of

from communityrules.checker import checked
from communityrules.library.disguise.steps import FOLDED, USUAL, Seeing
from communityrules.library.fold import at_word_edges, fold, fold_text
from communityrules.library.matching import DomainMatcher, WordMatcher, alone


@lru_cache(maxsize=8192)
def matcher(word: str, seeing: Seeing) -> WordMatcher:
    return WordMatcher([word], seeing=seeing)


def stands(text: str, start: int, end: int, edges: str) -> bool:
    return edges == "anywhere" or (at_word_edges if edges == "words" else alone)(text, start, end)


class Texts(Values):
    """Adds what stands in texts and lists."""

    def places(self, text: str, word: str, exactly: bool, name: str | None) -> Iterator[tuple[int, int, str]]:
        """Where a word stands in the original, every way it can be cut out of the text, and how it is seen there."""
        words = self.book.lists.get(name or "")
        steps = self.book.steps if words is None or words.steps is None else words.steps
        edges = (words.edges if words is not None else None) or "words"
        seeing = Seeing(USUAL if steps is None else frozenset(steps), edges)
        if exactly:
            for start in range(len(text)):
                end = start + len(word)
                if word and text[start:end] == word and stands(text, start, end, edges):
                    yield start, end, ""
            return
        folded, wanted = fold(text), fold_text(word)
        plain = set()
        if seeing.steps >= FOLDED:
            for start in range(len(folded.text)):
                end = start + len(wanted)
                if wanted and folded.text[start:end] == wanted and stands(folded.text, start, end, edges):
                    plain.add(folded.span(start, end))
        yield from ((*place, "") for place in sorted(plain))
        # Disguise is looked through for one word at a time; that the checks are right is for the library's own tests.
        for one in matcher(word, seeing).find(text):
            if (one.start, one.end) not in plain:
                yield one.start, one.end, one.seen

    def groups(self, node: Any) -> list[tuple[str | None, list[Any], bool]]:
        """What is looked for: (name or None, words, exactly) in order; written words stand together; a detector has
        its name and no words; parameters last."""
        found: list[tuple[str | None, list[Any], bool]] = []
        last: list[tuple[str | None, list[Any], bool]] = []
        written = [one.value for one in self.matchers(node) if isinstance(one, checked.Const)]
        for one in self.matchers(node):
            if isinstance(one, checked.Const):
                if written:
                    found.append((None, written, node.exactly))
                written = []
            elif isinstance(one, checked.ListRef):
                words = self.book.lists[one.name]
                found.append((one.name, list(words.items), node.exactly or words.exactly))
            elif isinstance(one, checked.DetectorRef):
                found.append((one.name, [], False))
            else:
                value = self.parameter(one.name)
                last.append((one.name, [] if value is None else [value], node.exactly))
        return found + last

    @staticmethod
    def matchers(node: Any) -> tuple[Any, ...]:
        matchers: tuple[Any, ...] = node.matchers if isinstance(node, checked.Contains) else node.items
        return matchers

    def is_detector(self, name: str | None, words: list[Any]) -> bool:
        return (
            not words
            and name in self.library.detectors
            and name not in self.book.parameters
            and name not in self.book.lists
        )

    def earliest(
        self, text: str, name: str | None, words: list[Any], exactly: bool
    ) -> tuple[str, int, int, str] | None:
        if self.is_detector(name, words):
            for one in self.library.detectors[name or ""].find(text):
                return name or "", one.start, one.end, ""
            return None
        found = [
            (start, end, at, word, seen)
            for at, word in enumerate(words)
            for start, end, seen in self.places(text, word, exactly, name)
        ]
        if not found:
            return None
        start, end, _, word, seen = min(found)
        return name or word, start, end, seen

    def contains(self, node: checked.Contains) -> bool:
        operand = self.value(node.operand)
        return operand is not None and self.holding(node, operand) is not None

    def holding(self, node: checked.Contains, operand: Any) -> list[Any] | None:
        """What makes it true: for `any` the first thing found, for `all` each; None when it is false."""
        wanted = []
        for name, words, exactly in self.groups(node):
            if node.mode == "any" or self.is_detector(name, words):
                wanted.append((name, words, exactly))
            elif words:
                wanted += [(name, [word], exactly) for word in words]
            elif name in self.book.parameters:
                return None
        found = []
        for name, words, exactly in wanted:
            if kind_of(node.operand) == "list":
                one: Any = self.item(node, operand, name, words, exactly)
            else:
                one = self.earliest(operand, name, words, exactly)
            if one is not None and node.mode == "any":
                return [one]
            if one is None and node.mode == "all":
                return None
            found.append(one)
        return found if node.mode == "all" else None

    def item(self, node: Any, items: Any, name: str | None, words: list[Any], exactly: bool) -> tuple[str, Any] | None:
        operand = node.operand
        if self.is_detector(name, words):
            for one in items:
                if list(self.library.detectors[name or ""].find(one)):
                    return name or "", one
            return None
        if isinstance(operand, checked.FieldRef) and (operand.root, operand.name) == ("message", "links"):
            for link, entry in DomainMatcher(words).find(items):
                return name or entry, link
            return None
        of = operand.type.item
        as_is = exactly or (of is not None and of.kind != "text")
        for one in items:
            for word in words:
                if one == word or (not as_is and fold_text(one) == fold_text(word)):
                    return name or str(word), one
        return None

    def affix(self, node: checked.Affix, text: str) -> tuple[str, int, int, str] | None:
        shown = [at for at, char in enumerate(text) if fold_text(char).strip()]
        first, last = (shown[0], shown[-1] + 1) if shown else (0, 0)
        for name, words, exactly in self.groups(node):
            found = []
            if self.is_detector(name, words):
                start, end = len(text) - len(text.lstrip()), len(text.rstrip())
                for one in self.library.detectors[name or ""].find(text):
                    if (one.start == start) if node.end == "start" else (one.end == end):
                        return name or "", one.start, one.end, ""
            for at, word in enumerate(words):
                for start, end, seen in self.places(text, word, exactly, name):
                    if (start <= first) if node.end == "start" else (end >= last):
                        # The longest; of several the first.
                        order = (-end, start) if node.end == "start" else (start, end)
                        found.append((*order, at, word, start, end, seen))
            if found:
                _, _, _, word, start, end, seen = min(found)
                return name or word, start, end, seen
        return None

    def fits(self, node: checked.Matches) -> tuple[int, int] | str | None:
        operand = self.value(node.operand)
        if operand is None:
            return None
        if isinstance(operand, tuple):
            return next((one for one in operand if compiled(node.regex).search(one)), None)
        found = compiled(node.regex).search(operand)
        return found.span() if found else None
