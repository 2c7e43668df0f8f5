"""Duties: something owed by a group or a member by a deadline. Opening, meeting, cancelling; `late` is at the end.

A cell of the table `duty` holds an open duty with the terms under which it was opened, and is gone once it is met, late
or cancelled. The table `duty_about` finds open duties by the message or event that they answer; the table `duty_kind`
those that need not answer anything, by the event type that meets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from communityrules.checker.checked import DutySpec, Rule
from communityrules.engine import cases, community, members, messages
from communityrules.engine.book import ANSWERS
from communityrules.engine.carrying import carry_out
from communityrules.engine.raised import TYPES, announce
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Act, Affected, Answer, Terms, Turn
from communityrules.model.decision import Duty
from communityrules.model.event import Event

TABLE: Final = "duty"
TIMER: Final = "duty"
_ABOUT: Final = "duty_about"
_KIND: Final = "duty_kind"

#: Events of the engine's own, which nobody can name in an answer.
_OURS: Final = TYPES | {"period"}

Status = Literal["open", "met", "late", "cancelled"]
#: Who owes: a group, or a member (then the group is whom it falls back to when they leave).
Owner = tuple[str | None, str | None]


def open_all(
    turn: Turn, rule: Rule, affected: Affected, owner: Owner, event: Event | None, end: int | None = None
) -> None:
    """Open the duties that a rule asks for. `end` is when the period ends, for a rule by period."""
    group, member = owner
    if group is None and member is None:
        return
    for number, spec in enumerate(rule.duties):
        _open(turn, rule, number, spec, affected, owner, event, end)


def _open(
    turn: Turn,
    rule: Rule,
    number: int,
    spec: DutySpec,
    affected: Affected,
    owner: Owner,
    event: Event | None,
    end: int | None,
) -> None:
    due = cases.deadline(turn, rule.id, spec.within, spec.calendar) if spec.within is not None else end
    duty = turn.tx.new_id("duty")
    about = None if event is None else event.id
    refs = [] if event is None else list(dict.fromkeys(one for one in (affected.message, event.id) if one is not None))
    cell = {
        "rule": rule.id, "spec": number, "terms": Terms.of(rule).to_plain(), "what": spec.event, "times": spec.times,
        "met": [], "group": owner[0], "owner": owner[1], "opened": turn.now, "due": due, "about": about, "refs": refs,
        "member": affected.member, "message": affected.message,
        "loose": event is None or event.type in _OURS,
        "if_late": [Act.of(one, event).to_plain() for one in spec.if_late],
    }  # fmt: skip
    turn.tx.put(TABLE, duty, cell)
    if due is not None:
        turn.tx.schedule(due, TIMER, duty)
    _file(turn.tx, duty, cell)
    tell(turn, duty, cell)


def meet(turn: Turn, event: Event) -> None:
    """Count an event for the open duties that it meets: of the right kind, by an owner, about the same thing."""
    owed: Mapping[str, int] = community.record(turn.tx).get("owed", {})
    if not owed or event.member is None:
        return
    for kind in dict.fromkeys((event.type, event.heard_as)):
        if kind in owed:
            for duty in _answered(turn, event, kind):
                _count(turn, duty, event)


def _answered(turn: Turn, event: Event, kind: str) -> list[str]:
    """The open duties of a kind that an event is about and whose owner sent it."""
    refs = references(turn.tx, event)
    found = [duty for ref in refs for duty in turn.tx.get(_ABOUT, ref) or []]
    if not refs and event.target.member is not None:
        found = _latest(turn.tx, members.record(turn.tx, event.target.member).get("duties", []), kind)
    if not found and kind not in ANSWERS:
        of_kind = turn.tx.get(_KIND, kind) or []
        found = _first_of_each(turn.tx, (one for one in of_kind if not refs or _cell(turn.tx, one)["loose"]))
    return [duty for duty in dict.fromkeys(found) if _owes(turn, duty, event, kind)]


def references(tx: Transaction, event: Event) -> list[str]:
    """What an event answers: messages, events, what cases are about, and everything further up their threads."""
    target = event.target
    named: list[str] = []
    if target.message is not None:
        named.append(target.message)
    if event.message is not None and event.message.reply_to is not None:
        named.append(event.message.reply_to)
    if target.case is not None:
        named.append(target.case)
    found: list[str] = []
    for one in named:
        found += [ref for ref in messages.thread(tx, one) if ref not in found]
    return found


def _owes(turn: Turn, duty: str, event: Event, kind: str) -> bool:
    cell = _cell(turn.tx, duty)
    if cell["what"] != kind or event.time < cell["opened"] or event.member is None:
        return False
    if any(one[0] == event.id for one in cell["met"]):
        return False
    if cell["owner"] is not None:
        return bool(event.member.id == cell["owner"])
    return turn.in_group(cell["group"], event.member)


def _count(turn: Turn, duty: str, event: Event) -> None:
    cell = _cell(turn.tx, duty)
    assert event.member is not None  # only members meet duties
    cell = {**cell, "met": [*cell["met"], [event.id, event.member.id]]}
    if len(cell["met"]) < cell["times"]:
        turn.tx.put(TABLE, duty, cell)
        tell(turn, duty, cell)
    else:
        _end(turn, duty, cell, "met", event.id)


def leave(turn: Turn, member: str) -> None:
    """Somebody goes: what was owed to them is cancelled, what they owed falls back to the group, or is cancelled."""
    for duty in list(members.record(turn.tx, member).get("duties", [])):
        cell = _cell(turn.tx, duty)
        if cell["owner"] == member and cell["group"] is not None and cell["member"] != member:
            _unfile(turn.tx, duty, cell)
            moved = {**cell, "owner": None}
            turn.tx.put(TABLE, duty, moved)
            _file(turn.tx, duty, moved)
            tell(turn, duty, moved)
        else:
            _end(turn, duty, cell, "cancelled")


def late(turn: Turn, duty: str) -> bool:
    """A duty's deadline has come: the decision names who owed it. Whether it was still open."""
    cell = turn.tx.get(TABLE, duty)
    if cell is None:
        return False
    _end(turn, duty, cell, "late")
    owner = cell["owner"] if cell["owner"] is not None else cell["group"]
    answer = Answer(
        Terms.from_plain(cell["terms"]),
        [
            {
                "kind": "late",
                "duty": duty,
                "on": cell["what"],
                "responsible": owner,
                "about": cell["about"],
                "times": cell["times"],
                "met": len(cell["met"]),
            }
        ],
    )
    group = cell["group"] if cell["owner"] is None else None
    affected = Affected(cell["owner"], group, cell["message"], cell["about"])
    announce(turn, "breach", cell["rule"], {}, cell["owner"], group, cell["message"])
    announce(
        turn,
        "late",
        cell["rule"],
        {"owner": owner, "duty": cell["what"], "due": cell["due"]},
        cell["owner"],
        group,
        cell["message"],
    )
    carry_out(turn, answer, [Act.from_plain(one) for one in cell["if_late"]], affected)
    turn.give([answer])
    return True


def tell(turn: Turn, duty: str, cell: Mapping[str, Any], status: Status = "open", met_by: str | None = None) -> None:
    """Put a duty into the decision, in place of an earlier state of it."""
    told = Duty(
        duty, cell["rule"], cell["what"], cell["owner"] if cell["owner"] is not None else cell["group"], cell["due"],
        status, cell["about"], cell["member"], met_by,
    )  # fmt: skip
    duties = turn.parts.duties
    for at, one in enumerate(duties):
        if one.id == duty:
            duties[at] = told
            return
    duties.append(told)


def _cell(tx: Transaction, duty: str) -> Mapping[str, Any]:
    cell: Mapping[str, Any] = tx.get(TABLE, duty) or {}
    return cell


def _first_of_each(tx: Transaction, duties: Iterable[str]) -> list[str]:
    """Of the duties that one `require` opened, the one that is due first."""
    first: dict[tuple[str, int], str] = {}
    for duty in sorted(duties, key=lambda one: (_cell(tx, one)["due"] is None, _cell(tx, one)["due"] or 0)):
        cell = _cell(tx, duty)
        first.setdefault((cell["rule"], cell["spec"]), duty)
    return list(first.values())


def _latest(tx: Transaction, duties: Iterable[str], kind: str) -> list[str]:
    """Of somebody's duties of a kind, those about what came last."""
    of_kind = [(one, _cell(tx, one)) for one in duties if _cell(tx, one)["what"] == kind]
    return [duty for duty, cell in of_kind if cell["about"] == of_kind[-1][1]["about"]]


def _end(turn: Turn, duty: str, cell: Mapping[str, Any], status: Status, met_by: str | None = None) -> None:
    turn.tx.delete(TABLE, duty)
    turn.tx.unschedule(TIMER, duty)
    _unfile(turn.tx, duty, cell)
    tell(turn, duty, cell, status, met_by)


def _places(cell: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where an open duty is found."""
    places = [(_ABOUT, ref) for ref in cell["refs"]]
    if cell["what"] not in ANSWERS:
        places.append((_KIND, cell["what"]))
    return places


def _people(cell: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(one for one in (cell["member"], cell["owner"]) if one is not None))


def _file(tx: Transaction, duty: str, cell: Mapping[str, Any]) -> None:
    for table, key in _places(cell):
        tx.put(table, key, [*(tx.get(table, key) or []), duty])
    for person in _people(cell):
        members.change(tx, person, duties=[*members.record(tx, person).get("duties", []), duty])
    community.owed(tx, cell["what"], 1)


def _unfile(tx: Transaction, duty: str, cell: Mapping[str, Any]) -> None:
    for table, key in _places(cell):
        left = [one for one in tx.get(table, key) or [] if one != duty]
        if left:
            tx.put(table, key, left)
        else:
            tx.delete(table, key)
    for person in _people(cell):
        duties = members.record(tx, person).get("duties", [])
        members.change(tx, person, duties=[one for one in duties if one != duty])
    community.owed(tx, cell["what"], -1)
