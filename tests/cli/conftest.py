"""Running commands inside the test process, as a person would call them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from communityrules.cli.main import run

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Ran:
    """What came of one command."""

    status: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def command(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`command("check", "x.rules")`, in the folder of this suite's data; in English unless `--lang` says otherwise."""
    monkeypatch.chdir(DATA)
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "COMMUNITYRULES_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    def call(*arguments: object) -> Ran:
        capfdbinary.readouterr()
        status = run([str(one) for one in arguments])
        found = capfdbinary.readouterr()
        assert b"Traceback" not in found.err
        return Ran(status, found.out.decode("utf-8"), found.err.decode("utf-8"))

    return call
