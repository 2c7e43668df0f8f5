"""The table that many communities keep, in many people's words: every set acts as it says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from meaning import Table

CASES = Path(__file__).resolve().parents[2] / "cases" / "drafting"
SETS: list[dict[str, Any]] = tomllib.loads((CASES / "paraphrases.toml").read_text(encoding="utf-8"))["sets"]


@pytest.mark.parametrize("data", SETS, ids=lambda one: f"{one['language']}-{one['name'].replace(' ', '-')}")
def test_a_table_in_other_words_acts_as_it_says(data: dict[str, Any]) -> None:
    table = Table(data)
    assert table.faults() == []
    assert len(table.left) <= 1
