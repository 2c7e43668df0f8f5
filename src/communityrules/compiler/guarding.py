"""The guards of whole rules: of when, where and whom each is about, and of its condition. What a guard is: `guards`.

Where a rule matches in one of several ways (`or`), each way has guards of its own, and the rule is left out when no way
is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from communityrules.checker import checked
from communityrules.compiler.guards import LEFT, NOW, PLACE, UNSURE, Belonging, Guard, Left, Reader, Whole
from communityrules.compiler.splits import Split
from communityrules.compiler.ways import Several, conjuncts
from communityrules.compiler.writer import Program
from communityrules.library.declare import Library

#: Of each way in which a condition may hold its guards.
Ways = tuple[tuple[Guard, ...], ...]


@dataclass(slots=True)
class Known:
    """What was read off the conditions of one rulebook, for the next one that has most of them."""

    rulebook: checked.Rulebook
    library: Library
    #: By the `id` of the condition of a rule, which the rulebook holds, the guards of each way.
    found: dict[int, Ways]
    relied: tuple[checked.FieldRef, ...]
    #: What guards name beside fields.
    worked: tuple[checked.Expression, ...]

    def of_same(self, rulebook: checked.Rulebook, library: Library) -> bool:
        """Whether conditions that both rulebooks have mean the same in both."""
        mine = self.rulebook
        return (
            library is self.library
            and rulebook.member_fields == mine.member_fields
            and rulebook.event_types == mine.event_types
            and rulebook.definitions == mine.definitions
            and rulebook.groups == mine.groups
            and rulebook.lists == mine.lists
            and rulebook.parameters == mine.parameters
        )


class Guards:
    """The guards of rules on an event, read off one rule after another: what several rules share is looked at once."""

    def __init__(self, program: Program) -> None:
        self._reader = Reader(program)
        self._ways = Several()
        self._found: dict[int, Ways] = {}
        #: The same of the rulebook before; its conditions are alive, so that the same `id` is the same condition.
        self._before: Mapping[int, Ways] = {}
        before = program.before
        if before is not None and before.of_same(program.rulebook, program.library):
            self._before = before.found
            # Its guards name fields by these objects.
            for field in before.relied:
                self._reader.rely(field)
            for one in before.worked:
                self._reader.one_of_equal(one)

    @property
    def relied(self) -> tuple[checked.FieldRef, ...]:
        """The fields on whose types what was read so far relies: a value of another type, in an event built by hand,
        would make a rule fail."""
        return tuple(self._reader.relied.values())

    def known(self, program: Program) -> Known:
        """What was read, for the next rulebook."""
        return Known(program.rulebook, program.library, self._found, self.relied, self._reader.worked)

    def of(self, rule: checked.Rule) -> Sequence[Sequence[Guard]]:
        """The guards of one rule, in the order in which they are asked, of each way in which it may match. Where there
        is no `Left` among them, they are all that the rule asks. Its expressions must be alive for as long as this is
        used."""
        about: list[Guard] = []
        if not self._about(rule, about) or rule.condition is None:
            return (about,)
        at = id(rule.condition)
        asked = self._found.get(at)
        if asked is None:
            asked = self._found[at] = self._before.get(at) or self._asked(rule.condition)
        return [(*about, *way) for way in asked] if about else asked

    def _asked(self, condition: checked.Expression) -> Ways:
        every, reader = conjuncts(condition), self._reader
        for at, one in enumerate(every):
            told = reader.known.get(id(one)) or reader.told(one)
            if told is UNSURE:
                break
            if told[0].__class__ is Whole and (ways := self._ways.of(one)):
                before, behind = every[:at], every[at + 1 :]
                return tuple([self._way((*before, *conjuncts(way), *behind)) for way in ways])
        return (self._way(every),)

    def _way(self, every: Iterable[checked.Expression]) -> tuple[Guard, ...]:
        """The guards of conditions that must all hold."""
        found: list[Guard] = []
        known = self._reader.known
        for one in every:
            told = known.get(id(one)) or self._reader.told(one)
            if told is UNSURE:
                found.append(Left(one))
                break
            found += told
        return tuple(found)

    def _about(self, rule: checked.Rule, found: list[Guard]) -> bool:
        """Adds the guards of when, where and whom a rule is about; false where what follows them is not told."""
        reader = self._reader
        if rule.first_match is not None:
            found.append(LEFT)
        if rule.start is not None or rule.end is not None:
            found.append(Split(reader.rely(NOW), "plain", ("since", rule.start, rule.end)))
        if rule.places and not rule.in_places:
            found.append(Split(reader.rely(PLACE), "place", ("in", rule.places, False)))
        if rule.in_places or rule.except_places:
            found.append(LEFT)
            if not all(reader.total(spot) for spot in (*rule.in_places, *rule.except_places)):
                return False
        if rule.excluded_places:
            found.append(Split(reader.rely(PLACE), "place", ("not", ("in", rule.excluded_places, False))))
        for group in rule.excluded:
            if not reader.belongs(group):
                found.append(LEFT)
                return False
            found.append(Belonging(group, False))
        if rule.applies_to and "everyone" not in rule.applies_to:
            # Groups that the event is about as a whole are asked by the rule itself.
            if not all(reader.belongs(one) for one in rule.applies_to):
                found.append(LEFT)
                return False
            found.append(Belonging(rule.applies_to[0], True) if len(rule.applies_to) == 1 else LEFT)
        return True
