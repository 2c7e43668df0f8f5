"""A bar on standard error for work that takes long at a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from communityrules.cli.screen import Screen, at_terminal

T = TypeVar("T")
Through = Callable[[Iterable[T]], Iterator[T]]

#: Seconds of work before a bar is worth showing, and between two updates of it.
_PATIENCE: Final = 0.7
_PAUSE: Final = 0.1


@contextmanager
def progress(screen: Screen, what: str, total: int, done: Callable[[], int]) -> Iterator[Through[T]]:
    """Gives a function that passes items through and moves the bar. `total` 0: not known.

    Nothing is shown where standard error is no terminal. `done` says how much of `total` is behind.
    """
    if not at_terminal(sys.stderr):
        yield iter
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]:,}"), TimeRemainingColumn(),
        console=screen.console(sys.stderr), transient=True, auto_refresh=False,
    )  # fmt: skip
    task = bar.add_task(what, total=total or None, count=0)
    shown = False

    def through(items: Iterable[T]) -> Iterator[T]:
        nonlocal shown
        due = time.monotonic() + _PATIENCE
        for count, item in enumerate(items, 1):
            # Looking at the clock costs more than judging a plain message.
            if not count % 256 and time.monotonic() >= due:
                if not shown:
                    bar.start()
                    shown = True
                bar.update(task, completed=done(), count=count, refresh=True)
                due = time.monotonic() + _PAUSE
            yield item

    try:
        yield through
    finally:
        if shown:
            bar.stop()
