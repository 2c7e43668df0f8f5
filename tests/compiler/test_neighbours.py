"""Rules have their bits in an order in which those that the same values leave stand side by side."""

from __future__ import annotations

import random
from itertools import pairwise

from communityrules.checker.checked import FieldRef
from communityrules.compiler.neighbours import side_by_side
from communityrules.compiler.splits import Split
from communityrules.model.values import NUMBER, TEXT

CHANNEL, HOUR, RANK = (
    FieldRef("event", "channel", TEXT),
    FieldRef("member", "hour", NUMBER),
    FieldRef("member", "rank", TEXT),
)


def _rules(number: int) -> list[tuple[int, list[Split]]]:
    draw = random.Random(3)
    made: list[tuple[int, list[Split]]] = []
    for at in range(number):
        asked = [Split(RANK, "plain", ("in", tuple(draw.sample("abcdef", 5)), False))]
        if draw.random() < 0.7:
            asked.append(Split(CHANNEL, "place", ("is", f"room{draw.randrange(40)}")))
        if draw.random() < 0.4:
            asked.append(Split(HOUR, "plain", ("is", draw.randrange(24))))
        draw.shuffle(asked)
        made.append((at, asked))
    return made


def _channels(rules: list[tuple[int, list[Split]]]) -> list[object]:
    return [next((one.test for one in found if one.operand is CHANNEL), None) for _, found in rules]


def test_rules_of_one_channel_stand_side_by_side() -> None:
    rules = _rules(2_000)
    ordered = list(side_by_side(rules))
    assert sorted(at for at, _ in ordered) == list(range(2_000))
    channels = _channels(ordered)
    changes = sum(one != other for one, other in pairwise(channels))
    assert changes == len(set(channels)) - 1
    # Before, nearly every rule was of another channel than the one before it.
    before = _channels(rules)
    assert sum(one != other for one, other in pairwise(before)) > 1_500


def test_where_no_channel_is_asked_the_next_value_tells() -> None:
    ordered = [rule for rule in side_by_side(_rules(2_000)) if all(one.operand is not CHANNEL for one in rule[1])]
    hours = [next((one.test for one in found if one.operand is HOUR), None) for _, found in ordered]
    assert hours.count(None) > 100
    assert sum(one != other for one, other in pairwise(hours)) == len(set(hours)) - 1


def test_few_rules_stay_as_they_are() -> None:
    rules = _rules(64)
    assert side_by_side(rules) is rules
    assert side_by_side([]) == []


def test_conditions_that_name_no_values_do_not_matter() -> None:
    rules: list[tuple[int, list[Split]]] = [
        (at, [Split(HOUR, "plain", ("<", at % 3))] if at % 2 else []) for at in range(90)
    ]
    assert sorted(at for at, _ in side_by_side(rules)) == list(range(90))
