"""Appeals: a sanctioned member asks the penalty's group to look again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from communityrules.engine import cases, penalties, sanctions
from communityrules.engine.turn import Answer, Terms, Turn
from communityrules.model.decision import ActionTaken
from communityrules.model.event import Event


def lodge(turn: Turn, event: Event) -> None:
    """Open the case of an `appeal` event: about the sanction that it names, else the newest that can be appealed.

    Nothing happens when there is none, its time is over, it has been appealed as often as allowed, or a case is open.
    """
    if event.member is None:
        return
    member = event.member.id
    named = event.fields.get("sanction")
    sanction = named if isinstance(named, str) else event.target.case
    found = [sanction] if sanction is not None else reversed(sanctions.appealable(turn.tx, member))
    for one in found:
        cell = sanctions.cell_of(turn.tx, one)
        if cell is not None and cell["member"] == member and _open_to(turn, one, cell, event.target.rule):
            _open(turn, one, cell, member)
            return


def grant(turn: Turn, sanction: str) -> None:
    """Take a sanction back, with its offence, and count again what followed."""
    cell = sanctions.cell_of(turn.tx, sanction)
    if cell is None:
        return
    penalty = cell["penalty"]
    if penalty is None or not penalties.withdraw(turn, penalty, cell["member"], sanction):
        sanctions.reverse(turn, sanction)


def _open_to(turn: Turn, sanction: str, cell: Mapping[str, Any], rule: str | None) -> bool:
    terms = cell.get("appeal")
    if terms is None or (rule is not None and rule not in cell["rules"]):
        return False
    if terms["until"] is not None and turn.now > terms["until"]:
        return False
    if terms["times"] is not None and terms["used"] >= terms["times"]:
        return False
    return not any(_is_appeal(turn, case) for case in cases.of_thing(turn.tx, sanction))


def _is_appeal(turn: Turn, case: str) -> bool:
    cell = turn.tx.get(cases.TABLE, case)
    return cell is not None and cell["kind"] == "appeal"


def _open(turn: Turn, sanction: str, cell: Mapping[str, Any], member: str) -> None:
    appeal = cell["appeal"]
    turn.tx.put(sanctions.TABLE, sanction, {**cell, "appeal": {**appeal, "used": appeal["used"] + 1}})
    answer = Answer(Terms.from_plain(cell["terms"]), [{"kind": "appeal", "sanction": sanction}])
    case = cases.appeal(turn, answer.terms, sanction, member, appeal["group"])
    answer.take("hold", ActionTaken("hold", {"case": case}, {"for": appeal["group"], "case": case}))
    turn.give([answer])
