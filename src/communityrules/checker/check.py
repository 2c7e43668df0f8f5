"""The checker's door: a source in, a checked rulebook and every diagnostic out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Final

from communityrules.checker import canonical, checked
from communityrules.checker.basis import Basis, basis_of, held, latest
from communityrules.checker.changing import changed
from communityrules.checker.checks.table import CHECKS
from communityrules.checker.loading import Files, Limits
from communityrules.checker.report import Reporter
from communityrules.checker.resolve import resolve
from communityrules.collecting import without_collector
from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass, replace
from communityrules.language import tree
from communityrules.library.declare import Library
from communityrules.library.table import STANDARD

_USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What checking found."""

    #: None when there is any error.
    rulebook: checked.Rulebook | None
    #: Errors and warnings in the order of the files and their text.
    diagnostics: tuple[Diagnostic, ...]
    #: Every file read, the main one first.
    files: tuple[Source, ...]
    #: What makes checking the same rulebook a little changed quick, while this result is held.
    basis: Basis | None = field(default=None, compare=False, repr=False)


def check(
    source: Source,
    *,
    library: Library | None = None,
    read: Callable[[str], Source] | None = None,
    limits: Limits = _USUAL,
    parsed: tuple[tree.File, Sequence[Diagnostic]] | None = None,
    before: CheckResult | None = None,
) -> CheckResult:
    """Checks a rulebook whose main file is `source`.

    `read` opens the files that it names, by their paths (with `/`) from the main file's folder; it raises OSError,
    UnicodeError or ValueError for what it cannot read, which becomes a diagnostic. Without it no file is opened.
    `parsed` is what `parse` gave of the source, where that was asked before. Never raises for anything that stands in a
    source.

    Of a large rulebook of which an earlier text was found good, and whose result is `before` or is still held by
    somebody (it is known by the name of its source and its first line), only what has changed is read and checked, and
    what else that touches. The result is the same.
    """
    library = library or STANDARD
    with without_collector():
        basis = before.basis if before is not None else latest(source)
        found = changed(basis, source, library) if basis is not None and limits == _USUAL else None
        if found is None:
            result = check_anew(source, library, read, limits, parsed)
        else:
            result = CheckResult(found.rulebook, found.diagnostics, (source,), found)
        if result.basis is not None:
            held(result.basis)
        return result


def check_anew(
    source: Source,
    library: Library,
    read: Callable[[str], Source] | None,
    limits: Limits = _USUAL,
    parsed: tuple[tree.File, Sequence[Diagnostic]] | None = None,
) -> CheckResult:
    """`check`, whatever was checked before. The result can be a basis, and is not known as one yet."""
    report = Reporter()
    files = Files(report, read, limits, library)
    declarations = files.load(source, parsed)
    book, rulebook = resolve(source, declarations, files, report, library)
    for run in CHECKS:
        run(book)
    diagnostics = report.sorted(files.sources, limits.diagnostics)
    if report.errors:
        return CheckResult(None, diagnostics, tuple(files.sources))
    basis = basis_of(book, rulebook, files) if limits == _USUAL else None
    if basis is None:
        rulebook = replace(rulebook, digest=canonical.digest(rulebook))
        return CheckResult(rulebook, diagnostics, tuple(files.sources))
    return CheckResult(basis.rulebook, diagnostics, tuple(files.sources), basis)
