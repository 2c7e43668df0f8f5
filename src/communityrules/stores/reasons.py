"""Why a SQLite file did not do what was asked of it, in words of both languages."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from communityrules.diagnostics.message import Bilingual

NO_FOLDER: Final = Bilingual("there is no such folder", "没有这个目录")
FOREIGN: Final = Bilingual("it is another program's database", "它是其他程序的数据库")
NO_DATABASE: Final = Bilingual("it is not a database", "它不是数据库")
UNREADABLE_ENTRY: Final = Bilingual("an entry in it cannot be read", "其中有内容读不出来")
MISSING_PART: Final = Bilingual("a part of it is missing", "缺少其中一部分")
_INCOMPLETE: Final = Bilingual("its pages do not fit together", "页面之间对不上")
_FULL: Final = Bilingual("there is no room left", "空间已满")
_READ_ONLY: Final = Bilingual("it may only be read", "只允许读取")
_DEVICE: Final = Bilingual("the disk does not take or give it", "磁盘读写失败")
_NO_ENTRY: Final = Bilingual("it is a folder, or it may not be opened", "它是目录,或没有打开的权限")

#: By SQLite's primary result code.
_REASONS: Final[Mapping[int, Bilingual]] = {
    sqlite3.SQLITE_NOTADB: NO_DATABASE,
    sqlite3.SQLITE_CORRUPT: _INCOMPLETE,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _DEVICE,
    sqlite3.SQLITE_CANTOPEN: _NO_ENTRY,
}


def code_of(error: sqlite3.Error) -> int:
    """SQLite's primary result code, 0 where there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def reason_of(error: sqlite3.Error) -> str | Bilingual:
    """Why it failed; SQLite's own words where it is nothing that people usually meet."""
    return _REASONS.get(code_of(error)) or str(error)
