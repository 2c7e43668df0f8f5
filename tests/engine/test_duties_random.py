"""Duties that change hands, become urgent, are reminded of, released: whatever happens, on every store alike."""

import random
from pathlib import Path
from typing import Any

import pytest
from test_consequences_random import settle_records
from village import Village

RULES = """
group staff as member.roles has "service"
group managers as member.roles has "manager"
calendar shop
  Monday to Saturday 09:00 to 18:00
event booking (start: time)
event check_in ()
event training ()

rule 1 "Answers"
  must
  responsible staff
  on feedback
  require reply within 6 hours by shop, priority urgent within 1 hour, at 50% remind, at 30 minutes before notify managers, if late escalate to managers

rule 2 "Taking over"
  should
  on staff_action
  if staff_action.action is "take"
  then assign to staff_action.member

rule 3 "What cannot wait"
  should
  on staff_action
  if staff_action.action is "hurry"
  then assign to managers priority urgent

rule 4 "Called off"
  should
  on staff_action
  if staff_action.action is "drop"
  then release rule 1

rule 5 "Bookings"
  must
  on booking
  then assign to booking.member
  require check_in until booking.start, at 80% remind, if late warn

rule 6 "Training"
  must
  responsible each staff
  every day
  require training, at 75% remind, if late notify managers

rule 7 "Kept"
  should
  on met
  if count(met by met.owner within 1 day) >= 3
  then award 1 point

rule 8 "Backlog"
  must
  on feedback
  if open_duties(reply) >= 3 or oldest_duty(where duty.priority is "urgent") > 20 minutes
  then notify managers

rule 9 "One's own"
  must
  every hour
  applies to staff
  if open_duties(by duty.owner) >= 2
  then remind
"""  # noqa: E501
ROLES = {"sue": "service", "sam": "service", "max": "manager"}
PEOPLE = ("amy", "bob", *ROLES)
KINDS = (
    "message", "feedback", "feedback", "reply", "reply", "staff_action", "staff_action", "booking", "check_in",
    "training", "leave",
)  # fmt: skip
GAPS = (0, 0, 60, 600, 1800, 3600, 7200, 20_000)


def happen(chance: random.Random, village: Village, about: list[str]) -> None:
    """One random event."""
    kind, member = chance.choice(KINDS), chance.choice(PEOPLE)
    more: dict[str, Any] = {}
    if kind in ("reply", "staff_action") and about:
        more["message"] = chance.choice(about[-6:])
    if kind == "staff_action":
        more["action"] = chance.choice(("take", "hurry", "drop", "look"))
    village.later(chance.choice(GAPS))
    if kind == "booking" and chance.random() < 0.9:
        more["start"] = village.now + chance.randrange(-3600, 100_000) * 1_000_000
    decision = village.send(village.clock(), member, kind, "hello", **more)
    assert all(one.error.startswith("no deadline: booking.start") for one in decision.errors)
    if kind in ("feedback", "booking"):
        about.append(str(decision.event))


def checked(village: Village) -> None:
    """Open duties have their timers, and only they."""
    settle_records(village)
    work = village.engine._judgings["village"].work
    cells = dict(work.items("duty"))
    assert {duty for duty, cell in cells.items() if cell["due"] is not None} == _keys(work, "duty")
    assert {duty for duty, cell in cells.items() if cell.get("ahead")} == _keys(work, "reminder")
    for cell in cells.values():
        assert cell["due"] is None or all(cell["opened"] < moment < cell["due"] for moment, _ in cell.get("ahead", []))


def _keys(work: Any, what: str) -> set[str]:
    return {key for (kind, key), due in work.timers._due.items() if kind == what and due is not None}


def lived(seed: int, store: str, *, look: bool) -> list[Any]:
    chance = random.Random(seed)
    village = Village(RULES, store=store)
    for member, role in ROLES.items():
        village.given(member, role)
    about: list[str] = []
    for _ in range(100):
        happen(chance, village, about)
        if look:
            checked(village)
    village.pass_time(days=20)
    if look:
        checked(village)
    village.engine.close()
    return village.decisions


@pytest.mark.parametrize("seed", range(6))
def test_every_duty_ends_once_and_no_reminder_comes_after(seed: int) -> None:
    decisions = lived(seed, "memory:", look=True)
    ended: dict[str, str] = {}
    reminded: dict[tuple[str, str], int] = {}
    opened: dict[str, Any] = {}
    for decision in decisions:
        for outcome in decision.outcomes:
            for piece in outcome.evidence:
                if piece["kind"] == "due":
                    assert piece["duty"] not in ended
                    again = (piece["duty"], str([one.do for one in outcome.actions]))
                    reminded[again] = reminded.get(again, 0) + 1
        for duty in decision.duties:
            opened[duty.id] = duty
            assert duty.id not in ended
            if duty.status != "open":
                ended[duty.id] = duty.status
    assert set(reminded.values()) <= {1}
    assert {"met", "late", "cancelled"} <= set(ended.values())
    left = [one for name, one in opened.items() if name not in ended]
    assert all(one.due is None or one.what == "training" for one in left)


@pytest.mark.parametrize("seed", range(3))
def test_memory_and_sqlite_agree(seed: int, tmp_path: Path) -> None:
    assert lived(seed, "memory:", look=False) == lived(seed, f"sqlite:///{tmp_path}/village.db", look=False)
