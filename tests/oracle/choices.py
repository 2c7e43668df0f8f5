"""Choices read off a string of bytes, so that Hypothesis can make an example smaller by making bytes smaller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """Where the bytes are at an end, always the first choice."""

    def __init__(self, entropy: bytes) -> None:
        self._entropy = entropy
        self._at = 0

    def number(self, below: int) -> int:
        """From 0 up to, not including, `below` (at most 256)."""
        if self._at >= len(self._entropy):
            return 0
        self._at += 1
        return self._entropy[self._at - 1] % below

    def one(self, of: Sequence[T]) -> T:
        return of[self.number(len(of))]

    def some(self, of: Sequence[T], most: int) -> list[T]:
        """Up to `most` different ones, in the order given."""
        picked = {self.number(len(of)) for _ in range(self.number(most + 1))}
        return [of[at] for at in sorted(picked)]

    def chance(self, in_: int) -> bool:
        """True once in so many."""
        return self.number(in_) == in_ - 1
