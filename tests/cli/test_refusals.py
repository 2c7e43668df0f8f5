"""Refused lines: people are told of some, programs of every one."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
DATA = Path(__file__).parent / "data"


def bad_lines(path: Path, number: int) -> Path:
    lines = [json.dumps({"id": index, "type": "message"}) for index in range(number)]
    path.write_text("\n".join([*lines, (DATA / "quiet.jsonl").read_text(encoding="utf-8")]), encoding="utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_programs_are_told_of_every_line(language: str, command: Command, tmp_path: Path) -> None:
    file = bad_lines(tmp_path / "events.jsonl", 75)
    ran = command("judge", "club.rules", file, "--format", "json", "--lang", language)
    *refused, counts = [json.loads(line) for line in ran.err.splitlines()]
    assert counts == {"read": 76, "judged": 1, "duplicate": 0, "quarantined": 75, "late": 0}
    assert list(counts) == ["read", "judged", "duplicate", "quarantined", "late"]
    assert [one["refused"]["line"] for one in refused] == list(range(1, 76))
    for one in refused:
        assert list(one) == ["refused"]
        assert list(one["refused"]) == ["file", "line", "code", "field", "reason", "hint"]
    assert refused[41]["refused"] == {
        "file": str(file),
        "line": 42,
        "code": "CR808",
        "field": "id",
        "reason": "`id` is `41`, which cannot be an id" if language == "en" else "`id` 的值是 `41`,不能作为标识",
        "hint": refused[0]["refused"]["hint"],
    }
    assert ("quotes" if language == "en" else "加引号") in refused[0]["refused"]["hint"]


def test_whatever_is_refused_is_told_with_its_place(command: Command) -> None:
    ran = command("judge", "club.rules", "events.jsonl", "--format", "json")
    refused = [json.loads(line)["refused"] for line in ran.err.splitlines()[:-1]]
    found = [(one["line"], one["code"], one["field"]) for one in refused]
    # A wrong field, a line that is no JSON, an id that came with another body.
    assert found == [(7, "CR803", "member.roles"), (8, "CR801", None), (12, "CR851", None)]


def test_standard_input_has_a_name(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for form in ("json", "text"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x\n")))
        ran = command("judge", "club.rules", "-", "--format", form)
        assert ("<stdin>:1: refused" in ran.err) is (form == "text")
        assert ('"file":"<stdin>"' in ran.err) is (form == "json")


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (20, "", ""),
        (21, "… and 1 more line was refused", "……另有 1 行被拒收"),
        (30, "… and 10 more lines were refused", "……另有 10 行被拒收"),
    ],
)
def test_people_are_told_of_some(number: int, english: str, chinese: str, command: Command, tmp_path: Path) -> None:
    file = bad_lines(tmp_path / "events.jsonl", number)
    for language, more, refused in (("en", english, ": refused [CR808]: "), ("zh", chinese, ":拒收 [CR808]:")):
        ran = command("judge", "club.rules", file, "--lang", language)
        assert ran.err.count(refused) == 20
        assert ran.err.count("…") == more.count("…")
        assert more in ran.err
        assert (" --format json`" in ran.err or "`--format json`" in ran.err) is bool(more)


def test_json_is_json_in_any_locale(tmp_path: Path) -> None:
    file = tmp_path / "事件\udcff.jsonl"
    file.write_bytes('{"id":"é\u2028\u0007👍"}\n{"id":"加","ts":"昨天"}\n'.encode())
    code = "from communityrules.cli.main import main; main()"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONUTF8"))}
    ran = subprocess.run(
        [sys.executable, "-c", code, "judge", "club.rules", os.fsencode(file), "--format", "json", "--lang", "zh"],
        capture_output=True, cwd=DATA, check=False, timeout=120, env={**kept, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert ran.returncode == 1
    *refused, counts = [json.loads(line) for line in ran.stderr.decode("utf-8").rstrip("\n").split("\n")]
    assert counts["quarantined"] == len(refused) == 2
    assert [one["refused"]["line"] for one in refused] == [1, 2]
    assert "昨天" in refused[1]["refused"]["reason"] or "ts" not in refused[1]["refused"]["reason"]
