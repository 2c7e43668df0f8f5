"""Several processes give what one gives: the same decisions, refusals and counts, in the same order."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from streams import BUSY, START, ZONE, stream

from communityrules.engine.counts import Counts
from communityrules.engine.engine import Engine
from communityrules.engine.errors import JobsError
from communityrules.engine.parallel import Jobs, Refused, possible
from communityrules.loading import loads
from communityrules.model.decision import Decision
from communityrules.model.event import Event
from communityrules.model.values import DAY, instant
from communityrules.wire.decisions import encode_decision
from communityrules.wire.errors import WireError
from communityrules.wire.reading import read_blocks, read_stream

pytestmark = pytest.mark.skipif(not possible(), reason="processes cannot be made out of this one here")
BOOK = loads(BUSY)
#: Weeks after the last event.
UNTIL = instant(START) + 60 * DAY


def encode(decision: Decision, _: Event | None = None) -> bytes:
    return encode_decision(decision, ZONE)


def alone(data: bytes) -> tuple[list[bytes], list[Any], Counts]:
    """What one engine makes of a file: decisions, refusals, counts of what came to the engine."""
    refused: list[Any] = []
    at = 0

    def events() -> Iterator[Event]:
        nonlocal at
        for at, event, error in read_stream(io.BytesIO(data), "f", BOOK.events):
            if event is None:
                refused.append((at, error.field, error.diagnostic))
            else:
                yield event

    with Engine(BOOK) as engine:
        found = [
            encode(one) for one in engine.run(events(), lambda one: refused.append((at, one.field, one.diagnostic)))
        ]
        found += [encode(one) for one in engine.advance(UNTIL)]
        return found, refused, engine.counts


def apart(data: bytes, number: int) -> tuple[list[bytes], list[Any], Counts]:
    found: list[bytes] = []
    refused = []
    with Jobs(BOOK, number, encode) as jobs:
        for line, told in jobs.run(read_blocks(io.BytesIO(data), "f"), "f"):
            if isinstance(told, Refused):
                refused.append((line, told.field, told.diagnostic))
            else:
                found += told
        jobs.end()
        found += jobs.advance(UNTIL)
        return found, refused, jobs.counts


def damaged(events: list[dict[str, Any]]) -> bytes:
    """The events as lines in many spellings, with all that can be wrong in between."""
    lines = []
    for number, event in enumerate(events):
        community = event["community"]
        if number % 4 == 1:
            event = {**event, "community": f"群{community}"}
        line = json.dumps(event, ensure_ascii=number % 3 == 0)
        if number % 11 == 5:
            line = line.replace('"community"', r'"commu\u006eity"')
        if number % 13 == 6:
            line = line.replace('"id"', '"x": {"community": "elsewhere"}, "id"', 1)
        if number % 17 == 7:
            line = json.dumps({**event, "message": {"text": 'he said "community": "c9" and \\'}})
        lines.append(line.encode())
        if number % 19 == 8:
            # The same id with another body.
            lines.append(json.dumps({**event, "channel": "another"}).encode())
        lines += {
            3: [b"", b"  \t "], 20: [b"nonsense"], 30: [b'{"id": "x", "community": "c0"}'], 40: [b"\xff\xfe"],
            50: [b'{"community": "c0", "community": "c1"}'], 60: [b'{"community": 5}', b"[]"],
        }.get(number % 70, [])  # fmt: skip
    return b"\n".join(lines)


@pytest.mark.parametrize(("communities", "number"), [(1, 2), (2, 2), (50, 2), (50, 3)])
def test_what_comes_out_is_the_same(communities: int, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # So that many blocks are on their way, and lines are cut between them.
    monkeypatch.setattr("communityrules.wire.reading._BLOCK", 5000)
    data = damaged(stream(1200, seed=communities, communities=communities))
    expected = alone(data)
    assert apart(data, number) == expected
    decisions, refused, counts = expected
    assert any(b'"type":"timer"' in one for one in decisions)
    assert len(refused) > 60
    assert counts.duplicate
    assert counts.late


def test_lines_that_cannot_be_believed_keep_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communityrules.wire.reading.MAX_LINE", 2000)
    lines = damaged(stream(60, seed=3, communities=3)).split(b"\n")
    lines[10:10] = [b"x" * 9000]
    assert apart(b"\n".join(lines), 2)[:2] == alone(b"\n".join(lines))[:2]
    monkeypatch.setattr("communityrules.wire.reading.MAX_SKIPPED", 20_000)
    with pytest.raises(WireError):
        apart(b"\n".join([*lines, b"y" * 50_000]), 2)
    with pytest.raises(WireError):
        apart(b"\n".join([*lines, b"\n" * 50_000]), 2)


def test_a_process_that_is_ended_is_told_of() -> None:
    data = damaged(stream(200, communities=4))
    with Jobs(BOOK, 2, encode) as jobs:
        os.kill(jobs._processes[1], signal.SIGKILL)
        with pytest.raises(JobsError) as caught:
            list(jobs.run(read_blocks(io.BytesIO(data), "f"), "f"))
    assert caught.value.diagnostic.code == "CR854"


def test_what_goes_wrong_in_a_process_is_told_as_what_it_is() -> None:
    def tell(decision: Decision, _: Event | None) -> bytes:
        raise ValueError(f"no {decision.event}")

    data = damaged(stream(200, communities=4))
    with Jobs(BOOK, 2, tell) as jobs, pytest.raises(RuntimeError, match="ValueError: no e0"):
        list(jobs.run(read_blocks(io.BytesIO(data), "f"), "f"))


def test_timers_of_all_communities_come_in_order() -> None:
    events = [one for one in stream(300, seed=9, communities=6) if one["type"] in ("feedback", "message")]
    data = b"\n".join(json.dumps(one).encode() for one in events)
    found, _, _ = apart(data, 3)
    assert found == alone(data)[0]
    times = [json.loads(one)["time"] for one in found if b'"type":"timer"' in one]
    assert len(times) > 50


def test_nothing_is_left_running() -> None:
    with Jobs(BOOK, 2, encode) as jobs:
        processes = list(jobs._processes)
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_process_that_cannot_begin_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    fork = os.fork

    def scarce() -> int:
        if begun:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        begun.append(fork())
        return begun[0]

    monkeypatch.setattr(os, "fork", scarce)
    with pytest.raises(JobsError) as caught:
        Jobs(BOOK, 2, encode)
    assert caught.value.diagnostic.code == "CR854"
    with pytest.raises(ProcessLookupError):
        os.kill(begun[0], 0)
