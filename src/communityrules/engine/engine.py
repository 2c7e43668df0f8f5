"""The engine: events in, decisions out, over one store.

Each community lives by the time of its own events: its timers fire when an event of its own, or `advance`, reaches
their instant; at one instant timers come before events. No clock is ever read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, TypeAlias, cast

from communityrules.compiler.evaluator import Evaluator
from communityrules.engine.ahead import Ahead, Judged, Refused
from communityrules.engine.counts import Counts
from communityrules.engine.digest import body_digest
from communityrules.engine.errors import OTHER_BODY, SKEWED, EventError
from communityrules.engine.handing import Handing
from communityrules.engine.incoming import believe, own
from communityrules.engine.judging import Judging
from communityrules.engine.ledger import Ledger
from communityrules.engine.quarantine import Quarantined, quarantined
from communityrules.engine.ready import HasEvaluator, Ready, evaluator_of
from communityrules.engine.timers import in_order
from communityrules.engine.turning import turning
from communityrules.engine.working_set import WorkingSet
from communityrules.model.decision import Decision
from communityrules.model.event import Event
from communityrules.model.values import DAY, SECOND, instant
from communityrules.model.zones import format_instant, zone
from communityrules.stores.errors import CLOSED, StoreError
from communityrules.stores.protocol import Entry, Store
from communityrules.stores.table import open_store
from communityrules.wire.events import WireError, event_from_wire

#: How long an event id is remembered, in microseconds of event time, and how many of a community at most. So long
#: that a file of events can be given again from its beginning after a crash.
REMEMBER: Final = 2 * 366 * DAY
REMEMBER_IDS: Final = 1_000_000
#: Events that `run` commits together to a store that outlives the process.
BATCH: Final = 1024
#: Timers that `judge` fires between two commits.
_TIMERS_AT_ONCE: Final = 1024

#: What is decided and not handed out yet.
_Out: TypeAlias = deque[Entry | Decision | Judged]


class Engine:
    """Judges the events of any number of communities by one rulebook. For one thread at a time, `swap` for any.

    `store` is a URL (`memory:`, `sqlite:///community.db`) or a store. `remember` (microseconds of event time) and
    `remember_ids` bound how long an event id is known again. `arrival` is a host's word on when an event arrived
    (microseconds, None: not known); with it, events whose time is more than `skew` microseconds off are refused.
    Raises StoreError when the store cannot be used.
    """

    def __init__(
        self,
        rulebook: HasEvaluator | Evaluator,
        store: str | Store = "memory:",
        *,
        batch: int = BATCH,
        remember: int = REMEMBER,
        remember_ids: int = REMEMBER_IDS,
        skew: int | None = None,
        arrival: Callable[[Event], int | None] | None = None,
    ) -> None:
        self.counts = Counts()
        self._batch = max(1, batch)
        self._skew = skew
        self._arrival = arrival
        self._name = store if isinstance(store, str) else type(store).__name__
        #: The rulebook that comes in before the next event; of several the latest.
        self._next: deque[Ready] = deque(maxlen=1)
        ready = Ready(evaluator_of(rulebook))
        self._store: Store = open_store(store) if isinstance(store, str) else store
        self._store.keep_measures(ready.plan.ids)
        self._ledger = Ledger(self._store, remember, remember_ids, self._open_set)
        self._handing = Handing(self._store, self._ledger)
        self._judgings: dict[str, Judging] = {}
        self._use(ready)
        self._closed = False
        #: The latest instant and community at which `advance` has fired a timer.
        self.fired: tuple[int, str] = (-1 << 63, "")

    # --- judging -----------------------------------------------------------------------------------------------

    def judge(self, event: Event | Mapping[str, Any]) -> Decision:
        """Judge one event; the decision is durable when it is returned.

        Timers that are due fire first; their decisions wait for `advance`. An id that was judged before gives its
        first decision again. Raises WireError or EventError for an event that is not judged, StoreError when the
        store does not answer: then nothing was decided and nothing has changed.
        """
        if self._closed:
            self._open()
        try:
            taken: Any = self._turning.take(event, False) if self._turning is not None else None
            decision: Decision = taken if taken.__class__ is Decision else self._take(event, None, taken)
        except (WireError, EventError):
            self.counts.read += 1
            self.counts.quarantined += 1
            raise
        except BaseException as error:
            self._stopped(error)
            raise
        # What lives as long as the process is kept already; looking for what is to be forgotten can wait. Not so
        # decisions of timers: `run` looks for them in the store.
        ledger = self._ledger
        if not self._store.resident or ledger.timers_waiting or ledger.waiting >= self._batch:
            self._commit()
        return decision

    def run(
        self,
        events: Iterable[Event | Mapping[str, Any]],
        quarantine: Callable[[Quarantined], None] | None = None,
    ) -> Iterator[Decision]:
        """Judge a stream: the decisions of events and, before each, of the timers that it reached.

        Events that cannot be judged go to `quarantine`, if given, and are counted. On a store that outlives the
        process, events are committed in groups and decisions come out once theirs is durable; for a source that
        pauses, use `judge`, or an engine with `batch=1`. Given the same events again, after a crash or at any later
        time while their ids are remembered, the same decisions come out again, and judging goes on where it stopped.
        Raises StoreError; then whatever had not come out is to be given again.
        """
        return cast(Iterator[Decision], self._run(events, quarantine))

    def run_ahead(
        self,
        events: Iterable[Event | Judged | Refused],
        quarantine: Callable[[Quarantined], None] | None = None,
    ) -> Iterator[Decision | Judged]:
        """The same of events some of which `ahead` has judged or refused: what came of those comes out in their place,
        or goes to `quarantine`."""
        return self._run(events, quarantine)

    def ahead(self, write: Callable[[Decision], bytes]) -> Ahead | None:
        """What judges events for `run_ahead`, of lines of a file; None where the kernel judges none.

        `write` says what is to be written of a decision.
        """
        if self._turning is None:
            return None
        return Ahead(lambda: (self._turning, self._batch - self._ledger.waiting), write)

    def _run(
        self,
        events: Iterable[Event | Mapping[str, Any] | Judged | Refused],
        quarantine: Callable[[Quarantined], None] | None,
    ) -> Iterator[Decision | Judged]:
        self._open()
        hold = not self._store.resident
        ledger, counts = self._ledger, self.counts
        position = 0
        out: _Out = deque()
        try:
            for given in events:
                position += 1
                try:
                    taken: Any = self._turning.take(given, True) if self._turning is not None else None
                    if taken.__class__ is Decision:
                        decision: Decision | Judged = taken
                    elif isinstance(given, Judged):
                        decision = given
                        position += given.count - 1
                    elif isinstance(given, Refused):
                        raise given.error
                    else:
                        decision = self._take(given, out, taken)
                except (WireError, EventError) as error:
                    counts.read += 1
                    counts.quarantined += 1
                    if quarantine is not None:
                        quarantine(quarantined(position, given, error))
                else:
                    if not (hold or out):
                        # The common case in memory, without ado: one decision, for one event.
                        yield decision
                        if ledger.waiting >= self._batch:
                            self._commit()
                        continue
                    out.append(decision)
                if not hold or ledger.waiting >= self._batch or not ledger.waiting:
                    yield from self._hand_out(out)
            yield from self._hand_out(out)
        except BaseException as error:
            self._stopped(error)
            raise
        finally:
            self._handing.let_go(out)
            self._commit()

    def advance(self, until: int | datetime) -> Iterator[Decision]:
        """Timer decisions that have not been handed out, then those of all timers due up to an instant, in order.

        `until` is microseconds since the epoch or an aware datetime, and is included. Raises StoreError, and TypeError
        or ValueError for what is no instant.
        """
        self._open()
        end = _end(until)
        if self._next:
            self._change()
        self._commit()
        out: _Out = deque(self._handing.left_over(end))
        try:
            yield from self._hand_out(out)
            for entry in self._fire_all(end):
                out.append(entry)
                if self._store.resident or self._ledger.waiting >= self._batch:
                    yield from self._hand_out(out)
            yield from self._hand_out(out)
        except BaseException as error:
            self._stopped(error)
            raise
        finally:
            self._handing.let_go(out)
            self._commit()

    def log(self) -> Iterator[Decision]:
        """Every decision that the store still has, in the order in which they were made."""
        self._open()
        self._commit()
        for entry in self._store.log():
            yield entry.decision

    # --- the engine itself ---------------------------------------------------------------------------------------

    def swap(self, rulebook: HasEvaluator | Evaluator) -> None:
        """Judge by another rulebook from the next event on. Unchanged measures keep their history.

        It may be called while another thread judges: an event is judged by one rulebook or by the other, as a whole. A
        store that does not answer is told of by the next call that judges.
        """
        self._open()
        self._next.append(Ready(evaluator_of(rulebook)))

    def close(self) -> None:
        """Commit and give the store back. Closing twice does no harm."""
        if self._closed:
            return
        try:
            self._commit()
        finally:
            self._closed = True
            self._store.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- inside --------------------------------------------------------------------------------------------------

    def _use(self, ready: Ready) -> None:
        self._plan, self._consequences, self._types = ready.plan, ready.consequences, ready.types
        self._rulebook, self._timezone = ready.rulebook, ready.timezone
        self._turning = None
        if self._skew is None:
            self._turning = turning(
                ready.consequences,
                ready.rulebook,
                ready.types,
                self._judgings,
                self._ledger,
                self._handing,
                self.counts,
                self._next,
            )

    def _change(self) -> None:
        """Let in the rulebook that waits. When the store does not answer it waits on, and nothing has changed."""
        self._commit()
        ready = self._next[0]
        self._store.keep_measures(ready.plan.ids)
        self._use(ready)
        for work in self._ledger.sets():
            work.follow(self._plan)
        self._judgings.clear()
        # Unless a later one has come in its place meanwhile.
        with suppress(ValueError):
            self._next.remove(ready)

    def _open(self) -> None:
        if self._closed:
            raise StoreError(CLOSED, file=self._name)

    def _open_set(self, community: str) -> WorkingSet:
        return WorkingSet(community, self._store, self._plan)

    def _judging(self, community: str) -> Judging:
        judging = self._judgings.get(community)
        if judging is None or judging.work.gone:
            work = self._ledger.work(community)
            judging = self._judgings[community] = Judging(work, self._consequences, self._rulebook)
        return judging

    def _take(self, given: Event | Mapping[str, Any], out: _Out | None, read: Event | None) -> Decision:
        """The decision of an event that the kernel has left, counted. Timer entries go to `out` where there is one.

        `read`: the event, where the kernel has read it.
        """
        # What has been read is judged by the rulebook that it was read for; one that came in since waits.
        if read is None and self._next:
            self._change()
        event = read if read is not None else self._read(given)
        digest = event.digest or body_digest(event)
        if not event.digest and self._turning is not None:
            # Only now is it known to be one that the kernel may take.
            taken: Decision | None = self._turning.take(event, out is not None, digest)
            if taken is not None:
                return taken
        if self._skew is not None:
            self._believe(event)
        community, time = event.community, event.time
        judging = self._judgings.get(community)
        if judging is None or judging.work.gone:
            judging = self._judging(community)
        work = judging.work
        log = work.log
        if (
            (log is None or event.id in log.events)
            and work.standing.events
            and (found := self._ledger.find(work, event.id, time)) is not None
        ):  # fmt: skip
            if found.digest != digest:
                raise EventError(OTHER_BODY, event=event.id)
            if out is not None:
                out.extend(self._handing.before_again(work, found))
            self.counts.read += 1
            self.counts.duplicate += 1
            return found.decision
        if out is not None and not judging.caught_up:
            out.extend(self._handing.before_new(work))
            judging.caught_up = True
        if work.timers.soonest <= time:
            judging = self._fire(judging, time, out)
        decision = judging.event(event)
        seq = self._ledger.add_event(judging.work, event.id, digest, decision, judging.plain)
        if out is not None:
            self._handing.reached[community] = seq
        self.counts.read += 1
        self.counts.judged += 1
        self.counts.late += decision.late
        return decision

    def _read(self, given: Event | Mapping[str, Any]) -> Event:
        """An event as the engine takes it in. Raises WireError."""
        if not isinstance(given, Event):
            return event_from_wire(given, self._types)
        event = own(given)
        if not event.digest:
            believe(event, self._types)
        return event

    def _fire(self, judging: Judging, until: int, out: _Out | None) -> Judging:
        """Fire the timers of a community up to an instant. Its working set may be another one afterwards."""
        fired = 0
        while (due := judging.work.timers.next()) is not None and due[0] <= until:
            entry = self._ledger.add_timer(judging.work, judging.timer(*due))
            if entry is not None and out is not None:
                self._handing.claim(entry)
                out.append(entry)
            fired += 1
            if fired % _TIMERS_AT_ONCE == 0:
                self._commit()
                judging = self._judging(judging.work.community)
        return judging

    def _believe(self, event: Event) -> None:
        arrived = self._arrival(event) if self._arrival is not None else None
        if self._skew is not None and arrived is not None and abs(arrived - event.time) > self._skew:
            raise EventError(
                SKEWED,
                event=event.id,
                time=self._shown(event.time),
                arrived=self._shown(arrived),
                limit=str(self._skew // SECOND),
            )

    def _shown(self, moment: int) -> str:
        return format_instant(moment, zone(self._timezone))

    def _hand_out(self, out: _Out) -> Iterator[Any]:
        """Commit, then give one by one what was decided; each counts as handed out when the next is asked for."""
        if not self._store.resident or self._ledger.waiting >= self._batch:
            self._commit()
        while out:
            given = out[0]
            if isinstance(given, Entry):
                yield given.decision
                out.popleft()
                self._handing.handed_out(given)
            else:
                yield given
                out.popleft()

    def _commit(self) -> None:
        lost = self._ledger.at_risk
        try:
            self._ledger.commit()
        except BaseException:
            self.counts.read -= lost
            self.counts.judged -= lost
            raise

    def _stopped(self, error: BaseException) -> None:
        """Something came out of judging. An interruption may come anywhere: what it left half done is not to last."""
        if isinstance(error, Exception | GeneratorExit):
            return
        lost = self._ledger.at_risk
        self._ledger.drop()
        self.counts.read -= lost
        self.counts.judged -= lost

    def _fire_all(self, until: int) -> Iterator[Entry]:
        """Fire every timer due up to an instant, by instant, community, what, key."""
        names = dict.fromkeys([*(work.community for work in self._ledger.sets()), *self._store.due(until)])
        for due, community, what, key in in_order(names, until, lambda name: self._ledger.work(name).timers):
            self.fired = max(self.fired, (due, community))
            judging = self._judging(community)
            if judging.work.timers.next() == (due, what, key):
                entry = self._ledger.add_timer(judging.work, judging.timer(due, what, key))
                if entry is not None:
                    self._handing.claim(entry)
                    yield entry


def _end(until: int | datetime) -> int:
    if isinstance(until, datetime):
        if until.utcoffset() is None:
            raise ValueError(f"{until!r} has no zone: give it one, such as datetime.now(UTC) has")
        return instant(until)
    if type(until) is not int:
        raise TypeError(f"an aware datetime or microseconds since the epoch are wanted, not {until!r}")
    # As far as a store can look ahead.
    return min(until, (1 << 63) - 1)
