"""Files that are replaced whole or not at all, and what killed runs leave behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from communityrules.cli import writing
from communityrules.cli.writing import discard_unfinished, replacing

Command = Callable[..., Any]
DATA = Path(__file__).parent / "data"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks and signals of Unix")


def write(target: Path, data: bytes = b"new") -> None:
    with replacing(target) as file:
        file.write(data)


def parts(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.name.endswith(".part"))


def test_a_part_that_nobody_writes_is_taken_away(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    (tmp_path / ".out.jsonl.abc_1234.part").write_bytes(b"half")
    write(target)
    assert [one.name for one in tmp_path.iterdir()] == ["out.jsonl"]
    assert target.read_bytes() == b"new"


def test_a_part_that_somebody_writes_stays(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with replacing(target) as first:
        first.write(b"first")
        held = parts(tmp_path)
        write(target, b"second")
        assert parts(tmp_path) == held
        assert target.read_bytes() == b"second"
    assert target.read_bytes() == b"first"
    assert parts(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    [".out.jsonl.part", ".o.abc_1234.part", ".out.jsonl.x.abc_1234.part", "out.jsonl.abc_1234.part"],
)  # fmt: skip
def test_what_is_no_part_of_this_file_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"mine")
    write(tmp_path / "out.jsonl")
    assert (tmp_path / name).read_bytes() == b"mine"


def test_links_and_folders_named_like_parts_stay(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    (tmp_path / ".out.jsonl.abc_1234.part").symlink_to(precious)
    (tmp_path / ".out.jsonl.abc_1235.part").mkdir()
    os.mkfifo(tmp_path / ".out.jsonl.abc_1236.part")
    write(tmp_path / "out.jsonl")
    assert precious.read_bytes() == b"mine"
    assert len(parts(tmp_path)) == 3


def test_a_part_that_another_run_took_away_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, made = writing._lock, []

    def stolen(handle: int) -> bool:
        made.append(handle)
        if len(made) == 1:
            # Between making the file and locking it.
            for one in parts(tmp_path):
                os.unlink(tmp_path / one)
        return lock(handle)

    monkeypatch.setattr(writing, "_lock", stolen)
    write(tmp_path / "out.jsonl")
    assert len(made) >= 2
    assert (tmp_path / "out.jsonl").read_bytes() == b"new"
    assert parts(tmp_path) == []


def test_without_locks_nothing_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def unsupported(*_: object) -> None:
        raise OSError(95, "no locks here")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    (tmp_path / ".out.jsonl.abc_1234.part").write_bytes(b"half")
    write(tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == b"new"
    assert parts(tmp_path) == [".out.jsonl.abc_1234.part"]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "out.jsonl"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    handles = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    for _ in range(3):
        write(tmp_path / "out.jsonl")
    assert not handles or len(os.listdir("/proc/self/fd")) == handles


def test_a_process_that_cannot_wait_throws_away_what_it_writes(tmp_path: Path) -> None:
    def discarding() -> None:
        with replacing(tmp_path / "out.jsonl") as file:
            file.write(b"half")
            discard_unfinished()
            assert parts(tmp_path) == []

    with pytest.raises(FileNotFoundError) as caught:
        discarding()
    # It is told by the name that was given, not by the one made up.
    assert caught.value.filename == str(tmp_path / "out.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["长" * 80 + ".jsonl", "x" * 250, "长" * 85])
def test_long_names_can_be_written(name: str, tmp_path: Path) -> None:
    write(tmp_path / name)
    (tmp_path / f".{name[:60]}.abc_1234.part").write_bytes(b"of another file")
    assert (tmp_path / name).read_bytes() == b"new"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_written_is_told_before_judging(language: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").write_bytes(b"")
    reasons = {
        "loop": ("links lead round in a circle", "链接兜了圈子"),
        "file/out": ("a part of its path is a file", "路径中有一段是文件"),
        "x" * 300: ("its name is too long", "名称太长"),
    }
    for name, reason in reasons.items():
        target = tmp_path / name
        ran = command("judge", "club.rules", "events.jsonl", "-o", target, "--lang", language)
        assert (ran.status, ran.out) == (2, "")
        assert "[CR903]" in ran.err
        assert f"`{target}`" in ran.err
        assert reason[language == "zh"] in ran.err
        assert "CR803" not in ran.err
    ran = command("judge", "club.rules", "events.jsonl", "-o", tmp_path / "no/such/out", "--lang", language)
    assert ran.status == 2
    assert "[CR906]" in ran.err
    assert f"`{tmp_path / 'no/such'}`" in ran.err


def start(target: Path, **settings: Any) -> subprocess.Popen[bytes]:
    """A run that waits for more events once it has begun to write."""
    code = "from communityrules.cli.main import main; main()"
    env = {**os.environ, "LANG": "en_US.UTF-8", "LC_ALL": ""}

    def heeding() -> None:
        # What was started in the background or under nohup ignores signals, and so would its children.
        signal.signal(signal.SIGINT, settings.get("interrupt", signal.SIG_DFL))
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)

    ran = subprocess.Popen(
        [sys.executable, "-c", code, "judge", "club.rules", "-", "--format", "json", "-o", str(target)],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=DATA, env=env,
        preexec_fn=heeding,
    )  # fmt: skip
    assert ran.stdin is not None
    ran.stdin.write((DATA / "quiet.jsonl").read_bytes())
    ran.stdin.flush()
    while not parts(target.parent):
        assert ran.poll() is None
    return ran


def said(ran: subprocess.Popen[bytes]) -> bytes:
    found = ran.communicate(timeout=60)[1]
    assert b"Traceback" not in found
    return found


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_run_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    number = getattr(signal, name)
    ran = start(tmp_path / "out.jsonl")
    ran.send_signal(number)
    assert b"CR921" in said(ran)
    assert ran.returncode == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_impatience_leaves_nothing(tmp_path: Path) -> None:
    ran = start(tmp_path / "out.jsonl")
    for _ in range(5):
        ran.send_signal(signal.SIGINT)
        ran.send_signal(signal.SIGTERM)
    said(ran)
    assert ran.returncode in (128 + signal.SIGINT, 128 + signal.SIGTERM)
    assert list(tmp_path.iterdir()) == []


def test_what_is_to_be_ignored_is_ignored(tmp_path: Path) -> None:
    ran = start(tmp_path / "out.jsonl", interrupt=signal.SIG_IGN)
    ran.send_signal(signal.SIGINT)
    assert b'"read":1,' in said(ran)
    assert ran.returncode == 0
    assert [one.name for one in tmp_path.iterdir()] == ["out.jsonl"]


def test_what_a_killed_run_left_goes_with_the_next_one(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    killed, alive = start(target), None
    try:
        first = parts(tmp_path)
        alive = start(target)
        while len(parts(tmp_path)) < 2:
            assert alive.poll() is None
        killed.kill()
        killed.communicate(timeout=60)
        command("judge", "club.rules", "events.jsonl", "--format", "json", "-o", target)
        assert len(parts(tmp_path)) == 1
        assert parts(tmp_path) != first
        said(alive)
        assert alive.returncode == 0
    finally:
        for one in (killed, alive):
            if one is not None and one.poll() is None:
                one.kill()
    assert [one.name for one in tmp_path.iterdir()] == ["out.jsonl"]
    assert len(target.read_bytes().splitlines()) == 1
