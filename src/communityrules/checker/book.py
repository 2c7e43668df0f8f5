"""Everything known of a rulebook when its names and types are settled: what the checks look at."""

from __future__ import annotations

from collections.abc import Iterator

from communityrules.checker import checked
from communityrules.checker.actions import Actions
from communityrules.checker.clauses import Asked, Clauses
from communityrules.checker.expressions import Resolver
from communityrules.checker.header import Head
from communityrules.checker.report import Reporter
from communityrules.checker.rules import Judged
from communityrules.checker.scope import Scope
from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass
from communityrules.language import tree


@dataclass(frozen=True, slots=True)
class Book:
    """A rulebook between resolving and judging. Parts that could not be resolved are missing from it."""

    main: Source
    head: Head
    declarations: tuple[tree.Declaration, ...]
    scope: Scope
    report: Reporter
    resolver: Resolver
    actions: Actions
    texts: tuple[Clauses, ...]
    #: The same texts, each with what it asks for.
    asked: tuple[tuple[Clauses, Asked], ...]
    #: Versions of rules that could be resolved, `as rule N` replaced.
    rules: tuple[Judged, ...]
    groups: dict[str, checked.Expression]
    lists: dict[str, checked.WordList]
    parameters: dict[str, checked.Parameter]
    states: dict[str, checked.State]
    calendars: dict[str, checked.WorkCalendar]
    penalties: dict[str, checked.Penalty]
    measures: tuple[checked.Aggregate, ...]

    @property
    def definitions(self) -> dict[str, checked.Expression]:
        """Definitions that rules use, as they are used."""
        return self.resolver.definitions.plain

    @property
    def complete(self) -> bool:
        """Whether every file parsed: only then is what is absent really absent."""
        return not self.report.any_broken

    def of_type(self, *kinds: type) -> Iterator[tree.Declaration]:
        """The declarations of some kinds, in order."""
        return (one for one in self.declarations if isinstance(one, kinds))
