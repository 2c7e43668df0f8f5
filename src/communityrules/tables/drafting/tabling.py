"""Drafting the rows of a table, and putting their declarations together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import said
from communityrules.tables.drafting.draft import Drafted, Outcome, draft_rule
from communityrules.tables.drafting.text import language_of
from communityrules.tables.making import NOWHERE

_TITLE: Final = Bilingual("Community rules", "社群规则")
_ZONE: Final = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one rule, as text."""

    id: str
    name: str
    content: str
    scope: str = ""
    date: str = ""
    #: What stands above it in a document.
    heading: str = ""
    #: Its words are no sentence (a row of a table of penalties, say): they are left as they are, as a `todo`.
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted rulebook, and what became of each row, in order."""

    file: tree.File
    rows: tuple[Drafted, ...]

    def share(self, *outcomes: str) -> float | None:
        """The share of rows with one of these outcomes, from 0 to 1; None of no rows."""
        return sum(one.outcome in outcomes for one in self.rows) / len(self.rows) if self.rows else None


def draft_table(
    rows: Sequence[Row], language: Language | None = None, title: str = "", timezone: str | None = None
) -> Draft:
    """A rulebook from the rows of a table. Rows come in order; two with one number get `-2`, `-3` behind it.

    `language`: that most of the words are in, when not given. `timezone`: an IANA name; when not given, that of China
    for a Chinese table, marked as assumed, and none (UTC) for an English one.
    """
    if language is None:
        language = language_of(" ".join(f"{one.name} {one.content}" for one in rows))
    taken: set[str] = set()
    drafted: list[Drafted] = []
    for place, row in enumerate(rows, start=1):
        number = _free(row.id.strip() or str(place), taken)
        one = draft_rule(number, row.name, row.content, row.scope, row.date, language, row.heading, plain=row.plain)
        drafted.append(_numbered(one, taken))
    drafted = _one_deadline(drafted, language)
    declared = together(one for row in drafted for one in row.declarations)
    rules = [rule for row in drafted for rule in row.rules]
    file = tree.File((_header(language, title, timezone), *declared, *rules), (), NOWHERE, language)
    return Draft(file, tuple(drafted))


def _one_deadline(drafted: list[Drafted], language: Language) -> list[Drafted]:
    """With one deadline for one duty: a row that sets another leaves it as a `todo`."""
    known: dict[tuple[str, str], tuple[str, tree.Duration | tree.Name | None]] = {}
    found: list[Drafted] = []
    for row in drafted:
        if not any(one.kind == "duty" for one in row.clauses):
            found.append(row)
            continue
        rules = []
        for rule in row.rules:
            requires = [one for one in rule.clauses if isinstance(one, tree.Require)]
            if not requires:
                rules.append(rule)
                continue
            events = [name.text for one in rule.clauses if isinstance(one, tree.OnEvents) for name in one.events]
            other = ""
            for event in events:
                for one in requires:
                    first = known.setdefault((event, one.event.text), (rule.id.text, one.within))
                    if first[1] != one.within:
                        other = first[0]
            rules.append(_without_duty(rule, other, language) if other else rule)
        if all(new is old for new, old in zip(rules, row.rules, strict=True)):
            found.append(row)
            continue
        todos = tuple(one.text.value for rule in rules for one in rule.clauses if isinstance(one, tree.Todo))
        outcome: Outcome = "partly" if len(rules) > 1 else "todo"
        found.append(Drafted(tuple(rules), row.declarations, todos, row.assumed, row.clauses, outcome))
    return found


def _without_duty(rule: tree.Rule, other: str, language: Language) -> tree.Rule:
    kept = [one for one in rule.clauses if not isinstance(one, tree.Require | tree.OnEvents | tree.Responsible)]
    content = next(one.text.value for one in kept if isinstance(one, tree.Content))
    note = making.layout(said.OTHER_DEADLINE.fill(language, {"id": other}))
    todo = tree.Todo(making.text(content[:500]), NOWHERE, note)
    return tree.Rule(rule.id, rule.name, (*kept, todo), rule.span, rule.layout)


def _free(number: str, taken: set[str]) -> str:
    again, found = 1, number
    while found in taken:
        again += 1
        found = f"{number}-{again}"
    taken.add(found)
    return found


def _numbered(drafted: Drafted, taken: set[str]) -> Drafted:
    """The rules beside the first with numbers that no other row has."""
    first, *others = drafted.rules
    if not others:
        return drafted
    kept = [_called(rule, _free(rule.id.text, taken)) for rule in others]
    if all(new is old for new, old in zip(kept, others, strict=True)):
        return drafted
    return Drafted(
        (first, *kept), drafted.declarations, drafted.todos, drafted.assumed, drafted.clauses, drafted.outcome
    )


def _called(rule: tree.Rule, number: str) -> tree.Rule:
    if rule.id.text == number:
        return rule
    return tree.Rule(making.rule_id(number), rule.name, rule.clauses, rule.span, rule.layout)


def _header(language: Language, title: str, timezone: str | None) -> tree.Header:
    entries = [tree.HeaderEntry("language", making.name(language), NOWHERE)]
    if timezone is not None:
        entries.append(tree.HeaderEntry("timezone", making.name(timezone), NOWHERE))
    elif language == "zh":
        note = making.layout(said.assumed_of(said.ZONE, language))
        entries.append(tree.HeaderEntry("timezone", making.name(_ZONE), NOWHERE, note))
    return tree.Header(making.text(title or _TITLE.fill(language, {})), tuple(entries), NOWHERE)


def together(declarations: Iterable[tree.Declaration]) -> tuple[tree.Declaration, ...]:
    """Each declaration once, by what it declares: what is used first, then what is named."""
    found: dict[tuple[str, str], tree.Declaration] = {}
    # The same node comes from many rows; by the node itself it is told more quickly than by its name.
    for one in {id(one): one for one in declarations}.values():
        found.setdefault(_named(one), one)
    order = (tree.Use, tree.Repeal)
    kept = list(found.values())
    return tuple(sorted(kept, key=lambda one: order.index(type(one)) if type(one) in order else len(order)))


def _named(one: tree.Declaration) -> tuple[str, str]:
    if isinstance(one, tree.Use):
        return "use", one.path.value
    if isinstance(one, tree.Repeal):
        return "repeal", one.rule.text
    name = getattr(one, "name", None)
    return type(one).__name__, name.text if isinstance(name, tree.Name) else ""
