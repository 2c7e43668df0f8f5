"""What an event must show for a rule to match it, read off the rule without running it.

A guard is a condition that holds of every event that the rule matches, and that is quickly asked for many rules at
once: what one value is, whether somebody is in a group, whether a text holds any of some words. Guards are taken from
the rule's conditions in the order in which they are asked, up to the first that may fail: to leave a rule out must
never hide that it would have failed. Here they are read off one condition; off a whole rule, in each way in which it
may match: `guarding`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from communityrules.checker import checked
from communityrules.compiler.kinds import FLIPPED, type_of
from communityrules.compiler.splits import Form, Split, denied, together
from communityrules.compiler.total import NOW as NOW  # for others
from communityrules.compiler.total import answering, relied_on
from communityrules.compiler.ways import conjuncts
from communityrules.compiler.writer import Program
from communityrules.library.fold import fold_text
from communityrules.model.values import TEXT

#: Values of these kinds are numbers, so what holds between two points holds all the way.
ORDERED: Final = frozenset({"number", "instant", "duration", "time_of_day", "date"})
#: Where a rule of a place is asked: `event.place`, else the channel.
PLACE: Final = checked.FieldRef("event", "place", TEXT)


@dataclass(frozen=True, slots=True)
class Belonging:
    """A group that the subject must be in, or must not be in."""

    group: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """A condition that must hold, or must not, asked as it is: for all rules at once that have it."""

    #: Equal ones are one object.
    condition: checked.Expression
    wanted: bool

    @property
    def key(self) -> tuple[str, int]:
        """The same for those with the same condition."""
        return "whole", id(self.condition)


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
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A text that must hold something of at least one source."""

    operand: checked.Expression
    sources: tuple[Source, ...]
    #: Whether that is all that the condition asks.
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """What the guards before it do not tell of a rule, which must be asked itself."""

    #: The condition that comes next, where it is one.
    condition: checked.Expression | None = None


Guard = Split | Belonging | Whole | Look | Left

LEFT: Final = Left()
#: Stands for a condition that may fail or is seen from outside.
UNSURE: Final[tuple[Guard, ...]] = (LEFT,)


class Reader:
    """Reads guards off conditions. What it was asked before it answers by the object that was asked about."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._rulebook = program.rulebook
        #: By its `id` each field of the conditions that cannot fail as long as these are of their types.
        self.relied: dict[int, checked.FieldRef] = {}
        #: By the `id` of a field the first one that is equal: comparing two takes long, and there are many.
        self._fields: dict[int, checked.FieldRef] = {}
        self._first: dict[Hashable, checked.FieldRef] = {}
        #: By the `id` of a condition what is known of it: see `told`.
        self.known: dict[int, tuple[Guard, ...]] = {}
        self._groups: dict[str, bool] = {}
        #: Conditions, and what is worked out of fields, each the first of those that are equal.
        self._worked: dict[checked.Expression, checked.Expression] = {}

    @property
    def worked(self) -> tuple[checked.Expression, ...]:
        return tuple(self._worked.values())

    def one_of_equal(self, node: checked.Expression) -> checked.Expression:
        """The one that stands for all conditions, or for all that is worked out of fields, that are equal."""
        return self._worked.setdefault(node, node)

    def belongs(self, group: str) -> bool:
        """Whether asking who is in a group can neither fail nor be seen from outside."""
        known = self._groups.get(group)
        if known is None:
            known = self._groups[group] = self.total(checked.InGroup(group))
        return known

    def told(self, node: checked.Expression) -> tuple[Guard, ...]:
        """What a condition tells: its guard, if it has one, and `Left` where that is not all. `UNSURE` where asking it
        may fail or be seen from outside."""
        if not self.total(node):
            told: tuple[Guard, ...] = UNSURE
        else:
            found = self.read(node)
            told = () if found is None else (found,)
            if found.__class__ is Whole and (needed := self._needed(node)) is not None:
                told = (needed, found)
            elif not isinstance(found, Split | Whole) and not (isinstance(found, Look) and found.exact):
                # Of a group the guard holds for what is about the group as a whole, too.
                told = (*told, Left(node))
        self.known[id(node)] = told
        return told

    def total(self, node: checked.Expression) -> bool:
        """Whether asking a condition can neither fail nor be seen from outside."""
        fields = relied_on(self._program, node)
        for one in fields or ():
            if id(one) not in self._fields:
                self.rely(one)
        return fields is not None

    def rely(self, field: checked.FieldRef) -> checked.FieldRef:
        """Notes that a field must be of its type; gives the one that stands for all that are equal."""
        first = self._field(field)
        self.relied[id(first)] = first
        return first

    def _field(self, field: checked.FieldRef) -> checked.FieldRef:
        known = self._fields.get(id(field))
        if known is None:
            of = field.type
            plain = field.by is None and of.item is None and of.name is None
            key = (field.root, field.name, field.custom, of.kind) if plain else field
            known = self._fields[id(field)] = self._first.setdefault(key, field)
        return known

    def _operand(self, node: checked.Expression) -> checked.Expression:
        return self._field(node) if isinstance(node, checked.FieldRef) else node

    def read(self, node: checked.Expression) -> Guard | None:
        """The guard of one condition that cannot fail; None when there is none worth having."""
        return self._split(node) or self._look(node) or self._belonging(node) or self._whole(node)

    @staticmethod
    def _belonging(node: checked.Expression) -> Belonging | None:
        match node:
            case checked.InGroup(group=group) if group != "everyone":
                return Belonging(group, True)
            case checked.Not(operand=checked.InGroup(group=group)) if group != "everyone":
                return Belonging(group, False)
            case _:
                return None

    def _needed(self, node: checked.Expression) -> Split | None:
        """What there must be for a list to hold what a condition looks for."""
        match node:
            case checked.Contains(operand=checked.FieldRef() as field) if type_of(field).kind == "list":
                return Split(self._field(field), "present", ("there", True))
            case checked.Matches(operand=checked.FieldRef() as field) if type_of(field).kind == "list":
                return Split(self._field(field), "present", ("there", True))
            case _:
                return None

    def _whole(self, node: checked.Expression) -> Whole | None:
        """Of a condition that is like no other: where many rules have the same one, it is asked once for all."""
        wanted = True
        while node.__class__ is checked.Not:
            node, wanted = node.operand, not wanted
        return None if node.__class__ is checked.Const else Whole(self.one_of_equal(node), wanted)

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
            case checked.Empty(operand=checked.FieldRef() as field, negated=negated):
                return Split(self._field(field), "present", ("there", negated))
            case checked.FieldRef() if node.type.kind == "boolean":
                return Split(self._field(node), "plain", ("true",))
            case checked.DefinitionRef() if node.type.kind == "boolean":
                return self._split(self._rulebook.definitions[node.name])
            case checked.Not():
                inner = self._split(node.operand)
                return None if inner is None else denied(inner)
            case checked.Logic():
                return self._together(node)
            case _:
                return None

    def _together(self, node: checked.Logic) -> Split | None:
        """Of several conditions, all on one value."""
        found: list[Split] = []
        for one in node.operands:
            split = self._split(one)
            if split is None or (found and (split.operand is not found[0].operand or split.form != found[0].form)):
                return None
            found.append(split)
        return together(found, "all" if node.operator == "and" else "any") if found else None

    def _compare(self, node: checked.Compare) -> Split | None:
        said: str = node.operator
        field, other = self._tabled(node.left), node.right
        if field is None:
            field, other, said = self._tabled(node.right), node.left, FLIPPED[said]
        wanted = self._constant(other)
        if field is None or wanted is None:
            return None
        form = _form(type_of(field).kind, type_of(other).kind, node.exactly)
        if form is None or (said not in ("is", "is_not") and not _is_ordered(field, form)):
            return None
        point = fold_text(wanted) if form == "folded" else wanted
        return Split(field, form, (said, point))

    def _range(self, node: checked.InRange) -> Split | None:
        field = self._tabled(node.operand)
        low, high = self._constant(node.low), self._constant(node.high)
        if field is None or low is None or high is None:
            return None
        ends = type_of(node.low).kind
        form = _form(type_of(field).kind, ends, True)
        if form is None or ends != type_of(node.high).kind or not _is_ordered(field, form):
            return None
        kind = "clock" if ends == "time_of_day" else "between"
        return Split(field, form, (kind, low, high, node.outside))

    def _items(self, node: checked.Contains) -> Split | None:
        """Of a list that must hold any of some texts, or all of them."""
        field, item = node.operand, type_of(node.operand).item
        named = self._named(node.matchers, node.exactly)
        if not isinstance(field, checked.FieldRef) or named is None or not named[0]:
            return None
        if (field.root, field.name) == ("message", "links"):
            # They are compared by their hosts.
            return None
        if item is None or item.kind != "text":
            return None
        values, exactly = named
        wanted = frozenset(values) if exactly else frozenset(map(fold_text, values))
        form: Form = "items" if exactly else "folded items"
        if node.mode == "any":
            return Split(self._field(field), form, ("holds", tuple(sorted(wanted)), exactly))
        each = tuple([("holds", (one,), exactly) for one in sorted(wanted)])
        return Split(self._field(field), form, ("all", each))

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
        field = self._tabled(node.operand)
        if field is None or type_of(field).kind not in ("text", "number", "boolean"):
            return None
        is_text = type_of(field).kind == "text"
        named = self._named(node.items, node.exactly)
        if named is None:
            return None
        values, exactly = named
        form: Form = "folded" if is_text and not exactly else "plain"
        if is_text and _form("text", "text", form == "plain") is None:
            return None
        wanted = map(fold_text, values) if form == "folded" else values
        return Split(field, form, ("in", tuple(dict.fromkeys(wanted)), node.negated))

    def _tabled(self, node: checked.Expression) -> checked.Expression | None:
        """What there may be a table of: a field, or what is quickly worked out of fields; None for all else."""
        if isinstance(node, checked.FieldRef):
            return self._field(node)
        if not isinstance(node, checked.FunctionCall) or type_of(node).kind == "text":
            return None
        function = answering(self._program, node)
        quick = function is not None and function.cost == "constant"
        return self.one_of_equal(node) if quick and all(map(_is_read, node.arguments)) else None

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
                literals, folded = self._program.required(node.regex)
                kind: Literal["as it is", "folded"] = "folded" if folded else "as it is"
                source = Source(None, literals, exactly=not folded, literal=kind, pattern=node.regex)
                return Look(self._operand(node.operand), (source,)) if literals and _is_read(node.operand) else None
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
        return Look(self._operand(node.operand), (Source(None, (longest,), node.exactly),))

    def _anywhere(self, name: str | None) -> bool:
        """Whether the words of a list are found inside of others."""
        return name is not None and self._rulebook.lists[name].edges == "anywhere"

    def _any(self, operand: checked.Expression, items: tuple[Any, ...], exactly: bool) -> Look | None:
        if not _is_read(operand):
            return None
        if len(items) == 1 and items[0].__class__ is checked.Const and items[0].value.__class__ is str:
            # As of many conditions in a row.
            return Look(self._operand(operand), (Source(None, (items[0].value,), exactly),))
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
        return Look(self._operand(operand), tuple(sources)) if sources else None


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


def _is_read(operand: checked.Expression) -> bool:
    """Whether a text is a field, which costs nothing to read."""
    return isinstance(operand, checked.FieldRef)


def is_worked_out(operand: checked.Expression) -> bool:
    """Whether a function tells it, or it is a list read from a text that is compared otherwise than by its items."""
    if not isinstance(operand, checked.FieldRef):
        return True
    return operand.root == "message" and operand.name in ("links", "mentions")


def _joined(found: list[Look | None]) -> Look | None:
    """Of several looks one must answer: all must be at one text."""
    first = found[0]
    sources: list[Source] = []
    words: dict[bool, list[str]] = {}
    for one in found:
        # Fields that are equal were made one.
        if one is None or first is None or one.operand is not first.operand:
            return None
        for source in one.sources:
            if source.name is None and source.literal is None:
                # Words that conditions name are looked for alike, whichever condition it is.
                words.setdefault(source.exactly, []).extend(source.words)
            else:
                sources.append(source)
    assert first is not None  # else there was no first of them
    sources += (Source(None, tuple(several), exactly) for exactly, several in words.items())
    return Look(first.operand, tuple(sources))


def _form(field: str, other: str, exactly: bool) -> Form | None:
    """In which form a field of one kind is compared with a value of another."""
    if field == "instant" and other == "time_of_day":
        return "minute_of_day"
    if field == "instant" and other == "date":
        return "date"
    if field != other or field in ("list", "labels", "nothing"):
        return None
    return "folded" if field == "text" and not exactly else "plain"


def _is_ordered(field: checked.Expression, form: Form) -> bool:
    return form in ("minute_of_day", "date") or (form == "plain" and type_of(field).kind in ORDERED)
