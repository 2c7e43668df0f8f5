"""Lines judged many at a time, ahead of `Engine.run`, come to the same as lines that are read and judged one by one."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from turns import BOOKS, bodies, evaluator, state

from communityrules.engine.ahead import Judged
from communityrules.engine.engine import Engine
from communityrules.engine.incoming import wire_types
from communityrules.engine.quarantine import Quarantined
from communityrules.kernel import native
from communityrules.model.decision import Decision
from communityrules.model.event import Event
from communityrules.model.zones import zone
from communityrules.wire.decisions import line_writer
from communityrules.wire.errors import WireError
from communityrules.wire.reading import Place, read_ahead, read_found

_WRITE = line_writer(zone("Europe/Berlin"))


pytestmark = pytest.mark.skipif(native("turning") is None, reason="the kernel was not built, or is not wanted")


class Pieces(io.RawIOBase):
    """A source that gives what it has in pieces of any size."""

    def __init__(self, data: bytes, luck: random.Random) -> None:
        self._data = io.BytesIO(data)
        self._luck = luck

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        part = self._data.read(min(len(room), self._luck.choice([1, 40, 700, 9000, 1 << 16])))
        room[: len(part)] = part
        return len(part)


def _lines(luck: random.Random, number: int) -> bytes:
    """Lines with events, spelt in several ways, among lines that hold none."""
    made: list[bytes] = []
    for body in bodies(luck, number):
        line = orjson.dumps(body)
        match luck.randrange(25):
            case 0:
                line = luck.choice([b"", b"  \t", b"{", b"[]", b"null", line[:-1], line + line, b"\xff" + line])
            case 1:
                line = line.replace(b'"id":', b'"id":"again","id":', 1)
            case 2:
                line = line.replace(b":", b" :  ").replace(b"hello", b"h\\u0065llo") + b"\r"
        made.append(line)
    return b"\n".join(made) + luck.choice([b"", b"\n", b"\n\n"])


class _Session:
    """One engine over one stream, in one of the two ways."""

    def __init__(self, book: str, store: str, batch: int, data: bytes, luck: random.Random) -> None:
        made = evaluator(book)
        #: How often the rules were asked about each event.
        self.asked: Counter[tuple[str, str]] = Counter()
        match = made.match

        def asking(event: Event, facts: Any) -> Any:
            self.asked[event.community, event.id] += 1
            return match(event, facts)

        made.match = asking  # type: ignore[method-assign]  # as a host's function would see it
        self.engine = Engine(made, store, batch=batch)
        self._types = wire_types(made.rulebook, made.library)
        self._stream = io.BufferedReader(Pieces(data, luck))
        self._place = Place()
        self.written: list[bytes] = []
        self.refused: list[tuple[int, str]] = []
        self.quarantined: list[Quarantined] = []
        self.ahead = 0

    def one_by_one(self) -> None:
        found = read_found(self._stream, "log", self._types, self._place)
        self._take(self.engine.run(self._good(found), self._refuse))

    def many_at_a_time(self) -> None:
        take = self.engine.ahead(_WRITE)
        assert take is not None
        found = read_ahead(self._stream, "log", self._types, self._place, take)
        self._take(self.engine.run_ahead(self._good(found), self._refuse))

    def _take(self, decisions: Iterator[Decision] | Iterator[Decision | Judged]) -> None:
        for one in decisions:
            if isinstance(one, Judged):
                self.ahead += one.count
                self.written += one.written
            else:
                self.written.append(_WRITE(one))

    def _good(self, found: Iterator[Any]) -> Iterator[Any]:
        for one in found:
            if isinstance(one, WireError):
                self.refused.append((self._place.line, str(one)))
            else:
                yield one

    def _refuse(self, one: Quarantined) -> None:
        self.refused.append((self._place.line, str(one.diagnostic)))
        self.quarantined.append(one)

    def all_of_it(self) -> list[Any]:
        """What there is to compare."""
        kept = [state(work) for work in sorted(self.engine._ledger.sets(), key=lambda one: one.community)]
        quarantined = [(one.position, one.event, one.field, str(one.diagnostic)) for one in self.quarantined]
        return [self.engine.counts, self.refused, quarantined, self.asked, *map(list, kept)]


def _both(
    seed: int, store: str, folder: Path, change: Callable[[bytes], bytes] = lambda data: data
) -> tuple[_Session, _Session]:
    luck = random.Random(seed)
    book, batch = luck.choice(BOOKS), luck.choice([1, 7, 1024])
    data = change(_lines(luck, 300))
    sessions = [_Session(book, store.format(folder / side), batch, data, random.Random(seed)) for side in ("a", "b")]
    return sessions[0], sessions[1]


@pytest.mark.parametrize("store", ["memory:", "sqlite:///{}.db"])
@pytest.mark.parametrize("seed", range(4))
def test_it_comes_to_the_same(seed: int, store: str, tmp_path: Path) -> None:
    # Nothing is to end it all.
    plain, ahead = _both(seed, store, tmp_path, lambda data: data.replace(b'"end"', b'"and"'))
    plain.one_by_one()
    ahead.many_at_a_time()
    assert ahead.written == plain.written
    assert ahead.all_of_it() == plain.all_of_it()
    assert list(ahead.engine.log()) == list(plain.engine.log())
    assert any("CR852" in refused for _, refused in plain.refused)
    assert ahead.ahead > 100
    for one in plain, ahead:
        one.engine.close()


@pytest.mark.parametrize("store", ["memory:", "sqlite:///{}.db"])
def test_an_interruption_leaves_the_same_behind(store: str, tmp_path: Path) -> None:
    for seed in range(6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        plain, ahead = _both(seed, store, folder)
        interrupted = []
        for run in plain.one_by_one, ahead.many_at_a_time:
            try:
                run()
                interrupted.append(False)
            except KeyboardInterrupt:
                interrupted.append(True)
        assert interrupted[0] == interrupted[1]
        # What was decided and not told yet is lost with it.
        assert plain.written[: len(ahead.written)] == ahead.written
        assert ahead.all_of_it() == plain.all_of_it()
        assert list(ahead.engine.log()) == list(plain.engine.log())


@pytest.mark.parametrize("bad", [(3,), (2, 3, 4), (0, 9), tuple(range(1, 10))])
def test_an_event_that_is_refused_was_judged_once(bad: tuple[int, ...]) -> None:
    body = {**next(bodies(random.Random(1), 1)), "type": "message", "message": {"text": "hi"}}
    ids = [f"{'bad' if number in bad else 'm'}{number}" for number in range(10)]
    # A blank line and one that holds no event count as lines, but are not among what the engine is given.
    data = b"\n" + b"\n".join([orjson.dumps({**body, "id": one}) for one in ids[:5]])
    data += b"\n{}\n" + b"\n".join([orjson.dumps({**body, "id": one}) for one in ids[5:]])
    told = []
    for way in _Session.one_by_one, _Session.many_at_a_time:
        one = _Session(BOOKS[0], "memory:", 1024, data, random.Random(1))
        way(one)
        assert [(each.position, each.event) for each in one.quarantined] == [(at + 1, ids[at]) for at in bad]
        assert [line for line, said in one.refused if "CR852" in said] == [at + 2 + (at > 4) for at in bad]
        assert one.asked == Counter((body["community"], each) for each in ids)
        assert one.engine.counts.read == 10
        told.append([one.written, one.all_of_it()])
    assert told[0] == told[1]


def test_an_event_that_was_read_and_left_is_handed_over() -> None:
    book = evaluator(BOOKS[0])
    usual = wire_types(book.rulebook, book.library).usual.line
    line = orjson.dumps({**next(bodies(random.Random(1), 1)), "id": "m1", "type": "message", "message": {"text": "hi"}})
    with Engine(book) as engine:
        # The first event of a community is for Python.
        take = engine.ahead(_WRITE)
        assert take is not None
        assert take([line], 0, usual) == Judged([], usual(line))


def test_what_it_is_handed_may_do_anything() -> None:
    book = evaluator(BOOKS[0])
    usual = wire_types(book.rulebook, book.library).usual.line
    body = {**next(bodies(random.Random(1), 1)), "type": "message", "message": {"text": "hi"}}
    lines = [orjson.dumps({**body, "id": f"m{number}"}) for number in range(10)]
    with Engine(book) as engine:
        engine.judge(orjson.loads(lines[0]))
        list(engine.run([orjson.loads(lines[1])]))
        kernel: Any = engine._turning
        written: list[bytes] = []
        assert kernel.lines(lines, 99, 5, usual, _WRITE, written) is None
        assert kernel.lines(lines, 2, 0, usual, _WRITE, written) is None
        assert kernel.lines(lines, 2, -1, usual, _WRITE, written) is None
        assert kernel.lines(lines, 2, 5, lambda _: 5, _WRITE, written) is None
        assert kernel.lines([5], 0, 5, usual, _WRITE, written) is None
        for wrong in ((tuple(lines), 2, 5), (lines, -1, 5), (lines, "2", 5)):
            with pytest.raises((TypeError, ValueError)):
                kernel.lines(*wrong, usual, _WRITE, written)
        assert not written
        assert engine.counts.judged == 2

        def emptying(line: bytes) -> Event | None:
            lines.clear()
            return usual(line)

        def failing(_: Decision) -> bytes:
            raise ArithmeticError

        with pytest.raises(ArithmeticError):
            kernel.lines(lines, 2, 5, usual, failing, written)
        assert not written
        assert engine.counts.judged == 3
        assert kernel.lines(lines, 3, 5, emptying, _WRITE, written) is None
        assert len(written) == 1
        assert engine.counts.judged == 4
