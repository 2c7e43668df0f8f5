"""The example that uses every pack: its tests pass, and both spellings judge its events alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from communityrules import Engine, load
from communityrules.checker.packs import pack_names
from communityrules.library.table import STANDARD
from communityrules.workbench.testing import run_tests

FOLDER = Path(__file__).parents[2] / "examples" / "second-hand-market"
BOOKS = ("market.rules", "market.zh.rules")


@pytest.mark.parametrize("book", BOOKS)
def test_its_tests_pass(book: str) -> None:
    run = run_tests(load(FOLDER / book).checked, STANDARD)
    assert run.results
    assert [one.test.name.value for one in run.results if not one.passed] == []


def judged(book: str) -> list[tuple[str, str, list[str]]]:
    lines = (FOLDER / "events.jsonl").read_text(encoding="utf-8").splitlines()
    events: list[Any] = [json.loads(line) for line in lines]
    with Engine(load(FOLDER / book)) as engine:
        return [
            (decision.event, decision.verdict, [one.rule for one in decision.outcomes])
            for decision in engine.run(events)
            if isinstance(decision.event, str)
        ]


def test_both_spellings_judge_alike() -> None:
    assert judged(BOOKS[0]) == judged(BOOKS[1])


def test_its_events_show_most_packs_at_work() -> None:
    rules = {rule for _, _, found in judged(BOOKS[0]) for rule in found}
    assert {rule.partition("/")[0] for rule in rules if "/" in rule} == set(pack_names())
