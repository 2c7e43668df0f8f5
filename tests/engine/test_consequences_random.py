"""Whatever happens in a community, its records agree with each other, and everything open ends some day."""

import random
from typing import Any

import pytest
from test_consequences_kept import RULES
from village import Village

from communityrules.model.values import HOUR

ROLES = {"sue": "service", "sam": "service", "mod": "moderator", "max": "manager"}
PEOPLE = ("amy", "bob", *ROLES)
KINDS = (
    "message", "message", "message", "message", "reply", "reply", "edit", "announcement", "join", "leave", "report",
    "order", "patrol", "finding", "approve", "approve", "reject", "appeal", "resolved", "join_request",
)  # fmt: skip
GAPS = (0, 1, 60, 600, 600, 3600, 7200, 40_000)
TEXTS = ("spam", "hm", "hello")


def settle_records(village: Village) -> None:
    """The cells of the village name each other both ways."""
    work = village.engine._judgings["village"].work
    cells = {table: dict(work.items(table)) for table in (
        "member", "sanction", "case", "held", "duty", "duty_about", "duty_kind", "offence", "community", "label",
    )}  # fmt: skip
    silenced = set()
    for member, cell in cells["member"].items():
        for sanction, start, end in cell.get("silence", []):
            known = cells["sanction"][sanction]
            assert (known["member"], known["start"], known["end"]) == (member, start, end)
            # In force, or over for less than an hour.
            assert known["status"] == "in_force" or (known["status"] == "ended" and end + HOUR > work.now)
            silenced.add(sanction)
        assert all("appeal" in cells["sanction"][one] for one in cell.get("sanctions", []))
        assert all(cells["case"][one]["member"] == member for one in cell.get("cases", []))
        owing = [cells["duty"][one] for one in cell.get("duties", [])]
        assert all(member in (one["owner"], one["member"]) for one in owing)
    for sanction, cell in cells["sanction"].items():
        assert sanction in silenced or "appeal" in cell
    for thing, held in cells["held"].items():
        assert held
        assert all(thing in cells["case"][one]["things"] for one in held)
    for table in ("duty_about", "duty_kind"):
        assert all(one in cells["duty"] for found in cells[table].values() for one in found)
    owed: dict[str, int] = {}
    for cell in cells["duty"].values():
        owed[cell["what"]] = owed.get(cell["what"], 0) + 1
    assert cells["community"]["self"].get("owed", {}) == owed


def random_event(chance: random.Random, village: Village) -> tuple[str, str, str, dict[str, Any]]:
    """Who does what, and what it is about: often something that is open."""
    kind = chance.choice(KINDS)
    member = chance.choice(PEOPLE)
    text = chance.choice(TEXTS)
    about: dict[str, Any] = {}
    latest = village.decisions[-60:]
    cases = [one.id for decision in latest for one in decision.cases if one.status == "open"]
    duties = [one.about for decision in latest for one in decision.duties if one.status == "open" and one.about]
    sanctions = [one for decision in latest for one in decision.sanctions]
    if kind in ("approve", "reject"):
        member = chance.choice(("sue", "sam", "max"))
        about = {"case": chance.choice(cases)} if cases and chance.random() < 0.8 else {"about": chance.choice(PEOPLE)}
        if chance.random() < 0.3:
            about["duration"] = chance.randrange(1, 20) * 86_400_000_000
    elif kind == "appeal" and sanctions:
        sanction = chance.choice(sanctions)
        member, about = sanction.member, {"sanction": sanction.id}
    elif kind == "finding":
        member, about = "mod", {"about": chance.choice(PEOPLE), "rule": "8"}
    elif kind == "order":
        about = {"agent": chance.choice(PEOPLE)}
    elif kind in ("reply", "resolved", "report") and chance.random() < 0.8:
        about = {"message": chance.choice(duties) if duties else f"e{chance.randrange(1, village.count + 1)}"}
    return member, kind, text, about


@pytest.mark.parametrize("seed", range(12))
def test_records_agree_and_everything_ends(seed: int) -> None:
    chance = random.Random(seed)
    village = Village(RULES)
    for member, role in ROLES.items():
        village.given(member, role)
    village.send("2024-10-07 09:00", "amy", "message", "hello")
    for _ in range(120):
        member, kind, text, about = random_event(chance, village)
        village.later(chance.choice(GAPS))
        decision = village.send(village.clock(), member, kind, text, **about)
        assert decision.errors == ()
        settle_records(village)
    village.pass_time(days=60)
    settle_records(village)
    left = {table: list(village.engine._judgings["village"].work.items(table)) for table in ("case", "duty", "held")}
    assert [cell["kind"] for _, cell in left["case"]] == ["appeal"] * len(left["case"])
    assert [cell["what"] for _, cell in left["duty"]] == ["patrol"]
