"""What a decision says of an exception: the same on every run, and never more than a line's worth."""

from __future__ import annotations

import re
from typing import Final

_ADDRESS: Final = re.compile(r" at 0x[0-9a-fA-F]+")
_LENGTH: Final = 300


def reason_of(error: BaseException, about: str = "") -> str:
    """The kind of an exception and what it says, behind what it is about, if anything."""
    kind = type(error).__name__
    try:
        said = str(error)
    except Exception as worse:  # noqa: BLE001  # a host's exception may fail at this, too
        said = f"({type(worse).__name__})"
    text = _ADDRESS.sub("", f"{about}: {kind}: {said}" if about else f"{kind}: {said}")
    # Half of a surrogate pair could not be written.
    return text[:_LENGTH].encode("utf-8", "backslashreplace").decode()
