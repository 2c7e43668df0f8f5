"""The state of one community as the parts of the engine see it while one event or timer is handled.

State is a set of cells: a table name, a key, a value. Values are plain records that the table knows how to write as
JSON. Everything put here is committed together with the event's id, its decision and its timers, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from communityrules.model.event import Member


class Transaction(Protocol):
    """One community during one event or timer."""

    #: Whose state this is.
    community: str
    #: The instant of the event or timer, microseconds since the epoch. Never a clock's.
    now: int
    #: Members as `engine.members` filled them in last, after the cells that they were filled from and what was said of
    #: them then. Only saves time.
    people: dict[str, tuple[Mapping[str, Any], Member, Member]]
    #: The cell of the community (`engine.community`) as it was when its periods were last seen to be watched.
    checked: Mapping[str, Any] | None
    #: How many members are known and have not left, once somebody has asked (`engine.members`). Only saves time.
    known: int | None
    #: Goes up whenever the cell of a member may have changed (`engine.members`).
    stirred: int
    #: Group → how many members it had, and what `stirred` was then (`engine.crowds`). Only saves time.
    crowds: dict[str, tuple[int, int]]

    def get(self, table: str, key: str) -> Any | None:
        """The value of a cell, or None. The value must not be changed in place: put a new one."""

    def put(self, table: str, key: str, value: Any) -> None:
        """Set a cell. `value` is made of dict, list, str, int, bool and None."""

    def delete(self, table: str, key: str) -> None:
        """Remove a cell; nothing happens when there is none."""

    def items(self, table: str, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """The cells of a table whose key begins with the prefix, in order of key (code points)."""

    def schedule(self, due: int, what: str, key: str) -> None:
        """Have a timer fire at an instant, in place of an earlier one with the same `what` and key.

        Timers at one instant fire in the order of `what`, then key; before events at that instant. An instant that
        has passed fires next.
        """

    def unschedule(self, what: str, key: str) -> None:
        """Take a timer back."""

    def new_id(self, kind: str) -> str:
        """An id that is the same whenever the same event or timer is handled: `m42/sanction/1`."""
