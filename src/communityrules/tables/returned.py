"""A rulebook that was exported to sheets and comes back, edited or not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Final

from communityrules.checker.check import check
from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.library.names import LibraryNames
from communityrules.library.registry import standard_library
from communityrules.tables.carried import PLAIN, Account, Carried, filled, short
from communityrules.tables.imported import Imported
from communityrules.tables.sheets.delimited import read_rows
from communityrules.tables.sheets.encodings import decoded
from communityrules.tables.sheets.limits import MAX_BYTES, MAX_SHEETS, Meter
from communityrules.tables.sheets.model import Cell, Row
from communityrules.tables.sheets.opening import read_workbook
from communityrules.tables.workbook.entering import Entered, at_its_cell, enter, is_workbook, tree_of
from communityrules.tables.workbook.finding import BEGINNING, find_sheet
from communityrules.tables.workbook.flat import unguard
from communityrules.tables.workbook.grid import Raw
from communityrules.tables.workbook.markdown import read_markdown
from communityrules.tables.writing import Written

_FOREIGN: Final = Bilingual("the sheet `{sheet}` is not part of the rulebook", "工作表 `{sheet}` 不属于规则手册")
_STRANGE: Final = Bilingual(
    "`{sheet}`: the column `{head}` is not part of the rulebook", "`{sheet}`:“{head}”一列不属于规则手册"
)
#: What spreadsheets of different countries put between the columns of a CSV file.
_DELIMITERS: Final = (",", ";", "\t")


def entered_of(data: bytes, file: str) -> Entered | None:
    """The rulebook in a workbook that was exported; None when it is another one. `Refused` when it is unreadable."""
    book, _ = read_workbook(data, file)
    if book.kind == "markdown":
        # Its own reader takes back each backslash that its writer put there.
        sheets = read_markdown(_text(data, file))
    else:
        guarded = book.kind == "csv"
        # Most files are another's, which their first rows tell.
        if not is_workbook([(sheet.name, _rows(sheet.rows[:BEGINNING], guarded=guarded)) for sheet in book.sheets]):
            return None
        sheets = [(sheet.name, _rows(sheet.rows, guarded=guarded)) for sheet in book.sheets]
    return enter(sheets) if is_workbook(sheets) else None


def entered_of_folder(files: Mapping[str, bytes]) -> Entered | None:
    """The same, of the CSV files of a folder by their names."""
    texts: dict[str, str] = {}
    for name in sorted(files):
        if len(texts) == MAX_SHEETS:
            raise Meter(name).over("sheets")
        if len(files[name]) > MAX_BYTES:
            raise Meter(name).too_large(MAX_BYTES, unpacked=False)
        texts[name] = _text(files[name], name)
    best: list[Raw] = []
    most = -1
    for delimiter in _DELIMITERS:
        # One of the files alone may look as if anything divided it; together they have one sign that does.
        meter = Meter("csv")
        sheets: list[Raw] = [
            (PurePath(name).stem, _rows(read_rows(text, delimiter, meter), guarded=True))
            for name, text in texts.items()
        ]
        known = sum(len(found.columns) for one in sheets if (found := find_sheet(*one)) is not None)
        if known > most:
            best, most = sheets, known
    return enter(best) if is_workbook(best) else None


def _text(data: bytes, file: str) -> str:
    text, _ = decoded(data, file)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _rows(rows: Sequence[Row], *, guarded: bool) -> Sequence[Sequence[str]]:
    width = max((column for row in rows for column in row.cells), default=0)
    found: list[Sequence[str]] = []
    for row in rows:
        while len(found) < row.number - 1:
            # Empty rows count, so that cells are told of where they stand.
            found.append([])
        shown = [_shown(row.cells[one]) if one in row.cells else "" for one in range(1, width + 1)]
        found.append([unguard(one) for one in shown] if guarded else shown)
    return found


def _shown(cell: Cell) -> str:
    """A cell as the language has it: a day that a person typed is that day, in whatever way it is shown."""
    if isinstance(cell.value, datetime):
        return cell.value.date().isoformat() if cell.value.time() == time() else cell.shown
    return cell.value.isoformat() if isinstance(cell.value, date) else cell.shown


def returned(entered: Entered, file: str) -> Imported:
    """The rulebook of exported sheets. `Refused` names each cell that does not read as the language."""
    read = tree_of(entered, file)
    account = Account()
    for title in entered.foreign:
        account.note(filled(_FOREIGN, sheet=title))
    for title, head in entered.strange:
        account.note(filled(_STRANGE, sheet=title, head=head))
    text = entered.text
    for one in read.declarations:
        line = text.count("\n", 0, one.span.start)
        cell = entered.cells[min(line, len(entered.cells) - 1)]
        rule = one.id.text if isinstance(one, tree.Rule) else None
        told = short(entered.lines[line].strip())
        account.add(Carried(cell.row, str(cell), told, "exact", PLAIN, rule))
    return Imported(read, account)


def written_back(
    entered: Entered,
    file: str,
    to: Language | None,
    read: Callable[[str], Source] | None,
    imported: Callable[[Source, tree.File], Collection[str]],
) -> Written:
    """The text of the rulebook that exported sheets hold, as its author had it: nothing is left out that has an error.

    `read` opens the files that it uses, `imported` says which names they declare. `Refused` names each cell that does
    not read as the language; what `check` finds is told at its cell, too.
    """
    back = returned(entered, file)
    source = Source(file, entered.text)
    names = imported(source, back.file)
    text = format_file(back.file, LibraryNames(), to or back.file.spelling, names)
    found = check(source, library=standard_library(), read=read).diagnostics
    told = [at_its_cell(one, entered) if one.severity == "error" and one.span is not None
            and one.span.source.name == file else one for one in found]  # fmt: skip
    rules = [one for one in back.file.declarations if isinstance(one, tree.Rule)]
    rows = sum(len(one.rows) for one in back.file.declarations if isinstance(one, tree.Table))
    todos = sum(any(isinstance(clause, tree.Todo) for clause in one.clauses) for one in rules)
    return Written(text, back, len(rules) + rows, todos, tuple(told))
