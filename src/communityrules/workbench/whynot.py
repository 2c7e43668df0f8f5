"""Why a rule did not answer an event: the other side of evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from communityrules.checker import checked
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.facts import Facts
from communityrules.library.declare import Library
from communityrules.model.decision import Evidence
from communityrules.model.event import Event

#: `unknown` no rule has that number; `not_in_force` at that instant; `not_on` events of that type; `not_for` the
#: member or the place; `condition` does not hold, as the evidence says; `quiet` it matched, and a cooldown, a silenced
#: sender or another row of its table kept it from answering.
Kind = Literal["unknown", "not_in_force", "not_on", "not_for", "condition", "quiet"]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The reason for one rule on one event."""

    rule: str
    kind: Kind
    evidence: tuple[Evidence, ...] = ()


class Opposite:
    """A rulebook with every condition turned round, so that it gives evidence where the real one gives none."""

    def __init__(self, rulebook: checked.Rulebook, library: Library) -> None:
        self._rulebook = rulebook
        turned = tuple(
            replace(
                rule,
                condition=checked.Not(rule.condition) if rule.condition is not None else None,
                overrides=(),
                first_match=None,
            )
            for rule in rulebook.rules
        )
        self._evaluator = Evaluator(replace(rulebook, rules=turned), library)

    def why_not(self, rule: str, event: Event, facts: Facts, matched: bool) -> WhyNot:
        """Why a rule did not answer an event. `matched`: the evaluator said that it does."""
        versions = [one for one in self._rulebook.rules if one.id == rule]
        if not versions:
            return WhyNot(rule, "unknown")
        current = [
            one
            for one in versions
            if (one.start is None or one.start <= event.time) and (one.end is None or event.time < one.end)
        ]
        if not current:
            return WhyNot(rule, "not_in_force")
        if matched:
            return WhyNot(rule, "quiet")
        if not any(
            event.type in one.events or (event.type == "finding" and one.found_by is not None) for one in current
        ):
            return WhyNot(rule, "not_on")
        for hit in self._evaluator.match(event, facts).hits:
            if hit.rule.id == rule:
                # Without a condition of its own, matching is what the real one would have done as well.
                return WhyNot(rule, "quiet" if hit.rule.condition is None else "condition", hit.evidence)
        return WhyNot(rule, "not_for")
