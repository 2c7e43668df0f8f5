"""`communityrules publish`: the handbook of a rulebook for its community, as a web page, Markdown and a workbook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from communityrules.cli.books import STDIN, folder, open_source
from communityrules.cli.messages import BAD_DAY, NO_FOLDER, NOT_A_FILE, NOT_A_FOLDER, SAME_FILE, cannot
from communityrules.cli.options import Command, format_option, screen, word
from communityrules.cli.writing import replacing
from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.text import Part
from communityrules.diagnostics.width import visible

if TYPE_CHECKING:
    from communityrules.workbench.handbook.parts import Handbook

_ABOUT: Final = Bilingual(
    "Write the handbook of a rulebook for the people whom it is about: what each rule in force says, penalties and "
    "appeals, duties, and every change with its day, as `index.html`, `handbook.md` and `handbook.xlsx`. Words that "
    "rules look for, tests and comments stay out. Exit status 0 when it is written, 2 when the rulebook has errors or "
    "a file cannot be read or written.",
    "把规则手册写成给社群成员看的版本:各条现行规则的内容、处罚与申诉、职责时限,以及逐日的变更记录,写成 `index.html`、"
    "`handbook.md` 和 `handbook.xlsx`。规则查找的词、测试和注释不会写入。"
    "写好时退出码为 0;手册有错误或文件无法读写为 2。",
)
_OUTPUT: Final = Bilingual("The folder to write to; it is made where there is none.", "写到哪个目录;没有时会建立。")
_ON: Final = Bilingual(
    "The day of which the handbook tells: `2026-07-01`. When not given, the day on which the rulebook was published; "
    "where it names none, the latest from which something in it holds.",
    "手册以哪一天为准:`2026-07-01`。默认为手册的发布日期;未写发布日期时,取其中最晚的生效日期。",
)
_LANGUAGE: Final = Bilingual(
    "What language it is in, that of the rulebook when not given. `both` writes the other one beside it "
    "(`index.zh.html` …), and each page links to the other.",
    "用哪种语言,默认同手册。`both` 会同时写出另一种语言(`index.en.html` 等),两页互相链接。",
)
_LISTS: Final = Bilingual(
    "Show the words of lists, and other words and patterns that rules look for.", "显示词表以及规则查找的词和格式。"
)
_TONGUES: Final = click.Choice(["en", "zh", "both"])
_DONE: Final = Bilingual("Written to {folder}: {files}", "已写入 {folder}:{files}")
_AS_OF: Final = Bilingual("Rules in force on {day}: {rules}", "{day} 现行规则 {rules} 条")
_ALWAYS: Final = Bilingual("Rules: {rules}; the rulebook names no day", "规则 {rules} 条;手册未写日期")


def command(language: Language) -> Command:
    """The command for one language."""

    @click.pass_context
    def publish(
        context: click.Context, /, book: str, output: str, day: str | None,
        tongue: Literal["en", "zh", "both"] | None, show_lists: bool, form: str,
    ) -> int:  # fmt: skip
        return _publish(context, book, Path(output), _day(day), tongue, show_lists, form)

    return Command(
        language,
        name="publish",
        help=word(_ABOUT, language),
        callback=publish,
        params=[
            click.Argument(["book"], metavar="BOOK"),
            click.Option(["-o", "--output"], required=True, metavar="DIR", help=word(_OUTPUT, language)),
            click.Option(["--on", "day"], metavar="DATE", help=word(_ON, language)),
            click.Option(["--language", "tongue"], type=_TONGUES, help=word(_LANGUAGE, language)),
            click.Option(["--show-lists"], is_flag=True, help=word(_LISTS, language)),
            format_option(language),
        ],
    )  # fmt: skip


def _publish(
    context: click.Context, book: str, output: Path, day: date | None,
    tongue: Literal["en", "zh", "both"] | None, show_lists: bool, form: str,
) -> int:  # fmt: skip
    from communityrules.checker.files import folder_reader
    from communityrules.library.registry import standard_library
    from communityrules.workbench.handbook.reading import read_handbook

    out = screen(context)
    _check_folder(output)
    languages: tuple[Language, ...] = ("en", "zh") if tongue == "both" else (tongue,) if tongue is not None else ()
    made = read_handbook(
        open_source(book), standard_library(), folder_reader(folder(book)),
        day=day, languages=languages, show_lists=show_lists,
    )  # fmt: skip
    # All is made before anything is written: what does not fit leaves the folder as it was.
    files = dict(_files(made))
    _check_files(book, (output / name for name in files))
    output.mkdir(exist_ok=True)
    for name, data in files.items():
        with replacing(output / name) as file:
            file.write(data)
    first = made[0]
    if form == "json":
        told = {
            "rulebook": {"name": first.name, "version": first.version or None, "digest": first.digest},
            "day": first.day.isoformat() if first.day is not None else None,
            "rules": len(first.rules), "folder": str(output), "files": list(files),
        }  # fmt: skip
        out.raw(json.dumps(told, ensure_ascii=False) + "\n")
        return 0
    between = "、" if out.language == "zh" else ", "
    written = _DONE.fill(out.language, {"folder": visible(str(output)), "files": between.join(files)})
    numbers = {"rules": str(len(first.rules)), "day": first.day.isoformat() if first.day is not None else ""}
    as_of = (_AS_OF if first.day is not None else _ALWAYS).fill(out.language, numbers)
    out.out([[Part(written, "good")], [Part(as_of)]])
    return 0


def _files(made: tuple[Handbook, ...]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files: in the rulebook's own language without, in another one with its letters."""
    from communityrules.workbench.handbook.document import write_document
    from communityrules.workbench.handbook.page import write_page
    from communityrules.workbench.handbook.sheets import write_sheets

    own = next((one.language for one in made if one.own), made[0].language)

    def name(file: str, language: Language) -> str:
        stem, _, ending = file.partition(".")
        return file if language == own else f"{stem}.{language}.{ending}"

    for one in sorted(made, key=lambda each: each.language != own):
        pages = {other.language: name("index.html", other.language) for other in made if other is not one}
        yield name("index.html", one.language), write_page(one, pages)
        yield name("handbook.md", one.language), write_document(one)
        yield name("handbook.xlsx", one.language), write_sheets(one)


def _day(text: str | None) -> date | None:
    """The day that `--on` names. CannotRun when it is none."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-07-01"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise cannot(BAD_DAY, text=text)


def _check_folder(output: Path) -> None:
    """CannotRun when a folder of that name cannot be made."""
    if output.is_dir():
        return
    if output.exists() or output.is_symlink():
        raise cannot(NOT_A_FOLDER, folder=str(output))
    if not output.absolute().parent.is_dir():
        raise cannot(NO_FOLDER, folder=str(output.parent), file=output.name)


def _check_files(book: str, files: Iterable[Path]) -> None:
    """CannotRun when a folder stands where a file is to be, or the rulebook itself would be written over."""
    for one in files:
        if one.is_dir():
            raise cannot(NOT_A_FILE, file=str(one))
        if book != STDIN and one.exists() and one.samefile(book):
            raise cannot(SAME_FILE, file=str(one))
