"""Consequences that a rule borrows from others: `as rule N`."""

from __future__ import annotations

from typing import Final

from communityrules.checker import checked
from communityrules.checker.rules import Judged
from communityrules.frozen import replace
from communityrules.language import tree

#: How many rules may borrow one from the next.
LONGEST_LOAN: Final = 50


def borrow(found: list[Judged]) -> list[Judged]:
    """Replaces `as rule N` by what rule N does at the same time, cutting versions where that changes."""
    by_id: dict[str, list[Judged]] = {}
    for one in found:
        by_id.setdefault(one.rule.id, []).append(one)
    result: list[Judged] = []
    for one in found:
        if any(isinstance(part, tree.RuleId) for part in one.consequences):
            result.extend(_cut(one, by_id))
        else:
            result.append(one)
    return result


def _cut(one: Judged, by_id: dict[str, list[Judged]]) -> list[Judged]:
    starts = _lenders(one, by_id, set())
    cuts = sorted(
        {
            at
            for at in starts
            if (one.rule.start is None or at > one.rule.start) and (one.rule.end is None or at < one.rule.end)
        }
    )
    pieces: list[Judged] = []
    begin = one.rule.start
    for end in (*cuts, one.rule.end):
        actions = _borrowed(one, begin, by_id, set())
        if pieces and pieces[-1].rule.actions == actions:
            pieces[-1] = replace(pieces[-1], rule=replace(pieces[-1].rule, end=end))
        else:
            pieces.append(replace(one, rule=replace(one.rule, start=begin, end=end, actions=actions)))
        begin = end
    return pieces


def _lenders(one: Judged, by_id: dict[str, list[Judged]], seen: set[str]) -> list[int]:
    """The instants at which a rule that something is borrowed from changes."""
    starts: list[int] = []
    for part in one.consequences:
        if isinstance(part, tree.RuleId) and part.text not in seen and len(seen) < LONGEST_LOAN:
            seen.add(part.text)
            for lender in by_id.get(part.text, ()):
                if lender.rule.start is not None:
                    starts.append(lender.rule.start)
                starts.extend(_lenders(lender, by_id, seen))
    return starts


def _borrowed(
    one: Judged, at: int | None, by_id: dict[str, list[Judged]], seen: set[str]
) -> tuple[checked.Action, ...]:
    actions: dict[int, checked.Action] = {}
    for part in one.consequences:
        if isinstance(part, checked.Action):
            actions[len(actions)] = part
            continue
        if part.text in seen or len(seen) >= LONGEST_LOAN:
            continue
        lender = _in_force(by_id.get(part.text, []), at)
        for action in _borrowed(lender, at, by_id, seen | {part.text}) if lender is not None else ():
            if action not in actions.values():
                actions[len(actions)] = action
    return tuple(actions.values())


def _in_force(versions: list[Judged], at: int | None) -> Judged | None:
    """The version at an instant; before the first the first, after the last the last."""
    found: Judged | None = None
    for one in versions:
        if found is None or (at is not None and one.rule.start is not None and one.rule.start <= at):
            found = one
    return found
