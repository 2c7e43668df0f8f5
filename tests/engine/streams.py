"""Rulebooks and streams of events in the wire form, for tests of the engine's core."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from communityrules.checker.check import check
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.evaluator import Evaluator
from communityrules.diagnostics.source import Source
from communityrules.model.decision import Decision
from communityrules.model.zones import zone
from communityrules.wire.decisions import encode_decision

HERE = Path(__file__).parent
ZONE = zone("Asia/Shanghai")
START = datetime(2024, 10, 8, 1, tzinfo=UTC)

BUSY = """
rulebook "Busy"
  version "1"
  timezone Asia/Shanghai
  language en
  published 2024-01-01

group staff as member.roles has "staff"
state mood = calm, hot

rule 1 "Flood"
  must not
  applies to everyone
  effective immediately
  on message
  if count(message by member within 10 seconds) >= 3
  then delete, penalty standard

rule 2 "Feedback is answered"
  must
  applies to everyone
  responsible staff
  effective immediately
  on feedback
  require reply within 1 hour, if late notify staff

rule 3 "Three lapses are talked over"
  must
  applies to everyone
  effective immediately
  on late
  if count(late within 1 day) >= 3
  then notify staff

rule 4 "Quiet"
  should
  applies to everyone
  effective immediately
  on message
  if distinct(message.member within 1 minute) >= 4
  then flag, set mood hot for 10 minutes

rule 5 "Daily look"
  must
  applies to staff
  responsible staff
  effective immediately
  every day
  require patrol, if late notify staff

rule 6 "Publishing"
  must
  applies to everyone
  effective immediately
  on announcement
  then hold for staff within 2 hours, if late reject

rule 7 "Points"
  should
  applies to everyone
  effective immediately
  on rating
  if average(rating.score within 1 day) >= 2.5
  then award 5 points

penalty standard over 30 days
  1st: warn
  2nd: mute 20 minutes
  then on: mute 2 hours
"""


def evaluator_of(text: str) -> Evaluator:
    result = check(Source("stream.rules", text))
    assert result.rulebook is not None, [(one.code, one.text()) for one in result.diagnostics]
    return compile_rulebook(result.rulebook)


def at(seconds: float) -> str:
    """An instant as hosts write it."""
    return (START + timedelta(seconds=seconds)).isoformat()


def message(id_: str, seconds: float, member: str = "amy", text: str = "hi", community: str = "c") -> dict[str, Any]:
    return {"id": id_, "ts": at(seconds), "type": "message", "community": community, "author": member, "text": text}


def stream(
    size: int, seed: int = 1, communities: int = 2, late: bool = True, twice: bool = True
) -> list[dict[str, Any]]:
    """Events of every kind that `BUSY` listens to; some late, some sent twice, hours of silence in between."""
    luck = random.Random(seed)
    now = 0.0
    events: list[dict[str, Any]] = []
    for number in range(size):
        now += (
            luck.choice([0, 0.25, 1, 2, 5, 30, 300]) if luck.random() > 0.02 else luck.choice([3600, 30_000, 200_000])
        )
        community = f"c{luck.randrange(communities)}"
        member = luck.choice(["amy", "bob", "cat", "dan", "eve"])
        when = now - luck.choice([1, 20, 400]) if late and luck.random() < 0.05 else now
        kind = luck.choices(
            ["message", "feedback", "reply", "announcement", "approve", "rating", "join", "leave", "patrol"],
            [60, 5, 4, 3, 3, 4, 3, 1, 1],
        )[0]
        event: dict[str, Any] = {
            "id": f"e{number}", "time": at(when), "type": kind, "community": community,
            "member": {"id": member, "roles": ["staff"] if member == "eve" else []},
        }  # fmt: skip
        if kind in ("message", "feedback", "announcement", "reply"):
            event["message"] = {"id": f"e{number}", "text": luck.choice(["hi", "hello there", "spam", "加油"])}
        if kind in ("reply", "approve") and events:
            event["target"] = {"message": luck.choice(events[-40:])["id"]}
        if kind == "rating":
            event["rating"] = {"score": luck.choice([1, 2, 3.5, 5])}
            event["target"] = {"member": luck.choice(["amy", "bob"])}
        events.append(event)
        if twice and luck.random() < 0.03:
            events.append(luck.choice(events[-30:]))
    return events


def lines(decisions: Iterable[Decision]) -> list[bytes]:
    """Decisions as they are written."""
    return [encode_decision(one, ZONE) for one in decisions]
