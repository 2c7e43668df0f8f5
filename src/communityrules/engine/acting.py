"""Doing what actions ask for, one function each; the table at the end says which.

An action that has nobody or nothing to fall on is not done and not told. An action that the table does not name is told
to the host as it is. `penalty` is not here: offences are counted once for all rules that an event breaks
(`engine.penalties`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from communityrules.checker.checked import Appeal, DurationRange
from communityrules.engine import cases, labels, notices, points, sanctions, states
from communityrules.engine.raised import announce
from communityrules.engine.turn import Act, Affected, Answer, Terms, Turn
from communityrules.model.decision import ActionTaken


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
    #: Movements on the points ledger: member and change.
    points: list[tuple[str, int]] = []
    #: Labels put on, as `labels.undo` takes them.
    labels: list[dict[str, Any]] = []


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
    taken = handler(Doing(turn, answer.terms, act, affected, cause or Cause(rules=(answer.terms.rule,))))
    if taken is not None:
        answer.take(turn.book.verdict(act.do), taken)


def show(turn: Turn, answer: Answer, act: Act, affected: Affected) -> None:
    """Note an action that is not done, because the rule is on trial or overridden."""
    taken = _tell(Doing(turn, answer.terms, act, affected, Cause()))
    if taken is not None:
        answer.take(turn.book.verdict(act.do), taken)


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
        elif value is not None and name != "against":
            told[name] = value
    return told


def _tell(doing: Doing) -> ActionTaken | None:
    declared = doing.turn.book.actions.get(doing.act.do)
    falls_on = declared.falls_on if declared is not None else "community"
    if falls_on == "message":
        return doing.taken(doing.affected.thing)
    if falls_on == "member":
        return None if doing.member is None else doing.taken({"member": doing.member})
    return doing.taken({"member": doing.act.against} if doing.act.against is not None else {})


def _sanction(doing: Doing) -> ActionTaken | None:
    turn, act, cause, member = doing.turn, doing.act, doing.cause, doing.member
    if member is None:
        return None
    length: Any = act.arguments.get("duration")
    chosen = act.arguments.get("range")
    if isinstance(chosen, DurationRange):
        length = chosen.low
    sanction = sanctions.impose(
        turn,
        doing.terms,
        cause.rules,
        act.do,
        member,
        length if isinstance(length, int) else None,
        cause.penalty,
        cause.step,
        cause.start,
        cause.appeal,
    )
    cause.sanctions.append(sanction.id)
    told: dict[str, Any] = {"sanction": sanction.id}
    if cause.penalty is not None:
        told.update(penalty=cause.penalty, step=cause.step)
    group = act.arguments.get("set_by")
    still_open = sanction.end is not None and sanction.end > turn.now
    if isinstance(chosen, DurationRange) and isinstance(group, str) and still_open:
        told["case"] = cases.ask_for_length(turn, doing.terms, sanction, chosen, group)
    notices.with_text(turn, doing.terms, act, {"member": member})
    return doing.taken({"member": member}, **told)


def _hold(doing: Doing) -> ActionTaken | None:
    case = cases.hold(doing.turn, doing.terms, doing.act, doing.affected)
    return doing.taken(doing.affected.thing, case=case)


def _to_author(doing: Doing) -> ActionTaken | None:
    """`reject`, `reply`: on the message or request, with a text for who sent it."""
    notices.with_text(doing.turn, doing.terms, doing.act, doing.affected.person)
    return _tell(doing)


def _remind(doing: Doing) -> ActionTaken | None:
    if doing.member is not None:
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


def _points(doing: Doing) -> ActionTaken | None:
    if doing.member is None:
        return None
    change = int(doing.act.arguments["points"])
    change = -change if doing.act.do == "deduct" else change
    points.move(doing.turn, doing.terms.rule, doing.member, change)
    doing.cause.points.append((doing.member, change))
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
    "flag": _notify,
    "reject": _to_author,
    "reply": _to_author,
    "remind": _remind,
    "notify": _notify,
    "escalate": _notify,
    "award": _points,
    "deduct": _points,
    "label": _label,
    "unlabel": _label,
    "set": _set,
    "alert": _alert,
}
