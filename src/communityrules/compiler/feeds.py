"""What feeds the measures: for each event type, which events count and under which keys."""

from __future__ import annotations

from functools import partial
from typing import Final

from communityrules.checker import checked
from communityrules.compiler import expressions, rules
from communityrules.compiler.match import Observer, Place
from communityrules.compiler.writer import Plan, Program, Writer
from communityrules.library.events import heard_by

#: Measures in one generated function. Python's own compiler slows down on very long ones.
_CHUNK: Final = 64

#: Facts that are texts and stand in an event as they are.
_TEXTS: Final = frozenset(
    [
        *(("event", name) for name in ("id", "type", "community", "channel", "place")),
        *((root, name) for root in ("member", "sender") for name in ("id", "name")),
        *(("message", name) for name in ("id", "text", "reply_to", "topic")),
    ]
)
_ROOTS: Final = {"event": "event", "member": "subject", "sender": "sender", "message": "message"}
#: Of events whose subject is who sent them.
_OR_OWN: Final = {"member": "subject or sender", "message": "message or own"}

#: Measures of one event type up to which counts are fed without a call. It takes more code for each.
_FEW: Final = 16

#: A measure by its index, and the places in its order that an event takes, from the last to the first: an event is
#: no place after itself.
_Fed = tuple[int, tuple[int, ...]]


def compile_observers(program: Program) -> dict[str, Observer]:
    """What observes events, by event type; types that feed the same share one."""
    places: dict[str, dict[int, list[int]]] = {}
    for index, aggregate in enumerate(program.rulebook.aggregates):
        for stage, named in enumerate(aggregate.events):
            for event_type in heard_by(named):
                of_measure = places.setdefault(event_type, {}).setdefault(index, [])
                of_measure.append(stage if aggregate.function == "sequence" else 0)
    made: dict[tuple[bool, tuple[_Fed, ...]], Observer] = {}
    observers: dict[str, Observer] = {}
    for event_type, by_measure in places.items():
        fed = tuple((index, tuple(sorted(set(found), reverse=True))) for index, found in by_measure.items())
        # What a measure reads differs between event types only by who their subject is.
        key = (rules.sender_is_subject(program, event_type), fed)
        observers[event_type] = made.get(key) or made.setdefault(key, _observer(program, *key))
    return observers


def _observer(program: Program, sender: bool, fed: tuple[_Fed, ...]) -> Observer:
    parts = []
    for first in range(0, len(fed), _CHUNK):
        end = min(first + _CHUNK, len(fed))
        plan = Plan(program, sender)
        (name,) = rules.twice(plan, partial(_part, plan, fed[first:end], len(fed) <= _FEW))
        parts.append((program.namespace[name], first, end))
    return Observer(tuple(index for index, _ in fed), tuple(parts), _keys(program, sender, fed))


def _keys(program: Program, sender: bool, fed: tuple[_Fed, ...]) -> tuple[tuple[Place, ...], ...] | None:
    """Where the keys of counts stand; None when one of the measures is fed otherwise."""
    keys: list[tuple[Place, ...]] = []
    for index, _ in fed:
        aggregate = program.rulebook.aggregates[index]
        places = [_place(one, sender) for one in aggregate.keys]
        if aggregate.function != "count" or aggregate.where is not None or aggregate.value is not None:
            return None
        keys.append(tuple(one for one in places if one is not None))
        if len(keys[-1]) < len(places):
            return None
    return tuple(keys)


def _place(key: checked.Expression, sender: bool) -> Place | None:
    """Where a key stands in an event, if it is a text that stands there."""
    if not isinstance(key, checked.FieldRef) or key.custom or (key.root, key.name) not in _TEXTS:
        return None
    if sender and key.root in _OR_OWN:
        return _OR_OWN[key.root], key.name
    return _ROOTS[key.root], key.name


def _part(plan: Plan, fed: tuple[_Fed, ...], few: bool) -> list[str]:
    name = plan.program.name("observe")
    w = Writer(plan)
    body: list[str] = []
    for place, (index, stages) in enumerate(fed):
        body += _block(w, place, index, stages, few)
    if plan.slots:
        body.insert(0, f"slots = [UNSET] * {len(plan.slots)}")
    elif any("slots" in line for line in body):
        body.insert(0, "slots = None")
    plan.source.add(w.function(name, body, "event, facts, sinks, failed, tallies=None, undo=None"))
    return [name]


def _block(w: Writer, place: int, index: int, stages: tuple[int, ...], few: bool) -> list[str]:
    aggregate = w.program.rulebook.aggregates[index]
    conditions = [expressions.test(w, aggregate.where)] if aggregate.where is not None else []

    def given(node: checked.Expression) -> str:
        first, again = w.bind(expressions.value(w, node))
        conditions.extend(w.given(first))
        return again

    keys = "".join([f"{given(key)}, " for key in aggregate.keys])
    # Values are told apart as they came: text is not folded.
    value = given(aggregate.value) if aggregate.value is not None else "None"
    if aggregate.function == "similar":
        value = f"({value}, event.id)"
    test = " and ".join(f"({one})" for one in conditions if one != "True") or "True"
    fed = f"({keys}), event.time, {value}, {w.program.constant(stages)}"
    return [
        "try:",
        f"    if {test}:",
        *(
            _tallied(place, f"({keys})", fed)
            if few and aggregate.function == "count"
            else (f"        sinks[{place}]({fed})",)
        ),
        "except Exception as error:",
        f"    failed({index}, error)",
    ]


def _tallied(place: int, key: str, fed: str) -> tuple[str, ...]:
    """A count is one look into a dictionary: nearly always a cell is new, or grows by one instant."""
    return (
        "        if tallies is None:",
        f"            sinks[{place}]({fed})",
        f"        elif (tally_cell := (tally := tallies[{place}]).cells.get(tally_key := {key})) is None:",
        "            if event.time < tally.turn and tally_key not in tally.older:",
        "                tally.cells[tally_key] = event.time",
        "                undo((tally_key, None, tally))",
        "            else:",
        f"                sinks[{place}]({fed})",
        "        elif tally_cell.__class__ is not int and len(tally_stamps := tally_cell.stamps) & 15:",
        "            tally_stamps.append(event.time)",
        "            undo((tally_key, tally_cell, tally))",
        "        else:",
        f"            sinks[{place}]({fed})",
    )
