"""One measurement in a process of its own: what was loaded before it changes neither its times nor its memory."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any


class TooLongError(Exception):
    """The process was ended: it took longer than it was given."""


def apart(function: Callable[..., Any], *given: Any, limit: int | None = None) -> Any:
    """What the function gives, as JSON brings it over. `limit`: seconds of processor time; more is a TooLongError."""
    sys.stdout.flush()
    # What is there already is not for the collector to look through.
    gc.collect()
    gc.freeze()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            os.close(read)
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
            with os.fdopen(write, "w", encoding="utf-8") as out:
                out.write(json.dumps(function(*given)))
            sys.stdout.flush()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as answer:
        said = answer.read()
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGXCPU:
        raise TooLongError(f"longer than {limit} s")
    if not said:
        sys.exit(f"{function.__name__}{given}: the measurement failed")
    return json.loads(said)
