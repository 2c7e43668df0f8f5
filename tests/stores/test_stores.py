"""Both stores against a plain model, as state machines; and files that are no store."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from communityrules.model.decision import Decision, RulebookRef, Timer, Verdict
from communityrules.stores import entries, journal, packs, sqlite
from communityrules.stores.errors import MESSAGES, StoreError
from communityrules.stores.memory import MemoryStore
from communityrules.stores.protocol import (
    Batch,
    CellChange,
    CommunityChanges,
    Entry,
    Standing,
    Store,
    TimerChange,
    WindowChanges,
    is_plain,
)
from communityrules.stores.schema import LAYOUT
from communityrules.stores.sqlite import SqliteStore
from communityrules.stores.table import open_store

NAMES = st.sampled_from(["a", "b", "社群", "z\U0001f600"])
KEYS = st.sampled_from(["m1", "m1\tx", "m1\ty", "m2", "乙", "乙\t1", "\U0001f600", ""])
TABLES = st.sampled_from(["member", "points"])
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=3), st.lists(st.integers(0, 3)),
    st.dictionaries(st.text(max_size=2), st.integers(0, 9), max_size=2),
)  # fmt: skip
BOOKS = [RulebookRef("One", None, "1" * 64), RulebookRef("Two", "2", "2" * 64)]


class BreakdownError(Exception):
    """The test's own, in the middle of a commit."""


class StoreMachine(RuleBasedStateMachine):
    """One batch after another, some failing half-way, some followed by a new start."""

    folder: Path
    kind: str
    files = 0

    @initialize()
    def start(self) -> None:
        type(self).files += 1
        self.path = str(self.folder / f"{self.kind}{self.files}.db")
        self.store: Store = MemoryStore() if self.kind == "memory" else SqliteStore(self.path)
        self.standings: dict[str, tuple[int, int, int]] = {}
        self.cells: dict[tuple[str, str, str], Any] = {}
        self.timers: dict[tuple[str, str, str], int] = {}
        self.pieces: dict[tuple[str, str, str, Any], bytes] = {}
        self.entries: list[Entry] = []
        self.seq = 0
        self.pending: list[int] = []

    @rule(
        community=NAMES,
        cells=st.lists(st.tuples(TABLES, KEYS, CELLS), max_size=5),
        timers=st.lists(st.tuples(TABLES, KEYS, st.one_of(st.none(), st.integers(0, 50))), max_size=4),
        pieces=st.lists(
            st.tuples(
                TABLES,
                KEYS,
                st.one_of(st.integers(0, 3), st.text(max_size=2)),
                st.one_of(st.none(), st.binary(max_size=4)),
            ),
            max_size=4,
        ),
        events=st.lists(
            st.tuples(st.sampled_from(["e1", "e2", None]), st.sampled_from(BOOKS), st.booleans()), max_size=4
        ),
        lasting=st.booleans(),
        fails=st.sampled_from([False, False, False, True]),
    )  # fmt: skip
    def commit(
        self, community: str, cells: Any, timers: Any, pieces: Any, events: Any, lasting: bool, fails: bool
    ) -> None:
        clock, count, last = self.standings.get(community, (0, 0, 0))
        batch = Batch(lasting=lasting)
        seq = self.seq
        for event, book, late in events:
            seq += 1
            about = Timer(f"t{seq}", "duty") if event is None else event
            verdict: Verdict = "block" if late and seq % 2 else "allow"
            decision = Decision(about, clock + seq, community, book, verdict, late=late)
            if event is None:
                batch.entries.append(Entry(seq, None, "", 0, last, decision))
                batch.pending.append(seq)
            else:
                count += 1
                batch.entries.append(Entry(seq, event, f"d{seq}", count, last, decision, is_plain(decision)))
                last = seq
        batch.handed = self.pending[:1]
        changes = CommunityChanges(Standing(clock + 1, count, last))
        changes.cells = [CellChange(*one) for one in {(a, b): (a, b, c) for a, b, c in cells}.values()]
        changes.timers = [TimerChange(*one) for one in {(a, b): (a, b, c) for a, b, c in timers}.values()]
        windows: dict[str, WindowChanges] = {}
        for (measure, key, part), data in {(a, b, c): d for a, b, c, d in pieces}.items():
            windows.setdefault(measure, WindowChanges(measure)).add(key, part, 0, data)
        changes.windows = list(windows.values())
        batch.changes[community] = changes
        if fails and isinstance(self.store, SqliteStore):
            batch.entries.append(
                Entry(seq + 1, "again", "", 1, 0, Decision("again", 0, community, BOOKS[0], "allow"), True)
            )
            batch.pending.extend((seq + 2, seq + 2))
            with pytest.raises(StoreError) as caught:
                self.store.commit(batch)
            assert caught.value.diagnostic.code == "CR757"
            return
        self.store.commit(batch)
        self.standings[community] = (clock + 1, count, last)
        for cell in changes.cells:
            self._set(self.cells, (community, cell.table, cell.key), cell.value)
        for timer in changes.timers:
            self._set(self.timers, (community, timer.what, timer.key), timer.due)
        for one in changes.windows:
            for key, part, written in zip(one.keys, one.parts, one.data, strict=True):
                self._set(self.pieces, (community, one.measure, key, part), written)
        if self.store.resident:
            # In memory, an id that comes again takes the place of the one before.
            again = {(community, one.event) for one in batch.entries if one.event is not None}
            batch.entries = list({one.event or one.seq: one for one in batch.entries}.values())
            self.entries = [one for one in self.entries if (one.decision.community, one.event) not in again]
        self.entries = sorted([*self.entries, *batch.entries], key=lambda one: one.seq)
        self.seq = seq
        self.pending = list(self.pending[1:]) + batch.pending if batch.handed else self.pending + batch.pending

    @staticmethod
    def _set(where: dict[Any, Any], key: Any, value: Any) -> None:
        if value is None:
            where.pop(key, None)
        else:
            where[key] = value

    @rule()
    def reopen(self) -> None:
        if isinstance(self.store, SqliteStore):
            self.store.close()
            self.store = SqliteStore(self.path)

    @invariant()
    def the_log_is_the_same(self) -> None:
        if not hasattr(self, "store"):
            return
        store = self.store
        assert store.last_seq() == self.seq
        assert list(store.log()) == self.entries
        assert store.pending() == self.pending
        for community in ["a", "b", "社群", "z\U0001f600", "nobody"]:
            standing = store.standing(community)
            assert (
                None if standing is None else (standing.clock, standing.events, standing.last)
            ) == self.standings.get(community)
            mine = [one for one in self.entries if one.decision.community == community]
            for event in ("e1", "e2", "e3"):
                assert store.find(community, event) == next((one for one in reversed(mine) if one.event == event), None)
            half = self.seq // 2
            timers = [one for one in mine if one.event is None]
            assert store.timer_entries(community, half, None) == [one for one in timers if one.seq > half]
            assert store.timer_entries(community, 1, half) == [one for one in timers if 1 < one.seq < half]

    @invariant()
    def the_state_is_the_same(self) -> None:
        if not hasattr(self, "store") or self.store.resident:
            return
        store = self.store
        for community in ["a", "社群", "nobody"]:
            for table in ("member", "points", "none"):
                mine = {
                    key: value for (who, what, key), value in self.cells.items() if (who, what) == (community, table)
                }
                for key in ("m1", "乙\t1", "none"):
                    assert store.cell(community, table, key) == mine.get(key)
                for prefix in ("", "m", "m1\t", "乙\t"):
                    assert store.cells(community, table, prefix) == sorted(
                        (key, value) for key, value in mine.items() if key.startswith(prefix)
                    )
                for key in ("m1", ""):
                    assert dict(store.window(community, table, key)) == {
                        part: data for (who, what, which, part), data in self.pieces.items()
                        if (who, what, which) == (community, table, key)
                    }  # fmt: skip
            assert store.timers(community) == sorted(
                (due, what, key) for (who, what, key), due in self.timers.items() if who == community
            )
        assert store.due(25) == sorted({who for (who, _, _), due in self.timers.items() if due <= 25})

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()


@pytest.mark.parametrize("kind", ["memory", "sqlite", "packed"])
def test_a_store_agrees_with_a_model(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "packed":
        # So that few events are as many.
        monkeypatch.setattr(entries, "_MANY", 1)
        monkeypatch.setattr(sqlite, "_SPAN", 3)
        monkeypatch.setattr(packs, "_LOOSE", 1)
        monkeypatch.setattr(journal, "_FEW", 3)
    machine = type("Machine", (StoreMachine,), {"folder": tmp_path, "kind": kind})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


# --- files ---------------------------------------------------------------------------------------------------


def code_of(path: Path | str) -> str:
    with pytest.raises(StoreError) as caught:
        SqliteStore(str(path))
    for language in ("en", "zh"):
        assert "{" not in caught.value.diagnostic.text(language)
    return caught.value.diagnostic.code


def test_urls(tmp_path: Path) -> None:
    assert isinstance(open_store("memory:"), MemoryStore)
    store = open_store(f"sqlite:///{tmp_path}/one.db")
    store.close()
    assert (tmp_path / "one.db").exists()
    for url in ("", "memory", "memory:x", "sqlite:", "sqlite:one.db", "sqlite:///", "postgres://host/db", "one.db"):
        with pytest.raises(StoreError) as caught:
            open_store(url)
        assert caught.value.diagnostic.code == "CR751", url


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none" / "one.db") == "CR752"
    assert code_of(tmp_path) == "CR752"


def test_a_file_of_something_else(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database at all, but long enough to have a header\n" * 10)
    before = text.read_bytes()
    assert code_of(text) == "CR754"
    assert text.read_bytes() == before


def test_another_programs_database(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    before = path.read_bytes()
    assert code_of(path) == "CR754"
    assert path.read_bytes() == before


def test_a_newer_layout(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    SqliteStore(str(path)).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version={LAYOUT + 1}")
    db.close()
    assert code_of(path) == "CR755"


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    store = SqliteStore(str(path))
    changes = CommunityChanges(Standing(1, 1, 1))
    changes.cells = [CellChange("t", f"key{number}", "x" * 500) for number in range(2_000)]
    store.commit(Batch({"c": changes}))
    store.close()
    data = bytearray(path.read_bytes())
    data[4096 : len(data)] = b"\xff" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    assert code_of(path) in ("CR754", "CR756")


def test_a_store_in_use(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    store = SqliteStore(str(path))
    assert code_of(path) == "CR753"
    other = subprocess.run(
        [sys.executable, "-c", f"from communityrules.stores.sqlite import SqliteStore; SqliteStore({str(path)!r})"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "CR753" in other.stderr
    store.close()
    SqliteStore(str(path)).close()


def test_a_full_disk_keeps_nothing_half(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "small.db"))
    (pages,) = store._db.execute("PRAGMA page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count={pages + 5}")
    changes = CommunityChanges(Standing(1, 1, 1))
    changes.cells = [CellChange("t", f"key{number}", "x" * 500) for number in range(2_000)]
    with pytest.raises(StoreError) as caught:
        store.commit(Batch({"c": changes}))
    assert caught.value.diagnostic.code == "CR757"
    assert store.standing("c") is None
    assert store.cells("c", "t", "") == []
    changes.cells = changes.cells[:3]
    store.commit(Batch({"c": changes}))
    assert len(store.cells("c", "t", "")) == 3
    store.close()


def test_messages_are_whole() -> None:
    assert len({one.code for one in MESSAGES}) == len(MESSAGES)
