"""The guard on members who may not write: what they send is blocked under the reserved rule id `mute`.

It is no offence, whatever it says. The rules still answer, so that the record shows what they saw, but they neither
punish for it nor hold it nor ask for anything to be done about it. Reports, appeals, feedback and the rest stay open.
"""

from __future__ import annotations

from typing import Final

from communityrules.engine import sanctions
from communityrules.engine.turn import Affected, Answer, Terms, Turn
from communityrules.model.decision import ActionTaken
from communityrules.model.event import Event

RULE: Final = "mute"
#: What a silenced member may not send, and what becomes of it.
BLOCKED: Final = {"message": "delete", "reply": "delete", "edit": "delete", "announcement": "reject"}


def check(turn: Turn, event: Event) -> bool:
    """Block an event of a type in `BLOCKED` whose sender is silenced. Whether it is blocked."""
    if event.member is None:
        return False
    action = BLOCKED[event.type]
    sanction = sanctions.silencing(turn.tx, event.member.id, event.time)
    if sanction is None:
        return False
    cell = sanctions.cell_of(turn.tx, sanction)
    assert cell is not None  # what silences a member is kept until it ends
    imposed_by = Terms.from_plain(cell["terms"])
    answer = Answer(
        Terms(RULE, imposed_by.name, imposed_by.content, imposed_by.modality),
        [{"kind": "sanction", "sanction": sanction, "imposed": cell["kind"], "rules": list(cell["rules"])}],
    )
    answer.take(turn.book.verdict(action), ActionTaken(action, Affected.of(event).thing, {"sanction": sanction}))
    turn.give([answer])
    return True
