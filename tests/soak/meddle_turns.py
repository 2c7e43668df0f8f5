"""Judge random events while the collector runs at every object, and a host's code with it that changes what is at hand.

    python tests/soak/meddle_turns.py [--budget SECONDS] [--seed 1] [--number 60]

What a host does then: it enters the engine again, lets in another rulebook, empties tables, fills slots that are the
engine's own with something else. Promised is only that the process does not come to harm: run it with
`PYTHONMALLOC=debug`, or with the sanitizers (`CONTRIBUTING.md`). The slots are as they were for the next event.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from turns import BOOKS, bodies, evaluator  # type: ignore[import-not-found]

from communityrules.compiler.evaluator import Evaluator
from communityrules.engine import engine as engine_module
from communityrules.engine.engine import Engine
from communityrules.engine.incoming import wire_types
from communityrules.wire.events import event_from_wire

_OTHERS: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: 5,
    lambda: "x",
    dict,
    list,
    lambda: 1 << 70,
    object,
    tuple,
)


def slots(one: object) -> list[str]:
    """The slots of an object of ours."""
    return [name for cls in type(one).__mro__ for name in getattr(cls, "__slots__", ())]


def _types(*given: Any) -> Any:
    """Types of events, their dictionary made before anybody meddles: Python 3.11 itself comes to harm where the
    collector runs, and the attributes of an object are asked for, while its dictionary is made for the first time."""
    gc.disable()
    try:
        made = wire_types(*given)
        assert made.usual is not None
        return made
    finally:
        gc.enable()


class Meddling:
    """What a host does when the collector runs."""

    def __init__(self, engine: Engine, books: list[Evaluator], luck: random.Random) -> None:
        self.engine, self.books, self.luck = engine, books, luck
        self._changed: list[tuple[Any, str, Any]] = []
        self._inside = False
        self.done = 0

    @contextmanager
    def at(self, chance: float) -> Iterator[None]:
        """Meddles meanwhile."""
        objects = self._objects()

        def meddle(phase: str, _: Any) -> None:
            if phase == "stop":
                # So that the collector runs at the next object again.
                kept.append([])
            elif not self._inside and self.luck.random() < chance:
                self._inside = True
                try:
                    self.done += 1
                    self._meddle(objects)
                finally:
                    self._inside = False

        kept: list[Any] = [[[], {}, (1,), (1, 2, one), (1, one)] for one in range(200)]
        gc.callbacks.append(meddle)
        gc.set_threshold(1)
        try:
            yield
        finally:
            gc.set_threshold(700, 10, 10)
            gc.callbacks.remove(meddle)
            while self._changed:
                one, name, before = self._changed.pop()
                setattr(one, name, before)

    def _objects(self) -> list[Any]:
        found: list[Any] = [self.engine._ledger, self.engine.counts]
        for judging in self.engine._judgings.values():
            work = judging.work
            found += [judging, judging._facts, work, work.windows, work._home, work.standing, work.timers]
            found += [work.log] if work.log is not None else []
            found += work.windows.measures
        return found

    def _meddle(self, objects: list[Any]) -> None:
        luck = self.luck
        one = luck.choice(objects)
        match luck.randrange(6):
            case 0:
                with suppress(Exception, KeyboardInterrupt):
                    self.engine.judge(next(bodies(luck, 1)))
            case 1:
                with suppress(Exception):
                    self.engine.swap(luck.choice(self.books))
            case 2 | 3:
                self._fill(one, luck.choice(slots(one) or ["none"]))
            case _:
                self._empty(one)

    def _fill(self, one: Any, name: str) -> None:
        with suppress(AttributeError, TypeError):
            before = getattr(one, name)
            setattr(one, name, self.luck.choice(_OTHERS)())
            self._changed.append((one, name, before))

    def _empty(self, one: Any) -> None:
        name = self.luck.choice(slots(one) or ["none"])
        table: Any = getattr(one, name, None)
        if isinstance(table, dict):
            for key in list(table)[: self.luck.randrange(3)]:
                inner = table[key]
                if isinstance(inner, dict) and self.luck.random() < 0.5:
                    inner.clear()
                else:
                    del table[key]
        elif type(table).__name__ in ("Cells", "Notes", "list"):
            with suppress(IndexError, RuntimeError, KeyError):
                if type(table).__name__ != "Cells":
                    table.pop()
                else:
                    for key in list(table):
                        table.pop(key, None)


def story(seed: int, number: int) -> int:
    """Events of one seed; how often somebody meddled."""
    luck = random.Random(seed)
    books = [evaluator(book) for book in BOOKS]
    now = luck.choice(books)
    engine = Engine(now, "memory:")
    meddling = Meddling(engine, books, luck)
    chance = luck.choice([0.02, 0.1, 0.5])
    for body in bodies(luck, number):
        given: Any = body
        if luck.random() < 0.5:
            with suppress(Exception):
                given = event_from_wire(body, wire_types(now.rulebook, now.library))
        with suppress(Exception, KeyboardInterrupt), meddling.at(chance):
            engine.judge(given)
        if not engine._judgings or luck.random() < 0.02:
            engine = Engine(now, "memory:")
            meddling.engine = engine
    return meddling.done


def main() -> None:
    setattr(engine_module, "wire_types", _types)  # noqa: B010  # it is no part of what the module gives
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--budget", type=float, default=60.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--seeds", type=int, default=1 << 30)
    asked.add_argument("--number", type=int, default=60)
    given = asked.parse_args()
    end = time.monotonic() + given.budget
    seed, meddled = given.seed, 0
    while time.monotonic() < end and seed < given.seed + given.seeds:
        meddled += story(seed, given.number)
        seed += 1
    print(f"{seed - given.seed} seeds, meddled with {meddled} times")


if __name__ == "__main__":
    main()
