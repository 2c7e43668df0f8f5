"""`communityrules import`: tables, prose, exports, other tools' rules into a rulebook; what became of each part."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from communityrules.cli.books import STDIN, STDIN_NAME
from communityrules.cli.garbage import no_search_for_garbage
from communityrules.cli.messages import NO_FILE, NO_FOLDER, NOT_A_FILE, SAME_FILE, UNREADABLE, cannot
from communityrules.cli.options import Command, HowMany, format_option, screen, word
from communityrules.cli.reasons import reason
from communityrules.cli.screen import binary, naming
from communityrules.cli.wrapping import wrap
from communityrules.cli.writing import replacing
from communityrules.diagnostics.formats import to_json
from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.text import Part, Style, StyledLine
from communityrules.diagnostics.width import cut, pad, visible

if TYPE_CHECKING:
    from communityrules.tables.carried import Account, Carried, Grade
    from communityrules.tables.workbook.entering import Entered
    from communityrules.tables.writing import Written

_ABOUT: Final = Bilingual(
    "Bring rules over into a rulebook: a table of rules (`.xlsx`, `.xls`, `.ods`, `.csv`, `.tsv`, `.md`), rules in "
    "prose (`.md`), what `export` wrote (a workbook, a folder of CSV files, Markdown, `.json`), Reddit AutoModerator "
    "YAML, or a plain list of words, patterns or domains (`.txt`, `.txt.gz`, `-`). Says of every part whether it was "
    "carried over exactly, approximately or not, and why. What `export` wrote, brought back onto its rulebook, changes "
    "only what was edited, and the difference is shown. "
    "Without `-o` the rulebook goes to standard output and the report to standard error. Exit status 0 also with "
    "something left to do, 1 when there is nothing to import or a rulebook that comes back has errors, 2 when a file "
    "cannot be read or written.",
    "把别处的规则搬进规则手册:规则表(`.xlsx`、`.xls`、`.ods`、`.csv`、`.tsv`、`.md`)、成文的规则(`.md`)、"
    "`export` 写出的文件(工作簿、CSV 文件夹、Markdown、`.json`)、Reddit AutoModerator 的 YAML,"
    "或每行一条的词、格式、域名列表(`.txt`、`.txt.gz`、`-`)。逐项说明是完全搬运、近似搬运还是未搬运,以及原因。"
    "`export` 写出的文件导回原手册时,只改动编辑过的内容,并显示差异。"
    "不写 `-o` 时,手册写到标准输出,报告写到标准错误。留有待办时退出码仍为 0,"
    "没有可导入的内容或导回的手册有错误为 1,无法读写为 2。",
)
_OUTPUT: Final = Bilingual("Write the rulebook to this file.", "把规则手册写入此文件。")
_AS: Final = Bilingual("What the file holds; guessed when not given.", "文件内容是什么;不写则自动判断。")
_TO: Final = Bilingual(
    "The spelling of the rulebook; that of the table, prose or export when not given, of other files your language.",
    "规则手册用哪种写法;默认同表格、文章或导出文件的语言,其他文件同提示语言。",
)
_THEN: Final = Bilingual(
    "What the rule of a list does; `nothing`: the list alone.", "列表的规则做什么;`nothing` 表示只要列表。"
)
_HOST: Final = Bilingual(
    "Where AutoModerator's rules are to run: a forum sends titles and links apart from the text, in a chat all is one "
    "text.",
    "AutoModerator 规则将在何处运行:论坛另行提供标题和链接,聊天则都在一段文本里。",
)
_COLUMNS: Final = Bilingual(
    "Which column of a table is what, by letter, head or number: `number=A,content=C`.",
    "表格各列是什么,按列号、表头或序号:`编号=A,内容=C`。",
)
_TITLE: Final = Bilingual("The name of the rulebook.", "规则手册的名称。")
_SHOW: Final = Bilingual("How many parts the report shows, or `all`.", "报告显示多少项,或 `all`。")
_FROM: Final = Bilingual("Imported from {file}", "导入自 {file}")
_TAKEN_FOR: Final = Bilingual("{file}: {kind}", "{file}:{kind}")
_LINE: Final = Bilingual("line", "行")
_RULE: Final = Bilingual("rule", "规则")
_HOW: Final = Bilingual("carried over", "搬运")
_WHAT: Final = Bilingual("what", "内容")
_ONLY: Final = Bilingual(
    "Only what was not carried over exactly is shown; `--show all` shows everything.",
    "仅显示未完全搬运的部分;`--show all` 全部显示。",
)
_MORE: Final = Bilingual("… and {number} more.", "……另有 {number} 项。")
_NOTES: Final = Bilingual("For the whole rulebook:", "整本手册:")
_COUNTS: Final = Bilingual(
    "Parts: {all} = {exact} exactly ({share}) + {approximate} approximately + {not} not carried over",
    "共 {all} 项 = 完全搬运 {exact}({share})+ 近似 {approximate} + 未搬运 {not}",
)
_RULES: Final = Bilingual(
    "Rules: {rules}, {todos} of them with something left to do", "规则:{rules} 条,其中 {todos} 条留有待办"
)
_WRITTEN: Final = Bilingual("Written to {book}", "已写入 {book}")
#: Parts that the report shows when nothing is said.
_SHOWN: Final = 200
_STYLES: Final[dict[Grade, Style]] = {"exact": "good", "approximate": "warning", "not": "error"}


def command(language: Language) -> Command:
    """The command for one language."""
    # The choices are read from the table of what can be imported, which costs nothing to load.
    from communityrules.tables.sources import SOURCES

    @click.pass_context
    def importing(context: click.Context, /, **given: Any) -> int:
        with no_search_for_garbage():
            return _import(context, **given)

    return Command(
        language,
        name="import",
        help=word(_ABOUT, language),
        callback=importing,
        params=[
            click.Argument(["file"], metavar="FILE"),
            click.Option(["-o", "--output"], metavar="BOOK", help=word(_OUTPUT, language)),
            click.Option(["--as", "kind"], type=click.Choice(list(SOURCES)), help=word(_AS, language)),
            click.Option(["--to"], type=click.Choice(["en", "zh"]), help=word(_TO, language)),
            click.Option(
                ["--then"], type=click.Choice(["flag", "hold", "delete", "nothing"]), default="flag",
                show_default=True, help=word(_THEN, language),
            ),
            click.Option(
                ["--host"], type=click.Choice(["forum", "chat"]), default="forum", show_default=True,
                help=word(_HOST, language),
            ),
            click.Option(["--title"], help=word(_TITLE, language)),
            click.Option(["--columns"], metavar="MAP", help=word(_COLUMNS, language)),
            click.Option(
                ["--show"], default=str(_SHOWN), show_default=True, metavar="N", type=HowMany(language),
                help=word(_SHOW, language),
            ),
            format_option(language),
        ],
    )  # fmt: skip


def _import(
    context: click.Context, *, file: str, output: str | None, kind: str | None, to: Language | None, then: Any,
    host: Any, title: str | None, columns: str | None, show: int | None, form: str,
) -> int:  # fmt: skip
    from communityrules.tables.reading import Refused
    from communityrules.tables.sources import SOURCES, Wishes, import_data
    from communityrules.tables.writing import write

    out = screen(context)
    output = None if output == STDIN else output
    book = _book(file, output)
    named = STDIN_NAME if file == STDIN else file
    called = title or _FROM.fill(to or out.language, {"file": os.path.basename(named)})
    try:
        data, kind, entered = _given(file, named, kind, columns)
        if kind == "json":
            from communityrules.cli.documents import import_document

            return import_document(out, data, named, output, to, form)
        if entered is not None:
            from communityrules.cli.returning import bring_back, write_anew

            if book is not None and output is not None and book.exists():
                return bring_back(out, entered, book, output, entered.language, form)
            kind, written = "table", write_anew(entered, named, output, to)
        else:
            wishes = Wishes(out.language, called[:200], then, host, to, columns)
            kind, imported = import_data(data, named, wishes, kind)
            written = write(imported, to or imported.file.spelling, output or named, warnings=form == "json")
    except Refused as error:
        if form == "json":
            report = {"file": named, "diagnostics": [to_json(one, out.language) for one in error.diagnostics]}
            out.raw(json.dumps(report, ensure_ascii=False) + "\n")
        else:
            out.diagnostics(error.diagnostics)
        return 1
    data = written.text.encode("utf-8")
    if book is not None:
        with replacing(book) as file_out:
            file_out.write(data)
    errors = [one for one in written.diagnostics if one.severity == "error"]
    if form == "json":
        report = _as_json(named, kind, output, written, out.language)
        out.raw(json.dumps(report, ensure_ascii=False) + "\n")
    else:
        out.diagnostics([*written.imported.diagnostics, *errors])
        heading = _TAKEN_FOR.fill(out.language, {"file": visible(named), "kind": SOURCES[kind].about})
        lines = [[Part(heading, "strong")], *_report(written, out.language, out.width, show)]
        if output is not None:
            lines.append([Part(_WRITTEN.fill(out.language, {"book": visible(output)}))])
            out.out(lines)
        else:
            out.raw(written.text)
            out.err(lines)
    return 1 if errors else 0


def _book(file: str, output: str | None) -> Path | None:
    """Where the rulebook goes. CannotRun when it cannot go there."""
    if output is None:
        return None
    path = Path(output)
    if path.is_dir():
        raise cannot(NOT_A_FILE, file=output)
    if not path.parent.is_dir():
        raise cannot(NO_FOLDER, folder=str(path.parent), file=path.name)
    if file != STDIN and path.exists() and Path(file).exists() and path.samefile(file):
        raise cannot(SAME_FILE, file=output)
    return path


def _given(file: str, named: str, kind: str | None, columns: str | None) -> tuple[bytes, str, Entered | None]:
    """The bytes of a file, what it is taken for, and the rulebook in it where it holds the sheets of one."""
    from communityrules.tables.returned import entered_of, entered_of_folder
    from communityrules.tables.sources import guessed

    if file != STDIN and os.path.isdir(file):
        entered = entered_of_folder({one.name: _bytes(str(one)) for one in sorted(Path(file).glob("*.csv"))})
        if entered is None:
            raise cannot(NOT_A_FILE, file=file)
        return b"", "table", entered
    data = _bytes(file)
    kind = kind or guessed(data, named, columns)
    entered = entered_of(data, named) if columns is None and kind in ("table", "document") else None
    return data, kind, entered


def _bytes(file: str) -> bytes:
    """The bytes of a file or of standard input, at most a little more than may be imported."""
    from communityrules.tables.reading import MOST_BYTES
    from communityrules.tables.sheets.limits import MAX_BYTES

    most = max(MOST_BYTES, MAX_BYTES) + 1
    if file == STDIN:
        with naming("stdin"):
            return binary(sys.stdin).read(most)
    try:
        with open(file, "rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        raise cannot(NO_FILE, file=file) from None
    except IsADirectoryError:
        raise cannot(NOT_A_FILE, file=file) from None
    except OSError as error:
        raise cannot(UNREADABLE, file=file, reason=reason(error)) from None
    except ValueError:
        # A path that no file system takes.
        raise cannot(NO_FILE, file=file) from None


# --- the report ------------------------------------------------------------------------------------------------


def _report(written: Written, language: Language, width: int, show: int | None) -> list[StyledLine]:
    account = written.imported.account
    lines = _rows(account, language, width, show)
    if account.notes:
        lines.append([Part(_NOTES.fill(language, {}), "strong")])
        for note in account.notes:
            lines += [[Part(f"  {line}")] for line in wrap(note.fill(language, {}), width - 2)]
        lines.append([])
    lines.append([Part(_COUNTS.fill(language, _numbers(account)), "strong")])
    said = {"rules": str(written.rules), "todos": str(written.todos)}
    lines.append([Part(_RULES.fill(language, said))])
    return lines


def _numbers(account: Account) -> dict[str, str]:
    share = account.share()
    counts: dict[str, str] = {grade: str(number) for grade, number in account.counts().items()}
    return {**counts, "all": str(len(account.items)), "share": "–" if share is None else f"{share:.0%}"}


def _rows(account: Account, language: Language, width: int, show: int | None) -> list[StyledLine]:
    """One line for each part, with what is to be said of it below."""
    from communityrules.tables.carried import GRADES

    items = list(account.ordered())
    lines: list[StyledLine] = []
    if show is not None and len(items) > show:
        items = [one for one in items if one.grade != "exact"]
        lines.append([Part(_ONLY.fill(language, {}), "faint")])
    left = len(items) - show if show is not None else 0
    if left > 0:
        items = items[:show]
    if not items and left <= 0:
        return [*lines, []]
    words = {grade: text.fill(language, {}) for grade, text in GRADES.items()}
    how = max(len(_HOW.fill(language, {})), *map(len, words.values())) * (2 if language == "zh" else 1)
    heads = [pad(_LINE.fill(language, {}), 6), pad(_RULE.fill(language, {}), 6), pad(_HOW.fill(language, {}), how)]
    lines.append([Part("  ".join([*heads, _WHAT.fill(language, {})]), "faint")])
    for one in items:
        lines += _row(one, words[one.grade], how, language, width)
    if left > 0:
        lines.append([Part(_MORE.fill(language, {"number": str(left)}), "strong")])
    return [*lines, []]


def _row(one: Carried, how_said: str, how: int, language: Language, width: int) -> list[StyledLine]:
    what = visible(f"{one.construct}: {one.value}" if one.value else one.construct)
    indent = 6 + 2 + 6 + 2 + how + 2
    line: StyledLine = [
        Part(f"{pad(str(one.line), 6)}  {pad(visible(one.rule or ''), 6)}  "),
        Part(pad(how_said, how), _STYLES[one.grade]),
        Part("  " + cut(what, max(20, width - indent))),
    ]
    why = one.why.fill(language, {})
    below = wrap(visible(why), max(20, width - indent)) if why else []
    return [line, *([Part(" " * indent + text, "faint")] for text in below)]


def _as_json(file: str, kind: str, output: str | None, written: Written, language: Language) -> dict[str, Any]:
    account = written.imported.account
    share = account.share()
    found: dict[str, Any] = {
        "file": file,
        "as": kind,
        "book": output,
        "parts": [
            {
                "line": one.line, "what": one.construct, "value": one.value, "carried": one.grade,
                "why": one.why.fill(language, {}) or None, "rule": one.rule,
            }
            for one in account.ordered()
        ],
        "notes": [one.fill(language, {}) for one in account.notes],
        "counts": {**account.counts(), "all": len(account.items)},
        "share_exact": None if share is None else round(share, 4),
        "rules": written.rules,
        "todos": written.todos,
        "diagnostics": [to_json(one, language) for one in (*written.imported.diagnostics, *written.diagnostics)],
    }  # fmt: skip
    if output is None:
        found["rulebook"] = written.text
    return found
