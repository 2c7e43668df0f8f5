"""Duties: something owed by a group or a member by a deadline. Opening, meeting, cancelling; `late` is at the end.

A cell of the table `duty` holds an open duty with the terms under which it was opened, and is gone once it is met, late
or cancelled. The table `duty_about` finds open duties by the message, event or case that they answer; the table
`duty_kind` those that can be met without answering anything, by the event type that meets them.

A duty is loose when there is nothing to answer: it was opened by a period, or by an event of the engine's own that is
about no message, event or case. Whoever owes it does something of the kind for whatever reason, and that counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from communityrules.checker.checked import DutySpec, Rule
from communityrules.engine import community, deadlines, members, messages
from communityrules.engine.backlog import TABLE
from communityrules.engine.book import ANSWERS
from communityrules.engine.carrying import carry_out
from communityrules.engine.parts import put
from communityrules.engine.raised import TYPES, announce
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Act, Affected, Answer, Terms, Turn
from communityrules.model.decision import Duty
from communityrules.model.event import Event

TIMER: Final = "duty"
_ABOUT: Final = "duty_about"
_KIND: Final = "duty_kind"

#: Events of the engine's own, which nobody can name in an answer.
_OURS: Final = TYPES | {"period"}

Status = Literal["open", "met", "late", "cancelled"]


class Owner(Struct, frozen=True):
    """Who owes: a group, or a member (then the group is whom it falls back to when they leave); how urgent it is."""

    group: str | None
    member: str | None = None
    priority: str | None = None
    #: Whether it is one member's share of what each of a group owes, which nobody else can take over.
    share: bool = False


def open_all(
    turn: Turn, rule: Rule, affected: Affected, owner: Owner, event: Event | None, end: int | None = None
) -> None:
    """Open the duties that a rule asks for. `end` is when the period ends, for a rule by period."""
    if owner.group is None and owner.member is None:
        return
    owners = [owner]
    if rule.each and owner.member is None and owner.group is not None and owner.group == rule.responsible:
        # Each of them owes a share of their own, which does not fall back to the group.
        owners = [Owner(None, one, owner.priority, True) for one in _members(turn, owner.group)]
    for number, spec in enumerate(rule.duties):
        for one in owners:
            _open(turn, rule, number, spec, affected, one, event, end)


def _members(turn: Turn, group: str) -> list[str]:
    """The known members of a group, by id."""
    return [one for one in members.known(turn.tx) if turn.in_group(group, members.find(turn.tx, one))]


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
    spec = deadlines.amounts(turn, spec)
    due = deadlines.due(turn, rule, spec, event, end, owner.priority)
    duty = turn.tx.new_id("duty")
    about = None if event is None else event.id
    matter = _matter(turn, event, affected)
    refs = matter if event is None or event.id in matter else [*matter, event.id]
    cell: dict[str, Any] = {
        "rule": rule.id, "spec": number, "terms": Terms.of(rule).to_plain(), "what": spec.event, "times": spec.times,
        "met": [], "group": owner.group, "owner": owner.member, "opened": turn.now, "due": due, "about": about,
        "refs": refs, "member": affected.member, "message": affected.message,
        "loose": not matter,
        "if_late": [Act.of(one, event, turn).to_plain() for one in spec.if_late],
    }  # fmt: skip
    if refs != matter:
        cell["matter"] = matter
    if owner.priority is not None:
        cell["priority"] = owner.priority
    if owner.share:
        cell["share"] = True
    plan = deadlines.plan(turn, spec, event)
    if plan is not None:
        cell["plan"] = plan
        cell["ahead"] = deadlines.ahead(turn, cell)
        deadlines.schedule(turn.tx, duty, cell)
    turn.tx.put(TABLE, duty, cell)
    if due is not None:
        _fall_due(turn, duty, due)
    _file(turn.tx, duty, cell)
    tell(turn, duty, cell)


def _fall_due(turn: Turn, duty: str, due: int) -> None:
    """Have the deadline come; one that has passed already comes now, as nothing may follow before its cause."""
    turn.tx.schedule(max(due, turn.now), TIMER, duty)


def _matter(turn: Turn, event: Event | None, affected: Affected) -> list[str]:
    """What people can name to answer a duty that an event opens; of an event of the engine itself, what it is about."""
    if event is None:
        return []
    named = [affected.message]
    if event.type not in _OURS:
        named.append(event.id)
    elif event.target.case is not None:
        case = messages.recall(turn.tx, event.target.case)
        named += [event.target.case, *((case.event, case.reply_to) if case is not None else ())]
    named += turn.matters.get(event.id, ())
    return list(dict.fromkeys(one for one in named if one is not None))


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
    by_kind = [one for one in turn.tx.get(_KIND, kind) or [] if one not in found]
    if found or refs or kind in ANSWERS:
        by_kind = [one for one in by_kind if _is_loose(turn.tx, one, kind)]
    found += _first_of_each(turn.tx, (one for one in by_kind if _owes(turn, one, event, kind)))
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
        who = event.member.id
        fields = {"owner": who, "duty": cell["what"], "due": cell["due"], "took": turn.now - cell["opened"]}
        matter = cell.get("matter", cell["refs"])
        announce(turn, "met", cell["rule"], fields, who, None, cell["message"], matter=matter)


def hand_over(turn: Turn, event: Event, to: Owner) -> None:
    """Make somebody else owe the open duties about what an event answers, or make them more or less urgent."""
    for duty in _about(turn.tx, event):
        cell = _cell(turn.tx, duty)
        if "share" in cell:
            continue
        group = to.group if to.group is not None else cell["group"]
        moved = {**cell, "group": group, "owner": to.member}
        if to.priority is not None:
            moved["priority"] = to.priority
        if moved != cell:
            _change(turn, duty, cell, moved)


def release(turn: Turn, event: Event, rule: str | None) -> None:
    """Cancel the open duties about what an event answers, those of one rule or all.

    An event that answers nothing is about its subject member: then those are meant that were opened by that member's
    events, or that the member owes.
    """
    found = _about(turn.tx, event)
    if not references(turn.tx, event) and event.subject is not None:
        found = list(members.record(turn.tx, event.subject.id).get("duties", []))
    for duty in found:
        cell = _cell(turn.tx, duty)
        if rule is None or cell["rule"] == rule:
            _end(turn, duty, cell, "cancelled")


def _about(tx: Transaction, event: Event) -> list[str]:
    return list(dict.fromkeys(duty for ref in references(tx, event) for duty in tx.get(_ABOUT, ref) or []))


def _change(turn: Turn, duty: str, cell: Mapping[str, Any], moved: dict[str, Any]) -> None:
    """Keep an open duty with another owner or priority, and with the deadline that goes with it."""
    tx = turn.tx
    if moved.get("priority") != cell.get("priority"):
        moved["due"] = deadlines.again(turn, cell, moved["priority"])
        if moved["due"] is None:
            tx.unschedule(TIMER, duty)
        elif moved["due"] != cell["due"]:
            _fall_due(turn, duty, moved["due"])
        if cell.get("ahead"):
            tx.unschedule(deadlines.TIMER, duty)
            # Nobody is reminded again, and nobody of what is late already.
            left = {number for _, number in cell["ahead"]} if (moved["due"] or 0) > turn.now else set()
            moved["ahead"] = [one for one in deadlines.ahead(turn, moved) if one[1] in left]
            deadlines.schedule(tx, duty, moved)
    _unfile(tx, duty, cell)
    tx.put(TABLE, duty, moved)
    _file(tx, duty, moved)
    tell(turn, duty, moved)


def leave(turn: Turn, member: str) -> None:
    """Somebody goes: what was owed to them is cancelled, what they owed falls back to the group, or is cancelled."""
    for duty in list(members.record(turn.tx, member).get("duties", [])):
        cell = _cell(turn.tx, duty)
        if cell["owner"] == member and cell["group"] is not None and cell["member"] != member:
            _change(turn, duty, cell, {**cell, "owner": None})
        else:
            _end(turn, duty, cell, "cancelled")


def late(turn: Turn, duty: str) -> bool:
    """A duty's deadline has come: the decision names who owed it. Whether it was still open."""
    cell = turn.tx.get(TABLE, duty)
    if cell is None:
        return False
    _end(turn, duty, cell, "late")
    answer = Answer(Terms.from_plain(cell["terms"]), [_why("late", duty, cell)])
    affected = _debtor(cell)
    owner, group = affected.member or affected.group, affected.group
    matter = cell.get("matter", cell["refs"])
    announce(turn, "breach", cell["rule"], {}, cell["owner"], group, cell["message"], matter=matter)
    announce(
        turn,
        "late",
        cell["rule"],
        {"owner": owner, "duty": cell["what"], "due": cell["due"]},
        cell["owner"],
        group,
        cell["message"],
        matter=matter,
    )
    carry_out(turn, answer, [Act.from_plain(one) for one in cell["if_late"]], affected)
    turn.give([answer])
    return True


def remind(turn: Turn, duty: str) -> bool:
    """The moment of a reminder has come. Whether the duty was still open."""
    cell = turn.tx.get(TABLE, duty)
    if cell is None:
        return False
    (_, number), *rest = cell["ahead"]
    cell = {**cell, "ahead": rest}
    turn.tx.put(TABLE, duty, cell)
    deadlines.schedule(turn.tx, duty, cell)
    tell(turn, duty, cell)
    answer = Answer(Terms.from_plain(cell["terms"]), [_why("due", duty, cell)])
    carry_out(turn, answer, [Act.from_plain(one) for one in cell["plan"]["remind"][number][2]], _debtor(cell))
    turn.give([answer])
    return True


def _why(kind: str, duty: str, cell: Mapping[str, Any]) -> dict[str, Any]:
    """What an outcome says of the duty that it is about."""
    return {
        "kind": kind,
        "duty": duty,
        "on": cell["what"],
        "responsible": cell["owner"] if cell["owner"] is not None else cell["group"],
        "about": cell["about"],
        "times": cell["times"],
        "met": len(cell["met"]),
    }


def _debtor(cell: Mapping[str, Any]) -> Affected:
    """Whom what follows from a duty falls on: who owes it."""
    group = cell["group"] if cell["owner"] is None else None
    return Affected(cell["owner"], group, cell["message"], cell["about"])


def tell(turn: Turn, duty: str, cell: Mapping[str, Any], status: Status = "open", met_by: str | None = None) -> None:
    """Put a duty into the decision, in place of an earlier state of it."""
    told = Duty(
        duty, cell["rule"], cell["what"], cell["owner"] if cell["owner"] is not None else cell["group"], cell["due"],
        status, cell["about"], cell["member"], met_by, cell.get("priority"),
    )  # fmt: skip
    put(turn.parts.duties, told)


def _cell(tx: Transaction, duty: str) -> Mapping[str, Any]:
    cell: Mapping[str, Any] = tx.get(TABLE, duty) or {}
    return cell


def _is_loose(tx: Transaction, duty: str, kind: str) -> bool:
    """Whether a duty is met without answering anything by an event that could have answered something."""
    cell = _cell(tx, duty)
    # What is about a member is answered by naming the member.
    return bool(cell["loose"]) and (kind not in ANSWERS or cell["member"] is None or cell["about"] is None)


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
    if cell.get("ahead"):
        turn.tx.unschedule(deadlines.TIMER, duty)
    _unfile(turn.tx, duty, cell)
    tell(turn, duty, cell, status, met_by)


def _places(cell: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where an open duty is found."""
    places = [(_ABOUT, ref) for ref in cell["refs"]]
    if cell["what"] not in ANSWERS or cell["loose"]:
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
