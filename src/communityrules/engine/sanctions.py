"""Sanctions: what lasts on a member, from its start up to, not including, its end.

Sanctions of one kind do not add up: each runs by its own dates, and a member is silenced for as long as any of them
holds. So a longer one stands whatever comes after it, and taking one back leaves what the others say.

A cell of the table `sanction` is kept for as long as the sanction runs or can be appealed; of one that silences, for an
hour more, since a message that comes late is judged by what held at its own time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from communityrules.checker.checked import Appeal
from communityrules.engine import cases, members
from communityrules.engine.raised import announce
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Terms, Turn
from communityrules.model.decision import Sanction
from communityrules.model.values import HOUR

TABLE: Final = "sanction"
#: Sanctions that keep a member from writing; they last for good where no length is given.
SILENCING: Final = frozenset({"mute", "ban"})
TIMER: Final = "sanction"
#: For how long what silenced somebody is still known after its end; as long as measures look back for late events.
_AFTERWARDS: Final = HOUR


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
    appeal: Appeal | None = None,
) -> Sanction:
    """Begin a sanction and put it into the decision. `length` in microseconds; without one a mute or ban is for good.

    `start` lies in the past when an appeal has the steps counted again; a sanction that is over by now is only told.
    """
    start = turn.now if start is None else start
    lasting = kind in SILENCING or length is not None
    end = start if not lasting else None if length is None else start + length
    running = lasting and (end is None or end > turn.now)
    sanction = Sanction(turn.tx.new_id("sanction"), member, kind, start, end, penalty, step, rules)
    cell: dict[str, Any] = {
        "member": member, "kind": kind, "start": start, "end": end, "penalty": penalty, "step": step,
        "rules": list(rules), "status": "in_force" if running or not lasting else "ended", "terms": terms.to_plain(),
    }  # fmt: skip
    if appeal is not None:
        until = start + turn.amount(appeal.within, start) if appeal.within is not None else None
        cell["appeal"] = {"group": appeal.group, "times": appeal.times, "until": until, "used": 0}
        members.change(turn.tx, member, sanctions=[*appealable(turn.tx, member), sanction.id])
    if running or appeal is not None:
        _keep(turn, sanction.id, cell)
    if running:
        _hold(turn, sanction.id, cell)
    tell(turn, sanction.id, cell)
    fields = {"penalty": penalty, "kind": kind, "duration": length if lasting else None}
    announce(turn, "sanctioned", rules[0], fields, member, sanctions=(sanction.id,))
    return sanction


def cell_of(tx: Transaction, sanction: str) -> Mapping[str, Any] | None:
    """What is known of a sanction that runs or can be appealed, or None."""
    return tx.get(TABLE, sanction)


def appealable(tx: Transaction, member: str) -> list[str]:
    """The ids of a member's sanctions that came with an appeal, oldest first."""
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
    """Give a sanction that runs another length, and put it into the decision."""
    cell = cell_of(turn.tx, sanction)
    if cell is None or cell["status"] != "in_force":
        return
    _release(turn, sanction, cell)
    # What was to be decided may come out shorter than it took to decide.
    moved = {**cell, "end": max(cell["start"] + length, turn.now)}
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
    _drop(turn, sanction, cell)
    turn.judge.revoke(cell.get("fed", ()))
    tell(turn, sanction, {**cell, "status": "reversed"})
    _tell_cover(turn, cell["member"])


def feed(turn: Turn, sanction: str, fed: list[Any]) -> None:
    """Keep what measures are to forget when a sanction is taken back."""
    cell = cell_of(turn.tx, sanction)
    if cell is not None and fed:
        _keep(turn, sanction, {**cell, "fed": [*cell.get("fed", ()), *fed]})


def ended(turn: Turn, sanction: str) -> bool:
    """A sanction's end has come. Whether there was anything to end."""
    cell = cell_of(turn.tx, sanction)
    if cell is None:
        return False
    if cell["status"] != "in_force":
        # Its hour afterwards is over as well.
        _release(turn, sanction, cell)
        if "appeal" not in cell:
            _drop(turn, sanction, cell)
        return False
    over = {**cell, "status": "ended"}
    if cell["kind"] in SILENCING:
        _keep(turn, sanction, over)
        turn.tx.schedule(cell["end"] + _AFTERWARDS, TIMER, sanction)
    else:
        _release(turn, sanction, cell)
        if "appeal" in cell:
            _keep(turn, sanction, over)
        else:
            _drop(turn, sanction, cell)
    tell(turn, sanction, over)
    _tell_cover(turn, cell["member"])
    return True


def close_appeal(turn: Turn, sanction: str) -> None:
    """A sanction can no longer be appealed: it is kept only while it runs."""
    cell = cell_of(turn.tx, sanction)
    if cell is None:
        return
    if _silences(turn.tx, sanction, cell) or (cell["status"] == "in_force" and cell["end"] != cell["start"]):
        _unlist(turn, sanction, cell)
        _keep(turn, sanction, {name: value for name, value in cell.items() if name != "appeal"})
    else:
        _drop(turn, sanction, cell)


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


def _silences(tx: Transaction, sanction: str, cell: Mapping[str, Any]) -> bool:
    """Whether a sanction silences its member, or did so until a moment ago."""
    return any(one[0] == sanction for one in members.record(tx, cell["member"]).get("silence", []))


def _keep(turn: Turn, sanction: str, cell: Mapping[str, Any]) -> None:
    turn.tx.put(TABLE, sanction, dict(cell))


def _drop(turn: Turn, sanction: str, cell: Mapping[str, Any]) -> None:
    turn.tx.delete(TABLE, sanction)
    _unlist(turn, sanction, cell)


def _unlist(turn: Turn, sanction: str, cell: Mapping[str, Any]) -> None:
    if "appeal" in cell:
        left = [one for one in appealable(turn.tx, cell["member"]) if one != sanction]
        members.change(turn.tx, cell["member"], sanctions=left)


def _hold(turn: Turn, sanction: str, cell: Mapping[str, Any]) -> None:
    member = cell["member"]
    if cell["kind"] in SILENCING:
        silence = members.record(turn.tx, member).get("silence", [])
        members.change(turn.tx, member, silence=[*silence, [sanction, cell["start"], cell["end"]]])
    if cell["end"] is not None:
        turn.tx.schedule(cell["end"], TIMER, sanction)


def _release(turn: Turn, sanction: str, cell: Mapping[str, Any]) -> None:
    member = cell["member"]
    silence = members.record(turn.tx, member).get("silence", [])
    members.change(turn.tx, member, silence=[one for one in silence if one[0] != sanction])
    turn.tx.unschedule(TIMER, sanction)


def appealed(turn: Turn) -> str | None:
    """The sanction that the appeal at hand is about, whether or not its penalty lets it be appealed once more: the one
    that it names, else the newest. None when the event is no appeal, or is about none."""
    event = turn.event
    if event is None or event.type != "appeal" or event.member is None:
        return None
    named = event.fields.get("sanction")
    sanction = named if isinstance(named, str) else event.target.case
    for one in [sanction] if sanction is not None else reversed(appealable(turn.tx, event.member.id)):
        cell = cell_of(turn.tx, one)
        if cell is not None and cell["member"] == event.member.id:
            return one
    return None
