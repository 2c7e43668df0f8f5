"""Places: channels by name, and conditions about where an event happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from village import Village, at, done

from communityrules.model.event import Event, Member, Message

RULES = """
define quiet as event.time between 22:00 to 07:00
place wechat as event.channel is "wechat" and event.place is not "staff_room"
place lobby = "lobby"
place elsewhere as event.community is "island"
place at_night as quiet and event.channel is "qq"

rule 1 "In these"
  must not
  in wechat, lobby except "corner"
  on message
  if message.text contains "ad"
  then flag

rule 2 "Not in those"
  must not
  except elsewhere, at_night
  on message
  if message.text contains "spam"
  then flag

rule 3 "Found there"
  must not
  in wechat
  found by staff
  then warn
"""


def _send(village: Village, text: str, time: str = "2024-10-08 12:00", **where: Any) -> list[str]:
    village.count += 1
    name = f"e{village.count}"
    community = where.pop("community", "village")
    event = Event(name, at(time), "message", community, Member("amy"), Message(name, text), **where)
    return done(village.engine.judge(event))


@pytest.fixture
def village() -> Village:
    return Village(RULES.replace("  except elsewhere", "  in all places except elsewhere"))


@pytest.mark.parametrize(
    ("where", "acts"),
    [
        ({"channel": "wechat"}, False),
        ({"channel": "wechat", "place": "hall"}, True),
        ({"channel": "wechat", "place": "staff_room"}, False),
        ({"channel": "qq", "place": "lobby"}, True),
        ({"channel": "lobby"}, True),
        ({"channel": "wechat", "place": "corner"}, False),
        ({"channel": "qq", "place": "hall"}, False),
        ({}, False),
    ],
)
def test_where_a_rule_holds(village: Village, where: dict[str, str], acts: bool) -> None:
    assert _send(village, "ad", **where) == (["flag under 1"] if acts else [])


def test_where_it_does_not(village: Village) -> None:
    assert _send(village, "spam", channel="qq") == ["flag under 2"]
    assert _send(village, "spam", "2024-10-08 22:00", channel="qq") == []
    assert _send(village, "spam", "2024-10-08 22:01", channel="wechat") == ["flag under 2"]
    assert _send(village, "spam", community="island") == []


def test_what_people_find_there(village: Village) -> None:
    for at_minute, (place, acts) in enumerate((("hall", True), ("staff_room", False))):
        event = Event(
            f"f{at_minute}", at(f"2024-10-08 12:0{at_minute}"), "finding", "village", Member("sue", ("admin",)),
            channel="wechat", place=place,
        )  # fmt: skip
        event.target = type(event.target)(None, "bob", None, "3")
        assert done(village.engine.judge(event)) == (["warn under 3"] if acts else [])


def test_memory_and_sqlite_agree(tmp_path: Path) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/village.db"):
        village = Village(RULES.replace("  except elsewhere", "  in all places except elsewhere"), store=store)
        told.append([_send(village, "ad spam", channel=one, place="hall") for one in ("wechat", "qq")])
        village.engine.close()
    assert told[0] == told[1] == [["flag under 1", "flag under 2"], ["flag under 2"]]
