"""The clauses of a rule by kind, from a rule, a row of a table or an amendment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Any, Final, TypeVar

from communityrules.checker.report import Reporter
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.frozen import dataclass, replace
from communityrules.language import tree
from communityrules.library.declare import Library

CLAUSE_TWICE: Final = Message(
    code="CR409",
    severity="error",
    title=Bilingual("Clause written twice", "重复的子句"),
    text=Bilingual("Rule `{rule}` says this already on line {line}.", "规则 `{rule}` 在第 {line} 行已写过这一子句。"),
    hint=Bilingual("Join both in one clause or remove one.", "请合并为一个子句,或删去一个。"),
)

_C = TypeVar("_C")

#: Actions as they are written, with their canonical names; None for what is no action.
Asked = list[tuple[tree.Action, str | None]]


@dataclass(frozen=True, slots=True)
class Clauses:
    """What a rule says, one clause of each kind; only `require` and `todo` may come several times."""

    id: tree.RuleId
    name: tree.Text | None
    by_kind: dict[type, tree.Clause] = field(default_factory=dict)
    requires: tuple[tree.Require, ...] = ()
    todos: tuple[tree.Todo, ...] = ()
    #: The table that the rule is a row of.
    table: tree.Table | None = None

    def get(self, kind: type[_C]) -> _C | None:
        """The clause of that kind, or None."""
        # Asked more often than anything else.
        found: Any = self.by_kind.get(kind)
        return found  # type: ignore[no-any-return] # it is of the kind that it stands under

    def over(self, later: Clauses) -> Clauses:
        """These clauses with those of another in place of their own of the same kind."""
        return replace(
            self,
            by_kind={**self.by_kind, **later.by_kind},
            requires=later.requires or self.requires,
            todos=later.todos or self.todos,
        )

    @property
    def asks_nothing(self) -> bool:
        """Whether neither a `then` nor a `require` says what follows, nor anybody is named to find it."""
        return self.get(tree.Then) is None and not self.requires and self.get(tree.FoundBy) is None

    @property
    def unfinished(self) -> bool:
        """Whether what the rule asks for, or when, is still to be written: such a rule is never judged."""
        silent = all(self.get(kind) is None for kind in (tree.OnEvents, tree.Every, tree.FoundBy))
        return bool(self.todos) and (self.asks_nothing or silent)


def read_clauses(
    id_: tree.RuleId,
    name: tree.Text | None,
    clauses: Iterable[tree.Clause | None],
    report: Reporter,
    table: tree.Table | None = None,
) -> Clauses:
    """Clauses by kind; a second one of a kind is reported and left out."""
    by_kind: dict[type, tree.Clause] = {}
    requires: list[tree.Require] = []
    todos: list[tree.Todo] = []
    for one in clauses:
        if one is None:
            continue
        if isinstance(one, tree.Require):
            requires.append(one)
            continue
        if isinstance(one, tree.Todo):
            todos.append(one)
            continue
        first = by_kind.setdefault(type(one), one)
        # Where a head failed to parse, its clauses follow those of the rule before.
        if first is not one and id(one.span.source) not in report.broken:
            report.add(CLAUSE_TWICE, one.span, rule=id_.text, line=str(first.span.line))
    return Clauses(id_, name, by_kind, tuple(requires), tuple(todos), table)


def asked_by(text: Clauses, library: Library) -> Asked:
    """Every action that a rule can ask for, those of `if late` too."""
    then = text.get(tree.Then)
    found = [one for one in then.consequences if isinstance(one, tree.Action)] if then is not None else []
    for duty in text.requires:
        found.extend(action for one in duty.reminders for action in one.actions)
    for duty in text.requires:
        found.extend(duty.if_late)
    for action in found:
        # It grows while it is gone through.
        found.extend(action.if_late)
    return [(one, library.resolve("actions", one.name.text)) for one in found]


def rule_texts(declarations: Iterable[tree.Declaration], report: Reporter) -> list[Clauses]:
    """Every rule and every row, in the order of the text; where a cell is silent, the head of the table speaks."""
    found: list[Clauses] = []
    for one in declarations:
        if isinstance(one, tree.Rule):
            found.append(read_clauses(one.id, one.name, one.clauses, report))
        elif isinstance(one, tree.Table):
            head = read_clauses(tree.RuleId(one.name.text, one.name.span), None, one.clauses, report)
            for row in one.rows:
                cells = read_clauses(row.id, row.name, row.cells, report, one)
                merged = head.over(cells)
                found.append(replace(merged, id=row.id, name=row.name, table=one))
    return found
