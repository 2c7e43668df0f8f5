"""What people see, kept as files to be read in review.

`REFRESH=1 pytest tests/cli/test_screens.py` writes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCREENS = Path(__file__).parent / "screens"
CALLS = {
    "help": ["--help"],
    "judge-help": ["judge", "--help"],
    "judge": ["judge", "club.rules", "events.jsonl", "--until", "2026-06-03"],
    "judge-short": ["judge", "club.rules", "events.jsonl", "--show", "2"],
    "judge-quiet": ["judge", "club.rules", "quiet.jsonl"],
    "judge-nothing": ["judge", "club.rules", os.devnull],
    "judge-json": ["judge", "club.rules", "events.jsonl", "--format", "json", "-o", os.devnull],
    "judge-no-folder": ["judge", "club.rules", "events.jsonl", "-o", "nowhere/decisions.jsonl"],
    "judge-through-a-file": ["judge", "club.rules", "events.jsonl/today.jsonl"],
    "judge-show": ["judge", "club.rules", "events.jsonl", "--show", "few"],
    "check-good": ["check", "club.rules"],
    "check-broken": ["check", "broken.rules"],
    "check-github": ["check", "broken.rules", "--format", "github"],
    "fmt-check": ["fmt", "--check", "club.rules", "untidy.rules"],
    "test-good": ["test", "club.rules"],
    "test-failing": ["test", "failing.rules"],
    "no-file": ["check", "nowhere.rules"],
    "bad-option": ["judge", "club.rules", "events.jsonl", "--stor", "memory:"],
    "bad-command": ["juge"],
    "bad-choice": ["check", "club.rules", "--format", "xml"],
    "missing-argument": ["judge", "club.rules"],
    "more-arguments": ["judge", "club.rules", "events.jsonl", "more", "most"],
    "audit-help": ["audit", "--help"],
    "audit-verify-help": ["audit", "verify", "--help"],
    "audit-sound": ["audit", "verify", "audit.jsonl"],
    "audit-head": ["audit", "verify", "audit.jsonl", "--head", "audit-head.json"],
    "audit-altered": ["audit", "verify", "audit-altered.jsonl"],
    "audit-json": ["audit", "verify", "audit-altered.jsonl", "--format", "json"],
    "audit-cut": ["audit", "verify", "audit-altered.jsonl", "--no-texts", "--head", "a" * 64],
    "audit-no-log": ["audit", "verify", "events.jsonl"],
    "audit-bad-command": ["audit", "check"],
    "no-value": ["check", "club.rules", "--strict=yes"],
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", list(CALLS))
def test_the_screen(name: str, language: str, command: Callable[..., Any]) -> None:
    first, *rest = CALLS[name]
    ran = command("--lang", language, first, *rest)
    shown = f"$ communityrules {' '.join(CALLS[name])}\n[exit {ran.status}]\n{ran.out}"
    if ran.err:
        shown += f"--- stderr\n{ran.err}"
    file = SCREENS / f"{name}.{language}.txt"
    if os.environ.get("REFRESH"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")
