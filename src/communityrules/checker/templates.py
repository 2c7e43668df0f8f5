"""Templates in time: which texts of a name hold when."""

from __future__ import annotations

from collections.abc import Iterable

from communityrules.checker import checked, dates
from communityrules.checker.header import Head
from communityrules.language import tree


def in_order(nodes: Iterable[tree.TemplateDeclaration]) -> list[tree.TemplateDeclaration]:
    """Templates of one name by the day from which they hold; one without such a day comes first."""
    return sorted(nodes, key=lambda one: (one.start is not None, one.start.value if one.start is not None else None))


def versions_of(nodes: Iterable[tree.TemplateDeclaration], head: Head) -> tuple[checked.DatedTexts, ...]:
    """The texts of one name in the order of time. Each holds through its last day, else until the next begins."""
    ordered = in_order(nodes)
    starts = [dates.midnight(one.start.value, head.zone) if one.start is not None else None for one in ordered]
    found: list[checked.DatedTexts] = []
    for at, one in enumerate(ordered):
        end = dates.after(one.end.value, head.zone) if one.end is not None else None
        following = starts[at + 1] if at + 1 < len(ordered) else None
        if following is not None and (end is None or end > following):
            end = following  # an overlap has been reported
        found.append(checked.DatedTexts(starts[at], end, {each.language: each.text.value for each in one.texts}))
    return tuple(found)
