"""Logs for tests: a village under a few rules, its events, the log of its decisions."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from communityrules import Decision, Engine, Event, event_from_wire, loads
from communityrules.wire.audit.findings import Finding
from communityrules.wire.audit.heads import Head
from communityrules.wire.audit.verifying import Report, Verification
from communityrules.wire.audit.writing import AuditLog

ZONE = ZoneInfo("Asia/Shanghai")
KEY = b"a key for the tests, 32 bytes: 1"
RULES = """rulebook "Village"
  language en
  timezone Asia/Shanghai

group staff as member.roles has "staff"
list ad_words = "加微信", "cheap"
penalty ladder over 30 days
  1st: warn
  2nd: mute 1 hour
  then on: mute 1 day
  appeal once to staff within 7 days

rule 1 "No advertising"
  must not
  applies to everyone except staff
  on message
  if message.text contains any of ad_words
  then delete, penalty ladder

rule 2 "Feedback is answered"
  must
  responsible staff
  on feedback
  require reply within 2 hours, if late escalate to staff

rule 3 "Announcements are looked at"
  must
  on announcement
  then hold for staff within 1 day, if late reject

rule 4 "Names"
  must not
  on message
  if message.text contains "call me"
  then flag
"""
WORDS = ("hello", "加微信 me", "cheap shoes", "call me ishmael", '\u2028 "quoted" \\ 你好 🙂', "")
RULEBOOK = loads(RULES)


def events(number: int, seed: int = 7) -> list[Event]:
    """Events of one community, minutes apart."""
    chance = random.Random(seed)
    made: list[Event] = []
    time = datetime(2026, 6, 1, tzinfo=UTC)
    for count in range(number):
        time += timedelta(minutes=chance.randint(1, 9))
        member = chance.choice(("amy", "bob", "wei", "sue"))
        kind = chance.choices(("message", "feedback", "announcement", "approve"), (8, 2, 1, 1))[0]
        body: dict[str, Any] = {
            "id": f"e{count}", "time": time.isoformat(), "type": kind, "community": "lane",
            "member": {"id": member, "roles": ["staff"] if member == "sue" else []},
        }  # fmt: skip
        if kind in ("message", "feedback", "announcement"):
            body["message"] = {"id": f"e{count}", "text": f"{chance.choice(WORDS)} {count}"}
        made.append(event_from_wire(body, RULEBOOK.events))
    return made


def decided(given: Iterable[Event]) -> Iterator[tuple[Decision, Event | None]]:
    """What the village decides on events, with the events."""
    known: dict[str, Event] = {}

    def noted() -> Iterator[Event]:
        for one in given:
            known[one.id] = one
            yield one

    with Engine(RULEBOOK) as engine:
        for decision in engine.run(noted()):
            yield decision, known.get(decision.event) if isinstance(decision.event, str) else None


@dataclass
class Files:
    """A log, and what stands beside it, as bytes."""

    log: bytes
    texts: bytes

    @property
    def lines(self) -> list[bytes]:
        return self.log.splitlines(keepends=True)

    @property
    def text_lines(self) -> list[bytes]:
        return self.texts.splitlines(keepends=True)


def write(folder: Path, number: int, **settings: Any) -> Path:
    """A log of about so many decisions."""
    path = folder / "log.jsonl"
    with AuditLog(path, ZONE, key=KEY, batch=100, **settings) as log:
        for decision, event in decided(events(number)):
            log.append(decision, event)
    return path


def read(path: Path) -> Files:
    return Files(path.read_bytes(), Path(f"{path}.texts").read_bytes())


def verify(files: Files, head: Head | None = None, texts: bool = True) -> tuple[list[Finding], Report]:
    """What verifying finds."""
    found: list[Finding] = []
    beside = (lambda: BytesIO(files.texts)) if texts else None
    report = Verification("log", found.append, head=head).run(BytesIO(files.log), beside, "texts")
    assert report.findings == len(found)
    return found, report


def codes(found: list[Finding]) -> list[tuple[str, int | None]]:
    """Codes and records of findings."""
    return [(one.diagnostic.code, one.record) for one in found]
