"""`judge --jobs`: whatever the number of processes, every byte that comes out is the same."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from communityrules.engine.parallel import possible

Command = Callable[..., Any]
DATA = Path(__file__).parent / "data"

pytestmark = pytest.mark.skipif(not possible(), reason="processes cannot be made out of this one here")


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The events of this suite in many communities, with refused, repeated and damaged lines, as gzip."""
    lines = []
    for number in range(12):
        for line in (DATA / "events.jsonl").read_text(encoding="utf-8").splitlines():
            try:
                event = {**json.loads(line), "community": f"群{number}"}
            except ValueError:
                lines.append(line)
                continue
            lines += [json.dumps(event, ensure_ascii=number % 2 == 0), ""]
        lines.append("no event")
    file = tmp_path_factory.mktemp("jobs") / "events.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(lines).encode())[:-3])
    return file


@pytest.mark.parametrize(
    "more",
    [
        ["--format", "json"],
        ["--format", "json", "--until", "2026-06-05"],
        ["--until", "2026-06-05", "--show", "all"],
        ["--lang", "zh", "--show", "3"],
        ["--format", "json", "--for", "staff"],
        ["--for", "staff", "--until", "2026-06-05"],
    ],
)
def test_the_same_comes_out(more: list[str], command: Command, events: Path) -> None:
    alone = command("judge", "club.rules", events, *more)
    assert alone.status == 1
    assert command("judge", "club.rules", events, *more, "--jobs", "2") == alone


def test_files_and_audit_logs_are_the_same(command: Command, events: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("ab" * 32)
    for jobs in "1", "3":
        log, out = tmp_path / f"{jobs}.log", tmp_path / f"{jobs}.jsonl"
        given = ("--audit", log, "--audit-key", key, "-o", out, "--until", "2026-06-05", "--jobs", jobs)
        assert command("judge", "club.rules", events, *given).status == 1
        assert command("audit", "verify", log).status == 0
    for name in "log", "jsonl":
        assert (tmp_path / f"3.{name}").read_bytes() == (tmp_path / f"1.{name}").read_bytes()


def test_over_a_file_one_process_judges(command: Command, events: Path, tmp_path: Path) -> None:
    given = ("judge", "club.rules", events, "--format", "json", "--until", "2026-06-05")
    alone = command(*given)
    for _ in range(2):
        again = command(*given, "--store", f"sqlite:///{tmp_path}/club.db", "--jobs", "all")
        assert again.out == alone.out


def test_no_number_of_processes(command: Command) -> None:
    for wrong in "-1", "many", "0":
        ran = command("judge", "club.rules", "events.jsonl", "--jobs", wrong)
        assert ran.status == 2
        assert "[CR911]" in ran.err


@pytest.mark.skipif(which("ps") is None, reason="nothing here lists processes")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_all_of_them(name: str, tmp_path: Path) -> None:
    number = getattr(signal, name)
    program = "from communityrules.cli.main import main; main()"
    ran = subprocess.Popen(
        [sys.executable, "-c", program, "judge", "club.rules", "-", "--jobs", "2", "-o", tmp_path / "out.jsonl"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=DATA, start_new_session=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL), env={**os.environ, "LANG": "en_US.UTF-8"},
    )  # fmt: skip
    assert ran.stdin is not None
    ran.stdin.write((DATA / "events.jsonl").read_bytes())
    ran.stdin.flush()
    while len(of_group(ran.pid)) < 3:
        assert ran.poll() is None
        time.sleep(0.02)
    os.killpg(ran.pid, number)
    said = ran.communicate(timeout=60)[1]
    assert ran.returncode == 128 + number
    assert b"Traceback" not in said
    assert b"CR921" in said
    assert of_group(ran.pid) == []
    assert list(tmp_path.iterdir()) == []


def of_group(leader: int) -> list[int]:
    """The processes that a command has begun, and itself."""
    listed = subprocess.run(["ps", "-eo", "pid=,pgid="], capture_output=True, text=True, check=True).stdout
    return [int(pid) for pid, group in map(str.split, listed.splitlines()) if int(group) == leader]
