"""What an evaluator answers: hits, failures, and what a measure is fed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from communityrules.checker import checked
from communityrules.compiler.facts import Facts
from communityrules.model.decision import Evidence, RuleFailure
from communityrules.model.event import Event
from communityrules.model.values import Value


class Hit(Struct, frozen=True):
    """One rule that matched."""

    rule: checked.Rule
    #: Plain JSON values, `kind` first; see `communityrules.compiler.evidence`.
    evidence: tuple[Evidence, ...]
    #: The rule was on trial at the judged instant: it only records.
    trial: bool
    #: The id of the rule that takes the effect of this one away, if any.
    overridden_by: str | None = None


class Match(Struct, frozen=True):
    """Every rule that matched one event, in the order of the rulebook, and every rule that failed."""

    hits: tuple[Hit, ...] = ()
    errors: tuple[RuleFailure, ...] = ()


NOTHING: Final = Match()


@dataclass(frozen=True, slots=True)
class Feed:
    """How events of one type feed one measure."""

    #: Index into `Rulebook.aggregates`.
    index: int
    #: For `sequence`: which place in the order events of this type take, from 0. Otherwise 0.
    stage: int
    #: `observe(event, facts)`: the key and the value to count, sum or remember (None for `count`, `since` and
    #: `sequence`), or None when the event is not counted. Reads the counted event as if it were judged; raises what
    #: the rulebook's own functions raise.
    observe: Callable[[Event, Facts], tuple[tuple[Value, ...], Value] | None]
