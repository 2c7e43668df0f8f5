"""The points ledger: one balance for each member."""

from __future__ import annotations

from communityrules.engine import members
from communityrules.engine.turn import Turn
from communityrules.model.decision import PointsChange


def move(turn: Turn, rule: str, member: str, change: int) -> None:
    """Add to a member's points, or take away where `change` is negative; the balance may fall below zero."""
    balance = members.record(turn.tx, member).get("points", 0) + change
    members.change(turn.tx, member, points=balance)
    turn.parts.points.append(PointsChange(turn.tx.new_id("points"), member, change, balance, rule))
