"""A rulebook that was exported to sheets and comes back, edited or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from communityrules.diagnostics.message import Bilingual, Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.parse import parse
from communityrules.tables.carried import PLAIN, Account, Carried, filled, short
from communityrules.tables.imported import Imported
from communityrules.tables.reading import Refused
from communityrules.tables.sheets.model import Sheet
from communityrules.tables.sheets.opening import read_workbook
from communityrules.tables.workbook.entering import Entered, Raw, enter, is_workbook
from communityrules.tables.workbook.errors import CELL_UNREADABLE
from communityrules.tables.workbook.flat import unguard

_FOREIGN = Bilingual("the sheet `{sheet}` is not part of the rulebook", "工作表 `{sheet}` 不属于规则手册")


def entered_of(data: bytes, file: str) -> Entered | None:
    """The rulebook in a workbook that was exported; None when it is another one. `Refused` when it is unreadable."""
    book, _ = read_workbook(data, file)
    sheets = [_raw(sheet, guarded=book.kind == "csv") for sheet in book.sheets]
    return enter(sheets) if is_workbook(sheets) else None


def entered_of_folder(files: Mapping[str, bytes]) -> Entered | None:
    """The same, of the CSV files of a folder by their names."""
    sheets: list[Raw] = []
    for name in sorted(files):
        book, _ = read_workbook(files[name], name)
        sheets += [(name.removesuffix(".csv"), _raw(sheet, guarded=True)[1]) for sheet in book.sheets]
    return enter(sheets) if is_workbook(sheets) else None


def _raw(sheet: Sheet, *, guarded: bool) -> Raw:
    width = max((column for row in sheet.rows for column in row.cells), default=0)
    rows: list[Sequence[str]] = []
    for row in sheet.rows:
        while len(rows) < row.number - 1:
            # Empty rows count, so that cells are told of where they stand.
            rows.append([])
        shown = [row.cells[one].shown if one in row.cells else "" for one in range(1, width + 1)]
        rows.append([unguard(one) for one in shown] if guarded else shown)
    return sheet.name, rows


def returned(entered: Entered, file: str) -> Imported:
    """The rulebook of exported sheets. `Refused` names each cell that does not read as the language."""
    source = Source(file, entered.text)
    read, diagnostics = parse(source)
    errors = [one for one in diagnostics if one.severity == "error"]
    if errors:
        raise Refused(*(_at_its_cell(one, entered, source) for one in errors))
    account = Account()
    for title in entered.foreign:
        account.note(filled(_FOREIGN, sheet=title))
    for one in read.declarations:
        line = source.text.count("\n", 0, one.span.start)
        cell = entered.cells[min(line, len(entered.cells) - 1)]
        rule = one.id.text if isinstance(one, tree.Rule) else None
        told = short(entered.lines[line].strip())
        account.add(Carried(cell.row, str(cell), told, "exact", PLAIN, rule))
    return Imported(replace(read, spelling=entered.language), account)


def _at_its_cell(error: Diagnostic, entered: Entered, source: Source) -> Diagnostic:
    line = source.text.count("\n", 0, error.span.start) if error.span is not None else 0
    cell = entered.cells[min(line, len(entered.cells) - 1)]
    problem = Bilingual(error.text("en"), error.text("zh"))
    hint = Bilingual(error.hint("en"), error.hint("zh"))
    return Diagnostic(CELL_UNREADABLE, None, {"cell": str(cell), "problem": problem, "hint": hint})
