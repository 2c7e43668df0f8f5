"""`overrides`: the only way in which a rule weakens another."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from communityrules.compiler.match import Hit


def apply(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits, those whose effect another takes away marked with its id.

    A rule on trial or in its grace takes nothing away, nor does a rule that is itself overridden; of rules that
    override each other in a circle none does. Where several override one, the first in the rulebook is named.
    """
    if not any(hit.rule.overrides for hit in hits):
        return tuple(hits)
    ids = [hit.rule.id for hit in hits]
    overriding = [at for at, hit in enumerate(hits) if hit.rule.overrides and not (hit.trial or hit.grace)]
    attackers = [[by for by in overriding if id_ in hits[by].rule.overrides and ids[by] != id_] for id_ in ids]
    standing: set[int] = set()
    fallen: dict[int, int] = {}
    settled = False
    while not settled:
        settled = True
        for at in range(len(hits)):
            if at in standing or at in fallen:
                continue
            winner = next((by for by in attackers[at] if by in standing), None)
            if winner is not None:
                fallen[at] = winner
                settled = False
            elif all(by in fallen for by in attackers[at]):
                standing.add(at)
                settled = False
    # The first in the rulebook of all that stand is named, whichever was settled first.
    marked = list(hits)
    for at in fallen:
        winner = next(by for by in attackers[at] if by in standing)
        marked[at] = replace(hits[at], overridden_by=ids[winner])
    return tuple(marked)
