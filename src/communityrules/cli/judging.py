"""The ways in which `judge` goes through a file of events: in this process over a store, or in several at once."""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar

from communityrules.cli.books import STDIN
from communityrules.cli.progress import Bar
from communityrules.cli.refusals import Refusals
from communityrules.cli.screen import Screen, binary, naming
from communityrules.diagnostics.message import Bilingual

if TYPE_CHECKING:
    from communityrules.engine.counts import Counts
    from communityrules.engine.quarantine import Quarantined
    from communityrules.loading import Rulebook
    from communityrules.model.decision import Decision
    from communityrules.model.event import Event
    from communityrules.wire.errors import WireError

T = TypeVar("T")

_READING: Final = Bilingual("Judging", "评判中")
#: Events that are committed together to a store: a file does not pause, and what a crash leaves out is judged again.
_BATCH: Final = 4096


class Way(ABC):
    """One run through the events, then up to an instant if one was given: asked for once, in one of two forms."""

    def __init__(self, out: Screen, rulebook: Rulebook, events: str, until: int | None, refusals: Refusals) -> None:
        self._out = out
        self._rulebook = rulebook
        self._events = events
        self._until = until
        self._refusals = refusals

    @abstractmethod
    def pairs(self) -> Iterator[tuple[Decision, Event | None]]:
        """Each decision, with the event that it answers as far as it is known."""

    @abstractmethod
    def lines(self, encode: Callable[[Decision], bytes]) -> Iterator[list[bytes]]:
        """Each decision as it is to be written, some at a time."""

    @abstractmethod
    def counts(self) -> Counts:
        """What has come in, once all of it has been gone through; lines that were no events are refused ones."""


class Alone(Way):
    """In this process."""

    def __init__(
        self, out: Screen, rulebook: Rulebook, events: str, until: int | None, refusals: Refusals, store: str
    ) -> None:
        from communityrules.engine.engine import Engine
        from communityrules.wire.reading import Place

        super().__init__(out, rulebook, events, until, refusals)
        self._engine = Engine(rulebook, store=store, batch=_BATCH)
        #: Lines that are no events, before the engine sees them.
        self._bad_lines = 0
        self._place = Place()
        #: The event that the engine has in hand.
        self._given: Event | None = None
        #: Events whose decision has not come yet, for telling what it was about.
        self._waiting: dict[tuple[str, str], Event] = {}

    def __enter__(self) -> Alone:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    def pairs(self) -> Iterator[tuple[Decision, Event | None]]:
        from communityrules.wire.reading import read_found

        with opened(self._out, self._events) as (file, bar):
            found = read_found(file, self._events, self._rulebook.events, self._place)
            given = map(self._remembered, self._good(bar.through(found)))
            for decision in self._engine.run(given, self._quarantined):
                event = decision.event
                yield decision, self._waiting.pop((decision.community, event), None) if isinstance(event, str) else None
        for decision in self._later():
            yield decision, None

    def lines(self, encode: Callable[[Decision], bytes]) -> Iterator[list[bytes]]:
        from communityrules.engine.ahead import Judged, Refused
        from communityrules.wire.reading import read_ahead, read_found

        take = self._engine.ahead(encode)
        with opened(self._out, self._events) as (file, bar):
            source = (file, self._events, self._rulebook.events, self._place)
            found: Iterator[Event | WireError | Judged | Refused]
            found = read_ahead(*source, take) if take is not None else read_found(*source)
            shown = bar.through(found, lambda one: one.count if isinstance(one, Judged) else 1)
            given: Iterator[Event | Judged | Refused] = self._good(shown)
            for one in self._engine.run_ahead(given, self._quarantined):
                yield one.written if isinstance(one, Judged) else [encode(one)]
        for decision in self._later():
            yield [encode(decision)]

    def counts(self) -> Counts:
        self._engine.close()
        return with_bad_lines(self._engine.counts, self._bad_lines)

    def _later(self) -> Iterator[Decision]:
        """What time alone brings about after the last event."""
        return self._engine.advance(self._until) if self._until is not None else iter(())

    def _good(self, lines: Iterator[T | WireError]) -> Iterator[T]:
        from communityrules.wire.errors import WireError

        for found in lines:
            if isinstance(found, WireError):
                self._bad_lines += 1
                self._refusals.tell(self._place.line, found.field, found.diagnostic)
            else:
                yield found

    def _remembered(self, event: Event) -> Event:
        self._given = event
        # One that comes again while the first still waits, perhaps with another body, is not what was judged.
        self._waiting.setdefault((event.community, event.id), event)
        return event

    def _quarantined(self, one: Quarantined) -> None:
        given = self._given
        if given is not None and self._waiting.get((given.community, given.id)) is given:
            del self._waiting[given.community, given.id]
        self._refusals.tell(self._place.line, one.field, one.diagnostic)


class Apart(Way):
    """In several processes, each with its own communities, in memory."""

    def __init__(
        self, out: Screen, rulebook: Rulebook, events: str, until: int | None, refusals: Refusals, jobs: int
    ) -> None:
        super().__init__(out, rulebook, events, until, refusals)
        self._jobs = jobs
        self._counts: Counts | None = None
        self._running = ExitStack()

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def pairs(self) -> Iterator[tuple[Decision, Event | None]]:
        return chain.from_iterable(self._told(_pair))

    def lines(self, encode: Callable[[Decision], bytes]) -> Iterator[list[bytes]]:
        return self._told(lambda decision, _: encode(decision))

    def counts(self) -> Counts:
        assert self._counts is not None, "only known once everything has been gone through"
        return self._counts

    def _told(self, tell: Callable[[Decision, Event | None], T]) -> Iterator[list[T]]:
        from communityrules.engine.parallel import Jobs, Refused
        from communityrules.wire.reading import read_blocks

        jobs = self._running.enter_context(Jobs(self._rulebook, self._jobs, tell))
        bad_lines = 0
        with opened(self._out, self._events) as (file, bar):
            for number, found in jobs.run(bar.through(read_blocks(file, self._events)), self._events):
                if isinstance(found, Refused):
                    bad_lines += not found.counted
                    self._refusals.tell(number, found.field, found.diagnostic)
                else:
                    yield found
        jobs.end()
        if self._until is not None:
            for later in jobs.advance(self._until):
                yield [later]
        jobs.close()
        self._counts = with_bad_lines(jobs.counts, bad_lines)


@contextmanager
def opened(out: Screen, events: str) -> Iterator[tuple[BinaryIO, Bar]]:
    """The file of events, or standard input for `-`, and a bar for what comes of it."""
    with (
        nullcontext(binary(sys.stdin)) if events == STDIN else open(events, "rb") as file,
        naming("stdin" if events == STDIN else events),
    ):
        total = 0 if events == STDIN else os.fstat(file.fileno()).st_size
        with Bar(out, _READING.fill(out.language, {}), total, file.tell if total else int) as bar:
            yield file, bar


def with_bad_lines(counts: Counts, bad_lines: int) -> Counts:
    """What an engine has counted, with the lines that never came to it."""
    from dataclasses import replace

    return replace(counts, read=counts.read + bad_lines, quarantined=counts.quarantined + bad_lines)


def _pair(decision: Decision, event: Event | None) -> tuple[Decision, Event | None]:
    return decision, event
