"""One line of an audit log: its number, the hash of the line before, what it records, its own hash.

    {"n":7,"previous":"<64 hex>","kind":"decision",…,"hash":"<64 hex>"}

The hash is taken of the bytes of the line up to its own hash, not of what they mean: JSON can say one thing in many
ways, and no byte of a line may be changed without notice.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

import orjson
from msgspec import Struct

#: What stands for the hash of a line before the first.
BEGINNING: Final = "0" * 64
#: Bytes of a line with its line end. No decision of ours comes near it; more is not held in memory.
MAX_LINE: Final = 64 * 1_048_576

#: Before everything that is hashed: a hash taken for one thing must never pass for another.
_DOMAIN: Final = b"communityrules audit record 1\n"
_FORM: Final = re.compile(
    rb'\{"n":(0|[1-9][0-9]{0,14}),"previous":"([0-9a-f]{64})",(.+),"hash":"([0-9a-f]{64})"\}', re.DOTALL
)
#: Bytes of the hash and what is around it, at a line's end.
_TAIL: Final = len(',"hash":""}') + 64


class Record(Struct, frozen=True):
    """One line in the form of a record. Whether it is what was written, its two hashes say."""

    number: int
    previous: str
    #: What stands between the link and the hash: `"kind":…`.
    body: bytes
    #: The hash that the line bears.
    claimed: str
    #: The hash that its bytes have.
    hash: str

    @property
    def intact(self) -> bool:
        """Whether the line is as it was when it got its hash."""
        return self.claimed == self.hash

    def content(self) -> dict[str, Any] | None:
        """What the line records: `kind` and what that kind holds. None when it is no JSON."""
        try:
            found = orjson.loads(b"{" + self.body + b"}")
        except orjson.JSONDecodeError:
            return None
        return found if isinstance(found, dict) else None


def seal(number: int, previous: str, body: bytes) -> tuple[bytes, str]:
    """The line of a record, without its line end, and its hash."""
    head = b'{"n":%d,"previous":"%b",%b' % (number, previous.encode(), body)
    found = _hash(head)
    return b'%b,"hash":"%b"}' % (head, found.encode()), found


def open_line(line: bytes) -> Record | None:
    """The record of a line without its line end; None when it is not in the form of one."""
    found = _FORM.fullmatch(line)
    if found is None:
        return None
    number, previous, body, claimed = found.groups()
    return Record(int(number), previous.decode(), body, claimed.decode(), _hash(line[:-_TAIL]))


def _hash(head: bytes) -> str:
    return hashlib.sha256(_DOMAIN + head).hexdigest()
