"""What each rule did, counted from decisions in the wire form."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from communityrules import Engine, loads
from communityrules.wire.decisions import decision_to_wire
from communityrules.workbench import effects
from communityrules.workbench.effects import Effects

RULES = """
rulebook "T"
  timezone Asia/Shanghai

group managers as member.roles has "manager"

penalty standard over 30 days
  1st: warn
  then on: mute 1 day
  appeal once to managers within 7 days

rule 1 "No selling"
  must not
  on message
  if message.text contains "buy"
  then delete, penalty standard, deduct 5 points

rule 2 "Answers"
  must
  responsible staff
  on feedback
  require reply within 2 hours

rule 3 "Links"
  must not
  trial through 2026-12-31
  on message
  if message.links is not empty
  then delete

rule 4 "Quiet"
  must
  on patrol
  then notify managers
"""


def run(*events: tuple[str, str, str, dict[str, Any]]) -> Effects:
    rulebook = loads(RULES)
    engine = Engine(rulebook)
    found = Effects(rulebook.checked)
    for number, (time, kind, who, more) in enumerate(events, 1):
        body = {"id": f"e{number}", "time": f"{time}:00+08:00", "type": kind, "community": "c", "member": {"id": who}}
        for decision in engine.run([{**body, **more}]):
            found.add(decision_to_wire(decision, ZoneInfo("Asia/Shanghai")))
    return found


def text(words: str) -> dict[str, Any]:
    return {"message": {"text": words}}


MAX = {"member": {"id": "max", "roles": ["manager"]}}
SUE = {"member": {"id": "sue", "roles": ["service"]}}


def test_everything_a_rule_does_is_counted() -> None:
    found = run(
        ("2026-03-02T09:00", "message", "amy", text("buy")),
        ("2026-03-02T09:10", "message", "amy", text("buy https://shop.example/a")),
        ("2026-04-02T09:00", "message", "bob", text("buy")),
        ("2026-04-02T10:00", "appeal", "bob", {}),
        ("2026-04-02T11:00", "approve", "max", {**MAX, "target": {"member": "bob"}}),
        ("2026-04-02T12:00", "feedback", "amy", {"id": "f1", **text("broken")}),
        ("2026-04-02T13:00", "reply", "sue", {**SUE, "target": {"message": "f1"}, **text("on it")}),
        ("2026-04-02T14:00", "feedback", "amy", {"id": "f2", **text("broken")}),
        ("2026-04-02T18:00", "message", "amy", text("hello")),
    )
    told = {one["rule"]: one for one in found.to_json()["rules"]}
    selling = told["1"]
    assert selling["times"] == 5  # three offences, an appeal, and that it was granted
    assert selling["members"] == 2
    assert selling["verdicts"] == {"allow": 1, "block": 3, "hold": 1}
    assert selling["sanctions"] == {"mute": 1, "warn": 2}
    assert (selling["reversed"], selling["appeals"]) == (1, {"approved": 1, "opened": 1})
    assert selling["points"] == {"awarded": 0, "deducted": 15, "returned": 5}
    assert selling["months"] == {"2026-03": 2, "2026-04": 3}
    assert (selling["first"], selling["last"]) == ("2026-03-02T09:00:00+08:00", "2026-04-02T11:00:00+08:00")
    assert told["2"]["duties"] == {"late": 1, "met": 1, "opened": 2}
    assert (told["3"]["times"], told["3"]["trial"]) == (0, 1)
    assert found.silent == ["4"]
    assert found.months == ["2026-03", "2026-04"]
    assert found.others == 0


def test_members_beyond_the_bound_are_not_told_apart(monkeypatch: Any) -> None:
    monkeypatch.setattr(effects, "MOST_MEMBERS", 2)
    found = run(*(("2026-03-02T09:00", "message", who, text("buy")) for who in ("amy", "bob", "cat")))
    (selling,) = [one for one in found.to_json()["rules"] if one["rule"] == "1"]
    assert (selling["members"], selling["at_least"]) == (2, True)


def test_decisions_of_another_text_and_unknown_rules_are_shown() -> None:
    found = run(("2026-03-02T09:00", "message", "amy", text("buy")))
    other = {
        "event": "x", "time": "2026-05-01T00:00:00+08:00", "rulebook": {"digest": "0"}, "community": "c",
        "outcomes": [{"rule": "99", "verdict": "flag", "actions": [None, {"do": "flag", "on": {"member": 3}}]}],
        "sanctions": [], "duties": [], "cases": [], "points": [{"rule": None, "change": "many"}], "labels": [],
        "errors": [],
    }  # fmt: skip
    found.add(other)
    assert found.others == 1
    (unknown,) = [one for one in found.rules if one.rule == "99"]
    assert (unknown.known, unknown.times, len(unknown.members)) == (False, 1, 0)
