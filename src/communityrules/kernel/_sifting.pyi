"""Which rules an event may match. See `communityrules.compiler.sifted`."""

from collections.abc import Callable, Sequence
from typing import Any

def with_live(words: bytes) -> bytes:
    """A mask, from the lowest bit and in whole words of 64, as a table is to give it: before it a bit for each of its
    words that is not empty."""

class Words:
    """Words that are looked for together."""

    def __new__(cls, words: list[str], owners: list[int], rules: tuple[tuple[int, ...], ...]) -> Words:
        """`owners`: for each word a number; `rules`: for each of these numbers the bits of rules. ValueError where too
        many words are too much alike, for an empty word, and where numbers do not fit."""

    def left(self, text: str, plainly: bool = False) -> bytes:
        """The mask of the rules whose words stand in a text, from the lowest bit, in whole words of 64. `plainly`: one
        number at a time, whatever the processor can do."""

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
    def match(
        self, event: Any, facts: Any, tellings: dict[int, Any], /
    ) -> tuple[tuple[Any, ...] | None, tuple[Sequence[int], list[Any]] | None] | None:
        """None where no rule is left. Else the hits of those that are and None, where all are known to match and a
        `Telling` of this sift tells of each; or None and what calling it answers."""

class Telling:
    """Adds the evidence of one rule to a list: the twin of `communityrules.compiler.telling.Telling`."""

    def __new__(
        cls,
        sift: Sift,
        reads: tuple[Any, ...] | None,
        steps: tuple[Any, ...],
        once: bool,
        hit: Callable[..., Any],
        rule: Any,
        trial_end: int | None,
        grace_end: int | None,
    ) -> Telling:
        """`reads`: None where values are those that the sift reads. `hit`: makes a hit of a rule, its evidence, whether
        it is on trial, None and whether it is in its grace."""

    def __call__(self, event: Any, facts: Any, slots: list[Any], notes: list[Any]) -> bool: ...

class Outcomes:
    """The outcomes of hits whose rules do the same to every message: the twin of `communityrules.compiler.outcome`."""

    def __new__(
        cls,
        outcome: Callable[..., Any],
        action: Callable[..., Any],
        strictness: dict[str, int],
        usual: dict[int, tuple[Any, ...]],
        sent: dict[str, bool],
    ) -> Outcomes:
        """`usual`: by a rule's `id` what its outcomes begin with, and its actions with their arguments. `sent`: by the
        type of an event, whether it is about who sent it; types that are not there are left to Python."""

    def __call__(self, hits: tuple[Any, ...], event: Any) -> tuple[tuple[Any, ...], str] | None:
        """The outcomes, and the strictest verdict of those that have effect; None where Python is to make them."""
