"""A rulebook's tree as sheets: rules in the columns that operators know, everything else on sheets of its own.

Nothing is left out, comments and tests included; `communityrules.tables.workbook.entering` makes the rulebook again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.language.names import NameTable
from communityrules.language.printing.declarations import DeclarationPrinter
from communityrules.language.printing.words import Words
from communityrules.tables.workbook.grid import Sheet, SheetKind, Workbook
from communityrules.tables.workbook.heads import ALWAYS, HEADS, REMARK, RULE_HEADS, TITLES
from communityrules.tables.workbook.held import HELD, told
from communityrules.tables.workbook.history import history

_CLAUSES: Final[dict[type, str]] = {
    tree.Content: "content", tree.Modality: "modality", tree.AppliesTo: "applies_to", tree.InPlaces: "in",
    tree.Responsible: "responsible", tree.Effective: "effective", tree.ReviewBy: "review_by", tree.OnEvents: "on",
    tree.Every: "every", tree.If: "if", tree.Then: "then", tree.Require: "require", tree.Cooldown: "cooldown",
    tree.Overrides: "overrides", tree.Trial: "trial", tree.FoundBy: "found_by", tree.Todo: "todo",
}  # fmt: skip
#: Columns whose texts stand without quotes.
_PLAIN: Final = frozenset({"content", "todo"})
#: Signs that make a line across a file.
_RULED: Final = re.compile(r"([-=*~#─━—])\1{7,}")
_TABLE_SHEET: Final = Bilingual("see the sheet `{title}`", "见工作表“{title}”")
#: What begins and ends a text of the language, and so must not begin one that stands without quotes.
QUOTES: Final = "\"'“”‘’「」『』＂＇"


def plain(text: str) -> str:
    """A text as a person writes it in a cell, in quotes only where it would not be read back as it is."""
    simple = text != "" and text == text.strip() and text[0] not in QUOTES and text.isprintable()
    return text if simple else quoted(text)


def quoted(text: str) -> str:
    """A text between quotes, as a rulebook has it."""
    from communityrules.language.printing.words import quoted as in_quotes

    return in_quotes(text)


class _Leaving:
    def __init__(self, file: tree.File, names: NameTable, language: Language, imported: Iterable[str]) -> None:
        self.file = file
        self.language: Language = language
        self.words = Words(file, names, language, tuple(imported))
        self.printer = DeclarationPrinter(self.words)
        self.printer.flat = True
        self.sheets: dict[SheetKind, Sheet] = {}
        self.tables: list[Sheet] = []
        self.titles: set[str] = set()

    def sheet(self, kind: SheetKind) -> Sheet:
        found = self.sheets.get(kind)
        if found is None:
            found = self.sheets[kind] = self._new(kind, TITLES[kind].fill(self.language, {}), list(HEADS[kind]))
        return found

    def _new(self, kind: SheetKind, title: str, columns: list[str]) -> Sheet:
        heads = [HEADS[kind][one].fill(self.language, {}) for one in columns]
        return Sheet(kind, self._title(title), columns, heads)

    def _title(self, wanted: str) -> str:
        """A title that every program takes, and that no other sheet has."""
        clean = "".join("_" if one in "[]:*?/\\'" or not one.isprintable() else one for one in wanted).strip()[:28]
        clean = clean or "_"
        title, number = clean, 1
        while title.casefold() in self.titles:
            number += 1
            title = f"{clean[: 31 - len(str(number)) - 1]} {number}"
        self.titles.add(title.casefold())
        return title

    def workbook(self) -> Workbook:
        rules = self.sheet("rules")
        self.sheet("about")
        for one in self.file.declarations:
            _LEAVING.get(type(one), _Leaving.declaration)(self, one)
        self._remark(self.file.trailing)
        self.sheet("about").rows += [[HELD.fill(self.language, {}), marks] for marks in told(self.file)]
        changes = history(self.file, self.printer, self.language)
        if changes:
            self.sheet("history").rows.extend(changes)
        _narrow(rules, ALWAYS)
        for sheet in (*self.sheets.values(), *self.tables):
            _narrow(sheet, [column for column in sheet.columns if column not in ("options", "notes")])
        others = [self.sheets[kind] for kind in TITLES if kind in self.sheets and kind != "rules"]
        made = [rules, *self.tables, *others]
        modalities = [self.words.word(one) for one in ("must", "must_not", "should", "may")]
        return Workbook([_padded(one) for one in made], self._scopes(), modalities)

    def _scopes(self) -> list[str]:
        own = [one.name.text for one in self.file.declarations if isinstance(one, tree.GroupDeclaration)]
        used = [
            self.printer.body(clause)
            for one in self.file.declarations if isinstance(one, tree.Rule)
            for clause in one.clauses if isinstance(clause, tree.AppliesTo)
        ]  # fmt: skip
        return list(dict.fromkeys([self.words.word("everyone"), *used, *own]))

    # --- one declaration each ------------------------------------------------------------------------------------

    def header(self, one: tree.Header) -> None:
        rows = self.sheet("about").rows
        words = self.words
        self._remark(_comments(one.layout))
        rows.append([words.word("rulebook"), plain(one.name.value)])
        for entry in one.entries:
            self._remark(_comments(entry.layout))
            value = entry.value
            shown = plain(value.value) if isinstance(value, tree.Text) else self.printer._entry(entry)
            rows.append([words.word(entry.key), shown])

    def _remark(self, comments: Sequence[str]) -> None:
        """Comments that belong to the rulebook as a whole."""
        if any(comments):
            self.sheet("about").rows.append([REMARK.fill(self.language, {}), "\n".join(map(_undecorated, comments))])

    def rule(self, one: tree.Rule) -> None:
        self._row("rules", one.clauses, [one], {"rule": self.words.rule_id(one.id), "name": _name(one.name)})

    def amend(self, one: tree.Amend) -> None:
        if one.grace is not None or any(isinstance(clause, tree.Effective) for clause in one.clauses):
            # No column says a grace; a day of its own stands where the rule's would.
            self.declaration(one)
            return
        head = {"rule": self.words.rule_id(one.rule), "change": self.words.word("amend"), "effective": self._from(one)}
        self._row("rules", one.clauses, [one], head)

    def repeal(self, one: tree.Repeal) -> None:
        head = {"rule": self.words.rule_id(one.rule), "change": self.words.word("repeal"), "effective": self._from(one)}
        self._row("rules", (), [one], head)

    def _from(self, one: tree.Amend | tree.Repeal) -> str:
        if one.start is None:
            return self.words.word("immediately")
        return f"{self.words.word('from')} {self.words.constant(one.start)}"

    def _row(self, kind: SheetKind, clauses: Iterable[tree.Clause], owners: list[Any], cells: dict[str, str]) -> None:
        notes = [comment for one in owners for comment in _comments(one.layout)]
        for clause in clauses:
            notes.extend(_comments(clause.layout))
            column = _CLAUSES[type(clause)]
            text = self.cell(clause)
            cells[column] = f"{cells[column]}\n{text}" if column in cells else text
        cells["notes"] = "\n".join(notes)
        sheet = self.sheet(kind)
        sheet.rows.append([cells.get(column, "") for column in sheet.columns])

    def cell(self, clause: tree.Clause) -> str:
        if isinstance(clause, tree.Content | tree.Todo):
            return plain(clause.text.value)
        return self.printer.body(clause)

    def table(self, one: tree.Table) -> None:
        columns = list(one.columns)
        sheet = self._new("table", one.name.text, [*columns, "notes"])
        head = tree.Table(one.name, one.clauses, one.first_match, (), (), one.span, one.layout)
        sheet.banner = self.text(head)
        self.tables.append(sheet)
        for row in one.rows:
            clauses = iter(row.cells)
            cells = []
            for column in columns:
                if column == "rule":
                    cells.append(self.words.rule_id(row.id))
                elif column == "name":
                    cells.append(_name(row.name))
                else:
                    clause = next(clauses)
                    cells.append(self.cell(clause) if clause is not None else "")
            notes = _comments(row.layout)
            sheet.rows.append([*cells, "\n".join(notes)])
        rules = self.sheet("rules")
        told = {
            "change": self.words.word("table"), "name": plain(one.name.text),
            "content": _TABLE_SHEET.fill(self.language, {"title": sheet.title}),
        }  # fmt: skip
        rules.rows.append([told.get(column, "") for column in rules.columns])

    def list_(self, one: tree.ListDeclaration) -> None:
        rows = self.sheet("lists").rows
        notes = "\n".join(_comments(one.layout))
        printed = self.printer.block(one).head
        opening = f"{self.words.word('list')} {one.name.text}"
        options, _, items = printed[len(opening) :].partition("=")
        options = options.strip()
        if one.file is not None:
            rows.append([one.name.text, f"{options} =".strip(), items.strip(), notes])
            return
        for index, item in enumerate(one.items):
            rows.append([one.name.text, options, plain(item.value), notes if index == 0 else ""])
        if not one.items:
            rows.append([one.name.text, options, "", notes])

    def parameter(self, one: tree.ParameterDeclaration) -> None:
        if not one.values:
            self.declaration(one)
            return
        notes = "\n".join(_comments(one.layout))
        for index, value in enumerate(one.values):
            start = self.words.constant(value.start) if value.start is not None else ""
            shown = self.words.constant(value.value)
            self.sheet("parameters").rows.append([one.name.text, shown, start, notes if index == 0 else ""])

    def penalty(self, one: tree.PenaltyDeclaration) -> None:
        if not one.lines:
            self.declaration(one)
            return
        rows = self.sheet("penalties").rows
        over = self.words.length(one.over) if one.over is not None else ""
        notes = _comments(one.layout)
        for line in one.lines:
            notes.extend(_comments(line.layout))
            printed = self.printer._penalty_line(line)
            if isinstance(line, tree.PenaltyStep):
                when, _, what = printed.partition(":")
            else:
                when = self.words.word("appeal" if isinstance(line, tree.Appeal) else "cap")
                what = printed[len(when) :]
            rows.append([one.name.text, over, when.strip(), what.strip(), "\n".join(notes)])
            notes = []

    def test(self, one: tree.Test) -> None:
        block = self.printer.block(one)
        steps: list[str] = []
        for (text, layout), _ in zip(block.lines, one.steps, strict=True):
            steps.extend(f"# {comment}" for comment in layout.before)
            steps.append(text + (f"  # {layout.after}" if layout.after is not None else ""))
        notes = "\n".join(_comments(one.layout))
        self.sheet("tests").rows.append([plain(one.name.value), "\n".join(steps), notes])

    def declaration(self, one: tree.Declaration) -> None:
        self.sheet("declarations").rows.append([self.text(one)])

    def text(self, one: tree.Declaration) -> str:
        """A declaration as it stands in a rulebook, its comments included."""
        block = self.printer.block(one)
        lines: list[str] = []
        for indent, text, layout in [("", block.head, block.layout), *(("  ", *line) for line in block.lines)]:
            lines.extend(f"{indent}# {_undecorated(comment)}" for comment in layout.before)
            lines.append(indent + text + (f"  # {layout.after}" if layout.after is not None else ""))
        return "\n".join(lines)


def _name(name: tree.Text | None) -> str:
    return plain(name.value) if name is not None else ""


def _comments(layout: tree.Layout) -> list[str]:
    return [_undecorated(one) for one in (*layout.before, *([layout.after] if layout.after is not None else []))]


def _undecorated(comment: str) -> str:
    """A comment without the long rule that divides a file: in a cell it divides nothing."""
    return _RULED.sub(r"\1\1\1", comment)


def _narrow(sheet: Sheet, always: Sequence[str]) -> None:
    """Leave out columns that no row fills."""
    kept = [
        index for index, column in enumerate(sheet.columns) if column in always or any(row[index] for row in sheet.rows)
    ]
    sheet.columns = [sheet.columns[index] for index in kept]
    sheet.heads = [sheet.heads[index] for index in kept]
    sheet.rows = [[row[index] for index in kept] for row in sheet.rows]


def _padded(sheet: Sheet) -> Sheet:
    width = len(sheet.columns)
    sheet.rows = [[*row, *[""] * (width - len(row))] for row in sheet.rows]
    return sheet


_LEAVING: Final[dict[type, Any]] = {
    tree.Header: _Leaving.header, tree.Rule: _Leaving.rule, tree.Amend: _Leaving.amend, tree.Repeal: _Leaving.repeal,
    tree.Table: _Leaving.table, tree.ListDeclaration: _Leaving.list_, tree.ParameterDeclaration: _Leaving.parameter,
    tree.PenaltyDeclaration: _Leaving.penalty, tree.Test: _Leaving.test,
}  # fmt: skip


def leave(file: tree.File, names: NameTable, language: Language, imported: Iterable[str] = ()) -> Workbook:
    """The sheets of a rulebook, in one spelling. The tree must be free of syntax errors.

    `imported` are names that the files it uses declare, as for `format_file`.
    """
    return _Leaving(file, names, language, imported).workbook()


__all__ = ["RULE_HEADS", "leave", "plain"]
