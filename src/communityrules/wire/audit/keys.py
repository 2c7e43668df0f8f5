"""The key of a log: from a file of the operator's, or one that is made beside the log."""

from __future__ import annotations

import os
from contextlib import suppress
from secrets import token_bytes
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.wire.audit.errors import BAD_KEY, AuditError
from communityrules.wire.audit.replacing import replace
from communityrules.wire.audit.secret import LEAST

#: What the name of the log is followed by where no key is given.
SUFFIX: Final = ".key"
_BYTES: Final = 32
#: A file that is longer is hardly meant as a key.
_MOST: Final = 1 << 20

_SHORT: Final = Bilingual("it has less than 16 bytes", "不足 16 字节")
_LONG: Final = Bilingual("it is longer than 1 MiB", "超过 1 MiB")
GONE: Final = Bilingual("it is not there, and the log was begun with it", "文件不存在,而日志是用它开始的")
OTHER: Final = Bilingual("the log was begun with another key", "日志是用另一个密钥开始的")


def read_key(file: str) -> bytes:
    """The key in a file. AuditError when it cannot be one, OSError when it cannot be read."""
    with open(file, "rb") as found:
        key = found.read(_MOST + 1)
    if len(key) < LEAST:
        raise AuditError(BAD_KEY, file=file, reason=_SHORT)
    if len(key) > _MOST:
        raise AuditError(BAD_KEY, file=file, reason=_LONG)
    return key


def key_beside(log: str, begun: bool) -> bytes:
    """The key in the file beside a log; a new log gets a new one, which its owner alone may read.

    AuditError when the log has begun and its key is not there.
    """
    file = log + SUFFIX
    try:
        return read_key(file)
    except FileNotFoundError:
        if begun:
            raise AuditError(BAD_KEY, file=file, reason=GONE) from None
    # Whole or not at all: half a key would make a log that nobody can go on with.
    part = f"{file}.part"
    with suppress(FileNotFoundError):
        os.unlink(part)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as made:
        made.write(token_bytes(_BYTES))
        made.flush()
        os.fsync(made.fileno())
    replace(part, file)
    return read_key(file)
