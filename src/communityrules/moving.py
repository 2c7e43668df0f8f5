"""Memory that loading leaves behind, given back to the system.

A rulebook of ten thousand rules keeps a few dozen megabytes of the hundreds that its tree took. They were made side by
side with the tree, so that the system would get hardly any of those back: Python gives memory back by the megabyte.
"""

from __future__ import annotations

import gc
import pickle
import sys
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from communityrules.checker import checked
from communityrules.checker.packing import PackingError, pack, unpack_shared
from communityrules.language.grammar import load_grammar
from communityrules.library.patterns.matcher import let_go

#: Letters of a rulebook's files from which on moving what stays is worth its time, a twentieth of loading.
LARGE: Final = 500_000


def move_together(held: list[checked.Rulebook]) -> checked.Rulebook:
    """Takes the rulebook out of `held`, whose caller holds it nowhere else; gives one that is equal, made anew once
    the old one is gone, and remembers nothing of how it was read but the steps of the parser."""
    rulebook = held.pop()
    tests = rulebook.tests
    try:
        # What is the same is made once while all is still there: what it leaves behind goes with the tree.
        packed = pack(unpack_shared(pack(replace(rulebook, tests=()))))
    except PackingError:
        # Nested too deeply, or with values of an extension: it stays where it is.
        return rulebook
    del rulebook
    shapes = load_grammar().shapes
    if shapes is not None:
        shapes.make_anew()
    remember = let_go()
    _forget_names()
    # The checker's own tables hold each other, and the tree.
    gc.collect()
    give_back()
    remember()
    # Packed above: nobody else could have written it, and what an extension added is in it, too.
    moved: checked.Rulebook = pickle.loads(packed)
    return replace(moved, tests=tests) if tests else moved


def prepare() -> None:
    """Imports beforehand what reading a large rulebook would import on its way, among what is let go later."""
    import re2  # type: ignore[import-untyped]  # noqa: F401  # the package has no types; only to be there

    _trim()


def _forget_names() -> None:
    """Python remembers where it found attributes by names that C code makes for each look: thousands of small texts
    that stand among all that was made meanwhile, each of which would keep a megabyte."""
    clear = getattr(sys, "_clear_internal_caches", None) or getattr(sys, "_clear_type_cache", None)
    if clear is not None:
        clear()


def give_back() -> None:
    """Give back what the C library keeps for later."""
    trim = _trim()
    if trim is not None:
        trim(0)


@lru_cache(maxsize=1)
def _trim() -> Any | None:
    """The call of the GNU C library that gives free memory back; None where there is none."""
    if sys.platform != "linux":
        return None
    import ctypes

    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
