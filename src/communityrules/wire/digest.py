"""What tells an event that comes again from another under the same id."""

from __future__ import annotations

from hashlib import blake2b


def digest_of(written: bytes) -> str:
    """The digest of a body in its canonical JSON: 16 hexadecimal characters."""
    return blake2b(written, digest_size=8).hexdigest()
