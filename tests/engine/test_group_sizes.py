"""`member_count(GROUP)`: how many known members a group has when a rule is judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from village import Village, done

from communityrules.engine import crowds
from communityrules.engine.transaction import Transaction

RULES = """
group staff as member.roles has "service"
group newcomers as member.tenure < 3 days

event training (course: text)

rule 1 "Coverage"
  should
  every day
  if distinct(training.member today) / member_count(staff) < 80%
  then notify staff

rule 2 "Many newcomers"
  must
  on join
  if member_count(newcomers) >= 3 and member_count(everyone) >= 5
  then notify staff

rule 3 "Asked again"
  must
  on feedback
  if member_count(staff) < 2
  then flag
"""


def _trained(village: Village, *staff: str) -> list[str]:
    for one in staff:
        village.send("15:00", one, "training", course="manners")
    return done(village.pass_time(days=1))


def test_coverage_of_a_group() -> None:
    village = Village(RULES)
    for one in ("sue", "sam", "sid", "sol", "sky"):
        village.given(one, "service")
    village.send("09:00", "amy", "message", "hi")
    village.until("2024-10-09 09:00")
    covered = Village(RULES)
    covered.roles = dict(village.roles)
    assert _trained(village, "sue", "sam", "sid", "sol") == []
    covered.send("09:00", "amy", "message", "hi")
    covered.until("2024-10-09 09:00")
    assert _trained(covered, "sue", "sam", "sid") == ["notify under 1"]


def test_evidence_names_the_size() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    asked = village.send("09:00", "amy", "feedback", "hm")
    assert asked.outcomes[0].evidence[0] == {
        "kind": "compare", "what": "member_count(staff)", "value": 1, "operator": "<", "limit": 2,
    }  # fmt: skip


def test_it_follows_roles_leaving_and_time() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    village.given("sam", "service")
    assert done(village.send("09:00", "amy", "feedback", "hm")) == []
    village.given("sam")
    village.roles["sam"] = ("member",)
    assert done(village.send("09:01", "sam", "feedback", "hm")) == ["flag under 3"]
    village.roles["sam"] = ("service",)
    assert done(village.send("09:02", "sam", "feedback", "hm")) == []
    village.roles.pop("sam")
    village.send("09:03", "sam", "leave")
    assert done(village.send("09:04", "amy", "feedback", "hm")) == ["flag under 3"]


def test_a_group_that_hangs_on_time_is_asked_each_time() -> None:
    village = Village(RULES)
    village.given("sue", "service")
    for at, name in enumerate(("ann", "ben")):
        assert done(village.send(f"09:0{at}", name, "join")) == []
    village.send("09:05", "old", "message", "hi", joined="2024-01-01")
    assert done(village.send("09:06", "cy", "join")) == ["notify under 2"]
    village.until("2024-10-11 09:03")
    assert done(village.send("2024-10-11 09:03", "dee", "join")) == []


def test_nobody_is_asked_twice_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    known = crowds.members.known

    def counting(tx: Transaction) -> Any:
        asked.append("known")
        return known(tx)

    monkeypatch.setattr(crowds.members, "known", counting)
    village = Village(RULES)
    village.given("sue", "service")
    village.send("09:00", "amy", "feedback", "hm")
    assert asked == ["known"]
    village.send("09:01", "amy", "feedback", "hm")
    assert asked == ["known"]
    village.send("09:02", "bob", "feedback", "hm")
    assert asked == ["known"] * 2


def test_memory_and_sqlite_agree(tmp_path: Path) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/village.db"):
        village = Village(RULES, store=store)
        village.given("sue", "service")
        for at, name in enumerate(("ann", "ben", "cy", "dee")):
            village.send(f"09:0{at}", name, "join")
            village.send(f"09:1{at}", name, "feedback", "hm")
        village.pass_time(days=2)
        told.append(village.decisions)
        village.engine.close()
    assert told[0] == told[1]
