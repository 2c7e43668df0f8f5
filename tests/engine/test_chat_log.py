"""A long chat log, event by event, against a recomputation that was written separately; the same on every store."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from recomputation import recompute
from streams import HERE, evaluator_of, lines

from communityrules.engine.engine import Engine

EVALUATOR = evaluator_of((HERE / "chat.rules").read_text("utf-8"))
#: A real log beside the checkout, where there is one.
REAL = Path(__file__).parents[3] / "shared" / "data" / "events" / "irc_fluid.jsonl.gz"


def invented(size: int, seed: int = 11) -> list[dict[str, Any]]:
    """A log in the flat form: three channels, bursts, repetitions, newcomers with links, over clock changes."""
    luck = random.Random(seed)
    now = datetime(2018, 10, 25, tzinfo=UTC)
    people = [f"u{number}" for number in range(25)]
    texts = ["ok", "see https://example.org/a", "lunch?", "good morning", "+1", "a.b.c", "早上好"]
    events: list[dict[str, Any]] = []
    while len(events) < size:
        now += timedelta(seconds=luck.choice([0, 1, 2, 3, 60, 200, 900, 7200]))
        channel = f"#{luck.choice('xyz')}"
        person = luck.choice(people) if luck.random() < 0.9 else f"new{len(events)}"
        if luck.random() < 0.3:
            channel, person = "#x", "chatty"
        kind = luck.choices(["message", "join", "leave"], [8, 1, 1])[0]
        for _ in range(luck.choice([1, 1, 1, 1, 2, 6]) if kind == "message" else 1):
            text = luck.choice(texts) if kind == "message" else ""
            events.append(
                {
                    "id": f"i{len(events)}", "ts": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "community": channel,
                    "author": person, "type": kind, "text": text,
                }
            )  # fmt: skip
            now += timedelta(seconds=luck.choice([0, 1, 2]))
    return events


def compare(events: list[dict[str, Any]]) -> dict[str, int]:
    seen: dict[str, int] = {}
    with Engine(EVALUATOR) as engine:
        decisions = (one for one in engine.run(events) if isinstance(one.event, str))
        for decision, (name, rules) in zip(decisions, recompute(events), strict=True):
            assert decision.event == name
            assert not decision.errors
            assert [one.rule for one in decision.outcomes] == rules, name
            for rule in rules:
                seen[rule] = seen.get(rule, 0) + 1
        counts = engine.counts
        assert (counts.read, counts.judged) == (len(events), len(events))
    return seen


def test_an_invented_log() -> None:
    seen = compare(invented(8_000))
    assert set(seen) == {"mute", "1", "2", "3", "4", "5"}


def test_an_invented_log_on_every_store(tmp_path: Path) -> None:
    events = invented(3_000, seed=12)
    with Engine(EVALUATOR) as engine:
        expected = lines(engine.run(events))
    with Engine(EVALUATOR, f"sqlite:///{tmp_path}/log.db") as engine:
        assert lines(engine.run(events)) == expected


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the real log is not here")
def test_the_real_log() -> None:
    with gzip.open(REAL, "rt", encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    seen = compare(events)
    assert set(seen) == {"mute", "1", "2", "3", "4", "5"}
