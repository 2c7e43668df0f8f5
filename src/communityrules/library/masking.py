"""Personal data covered so that a message stays readable: `138****1234`, `a***@host.example`, `6222********1234`.

For texts that are shown to others than those who sent and judge them: notices, handbooks, exports. Evidence quotes the
original; whoever prints it for the public masks it first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from communityrules.library.declare import Match
from communityrules.library.detectors import DETECTORS


def mask(detector: str, found: str) -> str:
    """What a detector (canonical name) found, covered; as it is for one whose finds are no personal data.

    Digits and letters become `*` one for one, except in the names of e-mail addresses, whose length says something;
    marks between them stay.
    """
    cover = _COVERS.get(detector)
    return found if cover is None else cover(found)


def masked(text: str) -> str:
    """A text with all personal data in it covered. Covering it again changes nothing more."""
    # What overlapped a find that was covered, or is one only since then, is covered in another turn. Each covers more.
    for _ in range(_TURNS):
        shown = _masked_once(text)
        if shown == text:
            break
        text = shown
    return text


def _masked_once(text: str) -> str:
    taken: list[tuple[Match, str]] = []
    for detector in _COVERS:
        for match in DETECTORS[detector].find(text):
            if detector == "group_invite" and _COVERED_LINK.match(text, match.start, match.end + 1):
                continue
            if all(match.end <= one.start or match.start >= one.end for one, _ in taken):
                taken.append((match, detector))
    pieces, done = [], 0
    for match, detector in sorted(taken, key=lambda one: one[0].start):
        pieces += [text[done : match.start], mask(detector, text[match.start : match.end])]
        done = match.end
    return "".join([*pieces, text[done:]])


def _phone(found: str) -> str:
    digits = sum(map(_counts, found))
    country = found.lstrip("+0").startswith("86") and digits > 11
    return _covered(found, 3 + (digits - 11 if country else 0), 4) if digits > 9 else _covered(found, 2, 2)


def _email(found: str) -> str:
    end = next(
        at
        for at, char in enumerate(found)
        if at and not (char.isalnum() or char in "._%+-" or unicodedata.category(char) == "Cf")
    )
    return f"{found[0]}***{found[end:]}"


def _id(found: str) -> str:
    return _covered(found, 2 if found[0] != "@" else 3, 1)


def _address(found: str) -> str:
    return "".join("*" if char.isdigit() or char in "一二三四五六七八九十百" else char for char in found)


def _card(found: str) -> str:
    return _covered(found, 4, 4)


def _identity(found: str) -> str:
    return _covered(found, 3, 4)


def _invite(found: str) -> str:
    start = found.find("/", found.find("://") + 3 if "://" in found else 0) + 1
    return found[:start] + _covered(found[start:], 2, 0)


#: By detector, those first whose finds are the most certain: where two overlap, the first is covered.
_COVERS: Final[dict[str, Callable[[str], str]]] = {
    "id_card": _identity,
    "bank_card": _card,
    "email": _email,
    "phone_number": _phone,
    "messenger_id": _id,
    "group_invite": _invite,
    "postal_address": _address,
}


#: More than any text needs that was not written against this.
_TURNS: Final = 8
#: What `_invite` leaves of a link.
_COVERED_LINK: Final = re.compile(r"[^\s*]*/\W*\w{1,2}\*")


def _counts(char: str) -> bool:
    return char.isalnum()


def _covered(found: str, first: int, last: int) -> str:
    """All letters and digits but the first and the last few covered; at least half of them are, however few."""
    places = [at for at, char in enumerate(found) if _counts(char)]
    if first + last > len(places) // 2 and len(places) < 9:
        first, last = len(places) // 4, len(places) // 4
    kept = {*places[:first], *(places[-last:] if last else ())}
    return "".join(char if at in kept or not _counts(char) else "*" for at, char in enumerate(found))
