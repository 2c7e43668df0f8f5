"""Whether a condition can vary: simple reasoning over comparisons of the same operand.

Sound and incomplete: it says that a condition is always or never true only when no event could make it otherwise.
Conditions are two-valued, because a comparison with an absent fact is false. Only when it is asked to go by what is
expected of an event (see `occasion`) is it no longer sound: that is for rules that punish whatever happens.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.checker.domains import Domain
from communityrules.checker.narrowing import Domains, Narrowing
from communityrules.checker.occasion import Occasion
from communityrules.checker.types import type_of
from communityrules.checker.walk import parts
from communityrules.model.values import BOOLEAN, TIME_OF_DAY

#: A condition and whether it is to hold.
Literal_ = tuple[checked.Expression, bool]

#: How many steps one question may cost before the answer is that nobody knows.
_BUDGET: Final = 4000
_DEEPEST: Final = 4


#: Conditions that say nothing of themselves.
_OPAQUE: Final = (checked.Matches, checked.InGroup, checked.AggregateRef)
#: What looks for words; it varies unless none of them can be found.
_SEARCH: Final = (checked.Contains, checked.Affix)


#: Facts of which something is known before any comparison, and types whose values are few.
_KNOWN_FACTS: Final = frozenset({"length", "text", "type"})
_FEW_VALUES: Final = frozenset({"boolean", "time_of_day", "state"})


def _is_open(fact: checked.FieldRef) -> bool:
    """Whether a fact can be anything: one comparison with a constant neither always holds nor never."""
    return fact.by is None and fact.type.kind not in _FEW_VALUES and (fact.custom or fact.name not in _KNOWN_FACTS)


#: Conditions about values, and values of which nothing has to be told by itself.
_PLAIN: Final = (checked.Compare, checked.InRange, checked.OneOf, checked.Empty)
_PLAIN_OPERANDS: Final = frozenset({
    checked.Const, checked.FieldRef, checked.AggregateRef, checked.ParameterRef, checked.StateRef,
})  # fmt: skip
_WITH_CONTENT: Final = frozenset({"text", "list", "labels"})


def _named(operand: checked.Expression) -> Hashable:
    """What is the same for the same operand, soon made."""
    if isinstance(operand, checked.FieldRef) and operand.by is None:
        return operand.root, operand.name, operand.custom
    return operand


class Logic:
    """Answers for one rulebook; for one rule of it when its occasion is given, `expected` when by what is expected."""

    def __init__(self, book: Book, occasion: Occasion | None = None, *, expected: bool = False) -> None:
        self._book = book
        self._occasion = occasion
        self._expected = occasion if expected else None
        #: What is known of simple conditions.
        self._simple = Narrowing(book, occasion, self._expected)
        self._known: dict[int, tuple[checked.Expression, bool | None]] = {}
        self._defined: dict[str, set[Hashable] | None] = {}
        self._budget = 0

    def truth(self, condition: checked.Expression) -> bool | None:
        """True when it always holds, False when it never does, None when it can vary."""
        if isinstance(condition, checked.DefinitionRef):
            meaning = self._book.definitions.get(condition.name)
            return self.truth(meaning) if meaning is not None else None
        if isinstance(condition, _SEARCH):
            return False if self._simple.finds_nothing(condition) else None
        if isinstance(condition, _OPAQUE) and self._expected is None:
            return None
        known = self._known.get(id(condition))
        if known is not None:
            return known[1]
        found = None if self.varies(condition) else self._reason(condition)
        # Keeping the expression keeps its identity.
        self._known[id(condition)] = (condition, found)
        return found

    def _reason(self, condition: checked.Expression) -> bool | None:
        """`truth`, by trying to make it hold and not hold."""
        self._budget = _BUDGET
        if self._impossible([(condition, True)], 0):
            return False
        if self._impossible([(condition, False)], 0):
            return True
        return None

    def varies(self, condition: checked.Expression) -> bool:
        """Whether every part of a condition can vary, seen at a glance: each by itself leaves the fact open that it
        speaks of, and those parts of a whole that speak of the same can vary together. False says nothing."""
        return self._facts(condition) is not None

    def _facts(self, one: checked.Expression) -> set[Hashable] | None:
        """All that a condition speaks of, when every part of it can vary; None when that takes a look."""
        kind = one.__class__
        if kind is checked.Not:
            return self._facts(one.operand)  # type: ignore[union-attr] # by its class
        if kind is checked.DefinitionRef:
            return self._facts_of(one.name)  # type: ignore[union-attr] # by its class
        if kind is not checked.Logic and kind is not checked.AtLeast:
            about = self._open_about(one)
            return {about} if about is not None else self._plain_facts(one)
        spoken: set[Hashable] = set()
        shared: set[Hashable] = set()
        inside = parts(one)
        if isinstance(one, checked.AtLeast) and not 0 < one.number <= len(inside):
            return None
        known: list[set[Hashable]] = []
        for part in inside:
            found = self._facts(part)
            if found is None:
                return None
            if not spoken.isdisjoint(found):
                shared |= spoken & found
            spoken |= found
            known.append(found)
        if shared:
            # The parts that share nothing with the others leave them all that they could be.
            linked = [part for part, found in zip(inside, known, strict=True) if found & shared]
            if not isinstance(one, checked.Logic) or not self._vary_together(
                checked.Logic(one.operator, tuple(linked))
            ):
                return None
        return spoken

    def _facts_of(self, name: str) -> set[Hashable] | None:
        """The same of a definition."""
        if name not in self._defined:
            meaning = self._book.definitions.get(name)
            self._defined[name] = self._facts(meaning) if meaning is not None else None
        return self._defined[name]

    def _plain_facts(self, one: checked.Expression) -> set[Hashable] | None:
        """The same of a comparison, a range and the like, of what is no condition itself, after a look at it alone."""
        operands = parts(one)
        if not isinstance(one, _PLAIN) or not all(map(self._is_plain, operands)):
            return None
        if isinstance(one, checked.Empty) and type_of(one.operand).kind in _WITH_CONTENT:
            # What is looked for in it says something of it, too.
            return None
        return {_named(part) for part in operands if part.__class__ is not checked.Const} if self._varies(one) else None

    def _is_plain(self, operand: checked.Expression) -> bool:
        """Whether nothing has to be told of an operand by itself, nor is more known of it on some occasion."""
        if operand.__class__ not in _PLAIN_OPERANDS:
            return False
        if self._occasion is not None:
            return True
        if isinstance(operand, checked.AggregateRef):
            return all(map(self._is_plain, operand.keys))
        return not isinstance(operand, checked.FieldRef) or operand.custom or operand.name not in _KNOWN_FACTS

    def _varies(self, one: checked.Expression) -> bool:
        """Whether a simple condition can hold and not hold."""
        for holds in (True, False):
            domains: Domains = {}
            if self._simple.constrain(one, holds, domains) is False or any(map(Domain.is_empty, domains.values())):
                return False
        return True

    def _vary_together(self, joined: checked.Logic) -> bool:
        """Whether a condition can vary of which every part can."""
        if any(not self._needs_fact(part) for part in joined.operands):
            return self._reason(joined) is None
        # None of the parts holds of an absent fact. That any of them holds takes only one of them.
        self._budget = _BUDGET
        return joined.operator == "or" or not self._impossible([(joined, True)], 0)

    def _needs_fact(self, one: checked.Expression) -> bool:
        """Whether a condition compares a fact that can be absent, and then does not hold."""
        if isinstance(one, checked.Compare):
            return isinstance(one.left, checked.FieldRef) and not self._simple.surely_present(one.left)
        return isinstance(one, checked.OneOf) and not self._simple.surely_present(one.operand)

    def _open_about(self, one: checked.Expression) -> Hashable:
        """What a simple condition speaks of, when by itself it can hold and not hold; None when that takes a look. What
        says the same speaks of the same."""
        match one:
            case checked.Compare(left=checked.FieldRef() as fact, right=checked.Const() as value) if _is_open(fact):
                # The minutes of a day come to an end, even where those of days do not.
                return _named(fact) if value.type != TIME_OF_DAY else None
            case checked.OneOf(operand=checked.FieldRef() as fact, items=items) if items and _is_open(fact):
                constant = {item.__class__ for item in items} == {checked.Const}
                return _named(fact) if constant else None
            case checked.Matches(operand=checked.FieldRef()) if self._expected is None:
                return one.regex
            case checked.Contains(operand=checked.FieldRef() as fact, matchers=(first, *_)):
                if self._simple.finds_nothing(one):
                    return None
                return fact.root, fact.name, first.value if isinstance(first, checked.Const) else first.name
            case checked.Affix(operand=checked.FieldRef() as fact) if not self._simple.finds_nothing(one):
                return fact.root, fact.name, one.end
            case checked.InGroup() if self._expected is None:
                return one
            case _:
                return None

    def _impossible(self, literals: list[Literal_], depth: int) -> bool:
        """Whether the conditions cannot hold together."""
        choices: list[list[Literal_]] = []
        domains: Domains = {}
        kept: list[Literal_] = []
        rest = list(literals)
        while rest:
            self._budget -= 1
            if self._budget < 0:
                return False
            one, holds = rest.pop()
            opened = self._open(one, holds)
            if opened is not None:
                alternatives, together = opened
                rest.extend(together)
                if alternatives:
                    choices.append(alternatives)
                continue
            kept.append((one, holds))
            if isinstance(one, checked.Const) and one.type == BOOLEAN and one.value is not holds:
                return True
            if self._simple.constrain(one, holds, domains) is False:
                return True
        if any(domain.is_empty() for domain in domains.values()) or (len(kept) > 1 and _contradict(kept)):
            return True
        if depth >= _DEEPEST:
            return False
        return any(all(self._impossible([*kept, one], depth + 1) for one in alternatives) for alternatives in choices)

    def _open(self, one: checked.Expression, holds: bool) -> tuple[list[Literal_], list[Literal_]] | None:
        """What must hold of one of several and of all, for a compound condition; None for a simple one."""
        match one:
            case checked.Not():
                return [], [(one.operand, not holds)]
            case checked.DefinitionRef():
                meaning = self._book.definitions.get(one.name)
                return ([], [(meaning, holds)]) if meaning is not None else None
            case checked.InGroup() if self._expected is not None:
                meaning = self._book.groups.get(one.group)
                return ([], [(meaning, holds)]) if meaning is not None else None
            case checked.Logic():
                parts = [(part, holds) for part in one.operands]
                return ([], parts) if (one.operator == "and") == holds else (parts, [])
            case checked.AtLeast():
                parts = [(part, holds) for part in one.conditions]
                needed = one.number if holds else len(parts) - one.number + 1
                if needed <= 0:
                    return [], []
                if needed > len(parts):
                    return [], [(checked.Const(False, BOOLEAN), True)]
                if needed == len(parts):
                    return [], parts
                return parts, []
            case _:
                return None


def _contradict(literals: list[Literal_]) -> bool:
    """Whether one condition is both to hold and not to hold."""
    if len({holds for _, holds in literals}) == 1:
        return False
    known: dict[checked.Expression, bool] = {}
    return any(known.setdefault(one, holds) != holds for one, holds in literals)
