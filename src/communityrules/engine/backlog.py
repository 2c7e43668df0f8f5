"""Measures over the duties that are open: how many, and how long the oldest has been.

They keep nothing of their own: whenever one is asked for, the open duties are looked through, of one owner where the
measure is kept by owner. Each is seen as an event of type `library.entities.OPEN_DUTY` at the instant of the asking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from communityrules.compiler.facts import GivenFacts
from communityrules.compiler.match import Observer
from communityrules.engine import members
from communityrules.engine.history import History
from communityrules.engine.measures import Key, Measure, Stages
from communityrules.engine.transaction import Transaction
from communityrules.library.entities import OPEN_DUTY
from communityrules.model.event import Event
from communityrules.model.values import Value

#: The cells of open duties; `engine.duties` keeps them.
TABLE: Final = "duty"
_NO_FACTS: Final = GivenFacts()


class OpenDuties(Measure[History]):
    """How many duties are open."""

    #: What looks at a duty, the place of this measure in it, and how many measures it feeds. Set by `look_through`.
    _part: Any = None
    _place = 0
    _width = 1

    def look_through(self, observer: Observer, index: int) -> None:
        """Take what the rulebook says of this measure, its `index`th."""
        for part, first, end in observer.parts:
            for place, one in enumerate(observer.indices[first:end]):
                if one == index:
                    self._part, self._place, self._width = part, place, end - first

    def observe(self, key: Key, time: int, value: Value, stages: Stages) -> None:
        """Nothing: no event feeds it."""

    def answer(self, key: Key, time: int, closing: bool) -> Value:  # noqa: ARG002  # duties have no window
        return self.total(time - opened for opened in self._matching(key, time))

    def total(self, ages: Iterator[int]) -> Value:
        """The answer, from how long each duty has been open."""
        return sum(1 for _ in ages)

    def _matching(self, key: Key, time: int) -> Iterator[int]:
        """When each duty that counts was opened."""
        tx = self.home.transaction
        assert tx is not None, "a working set hands itself to its measures"
        found: list[Key] = []
        sinks: list[Any] = [_ignore] * self._width
        sinks[self._place] = lambda its_key, *_: found.append(its_key)
        for duty, cell in _open(tx, key):
            if cell["opened"] > time:
                continue
            self._part(_seen(tx, duty, cell, time), _NO_FACTS, sinks, _failed)
            if found and found.pop() == key:
                yield cell["opened"]


class OldestDuty(OpenDuties):
    """How long the oldest open duty has been open; absent of none."""

    def total(self, ages: Iterator[int]) -> Value:
        return max(ages, default=None)


def _open(tx: Transaction, key: Key) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The open duties; where there is a key, which is always an owner's, those of that member."""
    if not key:
        yield from tx.items(TABLE)
        return
    owner = str(key[0])
    for duty in members.record(tx, owner).get("duties", []):
        cell = tx.get(TABLE, duty)
        if cell is not None and cell["owner"] == owner:
            yield duty, cell


def _seen(tx: Transaction, duty: str, cell: Mapping[str, Any], time: int) -> Event:
    owner = cell["owner"]
    event = Event(duty, time, OPEN_DUTY, tx.community, members.find(tx, owner) if owner is not None else None)
    event.subject = event.member
    facts = {
        "rule": cell["rule"],
        "owner": owner if owner is not None else cell["group"],
        "duty": cell["what"],
        "opened": cell["opened"],
        "due": cell["due"],
        "age": time - cell["opened"],
        "priority": cell.get("priority"),
    }
    event.fields = {name: value for name, value in facts.items() if value is not None}
    return event


def _ignore(*_: Any) -> None:
    """What another measure is fed."""


def _failed(_: int, error: Exception) -> None:
    raise error
