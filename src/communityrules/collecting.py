"""The garbage collector, kept away while much is built that is no garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Nothing is collected meanwhile, and what was made is not looked through at the end.

    Looking for circles again and again in what only grows takes half the time of loading a large rulebook.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            # What is new counts as old from here on; else the next object made would have all of it looked through.
            gc.freeze()
            gc.unfreeze()
        gc.enable()
