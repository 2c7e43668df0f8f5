"""The nearest word: how far two spellings are apart, and which of several is meant."""

from __future__ import annotations

from collections.abc import Iterable


def distance(left: str, right: str, most: int) -> int:
    """How many letters must be changed, added, dropped or swapped; `most + 1` when it is more than that."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def tolerance(word: str) -> int:
    """How far a spelling may be from a word and still be taken for it."""
    if word > "\u2e80":
        return 1 if len(word) > 1 else 0
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a misspelt word most likely means; None when none is near. Earlier ones win ties."""
    best: str | None = None
    best_distance = 99
    lowered = word.lower()
    for candidate in candidates:
        allowed = tolerance(candidate)
        if candidate > "\u2e80" and len(candidate) < 3 and len(word) != len(candidate):
            continue
        found = distance(lowered, candidate.lower(), allowed)
        if found <= allowed and found < best_distance:
            best, best_distance = candidate, found
    return best
