"""What tallies come to, and what evidence tells of them."""

from __future__ import annotations

from typing import Any

import pytest

from communityrules import Engine, decision_to_wire, event_from_wire, loads
from communityrules.cli.phrases import Phrases
from communityrules.diagnostics.message import Language
from communityrules.library.table import STANDARD
from communityrules.model.zones import zone

LANGUAGES: tuple[Language, ...] = ("en", "zh")
BOOK = """
rulebook "Tallies"
timezone Asia/Shanghai
member (level: number)
parameter heavy = 2, 3 from 2024-10-09
list ads = "buy now"
metric risk as tally(
  heavy if message.links is not empty, 1.5 if message.text contains any of ads, -1 if member.level > 3
)
rule 1 "Risky"
  must not
  on message
  if risk + 1 >= 2.5
  then hold for staff
rule 2 "Calm"
  should
  on message
  if not risk > 0
  then label calm
"""


def evidence(text: str, day: int = 10, level: int = 1) -> dict[str, Any]:
    book = loads(BOOK)
    event = {
        "id": "m", "time": f"2024-10-{day:02d}T09:00:00+08:00", "type": "message", "community": "c",
        "member": {"id": "amy", "level": level}, "message": {"id": "m", "text": text},
    }  # fmt: skip
    with Engine(book) as engine:
        decided = decision_to_wire(engine.judge(event_from_wire(event, book.events)), book.zone)
    assert decided["errors"] == []
    return {one["rule"]: one["evidence"] for one in decided["outcomes"]}


WHAT = "tally(heavy if message.links is not empty, 1.5 if message.text contains any of ads, -1 if member.level > 3)"


def test_evidence_tells_what_counted_and_why() -> None:
    said = evidence("buy now at https://a.example/x", level=9)
    assert list(said) == ["1"]
    compare, tally, *why = said["1"]
    assert compare == {"kind": "compare", "what": "risk + 1", "value": 4.5, "operator": ">=", "limit": 2.5}
    assert tally == {
        "kind": "tally", "what": WHAT, "value": 3.5,
        "counted": [
            {"what": "message.links is not empty", "weight": 3},
            {"what": "message.text contains any of ads", "weight": 1.5},
            {"what": "member.level > 3", "weight": -1},
        ],
    }  # fmt: skip
    assert [one["kind"] for one in why] == ["present", "match", "compare"]
    assert why[1]["text"] == "buy now"


def test_what_did_not_hold_does_not_count() -> None:
    said = evidence("hello")
    assert said == {
        "2": [
            {"kind": "compare", "what": "risk", "value": 0, "operator": "<=", "limit": 0},
            {"kind": "tally", "what": WHAT, "value": 0, "counted": []},
        ]
    }


def test_a_parameter_weighs_what_it_is_on_that_day() -> None:
    assert [evidence("https://a.example/x", day)["1"][1]["value"] for day in (8, 9)] == [2, 3]


def test_evidence_in_words() -> None:
    pieces = evidence("buy now at https://a.example/x")["1"][:2]
    score = {"kind": "score", "what": "message.labels.rude", "value": 0.9, "model": "tiny", "version": "3"}
    like = {"kind": "count", "what": "similar(…)", "value": 3, "limit": 3, "at_least": True, "like": "m41"}
    english, chinese = (Phrases(language, zone("UTC"), STANDARD) for language in LANGUAGES)
    assert english.evidence(pieces[1]) == (
        "counted: message.links is not empty (3), message.text contains any of ads (1.5)"
    )
    assert chinese.evidence({"kind": "tally", "what": "x", "value": 0, "counted": []}) == "无一项计分"
    assert english.evidence(score) == "message.labels.rude is 0.9 by tiny 3"
    assert english.evidence(like) == "similar(…) is 3 (limit 3), last like m41"
    assert chinese.evidence(like) == "similar(…) 为 3(界限 3),最近与 m41 近似"


@pytest.mark.parametrize(
    "sum_",
    [
        "member.level / (member.level + member.rank)",
        "member.level - (member.level - member.rank)",
        "member.level - member.level - member.rank",
        "(member.level + member.rank) * 2",
        "member.level + member.rank * 2",
        "member.level * (member.rank / member.level)",
        "hour_of(event.time - 36 hours)",
    ],
)
def test_a_sum_is_told_as_it_was_written(sum_: str) -> None:
    """Parentheses that the meaning needs stay, and a length is not told in microseconds."""
    book = loads(
        f"""rulebook "Sums"
  language en

member (level: number, rank: number)

rule 1
  should
  applies to everyone
  on message
  if {sum_} >= -100
  then flag
"""
    )
    event = {
        "id": "m", "time": "2024-10-10T09:00:00+08:00", "type": "message", "community": "c",
        "member": {"id": "amy", "level": 3, "rank": 2}, "message": {"id": "m", "text": "hello"},
    }  # fmt: skip
    with Engine(book) as engine:
        told = decision_to_wire(engine.judge(event), book.zone)
    assert told["outcomes"][0]["evidence"][0]["what"] == sum_
