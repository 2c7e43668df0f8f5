"""Tables in plain text: `.csv`, `.tsv`, Markdown."""

from __future__ import annotations

from pathlib import PurePath

from communityrules.diagnostics.message import Bilingual, Diagnostic
from communityrules.tables.reading import refused
from communityrules.tables.sheets.delimited import delimiter_of, is_table, read_rows
from communityrules.tables.sheets.encodings import decoded
from communityrules.tables.sheets.errors import NOT_A_TABLE
from communityrules.tables.sheets.kinds import extension
from communityrules.tables.sheets.limits import MAX_LINES, Meter
from communityrules.tables.sheets.markdown import has_table, read_tables
from communityrules.tables.sheets.model import Sheet, Workbook

_TEXT = Bilingual("plain text without columns", "没有分列的纯文本")


def read_plain(data: bytes, name: str, meter: Meter, misnamed: tuple[Diagnostic, ...] = ()) -> Workbook:
    """The table or tables of a text. A `.csv` is one sheet; of Markdown each table is.

    `Refused` when it is no text, or has no columns where its name promised a workbook.
    """
    text, encoding = decoded(data, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        raise meter.over("lines")
    stem = PurePath(name.replace("\\", "/")).stem or name
    suffix = extension(name)
    if suffix in (".md", ".markdown") or (suffix not in (".csv", ".tsv", ".tab") and has_table(text)):
        sheets, _ = read_tables(text, stem, meter)
        return Workbook(name, "markdown", tuple(sheets), encoding)
    # A name that promised a workbook must at least hold columns.
    if misnamed and not is_table(text, name):
        raise refused(NOT_A_TABLE, file=name, kind=_TEXT)
    delimiter = delimiter_of(text, name, tabs=suffix in (".tsv", ".tab"))
    rows = read_rows(text, delimiter, meter)
    return Workbook(name, "csv", (Sheet(stem, tuple(rows)),), encoding, delimiter)
