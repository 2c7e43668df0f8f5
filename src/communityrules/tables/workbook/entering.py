"""Sheets as a rulebook's text again, with the cell from which each line came.

The text is what the language is read from, so that whatever a person has typed into a cell is told of like any other
text, at its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Language
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.keywords import keyword_table
from communityrules.language.parse import parse
from communityrules.language.printing.words import quoted
from communityrules.tables.reading import Refused
from communityrules.tables.workbook.errors import CELL_UNREADABLE, NO_COLUMN
from communityrules.tables.workbook.finding import Cell, Found, find_sheet, opens_table
from communityrules.tables.workbook.grid import Raw, SheetKind
from communityrules.tables.workbook.heads import HEADS, REMARK
from communityrules.tables.workbook.held import HELD
from communityrules.tables.workbook.leaving import QUOTES

#: A day as a person writes it where only a day can stand.
_DAY: Final = re.compile(r"[0-9]{4}(?:[-/.][0-9]{1,2}){2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")
#: Clause columns in the order in which a rule's clauses are written, with the words that open and close one.
_OPENINGS: Final[Mapping[str, tuple[str, str]]] = {
    "content": ("content", ""), "modality": ("", ""), "applies_to": ("applies_to", ""), "in": ("in", ""),
    "responsible": ("responsible", ""), "effective": ("effective", ""), "review_by": ("review_by", ""),
    "on": ("on", ""), "every": ("every", ""), "if": ("if", ""), "then": ("then", ""), "require": ("require", ""),
    "cooldown": ("cooldown", ""), "overrides": ("overrides", ""), "trial": ("trial", ""),
    "found_by": ("found_by", "found_by_end"), "todo": ("todo", ""),
}  # fmt: skip


_NO_NAME: Final = Bilingual("the row says nothing of what it is about", "这一行没有写明是关于什么的")
_NAME_IT: Final = Bilingual("Fill in the column `{head}`, or empty the row.", "请填写“{head}”一列,或清空这一行。")
_NO_SHEET: Final = Bilingual(
    "the sheet of the rule table `{name}` is not in this file", "文件中没有规则表 `{name}` 的工作表"
)
_PUT_BACK: Final = Bilingual("Put the sheet back, or take this row out with it.", "请放回该工作表,或把这一行一并删掉。")


@dataclass(slots=True)
class Entered:
    """A rulebook's text."""

    lines: list[str] = field(default_factory=list)
    #: For each line the cell that it came from.
    cells: list[Cell] = field(default_factory=list)
    #: Titles of sheets that are not ours: kept by whoever keeps the file, read by nobody here.
    foreign: list[str] = field(default_factory=list)
    #: Columns that are not ours, by the title of their sheet and their heads.
    strange: list[tuple[str, str]] = field(default_factory=list)
    #: What keeps it from being a rulebook.
    problems: list[Diagnostic] = field(default_factory=list)
    #: The marks of what the rulebook held when the sheets were made (`held.mark`); none where they do not say.
    held: set[str] = field(default_factory=set)
    #: What it was made of.
    sheets: tuple[Raw, ...] = ()
    #: The spelling of the heads of its rules.
    language: Language = "en"

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    def add(self, text: str, cell: Cell) -> None:
        for line in text.split("\n"):
            self.lines.append(line)
            self.cells.append(cell)

    def wrong(self, cell: Cell, problem: Bilingual, hint: Bilingual) -> None:
        """Tell of a cell that no text can be made of."""
        self.problems.append(Diagnostic(CELL_UNREADABLE, None, {"cell": str(cell), "problem": problem, "hint": hint}))

    def nameless(self, found: Found, index: int) -> None:
        """Tell of a row that says something of nothing."""
        key = next(iter(HEADS[found.kind]))
        hint = Bilingual(*(_NAME_IT.fill(one, {"head": found.heads.get(key, "")}) for one in ("en", "zh")))
        self.wrong(found.cell(index, key), _NO_NAME, hint)


def is_workbook(sheets: Sequence[Raw]) -> bool:
    """Whether sheets are those of an exported rulebook: one of rules, and others that only such a workbook has."""
    kinds = {found.kind: found for one in sheets if (found := find_sheet(*one)) is not None}
    others = [one for kind, one in kinds.items() if kind not in ("rules", "about") and one.titled]
    return "rules" in kinds and ("about" in kinds or len(others) > 1)


def enter(sheets: Sequence[Raw]) -> Entered:
    """The rulebook that sheets hold. What no longer reads as the language is left as it is, for `check` to tell."""
    entered = Entered(sheets=tuple(sheets))
    by_kind: dict[SheetKind, list[Found]] = {}
    for one in sheets:
        found = find_sheet(*one)
        if found is None:
            entered.foreign.append(one[0])
            continue
        entered.strange += [(found.title, head) for head in found.strange]
        key = next(iter(HEADS[found.kind]))
        if key not in found.columns and found.kind != "history":
            told: dict[str, str | Bilingual] = {"sheet": found.title, "head": HEADS[found.kind][key]}
            entered.problems.append(Diagnostic(NO_COLUMN, None, told))
        else:
            by_kind.setdefault(found.kind, []).append(found)
    for rules in by_kind.get("rules", []):
        entered.language = rules.language
    for kind, write in _ENTERING.items():
        for one_found in by_kind.get(kind, []):
            write(entered, one_found)
    tables = {_table_name(one): one for one in by_kind.get("table", [])}
    done: set[str] = set()
    for one_found in by_kind.get("rules", []):
        _rules(entered, one_found, tables, done)
    for left in tables.values():
        # Its line among the rules is gone: it goes on all the same.
        _table(entered, left)
    for one_found in by_kind.get("tests", []):
        _tests(entered, one_found)
    return entered


def tree_of(entered: Entered, name: str) -> tree.File:
    """The tree of the text. `Refused` names each cell that does not read as the language."""
    source = Source(name, entered.text)
    read, diagnostics = parse(source)
    wrong = [at_its_cell(one, entered) for one in diagnostics if one.severity == "error"]
    if entered.problems or wrong:
        raise Refused(*entered.problems, *wrong)
    return replace(read, spelling=entered.language)


def at_its_cell(error: Diagnostic, entered: Entered) -> Diagnostic:
    """What is wrong with the text, told at the cell that it came from."""
    line = error.span.source.text.count("\n", 0, error.span.start) if error.span is not None else 0
    cell = entered.cells[min(line, len(entered.cells) - 1)]
    problem = Bilingual(error.text("en"), error.text("zh"))
    hint = Bilingual(error.hint("en"), error.hint("zh"))
    return Diagnostic(CELL_UNREADABLE, None, {"cell": str(cell), "problem": problem, "hint": hint})


def _spellings(id_: str) -> tuple[str, ...]:
    return keyword_table().written(id_)


# --- sheets as declarations ----------------------------------------------------------------------------------


def _notes(entered: Entered, found: Found, index: int, row: Sequence[str], indent: str = "") -> None:
    for line in _lines(found.get(row, "notes")):
        entered.add(f"{indent}# {line}".rstrip(), found.cell(index, "notes"))


def _about(entered: Entered, found: Found) -> None:
    for index, row in enumerate(found.rows):
        what, value = found.get(row, "what"), found.get(row, "value")
        if not what:
            if value:
                entered.nameless(found, index)
            continue
        cell = found.cell(index, "value")
        if what in ("#", REMARK.en, REMARK.zh):
            for line in value.replace("\r\n", "\n").split("\n"):
                entered.add(f"# {line}".rstrip(), cell)
        elif what in (HELD.en, HELD.zh):
            entered.held.update(value.split())
        elif what in _spellings("rulebook") or any(what in _spellings(one) for one in ("version", "purpose")):
            indent = "" if what in _spellings("rulebook") else "  "
            entered.add(f"{indent}{what} {_text(value)}", cell)
        else:
            entered.add(f"  {what} {value}", cell)


def _declarations(entered: Entered, found: Found) -> None:
    for index, row in enumerate(found.rows):
        if text := found.get(row, "text"):
            entered.add(text, found.cell(index, "text"))


def _named(entered: Entered, found: Found) -> dict[str, list[tuple[int, Sequence[str]]]]:
    """Rows by their names. A row without one belongs to the name above it, as people leave out what repeats."""
    named: dict[str, list[tuple[int, Sequence[str]]]] = {}
    name = ""
    for index, row in enumerate(found.rows):
        if not found.says(row):
            continue
        name = found.get(row, "name") or name
        if name:
            named.setdefault(name, []).append((index, row))
        else:
            entered.nameless(found, index)
    return named


def _lists(entered: Entered, found: Found) -> None:
    for name, rows in _named(entered, found).items():
        index, row = rows[0]
        _notes(entered, found, index, row)
        options = found.get(row, "options")
        opening = f"{keyword_table().spell('list', 'en')} {name}"
        if options.endswith("="):
            entered.add(f"{opening} {options} {found.get(row, 'word')}", found.cell(index, "word"))
            continue
        entered.add(f"{opening} {options} =" if options else f"{opening} =", found.cell(index, "name"))
        kept = [(at, text) for at, one in rows if (text := found.get(one, "word"))]
        for at, text in kept:
            # A line for each, so that each is told of at its own cell; the list goes on after a comma.
            entered.add(f"  {_text(text)}{',' if at != kept[-1][0] else ''}", found.cell(at, "word"))


def _parameters(entered: Entered, found: Found) -> None:
    for name, rows in _named(entered, found).items():
        _notes(entered, found, *rows[0])
        entered.add(f"{keyword_table().spell('parameter', 'en')} {name} =", found.cell(rows[0][0], "name"))
        for place, (index, row) in enumerate(rows):
            start = found.get(row, "from")
            opening = "" if not start or start.startswith(_spellings("from")) else keyword_table().spell("from", "en")
            dated = f" {opening} {start}".rstrip() if start else ""
            ending = "," if place < len(rows) - 1 else ""
            entered.add(f"  {found.get(row, 'value')}{dated}{ending}", found.cell(index, "value"))


def _penalties(entered: Entered, found: Found) -> None:
    table = keyword_table()
    for name, rows in _named(entered, found).items():
        _notes(entered, found, *rows[0])
        over = next((text for _, row in rows if (text := found.get(row, "over"))), "")
        opening = f"{table.spell('penalty', 'en')} {name}"
        entered.add(
            f"{opening} {table.spell('over', 'en')} {over}" if over else opening, found.cell(rows[0][0], "name")
        )
        for place, (index, row) in enumerate(rows):
            if place:
                _notes(entered, found, index, row, "  ")
            when, then = found.get(row, "when"), found.get(row, "then")
            joint = " " if when in (*_spellings("appeal"), *_spellings("cap")) else ": "
            entered.add(f"  {when}{joint}{then}", found.cell(index, "then"))


def _tests(entered: Entered, found: Found) -> None:
    for index, row in enumerate(found.rows):
        if not found.says(row):
            continue
        if not (name := found.get(row, "name")):
            entered.nameless(found, index)
            continue
        _notes(entered, found, index, row)
        entered.add(f"{keyword_table().spell('test', 'en')} {_text(name)}", found.cell(index, "name"))
        for line in _lines(found.get(row, "steps")):
            entered.add(f"  {line}", found.cell(index, "steps"))


# --- rules ---------------------------------------------------------------------------------------------------


def _rules(entered: Entered, found: Found, tables: dict[str, Found], done: set[str]) -> None:
    table = keyword_table()
    for index, row in enumerate(found.rows):
        rule, change = found.get(row, "rule"), found.get(row, "change")
        name = found.get(row, "name")
        if change in _spellings("table"):
            known = tables.pop(_untext(name), None)
            if known is not None:
                _table(entered, known)
            elif _untext(name) not in done:
                told = {"name": _untext(name)}
                gone = Bilingual(_NO_SHEET.fill("en", told), _NO_SHEET.fill("zh", told))
                entered.wrong(found.cell(index, "name"), gone, _PUT_BACK)
            done.add(_untext(name))
            continue
        if not found.says(row):
            continue
        _notes(entered, found, index, row)
        amends, repeals = change in _spellings("amend"), change in _spellings("repeal")
        if amends or repeals:
            word = table.spell("amend" if amends else "repeal", "en")
            day = _effective(found.get(row, "effective"))
            opening = f"{word} {table.spell('rule_of', 'en')} {rule} {day}"
        else:
            opening = f"{table.spell('rule', 'en')} {rule}" + (f" {_text(name)}" if name else "")
        entered.add(opening, found.cell(index, "rule"))
        if repeals:
            continue
        for column, (word, end) in _OPENINGS.items():
            text = found.get(row, column)
            if not text or (column == "effective" and amends):
                continue
            for line in [text] if column == "content" else _lines(text):
                body = _BODIES.get(column, str)(line.strip())
                parts = [table.spell(word, "en") if word else "", body, table.spell(end, "en") if end else ""]
                entered.add("  " + " ".join(part for part in parts if part), found.cell(index, column))


def _table_name(found: Found) -> str:
    line = opens_table(found.banner) or ""
    for word in _spellings("table"):
        if line.startswith(word):
            rest = line[len(word) :].strip()
            return re.split(r"[\s,,]", rest, maxsplit=1)[0]
    return ""


def _table(entered: Entered, found: Found) -> None:
    entered.add(found.banner, Cell(found.title, found.banner_row, 1))
    columns = [one for one in sorted(found.columns, key=lambda one: found.columns[one]) if one != "notes"]
    table = keyword_table()

    def head(column: str) -> str:
        known = table.has("columns", column)
        return table.entry("columns", column).spellings("en")[0] if known else table.spell(column, "en")

    entered.add("  | " + " | ".join(map(head, columns)) + " |", Cell(found.title, found.first - 1, 1))
    for index, row in enumerate(found.rows):
        if not any(found.get(row, column) for column in columns):
            continue
        _notes(entered, found, index, row, "  ")
        bodies = []
        for column in columns:
            text = found.get(row, column)
            if text and column in ("name", "content", "todo"):
                text = _text(text)
            elif text:
                # A row is one line, however a person breaks what stands in a cell.
                text = _BODIES.get(column, str)(" ".join(_lines(text)))
            bodies.append(text)
        entered.add("  | " + " | ".join(bodies) + " |", found.cell(index, columns[0]))


def _lines(text: str) -> list[str]:
    """The lines that a person typed; what else Python takes for the end of one belongs to a text."""
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


# --- cells ---------------------------------------------------------------------------------------------------


def _text(text: str) -> str:
    """A text of a cell as the language has it: as it is where it stands in quotes, else between them."""
    return text if len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES else quoted(text)


def _untext(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES else text


def _effective(text: str) -> str:
    return f"{keyword_table().spell('from', 'en')} {text}" if _DAY.fullmatch(text) else text


_BODIES: Final[Mapping[str, Callable[[str], str]]] = {"content": _text, "todo": _text, "effective": _effective}

_ENTERING: Final[Mapping[SheetKind, Callable[[Entered, Found], None]]] = {
    "about": _about,
    "declarations": _declarations,
    "lists": _lists,
    "parameters": _parameters,
    "penalties": _penalties,
}
