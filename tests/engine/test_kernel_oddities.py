"""What a host may hand in that is not quite ours comes to the same with the kernel and without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from communityrules import loads
from communityrules.engine.engine import Engine
from communityrules.engine.errors import EventError
from communityrules.engine.turning import _knowing
from communityrules.kernel import native
from communityrules.model.event import Event, Member, Message
from communityrules.stores.memory import MemoryStore

_RULES = """rulebook "Oddities"
rule a
  must not
  on reply
  if count(reply by member today) > 1
  then flag
rule b
  must not
  on message
  if count(message by member within 10 minutes) > 2
  then remind
"""
_TIME = 1_728_360_000_000_000


class _Own(Message):
    """A host's own kind of message."""


class _Text(str):
    __slots__ = ()


class _Unequal:
    """Equal to nothing, not even itself."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


class _Failing:
    def __eq__(self, other: object) -> bool:
        raise ValueError("compared")

    __hash__ = None  # type: ignore[assignment]


class _Lost(MemoryStore):
    """Says that it outlives the process, and fails as no store should when it is asked for windows."""

    resident = False

    def window(self, community: str, measure: str, key: str) -> Any:  # noqa: ARG002  # the protocol's
        raise RuntimeError("no windows today")


def _event(at: int, **said: Any) -> Event:
    given: dict[str, Any] = {
        "id": f"e{at}",
        "time": _TIME + at,
        "type": "message",
        "community": "c",
        "member": Member("amy"),
        "message": Message(f"m{at}", "hi", reply_to="x"),
        "digest": f"0123456789abcde{at}",
    }
    return Event(**{**given, **said})


def _story() -> list[str]:
    """What comes of all oddities, each in an engine of its own."""
    told: list[str] = []
    unequal, failing = _Unequal(), _Failing()
    oddities: list[Any] = [
        lambda at: _event(at, message=_Own(f"m{at}", "hi", reply_to="x")),
        lambda at: _event(at, time=-(1 << 63) + 1 + at),
        lambda at: _event(at, time=(1 << 63) - 20 + at),
        lambda at: _event(at, member=Member("amy", joined=unequal)),
        lambda at: _event(at, member=Member("amy", name=unequal)),
        lambda at: _event(at, member=Member("amy", name=failing)),
        lambda at: _event(at, member=Member("amy", fields={"q": failing})),
        lambda at: _event(at, member=Member(_Text("amy"), roles=[])),
        lambda at: _event(at, id=f"\ud800{at}", digest="\ud800" * 16),
        lambda at: _event(at, channel=_Text("x"), message=None),
        lambda at: _event(at, member=Member("amy", points=True, labels={"x": None})),
    ]
    for make in oddities:
        engine = Engine(loads(_RULES))
        for at in range(6):
            try:
                told.append(repr(engine.judge(make(at))))
            except (EventError, TypeError) as error:
                told.append(f"{type(error).__name__} {error}")
        work = engine._ledger.work("c")
        told.append(f"{engine.counts} {work.stirred} {work.known} {len(work.people)}")
    store = _Lost()
    for session in (range(3), range(3, 6)):
        engine = Engine(loads(_RULES), store)
        for at in session:
            try:
                told.append(repr(engine.judge(_event(at))))
            except EventError as error:
                told.append(str(error))
    return told


@pytest.mark.skipif(native("turning") is None, reason="the kernel was not built, or is not wanted")
def test_oddities_come_to_the_same_with_the_kernel_as_without() -> None:
    without = subprocess.run(
        [sys.executable, str(Path(__file__))],
        env={**os.environ, "COMMUNITYRULES_KERNEL": "off", "PYTHONIOENCODING": "utf-8:backslashreplace"},
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    told = [line.encode("utf-8", "backslashreplace").decode() for line in _story()]
    assert told == without.stdout.splitlines()


def test_without_the_slots_that_it_needs_the_kernel_is_left_alone() -> None:
    class Kernel:
        def know(self, **_: object) -> None:
            raise TypeError("no slot")

    assert _knowing(Kernel()) is None
    kernel = native("turning")
    if kernel is not None:
        with pytest.raises(TypeError, match="has no slot"):
            kernel.know(Event=object)
        assert _knowing(kernel) is kernel


if __name__ == "__main__":
    print("\n".join(_story()))
