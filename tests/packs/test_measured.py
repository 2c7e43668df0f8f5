"""What the packs find of messages that people have labelled, where such sets stand beside the project."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from packs import SHARED, TOGETHER, Labelled, judged, labelled

CHINESE = ("zh_telegram_spam", "zh_telecom_fraud")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled sets are not beside the project"),
]


@pytest.fixture(scope="module")
def found() -> list[tuple[Labelled, bool]]:
    messages = list(labelled(SHARED))
    return [(one, bool(rules)) for one, rules in zip(messages, judged(TOGETHER, messages), strict=True)]


def test_clean_messages_are_left_alone(found: list[tuple[Labelled, bool]]) -> None:
    clean = Counter(one.set for one, _ in found if one.clean)
    taken = Counter(one.set for one, hit in found if one.clean and hit)
    assert taken.total() <= clean.total() * 0.01
    assert {name: taken[name] for name in clean if taken[name] > clean[name] * 0.02} == {}


def test_chinese_advertising_and_fraud_are_found(found: list[tuple[Labelled, bool]]) -> None:
    meant = Counter(one.set for one, _ in found if not one.clean and one.set in CHINESE)
    hit = Counter(one.set for one, hit in found if not one.clean and one.set in CHINESE and hit)
    assert hit.total() >= meant.total() * 0.7
    assert {name: hit[name] for name in meant if hit[name] < meant[name] * 0.5} == {}
