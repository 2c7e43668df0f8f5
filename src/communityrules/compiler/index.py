"""Which rules an event may match, told without asking them one by one.

For each value that rules ask for there is a table (`masks`), for each text a sieve (`sieve`). A generated function
reads the values, ands the masks, and gives the rules that are left, which are then asked as if there were no index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from communityrules.checker import checked
from communityrules.compiler import expressions, guards, masks, rules, texts
from communityrules.compiler.facts import Facts
from communityrules.compiler.kinds import type_of
from communityrules.compiler.sieve import Sieve
from communityrules.compiler.writer import Plan, Program, Writer
from communityrules.library.matching import Needed
from communityrules.model.event import Event
from communityrules.model.values import TEXT

#: From how many rules of one kind of event on an index is quicker than asking one after another.
MANY: Final = 8
#: From how many rules on a table is worth its cost.
_FEW: Final = 3
_NONE: Final = ()


@dataclass(frozen=True, slots=True)
class Index:
    """What tells the rules of one kind of event that it may match."""

    #: For each bit the rule's place in the rulebook.
    rules: tuple[int, ...]
    #: All bits.
    everyone: int
    #: The mask of the rules that are left. May raise what reading a value raises; then nothing is known.
    select: Callable[[Event, Facts, list[Any]], int]

    def possible(self, event: Event, facts: Facts, slots: list[Any]) -> Sequence[int]:
        """The places of the rules that the event may match, in order; of all when that cannot be told."""
        try:
            left = self.select(event, facts, slots)
        except Exception:  # noqa: BLE001  # each rule is then asked, and what fails there is that rule's
            left = self.everyone
        if not left:
            return _NONE
        found: list[int] = []
        rules = self.rules
        while left:
            low = left & -left
            found.append(rules[low.bit_length() - 1])
            left ^= low
        return found


def build(plan: Plan, indices: Sequence[int], few: int) -> Index:
    """The index of some rules of a rulebook, by their places in it; tables from `few` rules on."""
    program = plan.program
    everyone = (1 << len(indices)) - 1
    splits: dict[Any, list[tuple[int, guards.Split]]] = {}
    looks: dict[checked.Expression, dict[int, guards.Look]] = {}
    groups: dict[str, list[tuple[int, bool]]] = {}
    relied: dict[checked.FieldRef, None] = {}
    for bit, index in enumerate(indices):
        for guard in guards.guards(program, program.rulebook.rules[index]):
            match guard:
                case guards.Split():
                    splits.setdefault(guard.key, []).append((bit, guard))
                case guards.Belonging(group=group, wanted=wanted):
                    groups.setdefault(group, []).append((bit, wanted))
                case guards.Look():
                    known = looks.setdefault(guard.operand, {})
                    if bit not in known or _worth(known[bit]) < _worth(guard):
                        known[bit] = guard
                case guards.Read(field=read):
                    relied[read] = None

    plan.counting = False
    w = Writer(plan)
    ahead = w.ahead = []
    body = [f"left = {program.constant(everyone)}"]

    def add(lines: list[str]) -> None:
        body.extend(ahead)
        ahead.clear()
        body.extend(lines)

    # A table refuses what is of another type than it should be.
    tabled = {found[0][1].operand for found in splits.values() if len(found) >= few}
    for read in relied:
        if read not in tabled or read.type.kind == "boolean":
            add(_as_promised(w, everyone, read))
    for found in splits.values():
        if len(found) >= few:
            add([f"left &= {_table(w, everyone, found)}"])
    for group, asked in groups.items():
        if len(asked) >= few:
            add(_belonging(w, everyone, group, asked))
    for operand, looking in looks.items():
        add(_looked_at(w, everyone, operand, looking))
    name = program.name("select")
    plan.source.add(w.function(name, [*body, "return left"]))
    plan.flush()
    return Index(tuple(indices), everyone, program.namespace[name])


def _looked_at(w: Writer, everyone: int, operand: checked.Expression, looking: Mapping[int, guards.Look]) -> list[str]:
    sieve = Sieve(everyone, [(bit, _needs(w.program, one)) for bit, one in looking.items()])
    # Not before a rule that is left looks at the text.
    lines = [f"if left & {w.program.constant(masks.mask_of(looking))}:"]
    if sieve.bare:
        text = expressions.value(w, operand)
        return [*lines, f"    left &= {w.program.constant(sieve.of_text)}({text})"]
    ahead, w.ahead = w.ahead or [], []
    folded = texts.folded(w, operand)
    filling, w.ahead = w.ahead, ahead
    return [
        *lines,
        *("    " + line for line in filling),
        f"    left &= {w.program.constant(sieve.of_folded)}({folded})",
    ]


def compile_events(program: Program, indexed: bool | None) -> dict[str, rules.Judge]:
    """The judges by event type; types with the same rules share one. `indexed`: whether they have an index, None:
    where there are many rules."""
    made: dict[tuple[bool, tuple[int, ...]], rules.Judge] = {}
    judges: dict[str, rules.Judge] = {}
    for event_type, indices in rules.by_event(program.rulebook).items():
        key = (rules.sender_is_subject(program, event_type), tuple(indices))
        if key not in made:
            with_index = len(indices) >= MANY if indexed is None else indexed
            made[key] = (
                _indexed(program, *key, 1 if indexed else _FEW) if with_index else rules.compile_event(program, *key)
            )
        judges[event_type] = made[key]
    return judges


def _indexed(program: Program, sender: bool, indices: Sequence[int], few: int) -> rules.Judge:
    plan = Plan(program, sender, lazy=True)
    index = build(plan, indices, few)
    return rules.Judge(plan, index=index, blank=plan.blank)


def _worth(look: guards.Look) -> int:
    """How seldom a text holds something: as seldom as the shortest word."""
    return min((len(word.encode()) for one in look.sources for word in one.words), default=0)


def _needs(program: Program, look: guards.Look) -> list[Needed]:
    return [_need(program, one) for one in look.sources]


def _need(program: Program, source: guards.Source) -> Needed:
    match source.literal:
        case "folded":
            return Needed(folded=source.words)
        case "as it is":
            return Needed(plain=source.words)
        case None:
            return texts.words(program, source.name, source.words, source.exactly).needed


def _table(w: Writer, everyone: int, asked: list[tuple[int, guards.Split]]) -> str:
    """Code for the mask of the rules that one value leaves."""
    form, operand = asked[0][1].form, asked[0][1].operand
    together: dict[int, list[guards.Split]] = {}
    for bit, split in asked:
        together.setdefault(bit, []).append(split)
    made = [(bit, _all(found)) for bit, found in together.items()]
    kind = "date" if form == "date" else type_of(operand).kind
    table: masks.Named | masks.Ordered
    if form in ("minute_of_day", "date") or (form == "plain" and kind in guards.ORDERED):
        between = masks.between_dates if kind == "date" else masks.between_numbers
        table = masks.Ordered(everyone, made, between)
    else:
        table = masks.Named(everyone, made, bool if kind == "boolean" else str)
    match form:
        case "place":
            code = rules.place(w)
        case "folded":
            code = texts.folded_text(w, operand)
        case "minute_of_day" | "date":
            code = expressions.local(w, operand, form)
        case _:
            code = expressions.value(w, operand)
    return f"{w.program.constant(table)}[{code}]"


def _all(found: list[guards.Split]) -> guards.Split:
    if len(found) == 1:
        return found[0]
    points = tuple(dict.fromkeys(point for one in found for point in one.points))
    return guards.Split(found[0].operand, found[0].form, points, lambda value: all(one.holds(value) for one in found))


#: By the kind of a field's type the class of its values. Numbers of the rulebook's own fields are made sure of when
#: they are read, and what links there are is read from a text.
_CLASSES: Final[Mapping[str, type]] = {
    **dict.fromkeys(("text", "member", "message", "state"), str),
    **dict.fromkeys(("number", "instant", "duration", "time_of_day"), int),
    "boolean": bool,
    "date": date,
}


def _as_promised(w: Writer, everyone: int, read: checked.FieldRef) -> list[str]:
    """Leaves every rule possible where a value is of another type than its field: any of them may fail then."""
    kind = read.type.kind
    if read.root == "label" or read == guards.NOW or (kind == "number" and read.custom):
        return []
    if read.root == "message" and read.name in ("links", "mentions", "length") and not read.custom:
        read, kind = checked.FieldRef("message", "text", TEXT), "text"
    code = expressions.value(w, read)
    wanted = _CLASSES.get(kind)
    if wanted is not None:
        return [
            f"if {code}.__class__ is not {w.program.constant(wanted)} and {code} is not None: "
            f"return {w.program.constant(everyone)}"
        ]
    item = read.type.item
    of = _CLASSES.get(item.kind) if item is not None else str
    lists = masks.Lists((int, Decimal) if of is int else (of or str,))
    return [f"{w.program.constant(lists)}[{code}]"]


def _belonging(w: Writer, everyone: int, group: str, asked: list[tuple[int, bool]]) -> list[str]:
    wanted = masks.mask_of(bit for bit, inside in asked if inside)
    unwanted = masks.mask_of(bit for bit, inside in asked if not inside)
    constant = w.program.constant
    lines: list[str] = []
    if wanted:
        # The event may be about the group as a whole.
        lines.append(f"if not {rules.about(w, group)}: left &= {constant(everyone & ~wanted)}")
    if unwanted:
        lines.append(f"if {expressions.group(w, group)}: left &= {constant(everyone & ~unwanted)}")
    return lines
