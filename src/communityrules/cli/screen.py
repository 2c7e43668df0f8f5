"""What commands write to: results to standard output, everything else to standard error, colours at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, Literal

from communityrules.diagnostics.message import Diagnostic, Language
from communityrules.diagnostics.text import Part, StyledLine, plain, styled

if TYPE_CHECKING:
    from rich.console import Console

_STYLES: Final = {
    "error": "bold red",
    "warning": "bold yellow",
    "good": "green",
    "strong": "bold",
    "place": "blue",
    "mark": "bold red",
    "hint": "cyan",
    "faint": "dim",
    "plain": "",
}
#: Columns of output that goes to a file or another program.
_WIDTH: Final = 100
_STREAMS: Final[Mapping[str, Literal["r", "w"]]] = {"stdin": "r", "stdout": "w", "stderr": "w"}


class Screen:
    """One run's way to its reader."""

    def __init__(self, language: Language) -> None:
        self.language = language
        for stream in (sys.stdout, sys.stderr):
            # A terminal that cannot show Chinese is to show something, not to end the program.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        self._consoles: dict[int, Console] = {}

    @property
    def width(self) -> int:
        """Columns that a line of standard output may take."""
        if not at_terminal(sys.stdout):
            return _WIDTH
        return min(max(get_terminal_size((_WIDTH, 24)).columns, 40), 160)

    def out(self, lines: Sequence[StyledLine]) -> None:
        """Lines to standard output."""
        self._write(sys.stdout, lines)

    def err(self, lines: Sequence[StyledLine]) -> None:
        """Lines to standard error."""
        self._write(sys.stderr, lines)

    def say(self, text: str) -> None:
        """One plain line to standard output."""
        self.out([[Part(text)]])

    def note(self, text: str) -> None:
        """One plain line to standard error."""
        self.err([[Part(text)]])

    def raw_note(self, text: str) -> None:
        """One line for programs to standard error, in UTF-8 whatever the locale says."""
        if at_terminal(sys.stderr):
            # A bar may stand there, which only the console knows to move.
            self.note(text)
            return
        with _aside(sys.stderr):
            sys.stderr.flush()
            binary(sys.stderr).write(text.encode("utf-8", "backslashreplace") + b"\n")
            binary(sys.stderr).flush()

    def diagnostics(self, found: Iterable[Diagnostic]) -> None:
        """Diagnostics to standard error."""
        self.err([line for one in found for line in styled(one, self.language)])

    def raw(self, text: str) -> None:
        """Text for programs to standard output, in UTF-8 whatever the locale says."""
        self.bytes(text.encode("utf-8", "backslashreplace"))

    def bytes(self, data: bytes) -> None:
        """Bytes to standard output."""
        with naming("stdout"):
            sys.stdout.flush()
            binary(sys.stdout).write(data)

    def _write(self, stream: IO[str], lines: Sequence[StyledLine]) -> None:
        if not lines:
            return
        if not at_terminal(stream):
            with naming("stdout") if stream is sys.stdout else _aside(stream):
                stream.write(plain(lines))
            return
        from rich.text import Text

        console = self.console(stream)
        for line in lines:
            console.print(
                Text.assemble(*((part.text, _STYLES[part.style]) for part in line)), soft_wrap=True, highlight=False
            )

    def console(self, stream: IO[str]) -> Console:
        """The terminal behind a stream."""
        known = self._consoles.get(id(stream))
        if known is None:
            from rich.console import Console

            known = self._consoles[id(stream)] = Console(file=stream)
        return known


class NobodyReads(Exception):  # noqa: N818  # it is no error: whoever was reading has seen enough (`… | head`)
    """What is written goes to nobody any more."""


@contextmanager
def naming(file: str) -> Iterator[None]:
    """An OSError within says which file it is about: of one that is open already, the system does not.

    A reader who has gone is NobodyReads instead; of BrokenPipeError, click would make an exit status of its own.
    """
    try:
        yield
    except BrokenPipeError as error:
        raise NobodyReads(file) from error
    except OSError as error:
        error.filename = error.filename or file
        raise


@contextmanager
def _aside(stream: IO[str]) -> Iterator[None]:
    """What is said besides the results must not stop them: when nobody reads it any more, it is said to nobody."""
    try:
        with naming("stderr"):
            yield
    except NobodyReads:
        let_go(stream)


def let_go(stream: IO[str]) -> None:
    """Write what is left. What nobody takes is forgotten, or the interpreter would complain of it at its end."""
    try:
        stream.flush()
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def missing_streams() -> None:
    """Standard streams that the caller has closed (`>&-`) are there again, and reading or writing one is an error.

    Python leaves them out, and the next file to be opened would take their place.
    """
    for number, (name, mode) in enumerate(_STREAMS.items()):
        if getattr(sys, name) is None:
            # Open the wrong way round: what is sent to nobody must not be lost without a word.
            handle = os.open(os.devnull, os.O_RDONLY if mode == "w" else os.O_WRONLY)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def binary(stream: Any) -> BinaryIO:
    """The bytes beneath a standard stream."""
    found: BinaryIO = stream.buffer
    return found


def at_terminal(stream: IO[str]) -> bool:
    """Whether a person watches this stream, and colours and bars make sense."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"
