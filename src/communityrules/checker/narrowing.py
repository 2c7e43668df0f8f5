"""What one simple condition leaves its operand at most, and what is known of operands before any is asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.checker.domains import ALL_MINUTES, Domain, Ordered, less, minutes_between
from communityrules.checker.occasion import Occasion, fits_all, fits_nothing_too
from communityrules.checker.types import type_of
from communityrules.library.fold import fold_text
from communityrules.model.values import BOOLEAN, TEXT, Value

#: By an operand, and what of it is compared, what it can be.
Domains: TypeAlias = dict[tuple[checked.Expression, str], Domain]

_NEGATED: Final = {"is": "is_not", "is_not": "is", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED: Final = {"is": "is", "is_not": "is_not", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Narrowing:
    """Answers for one rulebook; for one rule of it when its occasion is given, `expected` when by what is expected."""

    def __init__(self, book: Book, occasion: Occasion | None, expected: Occasion | None) -> None:
        self._book = book
        self._occasion = occasion
        self._expected = expected

    def constrain(self, one: checked.Expression, holds: bool, domains: Domains) -> bool | None:
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
            case checked.Contains() | checked.Affix() if holds and self.finds_nothing(one):
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

    def _domain(self, operand: checked.Expression, aspect: str, domains: Domains) -> Domain:
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

    def finds_nothing(self, one: checked.Contains | checked.Affix) -> bool:
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

    def _compare(self, one: checked.Compare, holds: bool, domains: Domains) -> bool | None:
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

    def _range(self, one: checked.InRange, holds: bool, domains: Domains) -> bool | None:
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

    def _one_of(self, one: checked.OneOf, holds: bool, domains: Domains) -> None:
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

    def _empty(self, one: checked.Empty, holds: bool, domains: Domains) -> None:
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
