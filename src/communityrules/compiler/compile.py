"""Checked rules to an evaluator."""

from __future__ import annotations

from collections.abc import Callable

from communityrules.checker import checked
from communityrules.compiler.evaluator import Evaluator
from communityrules.library.declare import Library
from communityrules.library.scores import Scored
from communityrules.library.table import STANDARD


def compile_rulebook(
    rulebook: checked.Rulebook, library: Library = STANDARD, on_score: Callable[[Scored], None] | None = None
) -> Evaluator:
    """The evaluator of a checked rulebook. `library` is the one that the rulebook was checked against.

    `on_score` is told of every score that a function of the library gave; see `library.scores`.
    """
    return Evaluator(rulebook, library, on_score)
