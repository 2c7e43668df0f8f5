"""Being asked to end, by Ctrl-C or `kill`: what is half written goes, and the exit status tells."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Final

from communityrules.cli.writing import discard_unfinished

#: The exit status of a run that Ctrl-C stopped.
INTERRUPTED: Final = 128 + signal.SIGINT
#: Some of them do not exist everywhere.
_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class Stops:
    """The first signal stops the run in good order, as KeyboardInterrupt; a second one ends the process at once."""

    def __init__(self) -> None:
        self._first: int | None = None

    def listen(self) -> None:
        """From now on. What the caller wants ignored (`nohup`, a job in the background) stays ignored."""
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._stop)

    def status(self, status: int) -> int:
        """The exit status: of a run that was stopped, the one that names the signal."""
        return 128 + self._first if status == INTERRUPTED and self._first is not None else status

    def _stop(self, number: int, _: FrameType | None) -> None:
        if self._first is not None:
            discard_unfinished()
            os._exit(128 + number)
        self._first = number
        raise KeyboardInterrupt
