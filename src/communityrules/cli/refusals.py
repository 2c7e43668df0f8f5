"""Lines of events that were refused, told one by one: for people up to a bound, for programs every one."""

from __future__ import annotations

import json
from typing import Final

from communityrules.cli.screen import Screen
from communityrules.diagnostics.message import Bilingual, Diagnostic
from communityrules.diagnostics.text import Part, StyledLine
from communityrules.diagnostics.width import visible

_REFUSED: Final = Bilingual("{file}:{line}: refused", "{file}:{line}:拒收")
_MORE: Final = Bilingual(
    "… and {number} more lines were refused; `--format json` tells of each.",
    "……另有 {number} 行被拒收;`--format json` 会逐行说明。",
)
_ONE_MORE: Final = Bilingual(
    "… and 1 more line was refused; `--format json` tells of each.",
    "……另有 1 行被拒收;`--format json` 会逐行说明。",
)
#: Refused lines that people are told of one by one.
MOST: Final = 20


class Refusals:
    """The refused lines of one file."""

    def __init__(self, out: Screen, file: str, as_json: bool) -> None:
        self._out = out
        self._file = file
        self._json = as_json
        self._number = 0

    def tell(self, line: int, field: str | None, diagnostic: Diagnostic) -> None:
        """One more. `line` counts from 1; `field` is None where the event as a whole is meant."""
        self._number += 1
        if self._json:
            self._for_programs(line, field, diagnostic)
        elif self._number <= MOST:
            self._for_people(line, diagnostic)

    def close(self) -> None:
        """How many were not told one by one."""
        if not self._json and self._number > MOST:
            more = self._number - MOST
            self._out.note((_MORE if more > 1 else _ONE_MORE).fill(self._out.language, {"number": str(more)}))

    def _for_programs(self, line: int, field: str | None, diagnostic: Diagnostic) -> None:
        language = self._out.language
        told = {
            "file": self._file,
            "line": line,
            "code": diagnostic.code,
            "field": field,
            "reason": diagnostic.text(language),
            "hint": diagnostic.hint(language),
        }
        self._out.raw_note(json.dumps({"refused": told}, ensure_ascii=False, separators=(",", ":")))

    def _for_people(self, line: int, diagnostic: Diagnostic) -> None:
        language = self._out.language
        where = _REFUSED.fill(language, {"file": visible(self._file), "line": str(line)})
        colon = ":" if language == "zh" else ": "
        lines: list[StyledLine] = [
            [Part(f"{where} [{diagnostic.code}]{colon}", "error"), Part(visible(diagnostic.text(language)))],
            [Part(f"  = {visible(diagnostic.hint(language))}", "hint")],
        ]
        self._out.err(lines)
