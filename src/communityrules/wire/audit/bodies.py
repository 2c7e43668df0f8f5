"""What a record says, between its link and its hash: the beginning of the log, a decision, an erasure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from communityrules.wire.audit.private import Parted
from communityrules.wire.audit.records import Record

#: How logs are laid out that this program writes and reads.
FORMAT: Final = 1
#: Personal texts that one record of an erasure names.
ENTRIES: Final = 10_000

#: Nothing before the commitments is a text of anybody's that could look like them.
_DECISION: Final = re.compile(rb'"kind":"decision",.*?,"texts":\[((?:"[0-9a-f]{64}",?)*)\],"decision":', re.DOTALL)
_PLACE: Final = re.compile(rb'\{"(?:text|json)":([0-9]+)\}')
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def beginning(check: str) -> bytes:
    """The first record. `check` is the mark by which the key is known again."""
    return b'"kind":"log","format":%d,"key":%b' % (FORMAT, orjson.dumps(check))


def key_check(record: Record) -> str | None:
    """The mark of the key in the first record of a log; None when it is no such record."""
    content = record.content()
    if record.number != 0 or content is None or content.get("kind") != "log" or content.get("format") != FORMAT:
        return None
    check = content.get("key")
    return check if isinstance(check, str) else None


def decision(parted: bytes, people: Mapping[str, Any], commitments: Sequence[str]) -> bytes:
    """A decision without its personal texts, in JSON; who brought it about; the commitments to the texts of both."""
    return b'"kind":"decision","people":%b,"texts":%b,"decision":%b' % (
        orjson.dumps(people), orjson.dumps(commitments), parted,
    )  # fmt: skip


def own_part(body: bytes) -> bytes | None:
    """What makes a decision that one and no other, of what `decision` gave; None when it is none.

    It is what `identity` gives for a decision that has not been recorded.
    """
    found = _DECISION.match(body)
    if found is None:
        return None
    parted = body[found.end() :]
    # In a text, quotes would be escaped: what looks like a place is one.
    own = max((int(one) for one in _PLACE.findall(parted)), default=-1) + 1
    # Texts of people who only brought it about come after its own.
    return b"".join([parted, *found[1].replace(b'"', b"").split(b",")[:own]])


def identity(parted: bytes, commitments: Sequence[str]) -> bytes:
    """What makes a decision that one and no other: its words and the commitments to its own texts."""
    return b"".join([parted, *(one.encode() for one in commitments)])


def erasure(entries: Sequence[tuple[int, Sequence[int]]], note: str | None) -> bytes:
    """Texts that are erased: the numbers of records, each with which of its texts."""
    return b'"kind":"erasure","texts":%b,"note":%b' % (orjson.dumps(entries), orjson.dumps(note))


def commitments_of(content: Mapping[str, Any]) -> list[str] | None:
    """The commitments that a record of a decision holds; None when it does not hold what it should."""
    found = content.get("texts")
    if not isinstance(found, list) or not isinstance(content.get("decision"), dict):
        return None
    return found if all(isinstance(one, str) and _HASH.fullmatch(one) for one in found) else None


def erased_by(content: Mapping[str, Any]) -> list[tuple[int, list[int]]] | None:
    """What a record of an erasure names; None when it does not hold what it should."""
    found = content.get("texts")
    if not isinstance(found, list):
        return None
    read: list[tuple[int, list[int]]] = []
    for one in found:
        if not isinstance(one, list) or len(one) != 2:
            return None
        number, indices = one
        if type(number) is not int or not isinstance(indices, list):
            return None
        if any(type(index) is not int or index < 0 for index in indices):
            return None
        read.append((number, indices))
    return read


def people_of(parted: Parted, by: str | None, about: str | None) -> dict[str, Any]:
    """Who brought a decision about and whom that was about, as places among its texts."""
    return {
        "by": None if by is None else parted.put(by),
        "about": None if about is None else parted.put(about),
    }
