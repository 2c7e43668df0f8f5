"""One of a thing is said in the singular."""

from __future__ import annotations

import pytest

from communityrules.cli.counts import EXPECTATIONS, RULES, TESTS, Counted


@pytest.mark.parametrize(
    ("what", "number", "en", "zh"),
    [
        (RULES, 1, "1 rule", "1 条规则"),
        (RULES, 0, "0 rules", "0 条规则"),
        (TESTS, 1, "1 test", "1 个测试"),
        (TESTS, 2, "2 tests", "2 个测试"),
        (EXPECTATIONS, 1, "1 expectation", "1 个预期"),
        (EXPECTATIONS, 7, "7 expectations", "7 个预期"),
    ],
)
def test_one_and_many(what: Counted, number: int, en: str, zh: str) -> None:
    assert what.words(number, "en") == en
    assert what.words(number, "zh") == zh
