"""Named conditions of the community, which fall back to their first value by time."""

from __future__ import annotations

from typing import Final

from communityrules.checker.checked import Rulebook
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Answer, Terms, Turn

TABLE: Final = "state"
TIMER: Final = "state"


def value(tx: Transaction, rulebook: Rulebook, name: str) -> str:
    """The value that a state has now; its first value until it is set."""
    declared = rulebook.states[name]
    cell = tx.get(TABLE, name)
    if cell is None or cell["value"] not in declared.values:
        return declared.values[0]
    end = cell["end"]
    found: str = cell["value"]
    return found if end is None or tx.now < end else declared.values[0]


def enter(turn: Turn, terms: Terms, name: str, to: str, end: int | None) -> None:
    """Set a state until an instant, None until it is set again. What was set before is forgotten."""
    turn.tx.put(TABLE, name, {"value": to, "end": end, "terms": terms.to_plain()})
    if end is None:
        turn.tx.unschedule(TIMER, name)
    else:
        turn.tx.schedule(end, TIMER, name)


def ended(turn: Turn, name: str) -> bool:
    """A state falls back: the decision says so under the rule that had set it. Whether there was anything to end."""
    cell = turn.tx.get(TABLE, name)
    if cell is None:
        return False
    turn.tx.delete(TABLE, name)
    declared = turn.book.rulebook.states.get(name)
    if declared is None:
        return False
    turn.give(
        [
            Answer(
                Terms.from_plain(cell["terms"]),
                [{"kind": "state", "state": name, "value": declared.values[0], "was": cell["value"]}],
            )
        ]
    )
    return True
