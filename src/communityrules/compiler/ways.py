"""In which ways a condition may hold, and what must all hold in each: read off how it is put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from communityrules.checker import checked
from communityrules.compiler.kinds import type_of

#: In so many ways at most a condition is looked at.
_MOST_WAYS: Final = 8


def conjuncts(node: checked.Expression) -> Sequence[checked.Expression]:
    """What must all hold, in the order in which it is asked."""
    if not isinstance(node, checked.Logic) or node.operator != "and":
        return (node,)
    found: list[checked.Expression] = []
    rest = list(reversed(node.operands))
    while rest:
        one = rest.pop()
        if one.__class__ is checked.Logic and one.operator == "and":
            rest.extend(reversed(one.operands))
        else:
            found.append(one)
    return found


class Several:
    """The ways of conditions, each a condition of its own. Those that are made here live as long as this: what is known
    of a condition goes by its `id`."""

    def __init__(self) -> None:
        self._made: list[checked.Expression] = []

    def of(self, node: checked.Expression) -> Sequence[checked.Expression]:
        """The ways in which a condition that cannot fail may hold; none where there is but one, or too many."""
        found: list[checked.Expression] = []
        rest = [node]
        while rest and len(found) <= _MOST_WAYS:
            one = rest.pop()
            match one:
                case checked.Logic(operator="or"):
                    rest += reversed(one.operands)
                case checked.Not(operand=checked.Logic(operator="and", operands=operands)):
                    rest += [self._make(checked.Not(part)) for part in reversed(operands)]
                case checked.AtLeast(number=number, conditions=several) if 0 < number < len(several) <= _MOST_WAYS:
                    found += [self._make(checked.Logic("and", some)) for some in combinations(several, number)]
                case checked.Contains(mode="any") if type_of(one.operand).kind == "text":
                    found += self._looked(one)
                case _:
                    found.append(one)
        return found if 1 < len(found) <= _MOST_WAYS else ()

    def _looked(self, node: checked.Contains) -> Sequence[checked.Expression]:
        """What is looked for in a text: words apart from what detectors find."""
        detectors = tuple(one for one in node.matchers if isinstance(one, checked.DetectorRef))
        others = tuple(one for one in node.matchers if not isinstance(one, checked.DetectorRef))
        if not detectors or not others:
            return (node,)
        return [self._make(replace(node, matchers=some)) for some in (others, detectors)]

    def _make(self, node: checked.Expression) -> checked.Expression:
        self._made.append(node)
        return node
