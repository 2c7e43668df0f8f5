"""What hosts may send: the contract's types are the library's, and a rulebook adds its own."""

from __future__ import annotations

from communityrules import loads
from communityrules.engine.incoming import wire_types
from communityrules.library.table import STANDARD
from communityrules.model.values import NUMBER, TEXT
from communityrules.wire.types import BUILT_IN, STANDARD_TYPES

BOOK = """rulebook "x"
member (level: number)
event trade (amount: number)
event rating (mood: text)
"""


def test_the_types_of_the_wire_contract_are_those_of_the_library() -> None:
    found = wire_types(loads('rulebook "x"\n').checked, STANDARD)
    assert found.events == BUILT_IN
    assert list(found.events) == list(BUILT_IN)
    assert found.raised == STANDARD_TYPES.raised


def test_a_rulebook_adds_types_and_fields() -> None:
    found = loads(BOOK).events
    assert found.member == {"level": NUMBER}
    assert found.events["trade"] == {"amount": NUMBER}
    assert found.events["rating"] == {"score": NUMBER, "aspect": TEXT, "mood": TEXT}
