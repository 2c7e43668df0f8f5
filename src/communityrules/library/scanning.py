"""Which of many words stand in a text, told in one pass by whichever matcher is installed.

`ahocorasick_rs` is always there; `daachorse` (the extra `fast`) takes half the time. Both tell the same.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any, Final
from weakref import WeakValueDictionary

#: Whether the quicker matcher is there.
FAST: Final = find_spec("daachorse") is not None
#: From how many words on it pays to look whether there is one already, and to make one small.
_MANY: Final = 5_000


class Scanner:
    """Looks for some words."""

    __slots__ = ("__weakref__", "number", "scan")

    def __init__(self, scan: Callable[[Any], Sequence[tuple[int, int, int]]], number: int) -> None:
        #: Gives a tuple for each place where a word stands, overlapping ones too.
        self.scan: Final = scan
        #: Where in such a tuple the number of the word is.
        self.number: Final = number


#: Scanners of many words that somebody holds, by what they look for: a rulebook that is loaded again, changed a little,
#: mostly looks for the same.
_HELD: Final[WeakValueDictionary[bytes, Scanner]] = WeakValueDictionary()


def _held(kind: str, words: Sequence[str], make: Callable[[], Scanner]) -> Scanner:
    if len(words) < _MANY:
        return make()
    said = hashlib.sha256(kind.encode())
    # Lengths first: words may hold any character.
    said.update(array("I", map(len, words)).tobytes())
    said.update("".join(words).encode())
    key = said.digest()
    found = _HELD.get(key)
    if found is None:
        found = _HELD[key] = make()
    return found


def in_bytes(words: Sequence[str], fast: bool = FAST) -> Scanner:
    """Looks through texts in UTF-8."""
    return _held(f"bytes {fast}", words, partial(_in_bytes, words, fast))


def in_text(words: Sequence[str], fast: bool = FAST) -> Scanner:
    """Looks through texts. UnicodeEncodeError where a text holds halves of characters: see `fold.whole_characters`."""
    return _held(f"text {fast}", words, partial(_in_text, words, fast))


def _in_bytes(words: Sequence[str], fast: bool) -> Scanner:
    # Imported when first used, so that checking a rulebook does not wait for it.
    patterns = [one.encode() for one in words]
    if fast:
        from daachorse import DoubleArrayAhoCorasick

        return Scanner(_small(DoubleArrayAhoCorasick, patterns).find_overlapping, 2)
    from ahocorasick_rs import BytesAhoCorasick

    return Scanner(partial(BytesAhoCorasick(patterns).find_matches_as_indexes, overlapping=True), 0)


def _in_text(words: Sequence[str], fast: bool) -> Scanner:
    if fast:
        from daachorse import CharwiseDoubleArrayAhoCorasick

        return Scanner(_small(CharwiseDoubleArrayAhoCorasick, list(words)).find_overlapping, 2)
    from ahocorasick_rs import BytesAhoCorasick

    find = BytesAhoCorasick([one.encode() for one in words]).find_matches_as_indexes
    return Scanner(lambda text: find(text.encode(), True), 0)


def _small(kind: Any, words: list[Any]) -> Any:
    """An automaton without what was only needed to make it, which is twice as much again."""
    made = kind(words)
    return kind.deserialize(made.serialize()) if len(words) >= _MANY else made
