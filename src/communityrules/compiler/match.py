"""What an evaluator answers: hits, failures, and what a measure is fed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

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
    #: The rule's text was new at the judged instant: it only reminds.
    grace: bool = False


class Match(Struct, frozen=True):
    """Every rule that matched one event, in the order of the rulebook, and every rule that failed."""

    hits: tuple[Hit, ...] = ()
    errors: tuple[RuleFailure, ...] = ()


NOTHING: Final = Match()


#: Takes what one measure is fed: the key, the instant, the value to sum or remember (None for `count`, `since` and
#: `sequence`; for `similar` the text and the event's id), and for `sequence` the places in the order that the event
#: takes, from the last to the first, else (0,).
Sink = Callable[[tuple[Value, ...], int, Value, tuple[int, ...]], None]
#: Takes the index of a measure for which an event could not be read, and why.
Failed = Callable[[int, Exception], None]


class Tally(Protocol):
    """A `count` as generated code feeds it itself, sparing a call, where the event is the newest of its community.

    A cell is the instant of its only event, or has all of them in order as `stamps`.
    """

    cells: dict[Any, Any]
    #: Cells that are to be moved to `cells` before they are used.
    older: dict[Any, Any]
    #: From this instant on only `observe` may add a cell.
    turn: int

    def observe(self, key: tuple[Value, ...], time: int, value: Value, stages: tuple[int, ...]) -> None:
        """What a sink does. For all that generated code leaves alone; so is every sixteenth instant of a cell."""


#: Where a text of an event stands: in `event`, `subject`, `sender` or `message` (that of the subject), and under which
#: name there. `subject or sender` and `message or own` are the event's own where it has no other.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Observer:
    """What events of one type feed, all measures at once. Reads the counted event as if it were judged."""

    #: Indices into `Rulebook.aggregates`, each once, in their order.
    indices: tuple[int, ...]
    #: Functions, each with the measures that it feeds by their places in `indices`: from, to. Several, because Python
    #: slows down on very long functions. `(event, facts, sinks, failed)`: hands the sink of each measure what it is
    #: fed, if anything. What the rulebook's own functions raise harms one measure only, and goes to `failed`.
    #: Two more may follow: for each measure its `Tally`, where it is one, and what takes how to undo what was done to
    #: it without the sink: the key, the cell of which the last instant is to go, None where the cell is to, and it.
    parts: tuple[tuple[Callable[..., None], int, int], ...]
    #: Where these measures are counts of events that have a key, whatever else they say, and the keys are texts that
    #: stand in the event: for each of `indices` where those are. Who feeds counts by these may leave out `parts`.
    keys: tuple[tuple[Place, ...], ...] | None = None

    def fed(self, event: Event, facts: Facts) -> list[tuple[int, tuple[int, ...], tuple[Value, ...], Value]]:
        """What an event feeds, written down: index of the measure, places, key, value. Raises what functions raise."""
        found: list[tuple[int, tuple[int, ...], tuple[Value, ...], Value]] = []

        def sink(index: int, key: tuple[Value, ...], _: int, value: Value, stages: tuple[int, ...]) -> None:
            found.append((index, stages, key, value))

        def failed(_: int, error: Exception) -> None:
            raise error

        for part, first, end in self.parts:
            part(event, facts, tuple(partial(sink, index) for index in self.indices[first:end]), failed)
        return found
