"""Checked rules to an evaluator."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from communityrules.checker import checked
from communityrules.compiler.evaluator import Evaluator
from communityrules.library.declare import Library
from communityrules.library.patterns import Required
from communityrules.library.scores import Scored
from communityrules.library.table import STANDARD


def compile_rulebook(
    rulebook: checked.Rulebook,
    library: Library = STANDARD,
    on_score: Callable[[Scored], None] | None = None,
    patterns: Mapping[str, Required] | None = None,
    before: Evaluator | None = None,
) -> Evaluator:
    """The evaluator of a checked rulebook. `library` is the one that the rulebook was checked against.

    `on_score` is told of every score that a function of the library gave; see `library.scores`. `patterns`: what
    is known already of the rulebook's patterns (`Evaluator.patterns` of the same rulebook, compiled before). `before`:
    the evaluator of another version of the rulebook, of which what both have is not looked at again.
    """
    return Evaluator(rulebook, library, on_score, patterns=patterns, before=before)
