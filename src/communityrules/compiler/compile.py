"""Checked rules to an evaluator."""

from __future__ import annotations

from communityrules.checker import checked
from communityrules.compiler.evaluator import Evaluator
from communityrules.library.declare import Library
from communityrules.library.table import STANDARD


def compile_rulebook(rulebook: checked.Rulebook, library: Library = STANDARD) -> Evaluator:
    """The evaluator of a checked rulebook. `library` is the one that the rulebook was checked against."""
    return Evaluator(rulebook, library)
