"""Writing decisions to an audit log."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from datetime import tzinfo
from pathlib import Path
from typing import Final

import orjson

from communityrules.model.decision import Decision
from communityrules.model.event import Event
from communityrules.wire.audit import bodies
from communityrules.wire.audit.appending import Appending
from communityrules.wire.audit.erasing import Wanted, erase_in
from communityrules.wire.audit.errors import BAD_KEY, AuditError
from communityrules.wire.audit.heads import Head
from communityrules.wire.audit.keys import OTHER, SUFFIX, key_beside
from communityrules.wire.audit.private import Parted
from communityrules.wire.audit.records import Record
from communityrules.wire.audit.secret import Secret
from communityrules.wire.audit.texts import Kept, write_texts
from communityrules.wire.decisions import decision_to_wire, encode_wire

#: Bytes that are written together where a batch is not full before.
_CHUNK: Final = 1 << 20


class AuditLog:
    """An append-only, hash-chained log of decisions in a file; for one process and one thread at a time.

    `path` is the log, made when it is not there; personal texts go to the file `path` + `.texts`. `zone` is the
    rulebook's: times are written in it. `key` (at least 16 bytes) makes the salts of the texts; without one the file
    `path` + `.key` holds it, and is made with the log. `batch` is how many records are written together. Raises
    AuditError when the log is in use, is damaged or was begun with another key; OSError; ValueError for a short key.
    """

    def __init__(self, path: str | Path, zone: tzinfo, *, key: bytes | None = None, batch: int = 1) -> None:
        self._path = str(path)
        self._zone = zone
        self._given = None if key is None else Secret(key)
        self._secret: Secret | None = self._given
        self._batch = max(1, batch)
        self._unwritten = 0
        self._old = array("Q")
        self._new: set[int] = set()
        self._chain = Appending(self._path, self._check, self._seen)
        # Sorted numbers take an eighth of the room of a set.
        self._old = array("Q", sorted(self._old))
        self._closed = False

    def append(self, decision: Decision, event: Event | None = None) -> int | None:
        """Record a decision; the number of its record, or None when it is recorded already.

        `event` is the event that it answers: its member and target are recorded, so that their texts can be found to be
        erased. On the disk when this returns, or when `batch` is full. OSError when it cannot be written: then it can
        be tried again with `flush`.
        """
        secret = self._secret
        assert secret is not None, "the log was opened"
        wire = decision_to_wire(decision, self._zone)
        parted = Parted(wire)
        body = encode_wire(parted.decision)
        about = b"%b\n%b" % (orjson.dumps(wire["community"]), orjson.dumps(wire["event"]))
        own = [_kept(secret, about, text) for text in parted.texts]
        mark = secret.mark(bodies.identity(body, [one.commitment() for one in own]))
        if self._knows(mark):
            return None
        people = bodies.people_of(parted, *_people(event))
        kept = own + [_kept(secret, about, text) for text in parted.texts[len(own) :]]
        sealed = bodies.decision(body, people, [one.commitment() for one in kept])
        number = self._chain.append(sealed, (lambda number: write_texts(number, kept)) if kept else None)
        self._new.add(mark)
        self._unwritten += 1
        if self._unwritten >= self._batch or self._chain.waiting > _CHUNK:
            self.flush()
        return number

    @property
    def head(self) -> Head:
        """The number and hash of the last record, to be kept where the log is not."""
        return Head(self._chain.number, self._chain.hash)

    @property
    def mended(self) -> int:
        """How many bytes of a half-written line a crash had left, which were taken away when the log was opened."""
        return self._chain.mended

    def flush(self) -> None:
        """Put everything that was appended on the disk. OSError."""
        self._chain.flush()
        self._unwritten = 0

    def erase(
        self, *, event: str | None = None, member: str | None = None, community: str | None = None,
        note: str | None = None,
    ) -> int:  # fmt: skip
        """Take personal texts away for good, and record that; how many went. What was appended is written first.

        Of an event: all in its decisions; of a member: all in the decisions about them or what they sent, and their id
        everywhere; only in one community, if one is given. `note` stays. AuditError when there is none; OSError.
        """
        done = erase_in(self._chain, Wanted(event, member, community, note))
        self._unwritten = 0
        return done.texts + done.finished

    def close(self) -> None:
        """Write what waits and give the files back. Closing twice does no harm."""
        if self._closed:
            return
        self._closed = True
        try:
            self.flush()
        finally:
            self._chain.close_files()

    def __enter__(self) -> AuditLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- inside --------------------------------------------------------------------------------------------------

    def _check(self, found: str | None) -> str:
        """The mark of the key; `found` is the one in the log, None when the log is new."""
        if self._given is None:
            self._secret = Secret(key_beside(self._path, found is not None))
        assert self._secret is not None, "one was given or made"
        if found is not None and found != self._secret.check:
            raise AuditError(BAD_KEY, file=self._path + SUFFIX if self._given is None else "--audit-key", reason=OTHER)
        return self._secret.check

    def _seen(self, record: Record) -> None:
        own = bodies.own_part(record.body)
        if own is not None:
            assert self._secret is not None, "the first record comes first"
            self._old.append(self._secret.mark(own))

    def _knows(self, mark: int) -> bool:
        if mark in self._new:
            return True
        place = bisect_left(self._old, mark)
        return place < len(self._old) and self._old[place] == mark


def _kept(secret: Secret, about: bytes, text: str) -> Kept:
    return Kept(secret.salt(about, text.encode()), text)


def _people(event: Event | None) -> tuple[str | None, str | None]:
    if event is None:
        return None, None
    return event.member.id if event.member is not None else None, event.target.member
