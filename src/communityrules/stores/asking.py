"""How a SQLite file is asked and written: what fails comes out as a StoreError, what is written is written whole."""

from __future__ import annotations

import os
import sqlite3
import stat
from typing import Final

from communityrules.diagnostics.message import Message
from communityrules.stores.errors import DAMAGED, IN_USE, NOT_A_STORE, StoreError
from communityrules.stores.reasons import MISSING_PART, NO_DATABASE, UNREADABLE_ENTRY, code_of, reason_of

#: Bytes of the smallest page, and so of the smallest file with anything in it.
_SMALLEST: Final = 512


class Transaction:
    """All of what is written within, or nothing."""

    __slots__ = ("_db",)

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")


class Coded:
    """What SQLite raises within comes out as a StoreError. Made once for many uses: most are for one quick question."""

    __slots__ = ("_name", "_otherwise")

    def __init__(self, name: str, otherwise: Message) -> None:
        self._name = name
        self._otherwise = otherwise

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is not None:
            self._tell(error)

    def _tell(self, error: BaseException) -> None:
        if not isinstance(error, sqlite3.Error):
            return
        code = code_of(error)
        reason = reason_of(error)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreError(IN_USE, file=self._name) from error
        if code == sqlite3.SQLITE_NOTADB:
            raise StoreError(NOT_A_STORE, file=self._name, reason=reason) from error
        if code == sqlite3.SQLITE_CORRUPT:
            raise StoreError(DAMAGED, file=self._name, reason=reason) from error
        if code == 0 and isinstance(error, sqlite3.OperationalError):
            # Python's own: a text that is not UTF-8.
            raise StoreError(DAMAGED, file=self._name, reason=UNREADABLE_ENTRY) from error
        if code == sqlite3.SQLITE_ERROR:
            # Our statements are right for the layout that the file says it has.
            raise StoreError(DAMAGED, file=self._name, reason=MISSING_PART) from error
        raise StoreError(self._otherwise, file=self._name, reason=reason) from error


class Read(Coded):
    """What comes back must also be what was once written."""

    __slots__ = ()

    def _tell(self, error: BaseException) -> None:
        super()._tell(error)
        if isinstance(error, ValueError | KeyError | TypeError):
            raise StoreError(DAMAGED, file=self._name, reason=UNREADABLE_ENTRY) from error


def believe(path: str) -> None:
    """Refuse a file of a few bytes: SQLite takes it for an empty one and writes over it.

    Only its size is asked for. Opening and closing the file here would take away the lock of another connection of
    this process.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return  # not there yet, or SQLite will say what is wrong with it
    if stat.S_ISREG(found.st_mode) and 0 < found.st_size < _SMALLEST:
        raise StoreError(NOT_A_STORE, file=path, reason=NO_DATABASE)
