"""Tallies, labels with types, and `similar`: what the checker makes of them and what it refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from books import book, codes, found, rule

from communityrules.checker import checked
from communityrules.checker.checked import Compare, Const, FieldRef, ParameterRef, Tally, Weight
from communityrules.model.values import BOOLEAN, NUMBER, TEXT

LINKS = "message.links is not empty"
LONG = "message.length > 200"


def condition(text: str, before: str = "") -> checked.Expression:
    found = book(rule(text, before=before)).rules[0].condition
    assert found is not None
    return found


def test_a_tally_is_a_sum_of_weights_in_either_spelling() -> None:
    english = condition(f"tally(3 if {LINKS}, -0.5 if {LONG}, heavy if not {LONG}) >= 2", "parameter heavy = 2\n")
    chinese = condition(
        "计分(3 若 消息.链接 不为空, -0.5 若 消息.长度 > 200, heavy 若 非 消息.长度 > 200) >= 2", "参数 heavy = 2\n"
    )
    assert english == chinese
    assert isinstance(english, Compare)
    assert isinstance(english.left, Tally)
    assert [one.weight for one in english.left.weights] == [
        Const(3, NUMBER), Const(Decimal("-0.5"), NUMBER), ParameterRef("heavy", NUMBER),
    ]  # fmt: skip
    assert [one.what for one in english.left.weights] == [LINKS, LONG, f"not {LONG}"]
    assert all(isinstance(one, Weight) for one in english.left.weights)


def test_a_tally_may_be_a_metric_and_be_reckoned_with() -> None:
    assert codes(rule("2 * risk + 1 > 3", before=f"metric risk as tally(1 if {LINKS}, 1 if {LONG})\n")) == []
    assert codes(rule("risky", before=f"define risky as tally(1 if {LINKS}, 1 if {LONG}) between 1 and 2\n")) == []


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        (f"tally({LINKS}) > 0", "CR241", LINKS),
        ("tally() > 0", "CR241", "tally()"),
        (f'tally("x" if {LINKS}) > 0', "CR242", '"x"'),
        (f"tally(message.length if {LINKS}) > 0", "CR242", "message.length"),
        (f"tally(0 if {LINKS}, 1 if {LONG}) > 0", "CR242", "0"),
        (f"length(3 if {LINKS}) > 0", "CR243", f"3 if {LINKS}"),
        (f"tally(1 if {LINKS}, 2 if {LONG}, 3 if {LINKS}) > 1", "CR244", LINKS),
        ("tally(1 if message.length, 1 if message.links is not empty) > 1", "CR208", "message.length"),
        (f"tally(1 if {LINKS} within 1 day) > 0", "CR225", f"tally(1 if {LINKS} within 1 day)"),
    ],
)
def test_what_is_no_tally(text: str, code: str, marked: str) -> None:
    assert (code, marked) in found(rule(text))


@pytest.mark.parametrize(
    ("compared", "code"),
    [
        ("> 5", "CR506"), (">= 6", "CR506"), (">= 5", None), ("< -1", "CR506"), ("<= -1", None), ("is 7", "CR506"),
        ("is not 7", "CR507"), (">= -1", "CR507"), ("< 6", "CR507"), ("between 6 and 9", "CR506"),
        ("between -1 and 5", "CR507"), ("between 2 and 9", None), ("outside -1 to 5", "CR506"), ("> most", None),
        ("> more", "CR506"), ("+ 3 > 8", "CR506"), ("+ 3 > 7", None), ("* 2 > 80", None),
    ],
)  # fmt: skip
def test_limits_that_the_weights_settle(compared: str, code: str | None) -> None:
    before = "parameter most = 4, 8 from 2025-01-01\nparameter more = 5, 8 from 2025-01-01\n"
    before += "parameter weight = 2, 3 from 2025-01-01\n"
    before += f"metric risk as tally(weight if {LINKS}, 2 if {LONG}, -1 if member is staff)\n"
    said = [one for one in codes(rule(f"risk {compared}", before=before)) if one != "CR229"]
    assert said == ([code] if code is not None else [])


def test_a_part_that_never_varies_is_told() -> None:
    assert codes(
        rule("tally(3 if message.length > 3 and message.length < 2, 2 if message.links is not empty) > 2")
    ) == ["CR501"]


def test_labels_have_the_types_that_are_declared() -> None:
    declared = "labels (score: number, intent: text, seen: boolean)\n"
    text = 'message.labels.score > 0.5 and message.labels.intent contains "x" and message.labels.seen'
    parts = condition(text, declared)
    assert isinstance(parts, checked.Logic)
    types = [one.type for part in parts.operands for one in _labels(part)]
    assert types == [NUMBER, TEXT, BOOLEAN]
    assert codes(rule(text)) == []
    assert codes(rule("message.labels.intent > 3", before=declared)) == ["CR207"]
    assert codes(rule("message.labels.score", before=declared)) == ["CR208"]
    assert codes(rule("message.labels.scores > 3", before=declared)) == ["CR202"]
    assert codes(rule("message.labels.when > 3", before="labels (when: date)\n")) == ["CR245"]
    assert "CR204" in codes(rule("message.labels.a > 3", before="labels (a: number, a: number)\n"))
    assert codes(rule("消息.标签.score > 0.5", before="标签 (score: 数值)\n")) == []


def _labels(node: checked.Expression) -> list[FieldRef]:
    match node:
        case FieldRef(root="label"):
            return [node]
        case Compare():
            return _labels(node.left)
        case checked.Contains():
            return _labels(node.operand)
        case _:
            return []


def test_similar_takes_texts_and_events_that_carry_one() -> None:
    short = condition("similar(message by member within 1 hour) >= 3")
    assert short == condition("similar(message.text by member within 1 hour) >= 3")
    assert short == condition("近似计数(消息 按 成员 最近 1小时) >= 3")
    assert isinstance(short, Compare)
    assert isinstance(short.left, checked.AggregateRef)
    assert len(short.left.keys) == 2
    measure = book(rule("similar(message by member within 1 hour) >= 3")).aggregates[0]
    assert (measure.function, len(measure.keys), measure.limit) == ("similar", 1, 3)
    assert codes(rule("similar(join.member.name within 1 hour) > 2", on="on join", then="then notify staff")) == []
    assert codes(rule("similar(join within 1 hour) > 2", on="on join", then="then notify staff")) == ["CR221"]
    assert codes(rule("similar(message.length within 1 hour) > 2")) == ["CR221"]
    assert codes(rule("similar(message by member) > 2")) == ["CR222"]
    assert codes(rule("similar(message within 1 hour) > 5%")) == ["CR231"]
    assert "CR227" in codes(rule(before="leaderboard copies top 3 by similar(message by member today)\n"))
