"""Rules to functions: one for each kind of event, made of a block for each rule.

    try:
        if now >= 1728000000000000 and place in k1 and not (group) and (condition):
            found = hit(found, 12)
    except Exception as error:
        found = fail(found, 12, error)

In force, place, people, condition: in this order, so that what is cheap is asked first and what fails later is not
reached. A block that fails does not match and touches no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from communityrules.checker import checked
from communityrules.compiler import expressions, fields
from communityrules.compiler.facts import Facts
from communityrules.compiler.match import Hit
from communityrules.compiler.outcome import sent_by_subject
from communityrules.compiler.writer import PARAMETERS, Plan, Program, Writer
from communityrules.library.events import heard_by
from communityrules.model.event import Event

#: Rules in one generated function. Python's own compiler slows down on very long ones.
_CHUNK: Final = 64

#: What a generated part answers: None, or indices of rules that matched and (index, error) of those that failed.
Found = list[Any] | None
Part = Callable[[Event, Facts, list[Any], Found], Found]
#: Which rules an event may match: their places in the rulebook, in order (of those that are known to match, `~` of
#: them), and the slots with what was already worked out; None for none.
Possible = Callable[[Event, Facts], tuple[Sequence[int], list[Any]] | None]

#: The same with the hits of these rules, all at once; None in their place where they are to be asked. Is handed
#: `Judge.explain`.
Known = Callable[[Event, Facts, Mapping[int, Any]], tuple[tuple[Hit, ...] | None, Any] | None]


@dataclass(slots=True)
class Judge:
    """What judges one kind of event."""

    plan: Plan
    #: Run in order, each handed what the one before found.
    parts: tuple[Part, ...] = ()
    #: A rule's index → the part that judges it alone: findings by rule, periodic rules.
    single: dict[int, Part] = field(default_factory=dict)
    #: A rule's index → what gives its evidence; made when it first matches.
    explain: dict[int, Callable[..., bool]] = field(default_factory=dict)
    #: As many unfilled slots as the parts share.
    blank: list[Any] = field(default_factory=list)
    #: Tells the rules that are worth asking, where there are many; each is then in `single` once it was asked.
    possible: Possible | None = None

    @property
    def known(self) -> Known:
        """What tells the rules that are worth asking, and the hits of rules of which nothing need be asked any more."""
        if self.plan.sift is not None:
            known: Known = self.plan.sift.match
            return known
        possible = self.possible
        assert possible is not None

        def asked(event: Event, facts: Facts, _: Mapping[int, Any]) -> Any:
            left = possible(event, facts)
            return None if left is None else (None, left)

        return asked

    def asked(self, index: int) -> Part:
        """What judges one rule alone, written when it is first asked for."""
        plan = self.plan
        with plan.program.writing:
            name = _part(plan, [index])
            plan.flush()
            part: Part = plan.program.namespace[name]
            self.single[index] = part
        return part

    def grow(self, slots: list[Any]) -> None:
        """Adds to the slots of an event those that came about since, as more was written."""
        slots += self.blank[len(slots) :]

    def ask(self, event: Event, facts: Facts, asked: Sequence[int], slots: list[Any]) -> Found:
        """What some rules answer to an event, each by itself; of those that are known to match `~` of the place."""
        single, blank = self.single, self.blank
        found: Found = None
        for rule in asked:
            if rule < 0:
                if found is None:
                    found = [~rule]
                else:
                    found.append(~rule)
                continue
            part = single.get(rule) or self.asked(rule)
            if len(slots) < len(blank):
                self.grow(slots)
            found = part(event, facts, slots, found)
        return found

    def found(self, event: Event, facts: Facts) -> tuple[list[Any], list[Any]] | None:
        """What the rules answer to an event, and the slots; None where none matches or fails."""
        found: Found = None
        if self.possible is None:
            slots = self.blank.copy()
            for part in self.parts:
                found = part(event, facts, slots, found)
        else:
            possible = self.possible(event, facts)
            if possible is None:
                return None
            slots = possible[1]
            found = self.ask(event, facts, *possible)
        return None if found is None else (found, slots)


def sender_is_subject(program: Program, event_type: str) -> bool:
    """Whether the sender is the subject where an event of that type names no other."""
    return sent_by_subject(event_type, program.library)


def by_event(rulebook: checked.Rulebook) -> dict[str, list[int]]:
    """Event type → the rules that are on it, in order. Rules by finding and by period are not among them."""
    rules: dict[str, list[int]] = {}
    for index, rule in enumerate(rulebook.rules):
        if rule.every is None and rule.found_by is None:
            for event_type in dict.fromkeys(heard for named in rule.events for heard in heard_by(named)):
                rules.setdefault(event_type, []).append(index)
    return rules


def compile_event(program: Program, sender: bool, indices: Sequence[int]) -> Judge:
    """A judge that asks one rule after another."""
    chunks = [indices[at : at + _CHUNK] for at in range(0, len(indices), _CHUNK)]
    plan = Plan(program, sender)

    def write() -> list[str]:
        return [_part(plan, chunk) for chunk in chunks]

    names = twice(plan, write)
    return _judge(plan, tuple(program.namespace[name] for name in names), {})


def compile_findings(program: Program) -> tuple[Judge, dict[str, list[int]]]:
    """The judge of findings, rule by rule; and the rules behind each rule's id."""
    plan = Plan(program, sender_is_subject(program, "finding"))
    indices = [i for i, rule in enumerate(program.rulebook.rules) if rule.found_by is not None and rule.every is None]
    by_id: dict[str, list[int]] = {}
    for index in indices:
        by_id.setdefault(program.rulebook.rules[index].id, []).append(index)
    names = twice(plan, lambda: [_part(plan, [index]) for index in indices])
    return _judge(plan, (), {index: program.namespace[name] for index, name in zip(indices, names, strict=True)}), by_id


def compile_periods(program: Program) -> Judge:
    """The judge of periodic rules, rule by rule."""
    plan = Plan(program, sender_is_subject=False, periodic=True)
    indices = [index for index, rule in enumerate(program.rulebook.rules) if rule.every is not None]
    names = twice(plan, lambda: [_part(plan, [index]) for index in indices])
    return _judge(plan, (), {index: program.namespace[name] for index, name in zip(indices, names, strict=True)})


def _judge(plan: Plan, parts: tuple[Part, ...], single: dict[int, Part]) -> Judge:
    return Judge(plan, parts, single, blank=plan.blank)


def twice(plan: Plan, write: Callable[[], list[str]]) -> list[str]:
    """Writes once to count what is shared and once for good; defines the functions and gives their names."""
    write()
    plan.counting = False
    plan.source.lines.clear()
    plan.source.origins.clear()
    names = write()
    plan.flush()
    return names


def _part(plan: Plan, indices: Sequence[int]) -> str:
    name = plan.program.name("part")
    w = Writer(plan)
    body: list[str] = []
    origins: list[tuple[int, int, checked.Origin]] = []
    for index in indices:
        rule = plan.program.rulebook.rules[index]
        block = _block(w, rule, index)
        origins.append((len(body), len(block), rule.origin))
        body += block
    body.append("return found")
    lines = w.function(name, body, PARAMETERS + ", found")
    first = len(plan.source.lines) + w.prelude()
    plan.source.add(lines)
    for start, length, origin in origins:
        for line in range(first + start + 1, first + start + length + 1):
            plan.source.origins[line] = origin
    return name


def _block(w: Writer, rule: checked.Rule, index: int) -> list[str]:
    conditions = [*_in_force(w, rule), *_place(w, rule), *_people(w, rule)]
    if rule.condition is not None:
        conditions.append(expressions.test(w, rule.condition))
    matched = [f"found = hit(found, {index})"]
    if rule.first_match is not None:
        slot = w.plan.slots.setdefault(("table", rule.first_match), len(w.plan.slots))
        conditions.insert(0, f"slots[{slot}] is UNSET")
        # A row on trial only records, and a new one only reminds: the rows below it still answer.
        closing = f"slots[{slot}] = True"
        until = max((one for one in (rule.trial_end, rule.grace_end) if one is not None), default=None)
        matched.append(("" if until is None else f"if {expressions.law(w)} >= {w.program.constant(until)}: ") + closing)
    test = " and ".join(one for one in conditions if one != "True") or "True"
    return [
        f"try:  # line {rule.origin.line} of the rules",
        f"    if {test}:",
        *("        " + line for line in matched),
        "except Exception as error:",
        f"    found = fail(found, {index}, error)",
    ]


def _in_force(w: Writer, rule: checked.Rule) -> list[str]:
    tests: list[str] = []
    if rule.start is not None:
        tests.append(f"{expressions.law(w)} >= {w.program.constant(rule.start)}")
    if rule.end is not None:
        tests.append(f"{expressions.law(w)} < {w.program.constant(rule.end)}")
    return tests


def _place(w: Writer, rule: checked.Rule) -> list[str]:
    tests: list[str] = []
    if rule.in_places:
        inside = [_channel(w, rule.places)] if rule.places else []
        tests.append(f"({' or '.join((*inside, *(_spot(w, one) for one in rule.in_places)))})")
    elif rule.places:
        tests.append(_channel(w, rule.places))
    tests += (f"not {_spot(w, one)}" for one in rule.except_places)
    if rule.excluded_places:
        tests.append(_channel(w, rule.excluded_places).replace(" in ", " not in ", 1))
    return tests


def place(w: Writer) -> str:
    """Where it happened: the place, else the channel."""
    return w.load("place", "place = event.place", "if place is None: place = event.channel")


def _channel(w: Writer, names: tuple[str, ...]) -> str:
    """Whether it happened in one of the channels."""
    return f"{place(w)} in {w.program.make(('set', names), lambda: frozenset(names))}"


def _spot(w: Writer, condition: checked.Expression) -> str:
    """Whether it happened in a place that is a condition."""
    return w.shared(("spot", condition), lambda inner: f"({expressions.test(inner, condition)})")


def _people(w: Writer, rule: checked.Rule) -> list[str]:
    """Without a subject an event is the community's: only rules for everyone speak of it, and nobody is excepted."""
    tests: list[str] = []
    if rule.found_by is not None:
        finder, now = fields.sender(w), fields.now(w)
        group = w.program.constant(rule.found_by)
        tests.append(f"({finder} is not None and in_group({group}, {finder}, {now}, facts))")
    tests += (f"not {expressions.group(w, group)}" for group in rule.excluded)
    if rule.applies_to and "everyone" not in rule.applies_to:
        tests.append(f"({' or '.join([about(w, group) for group in rule.applies_to])})")
    return tests


def about(w: Writer, group: str) -> str:
    """Whether the event is about a member of a group, or about the group as a whole: see `Event.subject_group`."""
    inside = expressions.group(w, group)
    if w.plan.sender_is_subject:
        return inside
    return f"({inside} or event.subject_group == {w.program.constant(group)})"
