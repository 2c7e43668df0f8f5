"""The order in which rules have their bits: those that the same values leave stand side by side.

Of one event most rules are left out by the first things asked: another channel, another hour. Where the rules of one
channel stand side by side, whole words of a mask are empty, and what is empty in one table need not be looked up in any
other. So what an event costs hardly grows with the number of rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from communityrules.compiler import guards
from communityrules.compiler.splits import Split, Test, points

#: So many values, those that tell most rules apart, say how rules are put in order.
_MOST: Final = 4
#: Masks of so few rules have no words to pass over.
_ONE_WORD: Final = 64

#: The place of a rule, and what it asks.
Asking = tuple[int, Sequence[guards.Guard]]


def side_by_side(rules: Sequence[Asking]) -> Sequence[Asking]:
    """Rules that look at no text, in another order."""
    if len(rules) <= _ONE_WORD:
        return rules
    # By what is asked, each test with the number of rules that ask it.
    asked: dict[Any, dict[Test, int]] = {}
    of_rule: list[dict[Any, Test]] = []
    for _, found in rules:
        mine: dict[Any, Test] = {}
        for guard in found:
            if guard.__class__ is Split and mine.setdefault(guard.key, guard.test) is guard.test:
                tests = asked.setdefault(guard.key, {})
                tests[guard.test] = tests.get(guard.test, 0) + 1
        of_rule.append(mine)
    keys = sorted(asked, key=lambda key: -_left_out(asked[key]))[:_MOST]
    # Those that do not ask a value stand before those that do.
    numbers = [(key, {test: number for number, test in enumerate(asked[key], 1)}) for key in keys]
    order = [[of[mine[key]] if key in mine else 0 for key, of in numbers] for mine in of_rule]
    return [rules[at] for at in sorted(range(len(rules)), key=order.__getitem__)]


def _left_out(tests: dict[Test, int]) -> float:
    """How many rules a value leaves out, as far as that can be told without knowing which values there are."""
    named = {test: len(points(test)) for test in tests if _names(test)}
    values = len({point for test in named for point in points(test)})
    return sum(tests[test] * (1 - size / values) for test, size in named.items() if values)


def _names(test: Test) -> bool:
    """Whether a test holds for what it names and for nothing else."""
    return test[0] in ("is", "holds") or (test[0] == "in" and not test[2])
