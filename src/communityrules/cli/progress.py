"""A bar on standard error for work that takes long at a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar

from communityrules.cli.screen import Screen, at_terminal

if TYPE_CHECKING:
    from rich.progress import Progress

T = TypeVar("T")

#: Seconds of work before a bar is worth showing, and between two updates of it.
_PATIENCE: Final = 0.7
_PAUSE: Final = 0.1
#: Looking at the clock costs more than judging a plain message.
_EVERY: Final = 256


class Bar:
    """Moves as items pass through. Nothing is shown where standard error is no terminal, or before a while.

    `done` says how much of `total` is behind; `total` 0 is not known.
    """

    def __init__(self, screen: Screen, what: str, total: int, done: Callable[[], int], every: int = _EVERY) -> None:
        self._screen = screen
        self._what = what
        self._total = total
        self._done = done
        self._every = every
        self._bar: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def through(self, items: Iterable[T], size: Callable[[T], int] = lambda _: 1) -> Iterator[T]:
        """The items, one by one; `size` says for how many an item counts."""
        if not at_terminal(sys.stderr):
            yield from items
            return
        due = time.monotonic() + _PATIENCE
        count = looked = 0
        for item in items:
            count += size(item)
            if count - looked >= self._every:
                looked = count
                if time.monotonic() >= due:
                    self._show(count)
                    due = time.monotonic() + _PAUSE
            yield item

    def _show(self, count: int) -> None:
        if self._bar is None:
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]:,}"),
                TimeRemainingColumn(), console=self._screen.console(sys.stderr), transient=True, auto_refresh=False,
            )  # fmt: skip
            self._task = self._bar.add_task(self._what, total=self._total or None, count=0)
            self._bar.start()
        self._bar.update(self._task, completed=self._done(), count=count, refresh=True)
