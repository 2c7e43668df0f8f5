"""`check`, `fmt` and `test`: formats, exit statuses, files left as they should be."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

WARNED = """rulebook "x"
  version "1"
  language en
  timezone UTC
  published 2026-01-01

list never_used = "a"

rule 1 "one"
  should
  applies to everyone
  effective immediately
  on message
  if message.text is "x"
  then flag
"""


def stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


# --- check ---------------------------------------------------------------------------------------------------


def test_warnings_are_findings_only_when_strict(command: Command, tmp_path: Path) -> None:
    book = tmp_path / "x.rules"
    book.write_text(WARNED)
    assert "warning[" in command("check", book).out
    assert command("check", book).status == 0
    assert command("check", "--strict", book).status == 1


def test_check_for_programs(command: Command) -> None:
    ran = command("check", "broken.rules", "club.rules", "--format", "json")
    assert ran.status == 1
    found = json.loads(ran.out)
    assert found["errors"] == len(found["diagnostics"]) == 3
    first = found["diagnostics"][0]
    assert (first["code"], first["file"], first["line"]) == ("CR201", "broken.rules", 12)
    chinese = json.loads(command("check", "broken.rules", "--format", "json", "--lang", "zh").out)
    assert chinese["diagnostics"][0]["message"] != first["message"]


def test_check_for_code_scanners(command: Command) -> None:
    log = json.loads(command("check", "broken.rules", "--format", "sarif").out)
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert run["results"][0]["ruleId"] == "CR201"
    region = run["results"][1]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (15, 35, 42)
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_check_reads_standard_input(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, Path("broken.rules").read_text(encoding="utf-8"))
    ran = command("check", "-")
    assert ran.status == 1
    assert "<stdin>:12:30" in ran.out


def test_nothing_is_checked_twice_from_one_stdin(command: Command) -> None:
    for name in ("check", "fmt", "test"):
        ran = command(name, "-", "-")
        assert ran.status == 2
        assert "[CR914]" in ran.err


# --- fmt -----------------------------------------------------------------------------------------------------


def test_fmt_there_and_back_gives_the_same_bytes(command: Command, tmp_path: Path) -> None:
    book = tmp_path / "club.rules"
    shutil.copy("club.rules", book)
    os.chmod(book, 0o640)
    before = book.read_bytes()
    assert command("fmt", "--to", "zh", book).status == 0
    chinese = book.read_text(encoding="utf-8")
    assert "规则" in chinese
    assert "No advertising" in chinese
    assert command("test", book).status == 0
    assert command("fmt", "--to", "en", book).status == 0
    assert book.read_bytes() == before
    assert book.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [book]


def test_fmt_check_changes_nothing(command: Command, tmp_path: Path) -> None:
    book = tmp_path / "untidy.rules"
    shutil.copy("untidy.rules", book)
    before = book.read_bytes()
    assert command("fmt", "--check", book).status == 1
    assert book.read_bytes() == before
    assert command("fmt", book).status == 0
    assert command("fmt", "--check", book).status == 0


def test_fmt_mends_line_ends_and_byte_order_marks(command: Command, tmp_path: Path) -> None:
    book = tmp_path / "x.rules"
    clean = Path("club.rules").read_bytes()
    book.write_bytes(b"\xef\xbb\xbf" + clean.replace(b"\n", b"\r\n"))
    assert command("fmt", "--check", book).status == 1
    assert command("fmt", book).status == 0
    assert book.read_bytes() == clean


def test_fmt_leaves_broken_files_alone(command: Command, tmp_path: Path) -> None:
    book = tmp_path / "x.rules"
    book.write_text('rulebook "x\n')
    ran = command("fmt", book)
    assert ran.status == 1
    assert "error[CR102]" in ran.err
    assert book.read_text() == 'rulebook "x\n'
    found = json.loads(command("fmt", book, "club.rules", "--check", "--format", "json").out)
    assert [one["status"] for one in found["files"]] == ["broken", "unchanged"]
    assert found["diagnostics"][0]["code"] == "CR102"


def test_fmt_from_standard_input_to_standard_output(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = Path("club.rules").read_text(encoding="utf-8")
    stdin(monkeypatch, clean.replace("\n  ", "\n"))
    ran = command("fmt", "-")
    assert ran.status == 0
    assert ran.out == clean


def test_fmt_leaves_names_that_used_files_declare(command: Command, tmp_path: Path) -> None:
    book, words = tmp_path / "x.rules", tmp_path / "lists" / "words.rules"
    words.parent.mkdir()
    words.write_text('use "more.rules"\n\nstate link = loud, quiet\n', encoding="utf-8")
    (words.parent / "more.rules").write_text('list phone_number = "call me"\n', encoding="utf-8")
    clean = 'use "lists/words.rules"\n\ndefine a as message.text contains any of phone_number and link is loud\n'
    book.write_text(clean, encoding="utf-8")
    assert command("fmt", "--to", "zh", book).status == 0
    chinese = book.read_text(encoding="utf-8")
    assert "消息.文本" in chinese
    assert "phone_number 且 link 是 loud" in chinese
    assert command("fmt", "--to", "en", book).status == 0
    assert book.read_text(encoding="utf-8") == clean
    words.unlink()
    assert command("fmt", "--check", book).status == 0


def test_fmt_follows_links(command: Command, tmp_path: Path) -> None:
    book, link = tmp_path / "x.rules", tmp_path / "link.rules"
    shutil.copy("untidy.rules", book)
    link.symlink_to(book)
    assert command("fmt", link).status == 0
    assert link.is_symlink()
    assert command("fmt", "--check", book).status == 0


def test_fmt_writes_nothing_when_one_file_is_missing(command: Command, tmp_path: Path) -> None:
    book = tmp_path / "x.rules"
    shutil.copy("untidy.rules", book)
    before = book.read_bytes()
    assert command("fmt", book, tmp_path / "nowhere.rules").status == 2
    assert book.read_bytes() == before


# --- test ----------------------------------------------------------------------------------------------------


def test_tests_for_programs(command: Command) -> None:
    ran = command("test", "failing.rules", "--format", "json")
    assert ran.status == 1
    (book,) = json.loads(ran.out)["books"]
    assert not book["passed"]
    failures = [failure for test in book["tests"] for failure in test["failures"]]
    assert [failure["line"] for failure in failures] == [56, 57, 64]
    assert failures[0]["missing"] == ["delete", "mute 1 day"]
    assert failures[0]["why_not"]["kind"] == "condition"
    assert failures[0]["happened"][0]["verdict"] == "allow"
    assert book["coverage"]["unreached_rules"] == ["3", "4"]


def test_what_was_not_to_happen(command: Command, tmp_path: Path) -> None:
    book = tmp_path / "x.rules"
    test = 'test "quiet"\n  2026-01-05\n  09:00 bob message "x"   expect flag, no remind, no hold\n'
    book.write_text(f"{WARNED}\n{test}".replace("then flag", "then flag, remind"), encoding="utf-8")
    ran = command("test", book)
    assert ran.status == 1
    assert "not wanted: remind" in ran.out
    assert "不应有:remind" in command("test", book, "--lang", "zh").out
    (found,) = json.loads(command("test", book, "--format", "json").out)["books"]
    (failure,) = found["tests"][0]["failures"]
    assert (failure["missing"], failure["unwanted"]) == ([], ["remind"])


def test_mutants(command: Command) -> None:
    ran = command("test", "club.rules", "--mutants")
    assert ran.status == 0
    (book,) = json.loads(command("test", "club.rules", "--mutants", "--format", "json").out)["books"]
    found = book["mutants"]
    assert found["all"] == found["killed"] + found["survived"]
    assert f"Changes noticed: {found['killed']} of {found['all']}" in ran.out
    late = next(one for one in found["survivors"] if one["before"]["en"].startswith("require reply"))
    assert (late["file"], late["rule"], late["reached"]) == ("club.rules", "2", True)
    assert late["before"]["zh"].startswith("要求 回复")
    assert f"club.rules:{late['line']}: rule 2: {late['before']['en']}\n    → {late['after']['en']}" in ran.out
    (few,) = json.loads(command("test", "club.rules", "--mutants", "--budget", "3", "--format", "json").out)["books"]
    assert few["mutants"]["left_out"] > 0
    (failed,) = json.loads(command("test", "failing.rules", "--mutants", "--format", "json").out)["books"]
    assert failed["mutants"] is None


def test_a_broken_rulebook_fails_its_tests(command: Command) -> None:
    assert command("test", "broken.rules").status == 1
    ran = command("test", "broken.rules", "club.rules", "--format", "json")
    assert ran.status == 1
    assert [book["passed"] for book in json.loads(ran.out)["books"]] == [False, True]


def test_a_rulebook_without_tests_passes_and_says_so(command: Command, tmp_path: Path) -> None:
    book = tmp_path / "x.rules"
    book.write_text(WARNED)
    ran = command("test", book)
    assert ran.status == 0
    assert "there are no tests" in ran.out
    assert "rule 1 one" in ran.out
