"""Arguments and options that several commands share, with help in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import click

from communityrules.cli.screen import Screen, naming
from communityrules.cli.wrapping import wrap
from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.width import cells, pad, visible

_HELP: Final = Bilingual("Show this text.", "显示本说明。")
_LANG: Final = Bilingual(
    "The language of what you are told; from the locale otherwise.", "提示所用的语言;默认取自系统区域设置。"
)
_FORMAT: Final = Bilingual("How results are written.", "结果的写法。")
_NOT_MANY: Final = Bilingual(
    "`{value}` is neither a whole number from {least} nor `all`.", "`{value}` 既不是从 {least} 起的整数,也不是 `all`。"
)
_HEADINGS: Final = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
_METAVARS: Final = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]..."}
_DEFAULT: Final = re.compile(r"\[default: (.*)\]")


def word(text: Bilingual, language: Language, **values: str) -> str:
    """A text of ours in the reader's language."""
    return text.fill(language, values)


class Formatter(click.HelpFormatter):
    """Help in Chinese: headings, and lines as long as the terminal is wide."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for word_of_click, ours in _METAVARS.items():
            args = args.replace(word_of_click, ours)
        super().write_usage(prog, args, "用法:" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for line in wrap(text, self.width - self.current_indent):
            self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max((cells(name) for name, _ in rows), default=0), col_max)
        indent = " " * self.current_indent
        room = max(self.width - self.current_indent - first - col_spacing, 10)
        for name, text in rows:
            lines = wrap(_DEFAULT.sub(r"[默认:\1]", text), room) or [""]
            if cells(name) > first:
                self.write(f"{indent}{name}\n")
                name = ""
            for line in lines:
                self.write(f"{indent}{pad(name, first + col_spacing)}{line}".rstrip() + "\n")
                name = ""


class Context(click.Context):
    """A context whose help has Chinese headings."""

    formatter_class = Formatter


class Command(click.Command):
    """One command, made for one language."""

    def __init__(self, language: Language, **settings: Any) -> None:
        self.language = language
        super().__init__(add_help_option=False, **settings)
        self.params.append(lang_option(language))
        self.params.append(help_option(language))
        if language == "zh":
            self.context_class = Context


class Group(click.Group):
    """A command that consists of several, made for one language."""

    def __init__(self, language: Language, commands: Sequence[Command], **settings: Any) -> None:
        self.language = language
        super().__init__(
            add_help_option=False, no_args_is_help=True, commands={str(one.name): one for one in commands}, **settings
        )
        self.params += [lang_option(language), help_option(language)]
        if language == "zh":
            self.context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the signature is click's
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # the same
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(200)) for name, one in self.commands.items()])


class HowMany(click.ParamType[int | None]):
    """How many of something: a whole number from `least`, or None for `all`."""

    name = "N|all"

    def __init__(self, language: Language, least: int = 0) -> None:
        self._language = language
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        if value in (None, "all"):
            return None
        try:
            number = int(value)
        except ValueError:
            number = -1
        if number < self._least:
            said = {"value": visible(str(value)), "least": str(self._least)}
            self.fail(word(_NOT_MANY, self._language, **said), param, ctx)
        return number


def help_option(language: Language) -> click.Option:
    def show(context: click.Context, _: click.Parameter, asked: bool) -> None:
        if asked and not context.resilient_parsing:
            with naming("stdout"):
                click.echo(context.get_help())
            context.exit()

    return click.Option(
        ["--help", "-h"], is_flag=True, expose_value=False, is_eager=True, callback=show, help=word(_HELP, language)
    )


def lang_option(language: Language) -> click.Option:
    """Read before everything else (`language.from_arguments`); stands here to be checked and listed."""
    return click.Option(["--lang"], type=click.Choice(["en", "zh"]), expose_value=False, help=word(_LANG, language))


def format_option(language: Language, choices: Sequence[str] = ("text", "json")) -> click.Option:
    return click.Option(
        ["--format", "form"],
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help=word(_FORMAT, language),
    )


def screen(context: click.Context) -> Screen:
    """Where this run writes to."""
    found = context.find_root().obj
    assert isinstance(found, Screen), "main puts it there"
    return found
