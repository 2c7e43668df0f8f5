"""The way in and the ways out: languages, exit statuses, and never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from communityrules import __version__
from communityrules.cli import check
from communityrules.cli.language import from_arguments, from_environment
from communityrules.cli.main import Commands
from communityrules.cli.table import COMMANDS

Command = Callable[..., Any]
DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_locale_says_which_language(environment: dict[str, str], language: str) -> None:
    assert from_environment(environment) == language


def test_lang_wins_wherever_it_stands() -> None:
    chinese = {"LANG": "zh_CN.UTF-8"}
    assert from_arguments(["check", "x", "--lang", "en"], chinese) == "en"
    assert from_arguments(["--lang=en", "check", "x"], chinese) == "en"
    assert from_arguments(["check", "--", "--lang", "en"], chinese) == "zh"
    assert from_arguments(["check", "--lang"], chinese) == "zh"


def test_the_version(command: Command) -> None:
    assert command("--version").out == f"communityrules {__version__}\n"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_command_has_help_and_the_common_options(language: str, command: Command) -> None:
    overview = command("--lang", language, "--help").out
    for name in COMMANDS:
        assert f"  {name}" in overview
        made = Commands("en").get_command(click.Context(Commands("en")), name)
        for words in [[name, part] for part in made.commands] if isinstance(made, click.Group) else [[name]]:
            ran = command(*words, "--help", "--lang", language)
            assert ran.status == 0
            for option in ("--format", "--lang", "--help"):
                assert option in ran.out


def test_no_command_shows_help_and_cannot_run(command: Command) -> None:
    ran = command()
    assert ran.status == 2
    assert "judge" in ran.err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_mistake_of_ours_is_coded(language: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(_: str) -> None:
        raise RuntimeError("boom `inside`")

    monkeypatch.setattr(check, "check_book", explode)
    ran = command("check", "club.rules", "--lang", language)
    assert ran.status == 2
    assert "[CR999]" in ran.err
    assert "RuntimeError: boom" in ran.err
    assert "test_main.py" in ran.err


def test_stopping_by_hand(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "check_book", stop)
    ran = command("check", "club.rules")
    assert ran.status == 130
    assert "[CR921]" in ran.err


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONUTF8"))}
    return {**kept, **changes}


def program(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    code = "from communityrules.cli.main import main; main()"
    settings.setdefault("env", environment(LANG="en_US.UTF-8"))
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, cwd=DATA, check=False, timeout=120, **settings
    )


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1", "zh_CN.GB18030"])
def test_any_locale_can_be_written_to(locale: str) -> None:
    ran = program("--lang", "zh", "check", "broken.rules", env=environment(LC_ALL=locale, PYTHONIOENCODING=""))
    assert ran.returncode == 1
    assert b"CR201" in ran.stdout
    assert b"Traceback" not in ran.stderr
    narrow = program("--lang", "zh", "judge", "club.rules", "events.jsonl", env=environment(PYTHONIOENCODING="ascii"))
    assert narrow.returncode == 1
    assert b"Traceback" not in narrow.stderr


def test_decisions_are_utf_8_whatever_the_locale() -> None:
    ran = program("judge", "club.rules", "events.jsonl", "--format", "json", env=environment(PYTHONIOENCODING="ascii"))
    assert "加微信" in ran.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_news() -> None:
    code = "from communityrules.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "judge", "club.rules", "events.jsonl", "--show", "all"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=DATA, env=environment(LANG="en_US.UTF-8"),
    ) as ran:  # fmt: skip
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.close()
        said = ran.stderr.read()
    assert b"Traceback" not in said
    assert b"BrokenPipe" not in said
    assert ran.returncode in (0, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of Unix")
def test_an_interrupted_run_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    code = "from communityrules.cli.main import main; main()"
    target = tmp_path / "out.jsonl"
    with subprocess.Popen(
        [sys.executable, "-c", code, "judge", "club.rules", "-", "--format", "json", "-o", str(target)],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=DATA, env=environment(LANG="en_US.UTF-8"),
        # What was started in the background ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as ran:  # fmt: skip
        assert ran.stdin is not None
        assert ran.stderr is not None
        ran.stdin.write((DATA / "quiet.jsonl").read_bytes() * 20_000)
        ran.stdin.flush()
        ran.send_signal(signal.SIGINT)
        said = ran.stderr.read()
    assert b"CR921" in said
    assert b"Traceback" not in said
    assert ran.returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_the_package_can_be_run_as_a_module() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "communityrules", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("communityrules ")


def test_help_loads_neither_the_engine_nor_the_parser() -> None:
    code = (
        "import sys; from communityrules.cli.main import run; run(['--help']);"
        "print([n for n in ('lark', 'rich', 'pydantic', 'communityrules.engine.engine') if n in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_checking_loads_no_engine_and_no_store() -> None:
    code = (
        "import sys; from communityrules.cli.main import run; run(['check', 'club.rules']);"
        "print([n for n in ('rich', 'pydantic', 'sqlite3', 'communityrules.engine.engine') if n in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DATA)
    assert ran.stdout.splitlines()[-1] == "[]"
