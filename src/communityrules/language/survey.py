"""What can be refused before the grammar sees a text: too large, not text, nested too deeply."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source, Span
from communityrules.language import messages
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.language.limits import MAX_DEPTH, MAX_FILE
from communityrules.language.scan import LINE_MARK, Scan


def refuse(source: Source) -> Diagnostic | None:
    """Why the whole source is refused, or None."""
    if len(source.text) > MAX_FILE:
        values = {"size": str(len(source.text)), "limit": str(MAX_FILE)}
        return Diagnostic(messages.TOO_LARGE, Span(source, 0, 1), values)
    binary = source.text.find("\x00")
    if binary >= 0:
        return Diagnostic(messages.NOT_TEXT, Span(source, binary, binary + 1))
    return None


@lru_cache(maxsize=1)
def _marks() -> re.Pattern[str]:
    """Parentheses, too many `not` in a row, and the first words of declarations."""
    words = _alternatives(keyword_table().entry("operators", "not"))
    return re.compile(
        rf"(?P<open>\()|(?P<close>\))|(?P<declaration>{LINE_MARK}(?:{_declarations()})(?!\w))"
        rf"|(?P<negations>(?:(?<!\w)(?:{words})(?!\w)[\s{LINE_MARK}(]*+){{{MAX_DEPTH + 1},}}+)"
    )


def survey(scan: Scan) -> list[Diagnostic]:
    """Report conditions nested too deeply and blank the declarations that hold them, before they cost time."""
    if _is_shallow(scan.text):
        return []
    problems: list[Diagnostic] = []
    blanks: list[tuple[int, int]] = []
    starts: list[int] | None = None
    depth = position = 0
    while match := _marks().search(scan.text, position):
        position = match.end()
        match match.lastgroup:
            case "open":
                depth += 1
            case "close":
                depth = max(0, depth - 1)
            case "declaration":
                depth = 0
            case _:
                depth = MAX_DEPTH + 1
        if depth > MAX_DEPTH:
            span = Span(scan.source, match.start(), match.start() + 1)
            problems.append(Diagnostic(messages.TOO_DEEP, span, {"limit": str(MAX_DEPTH)}))
            if starts is None:
                starts = [found.end() for found in _first_words().finditer(scan.text)]
            blanks.append(_around(starts, match.start(), len(scan.text)))
            position = blanks[-1][1]
            depth = 0
    if blanks:
        _blank(scan, blanks)
    return problems


def _is_shallow(text: str) -> bool:
    """Whether no declaration has so many parentheses, or the text so many words in a row, that it could be too deep."""
    opened = at = 0
    for found in _declared().finditer(text):
        opened = max(opened, text.count("(", at, found.start()))
        at = found.start()
    return max(opened, text.count("(", at)) <= MAX_DEPTH and _negated().search(text) is None


@lru_cache(maxsize=1)
def _declared() -> re.Pattern[str]:
    return re.compile(rf"{LINE_MARK}(?:{_declarations()})(?!\w)")


@lru_cache(maxsize=1)
def _negated() -> re.Pattern[str]:
    """Too many `not` in a row."""
    word = keyword_table().entry("operators", "not")
    # What it begins with is looked for quickly; what may not stand before it only then.
    first = "|".join(rf"{re.escape(one)}(?<!\w{re.escape(one)})" for one in (*word.en, *word.zh))
    words = _alternatives(word)
    return re.compile(rf"(?:{first})(?!\w)(?:[\s{LINE_MARK}(]*+(?<!\w)(?:{words})(?!\w)){{{MAX_DEPTH},}}+")


def _declarations() -> str:
    return _alternatives(*keyword_table().section("declarations"))


def _alternatives(*words: Keyword) -> str:
    return "|".join(re.escape(spelling) for one in words for spelling in (*one.en, *one.zh))


def _around(starts: list[int], place: int, length: int) -> tuple[int, int]:
    """From the first word of the declaration around a place to just before the first word of the next one."""
    index = bisect_right(starts, place)
    start = starts[index - 1] if index else 0
    return start, starts[index] - 1 if index < len(starts) else length


def _blank(scan: Scan, blanks: list[tuple[int, int]]) -> None:
    pieces: list[str] = []
    done = 0
    for start, end in blanks:
        pieces += (scan.text[done:start], " " * (end - start))
        done = end
    scan.text = "".join((*pieces, scan.text[done:]))
    scan.firsts[:] = [one for one in scan.firsts if scan.text[one] not in " \t"]


@lru_cache(maxsize=1)
def _first_words() -> re.Pattern[str]:
    return re.compile(rf"(?:{LINE_MARK}|^)(?=(?:{_declarations()})(?!\w))")
