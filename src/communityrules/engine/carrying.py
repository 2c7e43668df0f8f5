"""Carrying out actions that nobody else shares: those of `if late`, where a penalty is an offence of its own."""

from __future__ import annotations

from collections.abc import Sequence

from communityrules.engine import reversal
from communityrules.engine.acting import bearer, perform
from communityrules.engine.penalties import offend
from communityrules.engine.turn import Act, Affected, Answer, Turn
from communityrules.model.decision import ActionTaken


def carry_out(turn: Turn, answer: Answer, acts: Sequence[Act], affected: Affected) -> None:
    """Do actions under an answer's rule, in order."""
    _carry_out(turn, answer, acts, affected)
    if answer.gave and turn.book.taken_back:
        reversal.mark(turn, answer.gave, affected)
        reversal.keep(turn, answer.gave)


def _carry_out(turn: Turn, answer: Answer, acts: Sequence[Act], affected: Affected) -> None:
    for act in acts:
        if act.do != "penalty":
            perform(turn, answer, act, affected)
            continue
        member = bearer(act, affected)
        if member is None:
            continue
        name = str(act.arguments["penalty"])
        answer.take("allow", ActionTaken("penalty", {"member": member}, {"penalty": name}))
        offend(turn, name, member, [answer], affected, turn.event)
