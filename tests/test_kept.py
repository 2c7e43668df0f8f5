"""Rulebooks kept in a folder between processes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from communityrules import RulesError, load, loads, moving
from communityrules import loading as loading_module
from communityrules.checker import checked
from communityrules.kept import FOLDER, Kept
from communityrules.moving import move_together

TEXT = """rulebook "kept"
  timezone Asia/Shanghai

list words = file "words.txt"

rule 1 "words"
  must not
  on message
  if message.text contains words
  then delete

rule 2 "old"
  effective from 2024-01-01 through 2024-12-31
  must not
  on message
  if message.text matches /a[0-9]+/ and count(message by member today) > 3
  then flag

test "one"
  2024-03-02
  09:00 ana message "spam"  expect delete under 1
"""


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the sources that are checked."""
    asked: list[str] = []
    check = loading_module.check_anew

    def counted(source: Any, *given: Any) -> Any:
        asked.append(source.name)
        return check(source, *given)

    monkeypatch.setattr(loading_module, "check_anew", counted)
    return asked


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "words.txt").write_text("spam\nscam\n", encoding="utf-8")
    path = tmp_path / "book.rules"
    text = TEXT[: TEXT.index("test ")]
    path.write_text(text, encoding="utf-8")
    return path


def test_what_was_kept_is_not_checked_again(book: Path, tmp_path: Path, checks: list[str]) -> None:
    cache = tmp_path / "cache" / "below"
    first = load(book, cache=cache)
    again = load(book, cache=cache)
    assert len(checks) == 1
    assert again.checked == first.checked
    assert repr(again.checked) == repr(first.checked)
    assert again.diagnostics == first.diagnostics
    assert [one.suffix for one in cache.iterdir()] == [".checked"]
    assert load(book).checked == first.checked
    assert len(checks) == 2


def test_the_environment_names_a_folder_too(book: Path, tmp_path: Path, checks: list[str],
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv(FOLDER, str(tmp_path / "cache"))
    load(book)
    load(book)
    assert len(checks) == 1


def test_another_text_or_list_is_checked(book: Path, tmp_path: Path, checks: list[str]) -> None:
    cache = tmp_path / "cache"
    first = load(book, cache=cache)
    (tmp_path / "words.txt").write_text("spam\nham\n", encoding="utf-8")
    second = load(book, cache=cache)
    assert second.checked.lists["words"].items == ("spam", "ham")
    assert second.digest != first.digest
    book.write_text(book.read_text(encoding="utf-8").replace("delete", "flag"), encoding="utf-8")
    assert load(book, cache=cache).checked.rules[0].actions[0].do == "flag"
    assert len(checks) == 3


@pytest.mark.parametrize("spoilt", ["cut", "changed", "empty", "foreign", "writable"])
def test_spoilt_entries_are_passed_over(book: Path, tmp_path: Path, checks: list[str], spoilt: str) -> None:
    cache = tmp_path / "cache"
    first = load(book, cache=cache)
    (entry,) = cache.iterdir()
    data = entry.read_bytes()
    match spoilt:
        case "cut":
            entry.write_bytes(data[:-10])
        case "changed":
            entry.write_bytes(data[:-100] + b"\0" + data[-99:])
        case "empty":
            entry.write_bytes(b"")
        case "foreign":
            entry.write_bytes(b"\x80\x05cos\nsystem\n.")
        case _:
            entry.chmod(0o666)
    assert load(book, cache=cache).checked == first.checked
    assert len(checks) == 2
    # And mended.
    assert load(book, cache=cache).checked == first.checked
    assert len(checks) == 2


def test_an_entry_of_another_rulebook_is_passed_over(book: Path, tmp_path: Path, checks: list[str]) -> None:
    cache = tmp_path / "cache"
    first = load(book, cache=cache)
    (entry,) = cache.iterdir()
    book.write_text(book.read_text(encoding="utf-8").replace("delete", "flag"), encoding="utf-8")
    load(book, cache=cache)
    (other,) = set(cache.iterdir()) - {entry}
    entry.replace(other)
    assert load(book, cache=cache).digest != first.digest
    assert len(checks) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(book: Path, tmp_path: Path, checks: list[str]) -> None:
    cache = tmp_path / "cache"
    load(book, cache=cache)
    (entry,) = cache.iterdir()
    entry.unlink()
    os.mkfifo(entry)
    load(book, cache=cache)
    assert len(checks) == 2


def test_a_folder_that_cannot_be_used_does_no_harm(book: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    for cache in (tmp_path / "cache", "a\0b", "\ud800"):
        assert load(book, cache=cache).name == "kept"


def test_errors_are_told_each_time(tmp_path: Path, checks: list[str]) -> None:
    for _ in range(2):
        with pytest.raises(RulesError):
            loads(TEXT, cache=tmp_path)
    assert len(checks) == 2
    assert not list(tmp_path.iterdir())


def test_who_asks_differently_has_another_place(tmp_path: Path) -> None:
    from communityrules.diagnostics.source import Source

    one = Kept(tmp_path, Source("a", "text"), None)
    assert one._file == Kept(tmp_path, Source("a", "text"), None)._file
    assert one._file != Kept(tmp_path, Source("b", "text"), None)._file
    assert one._file != Kept(tmp_path, Source("a", "texts"), None)._file


def test_a_rulebook_that_is_moved_stays_what_it_is(book: Path) -> None:
    rulebook = load(book).checked
    held = [rulebook]
    moved = move_together(held)
    assert not held
    assert moved is not rulebook
    assert moved == rulebook
    assert repr(moved) == repr(rulebook)


def test_what_cannot_be_moved_stays(book: Path) -> None:
    rulebook = load(book).checked
    condition = rulebook.rules[0].condition
    assert condition is not None
    for _ in range(2000):
        condition = checked.Not(condition)
    deep = replace(rulebook, rules=(replace(rulebook.rules[0], condition=condition),))
    assert move_together([deep]) is deep


def test_a_large_rulebook_is_what_a_small_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXT.replace('file "words.txt"', '"spam", "scam"')
    plain = loads(text)
    monkeypatch.setattr(moving, "LARGE", 10)
    moved = loads(text, name="again")
    assert moved.checked == plain.checked
    assert len(moved.checked.tests) == len(plain.checked.tests) == 1
    assert moved.digest == plain.digest
