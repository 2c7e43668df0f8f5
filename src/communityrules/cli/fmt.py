"""`communityrules fmt`: one layout, either spelling."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import click

from communityrules.checker.files import folder_reader
from communityrules.checker.loading import Files, Limits
from communityrules.checker.report import Reporter
from communityrules.cli.books import STDIN, folder, open_source
from communityrules.cli.messages import NOT_REVERSIBLE, STDIN_TWICE, cannot
from communityrules.cli.options import Command, format_option, screen, word
from communityrules.cli.writing import replacing
from communityrules.diagnostics.formats import to_json
from communityrules.diagnostics.message import Bilingual, Diagnostic, Language
from communityrules.diagnostics.source import Source
from communityrules.diagnostics.text import styled
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.language.printing.words import own_names
from communityrules.language.tree import File, Use
from communityrules.library.names import LibraryNames
from communityrules.library.table import STANDARD

_ABOUT: Final = Bilingual(
    "Lay out rulebooks in the one usual way, in place; `-` goes from standard input to standard output. A file with "
    "mistakes of syntax is left as it is. Exit status 0 when all is well, 1 when a file cannot be parsed or, with "
    "`--check`, would change, 2 when one cannot be read or written.",
    "把规则手册就地改写成统一的版式;`-` 从标准输入读、写到标准输出。有语法错误的文件保持原样。"
    "一切正常时退出码为 0;文件无法解析、或用 `--check` 时会有改动为 1;无法读写为 2。",
)
_CHECK: Final = Bilingual("Change nothing; say which files would change.", "不改动文件,只说明哪些会改动。")
_TO: Final = Bilingual("Translate the spelling of the language and the library.", "转换语言关键词和库名称的写法。")
_WOULD: Final = Bilingual("{book}: would be laid out anew", "{book}:版式需要改动")
_DONE: Final = Bilingual("{book}: laid out anew", "{book}:已改写")
_SAME: Final = Bilingual("{book}: as it should be", "{book}:无需改动")


def command(language: Language) -> Command:
    """The command for one language."""

    @click.pass_context
    def fmt(
        context: click.Context, /, books: tuple[str, ...], check: bool, to: Literal["en", "zh"] | None, form: str
    ) -> int:
        return _fmt(context, books, check, to, form)

    return Command(
        language,
        name="fmt",
        help=word(_ABOUT, language),
        callback=fmt,
        params=[
            click.Argument(["books"], nargs=-1, required=True, metavar="BOOK..."),
            click.Option(["--check"], is_flag=True, help=word(_CHECK, language)),
            click.Option(["--to"], type=click.Choice(["en", "zh"]), help=word(_TO, language)),
            format_option(language),
        ],
    )


def _fmt(context: click.Context, books: tuple[str, ...], check: bool, to: Literal["en", "zh"] | None, form: str) -> int:
    out = screen(context)
    if books.count(STDIN) > 1:
        raise cannot(STDIN_TWICE)
    # Nothing is written before every file has been read: one that is missing should not leave half the work done.
    sources = [open_source(book) for book in books]
    found: list[Diagnostic] = []
    files: list[dict[str, object]] = []
    changes = False
    for book, source in zip(books, sources, strict=True):
        file, diagnostics = parse(source)
        errors = [one for one in diagnostics if one.severity == "error"]
        found += errors
        if errors:
            files.append({"file": book, "status": "broken"})
            out.err([line for one in errors for line in styled(one, out.language)] if form == "text" else [])
            continue
        text = format_file(file, LibraryNames(), to, imported_names(book, source, file))
        _prove(text, book)
        if book == STDIN and not check:
            out.raw(text)
            continue
        changed = text != _as_read(book, source)
        changes = changes or changed
        if changed and not check:
            with replacing(Path(book)) as file_out:
                file_out.write(text.encode("utf-8"))
        said = (_WOULD if check else _DONE) if changed else _SAME
        files.append({"file": book, "status": ("would change" if check else "changed") if changed else "unchanged"})
        if form == "text":
            out.note(said.fill(out.language, {"book": book}))
    if form == "json" and files:
        import json

        report = {"files": files, "diagnostics": [to_json(one, out.language) for one in found]}
        out.raw(json.dumps(report, ensure_ascii=False) + "\n")
    return 1 if found or (check and changes) else 0


def imported_names(book: str, source: Source, file: File) -> list[str]:
    """The names that the files which a book uses declare: they are the writer's, as those of the book itself are."""
    if not any(isinstance(one, Use) for one in file.declarations):
        return []
    # What is wrong with those files is for `check` to say.
    files = Files(Reporter(), folder_reader(folder(book)), Limits(), STANDARD)
    return [name for one in files.load(source, (file, ())) for name in own_names(one)]


def _as_read(book: str, source: Source) -> str:
    """The file with its own line ends and byte-order mark: laying out takes those away too."""
    if book == STDIN:
        return source.text
    return Path(book).read_bytes().decode("utf-8")


def _prove(text: str, book: str) -> None:
    """A layout that cannot be read again must never replace what somebody wrote."""
    _, diagnostics = parse(Source(book, text))
    if any(one.severity == "error" for one in diagnostics):
        raise cannot(NOT_REVERSIBLE, file=book)
