"""The file beside an audit log that holds the personal texts of its records, each with its salt.

    {"n":7,"texts":[{"salt":"<32 hex>","text":"加微信"},null]}

One line for each record that has any, in the order of the records; null is a text that has been erased. The log holds
commitments to the texts and nothing else of them: lines of this file can be taken away without breaking the chain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import orjson
from msgspec import Struct

from communityrules.wire.audit.secret import SALT, commitment

#: What the name of the log is followed by.
SUFFIX: Final = ".texts"
_SALT: Final = re.compile(rf"[0-9a-f]{{{SALT * 2}}}")


class Kept(Struct, frozen=True):
    """One text with its salt."""

    salt: str
    text: str

    def commitment(self) -> str:
        """What the log must hold."""
        return commitment(self.salt, self.text.encode())


class Texts(Struct, frozen=True):
    """The texts of one record; None: erased."""

    number: int
    texts: list[Kept | None]


def write_texts(number: int, texts: Sequence[Kept | None]) -> bytes:
    """One line, without its line end."""
    listed = [None if one is None else {"salt": one.salt, "text": one.text} for one in texts]
    return orjson.dumps({"n": number, "texts": listed})


def read_texts(line: bytes) -> Texts | None:
    """What a line without its line end holds; None when it is not, byte for byte, as `write_texts` writes it."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict) or found.keys() != {"n", "texts"}:
        return None
    number, texts = found["n"], found["texts"]
    if type(number) is not int or number < 0 or not isinstance(texts, list):
        return None
    read: list[Kept | None] = []
    for one in texts:
        kept = None if one is None else _kept(one)
        if kept is None and one is not None:
            return None
        read.append(kept)
    # JSON can say one thing in many ways: what was written otherwise was written by somebody else.
    return Texts(number, read) if write_texts(number, read) == line else None


def _kept(one: Any) -> Kept | None:
    if not isinstance(one, dict) or one.keys() != {"salt", "text"}:
        return None
    salt, text = one["salt"], one["text"]
    if not isinstance(salt, str) or not isinstance(text, str) or not _SALT.fullmatch(salt):
        return None
    return Kept(salt, text)
