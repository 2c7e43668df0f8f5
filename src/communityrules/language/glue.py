"""Names that are several words written together: 广告或刷屏, `repeatedor`.

The parser finds a keyword glued to a name where the rest does not fit the grammar. Where it does, one long name stands
in place of a condition, and only whoever knows the names can tell.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from communityrules.language.keywords import keyword_table
from communityrules.language.limits import MAX_NAME


def unglue(name: str, known: Collection[str]) -> str | None:
    """The words that a name consists of, with spaces between them; None when it is no such thing.

    Every second word is an operator (`or`, 或, 包含任一), the others are among `known`.
    """
    if not name or len(name) > MAX_NAME or name in known:
        return None
    return _split(name, frozenset(known))


def _split(name: str, known: frozenset[str]) -> str | None:
    best: dict[tuple[int, bool], str | None] = {(len(name), True): ""}
    for start in range(len(name) - 1, -1, -1):
        for after_name in (False, True):
            pieces = _operators() if after_name else known
            best[start, after_name] = None
            for stop in range(len(name), start, -1):
                rest = best.get((stop, not after_name))
                if rest is not None and name[start:stop] in pieces:
                    best[start, after_name] = f"{name[start:stop]} {rest}".rstrip()
                    break
    found = best[0, False]
    return found if found and " " in found else None


@lru_cache(maxsize=1)
def _operators() -> frozenset[str]:
    """Words between two operands that a name could hide."""
    operators = keyword_table().section("operators")
    words = {spelling for one in operators for spelling in (*one.en, *one.zh) if spelling.isalpha()}
    negation = keyword_table().entry("operators", "not")
    return frozenset(words - {*negation.en, *negation.zh})
