"""Checking the declarations of one rulebook again and again, a little changed each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from communityrules.checker import canonical, checked
from communityrules.checker.checks.table import CHECKS
from communityrules.checker.loading import Files, Limits
from communityrules.checker.report import Reporter
from communityrules.checker.resolve import resolve
from communityrules.diagnostics.source import Source
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.library.declare import Library

_LIMITS: Final = Limits()


class Again:
    """A rulebook that has been read once."""

    def __init__(self, source: Source, library: Library, read: Callable[[str], Source] | None) -> None:
        self._source = source
        self._library = library
        # The lists of words in files of their own stay the same.
        self._files = Files(Reporter(), cache(read) if read is not None else None, _LIMITS, library)
        #: Every declaration, those of used files in the place of their `use`.
        self.declarations: Final = tuple(self._files.load(source))

    def check(self, declarations: Sequence[tree.Declaration]) -> checked.Rulebook | None:
        """The rulebook that these declarations are in place of its own; None when `check` finds an error."""
        report = Reporter()
        book, rulebook = resolve(self._source, list(declarations), self._files.again(report), report, self._library)
        for run in CHECKS:
            run(book)
        return replace(rulebook, digest=canonical.digest(rulebook)) if report.errors == 0 else None
