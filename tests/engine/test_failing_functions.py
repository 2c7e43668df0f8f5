"""A host's function that fails: a decision says the same of it on every run and store, and the engine goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streams import ZONE, lines

from communityrules.checker.check import check
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.reasons import reason_of
from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.source import Source
from communityrules.engine.counts import Counts
from communityrules.engine.engine import Engine
from communityrules.library.declare import Function, Names
from communityrules.library.table import STANDARD
from communityrules.model.values import NUMBER, TEXT
from communityrules.wire.decisions import encode_decision

BOOK = """rulebook "x"
  timezone Asia/Shanghai
group strange as odd(member.name) > 3
rule 1 "If"
  must not
  on message
  if odd(message.text) > 3
  then delete
rule 2 "Where"
  should
  on message
  if count(message by member within 1 hour where odd(message.text) > 1) >= 2
  then flag
rule 3 "Plain"
  should
  on message
  if count(message by member within 1 hour) >= 2
  then award 1 points
rule 4 "Group"
  should
  applies to strange
  on message
  then remind "hi"
"""


class MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def odd(text: str) -> Any:
    match text:
        case "boom":
            raise RuntimeError(f"no luck with {object()!r}" + "!" * 1000)
        case "deep":
            return odd(text)
        case "stop":
            raise StopIteration
        case "mute":
            raise MuteError
        case "half":
            raise ValueError("\ud800")
        case "end":
            raise KeyboardInterrupt
    return {"none": None, "text": "x", "list": [1], "nan": float("nan"), "huge": 10**400}.get(text, len(text))


def evaluator(book: str = BOOK) -> Evaluator:
    function = Function(Names("odd", "怪"), Bilingual("Odd.", "怪。"), (TEXT,), NUMBER, odd)
    library = replace(STANDARD, functions={**STANDARD.functions, "odd": function})
    found = check(Source("x.rules", book), library=library)
    assert found.rulebook is not None, found.diagnostics
    return compile_rulebook(found.rulebook, library)


TEXTS = ["fine fine", "boom", "deep", "stop", "mute", "half", "none", "text", "list", "nan", "huge", "boom", "fine"]


def event(number: int, text: str) -> dict[str, Any]:
    return {
        "id": f"e{number}", "time": f"2024-10-08T09:00:{number:02d}Z", "type": "message", "community": "c",
        "member": {"id": "amy", "name": TEXTS[(number + 3) % len(TEXTS)]}, "message": {"text": text},
    }  # fmt: skip


def test_failures_are_told_alike_on_every_run_and_store(tmp_path: Path) -> None:
    runs = []
    for url in ("memory:", "memory:", f"sqlite:///{tmp_path}/f.db"):
        with Engine(evaluator(), url) as engine:
            decisions = [engine.judge(event(number, text)) for number, text in enumerate(TEXTS)]
            runs.append(lines(decisions))
            assert runs[-1] == lines(engine.log())
    assert runs[0] == runs[1] == runs[2]
    assert all(len(one.error) <= 400 and "0x" not in one.error for two in decisions for one in two.errors)
    # The condition, the member's group, the measure.
    assert [(one.rule, one.line) for one in decisions[1].errors] == [("1", 4), ("2", 9), ("4", 19)]
    assert not any(one.rule == "2" for one in decisions[1].outcomes)
    # No other rule is harmed: every message counts.
    assert [any(o.rule == "3" for o in one.outcomes) for one in decisions] == [False] + [True] * 12


def test_a_measure_that_nobody_asks_for_says_whose_it_is() -> None:
    later = BOOK.replace('rule 2 "Where"\n  should\n  on message\n', 'rule 2 "Where"\n  should\n  on leave\n')
    with Engine(evaluator(later), "memory:") as engine:
        engine.judge(event(0, "fine"))
        (failure,) = [one for one in engine.judge(event(1, "boom")).errors if one.rule == "2"]
        assert failure.line > 0
        assert failure.error.startswith("count(message by member within 1 hour")


def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    for url in ("memory:", f"sqlite:///{tmp_path}/f.db"):
        with Engine(evaluator(), url) as engine:
            engine.judge(event(0, "fine"))
            with pytest.raises(KeyboardInterrupt):
                engine.judge(event(1, "end"))
            second = engine.judge({**event(1, "end"), "message": {"text": "fine"}})
            assert engine.counts == Counts(2, 2, 0, 0, 0)
            assert encode_decision(second, ZONE) == lines(engine.log())[1]
            assert [one.evidence[0]["value"] for one in second.outcomes if one.rule == "3"] == [2]


def test_the_text_of_a_failure() -> None:
    assert reason_of(ValueError("a"), "group x") == "group x: ValueError: a"
    assert reason_of(MuteError()) == "MuteError: (RuntimeError)"
    assert reason_of(ValueError("\ud800")) == "ValueError: \\ud800"
