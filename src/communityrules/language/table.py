"""The parse table of the grammar as plain data, kept in `grammars/table.json`.

Lark takes a third of a second to compute it. The file says what it was made from: when the grammar or the keyword
table beside it has changed since, it does not count, and the table is computed anew (`language.computing`).
"""

from __future__ import annotations

import hashlib
import json  # not orjson: it is loaded for messages anyway, and takes a tenth of a millisecond more
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from communityrules.frozen import dataclass
from communityrules.language.keywords import grammar_text

#: The file in `grammars/`, what it is made from, and the number of its layout.
FILE: Final = "table.json"
SOURCES: Final = ("communityrules.lark", "keywords.toml")
_LAYOUT: Final = "2"

#: What a reduction makes of its children when the rule above takes them for its own.
HANDED_UP: Final = "*"


class Terminal(NamedTuple):
    """A terminal; those that are tried first stand first in a table."""

    name: str
    #: The letters that it may begin with; `letter` or `word` for those that open a name or an id.
    first: str
    #: The words that it must begin with one of; none for what is no keyword.
    words: tuple[str, ...]
    #: A regular expression; empty where there are spellings.
    pattern: str
    #: The spellings of a keyword in the order in which they are tried, each with the number of what may not follow
    #: (`lexer.GUARDS`).
    spellings: tuple[tuple[str, int], ...]
    #: `line` for what counts only as the first word of a line, `comma` for what may have a comma before it.
    before: str


class Reduction(NamedTuple):
    """A rule of the grammar that joins values to one."""

    origin: str
    #: The method of the builder that joins them, with `?` before it when one value alone stays as it is; `*` when the
    #: rule above takes them for its own.
    make: str
    #: A letter for each value: `.` it counts, `*` those that it was handed up count, `-` it is left out.
    parts: str


@dataclass(frozen=True, slots=True)
class Table:
    """States are numbers, symbols are the names of terminals (in capitals) and of rules."""

    terminals: tuple[Terminal, ...]
    reductions: tuple[Reduction, ...]
    #: By state: the next state by what comes; and the index of the reduction by what comes.
    shifts: tuple[Mapping[str, int], ...]
    reduced: tuple[Mapping[str, int], ...]
    #: The first and the last state of each start symbol.
    starts: Mapping[str, int]
    finals: Mapping[str, int]


def read_table() -> Table | None:
    """The table in the file; None when there is none that fits the grammar beside it."""
    try:
        kept = json.loads(grammar_text(FILE))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return _decoded(kept) if isinstance(kept, dict) and kept.get("made_from") == _digest() else None


def _digest() -> str:
    found = hashlib.sha256(_LAYOUT.encode())
    for name in SOURCES:
        found.update(grammar_text(name).encode())
    return found.hexdigest()


def _decoded(kept: dict[str, Any]) -> Table:
    before: list[list[str]] = kept["before"]
    return Table(
        tuple(map(_terminal, kept["terminals"])),
        tuple(Reduction(*one) for one in kept["reductions"]),
        tuple(shifts for shifts, _ in kept["states"]),
        tuple({one: index for index, named in reduced for one in before[named]} for _, reduced in kept["states"]),
        kept["starts"],
        kept["finals"],
    )


def _terminal(kept: list[Any]) -> Terminal:
    name, first, words, pattern, spellings, before = kept
    return Terminal(name, first, tuple(words), pattern, tuple((one, guard) for one, guard in spellings), before)


def encoded(table: Table, maker: str) -> str:
    """The text of the file: a line for each terminal, each reduction and each state. `maker` is what computed it."""
    before: dict[tuple[str, ...], int] = {}
    states: list[Any] = []
    for shifts, reduced in zip(table.shifts, table.reduced, strict=True):
        names: dict[int, list[str]] = {}
        for name, index in sorted(reduced.items()):
            names.setdefault(index, []).append(name)
        found = [[index, before.setdefault(tuple(ones), len(before))] for index, ones in sorted(names.items())]
        states.append([dict(sorted(shifts.items())), found])
    parts = {
        "made_by": _dumped(maker),
        "made_from": _dumped(_digest()),
        "starts": _dumped(table.starts),
        "finals": _dumped(table.finals),
        "terminals": _lines(table.terminals),
        "reductions": _lines(table.reductions),
        "before": _lines(list(before)),
        "states": _lines(states),
    }
    return "{\n" + ",\n".join(f"{_dumped(name)}: {text}" for name, text in parts.items()) + "\n}\n"


def _lines(ones: Any) -> str:
    return "[\n" + ",\n".join(map(_dumped, ones)) + "\n]"


def _dumped(one: Any) -> str:
    return json.dumps(one, ensure_ascii=False, separators=(",", ":"))
