"""Which of many words stand in a text, told in one pass by whichever matcher is installed.

`ahocorasick_rs` is always there; `daachorse` (the extra `fast`) takes half the time. Both tell the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

#: Whether the quicker matcher is there.
FAST: Final = find_spec("daachorse") is not None
#: From how many words on it pays to make a matcher again without what was only needed to make it.
_MANY: Final = 5_000


class Scanner(NamedTuple):
    """Looks for some words."""

    #: Gives a tuple for each place where a word stands, overlapping ones too.
    scan: Callable[[Any], Sequence[tuple[int, int, int]]]
    #: Where in such a tuple the number of the word is.
    number: int


def in_bytes(words: Sequence[str], fast: bool = FAST) -> Scanner:
    """Looks through texts in UTF-8."""
    # Imported when first used, so that checking a rulebook does not wait for it.
    patterns = [one.encode() for one in words]
    if fast:
        from daachorse import DoubleArrayAhoCorasick

        made = DoubleArrayAhoCorasick(patterns)
        if len(patterns) >= _MANY:
            made = DoubleArrayAhoCorasick.deserialize(made.serialize())
        return Scanner(made.find_overlapping, 2)
    from ahocorasick_rs import BytesAhoCorasick

    return Scanner(partial(BytesAhoCorasick(patterns).find_matches_as_indexes, overlapping=True), 0)


def in_text(words: Sequence[str], fast: bool = FAST) -> Scanner:
    """Looks through texts. UnicodeEncodeError where a text holds halves of characters: see `fold.whole_characters`."""
    if fast:
        from daachorse import CharwiseDoubleArrayAhoCorasick

        made = CharwiseDoubleArrayAhoCorasick(list(words))
        if len(words) >= _MANY:
            # Making it leaves room for twice as much.
            made = CharwiseDoubleArrayAhoCorasick.deserialize(made.serialize())
        return Scanner(made.find_overlapping, 2)
    from ahocorasick_rs import BytesAhoCorasick

    find = BytesAhoCorasick([one.encode() for one in words]).find_matches_as_indexes
    return Scanner(lambda text: find(text.encode(), True), 0)
