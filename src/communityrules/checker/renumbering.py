"""The measures of a rulebook after a change: their numbers, by who reads them first, in all that reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from communityrules.checker import checked, finishing
from communityrules.checker.basis import read_in_order
from communityrules.checker.looked import Looked
from communityrules.checker.looking import UnlikeError
from communityrules.checker.written import Splice
from communityrules.frozen import replace


def measured(
    looked: Looked, rulebook: checked.Rulebook, splices: list[Splice], read: frozenset[str]
) -> tuple[checked.Rulebook, list[Splice]]:
    """The rulebook with its measures numbered, limited and named by all that reads them; and all that differs of
    its rules then. `read`: ids of the rules that read any."""
    before = looked.choice.basis.rulebook
    known, old = looked.book.measures, before.aggregates
    rules = [one for one in rulebook.rules if one.id in read]
    whats = read_in_order(rulebook.groups, rules, rulebook.definitions, rulebook.leaderboards)
    if any(what and number < len(old) and old[number].what != what for number, what in whats.items()):
        # Told in other words by whoever reads it first.
        raise UnlikeError
    numbers = {number: place for place, number in enumerate(whats)}
    if list(numbers) != list(range(len(numbers))):
        rulebook, splices = _all_renumbered(before.rules, rulebook, splices, numbers, read)
        rules = [one for one in rulebook.rules if one.id in read]
    roots = [one.condition for one in rules if one.condition is not None]
    meanings: dict[str, Mapping[str, Any]] = {
        "parameter": rulebook.parameters, "definition": rulebook.definitions, "group": rulebook.groups,
        "list": rulebook.lists,
    }  # fmt: skip
    found = finishing.measures(
        tuple(known[number] for number in numbers),
        [*roots, *rulebook.definitions.values(), *rulebook.groups.values()],
        rulebook.leaderboards,
        meanings,
        rulebook.timezone,
    )
    measures = tuple(
        old[number] if number < len(old) and _same_measure(old[number], one) else one
        for number, one in zip(numbers, found, strict=True)
    )
    if len(measures) == len(old) and all(one is other for one, other in zip(measures, old, strict=True)):
        measures = old
    return replace(rulebook, aggregates=measures), splices


def _all_renumbered(
    old: tuple[checked.Rule, ...],
    rulebook: checked.Rulebook,
    splices: list[Splice],
    numbers: Mapping[int, int],
    read: frozenset[str],
) -> tuple[checked.Rulebook, list[Splice]]:
    """The rulebook with other numbers of measures, and all that differs of its rules then."""
    rules: list[checked.Rule] = []
    found: list[Splice] = []
    at = 0
    for start, end, made in (*splices, (len(old), len(old), ())):
        for place in range(at, start):
            one = rulebook.rules[len(rules)]
            rules.append(_renumbered(one, numbers) if one.id in read else one)
            if rules[-1] != one:
                found.append((place, place + 1, [rules[-1]]))
        again = [_renumbered(one, numbers) if one.id in read else one for one in made]
        rules += again
        if again or end > start:
            found.append((start, end, again))
        at = end
    boards = tuple(replace(one, aggregate=numbers[one.aggregate]) for one in rulebook.leaderboards)
    return replace(
        rulebook,
        rules=tuple(rules),
        leaderboards=boards if boards != rulebook.leaderboards else rulebook.leaderboards,
        definitions={name: _renumbered(one, numbers) for name, one in rulebook.definitions.items()},
        groups={name: _renumbered(one, numbers) for name, one in rulebook.groups.items()},
    ), found


def _same_measure(one: checked.Aggregate, other: checked.Aggregate) -> bool:
    return one == other and one.limit == other.limit and one.id == other.id


def _renumbered(value: Any, numbers: Mapping[int, int]) -> Any:
    """A record with all its measures renumbered; the same object where none has another number."""
    if isinstance(value, tuple):
        found = tuple([_renumbered(one, numbers) for one in value])
        return value if all(one is other for one, other in zip(found, value, strict=True)) else found
    if not is_dataclass(value):
        return value
    changes: dict[str, Any] = {}
    for one in fields(value):
        before = getattr(value, one.name)
        after = _renumbered(before, numbers)
        if after is not before:
            changes[one.name] = after
    if isinstance(value, checked.AggregateRef) and numbers[value.index] != value.index:
        changes["index"] = numbers[value.index]
    return replace(value, **changes) if changes else value
