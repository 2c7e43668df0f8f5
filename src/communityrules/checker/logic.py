"""Whether a condition can vary: simple reasoning over comparisons of the same operand.

Sound and incomplete: it says that a condition is always or never true only when no event could make it otherwise.
Conditions are two-valued, because a comparison with an absent fact is false. Only when it is asked to go by what is
expected of an event (see `occasion`) is it no longer sound: that is for rules that punish whatever happens.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import Final

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.checker.domains import ALL_MINUTES, Domain, Ordered, less, minutes_between
from communityrules.checker.occasion import Occasion, fits_all, fits_nothing_too
from communityrules.checker.paths import type_of
from communityrules.checker.walk import parts
from communityrules.library.fold import fold_text
from communityrules.model.values import BOOLEAN, TEXT, TIME_OF_DAY, Value

#: A condition and whether it is to hold.
Literal_ = tuple[checked.Expression, bool]

_NEGATED: Final = {"is": "is_not", "is_not": "is", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED: Final = {"is": "is", "is_not": "is_not", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
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
        self._known: dict[int, tuple[checked.Expression, bool | None]] = {}
        self._defined: dict[str, set[Hashable] | None] = {}
        self._budget = 0

    def truth(self, condition: checked.Expression) -> bool | None:
        """True when it always holds, False when it never does, None when it can vary."""
        if isinstance(condition, checked.DefinitionRef):
            meaning = self._book.definitions.get(condition.name)
            return self.truth(meaning) if meaning is not None else None
        if isinstance(condition, _SEARCH):
            return False if self._finds_nothing(condition) else None
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
            domains: dict[tuple[checked.Expression, str], Domain] = {}
            if self._constrain(one, holds, domains) is False or any(map(Domain.is_empty, domains.values())):
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
            return isinstance(one.left, checked.FieldRef) and not self.surely_present(one.left)
        return isinstance(one, checked.OneOf) and not self.surely_present(one.operand)

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
            case checked.Contains(operand=checked.FieldRef() as fact, matchers=(first, *_)) if not self._finds_nothing(
                one
            ):
                return fact.root, fact.name, first.value if isinstance(first, checked.Const) else first.name
            case checked.Affix(operand=checked.FieldRef() as fact) if not self._finds_nothing(one):
                return fact.root, fact.name, one.end
            case checked.InGroup() if self._expected is None:
                return one
            case _:
                return None

    def _impossible(self, literals: list[Literal_], depth: int) -> bool:
        """Whether the conditions cannot hold together."""
        choices: list[list[Literal_]] = []
        domains: dict[tuple[checked.Expression, str], Domain] = {}
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
            verdict = self._constrain(one, holds, domains)
            if verdict is False:
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

    # --- simple conditions ---------------------------------------------------------------------------------

    def _constrain(
        self, one: checked.Expression, holds: bool, domains: dict[tuple[checked.Expression, str], Domain]
    ) -> bool | None:
        """Narrows the domain of an operand; False when the condition is impossible by itself."""
        match one:
            case checked.Compare():
                return self._compare(one, holds, domains)
            case checked.InRange():
                return self._range(one, holds, domains)
            case checked.OneOf():
                self._one_of(one, holds, domains)
            case checked.Empty():
                self._empty(one, holds, domains)
            case checked.Contains() | checked.Affix() if holds and self._finds_nothing(one):
                return False
            case checked.Contains() if holds:
                self._domain(one.operand, "content", domains).filled = True
            case checked.Matches() if not holds and self._fits_always(one):
                return False
            case checked.FieldRef() | checked.ParameterRef() if type_of(one) == BOOLEAN:
                domain = self._domain(one, "", domains)
                domain.among([True] if holds else [False])
                domain.present = domain.present or holds
            case _:
                pass
        return None

    def _domain(
        self, operand: checked.Expression, aspect: str, domains: dict[tuple[checked.Expression, str], Domain]
    ) -> Domain:
        key = (operand, aspect)
        found = domains.get(key)
        if found is None:
            found = domains[key] = Domain(present=self.surely_present(operand))
            if isinstance(operand, checked.AggregateRef) and self._function(operand) in (
                "count",
                "distinct",
                "similar",
                "open_duties",
            ):
                found.whole = True
                found.above(1 if self._counts_itself(operand) else 0, False)
            elif isinstance(operand, checked.FieldRef) and not operand.custom:
                self._known_field(operand, aspect, found)
            elif isinstance(operand, checked.StateRef) and operand.name in self._book.states:
                found.allowed = frozenset(self._book.states[operand.name].values)
            elif type_of(operand) == BOOLEAN:
                found.allowed = frozenset((True, False))
        return found

    def _function(self, measure: checked.AggregateRef) -> str:
        return self._book.measures[measure.index].function if measure.index < len(self._book.measures) else ""

    def surely_present(self, operand: checked.Expression) -> bool:
        """Whether an operand has a value on every event that a rule could be judged on."""
        match operand:
            case checked.StateRef() | checked.ParameterRef() | checked.Const():
                return True
            case checked.FieldRef():
                return self._has(operand)
            case checked.AggregateRef():
                counted = self._function(operand) in (
                    "count", "distinct", "sum", "sequence", "similar", "open_duties",
                )  # fmt: skip
                return counted and all(self._known_key(key) for key in operand.keys)
            case _:
                return False

    def _has(self, fact: checked.FieldRef) -> bool:
        """Whether every event has a fact."""
        if fact.root == "event" and fact.name in ("id", "time", "type", "community"):
            return True
        if fact.custom or self._occasion is None:
            return False
        expected = self._expected
        match fact.root, fact.name:
            case "message", "text" | "length":
                return self._occasion.has_text or (expected is not None and expected.usually_text)
            case "message", "id":
                return expected is not None and expected.usually_text
            case "member", "id":
                return expected is not None and expected.of_sender
            case "sender", "id":
                return expected is not None
            case _:
                return False

    def _known_field(self, fact: checked.FieldRef, aspect: str, domain: Domain) -> None:
        """What is known of a fact before any comparison."""
        expected = self._expected
        written = expected is not None and expected.usually_text and expected.written
        match fact.root, fact.name:
            case "message", "length":
                domain.whole = True
                domain.above(1 if written else 0, False)
            case "message", "text":
                domain.filled = written and aspect == "content"
                if written:
                    domain.excluded |= {""}
            case "event", "type" if self._occasion is not None and self._occasion.types:
                names = self._occasion.types
                domain.allowed = frozenset(names if aspect == "exactly" else map(fold_text, names))
                domain.filled = aspect == "content"
            case _ if type_of(fact) == BOOLEAN:
                domain.allowed = frozenset((True, False))
            case _ if aspect == "content" and type_of(fact) == TEXT:
                domain.filled = self._has(fact)
            case _:
                pass

    def _fits_always(self, one: checked.Matches) -> bool:
        """Whether a pattern tells nothing of what an event can be expected to hold."""
        expected = self._expected
        if expected is None or not self.surely_present(one.operand):
            return False
        return fits_all(one.regex) if expected.written else fits_nothing_too(one.regex)

    def _counts_itself(self, measure: checked.AggregateRef) -> bool:
        """Whether the judged event is always among those that a measure counts."""
        expected = self._expected
        if expected is None or not expected.events or measure.index >= len(self._book.measures):
            return False
        counted = self._book.measures[measure.index]
        if counted.where is not None or not set(expected.events) <= set(counted.events):
            return False
        compared = (counted.value,) if counted.function == "similar" else ()
        if (*counted.keys, *compared) != measure.keys or (
            counted.value is not None and not self.surely_present(counted.value)
        ):
            return False
        return all(self.surely_present(key) for key in measure.keys)

    def _finds_nothing(self, one: checked.Contains | checked.Affix) -> bool:
        """Whether what a text is looked through for is nothing once folded; a list of nothing is reported itself."""
        if type_of(one.operand) != TEXT:
            return False
        items = one.matchers if isinstance(one, checked.Contains) else one.items
        nothing = [self._is_nothing(item, one.exactly) for item in items]
        return any(nothing) if isinstance(one, checked.Contains) and one.mode == "all" else all(nothing)

    def _is_nothing(self, item: checked.Matcher | checked.Expression, exactly: bool) -> bool:
        values = None if isinstance(item, checked.ListRef | checked.DetectorRef) else self._values(item)
        return values is not None and all(
            isinstance(value, str) and not (value if exactly else fold_text(value)) for value in values
        )

    def _known_key(self, key: checked.Expression) -> bool:
        """A key that only a broken event lacks: nobody asks for the member's presence by counting."""
        usual = (("member", "id"), ("sender", "id"), ("message", "text"))
        if isinstance(key, checked.FieldRef) and not key.custom and (key.root, key.name) in usual:
            return True
        return self.surely_present(key)

    def _compare(
        self, one: checked.Compare, holds: bool, domains: dict[tuple[checked.Expression, str], Domain]
    ) -> bool | None:
        left, right, operator = one.left, one.right, str(one.operator)
        if left == right and self.surely_present(left):
            return (operator in ("is", "<=", ">=")) == holds
        if left == right and operator in ("<", ">", "is_not") and holds:
            return False
        if left == right and self._expected is not None and not holds and operator not in ("<", ">", "is_not"):
            return False  # only an absent fact differs from itself
        if self._values(right) is None:
            left, right, operator = right, left, _MIRRORED[operator]
        values = self._values(right)
        if values is None:
            return None
        alone = self._values(left)
        if not holds:
            operator = _NEGATED[operator]
        if alone is not None and len(alone) == 1 and len(values) == 1:
            return _compared(operator, alone[0], values[0])
        kinds = (type_of(left).kind, type_of(right).kind)
        if kinds[1] == "time_of_day" or kinds[0] == "time_of_day":
            if len(values) == 1 and isinstance(values[0], int):
                domain = self._domain(left, "minutes", domains)
                domain.minutes &= _minutes(operator, values[0])
                domain.present = domain.present or holds
            return None
        aspect = "exactly" if one.exactly or kinds[0] in ("member", "message") else ""
        domain = self._domain(left, aspect, domains)
        domain.present = domain.present or holds
        if kinds[0] == "text" and not aspect:
            values = [fold_text(value) if isinstance(value, str) else value for value in values]
        _narrow(domain, operator, values)
        return None

    def _range(
        self, one: checked.InRange, holds: bool, domains: dict[tuple[checked.Expression, str], Domain]
    ) -> bool | None:
        lows, highs = self._values(one.low), self._values(one.high)
        if lows is None or highs is None:
            return None
        inside = one.outside != holds
        if type_of(one.low).kind == "time_of_day":
            if len(lows) == 1 and len(highs) == 1 and isinstance(lows[0], int) and isinstance(highs[0], int):
                domain = self._domain(one.operand, "minutes", domains)
                mask = minutes_between(lows[0], highs[0])
                domain.minutes &= mask if inside else ALL_MINUTES & ~mask
                domain.present = domain.present or holds
            return None
        domain = self._domain(one.operand, "", domains)
        domain.present = domain.present or holds
        if inside:
            _narrow(domain, ">=", lows)
            _narrow(domain, "<=", highs)
        elif len(lows) == 1 and len(highs) == 1:
            low, high = _ordered(lows[0]), _ordered(highs[0])
            if low is not None and high is not None and not less(high, low):
                domain.holes += ((low, high),)
        return None

    def _one_of(self, one: checked.OneOf, holds: bool, domains: dict[tuple[checked.Expression, str], Domain]) -> None:
        found: list[Value] = []
        for item in one.items:
            if isinstance(item, checked.ListRef):
                words = self._book.lists.get(item.name)
                if words is None or words.exactly:
                    return
                found.extend(words.items)
                continue
            values = None if isinstance(item, checked.DetectorRef) else self._values(item)
            if values is None:
                return
            found.extend(values)
        kind = type_of(one.operand).kind
        if kind == "instant":
            return
        aspect = "exactly" if one.exactly or kind in ("member", "message") else ""
        domain = self._domain(one.operand, aspect, domains)
        domain.present = domain.present or holds
        if kind == "text" and not aspect:
            found = [fold_text(value) if isinstance(value, str) else value for value in found]
        if one.negated != holds:
            domain.among(found)
        elif not any(isinstance(item, checked.ParameterRef) for item in one.items):
            domain.excluded |= frozenset(found)

    def _empty(self, one: checked.Empty, holds: bool, domains: dict[tuple[checked.Expression, str], Domain]) -> None:
        empty = one.negated != holds
        if type_of(one.operand).kind in ("text", "list", "labels"):
            domain = self._domain(one.operand, "content", domains)
            domain.blank = domain.blank or empty
            domain.filled = domain.filled or not empty
            return
        for aspect in ("", "minutes", "exactly"):
            domain = self._domain(one.operand, aspect, domains)
            domain.absent = domain.absent or empty
            domain.present = domain.present or not empty

    def _values(self, one: checked.Expression) -> list[Value] | None:
        """All that a constant or a parameter can be."""
        if isinstance(one, checked.Const):
            return [one.value]
        if isinstance(one, checked.ParameterRef) and one.name in self._book.parameters:
            return [value for _, value in self._book.parameters[one.name].values] or None
        return None


def _contradict(literals: list[Literal_]) -> bool:
    """Whether one condition is both to hold and not to hold."""
    if len({holds for _, holds in literals}) == 1:
        return False
    known: dict[checked.Expression, bool] = {}
    return any(known.setdefault(one, holds) != holds for one, holds in literals)


def _narrow(domain: Domain, operator: str, values: list[Value]) -> None:
    """What a comparison with one of the values leaves at most."""
    if operator == "is":
        domain.among(values)
        return
    if operator == "is_not":
        if len(values) == 1:
            domain.excluded |= {values[0]}
        return
    ordered = [found for one in values if (found := _ordered(one)) is not None]
    # A parameter whose values differ in type has been reported; it bounds nothing.
    kinds = {isinstance(one, date) for one in ordered}
    if len(ordered) < len(values) or len(kinds) != 1:
        return
    if operator in (">", ">="):
        domain.above(min(ordered), operator == ">")
    else:
        domain.below(max(ordered), operator == "<")


def _ordered(value: Value) -> Ordered | None:
    if isinstance(value, bool) or value is None or isinstance(value, str | tuple):
        return None
    return value


def _compared(operator: str, left: Value, right: Value) -> bool | None:
    """Two constants: whether the comparison can hold."""
    if operator in ("is", "is_not"):
        if isinstance(left, str) and isinstance(right, str):
            same = fold_text(left) == fold_text(right)
        elif isinstance(left, int | Decimal) and isinstance(right, int | Decimal):
            same = left == right
        else:
            return None
        return same == (operator == "is")
    if isinstance(left, int | Decimal) and isinstance(right, int | Decimal):
        results = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
        return results[operator]
    return None


def _minutes(operator: str, minute: int) -> int:
    """Minutes of the day that a comparison with a time leaves at most, whether or not seconds count."""
    if operator == "<":
        return minutes_between(0, minute)
    if operator == "<=":
        return minutes_between(0, minute + 1)
    if operator in (">=", ">"):
        return minutes_between(minute, 1440)
    return minutes_between(minute, minute + 1) if operator == "is" else ALL_MINUTES
