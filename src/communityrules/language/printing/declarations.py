"""Declarations as text: a first line, and lines below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from communityrules.diagnostics.width import cells, pad
from communityrules.language.printing.clauses import ClausePrinter
from communityrules.language.tree import (
    PLAIN,
    Amend,
    Appeal,
    Breaker,
    CalendarDeclaration,
    Clause,
    Confidential,
    DatedValue,
    Declaration,
    Definition,
    EventType,
    FieldDeclaration,
    GroupDeclaration,
    Header,
    HeaderEntry,
    Holidays,
    LabelTypes,
    Layout,
    Leaderboard,
    ListDeclaration,
    MemberFields,
    Metric,
    Name,
    OnEvents,
    ParameterDeclaration,
    Path,
    PatternDeclaration,
    PenaltyCap,
    PenaltyDeclaration,
    PenaltyStep,
    PlaceDeclaration,
    Power,
    Repeal,
    Row,
    Rule,
    Setting,
    StateDeclaration,
    Table,
    TemplateDeclaration,
    TemplateText,
    Test,
    Text,
    TypeName,
    Use,
    Workdays,
    WorkingHours,
)  # fmt: skip


@dataclass(slots=True)
class Block:
    """A declaration as lines: the text of each with its layout."""

    head: str
    layout: Layout
    lines: list[tuple[str, Layout]] = field(default_factory=list)


class DeclarationPrinter(ClausePrinter):
    def block(self, node: Declaration) -> Block:
        return Block(*_PRINTERS[type(node)](self, node))

    def line(self, node: Any) -> str:
        """One item as it stands on its line: a clause, a line of a penalty or calendar, the head of a declaration.

        Of a table's row only its number and name.
        """
        match node:
            case PenaltyStep() | Appeal() | PenaltyCap():
                return self._penalty_line(node)
            case WorkingHours() | Holidays() | Workdays():
                return self._calendar_line(node)
            case Row():
                name = [self.words.text(node.name)] if node.name is not None else []
                return " ".join([self.words.rule_id(node.id), *name])
            case _ if type(node) in _PRINTERS:
                return self.block(node).head
            case _:
                return self.clause(node)

    def _line(self, node: Any, *parts: str) -> tuple[str, Layout]:
        return " ".join(part for part in parts if part), node.layout

    # --- the host, words, numbers ----------------------------------------------------------------------------

    def _header(self, node: Header) -> tuple[str, Layout, list[tuple[str, Layout]]]:
        words = self.words
        head = f"{words.word('rulebook')} {words.text(node.name)}"
        return head, node.layout, [self._line(one, words.word(one.key), self._entry(one)) for one in node.entries]

    def _entry(self, node: HeaderEntry) -> str:
        if isinstance(node.value, tuple):
            return self._steps(node.value)
        return node.value.text if isinstance(node.value, Name) else self.words.constant(node.value)

    def _steps(self, steps: Iterable[Name]) -> str:
        return self.words.listed(self.words.name("step", one) for one in steps)

    def _use(self, node: Use) -> tuple[str, Layout]:
        words, days = self.words, self._days(node)
        settings = words.comma.join(map(self._setting, node.settings))
        changes = f"{words.word('with')} {settings}" if settings else ""
        return self._line(node, words.word("use"), words.text(node.path), *days, changes)

    def _days(self, node: Use | TemplateDeclaration) -> list[str]:
        return [
            f"{self.words.word(word)} {self.words.constant(day)}"
            for word, day in (("from", node.start), ("through", node.end))
            if day is not None
        ]

    def _setting(self, node: Setting) -> str:
        words = self.words
        values = f"{words.word('file')} {words.text(node.file)}" if node.file is not None else None
        listed = values or words.comma.join(map(self._dated, node.values))
        return f"{node.name.text} {node.operator} {listed}"

    def _member(self, node: MemberFields) -> tuple[str, Layout]:
        return self._line(node, self.words.word("member"), f"({self._declared(node.fields)})")

    def _labels(self, node: LabelTypes) -> tuple[str, Layout]:
        return self._line(node, self.words.word("labels"), f"({self._declared(node.fields)})")

    def _event(self, node: EventType) -> tuple[str, Layout]:
        fields = f"({self._declared(node.fields)})" if node.fields else ""
        return self._line(node, self.words.word("event"), self.words.name("event", node.name), fields)

    def _declared(self, fields: tuple[FieldDeclaration, ...]) -> str:
        return ", ".join(f"{one.name.text}: {self._type(one.type)}" for one in fields)

    def _type(self, node: TypeName) -> str:
        if node.item is not None:
            return f"{self.words.word('list_of')} {self._type(node.item)}"
        return self.words.shared("types", node.kind)

    def _group(self, node: GroupDeclaration) -> tuple[str, Layout]:
        return self._condition("group", node, self.expression(node.condition))

    def _define(self, node: Definition) -> tuple[str, Layout]:
        return self._condition("define", node, self.expression(node.condition))

    def _metric(self, node: Metric) -> tuple[str, Layout]:
        return self._condition("metric", node, self.expression(node.value))

    def _condition(self, word: str, node: Any, printed: str) -> tuple[str, Layout]:
        return self._line(node, self.words.word(word), node.name.text, self.words.word("as"), printed)

    def _place(self, node: PlaceDeclaration) -> tuple[str, Layout]:
        if node.condition is not None:
            words = self.words
            return self._line(
                node, words.word("place"), node.name.text, words.word("as"), self.expression(node.condition)
            )
        return self._line(node, self.words.word("place"), node.name.text, "=", self._texts(node.channels))

    def _list(self, node: ListDeclaration) -> tuple[str, Layout]:
        words = self.words
        ways = [words.word("exactly")] if node.exactly else []
        ways += [f"{words.word(one.kind)} {self._steps(one.steps)}".rstrip() for one in node.ways]
        items = f"{words.word('file')} {words.text(node.file)}" if node.file is not None else self._texts(node.items)
        return self._line(node, words.word("list"), node.name.text, *ways, "=", items)

    def _texts(self, texts: Iterable[Text]) -> str:
        return self.words.listed(map(self.words.text, texts))

    def _pattern(self, node: PatternDeclaration) -> tuple[str, Layout]:
        return self._line(node, self.words.word("pattern"), node.name.text, "=", self.words.constant(node.regex))

    def _parameter(self, node: ParameterDeclaration) -> tuple[str, Layout]:
        if not node.values:
            return self._line(node, self.words.word("parameter"), node.name.text, self.words.word("required"))
        values = self.words.comma.join(map(self._dated, node.values))
        return self._line(node, self.words.word("parameter"), node.name.text, "=", values)

    def _dated(self, node: DatedValue) -> str:
        value = self.words.constant(node.value)
        return f"{value} {self.words.word('from')} {self.words.constant(node.start)}" if node.start else value

    def _state(self, node: StateDeclaration) -> tuple[str, Layout]:
        values = self.words.listed(one.text for one in node.values)
        return self._line(node, self.words.word("state"), node.name.text, "=", values)

    # --- calendars, penalties, powers, templates -------------------------------------------------------------

    def _calendar(self, node: CalendarDeclaration) -> tuple[str, Layout, list[tuple[str, Layout]]]:
        head = f"{self.words.word('calendar')} {node.name.text}"
        return head, node.layout, [(self._calendar_line(one), one.layout) for one in node.lines]

    def _calendar_line(self, node: WorkingHours | Holidays | Workdays) -> str:
        words = self.words
        if isinstance(node, WorkingHours):
            days = [words.shared("weekdays", one) for one in (node.first, node.last) if one is not None]
            to = f" {words.word('to')} "
            return f"{to.join(days)} {words.constant(node.start)}{to}{words.constant(node.end)}"
        listed = words.listed(map(words.constant, node.days))
        if isinstance(node, Workdays):
            return f"{words.word('workdays')} {listed}"
        if node.region is not None:
            listed = node.region.text
        elif node.file is not None:
            listed = f"{words.word('file')} {words.text(node.file)}"
        return f"{words.word('holidays')} {listed}"

    def _penalty(self, node: PenaltyDeclaration) -> tuple[str, Layout, list[tuple[str, Layout]]]:
        words = self.words
        over = f" {words.word('over')} {words.length(node.over)}" if node.over is not None else ""
        head = f"{words.word('penalty')} {node.name.text}{over}"
        return head, node.layout, [(self._penalty_line(one), one.layout) for one in node.lines]

    def _penalty_line(self, node: PenaltyStep | Appeal | PenaltyCap) -> str:
        words = self.words
        if isinstance(node, PenaltyCap):
            window = f"{words.word('within_window')} {words.duration(node.within)}"
            parts = [words.word("cap"), f"{words.number(node.times)}{self._gap}{words.word('times')}", window]
            if node.by is not None:
                parts.append(f"{words.word('by')} {words.name('entity', node.by)}")
            return " ".join(parts)
        if isinstance(node, PenaltyStep):
            when = self._ordinal(node.when) if isinstance(node.when, int) else words.word(node.when)
            return f"{when}:{'' if words.chinese else ' '}{self.consequences(node.actions)}"
        parts = [words.word("appeal")]
        if node.times is not None:
            named = {1: "once", 2: "twice"}.get(node.times)
            parts.append(words.word(named) if named else f"{node.times} {words.word('times')}")
        parts.append(f"{words.word('to_group')} {words.name('group', node.group)}")
        if node.within is not None:
            parts.append(f"{words.word('within')} {words.length(node.within)}")
        return " ".join(parts)

    def _ordinal(self, number: int) -> str:
        if self.words.chinese:
            return f"第{number}次"
        ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"

    def _power(self, node: Power) -> tuple[str, Layout]:
        words = self.words
        actions = words.listed(map(self.action, node.actions))
        if node.above:
            actions += f"{words.comma}{words.word('above')} {self.consequences(node.above)}"
        return self._line(node, words.word("power"), words.name("group", node.group), words.word("may_do"), actions)

    def _breaker(self, node: Breaker) -> tuple[str, Layout]:
        words = self.words
        last = f"{words.word('within_window')} {words.duration(node.within)}"
        if node.actions:
            last += f"{words.comma}{words.word('then')} {self.consequences(node.actions)}"
        return self._line(
            node, words.word("breaker"), f"{words.number(node.share)}{self._gap}{words.word('of_members')}",
            words.word("and"), words.word("at_least"),
            f"{words.number(node.least)}{self._gap}{words.word('members')}", last,
        )  # fmt: skip

    @property
    def _gap(self) -> str:
        """Between a number and what it counts."""
        return "" if self.words.chinese else " "

    def _confidential(self, node: Confidential) -> tuple[str, Layout]:
        words = self.words
        return self._line(
            node, words.word("confidential"), words.comma.join(map(self._hidden, node.fields)),
            words.word("only_to"), words.listed(words.name("group", one) for one in node.groups),
        )  # fmt: skip

    def _hidden(self, path: Path) -> str:
        """A field; `complaint.text` is what the message says that a complaint carries."""
        words = self.words
        printed = words.path(path, ())
        if len(path.parts) == 2 and printed.rpartition(".")[2] == path.parts[1].text:
            return f"{printed.rpartition('.')[0]}.{words.fields('message', path.parts[1:])[0]}"
        return printed

    def _template(self, node: TemplateDeclaration) -> tuple[str, Layout, list[tuple[str, Layout]]]:
        head = " ".join([self.words.word("template"), node.name.text, *self._days(node)])
        return head, node.layout, [(self._template_text(one), one.layout) for one in node.texts]

    def _template_text(self, node: TemplateText) -> str:
        return f"{self.words.word(f'text_{node.language}')} {self.words.text(node.text)}"

    def _leaderboard(self, node: Leaderboard) -> tuple[str, Layout]:
        words = self.words
        return self._line(
            node, words.word("leaderboard"), node.name.text, words.word("top"), words.number(node.top),
            words.word("by"), self.expression(node.measure),
        )  # fmt: skip

    # --- rules, tables, tests --------------------------------------------------------------------------------

    def _rule(self, node: Rule) -> tuple[str, Layout, list[tuple[str, Layout]]]:
        words = self.words
        head = f"{words.word('rule')} {words.rule_id(node.id)}"
        if node.name is not None:
            head = f"{head} {words.text(node.name)}"
        return head, node.layout, self._clauses(node.clauses)

    def _clauses(self, clauses: Iterable[Clause]) -> list[tuple[str, Layout]]:
        return [(self.clause(one), one.layout) for one in clauses]

    def _amend(self, node: Amend) -> tuple[str, Layout, list[tuple[str, Layout]]]:
        words = self.words
        grace = f" {words.word('grace')} {words.duration(node.grace)}" if node.grace is not None else ""
        return f"{words.word('amend')} {self._from(node)}{grace}", node.layout, self._clauses(node.clauses)

    def _repeal(self, node: Repeal) -> tuple[str, Layout]:
        return self._line(node, self.words.word("repeal"), self._from(node))

    def _from(self, node: Amend | Repeal) -> str:
        words = self.words
        rule = f"{words.word('rule_of')} {words.rule_id(node.rule)}"
        if node.start is None:
            return f"{rule} {words.word('immediately')}"
        return f"{rule} {words.word('from')} {words.constant(node.start)}"

    def _table(self, node: Table) -> tuple[str, Layout, list[tuple[str, Layout]]]:
        words = self.words
        head = f"{words.word('table')} {node.name.text}"
        clauses = list(node.clauses)
        if clauses and isinstance(clauses[0], OnEvents) and clauses[0].layout == PLAIN:
            head += f" {self.clause(clauses.pop(0))}"
            if node.first_match:
                head += words.comma + words.word("first_match")
        elif node.first_match:
            head += " " + words.word("first_match")
        return head, node.layout, [*self._clauses(clauses), *self._rows(node)]

    def _rows(self, node: Table) -> list[tuple[str, Layout]]:
        if not node.columns:
            return []
        grid = [[self.words.column(one) for one in node.columns], *(self._cells(node, row) for row in node.rows)]
        widths = [max(cells(row[index]) for row in grid) for index in range(len(node.columns))]
        lines = [
            "| " + " | ".join(pad(cell, width) for cell, width in zip(row, widths, strict=True)) + " |" for row in grid
        ]
        return list(zip(lines, [PLAIN, *(row.layout for row in node.rows)], strict=True))

    def _cells(self, node: Table, row: Row) -> list[str]:
        bodies = iter(row.cells)
        printed = []
        for column in node.columns:
            if column == "rule":
                printed.append(self.words.rule_id(row.id))
            elif column == "name":
                printed.append(self.words.text(row.name) if row.name is not None else "")
            else:
                clause = next(bodies)
                self.flat = True
                printed.append(self.body(clause) if clause is not None else "")
                self.flat = False
        return printed

    def _test(self, node: Test) -> tuple[str, Layout, list[tuple[str, Layout]]]:
        steps = [self.step(one) for one in node.steps]
        width = max((cells(happens) for happens, expect in steps if expect), default=0) + 2
        lines = [pad(happens, width) + expect if expect else happens for happens, expect in steps]
        layouts = [one.layout for one in node.steps]
        head = f"{self.words.word('test')} {self.words.text(node.name)}"
        return head, node.layout, list(zip(lines, layouts, strict=True))


_PRINTERS: dict[type, Callable[[DeclarationPrinter, Any], tuple[Any, ...]]] = {
    Header: DeclarationPrinter._header, Use: DeclarationPrinter._use, MemberFields: DeclarationPrinter._member,
    LabelTypes: DeclarationPrinter._labels,
    EventType: DeclarationPrinter._event, GroupDeclaration: DeclarationPrinter._group,
    PlaceDeclaration: DeclarationPrinter._place, ListDeclaration: DeclarationPrinter._list,
    PatternDeclaration: DeclarationPrinter._pattern, ParameterDeclaration: DeclarationPrinter._parameter,
    Definition: DeclarationPrinter._define, Metric: DeclarationPrinter._metric,
    StateDeclaration: DeclarationPrinter._state, CalendarDeclaration: DeclarationPrinter._calendar,
    PenaltyDeclaration: DeclarationPrinter._penalty, Power: DeclarationPrinter._power,
    Breaker: DeclarationPrinter._breaker, Confidential: DeclarationPrinter._confidential,
    TemplateDeclaration: DeclarationPrinter._template, Leaderboard: DeclarationPrinter._leaderboard,
    Rule: DeclarationPrinter._rule, Table: DeclarationPrinter._table, Amend: DeclarationPrinter._amend,
    Repeal: DeclarationPrinter._repeal, Test: DeclarationPrinter._test,
}  # fmt: skip
