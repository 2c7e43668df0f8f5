"""Scores that functions of a host give: called when needed, recorded, and never called again."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from communityrules import Engine, Rulebook, RulesError, decision_to_wire, event_from_wire, loads
from communityrules.library.declare import Score
from communityrules.library.registry import ExtensionError
from communityrules.library.scores import Scored, ScoreError, give_scores, score, settled
from communityrules.model.event import Event

BOOK = """
rulebook "Scores"
timezone Asia/Shanghai
labels (topic: text, sure: boolean)
group friends as member.roles has "friend"
rule 1 "Toxic"
  must not
  applies to everyone except friends
  on message
  if message.length > 3 and message.labels.toxicity >= 0.9
  then delete
rule 2 "Often"
  must not
  on message
  if count(message by member within 1 day where message.length > 3 and 消息.标签.毒性 > 0.5) >= 3
  then hold for staff
rule 3 "Greeting"
  should
  on message
  if message.text contains "hello"
  then label polite
rule 4 "Kind"
  must not
  on message
  if message.length > 3 and tally(2 if message.labels.toxicity > 0.9, 1 if message.labels.mood is "sour") >= 3
  then delete
"""


class Model:
    """A model of a few words; it breaks on one."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.log: list[Scored] = []

    def toxicity(self, text: str) -> float:
        self.asked.append(text)
        if "boom" in text:
            raise RuntimeError("model down at 0x7f00")
        return 0.93 if "bad" in text else 0.125

    def mood(self, event: Event) -> str:
        assert event.member is not None
        return "sour" if event.member.id == "bob" else "fine"

    def extensions(self) -> list[Score]:
        toxicity = score("toxicity", model="tiny", version="3", zh="毒性")(self.toxicity)
        return [toxicity, score("mood", model="mood ring", version="b", gives="text", of="event")(self.mood)]

    def rulebook(self, text: str = BOOK) -> Rulebook:
        return loads(text, extensions=self.extensions(), on_score=self.log.append)


def message(number: int, text: str, who: str = "amy", **labels: Any) -> dict[str, Any]:
    about = {"id": f"m{number}", "text": text, **({"labels": labels} if labels else {})}
    time = f"2024-10-08T09:{number:02d}:00+08:00"
    roles = ["friend"] if who == "fay" else []
    return {
        "id": f"m{number}", "time": time, "type": "message", "community": "c", "member": {"id": who, "roles": roles},
        "message": about,
    }  # fmt: skip


def judge(book: Rulebook, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    with Engine(book) as engine:
        return [decision_to_wire(engine.judge(event_from_wire(one, book.events)), book.zone) for one in events]


EVENTS = [
    message(0, "bad weather"), message(1, "hm"), message(2, "hello there"), message(3, "boom"),
    message(4, "bad", toxicity=0.1), message(5, "bad luck", "bob"), message(6, "bad day", toxicity=0.95),
]  # fmt: skip


def test_a_function_is_asked_once_and_only_when_a_rule_gets_there() -> None:
    model = Model()
    decided = judge(model.rulebook(), EVENTS)
    # Not for `hm`, which is too short for every rule that reads the score, nor for labels that came with the event.
    assert model.asked == ["bad weather", "hello there", "boom", "bad luck"]
    said = [(one["event"], [outcome["rule"] for outcome in one["outcomes"]]) for one in decided]
    assert said == [
        ("m0", ["1"]), ("m1", []), ("m2", ["3"]), ("m3", []), ("m4", []), ("m5", ["1", "4"]), ("m6", ["1"]),
    ]  # fmt: skip


def test_evidence_tells_score_model_and_version() -> None:
    decided = judge(Model().rulebook(), EVENTS)
    what = "message.labels.toxicity"
    score_note = {"kind": "score", "what": what, "value": 0.93, "model": "tiny", "version": "3"}
    evidence = decided[0]["outcomes"][0]["evidence"]
    assert {"kind": "compare", "what": what, "value": 0.93, "operator": ">=", "limit": 0.9} in evidence
    assert evidence[-1] == score_note
    # Of a label that the host sent nobody said which model it is from.
    assert not [one for one in decided[6]["outcomes"][0]["evidence"] if one["kind"] == "score"]
    weighed = decided[5]["outcomes"][1]["evidence"]
    assert score_note in weighed
    assert {
        "kind": "score", "what": "message.labels.mood", "value": "sour", "model": "mood ring", "version": "b"
    } in weighed  # fmt: skip


def test_a_failing_model_harms_only_the_rules_that_read_it() -> None:
    decided = judge(Model().rulebook(), [message(0, "boom hello")])[0]
    assert [one["rule"] for one in decided["outcomes"]] == ["3"]
    said = "ScoreError: toxicity: RuntimeError: model down"
    lines = {one["rule"]: one["line"] for one in decided["errors"]}
    assert {one["rule"]: one["error"] for one in decided["errors"]} == {"1": said, "2": said, "4": said}
    assert lines["1"] != lines["4"]


def test_given_back_with_the_events_scores_are_never_asked_for_again() -> None:
    first = Model()
    decided = judge(first.rulebook(), EVENTS)
    again = Model()
    lines = [json.loads(json.dumps(give_scores(one, first.log))) for one in EVENTS]
    assert judge(again.rulebook(), lines) == decided
    assert not again.asked
    assert not again.log
    assert lines[1] == EVENTS[1]
    # A part of the log serves as well as the whole, and other events take nothing from it.
    assert give_scores(EVENTS[0], [one for one in first.log if one.event != "m0"]) == EVENTS[0]


def test_what_the_host_sends_stands() -> None:
    log = [Scored("m4", "c", "toxicity", Decimal("0.9"), "tiny", "3")]
    assert give_scores(message(4, "x", toxicity=0.1), log)["message"]["labels"]["toxicity"] == 0.1
    assert give_scores(message(4, "x"), log)["message"]["labels"] == {
        "toxicity": 0.9, "toxicity.model": "tiny", "toxicity.version": "3"
    }  # fmt: skip
    with pytest.raises(ValueError, match="message is an object"):
        give_scores({"id": "m4", "community": "c", "text": "x"}, log)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (0.1, Decimal("0.1")), (1.0, 1), (3, 3), (Decimal("0.50"), Decimal("0.5")), (Fraction(1, 4), Decimal("0.25")),
        (True, None), (math.nan, None), (math.inf, None), ("0.5", None), (None, None), (10**16, None), ([1], None),
        (10**400, None),
    ],
)  # fmt: skip
def test_a_number_is_what_an_event_would_say(given: object, value: object) -> None:
    declared = score("s", model="m", version="1")(lambda _: given)
    if value is None:
        with pytest.raises(ScoreError):
            settled(declared, given)
    else:
        assert settled(declared, given) == value
        assert type(settled(declared, given)) is type(value)


def test_flags_and_words() -> None:
    flag = score("f", model="m", version="1", gives="boolean")(bool)
    word = score("w", model="m", version="1", gives="text")(str)
    assert settled(flag, False) is False
    assert settled(word, "sour") == "sour"
    for declared, given in ((flag, 1), (word, 7), (word, "x" * 1000), (word, "half \ud83d")):
        with pytest.raises(ScoreError):
            settled(declared, given)


def test_declared_labels_have_their_types() -> None:
    wrong = BOOK + 'rule 5\n  must not\n  on message\n  if message.labels.topic > 3 or message.labels.sure is "x"\n'
    with pytest.raises(RulesError) as caught:
        Model().rulebook(wrong + "  then delete\n")
    assert [one.code for one in caught.value.diagnostics] == ["CR207", "CR207"]
    with pytest.raises(RulesError) as caught:
        Model().rulebook(BOOK.replace("message.labels.mood", "message.labels.mod"))
    assert [(one.code, one.fix.replacement) for one in caught.value.diagnostics if one.fix] == [("CR202", "mood")]


def test_a_name_is_taken_once() -> None:
    model = Model()
    with pytest.raises(ExtensionError, match="toxicity"):
        loads(BOOK, extensions=[*model.extensions(), score("toxicity", model="x", version="1")(len)])
