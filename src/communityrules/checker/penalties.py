"""Penalties: the ladder from offences to sanctions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communityrules.checker import amounts, checked
from communityrules.checker.actions import Actions, origin
from communityrules.checker.context import GROUP
from communityrules.checker.proportion import read_caps
from communityrules.language import tree

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver


def read_penalties(resolver: Resolver, actions: Actions) -> dict[str, checked.Penalty]:
    """Every penalty that is sound enough to be used; whether its steps can be reached is for a check of its own."""
    found: dict[str, checked.Penalty] = {}
    for name, node in resolver.scope.declared.get("penalty", {}).items():
        over = amounts.length(node.over, resolver) if node.over is not None else None
        appeal = None
        for line in node.lines:
            if isinstance(line, tree.Appeal):
                resolver.scope.has_group(line.group)
                within = amounts.length(line.within, resolver) if line.within is not None else None
                appeal = checked.Appeal(line.times, line.group.text, within)
        found[name] = checked.Penalty(
            name, over, _steps(node, actions), appeal, origin(node.span), read_caps(node, resolver)
        )
    return found


def _steps(node: tree.PenaltyDeclaration, actions: Actions) -> tuple[checked.PenaltyStep, ...]:
    """Steps by number. Where no `then on` follows, the last step goes on for all later offences."""
    lines = [one for one in node.lines if isinstance(one, tree.PenaltyStep)]
    numbers = [one.when for one in lines if isinstance(one.when, int)]
    top = max(numbers, default=0)
    goes_on = any(one.when == "then_on" for one in lines)
    found: list[checked.PenaltyStep] = []
    for line in lines:
        resolved = actions.several(line.actions, GROUP)
        if line.when == "always":
            found.append(checked.PenaltyStep(1, None, resolved))
        elif line.when == "then_on":
            found.append(checked.PenaltyStep(top + 1, None, resolved))
        elif isinstance(line.when, int):
            last = None if line.when == top and not goes_on else line.when
            found.append(checked.PenaltyStep(line.when, last, resolved))
    return tuple(sorted(found, key=lambda one: one.first))
