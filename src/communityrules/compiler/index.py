"""Which rules an event may match, told without asking them one by one.

Rules that look at no text stand in tables of what they ask (`masks`): one for each value, whose masks are anded until
none is left. Of those that look at one, most are left out by a look through the text for all of them at once (`sieve`),
which does not grow with their number; only those that it leaves have their own tables asked. A generated function does
both, and gives the rules that are left, which are then asked as if there were no index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from communityrules.checker import checked
from communityrules.compiler import expressions, guarding, guards, masks, rules, texts
from communityrules.compiler.kinds import type_of
from communityrules.compiler.neighbours import side_by_side
from communityrules.compiler.sides import Asked, Side, looked_for
from communityrules.compiler.sieve import Sieve
from communityrules.compiler.sifted import OF_TEXT, ON_CALENDAR, Sifting, asked_value, is_shared, reader
from communityrules.compiler.writer import PARAMETERS, Plan, Program, Writer
from communityrules.library.fold import MAX_TEXT, whole_characters
from communityrules.library.patterns import usable
from communityrules.model.values import TEXT

#: From how many rules of one kind of event on an index is quicker than asking one after another.
MANY: Final = 8
#: From how many rules on a table is worth its cost.
_FEW: Final = 3
#: So many rules that a look through a text left are asked without their tables.
_ASKED: Final = 3
#: So many conditions at most are asked for all rules that have them.
_MOST_WHOLE: Final = 64


def build(plan: Plan, indices: Sequence[int], few: int, read: guarding.Guards) -> rules.Possible:
    """The index of some rules of a rulebook, by their places in it; tables from `few` rules on. All rules are possible
    where that cannot be told."""
    program = plan.program
    told, looking = Side(), Side()
    telling: list[tuple[int, Sequence[guards.Guard]]] = []
    for index in indices:
        for found in read.of(program.rulebook.rules[index]):
            looks = looked_for(program, found)
            if looks:
                looking.add(index, found, looks)
            else:
                telling.append((index, found))
    for index, found in side_by_side(telling):
        told.add(index, found, {})
    plan.counting = False
    select = _Select(plan, tuple(indices), told, looking)
    possible: rules.Possible = program.namespace[select.write(read.relied, few)]
    return select.native(possible)


class _Select:
    """The function that tells which rules are left, while it is being written."""

    def __init__(self, plan: Plan, everyone: Sequence[int], told: Side, looking: Side) -> None:
        self._plan = plan
        self._constant = plan.program.constant
        self._told = told
        self._looking = looking
        self._everyone = f"return {self._constant(everyone)}, {self._constant(plan.blank)}.copy()"
        self._w = Writer(plan)
        self._w.ahead = []
        self._body: list[str] = []
        #: The same for the kernel.
        self._native = Sifting(plan, told.rules, looking.rules)
        #: Whether the function has slots already.
        self._slotted = False
        self._new_slots = f"slots = {self._constant(plan.blank)}.copy()"
        #: Whether a rule is still left.
        self._left = " and ".join(f"not {one}" for one, side in (("left", told), ("found", looking)) if side.rules)

    def _add(self, *lines: str) -> None:
        """Adds lines, after those that what they read needs: what is not reached is not read."""
        w = self._w
        self._body += (*w.loaded(), *(w.ahead or ()), *lines)
        w.ahead = []

    def write(self, relied: Iterable[checked.FieldRef], few: int) -> str:
        """Writes the function and gives its name."""
        told, looking = self._told, self._looking
        tables = [found for found in told.splits.values() if len(found) >= few]
        # A table that is always asked refuses what is of another type than it should be. What is asked later was
        # checked, or is a number made sure of when it is read.
        sure = [found for found in tables if not _is_late(found)]
        tabled = {found[0][1].operand for found in sure}
        for read in relied:
            if read not in tabled or read == guards.NOW:
                self._check(read)
        if looking.rules:
            self._look()
        if told.rules:
            self._tell(sure, [found for found in tables if _is_late(found)], few)
        self._add(f"if {self._left}: return None")
        self._fill_slots()
        left = self._places("left", told) if told.rules else ""
        if looking.rules:
            narrowed = self._narrow(few)
            if narrowed is not None:
                # A few rules are sooner asked themselves.
                self._body.append(f"if found.bit_count() > {_ASKED}: found = {narrowed}(event, facts, slots, found)")
            found = self._places("found", looking)
            left = f"{self._constant(_merged)}({left}, {found}) if found else {left}" if left else found
        self._body.append(f"return {left}, slots")
        name = self._plan.program.name("select")
        made = self._body.index(self._new_slots)
        if any(f"({PARAMETERS})" in line for line in self._body[:made]):
            # What stands too deep is in a function of its own, which looks for what it shares with others.
            self._body.insert(0, self._body.pop(made))
        # Each rule is asked where a value cannot be read, and what fails there is that rule's.
        body = ["try:", *("    " + line for line in self._body), f"except Exception: {self._everyone}"]
        self._plan.source.add(self._w.function(name, body, "event, facts"))
        self._plan.flush()
        return name

    def _fill_slots(self) -> None:
        """Adds lines that put what was worked out so far into slots."""
        if not self._slotted:
            self._slotted = True
            self._body.append(self._new_slots)
        self._body += (f"slots[{slot}] = {local}" for slot, local in self._w.kept.items())

    def native(self, twin: rules.Possible) -> rules.Possible:
        """The function in the kernel, where there is one; else `twin`, the one that was written."""
        self._native.tell(self._told.told, looking=False)
        self._native.tell(self._looking.told, looking=True)
        return self._native.sift(twin)

    def _places(self, mask: str, side: Side) -> str:
        return f"{self._constant(_places)}({mask}, {self._constant(side.rules)})"

    def _look(self) -> None:
        """Which of the rules are left that look at a text."""
        side, constant = self._looking, self._constant
        for at, (operand, looking) in enumerate(side.looks.items()):
            sieve = Sieve(side.everyone, looking.items())
            assign = "found &=" if at else "found ="
            self._native.look(operand, sieve, {bit: usable(one) for bit, one in side.patterns.get(operand, {}).items()})
            if sieve.bare and sieve.native is not None:
                lines = [f"{assign} {constant(sieve.of_text)}({expressions.value(self._w, operand)})"]
            elif sieve.bare:
                text = expressions.value(self._w, operand)
                scan, always, cut = constant(sieve.scan), constant(sieve.always), f"{text}[:{MAX_TEXT}]"
                lines = [
                    f"if {text} is None: {assign} {always}",
                    "else:",
                    f"    try: hits = {scan}({text} if len({text}) <= {MAX_TEXT} else {cut})",
                    f"    except Exception: hits = {scan}({constant(whole_characters)}({cut}))",
                    f"    {assign} {constant(sieve.left)}(hits) if hits else {always}",
                ]
            else:
                text = texts.folded(self._w, operand)
                lines = [f"{assign} {constant(sieve.of_folded)}({text})"]
            self._add(*(["if found:", *("    " + line for line in lines)] if at else lines))

    def _tell(self, sure: Sequence[Asked], late: Sequence[Asked], few: int) -> None:
        """Which of the rules are left that look at none."""
        side, w = self._told, self._w
        mask = self._constant(side.everyone)
        for asked in sure:
            table = _table(side.everyone, asked)
            self._native.sure(table, asked[0][1])
            code = self._asked(table, asked, w)
            mask = code if mask.isidentifier() else f"{mask} & {code}"
        self._add(f"left = {mask}")
        # What leaves the fewest first, because of most events none is left soon; last what is read from a text.
        for table, asked in sorted(
            ((_table(side.everyone, asked), asked) for asked in late),
            key=lambda made: (guards.is_worked_out(made[1][0][1].operand), made[0].left),
        ):
            self._add(f"if {self._left}: return None")
            self._add(f"left &= {self._asked(table, asked, w)}")
            self._native.late(table, asked[0][1], looking=False)
        for group, members in side.groups.items():
            if len(members) >= few:
                self._add(*_belonging(w, "left", side.everyone, group, members))
                self._native.group(group, members, looking=False)
        for condition, members in _shared(side, few):
            self._add(f"if {self._left}: return None")
            self._fill_slots()
            self._add(*_holding(self._plan, "left", side.everyone, condition, members))
            self._native.whole(condition, members, looking=False)

    def _asked(self, table: masks.Table, asked: Asked, w: Writer) -> str:
        """Code for the rules that one value leaves."""
        return f"{self._constant(table)}[{asked_value(w, asked[0][1])}]"

    def _narrow(self, few: int) -> str | None:
        """A function that tells which of the rules are left that the look through the texts left; its name."""
        side, w = self._looking, Writer(self._plan)
        body: list[str] = []
        for asked in side.splits.values():
            if len(asked) >= few:
                table = _table(side.everyone, asked)
                body.append(f"found &= {self._asked(table, asked, w)}")
                self._native.late(table, asked[0][1], looking=True)
        for group, members in side.groups.items():
            if len(members) >= few:
                self._native.group(group, members, looking=True)
                body += _belonging(w, "found", side.everyone, group, members)
        for condition, members in _shared(side, few):
            body += _holding(self._plan, "found", side.everyone, condition, members)
            self._native.whole(condition, members, looking=True)
        if not body:
            return None
        name = self._plan.program.name("narrow")
        self._plan.source.add(w.function(name, [*body, "return found"], f"{PARAMETERS}, found"))
        return name

    def _check(self, read: checked.FieldRef) -> None:
        """Leaves every rule possible where a value is of another type than its field: any of them may fail then."""
        kind = read.type.kind
        if read.root == "label" or (kind == "number" and read.custom):
            return
        if read.root == "message" and read.name in OF_TEXT and not read.custom:
            read, kind = checked.FieldRef("message", "text", TEXT), "text"
        code = rules.place(self._w) if read == guards.PLACE else expressions.value(self._w, read)
        wanted = _CLASSES.get(kind)
        self._native.check(read, wanted)
        if wanted is not None:
            line = f"if {code}.__class__ is not {self._constant(wanted)} and {code} is not None: {self._everyone}"
            if line not in self._body:
                self._add(line)
            if read == guards.NOW:
                earliest, latest = map(self._constant, ON_CALENDAR)
                self._add(f"if not {earliest} < {code} < {latest}: {self._everyone}")
            return
        item = read.type.item
        of = _CLASSES.get(item.kind) if item is not None else str
        lists = masks.Lists((int, Decimal) if of is int else (of or str,))
        self._add(f"{self._constant(lists)}[{code}]")


def _places(mask: int, places: Sequence[int]) -> list[int]:
    """The places of the rules whose bits are set, in order."""
    if not mask:
        return []
    if not mask & (mask - 1):
        return [places[mask.bit_length() - 1]]
    # A rule may be left in several ways.
    return sorted({places[bit] for bit in masks.bits_of(mask)})


def _merged(some: list[int], others: list[int]) -> list[int]:
    return sorted({*some, *others}) if some else others


def _is_late(asked: Asked) -> bool:
    """Whether a table need not be asked to refuse what is of another type: it would not, or what it asks was checked
    before, or is made sure of when it is read."""
    split = asked[0][1]
    if split.form == "present":
        return True
    if not isinstance(split.operand, checked.FieldRef):
        return True
    kind, root = split.operand.type.kind, split.operand.root
    if root == "message" and split.operand.name in OF_TEXT:
        return not split.operand.custom
    return kind == "boolean" or (kind == "number" and root != "label" and split.operand.custom)


def compile_events(program: Program, indexed: bool | None) -> dict[str, rules.Judge]:
    """The judges by event type; types with the same rules share one. `indexed`: whether they have an index, None:
    where there are many rules."""
    made: dict[tuple[bool, tuple[int, ...]], rules.Judge] = {}
    judges: dict[str, rules.Judge] = {}
    read: guarding.Guards | None = None
    for event_type, indices in rules.by_event(program.rulebook).items():
        key = (rules.sender_is_subject(program, event_type), tuple(indices))
        if key not in made:
            with_index = len(indices) >= MANY if indexed is None else indexed
            if with_index:
                read = read or guarding.Guards(program)
                made[key] = _indexed(program, *key, 1 if indexed else _FEW, read)
            else:
                made[key] = rules.compile_event(program, *key)
        judges[event_type] = made[key]
    program.known = read.known(program) if read is not None else None
    program.before = None
    return judges


def _indexed(program: Program, sender: bool, indices: Sequence[int], few: int, read: guarding.Guards) -> rules.Judge:
    plan = Plan(program, sender, lazy=True)
    return rules.Judge(plan, possible=build(plan, indices, few, read), blank=plan.blank)


def _table(everyone: int, asked: Asked) -> masks.Table:
    """The masks of the rules that one value leaves."""
    form, operand = asked[0][1].form, asked[0][1].operand
    made = masks.alike(asked)
    kind = "date" if form == "date" else type_of(operand).kind
    if form in ("minute_of_day", "date") or (form == "plain" and kind in guards.ORDERED):
        return masks.Ordered(everyone, made, masks.between_dates if kind == "date" else masks.between_numbers)
    if form in ("items", "folded items"):
        return masks.Items(everyone, made, form == "folded items")
    if form == "present":
        return masks.Named(everyone, made, bool)
    if form == "folded" and not is_shared(operand):
        return masks.Folding(everyone, made)
    return masks.Named(everyone, made, bool if kind == "boolean" else str)


#: By the kind of a field's type the class of its values. Numbers of the rulebook's own fields are made sure of when
#: they are read, and what links there are is read from a text.
_CLASSES: Final[Mapping[str, type]] = {
    **dict.fromkeys(("text", "member", "message", "state"), str),
    **dict.fromkeys(("number", "instant", "duration", "time_of_day"), int),
    "boolean": bool,
    "date": date,
}


def _belonging(w: Writer, left: str, everyone: int, group: str, asked: list[tuple[int, bool]]) -> list[str]:
    """Lines that take out of a mask the rules for those who are in a group, or for those who are not."""
    wanted, unwanted = masks.inside_and_outside(asked)
    constant = w.program.constant
    lines: list[str] = []
    if wanted:
        # The event may be about the group as a whole.
        lines.append(f"if not {rules.about(w, group)}: {left} &= {constant(everyone & ~wanted)}")
    if unwanted:
        lines.append(f"if {expressions.group(w, group)}: {left} &= {constant(everyone & ~unwanted)}")
    return lines


def _shared(side: Side, few: int) -> list[tuple[checked.Expression, list[tuple[int, bool]]]]:
    """The conditions that at least some rules have, those of the most rules first."""
    several = [one for one in side.wholes.values() if len(one[1]) >= few]
    return sorted(several, key=lambda one: len(one[1]), reverse=True)[:_MOST_WHOLE]


def _holding(
    plan: Plan, left: str, everyone: int, condition: checked.Expression, asked: list[tuple[int, bool]]
) -> list[str]:
    """Lines that take out of a mask the rules for which a condition does not hold, or does. It is asked only where it
    makes a difference."""
    wanted, unwanted = masks.inside_and_outside(asked)
    constant = plan.program.constant
    plan.wholes.add(condition)
    name = reader(plan, ("whole", condition), lambda w: expressions.test(w, condition))
    return [
        f"if {left} & {constant(wanted | unwanted)}:",
        f"    {left} &= {constant(everyone & ~unwanted)} if {name}({PARAMETERS}) else {constant(everyone & ~wanted)}",
    ]
