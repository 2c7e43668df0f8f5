"""The optional kernel: a few of the hottest functions once more, in C.

What stands here is never needed. Each function has its twin in Python, which says what it does and does the same
wherever the kernel was not built; what is unusual the kernel leaves to its twin. `COMMUNITYRULES_KERNEL=off` in the
environment leaves all to Python.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, TypeVar

_Class = TypeVar("_Class")

#: Whether what was built is to be used.
_WANTED: Final = os.environ.get("COMMUNITYRULES_KERNEL", "on").lower() not in ("off", "0", "no")


def native(name: str) -> Any | None:
    """A module of the kernel; None where it was not built, or is not wanted."""
    full = f"{__name__}._{name}"
    if not _WANTED or find_spec(full) is None:
        return None
    return import_module(full)


def quick(cls: type[_Class]) -> type[_Class]:
    """A class of the engine as it is used: a subclass with its hottest methods in C, where the kernel was built.

    Those answer what is usual and ask the methods of the class about the rest, so that both do the same.
    """
    module = native("turning")
    return cls if module is None else module.quick(cls)
