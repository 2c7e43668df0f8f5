"""Sanctions: what lasts on a member, from its start up to, not including, its end.

Sanctions of one kind do not add up: each runs by its own dates, and a member is silenced for as long as any of them
holds. So a longer one stands whatever comes after it, and taking one back leaves what the others say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from communityrules.engine import cases, members
from communityrules.engine.raised import announce
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Terms, Turn
from communityrules.model.decision import Sanction

TABLE: Final = "sanction"
#: Sanctions that keep a member from writing.
SILENCING: Final = frozenset({"mute", "ban"})
_LASTING: Final = SILENCING
TIMER: Final = "sanction"


def impose(
    turn: Turn,
    terms: Terms,
    rules: tuple[str, ...],
    kind: str,
    member: str,
    length: int | None,
    penalty: str | None = None,
    step: int | None = None,
    start: int | None = None,
    about: str | None = None,
) -> Sanction:
    """Begin a sanction and put it into the decision. `length` in microseconds, None for good; 0 for warn and kick.

    `start` lies in the past when an appeal has the steps counted again; a sanction that is over by now is only told.
    """
    start = turn.now if start is None else start
    lasting = kind in _LASTING
    end = start if not lasting else None if length is None else start + length
    sanction = Sanction(turn.tx.new_id("sanction"), member, kind, start, end, penalty, step, rules)
    cell: dict[str, Any] = {
        "member": member, "kind": kind, "start": start, "end": end, "penalty": penalty, "step": step,
        "rules": list(rules), "status": "in_force", "terms": terms.to_plain(), "about": about,
    }  # fmt: skip
    if lasting and end is not None and end <= turn.now:
        cell["status"] = "ended"
    elif lasting:
        _hold(turn, sanction.id, cell)
    _keep(turn, sanction.id, cell)
    latest = members.record(turn.tx, member).get("sanctions", [])
    members.change(turn.tx, member, sanctions=[*latest, sanction.id])
    tell(turn, sanction.id, cell)
    announce(
        turn,
        "sanctioned",
        rules[0],
        {"penalty": penalty, "kind": kind, "duration": length if lasting else None},
        member,
    )
    return sanction


def cell_of(tx: Transaction, sanction: str) -> Mapping[str, Any] | None:
    """What is known of a sanction, or None."""
    return tx.get(TABLE, sanction)


def of_member(tx: Transaction, member: str) -> list[str]:
    """The ids of all sanctions of a member, oldest first."""
    return list(members.record(tx, member).get("sanctions", []))


def silencing(tx: Transaction, member: str, now: int) -> str | None:
    """The id of the sanction that keeps a member from writing now: of several, the one that lasts longest."""
    silence = members.record(tx, member).get("silence")
    if silence is None:
        return None
    found: str | None = None
    longest: int | None = 0
    for sanction, start, end in silence:
        if start <= now and (end is None or now < end) and (found is None or outlasts(end, longest)):
            found, longest = sanction, end
    return found


def outlasts(end: int | None, other: int | None) -> bool:
    """Whether an end lies after another; None is never."""
    return other is not None and (end is None or end > other)


def set_length(turn: Turn, sanction: str, length: int) -> None:
    """Give a sanction that holds another length, and put it into the decision."""
    cell = cell_of(turn.tx, sanction)
    if cell is None or cell["status"] != "in_force":
        return
    _release(turn, sanction, cell)
    moved = {**cell, "end": cell["start"] + length}
    _hold(turn, sanction, moved)
    _keep(turn, sanction, moved)
    tell(turn, sanction, moved)


def reverse(turn: Turn, sanction: str) -> None:
    """Take a sanction back as if it had not been, and put it into the decision; cases about it are closed."""
    cell = cell_of(turn.tx, sanction)
    if cell is None or cell["status"] == "reversed":
        return
    for case in cases.of_thing(turn.tx, sanction):
        if (open_case := turn.tx.get(cases.TABLE, case)) is not None:
            cases.close(turn, case, open_case, "expired")
    _release(turn, sanction, cell)
    _keep(turn, sanction, {**cell, "status": "reversed"})
    tell(turn, sanction, {**cell, "status": "reversed"})
    _tell_cover(turn, cell["member"])


def ended(turn: Turn, sanction: str) -> bool:
    """A sanction's end has come. Whether there was anything to end."""
    cell = cell_of(turn.tx, sanction)
    if cell is None or cell["status"] != "in_force":
        return False
    _release(turn, sanction, cell)
    _keep(turn, sanction, {**cell, "status": "ended"})
    tell(turn, sanction, {**cell, "status": "ended"})
    _tell_cover(turn, cell["member"])
    return True


def tell(turn: Turn, sanction: str, cell: Mapping[str, Any]) -> None:
    """Put a sanction into the decision, in place of an earlier state of it."""
    told = Sanction(
        sanction, cell["member"], cell["kind"], cell["start"], cell["end"], cell["penalty"], cell["step"],
        tuple(cell["rules"]), cell["status"],
    )  # fmt: skip
    turn.parts.sanctions[:] = [one for one in turn.parts.sanctions if one.id != sanction]
    turn.parts.sanctions.append(told)


def _tell_cover(turn: Turn, member: str) -> None:
    """When one sanction is over and another still silences the member, say so: hosts must not let them write."""
    other = silencing(turn.tx, member, turn.now)
    if other is not None and all(one.id != other for one in turn.parts.sanctions):
        cell = cell_of(turn.tx, other)
        assert cell is not None  # what silences a member is kept until it ends
        tell(turn, other, cell)


def _keep(turn: Turn, sanction: str, cell: Mapping[str, Any]) -> None:
    turn.tx.put(TABLE, sanction, dict(cell))


def _hold(turn: Turn, sanction: str, cell: Mapping[str, Any]) -> None:
    member = cell["member"]
    silence = members.record(turn.tx, member).get("silence", [])
    members.change(turn.tx, member, silence=[*silence, [sanction, cell["start"], cell["end"]]])
    if cell["end"] is not None:
        turn.tx.schedule(cell["end"], TIMER, sanction)


def _release(turn: Turn, sanction: str, cell: Mapping[str, Any]) -> None:
    member = cell["member"]
    silence = members.record(turn.tx, member).get("silence", [])
    members.change(turn.tx, member, silence=[one for one in silence if one[0] != sanction])
    turn.tx.unschedule(TIMER, sanction)


def allow_appeal(turn: Turn, sanction: str, group: str, times: int | None, within: int | None) -> None:
    """Note to whom, how often (None: always) and until when (None: always) a sanction can be appealed."""
    cell = cell_of(turn.tx, sanction)
    if cell is not None:
        until = cell["start"] + within if within is not None else None
        _keep(turn, sanction, {**cell, "appeal": {"group": group, "times": times, "until": until, "used": 0}})
