"""Standard streams that are closed, full or read by nobody: a status, never a traceback, and nothing lost unsaid."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix")
PROGRAM = f"{sys.executable} -c 'from communityrules.cli.main import main; main()'"


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    """A line of shell, in which `communityrules` is the command, with its exit status as the last line of output."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    script = f'communityrules() {{ {PROGRAM} "$@"; }}\n{line}'
    env = {**kept, "LANG": "en_US.UTF-8"}
    ran = subprocess.run(["bash", "-c", script], capture_output=True, cwd=DATA, check=False, timeout=120, env=env)
    assert b"Traceback" not in ran.stderr
    assert b"CR999" not in ran.stderr
    assert b"Exception ignored" not in ran.stderr
    return ran


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "call",
    ["check club.rules", "judge club.rules quiet.jsonl", "judge club.rules quiet.jsonl --format json", "test --help"],
)  # fmt: skip
def test_closed_standard_output_is_an_error(call: str, language: str) -> None:
    ran = shell(f"communityrules {call} --lang {language} >&-")
    assert ran.returncode == 2
    said = ran.stderr.decode()
    assert "[CR903]" in said
    assert "`stdout`" in said
    assert ("it is closed" if language == "en" else "它已关闭") in said


def test_closed_standard_input_and_error() -> None:
    ran = shell("communityrules judge club.rules - <&-")
    assert ran.returncode == 2
    assert b"`stdin`" in ran.stderr
    for call in ("check -", "fmt -", "test -", "judge - events.jsonl"):
        ran = shell(f"communityrules {call} <&-")
        assert ran.returncode == 2
        assert b"`stdin`" in ran.stderr
    assert shell("communityrules judge club.rules quiet.jsonl 2>&-").returncode == 0
    assert shell("communityrules judge club.rules nowhere.jsonl 2>&-").returncode == 2
    assert shell("communityrules check club.rules <&- >&- 2>&-").returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_full_disk_behind_standard_output() -> None:
    for call in ("check club.rules", "judge club.rules events.jsonl --format json", "--help", "fmt - < club.rules"):
        ran = shell(f"communityrules {call} > /dev/full")
        assert ran.returncode == 2, call
        assert b"`stdout` cannot be read or written: there is no room left on the disk." in ran.stderr
    assert shell("communityrules check nowhere.rules 2> /dev/full").returncode == 2


@pytest.mark.parametrize(
    "call",
    ["check broken.rules", "judge club.rules quiet.jsonl --format json 2>/dev/null", "test club.rules", "--help"],
)  # fmt: skip
def test_a_reader_who_has_gone_is_no_finding(call: str) -> None:
    ran = shell(f"communityrules {call} | true; exit ${{PIPESTATUS[0]}}")
    assert ran.returncode == 0
    assert ran.stderr == b""


def test_nobody_reading_what_was_refused_stops_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b"nonsense\n" * 5000 + (DATA / "quiet.jsonl").read_bytes())
    out = tmp_path / "out.jsonl"
    ran = shell(f"communityrules judge club.rules {bad} --format json -o {out} 2> >(head -1 >&2)")
    assert ran.returncode == 1
    assert len(out.read_bytes().splitlines()) == 1
    assert json.loads(ran.stderr)["refused"]["line"] == 1
