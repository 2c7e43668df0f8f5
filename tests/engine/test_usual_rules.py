"""What follows from rules that only tell is the same however it is found."""

from __future__ import annotations

import random
from typing import Any

import pytest

from communityrules import Engine, loads
from communityrules.compiler.outcome import Answers
from communityrules.engine.usual import Usual

BOOK = """rulebook "Usual"
  timezone UTC

group staff as member.roles has any of ("staff")

rule 1 "Shouting"
  must not
  on message, reply
  if message.text contains "loud"
  then flag

rule 2 "Sold"
  must not
  trial through 2024-10-18
  on message
  if message.text contains "sold"
  then delete

rule 3 "Both"
  must not
  on message, edit, join_request
  if message.length > 12
  then flag, delete

rule 4 "Quiet"
  must not
  cooldown 1 hour
  on message
  if message.text contains "quiet"
  then flag

rule 5 "Told"
  must not
  on message
  if message.text contains "told"
  then flag to staff

rule 6 "Staff are only told"
  must not
  applies to staff
  overrides 1
  on message
  if message.text contains "loud"
  then flag

rule 7 "Count"
  must not
  on message
  if count(message by member today) > 6
  then flag
"""
WORDS = ("loud", "sold", "quiet", "told", "so", "long", "a")


def _events(draw: random.Random) -> list[dict[str, Any]]:
    events = []
    for at in range(120):
        kind = draw.choice(("message", "message", "message", "edit", "join_request", "leave", "profile"))
        event: dict[str, Any] = {
            "id": f"e{at}",
            "time": f"2024-10-{draw.choice((18, 19)) if at > 60 else 18}T10:{at % 60:02d}:00Z",
            "type": kind,
            "community": "c",
            "member": {"id": f"m{draw.randrange(4)}", "roles": ["staff"] if draw.random() < 0.3 else []},
        }
        if kind not in ("leave", "profile"):
            text = " ".join(draw.choice(WORDS) for _ in range(draw.randrange(5)))
            event["message"] = {"id": f"x{at}", "text": text}
            if kind == "message" and draw.random() < 0.2:
                event["message"]["reply_to"] = "x0"
        events.append(event)
    return sorted(events, key=lambda one: one["time"])


@pytest.mark.parametrize("seed", range(4))
def test_the_same_decisions_with_and_without(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    events = _events(random.Random(seed))
    book = loads(BOOK)

    engine = Engine(book)
    again = [engine.judge(one) for one in events]
    monkeypatch.setattr(Usual, "told", lambda *_: None)
    engine = Engine(book)
    slow = [engine.judge(one) for one in events]
    assert again == slow
    assert [type(one.outcomes) for one in again] == [tuple] * len(again)
    assert sum(bool(one.outcomes) for one in slow) > 20


def test_what_does_more_than_tell_is_not_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    of = Answers.of

    def noted(self: Answers, rule: Any) -> Any:
        asked.append(rule.id)
        return of(self, rule)

    monkeypatch.setattr(Answers, "of", noted)
    engine = Engine(loads(BOOK))
    for one in _events(random.Random(1)):
        engine.judge(one)
    assert set(asked) <= {"1", "2", "3", "6", "7"}
