"""What is wrong with how a command was called, in both languages."""

from __future__ import annotations

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
_OTHER: Final = Bilingual("{reason}", "{reason}")


def problem(error: click.UsageError, language: Language) -> str:
    """One sentence about a mistake in the arguments."""
    match error:
        case click.NoSuchOption():
            near = ", ".join(f"`{one}`" for one in error.possibilities or ())
            text = _NO_OPTION_BUT if near else _NO_OPTION
            return text.fill(language, {"name": error.option_name, "near": near})
        case click.MissingParameter():
            return _MISSING.fill(language, {"name": _name(error.param)})
        case click.BadParameter():
            if error.param is not None and isinstance(error.param.type, click.Choice):
                choices = ", ".join(f"`{one}`" for one in error.param.type.choices)
                return _BAD_CHOICE.fill(language, {"name": _name(error.param), "choices": choices})
            return _BAD_VALUE.fill(language, {"name": _name(error.param), "reason": error.message})
        case click.BadOptionUsage():
            return _NO_VALUE.fill(language, {"name": error.option_name})
        case click.UsageError() if isinstance(error.ctx and error.ctx.command, click.Group):
            from communityrules.cli.table import COMMANDS

            known = ", ".join(f"`{one}`" for one in COMMANDS)
            name = error.message.partition("'")[2].rpartition("'")[0]
            return _NO_COMMAND.fill(language, {"name": name or "?", "known": known})
        case _:
            return _OTHER.fill(language, {"reason": error.message})


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "?"
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.human_readable_name
