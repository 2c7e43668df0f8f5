"""The known name that an unknown one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

#: Beyond these a suggestion costs more than it helps.
_LONGEST: Final = 60
_MOST: Final = 3000


def closest(name: str, known: Iterable[str]) -> str | None:
    """The likeliest of the known names by edit distance, or None when none is near."""
    if not name or len(name) > _LONGEST:
        return None
    candidates = sorted({one for one in known if abs(len(one) - len(name)) <= 4})[:_MOST]
    # Two Chinese characters of which one is right are half alike; five Latin letters must share four.
    cutoff = 0.5 if len(name) <= 3 else 0.66
    lowered = {one.lower(): one for one in reversed(candidates)}
    found = get_close_matches(name.lower(), list(lowered), n=1, cutoff=cutoff)
    return lowered[found[0]] if found else None


def one_of(names: Iterable[str], most: int = 8) -> str:
    """Names for a hint, quoted and cut off after some."""
    listed = list(names)
    shown = ", ".join(f"`{one}`" for one in listed[:most])
    return f"{shown}, …" if len(listed) > most else shown
