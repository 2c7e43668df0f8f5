"""`judge --audit` and `audit`: a log written, verified, cut, signed, erased, all from the command line."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from communityrules import AuditLog

DATA = Path(__file__).parent / "data"
Run = Callable[..., Any]


@pytest.fixture
def log(tmp_path: Path, command: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of the club's day, in the folder that the command now runs in."""
    for name in ("club.rules", "events.jsonl"):
        shutil.copy(DATA / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    Path("key").write_bytes(b"the club's own key, for its log\n")
    ran = command("judge", "club.rules", "events.jsonl", "--audit", "log.jsonl", "--audit-key", "key")
    assert ran.status == 1, ran.err
    assert "Audit log log.jsonl: records written: 9; its head is 9 " in ran.err
    return tmp_path / "log.jsonl"


def test_a_log_is_written_verified_and_not_written_twice(log: Path, command: Run) -> None:
    before = log.read_bytes()
    ran = command("audit", "verify", "log.jsonl")
    assert (ran.status, ran.err) == (0, "")
    assert "10 records, 9 of them decisions: nothing was altered." in ran.out
    assert "cannot tell whether records were cut off" in ran.out
    again = command("judge", "club.rules", "events.jsonl", "--audit", "log.jsonl", "--audit-key", "key")
    assert "records written: 0" in again.err
    assert log.read_bytes() == before
    assert not Path("log.jsonl.key").exists()


def test_the_same_with_a_store_gives_the_same_bytes(log: Path, command: Run) -> None:
    for _ in range(2):
        command(
            "judge", "club.rules", "events.jsonl", "--store", "sqlite:///club.db", "--audit", "other.jsonl",
            "--audit-key", "key", "--format", "json", "-o", "out.jsonl",
        )  # fmt: skip
        assert Path("other.jsonl").read_bytes() == log.read_bytes()
        assert Path("other.jsonl.texts").read_bytes() == Path("log.jsonl.texts").read_bytes()


@pytest.mark.usefixtures("log")
def test_a_head_is_kept_signed_and_found_again(command: Run) -> None:
    Path("secret").write_bytes(b"another key, kept by the chair")
    ran = command("audit", "head", "log.jsonl", "-o", "head.json", "--key", "secret")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("head.json: head 9 ")
    head = json.loads(Path("head.json").read_bytes())
    assert json.loads(command("audit", "head", "log.jsonl").out) == {**head, "signature": None}
    ran = command("audit", "verify", "log.jsonl", "--head", "head.json", "--key", "secret")
    assert ran.status == 0
    assert "The head's signature is right." in ran.out
    assert "cannot tell" not in ran.out
    assert "not checked" in command("audit", "verify", "log.jsonl", "--head", "head.json").out
    assert command("audit", "verify", "log.jsonl", "--head", head["hash"]).status == 0
    ran = command("audit", "verify", "log.jsonl", "--head", "head.json", "--key", "key")
    assert ran.status == 1
    assert "CR871" in ran.err
    Path("head.json").write_text(json.dumps({**head, "number": 8}))
    ran = command("audit", "verify", "log.jsonl", "--head", "head.json", "--key", "secret")
    assert "CR871" in ran.err


@pytest.mark.parametrize("kept", [1, 5, 9])
def test_what_was_cut_off_is_found_with_a_head_alone(log: Path, command: Run, kept: int) -> None:
    command("audit", "head", "log.jsonl", "-o", "head.json")
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:kept]))
    ran = command("audit", "verify", "log.jsonl", "--no-texts")
    assert ran.status == 0
    assert "cannot tell whether records were cut off" in ran.out
    ran = command("audit", "verify", "log.jsonl", "--no-texts", "--head", "head.json")
    assert ran.status == 1
    assert "CR868" in ran.err
    assert f"ends with record {kept - 1}" in ran.err


def test_findings_for_programs(log: Path, command: Run) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"club", b"clab", 1)
    del lines[6]
    log.write_bytes(b"".join(lines))
    ran = command("audit", "verify", "log.jsonl", "--format", "json")
    told = json.loads(ran.out)
    assert (ran.status, ran.err) == (1, "")
    assert (told["sound"], told["end"], told["finding_count"]) == (False, "cannot tell", 2)
    assert [(one["record"], one["line"], one["code"]) for one in told["findings"]] == [(3, 4, "CR861"), (6, 7, "CR862")]
    told = json.loads(command("--lang", "zh", "audit", "verify", "log.jsonl", "--format", "json").out)
    assert told["findings"][0]["reason"] == "`log.jsonl` 第 4 行的记录 3 被改动:它的哈希与内容不符"
    ran = command("audit", "head", "log.jsonl")
    assert (ran.status, ran.out) == (1, "")
    assert "CR861" in ran.err
    ran = command("judge", "club.rules", "events.jsonl", "--audit", "log.jsonl", "--audit-key", "key")
    assert ran.status == 2
    assert "CR876" in ran.err


def test_many_findings_are_counted(log: Path, command: Run) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([lines[0], *[b"nothing\n"] * 2000]))
    ran = command("audit", "verify", "log.jsonl", "--no-texts")
    assert ran.err.count("error[CR861]") == 50
    assert "and 1950 more findings" in ran.err
    told = json.loads(command("audit", "verify", "log.jsonl", "--no-texts", "--format", "json").out)
    assert (told["finding_count"], len(told["findings"])) == (2000, 1000)


def test_from_standard_input(log: Path, command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in ([], ["--texts", "log.jsonl.texts"]):
        with open(log, "rb") as file, monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", open(file.fileno(), closefd=False))  # noqa: SIM115  # for the length of the call
            ran = command("audit", "verify", "-", *arguments)
        assert ran.status == 0
        assert ("were not compared" in ran.out) is not bool(arguments)


@pytest.mark.usefixtures("log")
def test_a_log_that_is_being_written_is_verified_as_far_as_it_goes(command: Run) -> None:
    log = Path("log.jsonl")
    with AuditLog(log, UTC, key=Path("key").read_bytes()):
        with open("log.jsonl.texts", "ab") as texts:
            texts.write(b'{"n":10,"texts":[{"salt":"%b","text":"amy"}]}\n' % (b"0" * 32))
        with log.open("ab") as file:
            file.write(b'{"n":10,"prev')
        ran = command("audit", "verify", "log.jsonl")
        assert (ran.status, ran.err) == (0, "")
        assert "It is being written at this moment." in ran.out
        assert json.loads(command("audit", "head", "log.jsonl").out)["number"] == 9
        assert "CR875" in command("audit", "erase", "log.jsonl", "--member", "wei").err
    ran = command("audit", "verify", "log.jsonl")
    assert ran.status == 1
    assert "CR865" in ran.err
    assert "CR866" in ran.err
    ran = command("judge", "club.rules", "events.jsonl", "--audit", "log.jsonl", "--audit-key", "key")
    assert "half a line (13 bytes)" in ran.err
    assert command("audit", "verify", "log.jsonl").status == 0


@pytest.mark.usefixtures("log")
def test_texts_are_erased(command: Run) -> None:
    command("audit", "head", "log.jsonl", "-o", "head.json")
    assert b'"wei"' in Path("log.jsonl.texts").read_bytes()
    ran = command("audit", "erase", "log.jsonl", "--member", "wei", "--note", "request 12")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "log.jsonl: erased 6 texts in 3 records; that is record 10.\n"
    for file in ("log.jsonl", "log.jsonl.texts"):
        assert b'"wei"' not in Path(file).read_bytes()
    ran = command("audit", "verify", "log.jsonl", "--head", "head.json")
    assert ran.status == 0
    assert "erased: 6" in ran.out
    ran = command("audit", "erase", "log.jsonl", "--member", "wei")
    assert ran.status == 1
    assert "CR877" in ran.err
    told = json.loads(command("audit", "erase", "log.jsonl", "--event", "e1", "--format", "json").out)
    assert (told["records"], told["erased_texts"], told["head"]["number"]) == (1, 1, 11)
    assert "were erased before" in command("audit", "erase", "log.jsonl", "--event", "e1").out
    assert command("audit", "erase", "log.jsonl").status == 2


def test_files_that_would_be_written_over_are_spared(log: Path, command: Run) -> None:
    before = log.read_bytes()
    for arguments in (
        ("judge", "club.rules", "events.jsonl", "--audit", "events.jsonl"),
        ("judge", "club.rules", "events.jsonl", "--audit", "out", "-o", "out"),
        ("judge", "club.rules", "events.jsonl", "--audit", "out", "-o", "out.texts"),
        ("judge", "club.rules", "events.jsonl", "--audit", "club.db", "--store", "sqlite:///club.db"),
        ("judge", "club.rules", "events.jsonl", "--audit", "log.jsonl", "--audit-key", "log.jsonl"),
        ("audit", "head", "log.jsonl", "-o", "log.jsonl"),
        ("audit", "head", "log.jsonl", "-o", "log.jsonl.texts"),
        ("audit", "head", "log.jsonl", "-o", "key", "--key", "key"),
    ):
        ran = command(*arguments)
        assert ran.status == 2, arguments
        assert "CR913" in ran.err
    assert log.read_bytes() == before
    for arguments in (["--audit", "-"], ["--audit-key", "key"]):
        ran = command("judge", "club.rules", "events.jsonl", *arguments)
        assert (ran.status, "CR911" in ran.err) == (2, True)
    assert not Path("-").exists()
    assert "CR906" in command("judge", "club.rules", "events.jsonl", "--audit", "nowhere/log").err


@pytest.mark.usefixtures("log")
def test_the_command_is_asked_wrongly(command: Run) -> None:
    assert command("audit").status == 2
    ran = command("audit", "verfy", "log.jsonl")
    assert ran.status == 2
    assert "there are `verify`, `head`, `erase`" in ran.err
    assert "CR901" in command("audit", "verify", "nowhere.jsonl").err
    assert "CR873" in command("audit", "verify", "log.jsonl", "--head", "club.rules").err
    assert "CR874" in command("audit", "head", "log.jsonl", "--key", os.devnull).err
    ran = command("audit", "verify", "log.jsonl", "--key", "key")
    assert (ran.status, "CR911" in ran.err) == (2, True)
    Path("log.jsonl.texts").unlink()
    ran = command("audit", "verify", "log.jsonl")
    assert ran.status == 2
    assert "CR879" in ran.err


def size(name: str) -> int:
    return os.path.getsize(name) if os.path.exists(name) else -1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("store", ["memory:", "sqlite:///bot.db"])
def test_killed_at_any_moment_the_same_events_give_the_same_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(DATA / "club.rules", "club.rules")
    Path("key").write_bytes(b"the club's own key, for its log\n")
    with open("events.jsonl", "w", encoding="utf-8") as file:
        for count in range(6000):
            hour, minute = divmod(count // 10, 60)
            text = "加微信" if count % 40 == 0 else f"move {count}"
            file.write(json.dumps({
                "id": f"m{count}", "ts": f"2026-06-{2 + hour // 24:02d}T{hour % 24:02d}:{minute:02d}:{count % 10:02d}Z",
                "community": "club", "author": f"p{count % 60}", "type": "feedback" if count % 50 == 3 else "message",
                "text": text,
            }, ensure_ascii=False) + "\n")  # fmt: skip

    def call(name: str, where: str) -> list[str]:
        return [
            sys.executable, "-m", "communityrules", "judge", "club.rules", "events.jsonl", "--store", where, "--audit",
            name, "--audit-key", "key", "--until", "2026-06-05", "--format", "json", "-o", os.devnull,
        ]  # fmt: skip

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(call("whole.jsonl", "memory:"), env=environment, check=True, capture_output=True)
    whole = Path("whole.jsonl").stat().st_size
    chance = random.Random(store)
    for part in (0.0, 0.1, 0.4, 0.8):
        running = subprocess.Popen(call("log.jsonl", store), env=environment, stderr=subprocess.DEVNULL)
        while running.poll() is None and size("log.jsonl") <= part * whole:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.05))
        running.send_signal(signal.SIGKILL)
        running.wait()
    subprocess.run(call("log.jsonl", store), env=environment, check=True, capture_output=True)
    for suffix in ("", ".texts"):
        assert Path(f"log.jsonl{suffix}").read_bytes() == Path(f"whole.jsonl{suffix}").read_bytes()
