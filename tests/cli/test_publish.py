"""`publish` as people use it: what it writes where, and what it refuses."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
FILES = ["handbook.md", "handbook.xlsx", "index.html"]


def written(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}


def test_a_page_a_document_and_a_workbook(command: Command, tmp_path: Path) -> None:
    ran = command("publish", "club.rules", "-o", tmp_path / "handbook")
    assert (ran.status, ran.err) == (0, "")
    assert "index.html, handbook.md, handbook.xlsx" in ran.out
    assert list(written(tmp_path / "handbook")) == FILES
    assert b"<!DOCTYPE html>" in written(tmp_path / "handbook")["index.html"]


def test_again_gives_the_same_bytes_and_leaves_other_files_alone(command: Command, tmp_path: Path) -> None:
    command("publish", "club.rules", "-o", tmp_path)
    first = written(tmp_path)
    (tmp_path / "logo.png").write_bytes(b"x")
    assert command("publish", "club.rules", "-o", tmp_path, "--lang", "zh").status == 0
    assert written(tmp_path) == {**first, "logo.png": b"x"}


def test_both_languages_link_to_each_other(command: Command, tmp_path: Path) -> None:
    assert command("publish", "club.rules", "-o", tmp_path, "--language", "both").status == 0
    found = written(tmp_path)
    other = "zh" if "index.zh.html" in found else "en"
    assert set(found) == {*FILES, f"handbook.{other}.md", f"handbook.{other}.xlsx", f"index.{other}.html"}
    assert f'href="index.{other}.html"'.encode() in found["index.html"]
    assert b'href="index.html"' in found[f"index.{other}.html"]


@pytest.mark.parametrize(("language", "said"), [("en", "Rules in force"), ("zh", "现行规则")])
def test_one_language(language: str, said: str, command: Command, tmp_path: Path) -> None:
    assert command("publish", "club.rules", "-o", tmp_path, "--language", language).status == 0
    assert list(written(tmp_path)) == FILES
    assert said in (tmp_path / "handbook.md").read_text(encoding="utf-8")


def test_for_programs(command: Command, tmp_path: Path) -> None:
    ran = command("publish", "club.rules", "-o", tmp_path, "--on", "2026-06-05", "--format", "json")
    told = json.loads(ran.out)
    assert (told["day"], told["folder"], sorted(told["files"])) == ("2026-06-05", str(tmp_path), FILES)
    assert len(told["rulebook"]["digest"]) == 64


@pytest.mark.parametrize(
    ("output", "more", "code"),
    [
        ("file", [], "CR925"),
        ("nowhere/handbook", [], "CR906"),
        ("new", ["--on", "soon"], "CR926"),
        ("new", ["--on", "20260101"], "CR926"),
        ("new", ["--on", "2026-02-30"], "CR926"),
        ("new", ["--language", "fr"], "CR911"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_is_told_and_nothing_is_written(
    output: str, more: list[str], code: str, language: str, command: Command, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"x")
    ran = command("--lang", language, "publish", "club.rules", "-o", tmp_path / output, *more)
    assert (ran.status, code in ran.err) == (2, True)
    assert list(written(tmp_path)) == ["file"]


def test_a_rulebook_with_errors_writes_nothing(command: Command, tmp_path: Path) -> None:
    ran = command("publish", "broken.rules", "-o", tmp_path / "new")
    assert ran.status == 2
    assert not (tmp_path / "new").exists()


def test_the_rulebook_itself_is_never_written_over(command: Command, tmp_path: Path) -> None:
    book = tmp_path / "handbook.md"
    book.write_bytes(Path("club.rules").read_bytes())
    ran = command("publish", book, "-o", tmp_path)
    assert (ran.status, "CR913" in ran.err) == (2, True)
    assert written(tmp_path) == {"handbook.md": Path("club.rules").read_bytes()}


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written(command: Command, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    ran = command("publish", "club.rules", "-o", tmp_path)
    tmp_path.chmod(0o700)
    assert (ran.status, "CR903" in ran.err) == (2, True)


def test_a_folder_in_the_place_of_a_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "handbook.xlsx").mkdir()
    ran = command("publish", "club.rules", "-o", tmp_path)
    assert (ran.status, "CR902" in ran.err) == (2, True)
    assert [one.name for one in tmp_path.iterdir()] == ["handbook.xlsx"]
