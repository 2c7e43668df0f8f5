"""Opening rulebooks named on the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from communityrules.checker.files import MOST_BYTES, folder_reader, read_file
from communityrules.cli.messages import NO_FILE, NOT_A_FILE, NOT_TEXT, TOO_LARGE, UNREADABLE, cannot
from communityrules.cli.reasons import reason
from communityrules.cli.screen import binary, naming
from communityrules.diagnostics.message import Message
from communityrules.diagnostics.source import Source

if TYPE_CHECKING:
    from communityrules.checker.check import CheckResult
    from communityrules.loading import Rulebook

STDIN = "-"
STDIN_NAME = "<stdin>"


def open_source(book: str) -> Source:
    """The text of a file, or of standard input for `-`. CannotRun when there is none."""
    if book == STDIN:
        return _from_stdin()
    try:
        # Links in a circle, or a path that leads through a file, are told as what they are.
        os.stat(book)
        return read_file(Path(book), book)
    except FileNotFoundError:
        raise cannot(NO_FILE, file=book) from None
    except IsADirectoryError:
        raise cannot(NOT_A_FILE, file=book) from None
    except OSError as error:
        raise cannot(UNREADABLE, file=book, reason=reason(error)) from None
    except UnicodeDecodeError:
        raise cannot(NOT_TEXT, file=book) from None
    except ValueError as error:
        # Too large, NUL bytes within, or a path that no file system takes.
        raise cannot(_of_value(book), file=book) from error


def _of_value(book: str) -> Message:
    try:
        large = Path(book).stat().st_size > MOST_BYTES
    except (OSError, ValueError):
        return NO_FILE
    return TOO_LARGE if large else NOT_TEXT


def _from_stdin() -> Source:
    with naming("stdin"):
        data = binary(sys.stdin).read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise cannot(TOO_LARGE, file=STDIN_NAME)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise cannot(NOT_TEXT, file=STDIN_NAME) from None
    if "\0" in text:
        raise cannot(NOT_TEXT, file=STDIN_NAME)
    return Source(STDIN_NAME, text.replace("\r\n", "\n").replace("\r", "\n"))


def folder(book: str) -> Path:
    """Where the files that a book names are looked for."""
    return Path() if book == STDIN else Path(book).parent


def check_book(book: str) -> CheckResult:
    """What checking a file finds. CannotRun when it cannot be read."""
    from communityrules.checker.check import check
    from communityrules.library.registry import standard_library

    return check(open_source(book), library=standard_library(), read=folder_reader(folder(book)))


def open_book(book: str) -> Rulebook:
    """A rulebook that can judge. CannotRun when it cannot be read, RulesError when it has errors."""
    from communityrules.loading import build

    return build(open_source(book), folder_reader(folder(book)))
