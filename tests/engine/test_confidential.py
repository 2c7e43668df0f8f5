"""`confidential`: what a decision shows to whom."""

from typing import Any

import pytest
from village import HEAD, Village

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.model.decision import Decision
from communityrules.wire.decisions import decision_from_wire, decision_to_wire

RULES = """
member (birthday: date, level: number)
event order (card: text, amount: number)
group managers as member.roles has "manager"
group clerks as member.roles has "clerk"
list rude = "idiot"

confidential complaint.text, member.birthday to managers
confidential order.card to managers, clerks
confidential order.amount to clerks

define minor as member.birthday > 2010-01-01

rule 1
  must
  on complaint
  if message.text contains any of rude and minor and member.level >= 2
  then mask, notify managers with "{member.level}: {message.text}", notify clerks with "{message.text}"

rule 2
  must
  on message
  if message.text contains any of rude
  then notify clerks with "{message.text}, born {member.birthday}", remind "born {member.birthday}"

rule 3
  must
  on order
  if order.amount > 10 and order.card starts with "6222" and sum(order.amount by member today) > 10
  then notify clerks with "{order.card} {order.amount}", publish "{order.amount}"

rule 4
  must not
  found by managers
  then flag
"""

BORN = {"birthday": "2015-01-01", "level": 3}


def room() -> Village:
    found = Village(RULES)
    found.given("mia", "manager")
    found.send("08:00", "amy", "profile", birthday=None)
    return found


def send(village: Village, kind: str, text: str | None = None, **fields: Any) -> Decision:
    """An event by amy, of whom her birthday is known."""
    from datetime import date

    from msgspec.structs import replace

    from communityrules.model.event import Event, Member, Message

    village.count += 1
    village.now += 60_000_000
    name = f"x{village.count}"
    amy = Member("amy", fields={"birthday": date(2015, 1, 1), "level": 3})
    event = Event(name, village.now, kind, "village", amy, None if text is None else Message(name, text))
    decision = village.engine.judge(replace(event, fields=fields))
    village.decisions.append(decision)
    return decision


def evidence(decision: Decision) -> list[dict[str, Any]]:
    return [dict(piece) for one in decision.outcomes for piece in one.evidence]


def texts(decision: Decision) -> list[str]:
    return [one.texts["en"] for one in decision.notices]


def test_evidence_says_who_may_see_it_and_is_covered_for_others() -> None:
    decision = send(room(), "complaint", "you idiot")
    rude, minor, level = evidence(decision)
    assert (rude["text"], rude["confidential"]) == ("idiot", ["managers"])
    assert (minor["value"], minor["confidential"]) == ("2015-01-01", ["managers"])
    assert "confidential" not in level
    assert decision.seen_by("managers") == decision == decision.seen_by("clerks", "managers")
    seen = decision.seen_by("clerks")
    assert evidence(seen) == [
        {"kind": "match", "field": "message.text", "text": "…", "confidential": True},
        {"kind": "compare", "what": "member.birthday", "operator": ">", "value": "…", "confidential": True},
        level,
    ]
    assert dict(decision.outcomes[0].actions[0].arguments) == {"text": "you *****", "confidential": ["managers"]}
    assert dict(seen.outcomes[0].actions[0].arguments) == {"text": "…", "confidential": True}
    assert seen.seen_by("managers") == seen


def test_notices_to_those_who_may_not_see_it_are_covered_from_the_start() -> None:
    decision = send(room(), "complaint", "you idiot")
    assert texts(decision) == ["3: you idiot", "[confidential]"]
    assert texts(decision.seen_by("clerks")) == ["3: [confidential]", "[confidential]"]
    assert decision.seen_by().notices[0].hidden


def test_who_it_is_about_may_see_it_and_other_events_have_another_text() -> None:
    decision = send(room(), "message", "you idiot")
    assert texts(decision) == ["you idiot, born [confidential]", "born 2015-01-01"]
    assert texts(decision.seen_by("clerks")) == ["you idiot, born [confidential]", "born [confidential]"]
    assert evidence(decision.seen_by()) == evidence(decision)


def test_fields_of_events_and_measures_of_them() -> None:
    decision = send(room(), "order", card="6222 1234", amount=20)
    assert texts(decision) == ["6222 1234 20", "[confidential]"]
    assert [one.confidential for one in decision.notices] == [("clerks",), ()]
    assert [one.get("confidential") for one in evidence(decision)] == [["clerks"], ["clerks", "managers"], ["clerks"]]
    amount, card, total = evidence(decision.seen_by("managers"))
    assert (amount["value"], card["text"], total["value"]) == ("…", "6222", "…")


def test_the_note_of_a_finding() -> None:
    village = Village(RULES.replace("complaint.text", "finding.text"))
    village.given("mia", "manager")
    decision = village.send("09:00", "mia", "finding", "she told me", about="amy", rule="4")
    assert evidence(decision.seen_by("clerks"))[0] == {
        "kind": "finding",
        "member": "mia",
        "text": "…",
        "confidential": True,
    }


def test_the_wire_keeps_what_is_needed() -> None:
    village = room()
    decision = send(village, "complaint", "you idiot")
    zone = village.engine.zone if hasattr(village.engine, "zone") else __import__("village").ZONE
    for one in (decision, decision.seen_by("clerks")):
        assert decision_to_wire(decision_from_wire(decision_to_wire(one, zone)), zone) == decision_to_wire(one, zone)
        assert (
            decision_from_wire(decision_to_wire(decision, zone)).seen_by("clerks").notices
            == decision.seen_by("clerks").notices
        )


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("confidential member.id to managers", "CR617"),
        ("confidential event.time to managers", "CR617"),
        ("confidential community.name to managers", "CR617"),
        ("confidential nothing to managers", "CR617"),
        ("confidential member.nme to managers", "CR202"),
        ("confidential member.name to mangers", "CR201"),
        ("confidential member.name to everyone", "CR618"),
        ("confidential member.name, complaint.category, message.labels.toxic, join_request.text to managers", None),
    ],
)
def test_what_can_be_declared(declared: str, found: str | None) -> None:
    managers = 'group managers as member.roles has "manager"'
    rules = f"{HEAD}{managers}\n{declared}\nrule 1\n  should\n  on message\n  then remind managers\n"
    codes = [one.code for one in check(Source("t.rules", rules)).diagnostics]
    assert codes == ([] if found is None else [found])


def test_memory_and_sqlite_agree(tmp_path: object) -> None:
    told = []
    for store in ("memory:", f"sqlite:///{tmp_path}/v.db"):
        village = Village(RULES, store=store)
        send(village, "complaint", "you idiot")
        told.append(village.decisions)
        village.engine.close()
    assert told[0] == told[1]
