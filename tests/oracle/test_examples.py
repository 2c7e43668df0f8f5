"""The two agree on the rulebooks and events of the examples too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from interpreter import Answers, Interpreter
from past import Past

from communityrules import load
from communityrules.compiler.match import Match
from communityrules.model.event import Event
from communityrules.wire.reading import decode_event

ROOT = Path(__file__).parents[2]
BOOKS = sorted(ROOT.glob("examples/*/*.rules"))
CASES = ROOT / "tests" / "cases" / "cookbook"


def _events(book: Path) -> list[str]:
    """The events that come with an example; for a rulebook of the cookbook, those of its worked cases."""
    beside = book.parent / "events.jsonl"
    if beside.exists():
        return beside.read_text("utf-8").splitlines()
    lines = (json.loads(line) for line in (CASES / f"{book.name[:2]}.jsonl").read_text("utf-8").splitlines())
    return [json.dumps({"community": "c", **line["event"]}) for line in lines if "event" in line]


def _shown(match: Match | Answers) -> Any:
    return [(hit.rule.id, list(hit.evidence), hit.trial, hit.overridden_by) for hit in match.hits]


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_examples(book: Path) -> None:
    loaded = load(book)
    evaluator, rules = loaded.evaluator, loaded.checked
    plain = Interpreter(rules, evaluator.library)
    states = {name: state.values[0] for name, state in rules.states.items()}

    def seen(index: int, _stage: int, event: Event) -> Any:
        return plain.observe(rules.aggregates[index], event, past)

    past = Past(rules, seen, states)
    lines = [line.encode() for line in _events(book)]
    hits = 0
    for event in sorted((decode_event(line, loaded.events) for line in lines), key=lambda one: one.time):
        past.add(event)
        match, wanted = evaluator.match(event, past), plain.match(event, past)
        assert _shown(match) == _shown(wanted), event.id
        assert (match.errors, wanted.failed) == ((), [])
        hits += len(match.hits)
        observer = evaluator.observers.get(event.heard_as)
        fed = {index: (key, value) for index, _, key, value in observer.fed(event, past)} if observer else {}
        for index in observer.indices if observer else ():
            assert fed.get(index) == seen(index, 0, event)
    # A recipe may be about what people, timers or the engine bring.
    assert hits > 0 or book.parent.name == "cookbook"
