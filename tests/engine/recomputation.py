"""What `chat.rules` comes to, worked out again by hand from whole histories, sharing nothing with the engine.

Only what a link is is the library's word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from communityrules.library.links import links_of

_ZONE = ZoneInfo("America/New_York")
#: What each offence within thirty days costs: how long the member may not write.
_MUTES = [timedelta(0), timedelta(minutes=10), timedelta(hours=1)]
_THEN_ON = timedelta(days=1)


def recompute(events: Iterable[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """For each event, its id and the ids of the rules that answer, in order. For streams in order of time."""
    messages: dict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
    joined: dict[tuple[str, str], datetime] = {}
    offences: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    muted: dict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for event in events:
        now = datetime.fromisoformat(event["ts"])
        who = (event["community"], event["author"])
        if event["type"] == "join":
            joined.setdefault(who, now)
        if event["type"] != "message":
            yield event["id"], []
            continue
        text = event["text"]
        mine = messages[who]
        mine.append((now, text))
        rules = []
        silenced = any(start <= now < end for start, end in muted[who])
        if silenced:
            rules.append("mute")
        if sum(1 for when, _ in _back(mine, now - timedelta(seconds=10))) >= 5:
            rules.append("1")
        repeated = sum(1 for _, said in _back(mine, now - timedelta(minutes=10)) if said == text) >= 3
        if repeated:
            rules.append("2")
        local = now.astimezone(_ZONE)
        if not 7 <= local.hour < 23:
            rules.append("3")
        midnight = datetime(local.year, local.month, local.day, tzinfo=_ZONE)
        if sum(1 for _ in _back(mine, midnight)) > 40:
            rules.append("4")
        if who in joined and now - joined[who] <= timedelta(days=3) and links_of(text):
            rules.append("5")
        yield event["id"], rules
        if repeated and not silenced:
            offences[who].append(now)
            number = sum(1 for when in offences[who] if now - when <= timedelta(days=30))
            mute = _MUTES[number - 1] if number <= len(_MUTES) else _THEN_ON
            muted[who].append((now, now + mute))


def _back(mine: list[tuple[datetime, str]], first: datetime) -> Iterator[tuple[datetime, str]]:
    for when, text in reversed(mine):
        if when < first:
            return
        yield when, text
