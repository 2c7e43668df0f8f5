"""What users import. Adding a name is a promise; taking one away breaks somebody."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

import pytest

import communityrules

NAMES = [
    "AuditError", "AuditLog", "Case", "Decision", "Diagnostic", "Duty", "Engine", "Event", "EventError", "Member",
    "Message", "Outcome", "Rulebook", "RulesError", "Sanction", "Scored", "StoreError", "WireError",
    "decision_to_wire", "event_from_wire", "give_scores", "load", "loads", "read_events", "score",
]  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert sorted(communityrules.__all__) == NAMES
    public = {name for name in dir(communityrules) if not name.startswith("_")}
    assert set(NAMES) <= public


@pytest.mark.parametrize("name", NAMES)
def test_each_is_there_under_its_name(name: str) -> None:
    found = getattr(communityrules, name)
    assert found.__name__ == name
    assert found.__doc__


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        communityrules.nothing_like_it  # noqa: B018  # reading it is the point


def test_the_version_is_the_packages() -> None:
    try:
        installed = version("communityrules")
    except PackageNotFoundError:
        pytest.skip("run from the source tree")
    assert communityrules.__version__ == installed


def test_importing_loads_nothing_heavy() -> None:
    heavy = [
        "lark",
        "pydantic",
        "rich",
        "click",
        "jsonschema",
        "tldextract",
        "chinese_calendar",
        "communityrules.engine.engine",
    ]
    code = f"import sys, communityrules; print([name for name in {heavy!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_used_files_can_be_given_as_texts() -> None:
    files = {"words.rules": 'list words = "spam"\n'}
    text = """rulebook "x"
use "words.rules"
rule 1 "a"
  must not
  on message
  if message.text contains any of words
  then delete
"""
    rulebook = communityrules.loads(text, read=files.__getitem__)
    with communityrules.Engine(rulebook) as engine:
        decision = engine.judge(
            {
                "id": "m1",
                "ts": "2024-10-08T04:00:00Z",
                "community": "c",
                "author": "a",
                "type": "message",
                "text": "spam",
            }
        )
    assert decision.verdict == "block"


def test_an_engine_says_what_it_takes() -> None:
    with pytest.raises(TypeError, match=r"Engine\(load\('community.rules'\)\)"):
        communityrules.Engine("community.rules")  # type: ignore[arg-type]
