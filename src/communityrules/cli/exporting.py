"""`communityrules export`: a rulebook as a workbook, a folder of CSV files or a Markdown document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from communityrules.cli.books import STDIN, folder, open_source
from communityrules.cli.garbage import no_search_for_garbage
from communityrules.cli.messages import (
    NO_FOLDER,
    NO_SUCH_TABLE,
    NOT_A_FILE,
    NOT_OURS,
    SAME_FILE,
    STALE_SHEET,
    CannotRun,
    cannot,
)
from communityrules.cli.options import Command, format_option, screen, word
from communityrules.cli.writing import replacing
from communityrules.diagnostics.message import Bilingual, Language, RulesError
from communityrules.diagnostics.text import Part
from communityrules.diagnostics.width import visible

if TYPE_CHECKING:
    from communityrules.tables.workbook.grid import Workbook

_ABOUT: Final = Bilingual(
    "Write a rulebook as a table: `.xlsx` a workbook, `.md` a Markdown document, a name without an ending a folder of "
    "CSV files; or as data for programs: `.json`. A workbook that was exported before is brought up to date and keeps "
    "the columns, sheets and styles that people have added. "
    "Everything in it comes along, comments and tests too; `communityrules import` makes the same rulebook again. "
    "Exit status 0 when it is written, 2 when the rulebook has errors or does not fit, or a file cannot be read or "
    "written.",
    "把规则手册写成表格:`.xlsx` 为工作簿,`.md` 为 Markdown 文档,没有扩展名的为 CSV 文件夹;"
    "`.json` 则是供程序使用的数据。"
    "以前导出过的工作簿会就地更新,保留大家添加的列、工作表和样式。"
    "内容一项不少,注释和测试也在内;"
    "用 `communityrules import` 可还原为同一本手册。写好时退出码为 0;手册有错误、放不下或无法读写为 2。",
)
_OUTPUT: Final = Bilingual("Where to write it.", "写到哪里。")
_TO: Final = Bilingual(
    "The spelling of heads and rules; that of the rulebook when not given.", "表头和规则用哪种写法;默认同手册。"
)
#: Kinds of files that would not be what their names say.
_NOT_WRITTEN: Final = (
    ".csv", ".tsv", ".xls", ".xlsm", ".xlsb", ".ods", ".rules", ".markdown", ".txt", ".html", ".htm", ".pdf", ".doc",
    ".docx", ".yaml", ".yml", ".gz", ".zip",
)  # fmt: skip
_DONE: Final = Bilingual(
    "Written to {file}: {sheets} sheets, {rules} rules", "已写入 {file}:{sheets} 张工作表,{rules} 条规则"
)


def command(language: Language) -> Command:
    """The command for one language."""

    @click.pass_context
    def export(context: click.Context, /, book: str, output: str, to: Literal["en", "zh"] | None, form: str) -> int:
        with no_search_for_garbage():
            return _export(context, book, output, to, form)

    return Command(
        language,
        name="export",
        help=word(_ABOUT, language),
        callback=export,
        params=[
            click.Argument(["book"], metavar="BOOK"),
            click.Option(["-o", "--output"], required=True, metavar="TABLE", help=word(_OUTPUT, language)),
            click.Option(["--to"], type=click.Choice(["en", "zh"]), help=word(_TO, language)),
            format_option(language),
        ],
    )


def _export(context: click.Context, book: str, output: str, to: Language | None, form: str) -> int:
    import json

    from communityrules.checker.check import check
    from communityrules.checker.files import folder_reader
    from communityrules.cli.fmt import imported_names
    from communityrules.language.parse import parse
    from communityrules.library.names import LibraryNames
    from communityrules.library.registry import standard_library
    from communityrules.tables.workbook.leaving import leave

    out = screen(context)
    path = _where(book, output)
    if path.suffix.lower() == ".json":
        from communityrules.cli.documents import export_document

        return export_document(out, book, path, to, form)
    source = open_source(book)
    parsed = file, _ = parse(source)
    found = check(source, library=standard_library(), read=folder_reader(folder(book)), parsed=parsed).diagnostics
    errors = tuple(one for one in found if one.severity == "error")
    if errors:
        raise RulesError(errors)
    workbook = leave(file, LibraryNames(), to or file.spelling, imported_names(book, source, file))
    _write(workbook, path)
    rules = sum(len(one.rows) for one in workbook.sheets if one.kind in ("rules", "table"))
    if form == "json":
        sheets = [{"title": one.title, "kind": one.kind, "rows": len(one.rows)} for one in workbook.sheets]
        out.raw(json.dumps({"file": book, "table": output, "sheets": sheets}, ensure_ascii=False) + "\n")
    else:
        told = {"file": visible(output), "sheets": str(len(workbook.sheets)), "rules": str(rules)}
        out.out([[Part(_DONE.fill(out.language, told), "good")]])
    return 0


def _where(book: str, output: str) -> Path:
    """Where the table goes. CannotRun when it cannot go there."""
    path = Path(output)
    if path.suffix.lower() in _NOT_WRITTEN:
        raise cannot(NO_SUCH_TABLE, file=output)
    if not path.absolute().parent.is_dir():
        raise cannot(NO_FOLDER, folder=str(path.parent), file=path.name)
    if path.suffix.lower() in (".xlsx", ".md", ".json") and path.is_dir():
        raise cannot(NOT_A_FILE, file=output)
    if path.suffix.lower() not in (".xlsx", ".md", ".json") and path.exists() and not path.is_dir():
        # A folder of this name cannot be made.
        raise cannot(NO_SUCH_TABLE, file=output)
    if path.is_file() and book != STDIN and Path(book).exists() and path.samefile(book):
        raise cannot(SAME_FILE, file=output)
    return path


def _write(workbook: Workbook, path: Path) -> None:
    if path.suffix.lower() == ".xlsx":
        from communityrules.tables.workbook.xlsx import write_xlsx

        _put(path, _brought_up_to_date(workbook, path) if path.exists() else write_xlsx(workbook))
    elif path.suffix.lower() == ".md":
        from communityrules.tables.workbook.markdown import write_markdown

        _put(path, write_markdown(workbook))
    else:
        from communityrules.tables.workbook.flat import write_csv

        files = write_csv(workbook)
        path.mkdir(exist_ok=True)
        for one in sorted(path.glob("*.csv")):
            if one.name not in files:
                raise cannot(STALE_SHEET, file=one.name, folder=str(path))
        for name, data in files.items():
            _put(path / name, data)


def _brought_up_to_date(workbook: Workbook, path: Path) -> bytes:
    """A workbook that was exported before, with what people have added; CannotRun when it is another."""
    from communityrules.tables.reading import Refused
    from communityrules.tables.returned import entered_of
    from communityrules.tables.sheets.limits import MAX_BYTES
    from communityrules.tables.workbook.updating import update_xlsx

    with path.open("rb") as stream:
        before = stream.read(MAX_BYTES + 1)
    try:
        ours = entered_of(before, str(path)) is not None
    except Refused as error:
        raise CannotRun(*error.diagnostics) from None
    if not ours:
        raise cannot(NOT_OURS, file=str(path))
    return update_xlsx(workbook, before)


def _put(path: Path, data: bytes) -> None:
    with replacing(path) as file:
        file.write(data)
