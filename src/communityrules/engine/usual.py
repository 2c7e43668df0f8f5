"""Rules that only have something to say of a message: what the evaluator says of them is all that follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from communityrules.checker.checked import Rule
from communityrules.compiler.match import Hit, Match
from communityrules.compiler.outcome import Answers
from communityrules.engine.acting import only_tells
from communityrules.engine.book import Book
from communityrules.engine.parts import Parts, Told
from communityrules.model.event import Event


class Usual:
    """What follows from the hits of such rules, found without `answering.answer`, which it is the same as."""

    def __init__(self, book: Book) -> None:
        self._book: Final = book
        self._answers: Final = Answers(book.evaluator.library)
        #: The `id` of each rule that was looked at; the book keeps them alive.
        self._known: Final[set[int]] = set()
        #: Whether a hit has no consequences but its actions, whatever its rule is.
        self._possible: Final = not (book.graces or book.confidence or book.owes or "breach" in book.heard)

    def parts(self, event: Event, match: Match) -> Parts | None:
        """All that follows from an ordinary event; None where that is for `answering.answer` to find."""
        told = self.told(event, match)
        if told is None:
            return None
        parts = Parts()
        parts.outcomes, parts.verdict = list(told[0]), told[1]
        return parts

    def told(self, event: Event, match: Match) -> Told | None:
        """The outcomes of an ordinary event and what they come to, where those are all that follows."""
        if not self._possible or match.errors or not match.hits or event.subject_message is None:
            return None
        hits, usual = match.hits, self._answers.usual
        told = usual(hits, event)
        if told is None:
            self._answers.meet(event.type)
            told = usual(hits, event) if self._learn(hits) else None
        return told

    def _learn(self, hits: Sequence[Hit]) -> bool:
        """Looks at rules that were not met before; whether there are usual ones among them."""
        learnt = False
        for hit in hits:
            if id(hit.rule) not in self._known:
                self._known.add(id(hit.rule))
                if self._only_tells(hit.rule):
                    self._answers.of(hit.rule)
                    learnt = True
        return learnt

    def _only_tells(self, rule: Rule) -> bool:
        return rule.cooldown is None and all(only_tells(self._book, one) for one in rule.actions)
