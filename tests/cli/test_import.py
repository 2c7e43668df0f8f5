"""`import`: where the rulebook and the report go, exit statuses, both languages."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

RULES = """---
# No sales
title+body: [sale, "free kittens"]
action: spam
---
body (regex): '(a)\\1'
action: remove
"""


@pytest.fixture
def automod(tmp_path: Path) -> Path:
    file = tmp_path / "automod.yaml"
    file.write_text(RULES, encoding="utf-8")
    return file


def test_the_rulebook_goes_to_its_file_and_the_report_to_the_reader(command: Command, automod: Path) -> None:
    book = automod.with_name("club.rules")
    ran = command("import", automod, "-o", book)
    assert (ran.status, ran.err) == (0, "")
    assert "Parts: 4 = 1 exactly (25%) + 1 approximately + 2 not carried over" in ran.out
    assert "Rules: 2, 1 of them with something left to do" in ran.out
    assert "3       1       exactly        title+body: sale, free kittens" in ran.out
    assert book.read_text(encoding="utf-8").startswith("# What differs")
    assert command("check", book).status == 0
    assert command("check", "--strict", book).status == 1
    # Laid out as `fmt` lays it out.
    assert command("fmt", "--check", book).status == 0


def test_in_chinese(command: Command, automod: Path) -> None:
    book = automod.with_name("club.rules")
    ran = command("import", automod, "-o", book, "--lang", "zh")
    assert "完全搬运 1(25%)" in ran.out
    assert "规则手册" in book.read_text(encoding="utf-8")
    assert "未搬运" in ran.out
    english = command("import", automod, "--lang", "zh", "--to", "en")
    assert english.out.lstrip("# ").startswith("What differs")


def test_without_a_file_the_rulebook_goes_to_standard_output(command: Command, automod: Path) -> None:
    ran = command("import", automod, "--title", "Ours")
    assert 'rulebook "Ours"' in ran.out
    assert "Parts: 4" in ran.err
    assert "Parts: 4" not in ran.out
    assert command("import", automod, "--title", "Ours", "-o", "-").out == ran.out


def test_for_programs(command: Command, automod: Path) -> None:
    found = json.loads(command("import", automod, "--format", "json").out)
    assert found["as"] == "automoderator"
    assert found["counts"] == {"exact": 1, "approximate": 1, "not": 2, "all": 4}
    assert found["share_exact"] == 0.25
    assert found["parts"][0] == {
        "line": 3, "what": "title+body", "value": "sale, free kittens", "carried": "exact", "why": None, "rule": "1",
    }  # fmt: skip
    assert [one["code"] for one in found["diagnostics"]] == ["CR419"]
    assert "rule 1" in found["rulebook"]
    assert (found["rules"], found["todos"]) == (2, 1)


def test_standard_input(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for data in (RULES.encode(), gzip.compress(RULES.encode())):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        ran = command("import", "-", "-o", tmp_path / "x.rules")
        assert ran.status == 0
        assert "<stdin>: Reddit AutoModerator" in ran.out


def test_lists(command: Command, tmp_path: Path) -> None:
    words = tmp_path / "words.txt.gz"
    words.write_bytes(gzip.compress("加微信\n刷单\n加微信\n".encode()))
    book = tmp_path / "words.rules"
    ran = command("import", words, "-o", book, "--then", "delete", "--to", "zh")
    assert ran.status == 0
    assert "the same as on line 1" in ran.out
    assert "则 删除" in book.read_text(encoding="utf-8")
    alone = command("import", words, "--then", "nothing", "--as", "patterns")
    assert "rule 1" not in alone.out


def test_long_reports_show_what_matters(command: Command, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("\n".join(f"word{number}" for number in range(300)) + "\nheavy,5\n", encoding="utf-8")
    ran = command("import", words, "-o", tmp_path / "x.rules")
    assert "Only what was not carried over exactly is shown" in ran.out
    assert "heavy" in ran.out
    assert "word17" not in ran.out
    assert "word17" in command("import", words, "-o", tmp_path / "x.rules", "--show", "all").out
    short = command("import", words, "-o", tmp_path / "x.rules", "--show", "0").out
    assert "… and 1 more." in short


def test_what_cannot_be_imported(command: Command, tmp_path: Path, automod: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("# nothing\n")
    for arguments in ((empty,), (empty, "--as", "automoderator"), (empty, "--lang", "zh")):
        ran = command("import", *arguments)
        assert ran.status == 1
        assert "[CR771]" in ran.err
    found = json.loads(command("import", empty, "--format", "json").out)
    assert [one["code"] for one in found["diagnostics"]] == ["CR771"]
    binary = tmp_path / "x.bin"
    binary.write_bytes(b"\xff\xfe\x00\x01\x02")
    assert command("import", binary).status == 1
    for arguments, code in (
        ((tmp_path / "none.yaml",), "CR901"),
        ((tmp_path,), "CR902"),
        ((automod, "-o", tmp_path), "CR902"),
        ((automod, "-o", tmp_path / "no" / "x.rules"), "CR906"),
        ((automod, "-o", automod), "CR913"),
        ((automod, "--as", "nothing"), "CR911"),
        ((automod, "--show", "some"), "CR911"),
    ):
        ran = command("import", *arguments)
        assert (ran.status, code in ran.err) == (2, True), arguments
    assert automod.read_text(encoding="utf-8") == RULES


def test_a_broken_part_is_told_and_the_rest_is_written(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "automod.yaml"
    file.write_text("title: [a\n---\nbody: sale\naction: remove\n")
    ran = command("import", file, "-o", tmp_path / "x.rules")
    assert ran.status == 0
    assert "warning[CR775]" in ran.err
    assert "Rules: 2, 1 of them" in ran.out
    file.write_text("title: [a\n")
    assert command("import", file, "-o", tmp_path / "y.rules").status == 1
    assert not (tmp_path / "y.rules").exists()


def test_what_is_no_number_is_shown_without_harm(command: Command, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("spam\n", encoding="utf-8")
    ran = command("import", words, "-o", tmp_path / "x.rules", "--show", "\x1b[31m")
    assert ran.status == 2
    assert "[31m" in ran.err
    assert "\x1b" not in ran.err
