"""Every text that a rule of a rulebook has, had or will have, as it was written: what is told of it to people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from communityrules.checker import checked
from communityrules.checker.check import check
from communityrules.checker.clauses import rule_texts
from communityrules.checker.header import Head, read_head
from communityrules.checker.loading import Files, Limits
from communityrules.checker.report import Reporter
from communityrules.checker.scope import Scope
from communityrules.checker.versions import Version, versions_of
from communityrules.diagnostics.message import Diagnostic, RulesError
from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.library.declare import Library


@dataclass(frozen=True, slots=True)
class Texts:
    """A rulebook without errors as its tree."""

    rulebook: checked.Rulebook
    head: Head
    #: Every declaration, those of used files in the place of their `use`.
    declarations: tuple[tree.Declaration, ...]
    #: The versions of each rule by its number, in the order of the text and of time. None of what is repealed at once.
    versions: Mapping[str, tuple[Version, ...]]
    #: Warnings, in source order.
    diagnostics: tuple[Diagnostic, ...]


def read_texts(source: Source, library: Library, read: Callable[[str], Source] | None) -> Texts:
    """The texts of the rulebook whose main file is `source`; `read` opens the files that it names, as for `check`.

    RulesError with every diagnostic when it has errors.
    """
    found = check(source, library=library, read=read)
    if found.rulebook is None:
        raise RulesError(found.diagnostics)
    # What is wrong has been reported; the tree is read once more, for it is not kept.
    report = Reporter()
    declarations = Files(report, read, Limits(), library).load(source)
    head = read_head(declarations, source, report)
    scope = Scope(library, report)
    scope.collect(declarations)
    listed = versions_of(rule_texts(declarations, report), declarations, scope, head)
    versions = {rule: tuple(one) for rule, one in listed.items()}
    return Texts(found.rulebook, head, tuple(declarations), versions, found.diagnostics)
