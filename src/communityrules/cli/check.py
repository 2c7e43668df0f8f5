"""`communityrules check`: every diagnostic, with code, place, reason and fix."""

from __future__ import annotations

from typing import Final

import click

from communityrules import __version__
from communityrules.cli.books import STDIN, check_book
from communityrules.cli.counts import RULES, TESTS
from communityrules.cli.messages import STDIN_TWICE, cannot
from communityrules.cli.options import Command, format_option, screen, word
from communityrules.diagnostics.formats import render_github, render_json, render_sarif
from communityrules.diagnostics.message import Bilingual, Diagnostic, Language
from communityrules.diagnostics.text import Part, styled, summary

_ABOUT: Final = Bilingual(
    "Find what is wrong with rulebooks: each finding with its code, its place, the reason and how to mend it. "
    "Exit status 0 when there is no error, 1 when there is one, 2 when a file cannot be read.",
    "检查规则手册:每个问题都给出代码、位置、原因和改法。没有错误时退出码为 0,有错误为 1,文件无法读取为 2。",
)
_STRICT: Final = Bilingual("Count warnings as findings too.", "警告也算问题。")
_GOOD: Final = Bilingual("{book}: {rules}, {tests}; {summary}", "{book}:{rules},{tests};{summary}")


def command(language: Language) -> Command:
    """The command for one language."""

    @click.pass_context
    def check(context: click.Context, books: tuple[str, ...], strict: bool, form: str) -> int:
        return _check(context, books, strict, form)

    return Command(
        language,
        name="check",
        help=word(_ABOUT, language),
        callback=check,
        params=[
            click.Argument(["books"], nargs=-1, required=True, metavar="BOOK..."),
            click.Option(["--strict"], is_flag=True, help=word(_STRICT, language)),
            format_option(language, ("text", "json", "sarif", "github")),
        ],
    )


def _check(context: click.Context, books: tuple[str, ...], strict: bool, form: str) -> int:
    out = screen(context)
    if books.count(STDIN) > 1:
        raise cannot(STDIN_TWICE)
    found: list[Diagnostic] = []
    good: list[str] = []
    for book in books:
        result = check_book(book)
        found += result.diagnostics
        if form == "text":
            out.out([line for one in result.diagnostics for line in styled(one, out.language)])
            if result.rulebook is not None:
                said = {
                    "book": book,
                    "rules": RULES.words(len({rule.id for rule in result.rulebook.rules}), out.language),
                    "tests": TESTS.words(len(result.rulebook.tests), out.language),
                    "summary": summary(result.diagnostics, out.language),
                }
                good.append(_GOOD.fill(out.language, said))
            else:
                good.append(f"{book}: {summary(result.diagnostics, out.language)}")
    if form == "json":
        out.raw(render_json(found, out.language))
    elif form == "sarif":
        out.raw(render_sarif(found, out.language, __version__))
    elif form == "github":
        out.raw(render_github(found, out.language))
    else:
        out.out([[Part(line, "strong")] for line in good])
    errors = any(one.severity == "error" for one in found)
    return 1 if errors or (strict and found) else 0
