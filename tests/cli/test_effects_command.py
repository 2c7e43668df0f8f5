"""`effects`: decisions in, what each rule did out; nothing in a file can make it fall over."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[..., Any]


def judged(command: Command, path: Path) -> Path:
    command("judge", "club.rules", "events.jsonl", "--until", "2026-06-10", "-o", str(path))
    return path


def test_both_forms_tell_the_same(command: Command, tmp_path: Path) -> None:
    decisions = judged(command, tmp_path / "d.jsonl")
    ran = command("effects", "club.rules", str(decisions), "--format", "json")
    assert ran.status == 0
    told = json.loads(ran.out)
    rules = {one["rule"]: one for one in told["rules"]}
    assert rules["1"]["sanctions"] == {"mute": 1, "warn": 2}
    assert rules["2"]["duties"] == {"late": 1, "opened": 1}
    assert told["silent"] == []
    shown = command("effects", "club.rules", str(decisions), "--lang", "zh").out
    assert "各条规则的作用" in shown
    assert "2026-06" in shown


def test_gzip_and_several_files(command: Command, tmp_path: Path) -> None:
    decisions = judged(command, tmp_path / "d.jsonl")
    packed = tmp_path / "d.jsonl.gz"
    packed.write_bytes(gzip.compress(decisions.read_bytes()))
    once = json.loads(command("effects", "club.rules", str(decisions), "--format", "json").out)
    twice = json.loads(command("effects", "club.rules", str(decisions), str(packed), "--format", "json").out)
    assert twice["rules"][0]["times"] == 2 * once["rules"][0]["times"]
    assert twice["rules"][0]["members"] == once["rules"][0]["members"]


def test_lines_that_are_no_decisions_are_counted_and_told(command: Command, tmp_path: Path) -> None:
    decisions = judged(command, tmp_path / "d.jsonl")
    lines = decisions.read_bytes().splitlines(keepends=True)
    naughty = [b"x\n", b"[]\n", b'{"event":1}\n', b"\n", b"\xff\n", b"[" * 5000 + b"\n"]
    decisions.write_bytes(b"".join([lines[0], *naughty, *lines[1:]]))
    ran = command("effects", "club.rules", str(decisions), "--format", "json")
    assert ran.status == 1
    assert json.loads(ran.out)["decisions"]["events"] == 10
    assert "CR916" in ran.err
    assert "5" in ran.err
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b"".join(lines))[:-40])
    assert command("effects", "club.rules", str(cut)).status == 1


def test_nothing_to_count(command: Command, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    ran = command("effects", "club.rules", str(empty))
    assert (ran.status, ran.out) == (0, "There was no decision to count.\n")
    assert command("effects", "club.rules", str(tmp_path / "none.jsonl")).status == 2
    assert command("effects", "-", "-").status == 2
