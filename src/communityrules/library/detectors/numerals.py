"""Digits in disguise: Chinese numerals, keycaps, characters without width between digits.

`narrow` turns what stands for one ASCII character into it in place (`１`, `①`, `𝟏`). What takes more than one character
or none (`1️⃣`, `1\u200b3`) and numerals that are also words (`一三八`) need a text of their own, with the way back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from communityrules.library.declare import Match
from communityrules.library.later import later
from communityrules.library.links import Link, find_links
from communityrules.library.narrow import narrow
from communityrules.library.signs import NUMERALS

_NUMERALS: Final = {ord(numeral): digit for digit, numerals in NUMERALS.items() for numeral in numerals}
_UNSEEN: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\u20e3\ufeff"
_NUMERAL: Final = "".join(map(chr, _NUMERALS))
#: Texts with at least this many digits in a row, some of them in disguise, get a second look.
_DISGUISED: Final = later(rf"[0-9{_NUMERAL}](?:[ .\-·]?[{_UNSEEN}]{{0,3}}[0-9{_NUMERAL}]){{9}}")
_SIGN: Final = later(rf"[{_UNSEEN}{_NUMERAL}]")


def with_numerals(find: Callable[[str], Iterable[Match]], plain: str) -> Iterator[Match]:
    """What `find` finds in a narrowed text, and what it finds once digits in disguise are undone; in order, apart.

    Digits in the path of a link are left out: shops and newspapers number their pages so.

    Spans are of the narrowed text, which is as long as the original.
    """
    found = list(find(plain))
    if _SIGN().search(plain) and _DISGUISED().search(plain):
        shown, places = _undone(plain)
        for match in find(narrow(shown)):
            start, end = places[match.start], places[match.end - 1] + 1
            while end < len(plain) and plain[end] in "\ufe0e\ufe0f\u20e3":
                end += 1
            if all(end <= one.start or start >= one.end for one in found):
                found.append(Match(start, end))
    if found and "/" in plain:
        paths = [(link.start, link.end) for link in find_links(plain) if _is_page(link)]
        found = [one for one in found if not any(start < one.start < end for start, end in paths)]
    yield from sorted(found, key=lambda one: one.start)


def _is_page(link: Link) -> bool:
    """Whether digits in a link's path are the number of a page; those of links that call somebody are not."""
    return link.host not in ("wa.me", "api.whatsapp.com") and not link.text.startswith(("tel:", "sms:"))


def _undone(plain: str) -> tuple[str, list[int]]:
    """The text with numerals as digits and without what nobody sees, and where each character of it comes from."""
    shown, places = [], []
    unseen = re.compile(f"[{_UNSEEN}]")
    for at, char in enumerate(plain):
        if not unseen.match(char):
            shown.append(_NUMERALS.get(ord(char), char))
            places.append(at)
    return "".join(shown), places
