"""The measures of a rulebook once every rule is known: how far each need be counted, and its stable name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from communityrules.checker import canonical, checked
from communityrules.checker.walk import parts, walk
from communityrules.frozen import replace

_COUNTED = ("count", "distinct", "similar")


def measures(
    found: tuple[checked.Aggregate, ...],
    roots: Iterable[checked.Expression],
    boards: Iterable[checked.Leaderboard],
    meanings: Mapping[str, Mapping[str, Any]],
    zone: str,
) -> tuple[checked.Aggregate, ...]:
    """The measures with their limits and names. `roots` are all conditions that may read one, `meanings[kind][name]`
    is what the canonical form says of a name."""
    limit = limits(roots, meanings["parameter"], found)
    limit.update({one.aggregate: None for one in boards})
    return finished(found, limit, meanings, zone)


def limits(
    roots: Iterable[checked.Expression],
    parameters: Mapping[str, checked.Parameter],
    measures: tuple[checked.Aggregate, ...],
) -> dict[int, int | None]:
    """For every measure that counts, the number at which counting may stop: no expression can tell more from it.

    None where an expression reads the exact number. A measure that nothing reads has no entry.
    """
    found: dict[int, int | None] = {}
    if not measures:
        return found

    def note(index: int, limit: int | None) -> None:
        known = found.get(index, 0)
        found[index] = None if known is None or limit is None else max(known, limit)

    rest = list(roots)
    while rest:
        one = rest.pop()
        if isinstance(one, checked.AggregateRef):
            # Not under a comparison that was dealt with below: its exact value is read.
            note(one.index, None)
        compared = _compared(one)
        if compared is not None:
            for measure, limit in _thresholds(one, compared, parameters):
                note(measure.index, limit)
                rest.extend(measure.keys)
            rest.extend(part for part in compared if not isinstance(part, checked.AggregateRef))
        else:
            rest.extend(parts(one))
    return {index: limit for index, limit in found.items() if measures[index].function in _COUNTED}


def _compared(one: checked.Expression) -> tuple[checked.Expression, ...] | None:
    if isinstance(one, checked.Compare | checked.InRange | checked.OneOf):
        return parts(one)
    return None


def _thresholds(
    one: checked.Expression, operands: tuple[checked.Expression, ...], parameters: Mapping[str, checked.Parameter]
) -> list[tuple[checked.AggregateRef, int | None]]:
    """Every measure that a comparison reads, with the number that it need be counted to."""
    measures = [part for part in operands if isinstance(part, checked.AggregateRef)]
    if len(measures) != 1:
        return [(part, None) for part in measures]
    measure = measures[0]
    values: list[int | Decimal] = []
    for part in operands:
        if part is measure:
            continue
        known = _numbers(part, parameters)
        if known is None:
            return [(measure, None)]
        values.extend(known)
    if isinstance(one, checked.OneOf) and any(isinstance(item, checked.ListRef) for item in one.items):
        return [(measure, None)]
    return [(measure, max((_beyond(one, measure, value) for value in values), default=0))]


def _numbers(part: checked.Expression, parameters: Mapping[str, checked.Parameter]) -> list[int | Decimal] | None:
    """What a constant or a parameter can be; None when that is not known before judging."""
    if isinstance(part, checked.Const):
        raw: list[Any] = [part.value]
    elif isinstance(part, checked.ParameterRef) and part.name in parameters:
        raw = [value for _, value in parameters[part.name].values]
    else:
        return None
    numbers: list[int | Decimal] = [
        value for value in raw if isinstance(value, int | Decimal) and not isinstance(value, bool)
    ]
    return numbers if len(numbers) == len(raw) and all(-(10**9) < one < 10**9 for one in numbers) else None


def _beyond(one: checked.Expression, measure: checked.AggregateRef, value: int | Decimal) -> int:
    """The smallest whole number that a comparison with this value cannot tell from any larger one."""
    exact = Decimal(value)
    first = int(exact.to_integral_value(ROUND_CEILING))
    over = int(exact.to_integral_value(ROUND_FLOOR)) + 1
    if isinstance(one, checked.Compare):
        operator = one.operator
        on_left = one.left is measure
        if operator in ((">=", "<") if on_left else ("<=", ">")):
            return max(first, 0)
    return max(over, 0)


def finished(
    measures: tuple[checked.Aggregate, ...],
    limit: Mapping[int, int | None],
    meanings: Mapping[str, Mapping[str, Any]],
    zone: str,
) -> tuple[checked.Aggregate, ...]:
    """The measures with their limits and names. `meanings[kind][name]` is what the canonical form says of a name."""
    return tuple(
        replace(one, limit=limit.get(index), id=canonical.measure_id(one, _referred(one, meanings), zone))
        for index, one in enumerate(measures)
    )


def _referred(measure: checked.Aggregate, meanings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The forms of all that a measure names, however indirectly."""
    found: dict[str, Any] = {}
    window = measure.window.length if isinstance(measure.window, checked.SlidingWindow) else None
    parts = (measure.value, *measure.keys, measure.where, window if not isinstance(window, int) else None)
    rest: list[checked.Expression] = [one for one in parts if one is not None]
    while rest:
        for one in walk(rest.pop()):
            for kind, name in _names(one):
                key = f"{kind} {name}"
                meaning = meanings.get(kind, {}).get(name)
                if key in found or meaning is None:
                    continue
                found[key] = canonical.form(meaning)
                if kind in ("definition", "group"):
                    rest.append(meaning)
    return found


def _names(one: checked.Expression) -> list[tuple[str, str]]:
    match one:
        case checked.ParameterRef():
            return [("parameter", one.name)]
        case checked.DefinitionRef():
            return [("definition", one.name)]
        case checked.InGroup():
            return [("group", one.group)]
        case checked.Contains():
            return [("list", item.name) for item in one.matchers if isinstance(item, checked.ListRef)]
        case checked.OneOf() | checked.Affix():
            return [("list", item.name) for item in one.items if isinstance(item, checked.ListRef)]
        case _:
            return []
