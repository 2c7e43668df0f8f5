"""The plain interpreter: looking through texts and lists, one word at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from plain_values import Values, kind_of

from communityrules.checker import checked
from communityrules.library.fold import at_word_edges, fold, fold_text
from communityrules.library.matching import DomainMatcher


class Texts(Values):
    """Adds what stands in texts and lists."""

    def places(self, text: str, word: str, exactly: bool) -> Iterator[tuple[int, int]]:
        """Where a word stands in the original, every way it can be cut out of the text."""
        folded = fold(text)
        looked, wanted = (folded.original, word) if exactly else (folded.text, fold_text(word))
        for start in range(len(looked)):
            end = start + len(wanted)
            if wanted and looked[start:end] == wanted and at_word_edges(looked, start, end):
                yield (start, end) if exactly else folded.span(start, end)

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

    def earliest(self, text: str, name: str | None, words: list[Any], exactly: bool) -> tuple[str, int, int] | None:
        if self.is_detector(name, words):
            for one in self.library.detectors[name or ""].find(text):
                return name or "", one.start, one.end
            return None
        found = [(*place, at, word) for at, word in enumerate(words) for place in self.places(text, word, exactly)]
        if not found:
            return None
        start, end, _, word = min(found)
        return name or word, start, end

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

    def affix(self, node: checked.Affix, text: str) -> tuple[str, int, int] | None:
        for name, words, exactly in self.groups(node):
            found = []
            if self.is_detector(name, words):
                start, end = len(text) - len(text.lstrip()), len(text.rstrip())
                for one in self.library.detectors[name or ""].find(text):
                    if (one.start == start) if node.end == "start" else (one.end == end):
                        return name or "", one.start, one.end
            for at, word in enumerate(words):
                folded = fold(text)
                looked, wanted = (folded.original, word) if exactly else (folded.text, fold_text(word))
                start = (
                    len(looked) - len(looked.lstrip()) if node.end == "start" else len(looked.rstrip()) - len(wanted)
                )
                end = start + len(wanted)
                if wanted and start >= 0 and looked[start:end] == wanted and at_word_edges(looked, start, end):
                    span = (start, end) if exactly else folded.span(start, end)
                    found.append((len(wanted), -at, word, span))
            if found:
                _, _, word, span = max(found)
                return name or word, *span
        return None

    def fits(self, node: checked.Matches) -> tuple[int, int] | str | None:
        operand = self.value(node.operand)
        if operand is None:
            return None
        if isinstance(operand, tuple):
            return next((one for one in operand if re.search(node.regex, one)), None)
        found = re.search(node.regex, operand)
        return found.span() if found else None
