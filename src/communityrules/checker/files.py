"""Reading a rulebook's files from a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from communityrules.diagnostics.source import Source

#: Bytes of one file; more than any rulebook or list has reason to hold.
MOST_BYTES: Final = 64 * 1024 * 1024


def read_file(path: Path, name: str | None = None) -> Source:
    """A file as a source, line ends as `\\n`.

    Raises OSError when it cannot be read or is no regular file, UnicodeDecodeError when it is not UTF-8, ValueError
    when it is too large or holds NUL bytes.
    """
    if not path.is_file():
        if not path.exists():
            raise FileNotFoundError(str(path))
        raise IsADirectoryError(str(path))
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path} is larger than {MOST_BYTES} bytes")
    text = path.read_bytes().decode("utf-8-sig")
    if "\0" in text:
        raise ValueError(f"{path} holds NUL bytes")
    return Source(name if name is not None else str(path), text.replace("\r\n", "\n").replace("\r", "\n"))


def folder_reader(folder: Path) -> Callable[[str], Source]:
    """A `read` for `check` that reads from one folder and below, whatever links stand in it.

    Raises what `read_file` raises; PermissionError for a path that leads out of the folder.
    """
    root = folder.resolve()

    def read(path: str) -> Source:
        target = (root / path).resolve()
        if not target.is_relative_to(root):
            raise PermissionError(path)
        return read_file(target, str(folder / path))

    return read
