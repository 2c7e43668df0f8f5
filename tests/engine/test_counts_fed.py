"""Counts that generated code feeds itself, in memory, against those that hear of each event, over a store."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from communityrules import Engine, loads
from communityrules.compiler.evaluator import Evaluator
from communityrules.engine.errors import EventError
from communityrules.model.decision import Decision
from communityrules.model.event import Event, Member, Message
from communityrules.model.values import HOUR, MINUTE, SECOND

RULES = loads("""rulebook "Counted"
  timezone Europe/Berlin

rule 1 "Often today"
  must not
  on message, reply
  if count(message by member today) > 5
  then remind

rule 2 "The same again"
  must not
  on message
  if count(message by member and message.text within 10 minutes) >= 2
  then flag

rule 3 "Anybody"
  must not
  on message, join
  if count(message within 1 hour) > 20 and count(message by member within 2 days) is not 3
  then flag

rule 4 "Breach upon breach"
  must not
  on message
  if count(breach by member within 1 hour) >= 2
  then delete
""")


def stream(seed: int, number: int) -> list[Event]:
    luck = random.Random(seed)
    now = 1_780_272_000 * SECOND
    made = []
    for one in range(number):
        now += luck.choice([0, SECOND, SECOND, MINUTE, 4 * MINUTE, 11 * MINUTE, luck.choice([HOUR, 30 * HOUR])])
        late = luck.choice([0] * 9 + [3 * MINUTE])
        who = luck.choice(["amy", "bob", f"guest{one // 5}"])
        text = luck.choice(["hello", "hi", f"said lately, {one // 5}"])
        sort = luck.choice(["message"] * 6 + ["join"])
        message = Message(f"e{one}", text) if sort == "message" else None
        made.append(Event(f"e{one}", now - late, sort, "c", Member(who), message))
    return made


def decided(engine: Engine, events: list[Event], failing: frozenset[str] = frozenset()) -> list[Decision]:
    found = []
    with engine:
        for event in events:
            try:
                found.append(engine.judge(event))
            except EventError:
                assert event.id in failing
    return found


@pytest.mark.parametrize("seed", range(4))
def test_memory_counts_as_a_store_does_also_past_events_that_fail(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = stream(seed, 400)
    failing = frozenset(one.id for one in random.Random(seed).sample(events, 90))
    sound = [one for one in events if one.id not in failing]
    stored = decided(Engine(RULES, f"sqlite:///{tmp_path}/c.db"), sound)
    assert sum(bool(one.outcomes) for one in stored) > 30
    match: Any = Evaluator.match

    def failing_at_last(self: Any, event: Event, facts: Any) -> Any:
        """All has been counted by then."""
        answer = match(self, event, facts)
        if event.id in failing:
            raise ZeroDivisionError
        return answer

    monkeypatch.setattr(Evaluator, "match", failing_at_last)
    assert decided(Engine(RULES), events, failing) == stored
