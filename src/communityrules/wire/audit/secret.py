"""What the key of a log makes: salts, the mark by which the key is known again, short names of what was recorded.

Everything comes from the key and from what is recorded, nothing from a clock or from chance: the same key and the same
events give the same log.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

#: A key shorter than this could be found by trying.
LEAST: Final = 16
#: Bytes of a salt.
SALT: Final = 16

_TEXT: Final = b"communityrules audit text 1\n"


class Secret:
    """The key of one log. ValueError when it is too short."""

    __slots__ = ("_marks", "_salts", "check")

    def __init__(self, key: bytes) -> None:
        if len(key) < LEAST:
            raise ValueError(f"a key has at least {LEAST} bytes, not {len(key)}")
        self._salts = _derived(key, b"salts")
        self._marks = _derived(key, b"marks")
        #: Stands at the beginning of the log; tells nothing of the key.
        self.check = _derived(key, b"check").hex()[:32]

    def salt(self, about: bytes, text: bytes) -> str:
        """The salt of a text in a record, in hex. Every text has its own: to know one gives no other away."""
        return hmac.digest(self._salts, b"%d:%b%b" % (len(about), about, text), "sha256")[:SALT].hex()

    def mark(self, body: bytes) -> int:
        """64 bits that stand for a decision among those recorded; who lacks the key cannot make two that are alike."""
        return int.from_bytes(hashlib.blake2b(body, digest_size=8, key=self._marks).digest(), "big")


def commitment(salt: str, text: bytes) -> str:
    """What the chain holds in place of a text: SHA-256 of the salt and the text, in hex."""
    return hashlib.sha256(_TEXT + salt.encode() + b"\n" + text).hexdigest()


def signature(key: bytes, number: int, found: str) -> str:
    """The signature of a head, in hex."""
    return hmac.digest(_derived(key, b"heads"), b"%d %b" % (number, found.encode()), "sha256").hex()


def _derived(key: bytes, use: bytes) -> bytes:
    return hmac.digest(key, b"communityrules audit 1 " + use, "sha256")
