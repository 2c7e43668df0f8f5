"""Sheets as a rulebook's text again, with the cell from which each line came.

The text is what the language is read from, so that whatever a person has typed into a cell is told of like any other
text, at its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language.keywords import keyword_table
from communityrules.language.printing.words import quoted
from communityrules.tables.workbook.grid import SheetKind
from communityrules.tables.workbook.heads import HEADS, TITLES
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


@dataclass(frozen=True, slots=True)
class Cell:
    """Where something stands: `Rules!C4`."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        letters, number = "", self.column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{self.sheet}!{letters}{self.row}"


@dataclass(slots=True)
class Entered:
    """A rulebook's text."""

    lines: list[str] = field(default_factory=list)
    #: For each line the cell that it came from.
    cells: list[Cell] = field(default_factory=list)
    #: Sheets and columns that are not ours, by title and head: kept by whoever keeps the file, read by nobody here.
    foreign: list[str] = field(default_factory=list)
    #: The spelling of the heads of its rules.
    language: Language = "en"

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    def add(self, text: str, cell: Cell) -> None:
        for line in text.split("\n"):
            self.lines.append(line)
            self.cells.append(cell)


#: A sheet as a file has it: its title and its rows of cells, the line of heads among them.
Raw = tuple[str, Sequence[Sequence[str]]]


@dataclass(slots=True)
class Found:
    """One of our sheets within a file."""

    kind: SheetKind
    title: str
    #: The place of each column that we know.
    columns: dict[str, int]
    #: Rows below the heads, with the number of the first of them.
    rows: Sequence[Sequence[str]]
    first: int
    banner: str = ""
    language: Language = "en"

    def get(self, row: Sequence[str], column: str) -> str:
        place = self.columns.get(column)
        return row[place].strip() if place is not None and place < len(row) else ""

    def cell(self, index: int, column: str) -> Cell:
        return Cell(self.title, self.first + index, self.columns.get(column, 0) + 1)


def found_sheet(title: str, rows: Sequence[Sequence[str]]) -> Found | None:
    """One of our sheets, by its heads; None for any other."""
    return _find((title, rows))


def is_workbook(sheets: Sequence[Raw]) -> bool:
    """Whether sheets are those of an exported rulebook: one that begins a rulebook, and one of rules."""
    kinds = {found.kind for one in sheets if (found := _find(one)) is not None}
    return {"about", "rules"} <= kinds


def enter(sheets: Sequence[Raw]) -> Entered:
    """The rulebook that sheets hold. What no longer reads as the language is left as it is, for `check` to tell."""
    entered = Entered()
    by_kind: dict[SheetKind, list[Found]] = {}
    for one in sheets:
        found = _find(one)
        if found is None:
            entered.foreign.append(one[0])
        else:
            by_kind.setdefault(found.kind, []).append(found)
    for rules in by_kind.get("rules", []):
        entered.language = rules.language
    for kind, write in _ENTERING.items():
        for one_found in by_kind.get(kind, []):
            write(entered, one_found)
    tables = {_table_name(one): one for one in by_kind.get("table", [])}
    for one_found in by_kind.get("rules", []):
        _rules(entered, one_found, tables)
    for left in tables.values():
        # Its line among the rules is gone: it goes on all the same.
        _table(entered, left)
    for one_found in by_kind.get("tests", []):
        _tests(entered, one_found)
    return entered


# --- finding our sheets --------------------------------------------------------------------------------------


def _find(raw: Raw) -> Found | None:
    title, rows = raw
    filled = [index for index, row in enumerate(rows[:5]) if any(one.strip() for one in row)]
    if not filled:
        return None
    first = filled[0]
    if _is_banner(rows[first]) and len(filled) > 1:
        heads = filled[1]
        columns = _places(rows[heads], HEADS["table"])
        if "rule" in columns:
            return Found("table", title, columns, rows[heads + 1 :], heads + 2, rows[first][0].strip())
    best: tuple[bool, int, SheetKind, dict[str, int]] | None = None
    for kind, known in HEADS.items():
        columns = _places(rows[first], known)
        if kind == "table" or next(iter(known)) not in columns or len(columns) < min(2, len(known)):
            continue
        # Of several kinds the one whose title the sheet bears, then the one that knows most of its heads.
        named = title in (TITLES[kind].en, TITLES[kind].zh)
        if best is None or (named, len(columns)) > best[:2]:
            best = (named, len(columns), kind, columns)
    if best is None:
        return None
    _, _, kind, columns = best
    place = next(iter(columns.items()))
    chinese = rows[first][place[1]].strip() == HEADS[kind][place[0]].zh
    return Found(kind, title, columns, rows[first + 1 :], first + 2, language="zh" if chinese else "en")


def _places(heads: Sequence[str], known: Mapping[str, Bilingual]) -> dict[str, int]:
    """Where each column that we know stands."""
    places: dict[str, int] = {}
    for index, head in enumerate(heads):
        said = head.strip().casefold()
        for column, spelt in known.items():
            if column not in places and said in (spelt.en.casefold(), spelt.zh):
                places[column] = index
                break
    return places


def _is_banner(row: Sequence[str]) -> bool:
    opening = next((line for line in (row[0] if row else "").strip().split("\n") if not line.startswith("#")), "")
    return opening.startswith(_spellings("table"))


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
            continue
        cell = found.cell(index, "value")
        if what == "#":
            entered.add(f"# {value}".rstrip(), cell)
        elif what in _spellings("rulebook") or any(what in _spellings(one) for one in ("version", "purpose")):
            indent = "" if what in _spellings("rulebook") else "  "
            entered.add(f"{indent}{what} {_text(value)}", cell)
        else:
            entered.add(f"  {what} {value}", cell)


def _declarations(entered: Entered, found: Found) -> None:
    for index, row in enumerate(found.rows):
        if text := found.get(row, "text"):
            entered.add(text, found.cell(index, "text"))


def _lists(entered: Entered, found: Found) -> None:
    items: dict[str, list[tuple[int, Sequence[str]]]] = {}
    for index, row in enumerate(found.rows):
        if name := found.get(row, "name"):
            items.setdefault(name, []).append((index, row))
    for name, rows in items.items():
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
    values: dict[str, list[tuple[int, Sequence[str]]]] = {}
    for index, row in enumerate(found.rows):
        if name := found.get(row, "name"):
            values.setdefault(name, []).append((index, row))
    for name, rows in values.items():
        _notes(entered, found, *rows[0])
        entered.add(f"{keyword_table().spell('parameter', 'en')} {name} =", found.cell(rows[0][0], "name"))
        for place, (index, row) in enumerate(rows):
            start = found.get(row, "from")
            opening = "" if not start or start.startswith(_spellings("from")) else keyword_table().spell("from", "en")
            dated = f" {opening} {start}".rstrip() if start else ""
            ending = "," if place < len(rows) - 1 else ""
            entered.add(f"  {found.get(row, 'value')}{dated}{ending}", found.cell(index, "value"))


def _penalties(entered: Entered, found: Found) -> None:
    lines: dict[str, list[tuple[int, Sequence[str]]]] = {}
    for index, row in enumerate(found.rows):
        if name := found.get(row, "name"):
            lines.setdefault(name, []).append((index, row))
    table = keyword_table()
    for name, rows in lines.items():
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
            joint = " " if when in _spellings("appeal") else ": "
            entered.add(f"  {when}{joint}{then}", found.cell(index, "then"))


def _tests(entered: Entered, found: Found) -> None:
    for index, row in enumerate(found.rows):
        if not (name := found.get(row, "name")):
            continue
        _notes(entered, found, index, row)
        entered.add(f"{keyword_table().spell('test', 'en')} {_text(name)}", found.cell(index, "name"))
        for line in _lines(found.get(row, "steps")):
            entered.add(f"  {line}", found.cell(index, "steps"))


# --- rules ---------------------------------------------------------------------------------------------------


def _rules(entered: Entered, found: Found, tables: dict[str, Found]) -> None:
    table = keyword_table()
    for index, row in enumerate(found.rows):
        rule, change = found.get(row, "rule"), found.get(row, "change")
        name = found.get(row, "name")
        if change in _spellings("table"):
            known = tables.pop(_untext(name), None)
            if known is not None:
                _table(entered, known)
            continue
        if not any(one.strip() for one in row):
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
    opening = found.banner.split("\n")
    line = next((one for one in opening if not one.startswith("#")), "")
    for word in _spellings("table"):
        if line.startswith(word):
            rest = line[len(word) :].strip()
            return re.split(r"[\s,,]", rest, maxsplit=1)[0]
    return ""


def _table(entered: Entered, found: Found) -> None:
    entered.add(found.banner, Cell(found.title, 1, 1))
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
            bodies.append(_BODIES.get(column, str)(text) if column not in ("content", "todo") else text)
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
