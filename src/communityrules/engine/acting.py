"""Doing what actions ask for, one function each; the table at the end says which.

An action that has nobody or nothing to fall on is not done and not told. An action that the table does not name is told
to the host as it is. `penalty` is not here: offences are counted once for all rules that an event breaks
(`engine.penalties`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from communityrules.checker.checked import Action, Allowance, Appeal, DurationRange
from communityrules.compiler.plain import noted
from communityrules.engine import cases, labels, members, notices, points, proportion, reversal, sanctions, states
from communityrules.engine.book import Book
from communityrules.engine.raised import TYPES, announce
from communityrules.engine.turn import Act, Affected, Answer, Terms, Turn
from communityrules.library.words import EVERYONE
from communityrules.model.decision import ActionTaken, Evidence, Sanction

#: Actions on what stands in the community for all to see.
_TAKING: Final = frozenset({"delete", "mask"})
#: Events that are not themselves such a thing: what somebody says of somebody, what the engine raises.
_OF_OTHERS: Final = TYPES | {"report", "finding", "rating"}


class Cause(Struct):
    """The step of a penalty that asks for actions, and what they came to."""

    penalty: str | None = None
    #: The first offence for which the step stands.
    step: int | None = None
    #: Every rule that the offence cites.
    rules: tuple[str, ...] = ()
    #: When the sanctions and labels begin, if not now.
    start: int | None = None
    #: How the sanctions can be appealed.
    appeal: Appeal | None = None
    sanctions: list[str] = []
    #: Movements on the points ledger, as `points.give_back` takes them.
    points: list[list[Any]] = []
    #: Labels put on, as `labels.undo` takes them.
    labels: list[dict[str, Any]] = []
    #: Whether its sanctions have been counted (`engine.proportion`).
    struck: bool = False
    #: Whether a warning is to stand in the place of its sanctions, and whether it does.
    restrained: bool = False
    warned: bool = False
    #: Why, for the answer under which they were to be imposed.
    evidence: list[Evidence] = []


class Doing(Struct, frozen=True):
    """One action being done."""

    turn: Turn
    #: The rule under which it is done.
    terms: Terms
    act: Act
    affected: Affected
    cause: Cause

    @property
    def member(self) -> str | None:
        """The member whom it falls on."""
        return bearer(self.act, self.affected)

    def taken(self, on: Mapping[str, str], **more: Any) -> ActionTaken:
        return ActionTaken(self.act.do, on, {**arguments_of(self.act), **more})


def perform(turn: Turn, answer: Answer, act: Act, affected: Affected, cause: Cause | None = None) -> None:
    """Do one action under an answer's rule, and note it there."""
    handler = _HANDLERS.get(act.do) or (_sanction if turn.book.is_sanction(act.do) else _tell)
    direct = cause is None
    cause = cause or Cause(rules=(answer.terms.rule,))
    taken = handler(Doing(turn, answer.terms, act, affected, cause))
    if direct and (cause.points or cause.labels):
        answer.gave = [
            *answer.gave,
            *(reversal.of_points(answer.terms.rule, one) for one in cause.points),
            *(reversal.of_label(turn, answer.terms.rule, one) for one in cause.labels),
        ]
    if cause.evidence:
        answer.evidence.extend(cause.evidence)
        cause.evidence.clear()
    if taken is not None:
        answer.take(turn.book.verdict(taken.do), taken)


def show(turn: Turn, answer: Answer, act: Act, affected: Affected) -> None:
    """Note an action that is not done, because the rule is on trial or overridden."""
    tell = _noting if act.do == "note" else _tell
    taken = tell(Doing(turn, answer.terms, act, affected, Cause()))
    if taken is not None:
        answer.take(turn.book.verdict(act.do), taken)


def only_tells(book: Book, action: Action) -> bool:
    """Whether an action is on a message and nothing but told, the same of every message."""
    declared = book.actions.get(action.do)
    if declared is None or declared.falls_on != "message" or declared.sanction or declared.punishes:
        return False
    if (action.do in _HANDLERS and action.do != "flag") or action.do == "mask":
        return False
    bare = all(value is None for value in action.arguments.values())
    return bare and not (action.fills or action.if_late or action.against is not None)


def bearer(act: Act, affected: Affected) -> str | None:
    """The member whom an action falls on."""
    return act.against if act.aimed else affected.member


def arguments_of(act: Act) -> dict[str, Any]:
    """An action's arguments as the wire says them."""
    told: dict[str, Any] = {}
    for name, value in act.arguments.items():
        if isinstance(value, DurationRange):
            told["duration"] = value.low
            told["up_to"] = value.high
        elif isinstance(value, Allowance):
            told.update(at_most=value.points, per=value.unit)
        elif value is not None and name != "against":
            told[name] = value
    return told


def _tell(doing: Doing) -> ActionTaken | None:
    declared = doing.turn.book.actions.get(doing.act.do)
    falls_on = declared.falls_on if declared is not None else "community"
    if falls_on == "message":
        affected = doing.affected
        if doing.act.do in _TAKING and affected.message is None and affected.kind in _OF_OTHERS:
            return None
        return doing.taken(affected.thing)
    if falls_on == "member":
        return None if doing.member is None else doing.taken({"member": doing.member})
    return doing.taken({"member": doing.act.against} if doing.act.against is not None else {})


def _sanction(doing: Doing) -> ActionTaken | None:
    turn, act, cause, member = doing.turn, doing.act, doing.cause, doing.member
    if member is None:
        return None
    if turn.book.restrains and _restrained(doing, member):
        return _warn_instead(doing, member)
    length: Any = act.arguments.get("duration")
    chosen = act.arguments.get("range")
    due: int | None = None
    if isinstance(chosen, DurationRange):
        length = chosen.low
        within = act.arguments.get("within")
        if isinstance(within, int) and cause.start is None:
            due = cases.deadline(turn, doing.terms.rule, within, act.arguments.get("calendar"))
            # It lasts until they decide, or the time for that is over.
            length = max(length, due - turn.now) if due is not None else length
    sanction, told = _impose(doing, act.do, member, length if isinstance(length, int) else None)
    group = act.arguments.get("set_by")
    still_open = sanction.end is not None and sanction.end > turn.now
    if isinstance(chosen, DurationRange) and isinstance(group, str) and still_open:
        told["case"] = cases.ask_for_length(turn, doing.terms, sanction, chosen, group, due, act.if_late)
    notices.with_text(turn, doing.terms, act, {"member": member})
    return doing.taken({"member": member}, **told)


def _impose(doing: Doing, kind: str, member: str, length: int | None) -> tuple[Sanction, dict[str, Any]]:
    """A sanction that begins, and what its action tells of it."""
    cause = doing.cause
    sanction = sanctions.impose(
        doing.turn, doing.terms, cause.rules, kind, member, length, cause.penalty, cause.step, cause.start, cause.appeal
    )
    cause.sanctions.append(sanction.id)
    told: dict[str, Any] = {"sanction": sanction.id}
    if cause.penalty is not None:
        told.update(penalty=cause.penalty, step=cause.step)
    return sanction, told


def _restrained(doing: Doing, member: str) -> bool:
    """Whether a warning is to stand in the place of a sanction; what trips a breaker is told at once."""
    turn, cause = doing.turn, doing.cause
    if cause.restrained or cause.start is not None:
        return cause.restrained and doing.act.do != proportion.INSTEAD
    restraint = proportion.restrain(turn, doing.act.do, member, cause.penalty, counted=bool(cause.struck))
    if restraint is None:
        cause.struck = cause.struck or doing.act.do != proportion.INSTEAD
        return False
    cause.restrained = True
    cause.evidence.append(restraint.evidence)
    if restraint.tripped is not None:
        told = proportion.trip(turn, restraint.tripped)
        for one in restraint.tripped.actions:
            perform(turn, told, Act.of(one, None, turn), Affected())
        turn.give([told])
    return True


def _warn_instead(doing: Doing, member: str) -> ActionTaken | None:
    if doing.cause.warned:
        return None
    doing.cause.warned = True
    warning, told = _impose(doing, proportion.INSTEAD, member, None)
    told = {"sanction": warning.id, "instead_of": doing.act.do, **told}
    return ActionTaken(proportion.INSTEAD, {"member": member}, told)


def _hold(doing: Doing) -> ActionTaken | None:
    case = cases.hold(doing.turn, doing.terms, doing.act, doing.affected)
    return _opened(doing, case)


def _refer(doing: Doing) -> ActionTaken | None:
    sanction = sanctions.appealed(doing.turn)
    more = {"sanction": sanction} if sanction is not None else {}
    case = cases.hold(doing.turn, doing.terms, doing.act, doing.affected, more=more)
    return _opened(doing, case)


def _opened(doing: Doing, case: str) -> ActionTaken:
    """An action that has opened a case; of a share, how many votes that is."""
    cell = doing.turn.tx.get(cases.TABLE, case)
    share = cell is not None and isinstance(doing.act.arguments.get("quorum"), Decimal)
    return doing.taken(doing.affected.thing, case=case, **({"quorum": cell["quorum"]} if share and cell else {}))


def _to_author(doing: Doing) -> ActionTaken | None:
    """`reject`, `reply`: on the message or request, with a text for who sent it.

    What is no message, such as a rating of somebody, was sent by the sender of the event.
    """
    turn, affected = doing.turn, doing.affected
    to, event = affected.person, turn.event
    if affected.message is None and event is not None and event.id == affected.event and event.member is not None:
        to = {"member": event.member.id}
    notices.with_text(turn, doing.terms, doing.act, to)
    return _tell(doing)


def _remind(doing: Doing) -> ActionTaken | None:
    group = doing.act.arguments.get("to")
    if isinstance(group, str):
        to = {"group": group}
    elif doing.member is not None:
        to = {"member": doing.member}
    elif doing.affected.group is not None and not doing.act.aimed:
        to = {"group": doing.affected.group}
    else:
        return None
    notices.send(doing.turn, doing.terms, doing.act, to)
    return doing.taken(to)


def _notify(doing: Doing) -> ActionTaken | None:
    notices.to_group(doing.turn, doing.terms, doing.act)
    return _tell(doing)


def _publish(doing: Doing) -> ActionTaken | None:
    notices.send(doing.turn, doing.terms, doing.act, {"group": EVERYONE})
    return _tell(doing)


def _points(doing: Doing) -> ActionTaken | None:
    if doing.member is None:
        return None
    act = doing.act
    asked = int(act.arguments["points"])
    allowance = act.arguments.get("up_to")
    movement, cut = points.give(
        doing.turn, doing.terms.rule, doing.member, act.do, asked,
        allowance if isinstance(allowance, Allowance) else None,
    )  # fmt: skip
    if cut is not None:
        doing.cause.evidence.append(cut)
    if movement is None:
        return None
    doing.cause.points.append(movement)
    if cut is not None:
        return doing.taken({"member": doing.member}, points=abs(movement[1]))
    return _tell(doing)


def _label(doing: Doing) -> ActionTaken | None:
    turn, act = doing.turn, doing.act
    if doing.member is None:
        return None
    name = str(act.arguments["label"])
    if act.do == "label":
        length = act.arguments.get("for")
        start = turn.now if doing.cause.start is None else doing.cause.start
        end = start + length if isinstance(length, int) else None
        if end is None or end > turn.now:
            doing.cause.labels.append(labels.put(turn, doing.terms.rule, doing.member, name, end))
    else:
        labels.take_off(turn, doing.terms.rule, doing.member, name)
    return _tell(doing)


def _note(doing: Doing) -> ActionTaken | None:
    taken, arguments = _noting(doing), doing.act.arguments
    if taken is None or doing.member is None:
        return None
    later = not members.note(doing.turn.tx, doing.member, str(arguments["field"]), arguments["value"])
    return None if later else taken


def _noting(doing: Doing) -> ActionTaken | None:
    """A fact as the wire says it; what is absent is not told."""
    arguments, rulebook = doing.act.arguments, doing.turn.book.rulebook
    kind = rulebook.member_fields[str(arguments["field"])].kind
    value = noted(arguments["value"], kind, rulebook.timezone)
    if doing.member is None or value is None:
        return None
    may = {"confidential": list(arguments["confidential"])} if "confidential" in arguments else {}
    return doing.taken({"member": doing.member}, value=value, **may)


def _take_back(doing: Doing) -> ActionTaken | None:
    rule = str(doing.act.arguments["rule"])
    return _tell(doing) if reversal.take_back(doing.turn, rule, doing.terms.rule, doing.affected) else None


def _set(doing: Doing) -> ActionTaken | None:
    turn, arguments = doing.turn, doing.act.arguments
    length = arguments.get("for")
    end = turn.now + length if isinstance(length, int) else None
    states.enter(turn, doing.terms, str(arguments["state"]), str(arguments["value"]), end)
    return _tell(doing)


def _alert(doing: Doing) -> ActionTaken | None:
    notices.to_group(doing.turn, doing.terms, doing.act)
    announce(doing.turn, "alert", doing.terms.rule, {"name": str(doing.act.arguments["name"])})
    return _tell(doing)


Handler = Callable[[Doing], ActionTaken | None]
_HANDLERS: Final[Mapping[str, Handler]] = {
    "hold": _hold,
    "refer": _refer,
    "flag": _notify,
    "reject": _to_author,
    "reply": _to_author,
    "remind": _remind,
    "notify": _notify,
    "escalate": _notify,
    "award": _points,
    "deduct": _points,
    "take_back": _take_back,
    "label": _label,
    "unlabel": _label,
    "note": _note,
    "set": _set,
    "alert": _alert,
    "publish": _publish,
}
