"""Why a file cannot be read or written, in both languages and never in the system's own words."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from communityrules.cli.reasons import REASONS, reason

Command = Callable[..., Any]
USUAL = [
    "ENOENT", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "ENOSPC", "EROFS", "EPIPE", "ENAMETOOLONG", "EBUSY", "EIO",
    "ELOOP", "EMFILE", "EINVAL", "EEXIST", "ENOTEMPTY", "ETXTBSY", "EFBIG", "EDQUOT",
]  # fmt: skip
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", USUAL)
def test_what_people_meet_has_words_of_ours(name: str) -> None:
    number = getattr(errno, name, None)
    assert name in REASONS
    if number is not None:
        assert reason(OSError(number, os.strerror(number), "x")) is REASONS[name]


@pytest.mark.parametrize("name", REASONS)
def test_every_reason_is_worded_in_each_language(name: str) -> None:
    said = REASONS[name]
    assert hasattr(errno, name)
    assert said.en.isascii()
    assert HAN.search(said.zh)
    assert not re.search(r"[A-Za-z]", said.zh)
    assert not said.en.endswith(".")
    assert not said.zh.endswith("。")


def test_anything_else_is_told_by_its_number() -> None:
    said = reason(OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN)))
    for text in (said.en, said.zh):
        assert str(errno.ENOTCONN) in text
        assert "ENOTCONN" in text
        assert os.strerror(errno.ENOTCONN) not in text
    assert "99999" in reason(OSError(99999, "odd")).zh
    assert HAN.search(reason(OSError("no number")).zh)


@pytest.mark.parametrize("number", [getattr(errno, name) for name in USUAL if hasattr(errno, name)])
def test_the_systems_words_are_never_shown(number: int, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number), "club.rules")

    monkeypatch.setattr("communityrules.cli.books.read_file", refuse)
    for language in ("en", "zh"):
        ran = command("check", "club.rules", "--lang", language)
        assert ran.status == 2
        assert os.strerror(number) not in ran.err
        assert "`club.rules`" in ran.err
    # Names of files and options aside, Chinese text holds no English.
    assert not re.search(r"[a-z]{3}", re.sub(r"`[^`]*`", "", ran.err))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_files_that_are_open_already_are_named(language: str, command: Command) -> None:
    if not Path("/proc/self/mem").exists():
        pytest.skip("no such file here")
    ran = command("judge", "club.rules", "/proc/self/mem", "--lang", language)
    assert ran.status == 2
    assert "`/proc/self/mem`" in ran.err
    assert "`?`" not in ran.err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rulebook_behind_a_circle_of_links(language: str, command: Command, tmp_path: Path) -> None:
    loop = tmp_path / "loop.rules"
    loop.symlink_to(loop)
    for arguments in (["check"], ["test"], ["fmt"], ["judge"]):
        events = ["events.jsonl"] if arguments == ["judge"] else []
        ran = command(*arguments, loop, *events, "--lang", language)
        assert ran.status == 2
        assert "[CR903]" in ran.err
        assert ("circle" if language == "en" else "圈子") in ran.err
