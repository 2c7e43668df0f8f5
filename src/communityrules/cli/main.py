"""The `communityrules` command: finds the command, guards against everything, gives the exit status.

0 fine, 1 findings, 2 could not run. No error of any kind reaches the reader as a traceback.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

import click

from communityrules import __version__
from communityrules.cli.language import from_arguments
from communityrules.cli.messages import BAD_USAGE, NO_FILE, NOT_A_FILE, STOPPED, UNEXPECTED, UNREADABLE, CannotRun
from communityrules.cli.options import Command, Context, Group, help_option, lang_option, word
from communityrules.cli.reasons import reason
from communityrules.cli.screen import NobodyReads, Screen, let_go, missing_streams, naming
from communityrules.cli.stopping import INTERRUPTED, Stops
from communityrules.cli.table import COMMANDS
from communityrules.cli.usage import problem
from communityrules.cli.writing import discard_unfinished
from communityrules.diagnostics.message import Bilingual, Diagnostic, Language, RulesError

NAME = "communityrules"
#: Objects that are made, less those that are let go, between two looks for garbage.
_OBJECTS: Final = 50_000
_ABOUT = Bilingual(
    "A community's rule table, made executable. Begin with `communityrules check BOOK`.",
    "让社群的规则表可以执行。可以从 `communityrules check 规则文件` 开始。",
)
_VERSION = Bilingual("Show the version.", "显示版本。")


class Commands(click.Group):
    """All commands; each is loaded when it is called."""

    def __init__(self, language: Language) -> None:
        self.language = language
        super().__init__(NAME, help=word(_ABOUT, language), add_help_option=False, no_args_is_help=True)
        self.params = [lang_option(language), _version_option(language), help_option(language)]
        if language == "zh":
            self.context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # the signature is click's
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        made = import_module(f"communityrules.cli.{entry.module}").command(self.language)
        assert isinstance(made, Command | Group), "every command speaks a language"
        return made

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # the signature is click's
        with formatter.section("Commands"):
            formatter.write_dl([(name, word(entry.summary, self.language)) for name, entry in COMMANDS.items()])


def _version_option(language: Language) -> click.Option:
    def show(context: click.Context, _: click.Parameter, asked: bool) -> None:
        if asked and not context.resilient_parsing:
            with naming("stdout"):
                click.echo(f"{NAME} {__version__}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=show, help=word(_VERSION, language)
    )


def main() -> NoReturn:
    """The entry point."""
    # Almost nothing here makes cycles, and what is kept grows with the events: at Python's own threshold, looking for
    # garbage in it takes a tenth of the time of a long run and finds next to none. Peak memory stays the same.
    gc.set_threshold(_OBJECTS)
    missing_streams()
    stops = Stops()
    try:
        stops.listen()
        status = run(sys.argv[1:])
        let_go(sys.stdout)
        let_go(sys.stderr)
    except KeyboardInterrupt:
        status = INTERRUPTED
    # Leave at once: tearing down what a large rulebook holds takes longer than many a command.
    discard_unfinished()
    os._exit(stops.status(status))


def run(arguments: Sequence[str]) -> int:
    """One command, from its arguments to its exit status."""
    language = from_arguments(arguments)
    screen = Screen(language)
    try:
        return _guarded(arguments, screen)
    except (NobodyReads, BrokenPipeError):
        # That is no news to anybody.
        let_go(sys.stdout)
        return 0
    except OSError:
        # Not even the error could be told.
        return 2


def _guarded(arguments: Sequence[str], screen: Screen) -> int:
    try:
        found = Commands(screen.language).main(list(arguments), prog_name=NAME, standalone_mode=False, obj=screen)
        with naming("stdout"):
            sys.stdout.flush()
    except CannotRun as error:
        screen.diagnostics(error.diagnostics)
        return 2
    except RulesError as error:
        from communityrules.diagnostics.text import summary

        screen.diagnostics(error.diagnostics)
        screen.note(summary(error.diagnostics, screen.language))
        # What checks a rulebook tells its findings itself; this one was to be run, and cannot be.
        return 2
    except click.exceptions.NoArgsIsHelpError as error:
        screen.note(error.format_message())
        return 2
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else NAME
        said = {"problem": problem(error, screen.language), "command": command}
        screen.diagnostics([Diagnostic(BAD_USAGE, None, said)])
        return 2
    except click.exceptions.Exit as error:
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        screen.diagnostics([Diagnostic(STOPPED, None)])
        return INTERRUPTED
    except (NobodyReads, BrokenPipeError):
        raise
    except OSError as error:
        screen.diagnostics([_of_file(error)])
        return 2
    except Exception as error:  # noqa: BLE001  # the last line of defence: whatever it is, a person must be able to read it
        coded = getattr(error, "diagnostic", None)
        if isinstance(coded, Diagnostic):
            screen.diagnostics([coded])
            return 2
        screen.diagnostics([_unexpected(error)])
        if os.environ.get("COMMUNITYRULES_DEBUG"):
            screen.note("".join(traceback.format_exception(error)))
        return 2
    return found if isinstance(found, int) else 0


def _of_file(error: OSError) -> Diagnostic:
    file = str(error.filename or "?")
    if isinstance(error, FileNotFoundError):
        return Diagnostic(NO_FILE, None, {"file": file})
    if isinstance(error, IsADirectoryError):
        return Diagnostic(NOT_A_FILE, None, {"file": file})
    return Diagnostic(UNREADABLE, None, {"file": file, "reason": reason(error)})


def _unexpected(error: BaseException) -> Diagnostic:
    place = "?"
    if frames := traceback.extract_tb(error.__traceback__):
        place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}"
    text = f"{type(error).__name__}: {error}"[:200]
    return Diagnostic(UNEXPECTED, None, {"error": f"`{text}`", "place": f"`{place}`"})


if __name__ == "__main__":
    main()
