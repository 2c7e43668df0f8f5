"""One event or timer of one community: from what happened to a decision, or to nothing at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NoReturn

from communityrules.compiler.match import Match
from communityrules.compiler.reasons import reason_of
from communityrules.engine import members
from communityrules.engine.errors import FAILED, EventError
from communityrules.engine.measures import Measure
from communityrules.engine.parts import Consequences, Parts
from communityrules.engine.plain import from_plain, to_plain
from communityrules.engine.working_set import WorkingSet
from communityrules.kernel import quick
from communityrules.model.decision import Decision, RulebookRef, RuleFailure, Timer
from communityrules.model.event import Event, Member
from communityrules.model.values import Value
from communityrules.stores.errors import StoreError
from communityrules.stores.protocol import is_plain


@quick
class StoredFacts:
    """Facts of one community as of an instant."""

    __slots__ = ("_closing", "_judging", "_measures", "asked", "time", "unread")

    def __init__(self, judging: Judging, measures: list[Measure[Any]], time: int, closing: bool = False) -> None:
        self._judging = judging
        self._measures = measures
        self.time = time
        self._closing = closing
        #: Measures for which the event could not be read, with the reason; whoever asks for one of them fails as well.
        self.unread: dict[int, Exception] | None = None
        #: Which of them have been asked for.
        self.asked: frozenset[int] = frozenset()

    def aggregate(self, index: int, key: tuple[Value, ...]) -> Value:
        if self.unread and index in self.unread:
            self.asked |= {index}
            # As if it were raised here: where it was raised first is no line of the rule that asks.
            raise self.unread[index].with_traceback(None)
        try:
            return self._measures[index].answer(key, self.time, self._closing)
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

    def member(self, id: str) -> Member:
        judging = self._judging
        try:
            return members.find(judging.work, id)
        except StoreError as error:
            judging.unanswered = error
            raise

    def size(self, group: str) -> int:
        judging = self._judging
        try:
            return judging.consequences.size(judging.work, group, self)
        except StoreError as error:
            judging.unanswered = error
            raise


@quick
class Judging:
    """Judges events and timers of one community, one after another. Is the `Judge` that consequences are handed."""

    __slots__ = ("_event", "_facts", "_partial", "caught_up", "consequences", "plain", "rulebook", "unanswered", "work")

    def __init__(self, work: WorkingSet, consequences: Consequences, rulebook: RulebookRef) -> None:
        self.work = work
        self.consequences = consequences
        self.rulebook = rulebook
        #: A failure of the store that a rule may have swallowed: what was decided without an answer does not stand.
        self.unanswered: StoreError | None = None
        #: Whether the last decision of an event only allows it.
        self.plain = True
        #: Whether `run` has handed out in this session whatever comes before the community's new events.
        self.caught_up = False
        #: Facts that miss something of their event.
        self._partial: list[StoredFacts] = []
        #: The event at hand and the facts about it; used again for the next event where nothing was missing.
        self._event: Event | None = None
        self._facts = StoredFacts(self, work.windows.measures, 0)

    def event(self, event: Event) -> Decision:
        """Judge an event. Raises EventError or StoreError, and then nothing has changed."""
        work, consequences = self.work, self.consequences
        late = work.begin(event.time, event.id)
        try:
            ordinary = consequences.prepare(work, event)
            heard = event.type
            if heard == "message":
                heard = event.heard_as
            unread = work.windows.observe(event, heard, self._turn_to(event))
            if unread is not None:
                self._note(unread)
            parts = consequences.handle_event(work, event, heard, self, ordinary)
            self._settle()
        except BaseException as error:  # noqa: BLE001  # it is raised again there
            self.fail(event, error)
        return self._decided(event, parts, late)

    # The same from where the kernel leaves it (see `engine.kernel`).

    def rest(self, event: Event, heard: str, ordinary: bool, late: bool) -> Decision:
        """What is left of `event` once that is prepared and observed."""
        try:
            parts = self.consequences.handle_event(self.work, event, heard, self, ordinary)
            self._settle()
        except BaseException as error:  # noqa: BLE001  # it is raised again there
            self.fail(event, error)
        return self._decided(event, parts, late)

    def matched(self, event: Event, match: Match, late: bool) -> Decision:
        """What is left of `event` once the rules have answered to an ordinary one."""
        parts = None
        try:
            told = self.consequences.told(event, match) if not self._partial else None
            if told is None:
                parts = self.consequences.follow(self.work, event, self, match)
            self._settle()
        except BaseException as error:  # noqa: BLE001  # it is raised again there
            self.fail(event, error)
        if told is None:
            return self._decided(event, parts, late)
        self.plain = False
        outcomes, verdict = told
        return Decision(event.id, event.time, self.work.community, self.rulebook, verdict, outcomes, late=late)

    def fail(self, event: Event, error: BaseException) -> NoReturn:
        """Take back what an event did, and say why."""
        self._roll_back()
        if isinstance(error, StoreError) or not isinstance(error, Exception):
            raise error
        raise EventError(FAILED, event=event.id, reason=reason_of(error)) from error

    def _settle(self) -> None:
        if self.unanswered is not None:
            raise self.unanswered
        self.work.settle()

    def _decided(self, event: Event, parts: Parts | None, late: bool) -> Decision:
        if parts is None:
            if not self._partial:
                self.plain = True
                if not late:
                    return Decision(event.id, event.time, self.work.community, self.rulebook, "allow")
                return Decision(event.id, event.time, self.work.community, self.rulebook, "allow", late=True)
            parts = Parts()
        decision = self._decision(event.id, event.time, parts, late)
        self.plain = is_plain(decision)
        return decision

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
            self._partial.clear()
            return None
        return self._decision(name, due, parts, False)

    def observe(self, event: Event) -> None:
        unread = self.work.windows.observe(event, event.heard_as, self._turn_to(event))
        if unread is not None:
            self._note(unread)

    def fed(self) -> list[Any]:
        return [to_plain(one) for one in self.work.windows.fed]

    def revoke(self, fed: Iterable[Any]) -> None:
        try:
            self.work.windows.revoke(from_plain(one) for one in fed)
        except StoreError as error:
            self.unanswered = error
            raise

    def keys(self, measure: int) -> Collection[tuple[Value, ...]]:
        try:
            return self.work.windows.measures[measure].keys()
        except StoreError as error:
            self.unanswered = error
            raise

    def _turn_to(self, event: Event) -> StoredFacts:
        """The facts about an event that is now at hand."""
        self._event = event
        facts = self._facts
        if facts.unread is None:
            facts.time = event.time
        else:
            facts = self._facts = StoredFacts(self, self.work.windows.measures, event.time)
        return facts

    def _note(self, unread: dict[int, Exception]) -> None:
        self._facts.unread = unread
        self._partial.append(self._facts)

    def facts(self, event: Event, closing: bool = False) -> StoredFacts:
        if self._event is event and not closing:
            return self._facts
        return StoredFacts(self, self.work.windows.measures, event.time, closing)

    def _roll_back(self) -> None:
        self.work.roll_back()
        self._partial.clear()
        self.unanswered = None

    def _unasked(self) -> Iterator[RuleFailure]:
        """What could not be read for measures that no rule has asked for now: a later answer will lack it."""
        for facts in self._partial:
            for index, error in (facts.unread or {}).items():
                if index not in facts.asked:
                    aggregate = self.work.windows.measures[index].aggregate
                    rule, origin = self.consequences.reader(index)
                    yield RuleFailure(rule, origin.file, origin.line, reason_of(error, aggregate.what))

    def _decision(self, about: str | Timer, time: int, parts: Parts, late: bool) -> Decision:
        if self._partial:
            parts.errors.extend(self._unasked())
            self._partial.clear()
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
