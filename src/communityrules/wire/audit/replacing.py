"""Putting one file in the place of another for good: under its name is the old one or the new one, whole."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def replace(part: str, path: str) -> None:
    """Give a file that is on the disk its final name, also after a power cut. OSError."""
    os.replace(part, path)
    if sys.platform == "win32":
        # Folders cannot be opened there.
        return
    # Where the name cannot be settled (no right to read the folder, a file system that settles it by itself), the file
    # is there all the same.
    with suppress(OSError):
        folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
