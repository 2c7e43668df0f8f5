"""Keys that a store does not have are told without a look at its table, and none that it has."""

from __future__ import annotations

from pathlib import Path

from communityrules.stores.protocol import Batch, CommunityChanges, Standing, WindowChanges
from communityrules.stores.sqlite import SqliteStore


def written(numbers: range) -> Batch:
    hours = WindowChanges("hour")
    for number in numbers:
        hours.add(f'["{number}"]', 0, number, b"x")
    return Batch({"c": CommunityChanges(Standing(1, 1, 0), windows=[hours])})


def asked(store: SqliteStore, numbers: range) -> tuple[int, int]:
    """How many keys are there, and how often the table was asked."""
    looks: list[str] = []
    store._db.set_trace_callback(looks.append)
    there = sum(bool(store.window("c", "hour", f'["{number}"]')) for number in numbers)
    store._db.set_trace_callback(None)
    return there, sum(one.startswith("SELECT part") for one in looks)


def test_new_keys_are_soon_known_to_be_new(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "s.db"))
    store.commit(written(range(500)))
    store.close()
    store = SqliteStore(str(tmp_path / "s.db"))
    there, looks = asked(store, range(1_000, 1_300))
    # One key in two hundred is looked for in vain even then.
    assert there == 0
    assert 64 <= looks < 90
    assert asked(store, range(500)) == (500, 500)
    # What comes later is found as well, once the table has it and before.
    store.commit(written(range(1_000, 1_200)))
    there, looks = asked(store, range(1_000, 1_300))
    assert there == 200
    assert 200 <= looks < 220
    store.commit(written(range(2_000, 2_001)))
    assert asked(store, range(1_999, 2_002))[0] == 1
    store.close()


def test_a_large_table_is_not_learnt_for_a_few_keys(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "s.db"))
    store.commit(written(range(3_000)))
    store.close()
    store = SqliteStore(str(tmp_path / "s.db"))
    there, looks = asked(store, range(5_000, 5_400))
    assert there == 0
    assert 256 <= looks < 280
    store.close()
