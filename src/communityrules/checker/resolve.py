"""From the declarations of a rulebook to its checked form, names and types settled."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from communityrules.checker import checked, dates, finishing, rules, versions
from communityrules.checker.actions import Actions
from communityrules.checker.book import Book
from communityrules.checker.borrowing import borrow
from communityrules.checker.clauses import asked_by, rule_texts
from communityrules.checker.confiding import read_confidential
from communityrules.checker.declarations import Declarations, read_parameters
from communityrules.checker.expressions import Resolver
from communityrules.checker.header import Head, read_head
from communityrules.checker.loading import Files
from communityrules.checker.penalties import read_penalties
from communityrules.checker.powers import read_powers
from communityrules.checker.proportion import read_breakers
from communityrules.checker.report import Reporter
from communityrules.checker.scope import Scope
from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.library.declare import Library
from communityrules.model.values import Type, Value


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What stands in the parts of a rulebook that are not looked at."""

    #: Ids of its rules.
    rules: Container[str]
    #: Its measures, which keep their numbers; none of them is finished here.
    measures: tuple[checked.Aggregate, ...]


def resolve(
    source: Source,
    declarations: list[tree.Declaration],
    files: Files,
    report: Reporter,
    library: Library,
    elsewhere: Elsewhere | None = None,
) -> tuple[Book, checked.Rulebook]:
    """What the checks look at, and the rulebook, which means something only while `report` has no error. It has no
    digest yet. With `elsewhere` the declarations are only a part of it."""
    head = read_head(declarations, source, report)
    scope = Scope(library, report, elsewhere=elsewhere.rules if elsewhere is not None else ())
    scope.collect(declarations)
    written = read_parameters(scope)
    types = {name: type_ for name, (_, type_, _) in written.items()}
    about = {"name": head.name, "purpose": head.purpose}
    resolver = Resolver(scope, head.zone, types, about, elsewhere.measures if elsewhere is not None else ())
    resolver.definitions.find_circles()
    for kind in ("definition", "metric"):
        for node in scope.declared.get(kind, {}).values():
            resolver.definitions.check_alone(node)
    actions = Actions(resolver)
    declared = Declarations(resolver, files, head)
    groups = declared.groups()
    lists = declared.lists()
    penalties = read_penalties(resolver, actions)
    by_id = versions.versions_of(rule_texts(declarations, report), declarations, scope, head)
    judged = borrow(rules.Rules(resolver, actions).all(one for listed in by_id.values() for one in listed))
    boards = declared.leaderboards()
    parameters = {name: _parameter(name, node, type_, values, head) for name, (node, type_, values) in written.items()}
    measures = resolver.measures.all
    if elsewhere is None:
        measures = _measures(resolver, judged, groups, boards, parameters, lists, head)
    texts = tuple(one.text for listed in by_id.values() for one in listed)
    book = Book(
        main=source,
        head=head,
        declarations=tuple(declarations),
        scope=scope,
        report=report,
        resolver=resolver,
        actions=actions,
        texts=texts,
        asked=tuple((one, asked_by(one, library)) for one in texts),
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
    definitions = resolver.definitions.plain
    conditions = [one.rule.condition for one in judged if one.rule.condition is not None]
    roots = [*conditions, *definitions.values(), *groups.values()]
    meanings: dict[str, Mapping[str, Any]] = {
        "parameter": parameters, "definition": definitions, "group": groups, "list": lists,
    }  # fmt: skip
    return finishing.measures(resolver.measures.all, roots, boards, meanings, head.timezone)
