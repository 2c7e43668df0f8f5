"""Two texts side by side, with what is gone and what is new marked in them."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import Final

from communityrules.workbench.handbook.markup import Markup, element, joined

#: What is compared: words, single signs of scripts without spaces, each with the space before it.
_PIECES: Final = re.compile(r"\s*(?:[0-9A-Za-z_\u00c0-\u024f\u0400-\u04ff]+|.)", re.DOTALL)
#: Steps of comparing that one page may take; texts from strangers can be made to need any number.
_MOST: Final = 5_000_000


class Comparing:
    """Compares the texts of one page; once that has taken too long, texts stand side by side without marks."""

    def __init__(self) -> None:
        self._left = _MOST

    def sides(self, before: str, after: str) -> tuple[Markup, Markup]:
        """Both texts: in the first what is gone is marked, in the second what is new."""
        old, new = _PIECES.findall(before), _PIECES.findall(after)
        counted = Counter(new)
        same = sum(number * counted[piece] for piece, number in Counter(old).items())
        cost = (same + len(old) + len(new)) * min(len(old), len(new), same)
        if cost > self._left:
            return joined([before]), joined([after])
        self._left -= cost
        sides: tuple[list[str], list[str]] = ([], [])
        for what, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            for side, pieces, name in ((sides[0], old[first:last], "del"), (sides[1], new[start:end], "ins")):
                said = "".join(pieces)
                if said:
                    side.append(said if what == "equal" else element(name, said))
        return joined(sides[0]), joined(sides[1])
