"""What commits have changed in the cells and windows of a SQLite store and its tables do not have yet.

Between two looks at the tables a cell of a lively member changes many times, and most windows come and go. So a commit
writes one row, durable like everything in it, and the tables are told now and then of what it has come to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import orjson
from msgspec import Struct, msgpack

from communityrules.stores.codec import alone
from communityrules.stores.protocol import CommunityChanges, Part

_CELL: Final = "INSERT OR REPLACE INTO cell VALUES (?, ?, ?, ?)"
_NO_CELL: Final = "DELETE FROM cell WHERE community=? AND tab=? AND key=?"
_PIECE: Final = "INSERT OR REPLACE INTO piece VALUES (?, ?, ?, ?, ?, ?)"
_NO_PIECE: Final = "DELETE FROM piece WHERE community=? AND measure=? AND key=? AND part=?"
#: Pieces written to a measure before the store looks again for stale ones, beside half of those it has.
_PATIENCE: Final = 2_000
#: Changes beyond which the tables are told of them: so many commits' worth, within these bounds. Telling them takes
#: that much longer than a commit.
_COMMITS: Final = 16
_FEW: Final = 1_000
_MANY: Final = 60_000
_ALWAYS: Final = -1 << 63
#: Between the parts of a cell's key, as in a working set.
_SEPARATOR: Final = "\t"


#: The numbers of a community and of a table of cells or a measure.
Which = tuple[int, int]
#: The newest instant in a piece and its data; None for one that is gone.
_Piece = tuple[int, bytes | None]


class _Cells(Struct, frozen=True, array_like=True):
    """Changes of one table: of each cell its key and its value as JSON, None for one that is gone."""

    table: int
    keys: list[str]
    values: list[bytes | None]


class _Pieces(Struct, frozen=True, array_like=True):
    """What a `WindowChanges` says."""

    measure: int
    keys: list[str]
    parts: list[Part]
    newest: list[int]
    data: list[bytes | None]


class Changes(Struct, frozen=True, array_like=True):
    """What one commit changed in one community."""

    community: int
    cells: list[_Cells]
    pieces: list[_Pieces]
    #: Measure, horizon.
    stale: list[tuple[int, int]]


_encode: Final = msgpack.Encoder().encode
_decode: Final = msgpack.Decoder(list[Changes]).decode


def changes_of(community: int, changes: CommunityChanges, number: Callable[[str], int]) -> Changes:
    """Changes as they are written; `number` gives the number of a name."""
    cells = []
    for table, some in groupby(changes.cells, attrgetter("table")):
        of_one = list(some)
        values = [None if one.value is None else alone(orjson.dumps(one.value)) for one in of_one]
        cells.append(_Cells(number(table), [one.key for one in of_one], values))
    pieces = [_Pieces(number(one.measure), one.keys, one.parts, one.newest, one.data) for one in changes.windows]
    return Changes(community, cells, pieces, [(number(one.measure), one.horizon) for one in changes.stale])


class Journal:
    """Reads and writes rows of `journal`, `cell` and `piece`. Raises what sqlite3 raises, ValueError for damage."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        #: The newest value of each cell by key, and the beginnings of those keys by whole parts.
        self._cells: dict[Which, dict[str, bytes | None]] = {}
        self._beginnings: dict[Which, set[str]] = {}
        #: The newest of each piece, and the keys that have any.
        self._pieces: dict[Which, dict[tuple[str, Part], _Piece]] = {}
        self.keys: dict[Which, set[str]] = {}
        #: The horizon before which pieces may go.
        self._stale: dict[Which, int] = {}
        #: How many changes there have been, and how many there may be.
        self._size = 0
        self._room = _FEW
        #: Pieces written since the last look for stale ones, and how many there were then.
        self._written: dict[Which, int] = {}
        self._kept: dict[Which, int] = {}
        for (data,) in db.execute("SELECT data FROM journal ORDER BY number"):
            self.settle(_decode(data))

    # --- reading -----------------------------------------------------------------------------------------------

    def cell(self, which: Which, key: str) -> tuple[Any | None] | None:
        """The value of a cell, None for one that is gone; nothing when the table has the newest."""
        known = self._cells.get(which)
        if known is None or key not in known:
            return None
        value = known[key]
        return (None if value is None else orjson.loads(value),)

    def lists(self, which: Which, prefix: str) -> bool:
        """Whether it may know of a cell whose key begins with a prefix."""
        if which not in self._cells:
            return False
        return not prefix.endswith(_SEPARATOR) or prefix in self._beginnings[which]

    def holds(self, which: Which, key: str | None = None) -> bool:
        """Whether it knows of a window, or of any of a measure."""
        keys = self.keys.get(which)
        return keys is not None and (key is None or key in keys)

    # --- writing ---------------------------------------------------------------------------------------------

    @property
    def empty(self) -> bool:
        """Whether the tables know everything."""
        return not (self._size or self._stale)

    @property
    def full(self) -> bool:
        """Whether it is time to tell the tables."""
        return self._size > self._room

    def write(self, new: list[Changes]) -> None:
        """Add what one commit changes, within its transaction."""
        # SQLite gives it a number above those that are there.
        self._db.execute("INSERT INTO journal (data) VALUES (?)", (_encode(new),))

    def settle(self, new: list[Changes]) -> None:
        """What has been written is durable."""
        before = self._size
        for one in new:
            community = one.community
            for cells in one.cells:
                which = (community, cells.table)
                self._cells.setdefault(which, {}).update(zip(cells.keys, cells.values, strict=True))
                beginnings = self._beginnings.setdefault(which, set())
                for key in cells.keys:
                    if _SEPARATOR in key:
                        beginnings.update(_beginnings(key))
                self._size += len(cells.keys)
            for some in one.pieces:
                which = (community, some.measure)
                pieces = zip(some.newest, some.data, strict=True)
                self._pieces.setdefault(which, {}).update(
                    zip(zip(some.keys, some.parts, strict=True), pieces, strict=True)
                )
                self.keys.setdefault(which, set()).update(some.keys)
                self._size += len(some.keys)
            for measure, horizon in one.stale:
                self._stale[community, measure] = horizon
        self._room = max(_FEW, min(_MANY, _COMMITS * (self._size - before)))

    def fold(self) -> None:
        """Tell the tables, within a transaction; `folded` says that it is durable."""
        db = self._db
        for which, cells in self._cells.items():
            # In the order of the table, and as something of which the module `sqlite3` asks nobody how to write it.
            known = sorted(cells.items())
            db.executemany(_NO_CELL, [(*which, key) for key, value in known if value is None])
            db.executemany(_CELL, [(*which, key, bytearray(value)) for key, value in known if value is not None])
        for which, pieces in self._pieces.items():
            horizon = self._stale.get(which, _ALWAYS)
            gone: list[tuple[Any, ...]] = []
            kept: list[tuple[Any, ...]] = []
            for (key, part), (newest, data) in sorted(pieces.items(), key=_by_key):
                if data is None or newest < horizon:
                    gone.append((*which, key, part))
                else:
                    kept.append((*which, key, part, newest, bytearray(data)))
            db.executemany(_NO_PIECE, gone)
            db.executemany(_PIECE, kept)
            self._written[which] = self._written.get(which, 0) + len(kept)
        for which, horizon in self._stale.items():
            self._remove(which, horizon)
        db.execute("DELETE FROM journal")

    def folded(self) -> None:
        """The tables have been told."""
        self._cells.clear()
        self._beginnings.clear()
        self._pieces.clear()
        self.keys.clear()
        self._stale.clear()
        self._size = 0

    def _remove(self, which: Which, horizon: int) -> None:
        """Remove stale pieces, so rarely that each piece written pays for looking at two or so."""
        if self._written.get(which, 0) < _PATIENCE + self._kept.get(which, 0) // 2:
            return
        self._db.execute("DELETE FROM piece WHERE community=? AND measure=? AND newest<?", (*which, horizon))
        (self._kept[which],) = self._db.execute(
            "SELECT count(*) FROM piece WHERE community=? AND measure=?", which
        ).fetchone()
        self._written[which] = 0


def _by_key(piece: tuple[tuple[str, Part], _Piece]) -> str:
    return piece[0][0]


def _beginnings(key: str) -> Iterator[str]:
    end = key.find(_SEPARATOR)
    while end >= 0:
        yield key[: end + 1]
        end = key.find(_SEPARATOR, end + 1)
