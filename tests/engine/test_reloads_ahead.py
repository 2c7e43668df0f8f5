"""Rulebooks that come in while lines are judged many at a time: as where each is judged when its turn comes."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from streams import message

from communityrules import Engine, loads
from communityrules.engine.ahead import Judged, Refused
from communityrules.engine.engine import Quarantined
from communityrules.loading import Rulebook
from communityrules.model.event import Event
from communityrules.model.zones import zone
from communityrules.wire.decisions import line_writer
from communityrules.wire.errors import WireError
from communityrules.wire.reading import Place, read_ahead, read_found

BOOKS = 5
EVENTS = 300
_WRITE = line_writer(zone("UTC"))
#: Their ids are not to be judged, whatever the rulebook.
_REFUSED = frozenset(range(7, EVENTS, 41))


def _text(version: int) -> str:
    """A rulebook of which every part tells its version. Some events are ordinary, some meet rules."""
    return f"""rulebook "reloaded"
  version "{version}"
  timezone UTC

list words = "w{version % 2}", "of {version}"
penalty ladder{version} over 1 day
  1st: warn
  then on: mute 1 minute

rule a{version} "by word"
  must not
  on message
  if message.text contains words
  then flag

rule b{version} "by number"
  must not
  on message
  if count(message by member within 1 hour) > {20 + version}
  then penalty ladder{version}
"""


class _Books:
    """Rulebooks that fail on some events, and swap themselves for the next where they are told to."""

    def __init__(self) -> None:
        # What was loaded by that name before would be the same object.
        self.books = [loads(_text(version), f"reloaded{version} {id(self)}") for version in range(BOOKS)]
        self.digests = {book.digest: version for version, book in enumerate(self.books)}
        self.current = 0
        self.engine: Engine | None = None
        self.in_judging: frozenset[str] = frozenset()
        #: How often each event was judged.
        self.asked: dict[str, int] = {}
        for book in self.books:
            self._watch(book)

    def _watch(self, book: Rulebook) -> None:
        match = book.evaluator.match

        def watched(event: Event, facts: Any) -> Any:
            self.asked[event.id] = self.asked.get(event.id, 0) + 1
            if event.id in self.in_judging:
                self.swap()
            answer = match(event, facts)
            if int(event.id[1:]) in _REFUSED:
                raise ZeroDivisionError("at last")
            return answer

        book.evaluator.match = watched  # type: ignore[method-assign]  # as a host's function may do

    def swap(self) -> None:
        assert self.engine is not None
        self.current = (self.current + 1) % BOOKS
        self.engine.swap(self.books[self.current])


class _Raw(io.RawIOBase):
    """Lines, some letters at a time."""

    def __init__(self, data: bytes, sizes: Callable[[], int], before: Callable[[], None]) -> None:
        self._data = io.BytesIO(data)
        self._sizes = sizes
        self._before = before

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        self._before()
        part = self._data.read(min(len(room), self._sizes()))
        room[: len(part)] = part
        return len(part)


def _data(luck: random.Random) -> bytes:
    lines = []
    for number in range(EVENTS):
        body = {**message(f"m{number}", number), "text": luck.choice(("w0 and w1", "nothing", "of 3"))}
        lines.append(orjson.dumps(body))
    return b"\n".join(lines) + b"\n"


@pytest.mark.parametrize("batch", [7, 64])
@pytest.mark.parametrize("store", ["memory:", "sqlite"])
@pytest.mark.parametrize("where", ["between", "reading", "writing", "judging", "everywhere"])
def test_a_rulebook_that_comes_in_judges_from_the_next_event_on(
    where: str, store: str, batch: int, tmp_path: Path
) -> None:
    luck = random.Random(f"{where} {store} {batch}")
    books = _Books()
    url = store if store == "memory:" else f"sqlite:///{tmp_path}/e.db"
    data = _data(luck)
    if where in ("judging", "everywhere"):
        books.in_judging = frozenset(f"m{number}" for number in luck.sample(range(EVENTS), 15))
    swaps = {"between": 0.2, "everywhere": 0.05}.get(where, 0.0)

    def write(decision: Any) -> bytes:
        if where in ("writing", "everywhere") and luck.random() < 0.05:
            books.swap()
        return _WRITE(decision)

    def perhaps() -> None:
        if where in ("reading", "everywhere") and luck.random() < 0.5:
            books.swap()

    written: list[bytes] = []
    refused: list[Quarantined] = []
    #: The rulebook that was to judge when an event was handed to the engine.
    due: dict[str, int] = {}
    with Engine(books.books[0], url, batch=batch) as engine:
        books.engine = engine
        raw = _Raw(data, lambda: luck.choice((50, 400, 1500)), perhaps)
        stream = io.BufferedReader(raw)
        take = engine.ahead(write)
        source = (stream, "log", books.books[0].events, Place())
        found: Iterator[Any] = read_ahead(*source, take) if take is not None else read_found(*source)

        def given() -> Iterator[Event | Judged | Refused]:
            for one in found:
                assert not isinstance(one, WireError)
                if luck.random() < swaps:
                    books.swap()
                if isinstance(one, Event):
                    due[one.id] = books.current
                yield one

        for one in engine.run_ahead(given(), refused.append):
            written += one.written if isinstance(one, Judged) else [write(one)]
        told = [orjson.loads(line) for line in written]
        logged = [orjson.loads(_WRITE(one)) for one in engine.log()]
        counts = engine.counts
    events = [one for one in told if isinstance(one["event"], str)]
    assert [one["event"] for one in events] == [f"m{number}" for number in range(EVENTS) if number not in _REFUSED]
    assert [one.event for one in refused] == [f"m{number}" for number in sorted(_REFUSED)]
    assert [one.position for one in refused] == [number + 1 for number in sorted(_REFUSED)]
    assert counts.judged == EVENTS - len(_REFUSED)
    assert counts.read == EVENTS
    # Each once, by one version and not by a mix.
    assert books.asked == {f"m{number}": 1 for number in range(EVENTS)}
    versions = []
    for one in events:
        version = books.digests[one["rulebook"]["digest"]]
        versions.append(version)
        assert one["rulebook"]["version"] == str(version)
        assert all(outcome["rule"] in (f"a{version}", f"b{version}", "mute") for outcome in one.get("outcomes", ()))
        assert due.get(one["event"], version) == version
    assert len(set(versions)) > 2
    assert logged == told
