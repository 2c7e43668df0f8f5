"""Files that were written in an earlier layout are opened and go on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from communityrules import Engine, loads
from communityrules.stores import schema

BOOK = loads("""rulebook "x"
rule 1 "Flood"
  must not
  on message
  if count(message by member within 2 hours) > 80
  then mute 10 minutes
""")


def event(number: int) -> dict[str, object]:
    return {
        "id": f"e{number}", "time": f"2024-10-08T{number // 60:02}:{number % 60:02}:00Z", "type": "message",
        "community": "c", "member": {"id": "amy"}, "message": {"text": "hello"},
    }  # fmt: skip


def test_the_first_layout_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(schema.SCHEMA)
        db.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
        db.execute("PRAGMA user_version=1")
    events = [event(number) for number in range(90)]
    with Engine(BOOK, "memory:") as engine:
        expected = list(engine.run(events))
    # One by one they stand in rows as the first layout had them.
    with Engine(BOOK, f"sqlite:///{path}", batch=1) as engine:
        assert list(engine.run(events[:40])) == expected[:40]
    with Engine(BOOK, f"sqlite:///{path}") as engine:
        assert list(engine.run(events)) == expected
        assert list(engine.log()) == expected
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (schema.LAYOUT,)
        assert db.execute("SELECT count(*) FROM pack").fetchone() == (1,)
