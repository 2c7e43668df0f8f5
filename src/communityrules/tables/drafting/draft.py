"""Drafting one rule from its cells."""

from __future__ import annotations

from typing import Literal, NamedTuple

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables.carried import filled
from communityrules.tables.drafting import dates, reading, said
from communityrules.tables.drafting import scope as scopes
from communityrules.tables.drafting.building import Head, build
from communityrules.tables.drafting.norms import EVERYONE, Norms
from communityrules.tables.drafting.text import language_of

#: What became of a rule's words. `drafted`: clauses that act by themselves, nothing left. `found`: people judge it.
#: `partly`: clauses and something left to do. `todo`: nothing was understood.
Outcome = Literal["drafted", "found", "partly", "todo"]


class Clause(NamedTuple):
    """A clause as drafted, and the words that it came from, for reading side by side."""

    rule: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of one rule."""

    #: The rule under its own number first; then those for what could not stand in it (`3-2`, `3-3`).
    rules: tuple[tree.Rule, ...]
    #: What the rules need: packs, groups, definitions, calendars, penalties. The same one may come from several rules
    #: of a table; `tabling.together` keeps each once.
    declarations: tuple[tree.Declaration, ...]
    #: The words that were left as `todo`.
    todos: tuple[str, ...]
    #: What was assumed, as comments in the rules say, too.
    assumed: tuple[Bilingual, ...]
    #: Every clause with its words.
    clauses: tuple[Clause, ...]
    outcome: Outcome

    @property
    def rule(self) -> tree.Rule:
        """The rule under its own number."""
        return self.rules[0]


def draft_rule(
    id_: str, name: str, content: str, scope: str = "", date: str = "", language: Language | None = None,
    heading: str = "", *, plain: bool = False,
) -> Drafted:  # fmt: skip
    """Clauses of one rule from the words of its cells.

    `content` is its words, its name where they are empty; `scope` whom it applies to and `date` from when, in words, or
    empty. `language` is that of the rulebook, for names, comments and packs: the words' own when not given; they are
    understood in Chinese and English either way. `heading` stands above the rule in a document. `plain` words are no
    sentence and are left as a `todo`.

    Never fails: what is not understood is a `todo` in the rule.
    """
    if language is None:
        language = language_of(f"{name} {content}")
    norms = Norms() if plain else reading.read(name, content, language, heading)
    todos: list[str] = []
    assumed: list[Bilingual] = []
    whom = scopes.of_cell(scope, language)
    if whom is None:
        todos.append(filled(said.UNKNOWN_SCOPE, words=scope.strip()).fill(language, {}))
        whom = EVERYONE
    when = dates.of_cell(date)
    if when is None:
        todos.append(filled(said.UNKNOWN_DATE, words=date.strip()).fill(language, {}))
        when = ((), ())
    assumed += when[1]
    words = content.strip() or name.strip()
    head = Head(id_, name.strip(), words, whom, when[0], tuple(todos), tuple(assumed), language)
    built = build(head, norms)
    said_so = norms.found if norms.consequence is None else [*norms.found, norms.consequence]
    found = tuple([Clause(id_, one.kind, one.words) for one in said_so])
    return Drafted(
        tuple(built.rules), tuple(built.needs), tuple(built.todos), tuple(dict.fromkeys(built.assumed)), found,
        _outcome(found, bool(built.todos)),
    )  # fmt: skip


def _outcome(clauses: tuple[Clause, ...], left: bool) -> Outcome:
    acting = any(one.kind not in ("found", "todo") for one in clauses)
    judged = any(one.kind == "found" for one in clauses)
    if left:
        return "partly" if acting or judged else "todo"
    return "drafted" if acting else "found" if judged else "todo"
