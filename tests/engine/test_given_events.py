"""Events as objects: they stay the host's, and what makes no sense in one is refused like a bad line."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from communityrules import Engine, decision_to_wire, event_from_wire, loads
from communityrules.engine.errors import EventError
from communityrules.model.event import Event, Member, Message, Target
from communityrules.wire.errors import WireError

BOOK = loads("""rulebook "x"
  timezone Asia/Shanghai
member (level: number)
event trade (amount: number)
group old as member.tenure > 30 days
rule 1 "Seen"
  should
  on message
  then award 5 points, label seen
rule 2 "Old"
  should
  applies to old
  on message
  if member.level >= 2.5
  then flag
rule 3 "Ratio"
  should
  on trade
  if sum(trade.amount by member within 1 day) / 3 > 0.05
  then flag
""")
KNOWN: dict[str, Any] = {
    "id": "e0", "time": "2024-10-08T00:00:00Z", "type": "message", "community": "c",
    "member": {"id": "amy", "name": "Amy", "roles": ["member"], "joined": "2024-01-01T00:00:00Z", "level": 3},
    "message": {"text": "hi"},
}  # fmt: skip
TIME = 1_728_345_601_000_000


def made(**changes: Any) -> Event:
    event = Event("e1", TIME, "message", "c", Member("amy"), Message("e1", "hi"))
    return replace(event, **changes)


def test_an_event_stays_as_the_host_gave_it() -> None:
    engine = Engine(BOOK)
    engine.judge(KNOWN)
    event = made(target=Target(message="e0"), type="reply")
    before = copy.deepcopy(event)
    first = engine.judge(event)
    assert event == before
    assert event.subject is None
    # So it is the same event when it is given again.
    assert engine.judge(event) == first
    assert list(engine.run([event])) == [first]


def test_an_event_tells_another_engine_nothing_that_it_does_not_say() -> None:
    knowing, fresh = Engine(BOOK), Engine(BOOK)
    knowing.judge(KNOWN)
    for event in (made(), event_from_wire({**KNOWN, "id": "e1", "member": {"id": "amy"}}, BOOK.events)):
        assert [one.rule for one in knowing.judge(event).outcomes] == ["1", "2"]
        assert [one.rule for one in fresh.judge(event).outcomes] == ["1"]
        knowing, fresh = Engine(BOOK), Engine(BOOK)
        knowing.judge(KNOWN)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"id": ""}, "CR808", "id"),
        ({"id": "a\nb"}, "CR808", "id"),
        ({"id": 5}, "CR808", "id"),
        ({"community": None}, "CR808", "community"),
        ({"time": "2024-10-08T00:00:00Z"}, "CR804", "time"),
        ({"time": 1_728_345_601.5}, "CR804", "time"),
        ({"time": 10**19}, "CR804", "time"),
        ({"time": -1}, "CR804", "time"),
        ({"type": "mesage"}, "CR805", "type"),
        ({"type": "breach"}, "CR811", "type"),
        ({"member": Member("")}, "CR808", "member.id"),
        ({"message": Message("m", None)}, "CR803", "message.text"),  # type: ignore[arg-type]  # what hosts do
        ({"message": Message("m", "\ud800")}, "CR803", None),
    ],
)  # fmt: skip
def test_an_object_that_makes_no_sense_is_refused(changes: Any, code: str, field: str | None) -> None:
    engine = Engine(BOOK)
    with pytest.raises(WireError) as caught:
        engine.judge(made(**changes))
    assert (caught.value.diagnostic.code, caught.value.field) == (code, field)
    assert engine.counts.quarantined == engine.counts.read == 1
    assert engine.judge(made()).event == "e1"


def test_a_decision_given_again_is_the_first_one(tmp_path: Path) -> None:
    """Also out of a store, where it was JSON in between; and it can be written as JSON by any writer."""
    url = f"sqlite:///{tmp_path}/a.db"
    trade = {**KNOWN, "type": "trade", "trade": {"amount": 0.7}, "member": {"id": "amy"}}
    with Engine(BOOK, url) as engine:
        first = engine.judge(trade)
    assert first.outcomes
    with Engine(BOOK, url) as engine:
        again = engine.judge(trade)
        assert again == first
        assert [*engine.log()] == [first]
        with pytest.raises(EventError):
            engine.judge({**trade, "place": "elsewhere"})
    written = [json.dumps(decision_to_wire(one, BOOK.zone)) for one in (first, again)]
    assert written[0] == written[1]


def test_what_is_no_instant(tmp_path: Path) -> None:
    with Engine(BOOK, f"sqlite:///{tmp_path}/a.db") as engine:
        engine.judge(KNOWN)
        with pytest.raises(ValueError, match="has no zone"):
            list(engine.advance(datetime(2025, 1, 1)))
        for wrong in ("2025-01-01", date(2025, 1, 1), 1.5, None, True):
            with pytest.raises(TypeError):
                list(engine.advance(wrong))  # type: ignore[arg-type]  # what hosts do
        assert list(engine.advance(10**30)) == []
        assert list(engine.advance(datetime(1970, 1, 1, tzinfo=UTC))) == []


def test_what_another_engine_said_of_a_member_does_not_make_another_event_of_it() -> None:
    def said(**more: Any) -> Event:
        return Event("e1", 1_728_360_000_000_000, "message", "c1", Member("amy", **more), Message("e1", "hi"))

    engine = Engine(BOOK)
    first = engine.judge(said())
    assert engine.judge(said(points=5)) == first
    assert engine.judge(said(labels={"seen": None})) == first
    assert engine.counts.duplicate == 2
