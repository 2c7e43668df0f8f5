"""What an event must show for a rule to match it, read off the rule without running it.

A guard is a condition that holds of every event that the rule matches, and that is quickly asked for many rules at
once: what one value is, whether somebody is in a group, whether a text holds any of some words. Guards are taken
from the rule's conditions in the order in which they are asked, up to the first that may fail: to leave a rule out must
never hide that it would have failed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from communityrules.checker import checked
from communityrules.compiler.kinds import FLIPPED, type_of
from communityrules.compiler.total import NOW as NOW  # for others
from communityrules.compiler.total import relied_on
from communityrules.compiler.writer import Program
from communityrules.library.fold import fold_short, fold_text
from communityrules.library.patterns import PatternMatcher, matcher
from communityrules.model.values import TEXT

#: In which form a value is compared: as it is, folded, on the local clock or calendar, or where the event happened; of
#: a list each item, as it is or folded; of any value whether there is one.
Form = Literal["plain", "folded", "minute_of_day", "date", "place", "items", "folded items", "present"]

_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: Values of these kinds are numbers, so what holds between two points holds all the way.
ORDERED: Final = frozenset({"number", "instant", "duration", "time_of_day", "date"})
#: Where a rule of a place is asked: `event.place`, else the channel.
PLACE: Final = checked.FieldRef("event", "place", TEXT)


class Other:
    """Stands for every value that no rule names."""


@dataclass(frozen=True, slots=True)
class Split:
    """A condition on one value alone."""

    operand: checked.Expression
    form: Form
    #: Where the answer may change: values in the form in which they are compared.
    points: tuple[Any, ...]
    #: The answer of a value in that form; of None where the fact is absent.
    holds: Callable[[Any], bool]

    @property
    def key(self) -> Hashable:
        return self.form, self.operand


@dataclass(frozen=True, slots=True)
class Belonging:
    """A group that the subject must be in, or must not be in."""

    group: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Words or literals of which a text must hold one."""

    #: What is looked for: a list by its name, else the words that a condition names.
    name: str | None
    words: tuple[str, ...]
    exactly: bool
    #: Whether they are literals of a pattern, and then whether of the folded text.
    literal: Literal["as it is", "folded"] | None = None
    #: And the pattern itself, which may need more.
    pattern: PatternMatcher | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A text that must hold something of at least one source."""

    operand: checked.Expression
    sources: tuple[Source, ...]
    #: Whether that is all that the condition asks.
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A field of which a value of another type than promised, in an event built by hand, would make the rule fail."""

    field: checked.FieldRef


@dataclass(frozen=True, slots=True)
class Left:
    """What the guards before it do not tell of a rule, which must be asked itself."""

    #: The condition that comes next, where it is one.
    condition: checked.Expression | None = None


Guard = Split | Belonging | Look | Read | Left


def guards(program: Program, rule: checked.Rule) -> Iterator[Guard]:
    """The guards of a rule on an event, in the order in which they are asked; last the fields on whose types they
    rely. Where there is no `Left` among them, they are all that the rule asks."""
    reader = _Reader(program)
    yield from _guards(reader, rule)
    for field in reader.relied:
        yield Read(field)


def _guards(reader: _Reader, rule: checked.Rule) -> Iterator[Guard]:
    if rule.first_match is not None:
        yield Left()
    if rule.start is not None or rule.end is not None:
        yield _in_force(rule)
    if rule.places and not rule.in_places:
        yield _inside(rule.places)
    if rule.in_places or rule.except_places:
        yield Left()
    for spot in (*rule.in_places, *rule.except_places):
        if not reader.total(spot):
            return
    if rule.excluded_places:
        yield _outside(rule.excluded_places)
    for group in rule.excluded:
        if not reader.total(checked.InGroup(group)):
            yield Left()
            return
        yield Belonging(group, False)
    if rule.applies_to and "everyone" not in rule.applies_to:
        # Groups that the event is about as a whole are asked by the rule itself.
        if not all(reader.total(checked.InGroup(one)) for one in rule.applies_to):
            yield Left()
            return
        yield Belonging(rule.applies_to[0], True) if len(rule.applies_to) == 1 else Left()
    if rule.condition is not None:
        for condition in conjuncts(rule.condition):
            if not reader.total(condition):
                yield Left(condition)
                return
            found = reader.read(condition)
            if found is not None:
                yield found
            if not isinstance(found, Split) and not (isinstance(found, Look) and found.exact):
                # Of a group the guard holds for what is about the group as a whole, too.
                yield Left(condition)


def conjuncts(node: checked.Expression) -> Iterator[checked.Expression]:
    """What must all hold, in the order in which it is asked."""
    rest = [node]
    while rest:
        one = rest.pop()
        if isinstance(one, checked.Logic) and one.operator == "and":
            rest.extend(reversed(one.operands))
        else:
            yield one


def _in_force(rule: checked.Rule) -> Split:
    start, end = rule.start, rule.end
    points = tuple(one for one in (start, end) if one is not None)

    def holds(now: int | None) -> bool:
        return now is not None and (start is None or now >= start) and (end is None or now < end)

    return Split(NOW, "plain", points, holds)


def _inside(places: tuple[str, ...]) -> Split:
    return Split(PLACE, "place", places, lambda place: place in places)


def _outside(places: tuple[str, ...]) -> Split:
    return Split(PLACE, "place", places, lambda place: place not in places)


class _Reader:
    """Reads guards off conditions."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._rulebook = program.rulebook
        #: Fields of the conditions that cannot fail as long as these are of their types.
        self.relied: dict[checked.FieldRef, None] = {}

    def total(self, node: checked.Expression) -> bool:
        """Whether asking a condition can neither fail nor be seen from outside."""
        fields = relied_on(self._program, node)
        self.relied.update(dict.fromkeys(fields or ()))
        return fields is not None

    def read(self, node: checked.Expression) -> Guard | None:
        """The guard of one condition that cannot fail; None when there is none worth having."""
        return self._split(node) or self._look(node) or self._belonging(node)

    @staticmethod
    def _belonging(node: checked.Expression) -> Belonging | None:
        match node:
            case checked.InGroup(group=group) if group != "everyone":
                return Belonging(group, True)
            case checked.Not(operand=checked.InGroup(group=group)) if group != "everyone":
                return Belonging(group, False)
            case _:
                return None

    def _split(self, node: checked.Expression) -> Split | None:
        match node:
            case checked.Compare():
                return self._compare(node)
            case checked.InRange():
                return self._range(node)
            case checked.OneOf():
                return self._one_of(node)
            case checked.Contains(operand=checked.FieldRef()) if type_of(node.operand).kind == "list":
                return self._items(node)
            case checked.Empty(operand=checked.FieldRef(), negated=negated):
                return Split(node.operand, "present", (True, False), lambda there: (there is True) is negated)
            case checked.FieldRef() if node.type.kind == "boolean":
                return Split(node, "plain", (True, False), lambda value: value is True)
            case checked.DefinitionRef() if node.type.kind == "boolean":
                return self._split(self._rulebook.definitions[node.name])
            case checked.Not():
                inner = self._split(node.operand)
                return None if inner is None else _denied(inner)
            case checked.Logic():
                return self._together(node)
            case _:
                return None

    def _together(self, node: checked.Logic) -> Split | None:
        """Of several conditions, all on one value."""
        found: list[Split] = []
        for one in node.operands:
            split = self._split(one)
            if split is None or (found and split.key != found[0].key):
                return None
            found.append(split)
        return together(found, all if node.operator == "and" else any) if found else None

    def _compare(self, node: checked.Compare) -> Split | None:
        field, other = node.left, node.right
        said: str = node.operator
        if not isinstance(field, checked.FieldRef):
            field, other, said = other, field, FLIPPED[said]
        wanted = self._constant(other)
        if not isinstance(field, checked.FieldRef) or wanted is None:
            return None
        form = _form(type_of(field).kind, type_of(other).kind, node.exactly)
        if form is None or (said not in ("is", "is_not") and not _is_ordered(field, form)):
            return None
        point = fold_text(wanted) if form == "folded" else wanted
        test = _OPERATORS[said]
        return Split(field, form, (point,), lambda value: value is not None and test(value, point))

    def _range(self, node: checked.InRange) -> Split | None:
        field = node.operand
        low, high = self._constant(node.low), self._constant(node.high)
        if not isinstance(field, checked.FieldRef) or low is None or high is None:
            return None
        ends = type_of(node.low).kind
        form = _form(type_of(field).kind, ends, True)
        if form is None or ends != type_of(node.high).kind or not _is_ordered(field, form):
            return None
        outside = node.outside

        def holds(value: Any) -> bool:
            if value is None:
                return False
            if ends != "time_of_day":
                inside = low <= value <= high
            elif low <= high:
                inside = low <= value < high
            else:
                # Past midnight.
                inside = value >= low or value < high
            return bool(inside) is not outside

        return Split(field, form, (low, high), holds)

    def _items(self, node: checked.Contains) -> Split | None:
        """Of a list that must hold any of some texts."""
        field, item = node.operand, type_of(node.operand).item
        named = self._named(node.matchers, node.exactly)
        if node.mode != "any" or named is None or item is None or item.kind != "text" or is_worked_out(field):
            return None
        values, exactly = named
        wanted = frozenset(values) if exactly else frozenset(map(fold_text, values))
        look: Callable[[str], str] = str if exactly else fold_short

        def holds(items: tuple[str, ...] | None) -> bool:
            return items is not None and any(look(one) in wanted for one in items)

        return Split(field, "items" if exactly else "folded items", tuple(sorted(wanted)), holds)

    def _named(self, items: Iterable[object], exactly: bool) -> tuple[list[Any], bool] | None:
        """The values of some constants and lists, and whether they are compared as they are; None where any is of
        another kind, or where some are and some are not."""
        every: set[bool] = set()
        values: list[Any] = []
        for item in items:
            if isinstance(item, checked.ListRef):
                named = self._rulebook.lists[item.name]
                every.add(exactly or named.exactly)
                values += named.items
            else:
                constant = self._constant(item) if isinstance(item, checked.Const) else None
                if constant is None:
                    return None
                every.add(exactly)
                values.append(constant)
        return (values, every.pop()) if len(every) == 1 else None

    def _one_of(self, node: checked.OneOf) -> Split | None:
        field = node.operand
        if not isinstance(field, checked.FieldRef) or type_of(field).kind not in ("text", "number", "boolean"):
            return None
        is_text = type_of(field).kind == "text"
        named = self._named(node.items, node.exactly)
        if named is None:
            return None
        values, exactly = named
        form: Form = "folded" if is_text and not exactly else "plain"
        if is_text and _form("text", "text", form == "plain") is None:
            return None
        wanted = frozenset(fold_text(one) for one in values) if form == "folded" else frozenset(values)
        negated = node.negated
        return Split(
            field, form, tuple(dict.fromkeys(wanted)), lambda one: one is not None and (one in wanted) is not negated
        )

    def _constant(self, node: checked.Expression) -> Any:
        return constant(self._rulebook, node)

    # --- texts ----------------------------------------------------------------------------------------------

    def _look(self, node: checked.Expression) -> Look | None:
        match node:
            case checked.Contains() if type_of(node.operand).kind == "text":
                return self._contains(node)
            case checked.Affix() if type_of(node.operand).kind == "text":
                return self._any(node.operand, node.items, node.exactly)
            case checked.Matches() if type_of(node.operand).kind == "text":
                pattern: PatternMatcher = self._program.build(("pattern", node.regex), lambda: matcher(node.regex))
                literals, folded = pattern.required
                source = Source(
                    None, literals, exactly=not folded, literal="folded" if folded else "as it is", pattern=pattern
                )
                return Look(node.operand, (source,)) if literals and _is_read(node.operand) else None
            case checked.DefinitionRef() if node.type.kind == "boolean":
                return self._look(self._rulebook.definitions[node.name])
            case checked.Logic(operator="or") if node.operands:
                return _joined([self._look(one) for one in node.operands])
            case checked.Logic():
                return next((found for one in conjuncts(node) if (found := self._look(one)) is not None), None)
            case checked.AtLeast() if 0 < node.number <= len(node.conditions):
                return _joined([self._look(one) for one in node.conditions])
            case _:
                return None

    def _contains(self, node: checked.Contains) -> Look | None:
        if node.mode == "any":
            found = self._any(node.operand, node.matchers, node.exactly)
            if found is None or not all(one.exactly and self._anywhere(one.name) for one in found.sources):
                return found
            return Look(found.operand, found.sources, exact=True)
        # Of what must all be there the longest word is the rarest.
        words = [one.value for one in node.matchers if isinstance(one, checked.Const) and isinstance(one.value, str)]
        longest = max(words, key=len, default=None)
        if longest is None or not _is_read(node.operand):
            return None
        return Look(node.operand, (Source(None, (longest,), node.exactly),))

    def _anywhere(self, name: str | None) -> bool:
        """Whether the words of a list are found inside of others."""
        return name is not None and self._rulebook.lists[name].edges == "anywhere"

    def _any(self, operand: checked.Expression, items: tuple[Any, ...], exactly: bool) -> Look | None:
        if not _is_read(operand):
            return None
        sources: list[Source] = []
        written = tuple(one.value for one in items if isinstance(one, checked.Const) and isinstance(one.value, str))
        if written:
            sources.append(Source(None, written, exactly))
        for one in items:
            if isinstance(one, checked.ListRef):
                named = self._rulebook.lists[one.name]
                sources.append(Source(one.name, tuple(named.items), exactly or named.exactly))
            elif not isinstance(one, checked.Const):
                return None
        return Look(operand, tuple(sources)) if sources else None


def constant(rulebook: checked.Rulebook, node: checked.Expression) -> Any:
    """What never changes: a constant, or a parameter that has one value. None for all else."""
    if isinstance(node, checked.ParameterRef):
        values = rulebook.parameters[node.name].values
        if len(values) != 1 or values[0][0] is not None:
            return None
        value = values[0][1]
    elif isinstance(node, checked.Const):
        value = node.value
    else:
        return None
    if isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) < 1 << 53:
        return int(value)
    return value if not isinstance(value, tuple) else None


def together(splits: Sequence[Split], joined: Callable[[Iterable[bool]], bool]) -> Split:
    """Several conditions on one value as one: `joined` is `all` or `any`."""
    if len(splits) == 1:
        return splits[0]
    points = tuple(dict.fromkeys(point for one in splits for point in one.points))
    tests = tuple(one.holds for one in splits)
    return Split(splits[0].operand, splits[0].form, points, lambda value: joined(test(value) for test in tests))


def _denied(split: Split) -> Split:
    return Split(split.operand, split.form, split.points, lambda value: not split.holds(value))


def _is_read(operand: checked.Expression) -> bool:
    """Whether a text is a field, which costs nothing to read."""
    return isinstance(operand, checked.FieldRef)


def is_worked_out(operand: checked.Expression) -> bool:
    """Whether a list is read from a text, and compared otherwise than by its items."""
    return isinstance(operand, checked.FieldRef) and operand.root == "message" and operand.name in ("links", "mentions")


def _joined(found: list[Look | None]) -> Look | None:
    """Of several looks one must answer: all must be at one text."""
    given = [one for one in found if one is not None]
    if len(given) < len(found) or len({one.operand for one in given}) != 1:
        return None
    return Look(given[0].operand, tuple(source for one in given for source in one.sources))


def _form(field: str, other: str, exactly: bool) -> Form | None:
    """In which form a field of one kind is compared with a value of another."""
    if field == "instant" and other == "time_of_day":
        return "minute_of_day"
    if field == "instant" and other == "date":
        return "date"
    if field != other or field in ("list", "labels", "nothing"):
        return None
    return "folded" if field == "text" and not exactly else "plain"


def _is_ordered(field: checked.FieldRef, form: Form) -> bool:
    return form in ("minute_of_day", "date") or (form == "plain" and field.type.kind in ORDERED)
