"""From the bytes of a file to its tables of rules."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from communityrules.diagnostics.message import Bilingual
from communityrules.tables.carried import filled
from communityrules.tables.reading import refused
from communityrules.tables.sheets import reasons
from communityrules.tables.sheets.errors import NO_RULES
from communityrules.tables.sheets.finding import SheetTables, find_tables, said_of
from communityrules.tables.sheets.found import Skipped, Table, Tables
from communityrules.tables.sheets.limits import MAX_BYTES
from communityrules.tables.sheets.mapping import mapped_tables, parse_columns
from communityrules.tables.sheets.model import Sheet, Workbook, letters
from communityrules.tables.sheets.opening import read_workbook

#: Places that a note names.
_NAMED = 8
_LOOKED = Bilingual(
    "`rule id`, `name`, `content`, `applies to`, `effective`, or `issue type`, `response time`, `solution`",
    "`规则编号`、`规则名称`、`规则内容`、`适用对象`、`实施时间`,或 `问题分类`、`响应时间`、`解决方案`",
)
_EMPTY = Bilingual("it is empty", "其中没有内容")
_HEADS = Bilingual("it has {heads}", "其中的表头是 {heads}")
_NO_HEADS = Bilingual("it has no row of headings", "其中没有表头")
_ALL_HIDDEN = Bilingual("all of its sheets with something in them are hidden", "有内容的工作表都已隐藏")


def read_tables(source: bytes | str | PathLike[str], name: str | None = None, columns: str | None = None) -> Tables:
    """The tables of rules in a file: `.xlsx`, `.xls`, `.ods`, `.csv`, `.tsv` or Markdown, decided by its content.

    `source` is the path of the file or its bytes, `name` what messages call it, `columns` a mapping as in
    `编号=A,内容=C`. `Refused` carries the coded reason why the file cannot be read, or that it holds no such table and
    what was looked for. OSError when a path cannot be read.
    """
    if isinstance(source, bytes):
        data, called = source, name or "table"
    else:
        path = Path(source)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        called = name or path.name
    mapping = None if columns is None else parse_columns(columns)
    workbook, diagnostics = read_workbook(data, called)
    seen = [sheet for sheet in workbook.sheets if not sheet.hidden]
    if mapping is not None:
        by_sheet = [mapped_tables([sheet for sheet in seen if sheet.rows], mapping).get(one.name) for one in seen]
        parts = [(sheet, part or SheetTables()) for sheet, part in zip(seen, by_sheet, strict=True)]
    else:
        parts = [(sheet, find_tables(sheet)) for sheet in seen]
    tables = tuple(table for _, part in parts for table in part.tables)
    if not tables:
        raise refused(NO_RULES, file=called, seen=_seen(workbook, [part for _, part in parts]), looked=_LOOKED)
    skipped: list[Skipped] = []
    by_name = {id(sheet): part for sheet, part in parts}
    for sheet in workbook.sheets:
        if sheet.hidden:
            skipped += [Skipped(sheet.name, row.number, reasons.HIDDEN_SHEET, said_of(row)) for row in sheet.rows]
        else:
            skipped += sorted(by_name[id(sheet)].skipped, key=lambda one: one.number)
    return Tables(workbook, tables, tuple(skipped), tuple(_notes(workbook, tables)), diagnostics)


def _seen(workbook: Workbook, parts: list[SheetTables]) -> Bilingual:
    heads = [one for part in parts for one in part.strange]
    if heads:
        return filled(_HEADS, heads="; ".join(heads[:3]))
    if any(sheet.rows and sheet.hidden for sheet in workbook.sheets) and not any(part.skipped for part in parts):
        return _ALL_HIDDEN
    return _NO_HEADS if any(sheet.rows for sheet in workbook.sheets) else _EMPTY


def _notes(workbook: Workbook, tables: Iterable[Table]) -> list[Bilingual]:
    """What a person should know of the whole."""
    found: list[Bilingual] = []
    if workbook.encoding not in ("", "UTF-8"):
        found.append(filled(reasons.ENCODING, encoding=workbook.encoding))
    for sheet in workbook.sheets:
        if sheet.hidden:
            said = {"sheet": sheet.name, "number": str(len(sheet.rows))}
            found.append(filled(reasons.SHEET_HIDDEN, **said))
    taken: dict[str, list[Table]] = {}
    for table in tables:
        taken.setdefault(table.sheet, []).append(table)
    for sheet in workbook.sheets:
        if not sheet.hidden and sheet.name in taken:
            found += _of_sheet(sheet, taken[sheet.name])
    return found


def _of_sheet(sheet: Sheet, tables: list[Table]) -> list[Bilingual]:
    found: list[Bilingual] = []
    rows = [row for table in tables for row in table.rows]
    hidden = [str(row.number) for row in rows if row.hidden]
    if hidden:
        found.append(filled(reasons.ROWS_HIDDEN, sheet=sheet.name, rows=_listed(hidden)))
    columns = sorted({one.number for table in tables for one in table.columns} & sheet.hidden_columns)
    if columns:
        listed = _listed([letters(one) for one in columns])
        found.append(filled(reasons.COLUMNS_HIDDEN, sheet=sheet.name, columns=listed))
    merged = list(dict.fromkeys(place for row in rows for place in row.merged))
    if merged:
        found.append(filled(reasons.MERGED, sheet=sheet.name, cells=_listed(merged)))
    formulas = [cell.place for row in rows for cell in row.cells.values() if cell.formula and not cell.merged]
    if formulas:
        found.append(filled(reasons.FORMULAS, sheet=sheet.name, cells=_listed(formulas)))
    return found


def _listed(places: list[str]) -> str:
    shown = ", ".join(places[:_NAMED])
    return shown if len(places) <= _NAMED else f"{shown}, … ({len(places)})"
