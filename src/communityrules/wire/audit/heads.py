"""The head of a log: the number and hash of its last record, kept elsewhere and signed where that is wanted.

Whoever can write the log can write all of it anew, with hashes that fit; or cut off its end. Not so with a head that
they cannot reach.
"""

from __future__ import annotations

import hmac
import re
from pathlib import Path
from typing import Final

import orjson
from msgspec import Struct

from communityrules.wire.audit.errors import NOT_A_HEAD, AuditError
from communityrules.wire.audit.secret import signature

_HASH: Final = re.compile(r"[0-9a-fA-F]{64}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{64}")
#: Bytes of a file that is read as a head.
_MOST: Final = 65_536


class Head(Struct, frozen=True):
    """The end of a log when it was taken. `number` is None when only a hash is known."""

    number: int | None
    hash: str
    signature: str | None = None

    def signed(self, key: bytes) -> Head:
        """The same head with its signature."""
        assert self.number is not None, "only a head of a log is signed"
        return Head(self.number, self.hash, signature(key, self.number, self.hash))

    def is_signed_with(self, key: bytes) -> bool:
        """Whether it bears the signature that this key gives it."""
        if self.number is None or self.signature is None:
            return False
        return hmac.compare_digest(self.signature, signature(key, self.number, self.hash))

    def encode(self) -> bytes:
        """One line of JSON, without its line end."""
        return orjson.dumps({"number": self.number, "hash": self.hash, "signature": self.signature})


def read_head(given: str) -> Head:
    """A head from a file that `encode` filled, or from a hash as it is. AuditError or OSError."""
    if _HASH.fullmatch(given) and not Path(given).exists():
        return Head(None, given.lower())
    with open(given, "rb") as file:
        text = file.read(_MOST)
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        plain = text.strip().decode("ascii", "replace")
        if not _HASH.fullmatch(plain):
            raise AuditError(NOT_A_HEAD, file=given) from None
        return Head(None, plain.lower())
    if not isinstance(found, dict):
        raise AuditError(NOT_A_HEAD, file=given)
    number, hash_, sign = found.get("number"), found.get("hash"), found.get("signature")
    if type(number) is not int or number < 0 or not isinstance(hash_, str) or not _HASH.fullmatch(hash_):
        raise AuditError(NOT_A_HEAD, file=given)
    if sign is not None and not (isinstance(sign, str) and _SIGNATURE.fullmatch(sign)):
        raise AuditError(NOT_A_HEAD, file=given)
    return Head(number, hash_.lower(), sign)
