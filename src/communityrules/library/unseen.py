"""Characters without width between those of a link, an address or an id: `ev\\u200bil.com`, `微\\u200b信：abc123`.

Whoever reads sees none of them. A detector looks through the text as it stands, and once more through what is seen of
it; spans are of the original.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from communityrules.library.declare import Match
from communityrules.library.later import later

#: Soft hyphen, joiners and other marks without width, marks of direction, the mark of byte order.
_CHARACTERS: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_BETWEEN: Final = later(rf"[^\s{_CHARACTERS}][{_CHARACTERS}]+[^\s{_CHARACTERS}]")
_UNSEEN: Final = later(f"[{_CHARACTERS}]+")


def seen_of(text: str) -> tuple[str, list[int]] | None:
    """What is seen of a text, and where each character of it stands in it; None when nothing is hidden in it."""
    if text.isascii() or _BETWEEN().search(text) is None:
        return None
    places: list[int] = []
    done = 0
    for one in _UNSEEN().finditer(text):
        places += range(done, one.start())
        done = one.end()
    places += range(done, len(text))
    return "".join([text[at] for at in places]), places


def with_unseen(find: Callable[[str], Iterable[Match]], text: str) -> list[Match]:
    """What `find` finds in a text and in what is seen of it, in order; of finds that overlap the first, the longer."""
    found = list(find(text))
    shown = seen_of(text)
    if shown is None:
        return found
    seen, places = shown
    found += [Match(places[one.start], places[one.end - 1] + 1) for one in find(seen)]
    apart: list[Match] = []
    for one in sorted(found, key=lambda match: (match.start, -match.end)):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart
