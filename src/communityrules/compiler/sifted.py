"""What the kernel is told so that it finds the rules that are left, as the function of `index` in Python does.

It is told how each value is read, and which tables, groups and looks there are, with masks as words of 64 bits. What
it could not read by itself a function reads that is written here.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from communityrules.checker import checked
from communityrules.compiler import expressions, fields, guards, masks, rules, texts
from communityrules.compiler.kinds import FLIPPED, type_of
from communityrules.compiler.runtime import number
from communityrules.compiler.sieve import Sieve
from communityrules.compiler.splits import Split
from communityrules.compiler.writer import Plan, Writer
from communityrules.kernel import native
from communityrules.library.patterns import PatternMatcher
from communityrules.model.values import instant

#: What is worked out of a message's text.
OF_TEXT: Final = ("links", "mentions", "length")
#: So many values the kernel reads of one event at most.
MOST_READS: Final = 256
#: So many a measure needs at most, with its keys.
_OF_MEASURE: Final = 16
#: What is no measure of events is worked out for the rules that compare it from so many of them on.
_SHARED: Final = 3
#: Between these instants every clock shows a time.
ON_CALENDAR: Final = (instant(datetime(1, 1, 3, tzinfo=UTC)), instant(datetime(9999, 12, 29, tzinfo=UTC)))
#: How many masks are kept for a table whose masks have no bound.
_KEPT: Final = 1024

# Whose a value is, and what is done with it: the numbers are the kernel's.
_OF_EVENT, _OF_SUBJECT, _OF_SENDER, _OF_AIMED, _OF_MESSAGE = range(5)
_AS_IT_IS, _NUMBER, _FLAG, _WORDS, _PLACE, _LENGTH, _MOMENT = range(7)
_PEOPLE: Final = {"member": _OF_SUBJECT, "sender": _OF_SENDER, "whom": _OF_AIMED}
_LABELS: Final = {"number": _NUMBER, "boolean": _FLAG, "text": _WORDS}

_Way = tuple[int, str, str | None, int]
#: The index of a measure, the numbers of what its keys are, the slot of its value.
_Measure = tuple[int, tuple[int, ...], int]
#: As the kernel compares.
OPERATORS: Final = ("<", "<=", "is", "is_not", ">", ">=")


#: By what tables and groups a rule is told apart before anything else is asked, the condition that is asked then, and
#: whether none is asked behind it.
Told = tuple[list[Any], checked.Expression | None, bool]


class Reads:
    """Values that the kernel is to read of an event, each with a number."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._numbers: dict[Hashable, int] = {}
        #: How each is read: itself, or the name of a function.
        self.ways: list[_Way | _Measure | str] = []

    def copy(self) -> Reads:
        """The same, of which more can be made."""
        made = Reads(self._plan)
        made._numbers, made.ways = self._numbers.copy(), self.ways.copy()
        return made

    def value(self, operand: checked.Expression) -> int:
        """What an expression is worth."""
        way = _way(self._plan, operand) if isinstance(operand, checked.FieldRef) else None
        if way is not None:
            return self.way(way)
        return self.function(("value", operand), lambda w: expressions.value(w, operand))

    def function(self, key: Hashable, write: Callable[[Writer], str]) -> int:
        """What some code gives; `key` tells it apart from all else."""
        if key not in self._numbers:
            self.way(reader(self._plan, key, write), key)
        return self._numbers[key]

    def way(self, how: _Way | _Measure | str, key: Hashable = None) -> int:
        """What is read in a way."""
        at = self._numbers.setdefault(how if key is None else key, len(self.ways))
        if at == len(self.ways):
            self.ways.append(how)
        return at

    def given(self) -> tuple[Any, ...]:
        """As the kernel is given them, once what was written is defined."""
        namespace = self._plan.program.namespace
        return tuple(namespace[one] if isinstance(one, str) else one for one in self.ways)


def reader(plan: Plan, key: Hashable, write: Callable[[Writer], str]) -> str:
    """The name of a function that gives what some code gives, written once for its key."""
    name = plan.readers.get(key)
    if name is None:
        w = Writer(plan)
        code = write(w)
        name = plan.readers[key] = plan.program.name("read")
        plan.source.add(w.function(name, [f"return {code}"]))
    return name


class Sifting:
    """What the kernel is told of the rules for one kind of event, while the function for Python is being written."""

    def __init__(self, plan: Plan, told: Sequence[int], looking: Sequence[int]) -> None:
        """`told`, `looking`: for each bit the rule's place, of the rules that look at no text and of those that do."""
        self._plan = plan
        self._places = (tuple(told), tuple(looking))
        self._sizes = tuple((len(one) + 63) // 64 * 8 for one in self._places)
        self._reads = Reads(plan)
        self._checks: list[tuple[int, type, bool]] = []
        self._sure: list[tuple[int, Any]] = []
        self._late: tuple[list[tuple[int, Any]], list[tuple[int, Any]]] = ([], [])
        self._groups: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]] = ([], [])
        self._looks: list[tuple[Any, ...]] = []
        #: What tables and groups tell exactly: keys of `sides.Side`.
        self._exact: tuple[set[Any], set[Any]] = (set(), set())
        self._decided = [b"", b""]
        #: Which of those that look match when the text holds a word of their list; None where there are none.
        self._listed: bytes | None = None
        self._looked: list[checked.Expression] = []
        self._measures: tuple[list[tuple[int, int, int, Any]], list[tuple[int, int, int, Any]]] = ([], [])
        self._kernel = native("sifting") if sys.byteorder == "little" else None

    def check(self, read: checked.FieldRef, wanted: type | None) -> None:
        """A field must be of a class, or absent; a list (`wanted` is None) of items of one."""
        if self._kernel is None:
            return
        if read == guards.PLACE:
            at = self._reads.way((_OF_EVENT, "place", None, _PLACE))
        elif read == guards.NOW:
            at = self._reads.way((_OF_EVENT, "time", None, _MOMENT))
        else:
            at = self._reads.value(read)
        if wanted is not None:
            self._checks.append((at, wanted, False))
        else:
            item = read.type.item
            # What else a list may hold Python looks at.
            self._checks.append((at, int if item is not None and item.kind == "number" else str, True))

    def sure(self, table: masks.Table, split: Split) -> None:
        """A table that must be asked of every event."""
        if self._kernel is not None:
            self._sure.append((self._asked(split), _Words(self._kernel, table, self._sizes[0])))
            self._exact[0].add(split.key)

    def late(self, table: masks.Table, split: Split, looking: bool) -> None:
        """A table that is only asked where rules are left."""
        if self._kernel is not None:
            self._late[looking].append((self._asked(split), _Words(self._kernel, table, self._sizes[looking])))
            self._exact[looking].add(split.key)

    def group(self, group: str, members: list[tuple[int, bool]], looking: bool) -> None:
        """Rules for those who are in a group, and for those who are not."""
        if self._kernel is None:
            return
        self._exact[looking].add(group)
        everyone = (1 << len(self._places[looking])) - 1
        size = self._sizes[looking]
        wanted, unwanted = masks.inside_and_outside(members)
        if wanted:
            about = self._reads.function(("about", group), lambda w: rules.about(w, group))
            left = (everyone & ~wanted).to_bytes(size, "little")
            self._groups[looking].append((about, left, None, wanted.to_bytes(size, "little")))
        if unwanted:
            inside = self._reads.function(("group", group), lambda w: expressions.group(w, group))
            left = (everyone & ~unwanted).to_bytes(size, "little")
            self._groups[looking].append((inside, None, left, unwanted.to_bytes(size, "little")))

    def whole(self, condition: checked.Expression, members: list[tuple[int, bool]], looking: bool) -> None:
        """Rules for which a condition must hold, or must not."""
        if self._kernel is None:
            return
        self._exact[looking].add(("whole", id(condition)))
        everyone = (1 << len(self._places[looking])) - 1
        wanted, unwanted = masks.inside_and_outside(members)
        holds = self._reads.function(("whole", condition), lambda w: expressions.test(w, condition))
        sets = (everyone & ~wanted, everyone & ~unwanted, wanted | unwanted)
        self._groups[looking].append((holds, *(one.to_bytes(self._sizes[looking], "little") for one in sets)))

    def look(self, operand: checked.Expression, sieve: Sieve, patterns: Mapping[int, PatternMatcher]) -> None:
        """A look through a text, of which patterns, by the bits of their rules, may need more."""
        if self._kernel is None:
            return
        always = sieve.always.to_bytes(self._sizes[1], "little")
        also = {bit: (pattern, False) for bit, pattern in patterns.items()}
        if sieve.bare and sieve.native is None:
            self._kernel = None
            return
        mask = -1
        if not sieve.bare:

            def write(w: Writer) -> str:
                return f"{w.program.constant(sieve.of_folded)}({texts.folded(w, operand)})"

            mask = self._reads.function(("look", operand), write)
        looks = sieve.native or (None, None, None, None)
        self._looked.append(operand)
        self._looks.append((self._reads.value(operand), mask, *looks, sieve.always, always, also))

    def tell(self, told: Mapping[int, Told], looking: bool) -> None:
        """Of which rules tables, groups and looks tell all, and of which all but a measure: see `sides.Side.told`."""
        if self._kernel is None:
            return
        exact, decided = self._exact[looking], list[int]()
        compared: list[tuple[int, tuple[checked.Expression, str, Any]]] = []
        listed = list[int]()
        for bit, (keys, condition, last) in told.items():
            if not all(key in exact for key in keys):
                continue
            if condition is None:
                decided.append(bit)
            elif isinstance(condition, checked.Matches):
                for *_, patterns in self._looks if last else ():
                    if bit in patterns and patterns[bit][0].pattern == condition.regex:
                        patterns[bit] = (patterns[bit][0], True)
            elif isinstance(condition, checked.Contains):
                if last and condition.mode == "any" and condition.operand in self._looked:
                    listed.append(bit)
            elif (found := self._compared(condition)) is not None:
                compared.append((bit, found))
        often = Counter(value for _, (value, _, _) in compared)
        for bit, (value, operator, wanted) in compared:
            if isinstance(value, checked.AggregateRef) or often[value] >= _SHARED:
                self._measure(bit, value, operator, wanted, looking)
        if looking and listed:
            self._listed = masks.mask_of(listed).to_bytes(self._sizes[looking], "little")
        self._decided[looking] = masks.mask_of(decided).to_bytes(self._sizes[looking], "little")

    def _measure(self, bit: int, value: checked.Expression, operator: str, wanted: Any, looking: bool) -> None:
        """Has a value compared of a rule, which is what it asks next."""
        if len(self._reads.ways) > MOST_READS - _OF_MEASURE:
            return
        if isinstance(value, checked.AggregateRef):
            # Where it is kept for the rules that are asked.
            expressions.value(Writer(self._plan), value)
            keys = tuple(self._reads.value(key) for key in value.keys)
            read = self._reads.way((value.index, keys, self._plan.slots[value]))
        else:
            read = self._reads.value(value)
        self._measures[looking].append((bit, read, OPERATORS.index(operator), wanted))

    def _compared(self, condition: checked.Expression) -> tuple[checked.Expression, str, Any] | None:
        """A value that may fail or is seen from outside, and how it must compare with what; None for all else."""
        if isinstance(condition, checked.AggregateRef | checked.DefinitionRef):
            return (condition, "is", True) if condition.type.kind == "boolean" else None
        if not isinstance(condition, checked.Compare):
            return None
        value, limit, operator = condition.left, condition.right, str(condition.operator)
        wanted = guards.constant(self._plan.program.rulebook, limit)
        if wanted is None:
            value, limit, operator = limit, value, FLIPPED[operator]
            wanted = guards.constant(self._plan.program.rulebook, limit)
        kind = type_of(value).kind
        if wanted is None or kind != type_of(limit).kind:
            return None
        return (value, operator, wanted) if kind in guards.ORDERED or kind == "state" else None

    def sift(self, twin: rules.Possible) -> rules.Possible:
        """What finds the rules that are left: in the kernel where it can, else `twin`."""
        if self._kernel is None or len(self._reads.ways) > MOST_READS:
            return twin
        plan = self._plan
        plan.flush()
        told, looking = (
            (
                places,
                tuple(sure),
                tuple(late),
                tuple(groups),
                tuple(looks),
                decided or bytes(size),
                tuple(measures),
                listed,
            )
            for places, sure, late, groups, looks, decided, size, measures, listed in zip(
                self._places,
                (self._sure, ()),
                self._late,
                self._groups,
                ((), self._looks),
                self._decided,
                self._sizes,
                self._measures,
                (None, self._listed),
                strict=True,
            )
        )
        sift: rules.Possible = self._kernel.Sift(
            twin,
            plan.blank,
            number,
            plan.sender_is_subject,
            self._reads.given(),
            tuple(self._checks),
            told,
            looking,
        )
        plan.sift, plan.reads = sift, self._reads
        return sift

    def _asked(self, split: Split) -> int:
        if split.form == "place":
            return self._reads.way((_OF_EVENT, "place", None, _PLACE))
        if split.form in ("minute_of_day", "date", "present") or (split.form == "folded" and is_shared(split.operand)):
            return self._reads.function(split.key, lambda w: asked_value(w, split))
        return self._reads.value(split.operand)


class _Words:
    """Gives the masks of a table as bytes, each made once."""

    __slots__ = ("_made", "_size", "_table", "_with_live")

    def __init__(self, kernel: Any, table: masks.Table, size: int) -> None:
        self._with_live = kernel.with_live
        self._table = table
        self._size = size
        self._made: dict[int, bytes] = {}

    def __call__(self, value: Any) -> bytes:
        mask = self._table[value]
        made = self._made.get(mask)
        if made is None:
            if len(self._made) >= _KEPT:
                self._made.clear()
            made = self._made[mask] = self._with_live(mask.to_bytes(self._size, "little"))
        return made


def _way(plan: Plan, ref: checked.FieldRef) -> _Way | None:
    """How the kernel reads a field, as `fields.read` does; None where only Python can."""
    root, name = ref.root, ref.name
    if root == "label":
        own = name in plan.program.library.scores
        return None if own else (_OF_MESSAGE, "labels", name, _LABELS.get(ref.type.kind, _AS_IT_IS))
    if root == "named":
        return None
    if not ref.custom:
        if root == "event" and name in fields.ENVELOPE:
            return (_OF_EVENT, name, None, _AS_IT_IS)
        if root in _PEOPLE and name in fields.PERSON:
            return (_PEOPLE[root], name, None, _AS_IT_IS)
        if root == "message" and name == "length":
            return (_OF_MESSAGE, "text", None, _LENGTH)
        if root == "message" and (name == "text" or name in fields.MESSAGE):
            return (_OF_MESSAGE, name, None, _AS_IT_IS)
        if (root in _PEOPLE and name in ("tenure", "labels")) or (root == "message" and name in OF_TEXT):
            return None
        if root == "target" and name in fields.TARGET:
            return None
    whose = _OF_MESSAGE if root == "message" else _PEOPLE.get(root, _OF_EVENT)
    return (whose, "fields", name, _NUMBER if ref.type.kind == "number" else _AS_IT_IS)


def is_shared(operand: checked.Expression) -> bool:
    """Whether a text is worth folding once for all who ask: it is long, and most rules look at it."""
    return isinstance(operand, checked.FieldRef) and operand.root == "message"


def asked_value(w: Writer, split: Split) -> str:
    """Code for the value of which a table is."""
    match split.form:
        case "place":
            return rules.place(w)
        case "folded" if is_shared(split.operand):
            return texts.folded_text(w, split.operand)
        case "minute_of_day" | "date":
            return expressions.local(w, split.operand, split.form)
        case "present":
            return expressions.test(w, checked.Empty(split.operand, negated=True))
        case _:
            return expressions.value(w, split.operand)
