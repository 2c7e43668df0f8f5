"""What the engine core and the consequences hand each other while one event or timer is handled."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Protocol, TypeAlias, TypeVar

from communityrules.checker.checked import Origin
from communityrules.compiler.facts import Facts
from communityrules.compiler.match import Match
from communityrules.engine.transaction import Transaction
from communityrules.model.decision import (
    STRICTNESS,
    Case,
    Duty,
    LabelChange,
    Notice,
    Outcome,
    PointsChange,
    RuleFailure,
    Sanction,
    Verdict,
)
from communityrules.model.event import Event
from communityrules.model.values import Value

_State = TypeVar("_State", Duty, Case)
#: Outcomes, and the strictest verdict of those that have effect.
Told: TypeAlias = tuple[tuple[Outcome, ...], Verdict]


class Parts:
    """A decision while it is being put together: everything but the envelope, each list in the order of the wire."""

    __slots__ = ("cases", "duties", "errors", "labels", "notices", "outcomes", "points", "sanctions", "verdict")

    # Written out: one is made for every event.
    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.sanctions: list[Sanction] = []
        self.duties: list[Duty] = []
        self.cases: list[Case] = []
        self.notices: list[Notice] = []
        self.points: list[PointsChange] = []
        self.labels: list[LabelChange] = []
        self.errors: list[RuleFailure] = []
        #: What the outcomes come to; `raise_to` makes it stricter.
        self.verdict: Verdict = "allow"

    def raise_to(self, verdict: Verdict) -> None:
        """Take a verdict when it is stricter than the one so far."""
        if STRICTNESS[verdict] > STRICTNESS[self.verdict]:
            self.verdict = verdict


def put(told: list[_State], one: _State) -> None:
    """Put the state of a duty or a case among those that a decision tells, in place of an earlier state of it."""
    for at, before in enumerate(told):
        if before.id == one.id:
            told[at] = one
            return
    told.append(one)


class Judge(Protocol):
    """What the engine core offers while one event or timer of one community is handled."""

    def observe(self, event: Event) -> None:
        """Record an event in the windows, at its own time.

        The core observes the host's event itself, after `prepare`. Raised events (`breach`, `late`, `alert`,
        `settled`, `sanctioned`) are observed by who raises them, each right before it is evaluated: what is observed
        counts in every answer given from then on, but the newest observed event is left out of `last` and `since`.
        """

    def fed(self) -> list[Any]:
        """What the `breach` or `sanctioned` observed last was to the measures, for `revoke`, in plain values."""

    def revoke(self, fed: Iterable[Any]) -> None:
        """Have the measures forget events, as `fed` told of them."""

    def facts(self, event: Event, closing: bool = False) -> Facts:
        """Facts at the time of an event. Events at later times do not count.

        `closing` is for a period judged at its end, where `event.time` is that end: calendar windows are those of the
        unit that ends there, and what happened at the end itself or later does not count.
        """

    def keys(self, measure: int) -> Collection[tuple[Value, ...]]:
        """Every key of which a measure keeps anything, in no order; some may be of what its window has left."""


class Consequences(Protocol):
    """What follows from an event or a timer. `engine.consequences.Consequences(evaluator)` is the real one."""

    def state(self, tx: Transaction, name: str) -> str:
        """The value that a state of the community has at `tx.now`: what `Facts.state` answers."""

    def size(self, tx: Transaction, group: str, facts: Facts) -> int:
        """How many known members are in a group at `tx.now`: what `Facts.size` answers."""

    def reader(self, index: int) -> tuple[str, Origin]:
        """The first rule that reads a measure, and where it stands; "" and nowhere when none does."""

    def prepare(self, tx: Transaction, event: Event) -> bool:
        """Give the event its subject, and what the community knows of the people in it: `joined`, labels, points.

        Whether it is an ordinary one, which `handle_event` is told again: nothing is owed, its sender is not silenced.
        Called once for a host's event, before it is observed. May change state (facts learnt from a join or profile)
        and schedule what begins with the community's first event.
        """

    def handle_event(self, tx: Transaction, event: Event, heard: str, judge: Judge, ordinary: bool) -> Parts | None:
        """All that follows from a prepared and observed event; None when nothing does."""

    def told(self, event: Event, match: Match) -> Told | None:
        """What the rules answer to an ordinary event, where nothing but outcomes follows from it; else None."""

    def answer(self, tx: Transaction, event: Event, judge: Judge, match: Match) -> Parts | None:
        """All that follows from what the rules answer to an ordinary event; None when nothing does."""

    def follow(self, tx: Transaction, event: Event, judge: Judge, match: Match) -> Parts | None:
        """The same of what `told` has not told."""

    def handle_timer(self, tx: Transaction, what: str, key: str, due: int, judge: Judge) -> Parts | None:
        """All that follows from a timer; None when nothing does and no decision is to be given.

        The timer has been taken off before the call; `tx.now` is `due`.
        """
