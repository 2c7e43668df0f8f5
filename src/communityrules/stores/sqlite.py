"""A store in one SQLite file, with a write-ahead log.

Every batch is one transaction. One that holds anything but plain allows is flushed to the disk before `commit`
returns (`synchronous=FULL`); one of plain allows alone survives the death of the process but may be lost with the
power, and then the same events given again are judged again to the same answers (`NORMAL`).

The file is locked while it is open, by the operating system, so that the lock goes when the process does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson

from communityrules.stores.asking import Coded, Read, Transaction, believe
from communityrules.stores.entries import EntryRows
from communityrules.stores.errors import (
    CANNOT_OPEN,
    CANNOT_READ,
    CANNOT_WRITE,
    NEWER,
    NOT_A_STORE,
    StoreError,
)
from communityrules.stores.journal import Changes, Journal, Which, changes_of
from communityrules.stores.protocol import Batch, CommunityChanges, Entry, Part, Standing
from communityrules.stores.reasons import (
    FOREIGN,
    NO_FOLDER,
    reason_of,
)
from communityrules.stores.schema import ADDED, APPLICATION_ID, LAYOUT, SCHEMA
from communityrules.stores.seen import Seen
from communityrules.stores.strangers import Strangers

_TIMER: Final = "INSERT OR REPLACE INTO timer VALUES (?, ?, ?, ?)"
_NO_TIMER: Final = "DELETE FROM timer WHERE community=? AND what=? AND key=?"
#: Log positions that are read at once.
_SPAN: Final = 2048


class SqliteStore:
    """`sqlite:///community.db`. The path is taken as it stands after the third slash."""

    resident = False

    def __init__(self, path: str) -> None:
        """Open or make the file. Raises StoreError, and then the file is as it was."""
        self.name = path
        if not Path(path).absolute().parent.is_dir():
            raise StoreError(CANNOT_OPEN, file=path, reason=NO_FOLDER)
        believe(path)
        try:
            self._db = sqlite3.connect(
                path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=256
            )
        except sqlite3.Error as error:
            raise StoreError(CANNOT_OPEN, file=path, reason=reason_of(error)) from error
        except ValueError as error:
            # A path that no file can have.
            raise StoreError(CANNOT_OPEN, file=path, reason=str(error)) from error
        self._opening, self._writing = Coded(path, CANNOT_OPEN), Coded(path, CANNOT_WRITE)
        self._reading = Read(path, CANNOT_READ)
        self._transaction = Transaction(self._db)
        self._full: bool | None = None
        #: Whether what is in memory may be other than what the file says.
        self._unsure = False
        try:
            self._prepare()
            self._learn()
            # Nobody waits for what a process that was killed has left.
            self._fold()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        db = self._db
        with self._opening:
            # Before anything is written: what is this file?
            mark = db.execute("PRAGMA application_id").fetchone()[0]
            layout = db.execute("PRAGMA user_version").fetchone()[0]
            (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if tables and mark != APPLICATION_ID:
                raise StoreError(NOT_A_STORE, file=self.name, reason=FOREIGN)
            if tables and layout > LAYOUT:
                raise StoreError(NEWER, file=self.name, found=str(layout), known=str(LAYOUT))
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA cache_size=-16000")
            db.execute("PRAGMA wal_autocheckpoint=4000")
            self._synchronous(True)
            db.execute("BEGIN IMMEDIATE")
            try:
                if not tables:
                    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
                for layer in (SCHEMA, *ADDED)[layout if tables else 0 :]:
                    for statement in layer.split(";\n"):
                        db.execute(statement)
                db.execute(f"PRAGMA user_version={LAYOUT}")
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def _learn(self) -> None:
        """Have in memory what the file says."""
        db = self._db
        with self._reading:
            #: Community → number and clock and so on, as committed.
            self._communities: dict[str, tuple[int, Standing]] = {
                name: (number, Standing(clock, events, last))
                for number, name, clock, events, last in db.execute(
                    "SELECT number, name, clock, events, last FROM community"
                )
            }
            self._names: dict[str, int] = {text: number for number, text in db.execute("SELECT number, text FROM name")}
            self._entries = EntryRows(db)
            self._journal = Journal(db)
        self._strangers = Strangers(db)
        self._unsure = False

    def _learn_again(self) -> None:
        """The same after a write that was interrupted: whether it is durable only the file tells."""
        self._unsure = True
        self._full = None
        # Where that fails, it is done before anything else is written or a community is begun with anew.
        with suppress(StoreError):
            self._make_sure()

    def _make_sure(self) -> None:
        if self._unsure:
            with self._writing:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
            self._learn()

    # --- reading -----------------------------------------------------------------------------------------------

    def last_seq(self) -> int:
        with self._reading:
            return self._entries.last_seq()

    def standing(self, community: str) -> Standing | None:
        # Whoever begins again after a failure asks this first.
        self._make_sure()
        found = self._communities.get(community)
        if found is None:
            return None
        standing = found[1]
        return Standing(standing.clock, standing.events, standing.last)

    def cell(self, community: str, table: str, key: str) -> Any | None:
        which = self._which(community, table)
        with self._reading:
            newest = self._journal.cell(which, key)
            if newest is not None:
                return newest[0]
            row = self._db.execute(
                "SELECT value FROM cell WHERE community=? AND tab=? AND key=?", (*which, key)
            ).fetchone()
            return None if row is None else orjson.loads(row[0])

    def cells(self, community: str, table: str, prefix: str) -> list[tuple[str, Any]]:
        which = self._which(community, table)
        if self._journal.lists(which, prefix):
            self._fold()
        with self._reading:
            # Keys are compared by their UTF-8 bytes, which is the order of code points.
            rows = self._db.execute(
                "SELECT key, value FROM cell WHERE community=? AND tab=? AND key>=? AND key<? ORDER BY key",
                (*which, prefix, prefix + "\U0010ffff"),
            )
            return [(key, orjson.loads(value)) for key, value in rows]

    def timers(self, community: str) -> list[tuple[int, str, str]]:
        with self._reading:
            return self._db.execute(
                "SELECT due, what, key FROM timer WHERE community=? ORDER BY due, what, key", (self._number(community),)
            ).fetchall()

    def due(self, until: int) -> list[str]:
        with self._reading:
            rows = self._db.execute(
                "SELECT DISTINCT name FROM timer JOIN community ON number=community WHERE due<=? ORDER BY name",
                (until,),
            )
            return [name for (name,) in rows]

    def window(self, community: str, measure: str, key: str) -> list[tuple[Part, bytes]]:
        which = self._which(community, measure)
        if self._journal.holds(which, key):
            self._fold()
        if self._strangers.has(which, key):
            return []
        with self._reading:
            found = self._db.execute(
                "SELECT part, data FROM piece WHERE community=? AND measure=? AND key=? ORDER BY part", (*which, key)
            ).fetchall()
            if not found:
                self._strangers.in_vain(which)
            return found

    def window_keys(self, community: str, measure: str) -> list[str]:
        which = self._which(community, measure)
        if self._journal.holds(which):
            self._fold()
        with self._reading:
            rows = self._db.execute(
                "SELECT DISTINCT key FROM piece WHERE community=? AND measure=? ORDER BY key", which
            )
            return [key for (key,) in rows]

    def keep_measures(self, measures: Iterable[str]) -> None:
        wanted = {self._names[one] for one in measures if one in self._names}
        self._fold()
        with self._writing:
            there = {number for (number,) in self._db.execute("SELECT DISTINCT measure FROM piece")}
            gone = sorted(there - wanted)
            if gone:
                with self._transaction:
                    self._db.executemany("DELETE FROM piece WHERE measure=?", [(number,) for number in gone])

    def find(self, community: str, event: str) -> Entry | None:
        known = self._communities.get(community)
        if known is None:
            return None
        # Nearly every event is new.
        seen = self.seen(community)
        if seen is not None and not seen.may_hold(event):
            return None
        with self._reading:
            return self._entries.find(known[0], community, event, known[1].events)

    def seen(self, community: str) -> Seen | None:
        known = self._communities.get(community)
        return None if known is None else self._entries.seen.get(known[0])

    def timer_entries(self, community: str, after: int, before: int | None) -> list[Entry]:
        with self._reading:
            return self._entries.timers(self._number(community), community, after, before)

    def pending(self) -> list[int]:
        with self._reading:
            return [seq for (seq,) in self._db.execute("SELECT seq FROM pending ORDER BY seq")]

    def entry(self, seq: int) -> Entry | None:
        with self._reading:
            return self._entries.one(seq)

    def log(self, after: int = 0) -> Iterator[Entry]:
        while after < self.last_seq():
            with self._reading:
                some = self._entries.between(after, after + _SPAN)
            yield from some
            after += _SPAN

    def forget(self, community: str, before: int, ordinal: int) -> None:  # noqa: ARG002  # the protocol's
        # The log keeps everything; what is no longer remembered is told by time and ordinal.
        known = self._communities.get(community)
        if known is not None and ordinal > 0:
            self._entries.forget(known[0], ordinal)

    # --- writing ---------------------------------------------------------------------------------------------

    def commit(self, batch: Batch) -> None:
        self._make_sure()
        if self._journal.full:
            self._fold()
        known = {one: self._communities.get(one) for one in batch.changes}
        names = len(self._names)
        new: list[Changes] = []
        try:
            with self._writing:
                self._synchronous(batch.lasting)
                with self._transaction:
                    for community, changes in batch.changes.items():
                        found = self._write_community(community, changes)
                        if found.cells or found.pieces or found.stale:
                            new.append(found)
                    if new:
                        self._journal.write(new)
                    self._entries.write(batch.entries, self._communities)
                    if batch.pending:
                        self._db.executemany("INSERT INTO pending VALUES (?)", [(seq,) for seq in batch.pending])
                    if batch.handed:
                        self._db.executemany("DELETE FROM pending WHERE seq=?", [(seq,) for seq in batch.handed])
            self._journal.settle(new)
        except StoreError:
            self._take_back(known, names)
            raise
        except BaseException:
            self._learn_again()
            raise

    def _take_back(self, known: dict[str, tuple[int, Standing] | None], names: int) -> None:
        """Have in memory what was there before a commit that failed: these communities, so many names."""
        # Where that fails as well, or is interrupted, only the file tells.
        self._unsure = True
        self._strangers.forget()
        for name, before in known.items():
            if before is not None:
                self._communities[name] = before
            else:
                self._communities.pop(name, None)
        while len(self._names) > names:
            self._names.popitem()
        with suppress(StoreError), self._reading:
            self._entries.roll_back()
            self._unsure = False

    def _fold(self) -> None:
        """Have the tables say what the journal does."""
        self._make_sure()
        if self._journal.empty:
            return
        self._strangers.come(self._journal.keys)
        try:
            with self._writing, self._transaction:
                self._journal.fold()
            self._journal.folded()
        except StoreError:
            raise
        except BaseException:
            self._learn_again()
            raise

    def _write_community(self, community: str, changes: CommunityChanges) -> Changes:
        db = self._db
        standing = changes.standing
        found = self._communities.get(community)
        if found is not None:
            number = found[0]
        else:
            number = len(self._communities) + 1
            self._entries.begin(number)
        db.execute(
            "INSERT INTO community VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (number) DO UPDATE SET clock=excluded.clock, events=excluded.events, last=excluded.last",
            (number, community, standing.clock, standing.events, standing.last),
        )
        self._communities[community] = (number, standing)
        if changes.timers:
            self._write(_NO_TIMER, [(number, one.what, one.key) for one in changes.timers if one.due is None])
            self._write(_TIMER, [(number, one.what, one.key, one.due) for one in changes.timers if one.due is not None])
        return changes_of(number, changes, self._name)

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            self._db.executemany(statement, rows)

    def close(self) -> None:
        # What the tables cannot be told now the next one to open the file will tell them: it is durable already.
        try:
            with suppress(StoreError):
                self._fold()
        finally:
            with self._writing:
                self._db.close()

    # --- inside ------------------------------------------------------------------------------------------------

    def _number(self, community: str) -> int | None:
        found = self._communities.get(community)
        return None if found is None else found[0]

    def _which(self, community: str, name: str) -> Which:
        """The numbers of a community and a table or measure; of unknown ones, numbers that nothing has."""
        found = self._communities.get(community)
        return (0 if found is None else found[0], self._names.get(name, 0))

    def _name(self, text: str) -> int:
        number = self._names.get(text)
        if number is None:
            number = self._names[text] = len(self._names) + 1
            self._db.execute("INSERT INTO name VALUES (?, ?)", (number, text))
        return number

    def _synchronous(self, full: bool) -> None:
        if full is not self._full:
            self._db.execute(f"PRAGMA synchronous={'FULL' if full else 'NORMAL'}")
            self._full = full
