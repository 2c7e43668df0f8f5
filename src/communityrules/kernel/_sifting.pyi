"""Which rules an event may match. See `communityrules.compiler.sifted`."""

from collections.abc import Callable, Sequence
from typing import Any

class Words:
    """Words that are looked for together."""

    def __new__(cls, words: list[str], owners: list[int], rules: tuple[tuple[int, ...], ...]) -> Words:
        """`owners`: for each word a number; `rules`: for each of these numbers the bits of rules. ValueError where too
        many words are too much alike, for an empty word, and where numbers do not fit."""

    def left(self, text: str) -> bytes:
        """The mask of the rules whose words stand in a text, from the lowest bit, in whole words of 64."""

class Sift:
    """Finds the rules that are left: called with an event and the facts, like its twin."""

    def __new__(
        cls,
        twin: Callable[..., Any],
        blank: list[Any],
        number: Callable[[Any], Any],
        sender_is_subject: bool,
        reads: tuple[Any, ...],
        checks: tuple[tuple[int, type, bool], ...],
        told: tuple[Any, ...],
        looking: tuple[Any, ...],
    ) -> Sift: ...
    def __call__(self, event: Any, facts: Any) -> tuple[Sequence[int], list[Any]] | None: ...

class Telling:
    """Adds the evidence of one rule to a list: the twin of `communityrules.compiler.telling.Telling`."""

    def __new__(cls, sift: Sift, reads: tuple[Any, ...], steps: tuple[Any, ...], once: bool) -> Telling: ...
    def __call__(self, event: Any, facts: Any, slots: list[Any], notes: list[Any]) -> bool: ...
