"""What is wrong with how a command was called, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import click

from communityrules.diagnostics.message import Bilingual, Language

_NO_COMMAND: Final = Bilingual(
    "There is no command `{name}`; there are {known}.", "没有命令 `{name}`;可用的有 {known}。"
)
_NO_OPTION: Final = Bilingual("There is no option `{name}`.", "没有选项 `{name}`。")
_NO_OPTION_BUT: Final = Bilingual(
    "There is no option `{name}`; did you mean {near}?", "没有选项 `{name}`;是不是 {near}?"
)
_MISSING: Final = Bilingual("`{name}` is missing.", "缺少 `{name}`。")
_BAD_VALUE: Final = Bilingual("The value of `{name}` cannot be used: {reason}", "`{name}` 的值不可用:{reason}")
_BAD_CHOICE: Final = Bilingual("`{name}` must be one of {choices}.", "`{name}` 应为 {choices} 之一。")
_NO_VALUE: Final = Bilingual("`{name}` needs a value after it.", "`{name}` 后面要有值。")
_NO_SUCH_VALUE: Final = Bilingual("`{name}` takes no value.", "`{name}` 后面不要写值。")
_TOO_MANY: Final = Bilingual("{names}: more was given than the command takes.", "{names}:给出的内容多于命令所需。")
_NONE_GIVEN: Final = Bilingual("No command was given; there are {known}.", "没有写命令;可用的有 {known}。")
_OTHER: Final = Bilingual("{reason}", "{reason}")
#: click says these things in English sentences alone.
_EXTRA: Final = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)
_WITHOUT_VALUE: Final = re.compile(r"does not take a value")
_WITHOUT_COMMAND: Final = re.compile(r"Missing command")


def problem(error: click.UsageError, language: Language) -> str:
    """One sentence about a mistake in the arguments."""
    match error:
        case click.NoSuchOption():
            near = _listed(error.possibilities or (), language)
            text = _NO_OPTION_BUT if near else _NO_OPTION
            return text.fill(language, {"name": error.option_name, "near": near})
        case click.MissingParameter():
            return _MISSING.fill(language, {"name": _name(error.param)})
        case click.BadParameter():
            if error.param is not None and isinstance(error.param.type, click.Choice):
                choices = _listed(error.param.type.choices, language)
                return _BAD_CHOICE.fill(language, {"name": _name(error.param), "choices": choices})
            return _BAD_VALUE.fill(language, {"name": _name(error.param), "reason": error.message})
        case click.BadOptionUsage() if _WITHOUT_VALUE.search(error.message):
            return _NO_SUCH_VALUE.fill(language, {"name": error.option_name})
        case click.BadOptionUsage():
            return _NO_VALUE.fill(language, {"name": error.option_name})
        case click.UsageError(ctx=click.Context(command=click.Group() as group) as context):
            known = _listed(group.list_commands(context), language)
            if _WITHOUT_COMMAND.match(error.message):
                return _NONE_GIVEN.fill(language, {"known": known})
            name = error.message.partition("'")[2].rpartition("'")[0]
            return _NO_COMMAND.fill(language, {"name": name or "?", "known": known})
        case _:
            if found := _EXTRA.match(error.message):
                return _TOO_MANY.fill(language, {"names": _listed(found.group(1).split(), language)})
            return _OTHER.fill(language, {"reason": error.message})


def _listed(names: Iterable[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(f"`{one}`" for one in names)


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "?"
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.human_readable_name
