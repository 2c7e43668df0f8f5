"""What is in a SQLite file may have been spoilt: that is told as damage of the file, never as anything else."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from communityrules import Engine, loads
from communityrules.stores.errors import StoreError
from communityrules.stores.sqlite import SqliteStore

BOOK = loads("""rulebook "x"
penalty standard over 1 day
  1st: warn
  then on: mute 1 hour
rule 1 "Ads"
  must not
  on message
  if message.text contains "buy" and distinct(message.text by member within 1 day) >= 1
  then penalty standard
rule 2 "Rare"
  should
  on message
  if sum(rating.score by rating.member within 1 day) > 3 or count(message by member within 1 day) > 3
  then flag
rule 3 "Answered"
  must
  on feedback
  responsible staff
  require reply within 1 hour
""")


def event(number: int, kind: str = "message") -> dict[str, object]:
    return {
        "id": f"e{number}", "time": f"2024-10-08T0{number}:00:00Z", "type": kind, "community": "c",
        "member": {"id": "amy"}, "message": {"text": "buy"}, "rating": {"score": 2},
    }  # fmt: skip


def filled(path: Path) -> str:
    url = f"sqlite:///{path}"
    with Engine(BOOK, url) as engine:
        for number, kind in enumerate(("message", "feedback", "message", "rating")):
            engine.judge(event(number, kind))
    return url


def spoil(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()


def use(url: str) -> None:
    with Engine(BOOK, url) as engine:
        engine.judge(event(0))
        engine.judge(event(5))
        list(engine.advance(10**16))
        list(engine.log())


def damage(do: Callable[[], object]) -> None:
    with pytest.raises(StoreError) as caught:
        do()
    assert caught.value.diagnostic.code == "CR756"
    chinese = caught.value.diagnostic.text("zh")
    # The reason is Chinese, too: nothing but the file's name is not.
    assert not re.search("[a-z]{3}", re.sub("`[^`]*`", "", chinese)), chinese


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cell SET value=x'7b7b'",
        "UPDATE cell SET value=x'ff'",
        "UPDATE piece SET data=x'7b'",
        "UPDATE piece SET data=x'6e756c6c'",
        "UPDATE entry SET body=x'7b' WHERE body IS NOT NULL",
        "UPDATE entry SET body=x'7b7d' WHERE body IS NOT NULL",
        "UPDATE entry SET rulebook=99",
        "UPDATE entry SET digest=CAST(x'ff41' AS TEXT)",
        "UPDATE rulebook SET name=CAST(x'ff41' AS TEXT)",
        "DROP TABLE piece",
        "DROP TABLE pending",
        "ALTER TABLE cell DROP COLUMN value",
    ],
)
def test_spoilt_contents(tmp_path: Path, statement: str) -> None:
    url = filled(tmp_path / "s.db")
    spoil(tmp_path / "s.db", statement)
    damage(lambda: use(url))


def test_a_file_of_a_few_bytes_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("x")
    with pytest.raises(StoreError) as caught:
        SqliteStore(str(path))
    assert caught.value.diagnostic.code == "CR754"
    assert path.read_text() == "x"


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    path.touch()
    SqliteStore(str(path)).close()
    assert path.stat().st_size > 0


def test_a_path_that_no_file_can_have() -> None:
    with pytest.raises(StoreError) as caught:
        SqliteStore("a\0b")
    assert caught.value.diagnostic.code == "CR752"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pack SET data=x'7b'",
        "UPDATE pack SET data=CAST(data || x'00' AS BLOB)",
        "UPDATE pack SET rulebook=99",
        "UPDATE pack SET marks=x'ff'",
        "DROP TABLE pack",
    ],
)
def test_spoilt_packs(tmp_path: Path, statement: str) -> None:
    url = f"sqlite:///{tmp_path / 's.db'}"
    events = [{**event(0, "leave"), "id": f"p{number}"} for number in range(60)]
    with Engine(BOOK, url) as engine:
        assert len(list(engine.run(events))) == 60
    spoil(tmp_path / "s.db", statement)

    def again() -> None:
        with Engine(BOOK, url) as engine:
            list(engine.run(events))
            list(engine.log())

    damage(again)


@pytest.mark.parametrize("data", ["x'7b'", "x'91940191930191a16b909090'", "x'c0'"])
def test_a_spoilt_journal(tmp_path: Path, data: str) -> None:
    url = filled(tmp_path / "s.db")
    spoil(tmp_path / "s.db", f"INSERT INTO journal (data) VALUES ({data})")
    damage(lambda: use(url))
