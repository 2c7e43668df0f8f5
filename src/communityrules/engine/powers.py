"""What staff do by hand, judged by the powers that the rulebook gives: within them, above them, or without any.

Of somebody in several groups the widest power counts. An act above its cap is held for whom the power names (`above
that hold for …`), else for the next rank: the group whose cap is the lowest that covers it, the first written of
equals. It waits no longer than it would have lasted. Without any power, or above every cap, the actor is in breach of
the powers, and so they are when the next rank refuses. What is not covered is not recorded as a sanction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from communityrules.checker.checked import Power
from communityrules.diagnostics.message import Bilingual
from communityrules.engine import cases, messages, sanctions
from communityrules.engine.raised import announce
from communityrules.engine.turn import Act, Affected, Answer, Terms, Turn
from communityrules.model.decision import ActionTaken, Evidence
from communityrules.model.event import Event

RULE: Final = "power"
#: What has no length, whatever is said of it.
_AT_ONCE: Final = frozenset({"warn", "kick"})
_FOREVER: Final = float("inf")
Judged = Literal["within", "above", "without"]
_WITHIN: Final = Bilingual("Staff act within their powers only.", "管理人员只在权限之内处置。")


def judge(turn: Turn, event: Event) -> None:
    """Judge a `staff_action`. Nothing in a rulebook without powers, or when it is not said who did what."""
    powers = turn.book.rulebook.powers
    done = event.fields.get("action")
    actor = event.member
    if not powers or actor is None or not isinstance(done, str) or not done:
        return
    name = turn.book.evaluator.library.resolve("actions", done) or done
    length = event.fields.get("duration")
    act = {
        "do": name,
        "by": actor.id,
        "member": _target(turn, event),
        "message": event.target.message,
        "event": event.id,
        "length": length if isinstance(length, int) and name not in _AT_ONCE else None,
    }
    own = [one for one in powers if name in one.caps and turn.in_group(one.group, actor)]
    widest = max(own, key=lambda one: _reach(one.caps[name]), default=None)
    if widest is None:
        _breach(turn, act, None)
    elif _reach(widest.caps[name]) >= _wanted(act):
        answer = Answer(_terms(widest), [_evidence(act, widest, "within")])
        carry_out(turn, answer, act)
        turn.give([answer])
    elif (hold := _decider(turn, powers, widest, act)) is None:
        _breach(turn, act, widest)
    else:
        _hold(turn, act, widest, hold)


def carry_out(turn: Turn, answer: Answer, act: Mapping[str, Any]) -> None:
    """Record what staff did, or were allowed to do, under an answer: a sanction on a member, or only that it was done.

    It does not make the event at hand any stricter: what is done is done to somebody else.
    """
    name, member, length = act["do"], act["member"], act["length"]
    told: dict[str, Any] = {}
    if name in sanctions.SILENCING or length is not None:
        told["duration"] = length if length is not None else "forever"
    on = {"member": member} if member is not None else {}
    if turn.book.is_sanction(name):
        if member is not None:
            told["sanction"] = sanctions.impose(turn, answer.terms, (RULE,), name, member, length).id
    elif act["message"] is not None:
        on = {"message": act["message"]}
    answer.take("allow", ActionTaken(name, on, told))


def settle(turn: Turn, answer: Answer, act: Mapping[str, Any], vote: Event) -> None:
    """The next rank has decided: what was held is done, for a shorter time where they say so, or was a breach."""
    if vote.type != "approve":
        announce(turn, "breach", RULE, {}, act["by"], matter=(act["event"],))
        return
    length = vote.fields.get("duration")
    if isinstance(length, int) and (act["length"] is None or length < act["length"]) and act["do"] not in _AT_ONCE:
        act = {**act, "length": length}
    carry_out(turn, answer, act)


def _breach(turn: Turn, act: Mapping[str, Any], power: Power | None) -> None:
    content = _WITHIN.fill(turn.book.rulebook.language, {})
    answer = Answer(
        Terms(RULE, None, content, "must"), [_evidence(act, power, "above" if power is not None else "without")]
    )
    answer.take("flag", ActionTaken("flag", {"event": act["event"], "member": act["by"]}, {}))
    announce(turn, "breach", RULE, {}, act["by"], matter=(act["event"],))
    turn.give([answer])


def _hold(turn: Turn, act: Mapping[str, Any], power: Power, hold: Act) -> None:
    group = str(hold.arguments["for"])
    answer = Answer(_terms(power), [{**_evidence(act, power, "above"), "decides": group}])
    affected = Affected(act["by"], event=act["event"], kind="staff_action")
    due = turn.now + act["length"] if act["length"] is not None else None
    case = cases.hold(turn, answer.terms, hold, affected, due, {"staff": act})
    answer.take("hold", ActionTaken("hold", affected.thing, {"for": group, "case": case}))
    turn.give([answer])


def _decider(turn: Turn, powers: tuple[Power, ...], own: Power, act: Mapping[str, Any]) -> Act | None:
    """Who decides what is above a cap, as a `hold`."""
    if own.above is not None:
        return Act.of(own.above, None, turn)
    name, wanted = act["do"], _wanted(act)
    covering = [one for one in powers if name in one.caps and _reach(one.caps[name]) >= wanted]
    if not covering:
        return None
    return Act("hold", {"for": min(covering, key=lambda one: _reach(one.caps[name])).group})


def _reach(cap: int | None) -> float:
    """How far a cap reaches."""
    return _FOREVER if cap is None else cap


def _wanted(act: Mapping[str, Any]) -> float:
    """How far an act goes; a mute or ban without a length is for good."""
    length: int | None = act["length"]
    if length is not None:
        return length
    return _FOREVER if act["do"] in sanctions.SILENCING else 0


def _target(turn: Turn, event: Event) -> str | None:
    """Whom it was done to: the member named, else the author of the message."""
    target = event.target
    if target.member is not None or target.message is None:
        return target.member
    known = messages.recall(turn.tx, target.message)
    return known.author if known is not None else None


def _terms(power: Power) -> Terms:
    return Terms(RULE, None, power.text, "may")


def _evidence(act: Mapping[str, Any], power: Power | None, judged: Judged) -> Evidence:
    """Who did what, and the power by which it was judged: its group, and its cap where it has one."""
    told: dict[str, Any] = {"kind": "power", "judged": judged, "member": act["by"], "action": act["do"]}
    if act["length"] is not None:
        told["duration"] = act["length"]
    told["group"] = power.group if power is not None else None
    if power is not None and power.caps[act["do"]] is not None:
        told["cap"] = power.caps[act["do"]]
    return told
