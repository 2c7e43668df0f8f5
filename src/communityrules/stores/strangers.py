"""Which keys of a measure the table of window pieces may have: most that are asked for are new, and need no look."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from communityrules.stores.seen import Seen

#: Looks in vain before the keys of a measure are worth learning, and how many keys each such look pays for.
_PATIENCE: Final = 64
_PAID: Final = 16
_COUNT: Final = "SELECT count(*) FROM (SELECT 1 FROM piece WHERE community=? AND measure=? LIMIT ?)"
_KEYS: Final = "SELECT DISTINCT key FROM piece WHERE community=? AND measure=?"


class Strangers:
    """Tells keys that the table `piece` does not have, by the numbers of community and measure."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._seen: dict[tuple[int, int], Seen] = {}
        self._in_vain: dict[tuple[int, int], int] = {}

    def has(self, which: tuple[int, int], key: str) -> bool:
        """Whether a key is known not to be there."""
        seen = self._seen.get(which)
        return seen is not None and not seen.may_hold(key)

    def in_vain(self, which: tuple[int, int]) -> None:
        """A key was looked for and not there."""
        if which in self._seen:
            return
        looks = self._in_vain[which] = self._in_vain.get(which, 0) + 1
        # Asked at 64 looks, 128, 256 and so on.
        if looks < _PATIENCE or looks & (looks - 1):
            return
        (rows,) = self._db.execute(_COUNT, (*which, looks * _PAID)).fetchone()
        if rows < looks * _PAID:
            self._seen[which] = Seen((key for (key,) in self._db.execute(_KEYS, which)), rows + 1)

    def come(self, keys: Mapping[tuple[int, int], Iterable[str]]) -> None:
        """The table is going to have these."""
        for which, some in keys.items():
            seen = self._seen.get(which)
            if seen is not None:
                seen.add(list(some), 0)

    def forget(self) -> None:
        """Numbers may come to mean something else."""
        self._seen.clear()
        self._in_vain.clear()
