"""Which month of a rulebook is simulated: the one in which most of its dates lie."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from communityrules import Rulebook

DAYS: Final = 31
#: With the turn of a month and of a quarter in it, and for most rulebooks nothing else.
USUAL: Final = (2026, 6, 15)
#: Days before a date at which the month may begin.
_AHEAD: Final = 12


def start_of(rulebook: Rulebook) -> datetime:
    """The first midnight of the month in the rulebook's zone."""
    edges = [datetime.fromtimestamp(one / 1_000_000, tz=rulebook.zone) for one in _instants(rulebook)]
    starts = [datetime(*USUAL, tzinfo=rulebook.zone)]
    starts += [(one - timedelta(days=_AHEAD)).replace(hour=0, minute=0) for one in edges]

    def inside(start: datetime) -> int:
        return sum(start <= one < start + timedelta(days=DAYS) for one in edges)

    # The first of the best: the usual month where nothing speaks for another.
    return max(starts, key=inside)


def _instants(rulebook: Rulebook) -> list[int]:
    book = rulebook.checked
    rules = [one for rule in book.rules for one in (rule.start, rule.end, rule.trial_end, rule.grace_end)]
    values = [instant for one in book.parameters.values() for instant, _ in one.values]
    dated = [texts for template in book.templates.values() for texts in template.dated]
    texts = [one for of in dated for one in (of.start, of.end)]
    # What holds from the published day on is not to be seen beginning.
    return [one for one in (*rules, *values, *texts) if one is not None and one != book.published]
