"""The points ledger: one balance for each member, which is the sum of all movements.

A cell of the table `allowance`, one for each member, rule, direction and calendar unit, says how much was given in the
last periods in which anything was: `[[since, points], …]`, oldest first. What is taken back is free to be given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from communityrules.checker.checked import Allowance
from communityrules.engine import members
from communityrules.engine.plain import join
from communityrules.engine.turn import Turn
from communityrules.library.periods import periods
from communityrules.model.decision import Evidence, PointsChange

TABLE: Final = "allowance"
#: Periods of which is known what was given in them; of older ones nothing more is given.
_KEPT: Final = 8


def move(turn: Turn, rule: str, member: str, change: int, reverses: str | None = None) -> str:
    """Add to a member's points, or take away where `change` is negative; the balance may fall below zero.

    The id of the movement. `reverses` is that of the one which this takes back.
    """
    balance = members.record(turn.tx, member).get("points", 0) + change
    members.change(turn.tx, member, points=balance)
    id_ = turn.tx.new_id("points")
    turn.parts.points.append(PointsChange(id_, member, change, balance, rule, reverses))
    return id_


def give(
    turn: Turn, rule: str, member: str, do: str, points: int, allowance: Allowance | None
) -> tuple[list[Any] | None, Evidence | None]:
    """Do an `award` or `deduct` as far as its allowance goes.

    The movement as `give_back` takes it, None when nothing is left to give; and what says so when it was cut.
    """
    sign = -1 if do == "deduct" else 1
    if allowance is None:
        return [member, sign * points, move(turn, rule, member, sign * points)], None
    most = turn.amount(allowance.points)
    since = periods(turn.book.rulebook.timezone).start(allowance.unit, turn.now)
    key = join(member, rule, do, allowance.unit)
    known: list[list[int]] = turn.tx.get(TABLE, key) or []
    before = next((given for start, given in known if start == since), None)
    if before is None:
        forgotten = len(known) >= _KEPT and since < known[0][0]
        before = most if forgotten else 0
    given = min(points, max(0, most - before))
    evidence = None
    if given < points:
        evidence = {
            "kind": "allowance", "value": before, "limit": most, "per": allowance.unit, "asked": points,
            "given": given,
        }  # fmt: skip
    if not given:
        return None, evidence
    _count(turn, key, since, given)
    return [member, sign * given, move(turn, rule, member, sign * given), key, since], evidence


def give_back(turn: Turn, rule: str, movement: Sequence[Any]) -> None:
    """Take a movement back under a rule: the same with the other sign."""
    member, change, *more = movement
    move(turn, rule, member, -change, more[0] if more else None)
    if len(more) > 1:
        _count(turn, more[1], more[2], -abs(change))


def _count(turn: Turn, key: str, since: int, points: int) -> None:
    """Note that so much more, or less, was given in a period."""
    known: dict[int, int] = dict(turn.tx.get(TABLE, key) or [])
    if points < 0 and since not in known:
        return
    known[since] = known.get(since, 0) + points
    turn.tx.put(TABLE, key, [[start, known[start]] for start in sorted(known)[-_KEPT:]])
