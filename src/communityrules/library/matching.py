"""Finding words and domains; patterns stand in `library.patterns`.

Words are looked for in the folded text (`fold`) at word edges (`at_word_edges`); spans are of the original text. An
`exactly` list is looked for in the original text as it stands, case and all, at the same word edges. Only the first
`fold.MAX_TEXT` code points of a text are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from communityrules.library.declare import Match
from communityrules.library.fold import MAX_TEXT, Folded, at_word_edges, fold, fold_text, whole_characters
from communityrules.library.hosts import plain_host
from communityrules.library.links import host_of
from communityrules.library.patterns import PatternMatcher, PatternRefused

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

__all__ = ["DomainMatcher", "PatternMatcher", "PatternRefused", "WordMatcher"]


class WordMatcher:
    """A list of words, found in one pass however many there are.

    Everything takes a text, or one that was folded already; of that an `exactly` list looks through the original. A
    word that folds to nothing is never found; `fold_text(word)` tells.
    """

    __slots__ = ("_automaton", "_patterns", "_places", "_words", "exactly")

    def __init__(self, words: Iterable[str], exactly: bool = False) -> None:
        self.exactly = exactly
        #: What is looked for → the word that means it, as written; of several that fold alike the first.
        patterns: dict[str, str] = {}
        for word in words:
            pattern = whole_characters(word if exactly else fold_text(word))
            if pattern:
                patterns.setdefault(pattern, word)
        self._patterns = tuple(patterns)
        self._words = tuple(patterns.values())
        self._places = frozenset(patterns)
        self._automaton: AhoCorasick | None = None

    def find(self, text: str | Folded) -> tuple[Match, ...]:
        """Every place where a word stands, overlapping ones too, by start, then end, then order in the list.

        Words that fold alike are found as the first of them. Spans are of the original text.
        """
        folded = text if isinstance(text, Folded) else _as_is(text) if self.exactly else fold(text)
        hits = self._hits(self._looked(folded))
        if not hits:
            return ()
        # Two places of the folded text may be one of the original, where a character folds to several.
        found = {((start, end) if self.exactly else folded.span(start, end), word) for word, start, end in hits}
        return tuple(Match(start, end, self._words[word]) for (start, end), word in sorted(found))

    def find_in(self, folded: Folded) -> tuple[Match, ...]:
        """The same, of a text that was folded already."""
        return self.find(folded)

    def contains(self, text: str | Folded) -> bool:
        """Whether any word stands in the text."""
        return bool(self._hits(self._looked(text)))

    def contains_all(self, text: str | Folded) -> bool:
        """Whether every word stands in the text; true of an empty list."""
        return len({word for word, _, _ in self._hits(self._looked(text))}) == len(self._patterns)

    def equals(self, text: str | Folded) -> bool:
        """Whether the whole text is one of the words."""
        return whole_characters(self._looked(text)) in self._places

    def starts(self, text: str | Folded) -> bool:
        """Whether the text begins with one of the words, spaces before it aside."""
        looked = whole_characters(self._looked(text)).lstrip()
        return any(looked.startswith(one) and at_word_edges(looked, 0, len(one)) for one in self._patterns)

    def ends(self, text: str | Folded) -> bool:
        """Whether the text ends with one of the words, spaces after it aside."""
        looked = whole_characters(self._looked(text)).rstrip()
        size = len(looked)
        return any(looked.endswith(one) and at_word_edges(looked, size - len(one), size) for one in self._patterns)

    def _looked(self, text: str | Folded) -> str:
        """What is looked through: the folded text, or the original for an `exactly` list."""
        if isinstance(text, Folded):
            return text.original if self.exactly else text.text
        return text[:MAX_TEXT] if self.exactly else fold_text(text)

    def _hits(self, looked: str) -> list[tuple[int, int, int]]:
        """Which pattern stands where, at word edges, in no stated order."""
        if not self._patterns:
            return []
        if self._automaton is None:
            # Imported when first used, so that checking a rulebook does not wait for it.
            from ahocorasick_rs import AhoCorasick

            self._automaton = AhoCorasick(self._patterns)
        try:
            hits = self._automaton.find_matches_as_indexes(looked, overlapping=True)
        except UnicodeEncodeError:
            looked = whole_characters(looked)
            hits = self._automaton.find_matches_as_indexes(looked, overlapping=True)
        return [hit for hit in hits if at_word_edges(looked, hit[1], hit[2])] if hits else hits


def _as_is(text: str) -> Folded:
    text = text[:MAX_TEXT]
    return Folded(text, text, None)


class DomainMatcher:
    """A list compared with links: an entry matches its domain and every subdomain, whatever the width, case or
    punycode. An entry with a path (`example.com/shop`) matches links whose path begins with it."""

    __slots__ = ("_hosts",)

    def __init__(self, domains: Iterable[str]) -> None:
        #: Host → path prefixes and entries, in the list's order.
        self._hosts: dict[str, list[tuple[str, str]]] = {}
        for entry in domains:
            host = plain_host(host_of(entry).removeprefix("*."))
            if host:
                self._hosts.setdefault(host, []).append((_path_of(entry), entry))

    def find(self, links: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Each link that matches, with the entry that it matches first: the longest host, then the list's order."""
        found = []
        for link in links:
            entry = self._entry(link)
            if entry is not None:
                found.append((link, entry))
        return tuple(found)

    def contains(self, links: Iterable[str]) -> bool:
        """Whether any of the links matches."""
        return any(self._entry(link) is not None for link in links)

    def contains_all(self, links: Iterable[str]) -> bool:
        """Whether every entry is matched by one of the links or another."""
        given = tuple(links)
        wanted = ((host, path) for host, entries in self._hosts.items() for path, _ in entries)
        return all(any(self._matches(link, host, path) for link in given) for host, path in wanted)

    def _entry(self, link: str) -> str | None:
        host = host_of(link)
        while host:
            for path, entry in self._hosts.get(host, ()):
                if _path_of(link).startswith(path):
                    return entry
            host = host.partition(".")[2]
        return None

    def _matches(self, link: str, host: str, path: str) -> bool:
        found = host_of(link)
        return (found == host or found.endswith("." + host)) and _path_of(link).startswith(path)


def _path_of(link: str) -> str:
    """What follows the host, without a slash at the end: `/a/b`. Paths keep their case."""
    rest = link.partition("://")[2] or link
    slash = rest.find("/")
    return rest[slash:].rstrip("/") if slash >= 0 else ""
