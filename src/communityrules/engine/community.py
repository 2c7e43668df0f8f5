"""What is known of the community as a whole, in one cell that every event reads.

`since`: its first event. `watching`: the periods of the rulebook that judged last. `periods`: for each period that is
being watched, when the running one began (None while it is the one in which the watching began, which is not judged).
`owed`: how many open duties are met by each event type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from communityrules.engine.transaction import Transaction

TABLE: Final = "community"
KEY: Final = "self"
_NOTHING: Final[Mapping[str, Any]] = {}


def record(tx: Transaction) -> Mapping[str, Any]:
    """The cell, empty before the first event. Not to be changed in place."""
    return tx.get(TABLE, KEY) or _NOTHING


def change(tx: Transaction, **entries: Any) -> None:
    """Set entries of the cell."""
    tx.put(TABLE, KEY, {**record(tx), **entries})


def owed(tx: Transaction, event_type: str, change_by: int) -> None:
    """Count open duties that events of a type meet."""
    counts = dict(record(tx).get("owed", {}))
    counts[event_type] = counts.get(event_type, 0) + change_by
    if counts[event_type] <= 0:
        del counts[event_type]
    change(tx, owed=counts)
