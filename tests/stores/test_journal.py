"""What commits change is durable at once, whether the tables have been told of it or not."""

from __future__ import annotations

import shutil
import sqlite3
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from communityrules.stores import journal
from communityrules.stores.codec import write_values
from communityrules.stores.errors import StoreError
from communityrules.stores.protocol import Batch, CellChange, CommunityChanges, Stale, Standing, WindowChanges
from communityrules.stores.sqlite import SqliteStore


def changed(number: int) -> Batch:
    changes = CommunityChanges(Standing(number, number, 0))
    changes.cells = [
        CellChange("member", "amy", number),
        CellChange("sanction", f"amy\t{number}", {"n": number}),
        CellChange("sanction", f"amy\t{number - 2}", None),
    ]
    hours = WindowChanges("hour")
    hours.add('["amy"]', 0, number, b"%d" % number)
    hours.add(f'["{number}"]', 0, number, b"x")
    changes.windows = [hours]
    changes.stale = [Stale("hour", number - 3)]
    return Batch({"c": changes})


def rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        (count,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def killed(path: Path, to: Path) -> SqliteStore:
    """The store as it is found by who opens the file of a process that was killed."""
    for beside in ("", "-wal"):
        shutil.copy(f"{path}{beside}", f"{to}{beside}")
    assert rows(to, "journal") > 0
    return SqliteStore(str(to))


def test_what_the_tables_do_not_have_yet_is_there_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    store = SqliteStore(str(path))
    for number in range(1, 8):
        store.commit(changed(number))
    # Read before anything else asks for the tables to be told.
    assert store.cell("c", "member", "amy") == 7
    found = killed(path, tmp_path / "two.db")
    for one in (found, store):
        assert one.cell("c", "member", "amy") == 7
        assert one.cell("c", "sanction", "amy\t5") is None
        assert one.cells("c", "sanction", "amy\t") == [("amy\t6", {"n": 6}), ("amy\t7", {"n": 7})]
        assert one.window("c", "hour", '["amy"]') == [(0, b"7")]
        assert one.window("c", "hour", '["2"]') == []
        assert one.window_keys("c", "hour") == ['["4"]', '["5"]', '["6"]', '["7"]', '["amy"]']
        one.close()
    assert rows(path, "journal") == rows(tmp_path / "two.db", "journal") == 0


def test_the_tables_are_told_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_FEW", 12)
    monkeypatch.setattr(journal, "_COMMITS", 2)
    path = tmp_path / "one.db"
    store = SqliteStore(str(path))
    most = 0
    for number in range(1, 30):
        store.commit(changed(number))
        (waiting,) = store._db.execute("SELECT count(*) FROM journal").fetchone()
        most = max(most, waiting)
    assert 1 < most < 5
    store.close()


def test_tables_that_cannot_be_told_leave_everything_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_FEW", 3)
    monkeypatch.setattr(journal, "_COMMITS", 0)
    path = tmp_path / "one.db"
    store = SqliteStore(str(path))
    store.commit(changed(1))
    store._db.execute("CREATE TEMP TRIGGER broken BEFORE INSERT ON piece BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(StoreError):
        store.commit(changed(2))
    standing = store.standing("c")
    assert standing is not None
    assert standing.events == 1
    assert store.cell("c", "member", "amy") == 1
    # Closing does not fail for what the next one to open the file can do.
    store.close()
    again = SqliteStore(str(path))
    assert again.window("c", "hour", '["amy"]') == [(0, b"1")]
    again.commit(changed(2))
    assert again.cell("c", "member", "amy") == 2
    again.close()


def test_what_is_kept_takes_no_more_room_than_it_needs() -> None:
    changes = CommunityChanges(Standing(1, 1, 0))
    changes.cells = [CellChange("member", str(one), {"n": one}) for one in range(200)]
    changes.windows = [WindowChanges("hour")]
    for one in range(200):
        changes.windows[0].add(str(one), 0, 1, write_values([one]))
    tracemalloc.start()
    try:
        found = journal.changes_of(1, changes, len)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.cells[0].values) == len(found.pieces[0].data) == 200
    assert kept < 400 * 500
