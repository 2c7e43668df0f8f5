"""What hosts may send: the contract's types are the library's, and a rulebook adds its own."""

from __future__ import annotations

import pytest

from communityrules import Engine, loads
from communityrules.engine.incoming import wire_types
from communityrules.library.events import EVENTS
from communityrules.library.table import STANDARD
from communityrules.model.values import DAY, NUMBER, TEXT
from communityrules.wire.types import STANDARD_TYPES

BOOK = """rulebook "x"
member (level: number)
event trade (amount: number)
event rating (mood: text)
"""


def test_the_types_of_the_wire_contract_are_those_of_the_library() -> None:
    found = wire_types(loads('rulebook "x"\n').checked, STANDARD)
    assert found.events == STANDARD_TYPES.events
    assert list(found.events) == [name for name, one in EVENTS.items() if not one.raised]
    assert found.raised == STANDARD_TYPES.raised == {name for name, one in EVENTS.items() if one.raised}
    for name, fields in found.events.items():
        assert fields == {one.names.en: one.type for one in EVENTS[name].fields}


def test_a_rulebook_adds_types_and_fields() -> None:
    found = loads(BOOK).events
    assert found.member == {"level": NUMBER}
    assert found.events["trade"] == {"amount": NUMBER}
    assert found.events["rating"] == {"score": NUMBER, "aspect": TEXT, "mood": TEXT}


DISCRETION = """rulebook "x"
group managers as member.roles has "manager"
penalty grave
  always: ban 1 to 30 days set by managers
rule 1 "Ads"
  must not
  on message
  if message.text contains "buy"
  then penalty grave
"""


@pytest.mark.parametrize("length", ["P10D", 864_000, "PT240H"])
def test_a_length_that_a_vote_gives_over_the_wire_is_read(length: object) -> None:
    def event(name: str, kind: str, member: str, **more: object) -> dict[str, object]:
        said = {"id": member, "roles": ["manager"] if member == "mia" else ["member"]}
        return {"id": name, "time": "2024-10-08T12:00:00Z", "type": kind, "community": "c", "member": said, **more}

    engine = Engine(loads(DISCRETION))
    begun = engine.judge(event("m", "message", "bob", message={"text": "buy"}))
    case = begun.cases[0].id
    settled = engine.judge(event("v", "approve", "mia", target={"case": case}, approve={"duration": length}))
    (sanction,) = settled.sanctions
    assert sanction.end is not None
    assert sanction.end - sanction.start == 10 * DAY
