"""Which rules and which parts of their conditions the tests of a rulebook reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from communityrules.checker import checked
from communityrules.checker.packs import is_pack
from communityrules.checker.walk import walk
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.facts import Facts
from communityrules.compiler.kinds import describe
from communityrules.compiler.match import Match
from communityrules.library.declare import Library
from communityrules.model.event import Event


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a condition: what `and`, `or` and `at least N of` join."""

    #: The rule whose condition it stands in; None for a part of a definition.
    rule: str | None
    #: The definition that it stands in.
    definition: str | None
    #: In the writer's words.
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the tests reached. Rules and parts are in the order of the rulebook."""

    #: Every version of every rule that is not of a pack: its id, and whether it answered in any test.
    rules: tuple[tuple[checked.Rule, bool], ...]
    #: Parts of conditions that have several: whether each was true in any test.
    parts: tuple[tuple[Part, bool], ...]

    @property
    def unreached_rules(self) -> tuple[checked.Rule, ...]:
        return tuple(rule for rule, reached in self.rules if not reached)

    @property
    def unreached_parts(self) -> tuple[Part, ...]:
        return tuple(part for part, reached in self.parts if not reached)


class ObservingEvaluator(Evaluator):
    """An evaluator that notes what it was asked and what held. Answers as the plain one does."""

    def __init__(self, rulebook: checked.Rulebook, library: Library) -> None:
        super().__init__(rulebook, library)
        self.observer = Observer(self)
        #: Told of every match, while somebody wants to know why one did not come about.
        self.asked: Callable[[Event, Facts, Match], None] | None = None

    def match(self, event: Event, facts: Facts) -> Match:
        self.observer.look_at(event, facts)
        found = self.observer.hear(super().match(event, facts))
        if self.asked is not None:
            self.asked(event, facts, found)
        return found

    def match_period(self, rule: checked.Rule, event: Event, facts: Facts) -> Match:
        self.observer.look_at_rule(rule, event, facts)
        return self.observer.hear(super().match_period(rule, event, facts))


class Observer:
    """Notes what held, for one evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._rulebook = rulebook = evaluator.rulebook
        self._matched: set[int] = set()
        self._parts: dict[Part, checked.Expression] = {}
        self._held: set[Part] = set()
        #: By rule, in the order of the rulebook: the parts that its condition reaches.
        self._parts_of: list[tuple[Part, ...]] = [self._parts_in(rule) for rule in rulebook.rules]
        self._places: Final = {id(rule): index for index, rule in enumerate(rulebook.rules)}

    def look_at(self, event: Event, facts: Facts) -> None:
        """Note which parts of the conditions of rules on this event hold."""
        for index, rule in enumerate(self._rulebook.rules):
            if event.type in rule.events and _in_force(rule, event.time):
                self._look(index, event, facts)

    def look_at_rule(self, rule: checked.Rule, event: Event, facts: Facts) -> None:
        """The same for one rule by period."""
        self._look(self._places[id(rule)], event, facts)

    def coverage(self) -> Coverage:
        """What has been reached so far."""
        rules = tuple(
            (rule, index in self._matched)
            for index, rule in enumerate(self._rulebook.rules)
            if not is_pack(rule.origin.file)
        )
        return Coverage(rules, tuple((part, part in self._held) for part in self._parts))

    def answered(self, rule: str, time: int) -> None:
        """Note an outcome that no match brought about: of a duty by period, or a case."""
        for index, one in enumerate(self._rulebook.rules):
            if one.id == rule and _in_force(one, time):
                self._matched.add(index)

    def hear(self, match: Match) -> Match:
        """Note which rules matched."""
        self._matched.update(self._places[id(hit.rule)] for hit in match.hits)
        return match

    def _look(self, index: int, event: Event, facts: Facts) -> None:
        for part in self._parts_of[index]:
            if part in self._held:
                continue
            try:
                holds = self._evaluator.value(self._parts[part], event, facts)
            except Exception:  # noqa: BLE001  # a part that fails is the rule's failure, which the decision tells
                continue
            if holds is True:
                self._held.add(part)

    # --- parts -----------------------------------------------------------------------------------------------

    def _parts_in(self, rule: checked.Rule) -> tuple[Part, ...]:
        # Packs have tests of their own.
        if rule.condition is None or is_pack(rule.origin.file):
            return ()
        found: dict[Part, checked.Expression] = {}
        self._split(rule.condition, rule.id, None, found)
        # A condition of one part holds when the rule answers, which is told already.
        own = [part for part in found if part.rule is not None]
        kept = {part: node for part, node in found.items() if part.rule is None or len(own) > 1}
        self._parts.update(kept)
        return tuple(kept)

    def _split(
        self, node: checked.Expression, rule: str | None, definition: str | None, found: dict[Part, checked.Expression]
    ) -> None:
        match node:
            case checked.Logic():
                for one in node.operands:
                    self._split(one, rule, definition, found)
            case checked.AtLeast():
                for one in node.conditions:
                    self._split(one, rule, definition, found)
            case checked.Compare() if tallies := [one for one in walk(node) if isinstance(one, checked.Tally)]:
                found[Part(rule, definition, self._words(node))] = node
                for tally in tallies:
                    for weight in tally.weights:
                        self._split(weight.condition, rule, definition, found)
            case _:
                found[Part(rule, definition, self._words(node))] = node
                if isinstance(node, checked.DefinitionRef):
                    body = self._rulebook.definitions[node.name]
                    if isinstance(body, checked.Logic | checked.AtLeast):
                        self._split(body, None, node.name, found)

    def _words(self, node: checked.Expression) -> str:
        if isinstance(node, checked.Not):
            return f"not {self._words(node.operand)}"
        return describe(node, self._rulebook)


def _in_force(rule: checked.Rule, time: int) -> bool:
    return (rule.start is None or rule.start <= time) and (rule.end is None or time < rule.end)
