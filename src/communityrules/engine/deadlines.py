"""When a duty is due, and when people are reminded of it before.

What a cell of an open duty holds beyond the usual, each only where the duty has it: `priority`, by which it was
assigned; `plan`, how to reckon its deadline and reminders again; `ahead`, the reminders still to come as `[instant,
number]`, the next first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from communityrules.checker.checked import DutySpec, FieldRef, Origin, ParameterRef, Rule
from communityrules.engine import cases
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Act, Turn
from communityrules.library.zones import zone
from communityrules.model.decision import RuleFailure
from communityrules.model.event import Event

TIMER: Final = "reminder"
_ONE_DAY: Final = timedelta(days=1)


def amounts(turn: Turn, spec: DutySpec) -> DutySpec:
    """What a duty that opens now asks for, with the numbers that parameters say now."""
    reminded = (part for one in spec.reminders for part in (one.share, one.before))
    said = (spec.times, spec.within, *(one.within for one in spec.urgencies), *reminded)
    if not any(isinstance(one, ParameterRef) for one in said):
        return spec
    return replace(
        spec,
        times=turn.amount(spec.times),
        within=turn.amount(spec.within) if spec.within is not None else None,
        urgencies=tuple(replace(one, within=turn.amount(one.within)) for one in spec.urgencies),
        reminders=tuple(
            replace(
                one,
                share=turn.value(one.share) if isinstance(one.share, ParameterRef) else one.share,
                before=turn.amount(one.before) if one.before is not None else None,
            )
            for one in spec.reminders
        ),
    )


def due(
    turn: Turn, rule: Rule, spec: DutySpec, event: Event | None, end: int | None, priority: str | None
) -> int | None:
    """When a duty that opens now is due; `end` is when its period ends. None where nothing can say it."""
    length = spec.within
    for one in spec.urgencies:
        if one.priority == priority:
            length = one.within
    if length is not None:
        return cases.deadline(turn, rule.id, turn.amount(length), spec.calendar)
    if spec.until is not None:
        return _read(turn, rule, spec.until, event)
    return end


def plan(turn: Turn, spec: DutySpec, event: Event | None) -> dict[str, Any] | None:
    """What must be kept to reckon again; None where nothing will be."""
    if not (spec.reminders or spec.urgencies):
        return None
    return {
        "within": spec.within,
        "calendar": spec.calendar,
        "urgent": {one.priority: one.within for one in spec.urgencies},
        "remind": [
            [
                None if one.share is None else str(one.share),
                one.before,
                [Act.of(act, event, turn).to_plain() for act in one.actions],
            ]
            for one in spec.reminders
        ],
    }


def again(turn: Turn, cell: Mapping[str, Any], priority: str) -> int | None:
    """When an open duty is due by another priority; as before where that changes nothing."""
    plan = cell.get("plan")
    length = plan["urgent"].get(priority, plan["within"]) if plan is not None else None
    if plan is None or length is None:
        due: int | None = cell["due"]
        return due
    return cases.deadline(turn, cell["rule"], length, plan["calendar"], cell["opened"])


def ahead(turn: Turn, cell: Mapping[str, Any]) -> list[list[int]]:
    """The instants of all reminders of a duty, between its opening and its deadline, each with its number."""
    plan, opened, due = cell["plan"], cell["opened"], cell["due"]
    if due is None:
        return []
    length = plan["urgent"].get(cell.get("priority"), plan["within"])
    found = []
    for number, (share, before, _) in enumerate(plan["remind"]):
        whole = due - opened if length is None else length
        part = whole - before if share is None else int(whole * Decimal(share))
        calendar = plan["calendar"] if length is not None else None
        moment = cases.deadline(turn, cell["rule"], part, calendar, opened) if part > 0 else None
        if moment is not None and opened < moment < due:
            found.append([moment, number])
    return sorted(found)


def schedule(tx: Transaction, duty: str, cell: Mapping[str, Any]) -> None:
    """Have the next reminder fire, if there is one."""
    if cell.get("ahead"):
        tx.schedule(cell["ahead"][0][0], TIMER, duty)


def _read(turn: Turn, rule: Rule, ref: FieldRef, event: Event | None) -> int | None:
    """The instant that a field holds; of a day, its end."""
    value = event.fields.get(ref.name) if event is not None else None
    if isinstance(value, date):
        following = datetime.combine(value + _ONE_DAY, datetime.min.time())
        return zone(turn.book.rulebook.timezone).first(following)
    if isinstance(value, int):
        return value
    origin = next((one.origin for one in rule.duties if one.until == ref and one.origin is not None), rule.origin)
    _missing(turn, rule.id, ref, origin)
    return None


def _missing(turn: Turn, rule: str, ref: FieldRef, origin: Origin) -> None:
    told = RuleFailure(rule, origin.file, origin.line, f"no deadline: {ref.what or ref.name} is absent")
    turn.parts.errors.append(told)
