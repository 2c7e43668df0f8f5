"""Writing a file so that its name never stands for half of it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EBUSY
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final

#: Bytes of a file's own name within the name of its part: file systems take 255 for the whole.
_OWN_NAME: Final = 200
_SUFFIX: Final = ".part"
#: How often a part is begun anew because another run took it for one that had been left behind.
_ATTEMPTS: Final = 20

#: How a part is made: it must be new, and no link.
_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

#: Parts that this process is writing.
_unfinished: set[str] = set()


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write; it takes the place of `path` when the block ends well and is thrown away otherwise.

    A link stays a link, and the permissions of a file that was there stay. Parts that killed runs left beside it are
    taken away. OSError when it cannot be written.
    """
    try:
        target = _behind_links(path)
        handle, name, lock = _begin(target)
    except OSError as error:
        # The reader knows the name they gave, not the one made up here.
        error.filename = str(path)
        raise
    try:
        with os.fdopen(handle, "wb") as file:
            _clear(target)
            yield file
            file.flush()
            # A rulebook laid out anew must not be empty after a power cut.
            os.fsync(file.fileno())
        os.chmod(name, _mode(target))
        os.replace(name, target)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(name)
        if isinstance(error, OSError) and error.filename == name:
            error.filename = str(path)
        raise
    finally:
        _unfinished.discard(name)
        # Not before the part has its final name: who finds it without its lock throws it away.
        if lock is not None:
            os.close(lock)


def discard_unfinished() -> None:
    """Throw away whatever is being written, for a process that is about to end and cannot wait."""
    for name in list(_unfinished):
        with suppress(OSError):
            os.unlink(name)


def _behind_links(path: Path) -> Path:
    # What no file can be written as is told now, not after an hour of judging.
    with suppress(FileNotFoundError):
        path.stat()
    return Path(os.path.realpath(path))


def _prefix(target: Path) -> str:
    kept = target.name
    while len(os.fsencode(kept)) > _OWN_NAME:
        kept = kept[:-1]
    return f".{kept}."


def _begin(target: Path) -> tuple[int, str, int | None]:
    """A new part of a file: its handle, its name, and a second handle that keeps it locked, where files can be."""
    for _ in range(_ATTEMPTS):
        name = str(target.parent / f"{_prefix(target)}{token_hex(4)}{_SUFFIX}")
        # Noted before it is there: a signal may come in between.
        _unfinished.add(name)
        try:
            handle = os.open(name, _NEW, 0o600)
        except OSError as error:
            _unfinished.discard(name)
            if isinstance(error, FileExistsError):
                continue
            raise
        try:
            locked = _lock(handle)
            if _is_still(name, handle):
                return handle, name, os.dup(handle) if locked else None
        except BlockingIOError:
            # Between making and locking it, another run found it; that one is taking it away.
            pass
        os.close(handle)
        _unfinished.discard(name)
    raise OSError(EBUSY, os.strerror(EBUSY))


def _clear(target: Path) -> None:
    """Take away the parts that nobody is writing any more. What cannot be known to be such a one stays."""
    if sys.platform == "win32":
        return
    pattern = re.compile(re.escape(_prefix(target)) + r"[a-z0-9_]{8}" + re.escape(_SUFFIX))
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if pattern.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    _take_away(entry.path)


def _take_away(name: str) -> None:
    handle = os.open(name, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        # A lock goes with the process that held it, however that ended.
        if _lock(handle) and _is_still(name, handle):
            os.unlink(name)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Lock a file as long as a handle of it is open. BlockingIOError when another has; False where there is no way."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True


def _is_still(name: str, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(name, follow_symlinks=False), os.fstat(handle))
    except FileNotFoundError:
        return False


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o7777
    except OSError:
        # What a file made in the plain way would have.
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
