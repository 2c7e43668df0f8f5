"""Which language the reader speaks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from communityrules.diagnostics.message import Language


def from_environment(environment: Mapping[str, str] = os.environ) -> Language:
    """Chinese when the locale of messages is Chinese, else English. `LANGUAGE` counts first, as gettext has it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environment.get(name)
        if locale:
            # The plain locale means: no language of one's own, whatever else is wished.
            wishes = [] if locale.split(".")[0] in ("C", "POSIX") else environment.get("LANGUAGE", "").split(":")
            first = next((wish for wish in wishes if wish), locale)
            return "zh" if first.lower().startswith("zh") else "en"
    return "en"


def from_arguments(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Language:
    """What `--lang` says, wherever it stands; else the locale. Needed before the arguments can be read properly."""
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        value = arguments[index + 1] if argument == "--lang" and index + 1 < len(arguments) else None
        if argument.startswith("--lang="):
            value = argument.removeprefix("--lang=")
        if value == "en":
            return "en"
        if value == "zh":
            return "zh"
    return from_environment(environment)
