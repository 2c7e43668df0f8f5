"""The log of a SQLite store: one row for each decision."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, Final

import orjson

from communityrules.model.decision import Decision, RulebookRef
from communityrules.stores.protocol import Entry, Standing, is_plain
from communityrules.stores.seen import Seen
from communityrules.wire.decisions import decision_from_wire, encode_decision

_COLUMNS: Final = "seq, community, event, digest, ordinal, previous, time, late, rulebook, body"
_FIND: Final = f"SELECT {_COLUMNS} FROM entry WHERE community=? AND event=? ORDER BY seq DESC LIMIT 1"
_IDS: Final = "SELECT event FROM entry WHERE community=? AND event IS NOT NULL AND ordinal>?"
#: Searches in vain, beside an eighth of the ids of a community, before it pays to learn which ids it has.
_PATIENCE: Final = 64


class EntryRows:
    """Reads and writes rows of `entry`. Raises what sqlite3 raises."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rulebooks: dict[RulebookRef, int] = {}
        self._by_number: dict[int, RulebookRef] = {}
        for number, name, version, digest in db.execute("SELECT number, name, version, digest FROM rulebook"):
            self._learn(number, RulebookRef(name, version, digest))
        #: By the number of a community, the ids that it may have, as far as they have been learnt; for others, how
        #: often one was looked for in vain; and up to which ordinal none is asked for any more.
        self._seen: dict[int, Seen] = {}
        self._in_vain: dict[int, int] = {}
        self._forgotten: dict[int, int] = {}

    def _learn(self, number: int, rulebook: RulebookRef) -> None:
        self._rulebooks[rulebook] = number
        self._by_number[number] = rulebook

    def last_seq(self) -> int:
        (seq,) = self._db.execute("SELECT max(seq) FROM entry").fetchone()
        return seq or 0

    def may_hold(self, number: int, event: str) -> bool:
        """Whether it is worth looking for an id."""
        seen = self._seen.get(number)
        return seen is None or seen.may_hold(event)

    def find(self, number: int, community: str, event: str, events: int) -> Entry | None:
        """The newest entry of an id in a community that has had so many events."""
        row = self._db.execute(_FIND, (number, event)).fetchone()
        if row is not None:
            return self._read(row, community)
        if number not in self._seen:
            self._look_round(number, events)
        return None

    def _look_round(self, number: int, events: int) -> None:
        """Learn the ids of a community once that costs less than what has been spent on looking for others."""
        self._in_vain[number] = self._in_vain.get(number, 0) + 1
        if self._in_vain[number] < _PATIENCE + events // 8:
            return
        forgotten = self._forgotten.get(number, 0)
        rows = self._db.execute(_IDS, (number, forgotten))
        self._seen[number] = Seen((event for (event,) in rows), events - forgotten, events)

    def begin(self, number: int) -> None:
        """A community that has had no event yet."""
        self._seen[number] = Seen()

    def forget(self, number: int, ordinal: int) -> None:
        """Events of a community up to an ordinal will not be asked for again."""
        self._forgotten[number] = ordinal
        seen = self._seen.get(number)
        if seen is not None:
            seen.forget(ordinal)

    def timers(self, number: int | None, community: str, after: int, before: int | None) -> list[Entry]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE community=? AND event IS NULL AND seq>? AND seq<? ORDER BY seq",
            (number, after, 1 << 62 if before is None else before),
        )
        return [self._read(row, community) for row in rows]

    def one(self, seq: int) -> Entry | None:
        found = self._named("WHERE seq=?", (seq,))
        return found[0] if found else None

    def after(self, seq: int, limit: int) -> list[Entry]:
        return self._named("WHERE seq>? ORDER BY seq LIMIT ?", (seq, limit))

    def _named(self, where: str, values: tuple[int, ...]) -> list[Entry]:
        columns = ", ".join(f"entry.{one}" for one in _COLUMNS.split(", "))
        rows = self._db.execute(
            f"SELECT name, {columns} FROM entry JOIN community ON community.number=entry.community {where}", values
        )
        return [self._read(row[1:], row[0]) for row in rows]

    def _read(self, row: tuple[Any, ...], community: str) -> Entry:
        seq, _, event, digest, ordinal, previous, time, late, rulebook, body = row
        if body is None:
            decision = Decision(event, time, community, self._by_number[rulebook], "allow", late=bool(late))
        else:
            decision = decision_from_wire(orjson.loads(body))
        return Entry(seq, event, digest, ordinal, previous, decision)

    def write(self, entries: Iterable[Entry], communities: Mapping[str, tuple[int, Standing]]) -> None:
        rows: list[tuple[Any, ...]] = []
        rulebook, number = None, 0
        name, community, seen = None, 0, None
        for entry in entries:
            event, ordinal, decision = entry.event, entry.ordinal, entry.decision
            # One rulebook decides a whole batch, most often in one community.
            if decision.rulebook is not rulebook:
                rulebook = decision.rulebook
                number = self._rulebooks.get(rulebook) or self._add_rulebook(rulebook)
            if decision.community != name:
                name = decision.community
                community = communities[name][0]
                seen = self._seen.get(community)
            body = None if is_plain(decision) else encode_decision(decision, UTC)
            if seen is not None and event is not None:
                seen.add(event, ordinal)
            rows.append(
                (entry.seq, community, event, entry.digest, ordinal, entry.previous, decision.time, decision.late,
                 number, body)
            )  # fmt: skip
        self._db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _add_rulebook(self, rulebook: RulebookRef) -> int:
        number = len(self._rulebooks) + 1
        self._db.execute(
            "INSERT INTO rulebook VALUES (?, ?, ?, ?)", (number, rulebook.name, rulebook.version, rulebook.digest)
        )
        self._learn(number, rulebook)
        return number

    def roll_back(self) -> None:
        """Forget what the failed transaction had added."""
        # What was said of ids may be wrong of those that begin anew: all is learnt again.
        self._seen.clear()
        self._in_vain.clear()
        self._rulebooks.clear()
        self._by_number.clear()
        for number, name, version, digest in self._db.execute("SELECT number, name, version, digest FROM rulebook"):
            self._learn(number, RulebookRef(name, version, digest))
