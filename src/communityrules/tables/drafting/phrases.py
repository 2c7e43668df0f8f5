"""The phrases of `phrases/`: each file is one subject, each entry a list of patterns per language.

A pattern is a regular expression over text made even (`text.even`), with slots in angle brackets: `<N>` a number, `<T>`
a length of time, `<TIME>` a time of day, `<PERIOD>` what comes round, `<people>` and its like another entry of the same
file or of `common.toml`; `<count:N>` gives a slot a name. In English patterns a blank stands for any white space.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from communityrules.tables.drafting import numbers

_SLOTS: Final = {
    "N": numbers.NUMBER,
    "T": numbers.LENGTH,
    "TIME": numbers.TIME_OF_DAY,
    "PERIOD": r"(?:小时|钟头|天|日|周|星期|礼拜|月|季度|年|hour|day|week|month|year)(?![a-z])",
}
_SLOT: Final = re.compile(r"(?<!\?P)<(?:(\w+):)?(\w+)>")


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("phrases", f"{name}.toml").read_text(encoding="utf-8"))


@cache
def entry(subject: str, name: str) -> str:
    """One entry of a subject as one pattern: any of its lines, in either language, the longest first."""
    table = _file(subject).get(name)
    if table is None and subject != "common":
        return entry("common", name)
    if table is None:
        raise KeyError(f"{subject}: {name}")
    lines = [*table.get("zh", ()), *(_english(one) for one in table.get("en", ()))]
    return "(?:" + "|".join(_filled(subject, one) for one in lines) + ")"


def _english(line: str) -> str:
    """An English pattern begins and ends with whole words, and its blanks are white space."""
    line = re.sub(r" (\?)?", lambda blank: r"\s*" if blank[1] else r"\s+", line)
    starts = r"(?<![a-z])" if re.match(r"[a-z(]", line) else ""
    ends = r"(?![a-z])" if re.search(r"[a-z)?]$", line) else ""
    return f"{starts}(?:{line}){ends}"


def _filled(subject: str, line: str) -> str:
    def fill(found: re.Match[str]) -> str:
        called, slot = found.groups()
        inner = _SLOTS.get(slot) or entry(subject, slot)
        return f"(?P<{called}>{inner})" if called else f"(?:{inner})"

    return _SLOT.sub(fill, line)


@cache
def pattern(subject: str, name: str) -> re.Pattern[str]:
    """One entry of a subject, all its lines as one pattern. Its lines must not name their slots."""
    return re.compile(entry(subject, name))


@cache
def patterns(subject: str, name: str) -> tuple[re.Pattern[str], ...]:
    """One entry of a subject, each line a pattern of its own, so that each may name its slots."""
    table = _file(subject)[name]
    lines = [*table.get("zh", ()), *(_english(one) for one in table.get("en", ()))]
    return tuple(re.compile(_filled(subject, one)) for one in lines)


def words_of(subject: str, name: str) -> tuple[str, ...]:
    """The lines of an entry that holds plain words."""
    table = _file(subject)[name]
    return (*table["zh"], *table["en"])


@cache
def names(subject: str) -> tuple[str, ...]:
    """The entries of a subject, in the order of its file."""
    return tuple(_file(subject))
