"""The checker's door: a source in, a checked rulebook and every diagnostic out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from communityrules.checker import canonical, checked, dates, finishing, rules, versions
from communityrules.checker.actions import Actions
from communityrules.checker.book import Book
from communityrules.checker.checks.table import CHECKS
from communityrules.checker.clauses import rule_texts
from communityrules.checker.confiding import read_confidential
from communityrules.checker.declarations import Declarations, read_parameters
from communityrules.checker.expressions import Resolver
from communityrules.checker.header import Head, read_head
from communityrules.checker.loading import Files, Limits
from communityrules.checker.penalties import read_penalties
from communityrules.checker.powers import read_powers
from communityrules.checker.proportion import read_breakers
from communityrules.checker.report import Reporter
from communityrules.checker.scope import Scope
from communityrules.collecting import without_collector
from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.library.declare import Library
from communityrules.library.table import STANDARD
from communityrules.model.values import Type, Value

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


def check(
    source: Source,
    *,
    library: Library | None = None,
    read: Callable[[str], Source] | None = None,
    limits: Limits = _USUAL,
    parsed: tuple[tree.File, Sequence[Diagnostic]] | None = None,
) -> CheckResult:
    """Checks a rulebook whose main file is `source`.

    `read` opens the files that it names, by their paths (with `/`) from the main file's folder; it raises OSError,
    UnicodeError or ValueError for what it cannot read, which becomes a diagnostic. Without it no file is opened.
    `parsed` is what `parse` gave of the source, where that was asked before. Never raises for anything that stands in a
    source.
    """
    with without_collector():
        report = Reporter()
        library = library or STANDARD
        files = Files(report, read, limits, library)
        declarations = files.load(source, parsed)
        book, rulebook = resolve(source, declarations, files, report, library)
        for run in CHECKS:
            run(book)
        return CheckResult(
            rulebook if report.errors == 0 else None,
            report.sorted(files.sources, limits.diagnostics),
            tuple(files.sources),
        )


def resolve(
    source: Source, declarations: list[tree.Declaration], files: Files, report: Reporter, library: Library
) -> tuple[Book, checked.Rulebook]:
    """What the checks look at, and the rulebook, which means something only while `report` has no error."""
    head = read_head(declarations, source, report)
    scope = Scope(library, report)
    scope.collect(declarations)
    written = read_parameters(scope)
    types = {name: type_ for name, (_, type_, _) in written.items()}
    resolver = Resolver(scope, head.zone, types, {"name": head.name, "purpose": head.purpose})
    resolver.definitions.find_circles()
    for kind in ("definition", "metric"):
        for node in scope.declared.get(kind, {}).values():
            resolver.definitions.check_alone(node)
    actions = Actions(resolver)
    declared = Declarations(resolver, files, head)
    groups = declared.groups()
    lists = declared.lists()
    penalties = read_penalties(resolver, actions)
    texts = rule_texts(declarations, report)
    by_id = versions.versions_of(texts, declarations, scope, head)
    judged = rules.borrow(rules.Rules(resolver, actions).all(one for listed in by_id.values() for one in listed))
    boards = declared.leaderboards()
    parameters = {name: _parameter(name, node, type_, values, head) for name, (node, type_, values) in written.items()}
    measures = _measures(resolver, judged, groups, boards, parameters, lists, head)
    book = Book(
        main=source,
        head=head,
        declarations=tuple(declarations),
        scope=scope,
        report=report,
        resolver=resolver,
        actions=actions,
        texts=tuple(one.text for listed in by_id.values() for one in listed),
        rules=tuple(judged),
        groups=groups,
        lists=lists,
        parameters=parameters,
        states=declared.states(),
        calendars=declared.calendars(),
        penalties=penalties,
        measures=measures,
    )
    rulebook = checked.Rulebook(
        name=head.name,
        version=head.version,
        language=head.language,
        timezone=head.timezone,
        published=head.published,
        purpose=head.purpose,
        member_fields=dict(scope.member_fields),
        event_types=_event_types(scope),
        groups=groups,
        places=declared.places(),
        lists=lists,
        patterns=declared.patterns(),
        parameters=parameters,
        definitions=dict(resolver.definitions.plain),
        states=book.states,
        calendars=book.calendars,
        penalties=penalties,
        powers=read_powers(resolver, actions, declarations),
        templates=declared.templates(),
        leaderboards=boards,
        aggregates=measures,
        rules=tuple(one.rule for one in judged),
        digest="",
        tests=tuple(one for one in declarations if isinstance(one, tree.Test)),
        steps=declared.steps(),
        breakers=read_breakers(resolver, actions, declarations),
        confidential=read_confidential(resolver, declarations),
    )
    if report.errors == 0:
        rulebook = replace(rulebook, digest=canonical.digest(rulebook))
    return book, rulebook


def _parameter(
    name: str, node: tree.ParameterDeclaration, type_: Type, values: list[Value], head: Head
) -> checked.Parameter:
    starts = [dates.midnight(one.start.value, head.zone) if one.start is not None else None for one in node.values]
    return checked.Parameter(name, type_, tuple(zip(starts, values, strict=False)))


def _event_types(scope: Scope) -> Mapping[str, checked.CustomEvent]:
    return {
        name: checked.CustomEvent(name, dict(fields), scope.event_type(name) is not None)
        for name, fields in scope.event_fields.items()
    }


def _measures(
    resolver: Resolver,
    judged: list[rules.Judged],
    groups: Mapping[str, checked.Expression],
    boards: tuple[checked.Leaderboard, ...],
    parameters: Mapping[str, checked.Parameter],
    lists: Mapping[str, checked.WordList],
    head: Head,
) -> tuple[checked.Aggregate, ...]:
    measures = resolver.measures.all
    definitions = resolver.definitions.plain
    conditions = [one.rule.condition for one in judged if one.rule.condition is not None]
    limit = finishing.limits([*conditions, *definitions.values(), *groups.values()], parameters, measures)
    limit.update({one.aggregate: None for one in boards})
    meanings: dict[str, Mapping[str, Any]] = {
        "parameter": parameters,
        "definition": definitions,
        "group": groups,
        "list": lists,
    }
    return finishing.finished(measures, limit, meanings, head.timezone)
