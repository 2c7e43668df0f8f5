"""Rows in the making, and the `table` that comes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.carried import Carried
from communityrules.tables.dealing.names import known_name
from communityrules.tables.drafting import said
from communityrules.tables.making import NOWHERE

#: The columns of a table in their order, with the kind of clause of each.
_COLUMNS: Final[tuple[tuple[tree.Column, type], ...]] = (
    ("content", tree.Content), ("modality", tree.Modality), ("responsible", tree.Responsible), ("if", tree.If),
    ("then", tree.Then), ("require", tree.Require), ("todo", tree.Todo),
)  # fmt: skip
_SIGNS: Final = re.compile(r"[^\w]+")
_TABLE: Final = Bilingual("table_{name}", "表_{name}")
#: Characters of a name or a text that are kept.
_NAME, _TEXT = 40, 2000


@dataclass(slots=True)
class Making:
    """One row: a rule."""

    id: str
    name: str
    #: The words it came from, for the comment above it.
    words: str
    clauses: list[tree.Clause] = field(default_factory=list)
    #: What was not understood.
    todos: list[str] = field(default_factory=list)

    def row(self, columns: Sequence[tree.Column], language: Language) -> tree.Row:
        cells: list[tree.Clause | None] = []
        for column, kind in _COLUMNS:
            if column in columns:
                cells.append(next((one for one in self._all() if isinstance(one, kind)), None))
        note = making.layout(said.words_of(self.words, language)) if self.words else tree.PLAIN
        return tree.Row(making.rule_id(self.id), text(self.name) if self.name else None, tuple(cells), NOWHERE, note)

    def has(self, kind: type) -> bool:
        return any(isinstance(one, kind) for one in self._all())

    def _all(self) -> list[tree.Clause]:
        left = "; ".join(dict.fromkeys(self.todos))
        return [*self.clauses, *([tree.Todo(text(left), NOWHERE)] if left else [])]


@dataclass(slots=True)
class Dealt:
    """What came of one table: its declarations, and what became of each of its rows."""

    declarations: list[tree.Declaration] = field(default_factory=list)
    accounts: list[Carried] = field(default_factory=list)


@dataclass(slots=True)
class Numbers:
    """The numbers and names that are taken in a rulebook."""

    rules: set[str]
    names: set[str] = field(default_factory=set)
    #: Named conditions, by what they say.
    definitions: dict[tree.Expression, tree.Definition] = field(default_factory=dict)
    _next: int = 1

    def given(self, number: str) -> str:
        """The number of a rule as it is written, or the next that is free."""
        if not number:
            while str(self._next) in self.rules:
                self._next += 1
            number = str(self._next)
        again, found = 1, number
        while found in self.rules:
            again += 1
            found = f"{number}-{again}"
        self.rules.add(found)
        return found

    def name(self, title: str, language: Language) -> str:
        """A name for a table."""
        plain = _plain(title)
        # A word of the language cannot be a name; one with something before it can.
        return self._free(
            plain if plain[0].isalpha() and not known_name(plain) else _TABLE.fill(language, {"name": plain})
        )

    def defined(self, condition: tree.Expression, named: Bilingual, label: str, language: Language) -> tree.Expression:
        """A condition of several parts by a name of its own, so that a cell of the table can be read."""
        if not isinstance(condition, tree.Logic):
            return condition
        if condition not in self.definitions:
            plain = _plain(label)
            name = self._free(named.fill(language, {"label": plain.lower() if plain.isascii() else plain}))
            self.definitions[condition] = tree.Definition(making.name(name), condition, NOWHERE)
        return making.path(self.definitions[condition].name.text)

    def _free(self, name: str) -> str:
        found, again = name, 1
        while found in self.names:
            again += 1
            found = f"{name}_{again}"
        self.names.add(found)
        return found


def _plain(words: str) -> str:
    """Words as part of a name."""
    return _SIGNS.sub("_", words).strip("_")[:_NAME].strip("_") or "1"


def text(words: str) -> tree.Text:
    flat = " ".join(words.split())
    return making.text(flat if len(flat) <= _TEXT else flat[: _TEXT - 1] + "…")


def table_of(
    name: str, event: str, rows: Iterable[Making], language: Language, *, first_match: bool = True,
    clauses: Sequence[tree.Clause] = (), notes: Sequence[Bilingual] = (),
) -> tree.Table:  # fmt: skip
    """A table on one kind of event. `clauses` hold for every row; `notes` say what was assumed, above it."""
    made = list(rows)
    columns: list[tree.Column] = ["rule"]
    if any(one.name for one in made):
        columns.append("name")
    columns += [column for column, kind in _COLUMNS if any(one.has(kind) for one in made)]
    before = making.layout(*(said.assumed_of(one, language) for one in dict.fromkeys(notes)))
    on = (tree.OnEvents((making.name(event),), NOWHERE), *clauses)
    written = tuple(one.row(columns, language) for one in made)
    return tree.Table(making.name(name), on, first_match, tuple(columns), written, NOWHERE, before)
