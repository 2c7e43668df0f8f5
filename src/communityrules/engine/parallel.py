"""Judging a history in several processes, community by community, with the decisions that one process gives.

What is decided of a community hangs on its own events and their order, and on nothing else. So each community is given
to one process, and what comes of the lines is put together again in the order of the lines: the same, byte for byte.
Nothing is kept: every process judges in memory.

Few blocks of lines are on their way at a time, so memory stays bounded whichever process is slow.
"""

from __future__ import annotations

import gc
import os
import pickle
import re
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import fields
from heapq import merge
from itertools import count
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, Generic, NoReturn, TypeVar

import orjson
from msgspec import Struct

from communityrules.diagnostics.message import Diagnostic
from communityrules.engine.counts import Counts
from communityrules.engine.engine import Engine
from communityrules.engine.errors import ENDED, JobsError
from communityrules.engine.incoming import wire_types
from communityrules.engine.quarantine import Quarantined
from communityrules.engine.ready import HasEvaluator
from communityrules.model.decision import Decision
from communityrules.model.event import Event
from communityrules.wire.errors import WireError
from communityrules.wire.reading import Blank, decode_event
from communityrules.wire.types import MAX_ID

T = TypeVar("T")

#: Blocks of lines that are on their way while the oldest one's decisions are waited for.
_AHEAD: Final = 3
#: Decisions of timers that come back at once.
_TIMERS: Final = 256
#: Where a line says its community, when it says it once and spells nothing out that could be a name.
_COMMUNITY: Final = re.compile(rb'(?<!\\)"community"[ \t\r\n]*:[ \t\r\n]*"([^"\\]*)"')
_SPELT_OUT: Final = b"\\u00"


class Refused(Struct, frozen=True):
    """Why a line was not judged."""

    #: The field that is wrong, where it is one.
    field: str | None
    diagnostic: Diagnostic
    #: Whether it was an event, so that `counts` has it.
    counted: bool


def possible() -> bool:
    """Whether this system can make several processes out of one that has a rulebook loaded."""
    return hasattr(os, "fork")


class Jobs(Generic[T]):
    """Some processes that judge by one rulebook; a context, after which they are gone.

    `tell` says, in the process that judges, what comes back of a decision and the event that it answers (None for a
    timer's): something that can be pickled, the smaller the better.
    """

    def __init__(self, rulebook: HasEvaluator, number: int, tell: Callable[[Decision, Event | None], T]) -> None:
        """Begin `number` processes. JobsError when there cannot be so many."""
        #: As of an engine that had judged everything, once `end` has been called.
        self.counts = Counts()
        self._workers: list[Connection] = []
        self._processes: list[int] = []
        try:
            for _ in range(number):
                self._begin(rulebook, tell)
        except OSError:
            self.close()
            raise JobsError(Diagnostic(ENDED, None)) from None
        except BaseException:
            self.close()
            raise

    def _begin(self, rulebook: HasEvaluator, tell: Callable[[Decision, Event | None], T]) -> None:
        ours, theirs = Pipe()
        process = os.fork()
        if process:
            theirs.close()
            self._workers.append(ours)
            self._processes.append(process)
            return
        try:
            # Whoever asks all of them to stop asks the parent, which then lets go of this one.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            for one in (ours, *self._workers):
                one.close()
            gc.freeze()
            _Worker(theirs, rulebook, tell).work()
        finally:
            # Nothing of what was open in the parent is closed or written here.
            os._exit(1)

    def run(self, blocks: Iterable[list[bytes | WireError]], name: str) -> Iterator[tuple[int, list[T] | Refused]]:
        """What came of each line (`wire.reading.read_blocks`) of a file of this name, in order, with its number.

        Blank lines do not come out. WireError for too many of them, JobsError when a process has ended.
        """
        placing = _Placing(len(self._workers), name)
        number = 0
        waiting: deque[tuple[int, list[int | Refused | None]]] = deque()
        for block in blocks:
            parts: list[list[bytes]] = [[] for _ in self._workers]
            places: list[int | Refused | None] = []
            for line in block:
                if isinstance(line, WireError):
                    places.append(Refused(line.field, line.diagnostic, counted=False))
                    continue
                place = placing.place(line)
                places.append(place)
                if place is not None:
                    parts[place].append(line)
            for worker, part in enumerate(parts):
                if part:
                    self._send(worker, part)
            waiting.append((number, places))
            number += len(places)
            if len(waiting) > _AHEAD:
                yield from self._collect(*waiting.popleft())
        while waiting:
            yield from self._collect(*waiting.popleft())

    def _collect(self, number: int, places: list[int | Refused | None]) -> Iterator[tuple[int, list[T] | Refused]]:
        answers: dict[int, Iterator[list[T] | Refused]] = {}
        for line, place in zip(count(number + 1), places, strict=False):
            if place is None:
                continue
            if isinstance(place, Refused):
                yield line, place
                continue
            if place not in answers:
                answers[place] = iter(self._receive(place))
            yield line, next(answers[place])

    def end(self) -> None:
        """There are no more lines: add up the counts."""
        for worker in range(len(self._workers)):
            self._send(worker, None)
        for worker in range(len(self._workers)):
            found = self._receive(worker)
            for one in fields(Counts):
                setattr(self.counts, one.name, getattr(self.counts, one.name) + getattr(found, one.name))

    def advance(self, until: int) -> Iterator[T]:
        """After `end`, what timers up to an instant bring about, in order."""
        for worker in range(len(self._workers)):
            self._send(worker, until)
        for _, told in merge(*map(self._timers, range(len(self._workers))), key=lambda one: one[0]):
            yield told

    def _timers(self, worker: int) -> Iterator[tuple[tuple[int, str], T]]:
        while some := self._receive(worker):
            yield from some

    # --- processes -----------------------------------------------------------------------------------------------

    def _send(self, worker: int, given: Any) -> None:
        try:
            self._workers[worker].send_bytes(pickle.dumps(given, pickle.HIGHEST_PROTOCOL))
        except OSError:
            # It may have said why before it went.
            while True:
                self._receive(worker)

    def _receive(self, worker: int) -> Any:
        try:
            found = pickle.loads(self._workers[worker].recv_bytes())
        except (EOFError, OSError):
            raise JobsError(Diagnostic(ENDED, None)) from None
        if isinstance(found, _Failure):
            found.tell()
        return found

    def close(self) -> None:
        """End all processes, whatever they do."""
        for one in self._workers:
            one.close()
        for process in self._processes:
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(process, 0)
        self._workers, self._processes = [], []

    def __enter__(self) -> Jobs[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Placing:
    """Which process judges which community: for each new one, the process that has had the fewest lines."""

    def __init__(self, number: int, name: str) -> None:
        self._places: dict[bytes, int] = {}
        self._lines = [0] * number
        self._blank = Blank(name)

    def place(self, line: bytes) -> int | None:
        """Where a line is judged, None for a blank one. Lines of one community always go to the same place."""
        found = None
        if line.count(b'"community"') == 1 and _SPELT_OUT not in line:
            found = _COMMUNITY.search(line)
        community = found[1] if found is not None else self._read(line)
        if community is None:
            return None
        place = self._places.get(community)
        if place is None:
            place = self._lines.index(min(self._lines))
            # What cannot be the name of a community is refused wherever it comes.
            if len(community) <= 4 * MAX_ID:
                self._places[community] = place
        self._lines[place] += 1
        return place

    def _read(self, line: bytes) -> bytes | None:
        """The community of a line that is not as lines usually are; None for a blank one."""
        try:
            body = orjson.loads(line)
            name = body.get("community") if type(body) is dict else None
            return name.encode() if type(name) is str else b""
        except ValueError:
            return None if self._blank.is_blank(line) else b""


# --- in the process that judges ----------------------------------------------------------------------------------


class _Failure(Struct, frozen=True):
    """What went wrong in a process."""

    diagnostic: Diagnostic | None
    text: str

    @classmethod
    def of(cls, error: BaseException) -> _Failure:
        told = getattr(error, "diagnostic", None)
        return cls(told if isinstance(told, Diagnostic) else None, f"{type(error).__name__}: {error}")

    def tell(self) -> NoReturn:
        if self.diagnostic is not None:
            raise JobsError(self.diagnostic)
        raise RuntimeError(self.text)


class _Worker(Generic[T]):
    """One process, for as long as its parent has something for it."""

    def __init__(self, parent: Connection, rulebook: HasEvaluator, tell: Callable[[Decision, Event | None], T]) -> None:
        self._parent = parent
        self._rulebook = rulebook
        self._tell = tell
        #: What has come from the parent: it must never wait until we have read, or both would wait.
        self._given: SimpleQueue[Any] = SimpleQueue()
        #: The event at hand, what has come of it, and why it is not judged.
        self._event: Event | None = None
        self._answer: list[T] = []
        self._refused: Refused | None = None

    def work(self) -> None:
        """Until the parent has what it wants, or is gone."""
        Thread(target=self._listen, daemon=True).start()
        try:
            with Engine(self._rulebook) as engine:
                for decision in engine.run(self._events(), self._quarantined):
                    event = self._event if isinstance(decision.event, str) else None
                    self._answer.append(self._tell(decision, event))
                self._send(engine.counts)
                self._advance(engine, self._given.get())
        except Exception as error:  # noqa: BLE001  # the parent is told, and tells it
            self._send(_Failure.of(error))
        # What was sent is read before the parent closes its end.
        self._given.get()

    def _events(self) -> Iterator[Event]:
        evaluator = self._rulebook.evaluator
        types = wire_types(evaluator.rulebook, evaluator.library)
        while (lines := self._given.get()) is not None:
            answers: list[list[T] | Refused] = []
            for line in lines:
                try:
                    event = decode_event(line, types)
                except WireError as error:
                    answers.append(Refused(error.field, error.diagnostic, counted=False))
                    continue
                self._event, self._answer, self._refused = event, [], None
                yield event
                # In memory, all that comes of an event has come before the next is asked for.
                answers.append(self._answer if self._refused is None else self._refused)
            self._send(answers)

    def _quarantined(self, one: Quarantined) -> None:
        self._refused = Refused(one.field, one.diagnostic, counted=True)

    def _advance(self, engine: Engine, until: int) -> None:
        told: list[tuple[tuple[int, str], T]] = []
        for decision in engine.advance(until):
            told.append((engine.fired, self._tell(decision, None)))
            if len(told) == _TIMERS:
                self._send(told)
                told = []
        if told:
            self._send(told)
        self._send([])

    def _send(self, found: Any) -> None:
        self._parent.send_bytes(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))

    def _listen(self) -> None:
        while True:
            try:
                found = pickle.loads(self._parent.recv_bytes())
            except (EOFError, OSError):
                # The parent has what it wants, or has been ended.
                os._exit(0)
            self._given.put(found)
