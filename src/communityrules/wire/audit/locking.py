"""A log is locked by who writes it, so that no other process does, and readers can tell."""

from __future__ import annotations

import sys
from typing import BinaryIO

from communityrules.wire.audit.errors import IN_USE, AuditError


def lock(file: BinaryIO, path: str) -> None:
    """Keep a log from being written by others as long as it is open. AuditError when another process does."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AuditError(IN_USE, file=path) from None
    except OSError:
        # Some file systems have no locks.
        return


def is_locked(log: BinaryIO) -> bool:
    """Whether another process has the log open for appending."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(log.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(log.fileno(), fcntl.LOCK_UN)
    except BlockingIOError:
        return True
    except OSError:
        # Some file systems have no locks.
        return False
    return False
