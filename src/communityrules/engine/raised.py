"""Events that the engine raises: `breach`, `late`, `met`, `alert`, `settled`, `sanctioned`, `ranked`, `review`.

They are judged within the decision of what raised them, first raised first judged. The checker proves that rules on
them make no cycle; should a rulebook reach the engine unchecked, the chain is cut and the cut is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from communityrules.engine import members
from communityrules.engine.turn import Turn
from communityrules.model.decision import RuleFailure
from communityrules.model.event import Event, Message, Target
from communityrules.model.values import Value

TYPES: Final = frozenset({"breach", "late", "met", "alert", "settled", "sanctioned", "ranked", "review"})
#: One more than the number of types that can follow each other without a cycle.
_DEEPEST: Final = len(TYPES) + 1


def announce(
    turn: Turn,
    kind: str,
    rule: str,
    fields: Mapping[str, Value],
    member: str | None = None,
    group: str | None = None,
    message: str | None = None,
    case: str | None = None,
    matter: Sequence[str] = (),
    sanctions: Sequence[str] = (),
) -> None:
    """Raise an event about a member, or a group where no one member is; nothing when no rule can hear it.

    Fields that are None are left out. `matter` is what people can name when they answer it, beside the message and the
    case; `sanctions` are those with which it is taken back.
    """
    if kind not in turn.book.heard:
        return
    if turn.depth >= _DEEPEST:
        turn.parts.errors.append(RuleFailure(rule, "", 0, f"`{kind}` is not raised: events that raise each other"))
        return
    tx = turn.tx
    place = turn.event
    event = Event(
        tx.new_id(kind),
        turn.now,
        kind,
        tx.community,
        members.find(tx, member) if member is not None else None,
        None,
        Target(message, member, case, rule),
        {name: value for name, value in {"rule": rule, **fields}.items() if value is not None},
        place.channel if place is not None else None,
        place.place if place is not None else None,
    )
    event.subject = event.aimed = event.member
    event.subject_group = group if member is None else None
    if message is not None:
        event.subject_message = Message(message)
    if sanctions:
        turn.withdrawable = {**turn.withdrawable, event.id: tuple(sanctions)}
    if matter:
        turn.matters = {**turn.matters, event.id: tuple(matter)}
    turn.raised.append((event, turn.depth + 1))
