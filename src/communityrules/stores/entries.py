"""The log of a SQLite store: a row for each decision, but for plain ones of events that come many together."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC
from itertools import chain
from typing import Any, Final

import orjson

from communityrules.model.decision import Decision, RulebookRef
from communityrules.stores.packs import Packs
from communityrules.stores.protocol import Entry, Standing
from communityrules.stores.seen import Seen
from communityrules.wire.decisions import decision_from_wire, encode_decision

_COLUMNS: Final = "seq, community, event, digest, ordinal, previous, time, late, rulebook, body"
_FIND: Final = f"SELECT {_COLUMNS} FROM entry WHERE community=? AND event=? ORDER BY seq DESC LIMIT 1"
_IDS: Final = "SELECT event FROM entry WHERE community=? AND event IS NOT NULL AND ordinal>?"
_INSERT: Final = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#: Plain decisions of one community in one commit from which on they are packed.
_MANY: Final = 16
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
        self._packs = Packs(db, self._by_number)
        #: By the number of a community, the ids that it may have, to be asked before `find`, as far as they have been
        #: learnt; for others, how often one was looked for in vain; and up to which ordinal none is asked for any more.
        self.seen: dict[int, Seen] = {}
        self._in_vain: dict[int, int] = {}
        self._forgotten: dict[int, int] = {}

    def _learn(self, number: int, rulebook: RulebookRef) -> None:
        self._rulebooks[rulebook] = number
        self._by_number[number] = rulebook

    def last_seq(self) -> int:
        (seq,) = self._db.execute("SELECT max(seq) FROM entry").fetchone()
        return max(seq or 0, self._packs.last_seq())

    def find(self, number: int, community: str, event: str, events: int) -> Entry | None:
        """The newest entry of an id in a community that has had so many events."""
        row = self._db.execute(_FIND, (number, event)).fetchone()
        packed = self._packs.find(number, community, event, self._forgotten.get(number, 0))
        if row is not None and (packed is None or row[0] > packed.seq):
            return self._read(row, community)
        if packed is None and number not in self.seen:
            self._look_round(number, events)
        return packed

    def _look_round(self, number: int, events: int) -> None:
        """Learn the ids of a community once that costs less than what has been spent on looking for others."""
        self._in_vain[number] = self._in_vain.get(number, 0) + 1
        if self._in_vain[number] < _PATIENCE + events // 8:
            return
        forgotten = self._forgotten.get(number, 0)
        rows = self._db.execute(_IDS, (number, forgotten))
        ids = chain((event for (event,) in rows), self._packs.ids(number, forgotten))
        self.seen[number] = Seen(ids, events - forgotten, events)

    def begin(self, number: int) -> None:
        """A community that has had no event yet."""
        self.seen[number] = Seen()
        self._packs.begin(number)

    def forget(self, number: int, ordinal: int) -> None:
        """Events of a community up to an ordinal will not be asked for again."""
        self._forgotten[number] = ordinal
        seen = self.seen.get(number)
        if seen is not None:
            seen.forget(ordinal)
        self._packs.forget(number, ordinal)

    def timers(self, number: int | None, community: str, after: int, before: int | None) -> list[Entry]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE community=? AND event IS NULL AND seq>? AND seq<? ORDER BY seq",
            (number, after, 1 << 62 if before is None else before),
        )
        return [self._read(row, community) for row in rows]

    def one(self, seq: int) -> Entry | None:
        """The entry at a log position."""
        found = self.between(seq - 1, seq)
        return found[0] if found else None

    def between(self, after: int, until: int) -> list[Entry]:
        """The entries at log positions after one and up to another, in order."""
        found = self._packs.after(after, until)
        columns = ", ".join(f"entry.{one}" for one in _COLUMNS.split(", "))
        rows = self._db.execute(
            f"SELECT name, {columns} FROM entry JOIN community ON community.number=entry.community "
            "WHERE seq>? AND seq<=?",
            (after, until),
        )
        found.extend(self._read(row[1:], row[0]) for row in rows)
        found.sort(key=lambda one: one.seq)
        return found

    def _read(self, row: tuple[Any, ...], community: str) -> Entry:
        seq, _, event, digest, ordinal, previous, time, late, rulebook, body = row
        if body is None:
            decision = Decision(event, time, community, self._by_number[rulebook], "allow", late=bool(late))
        else:
            decision = decision_from_wire(orjson.loads(body))
        return Entry(seq, event, digest, ordinal, previous, decision, body is None)

    def write(self, entries: Sequence[Entry], communities: Mapping[str, tuple[int, Standing]]) -> None:
        """Add what one commit adds to the log."""
        if not entries:
            return
        rest: list[Entry] = []
        #: By community and rulebook.
        plain: dict[tuple[int, int], list[Entry]] = {}
        of_one: list[Entry] = rest
        name, rulebook = None, None
        for entry in entries:
            if not entry.plain:
                rest.append(entry)
                continue
            decision = entry.decision
            # One rulebook decides a whole batch, most often in one community.
            if decision.community != name or decision.rulebook is not rulebook:
                name, rulebook = decision.community, decision.rulebook
                of_one = plain.setdefault((communities[name][0], self._number(rulebook)), [])
            of_one.append(entry)
        opens = entries[0].seq
        for (community, number), some in plain.items():
            if len(some) < _MANY:
                rest.extend(some)
            else:
                self._packs.write(opens, community, number, some)
                seen = self.seen.get(community)
                if seen is not None:
                    seen.add([one.event for one in some if one.event is not None], some[-1].ordinal)
        if rest:
            self._db.executemany(_INSERT, [self._row(one, communities) for one in rest])

    def _row(self, entry: Entry, communities: Mapping[str, tuple[int, Standing]]) -> tuple[Any, ...]:
        decision, event = entry.decision, entry.event
        community = communities[decision.community][0]
        if event is not None and (seen := self.seen.get(community)) is not None:
            seen.add((event,), entry.ordinal)
        # The module `sqlite3` asks around how to write a bool.
        return (
            entry.seq, community, event, entry.digest, entry.ordinal, entry.previous, decision.time,
            int(decision.late), self._number(decision.rulebook),
            None if entry.plain else encode_decision(decision, UTC),
        )  # fmt: skip

    def _number(self, rulebook: RulebookRef) -> int:
        return self._rulebooks.get(rulebook) or self._add_rulebook(rulebook)

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
        self.seen.clear()
        self._packs.roll_back()
        self._in_vain.clear()
        self._rulebooks.clear()
        self._by_number.clear()
        for number, name, version, digest in self._db.execute("SELECT number, name, version, digest FROM rulebook"):
            self._learn(number, RulebookRef(name, version, digest))
