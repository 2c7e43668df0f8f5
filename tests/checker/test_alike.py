"""A comparison says the same whether others like it stood before it or not."""

from __future__ import annotations

import pytest

from communityrules.checker import canonical, checked
from communityrules.checker.check import check
from communityrules.diagnostics.source import Source

_HEAD = """rulebook "alike"
  timezone UTC

member (rank: text, days: number, born: date, seen: time, pause: duration, ok: boolean, boss: member)

state season = dry, wet

list words = "a", "b"

"""
_CONDITIONS = (
    'member.rank is "a, b"', 'member.rank is not "x"', "member.days >= 3", "member.days > 2.50", "member.days < 5%",
    "member.days is one of (1, 2)", 'member.rank is one of ("a", words)', 'member.rank is not one of ("c", "d")',
    'member.rank exactly is one of ("a", "b")',
    "member.pause > 3 hours", "member.pause > 1 month", "member.seen >= 22:00", "member.seen >= 2024-10-04",
    "member.born < 2024-10-04", "member.ok is true", "member.ok is false", 'member.boss is "m1"',
    'event.type is "message"', 'event.channel is "a"', 'event.channel is "b"', "event.time < 08:00",
    "message.length > 10", 'message.text is "a"', "season is wet", 'member.rank > "a"', "member.rank is 3",
    "member.unknown is 3", "rating.score > 3", "breach.rule is 1", 'member is "m"', "message.labels.spam > 0.5",
    "message.labels.spam is \"yes\"",
)  # fmt: skip


def _rule(number: int, condition: str, on: str) -> str:
    return f"rule {number}\n  must not\n  on {on}\n  if {condition}\n  then flag\n\n"


def _told(text: str, line: int) -> tuple[list[tuple[str, int, int, str]], str]:
    """What is said of the last rule, and what it comes to."""
    result = check(Source("alike.rules", text))
    said = [
        (one.code, one.span.line - line, one.span.column, str(one.values))
        for one in result.diagnostics
        if one.span is not None and one.span.line >= line
    ]
    return said, canonical.text_of(_conditions(result.rulebook)) if result.rulebook is not None else ""


def _conditions(rulebook: checked.Rulebook) -> checked.Expression | None:
    return rulebook.rules[-1].condition


@pytest.mark.parametrize("on", ["message", "rating", "join"])
@pytest.mark.parametrize("condition", _CONDITIONS)
def test_it_makes_no_difference_what_stood_before(condition: str, on: str) -> None:
    alone = _HEAD + _rule(9, condition, on)
    after = _HEAD + "".join(_rule(number, condition, on) for number in (1, 2)) + _rule(9, condition, on)
    first = _told(alone, alone.count("\n", 0, alone.index("rule 9")) + 1)
    assert _told(after, after.count("\n", 0, after.index("rule 9")) + 1) == first
