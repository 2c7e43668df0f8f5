"""One event or timer of one community: from what happened to a decision, or to nothing at all."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from communityrules.compiler.reasons import reason_of
from communityrules.engine.errors import FAILED, EventError
from communityrules.engine.measures import Measure
from communityrules.engine.parts import Consequences, Parts
from communityrules.engine.working_set import WorkingSet
from communityrules.model.decision import Decision, RulebookRef, RuleFailure, Timer
from communityrules.model.event import Event
from communityrules.model.values import Value
from communityrules.stores.errors import StoreError


class StoredFacts(Struct):
    """Facts of one community as of an instant. A struct because one is made for every event."""

    _judging: Judging
    _measures: list[Measure[Any]]
    _time: int
    _closing: bool = False

    def aggregate(self, index: int, key: tuple[Value, ...]) -> Value:
        try:
            return self._measures[index].answer(key, self._time, self._closing)
        except StoreError as error:
            self._judging.unanswered = error
            raise

    def state(self, name: str) -> str:
        judging = self._judging
        try:
            return judging.consequences.state(judging.work, name)
        except StoreError as error:
            judging.unanswered = error
            raise


class Judging:
    """Judges events and timers of one community, one after another. Is the `Judge` that consequences are handed."""

    __slots__ = ("_facts", "_failures", "consequences", "rulebook", "unanswered", "work")

    def __init__(self, work: WorkingSet, consequences: Consequences, rulebook: RulebookRef) -> None:
        self.work = work
        self.consequences = consequences
        self.rulebook = rulebook
        #: A failure of the store that a rule may have swallowed: what was decided without an answer does not stand.
        self.unanswered: StoreError | None = None
        self._failures: list[RuleFailure] | None = None
        #: The facts given last, by the event that they are for.
        self._facts: tuple[Event, StoredFacts] | None = None

    def event(self, event: Event) -> Decision:
        """Judge an event. Raises EventError or StoreError, and then nothing has changed."""
        work, consequences = self.work, self.consequences
        time = event.time
        late = time < work.standing.clock
        work.begin(time, event.id)
        try:
            ordinary = consequences.prepare(work, event)
            facts = StoredFacts(self, work.windows.measures, time)
            self._facts = (event, facts)
            failures = work.windows.observe(event, facts)
            if failures:
                self._failures = failures
            parts = consequences.handle_event(work, event, self, ordinary)
            if self.unanswered is not None:
                raise self.unanswered
            work.settle()
        except Exception as error:
            self._roll_back()
            if isinstance(error, StoreError):
                raise
            raise EventError(FAILED, event=event.id, reason=reason_of(error)) from error
        except BaseException:
            self._roll_back()
            raise
        if parts is None:
            if not self._failures:
                return Decision(
                    event.id, time, work.community, self.rulebook, "allow", (), (), (), (), (), (), (), (), late
                )
            parts = Parts()
        return self._decision(event.id, time, parts, late)

    def timer(self, due: int, what: str, key: str) -> Decision | None:
        """Fire the timer that is next. Raises StoreError, and then nothing has changed."""
        work = self.work
        name = Timer(f"{what}/{key}/{due}".replace("\t", "/"), what)
        work.begin(due, name.id)
        work.unschedule(what, key)
        try:
            parts = self.consequences.handle_timer(work, what, key, due, self)
            if self.unanswered is not None:
                raise self.unanswered
            work.settle()
        except Exception as error:
            self._roll_back()
            if isinstance(error, StoreError):
                raise
            # A timer cannot be sent again: it ends here, and its decision says so.
            work.begin(due, name.id)
            work.unschedule(what, key)
            work.settle()
            parts = Parts()
            parts.errors.append(RuleFailure("", "", 0, reason_of(error)))
        except BaseException:
            self._roll_back()
            raise
        if parts is None:
            self._failures = None
            return None
        return self._decision(name, due, parts, False)

    def observe(self, event: Event) -> None:
        facts = StoredFacts(self, self.work.windows.measures, event.time)
        self._facts = (event, facts)
        failures = self.work.windows.observe(event, facts)
        if failures:
            self._failures = [*(self._failures or ()), *failures]

    def facts(self, event: Event, closing: bool = False) -> StoredFacts:
        given = self._facts
        if given is not None and given[0] is event and not closing:
            return given[1]
        return StoredFacts(self, self.work.windows.measures, event.time, closing)

    def _roll_back(self) -> None:
        self.work.roll_back()
        self._failures = None
        self.unanswered = None

    def _decision(self, about: str | Timer, time: int, parts: Parts, late: bool) -> Decision:
        if self._failures:
            parts.errors.extend(self._failures)
            self._failures = None
        if not (
            parts.outcomes or parts.sanctions or parts.duties or parts.cases or parts.notices or parts.points
            or parts.labels or parts.errors
        ):  # fmt: skip
            return Decision(about, time, self.work.community, self.rulebook, parts.verdict, late=late)
        return Decision(
            about,
            time,
            self.work.community,
            self.rulebook,
            parts.verdict,
            tuple(parts.outcomes),
            tuple(parts.sanctions),
            tuple(parts.duties),
            tuple(parts.cases),
            tuple(parts.notices),
            tuple(parts.points),
            tuple(parts.labels),
            tuple(parts.errors),
            late,
        )
