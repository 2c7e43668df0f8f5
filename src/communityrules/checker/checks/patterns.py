"""Patterns that the linear engine cannot run."""

from __future__ import annotations

from typing import Final

from communityrules.checker.book import Book
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.diagnostics.source import Span
from communityrules.language import tree
from communityrules.library.patterns import PatternRefused, check_pattern

REFUSED: Final = Message(
    code="CR603",
    severity="error",
    title=Bilingual("Pattern that cannot be run", "无法运行的格式"),
    text=Bilingual("The pattern `{pattern}` cannot be run: {reason}.", "格式 `{pattern}` 无法运行:{reason}。"),
    hint=Bilingual(
        "Patterns run in time that grows with the text only, so some constructs are missing; say it in another way.",
        "格式的运行时间只随文本长度增长,因此不支持某些写法;请换种写法。",
    ),
)


def check_patterns(book: Book) -> None:
    """Every declared pattern and every one written in place."""
    declared = [node.regex for node in book.scope.declared.get("pattern", {}).values()]
    for regex in (*declared, *book.resolver.patterns):
        try:
            check_pattern(regex.pattern)
        except PatternRefused as refused:
            fix = Fix(regex.span, f"/{refused.rewrite}/") if refused.rewrite is not None else None
            book.report.add(
                REFUSED, _place(regex, refused), fix=fix, pattern=_short(regex.pattern), reason=refused.text
            )


def _place(regex: tree.Regex, refused: PatternRefused) -> Span:
    """The part of the pattern that is at fault; the first slash stands before it.

    Flags after the last slash, `/vx/i`, stand in front in the pattern.
    """
    slash = regex.span.text.find("/")
    written = regex.span.text[slash + 1 :].rpartition("/")[0]
    begin = regex.span.start + slash + 1 - max(len(regex.pattern) - len(written), 0)
    start = min(begin + refused.start, regex.span.end - 1)
    return Span(regex.span.source, start, min(max(begin + refused.end, start + 1), regex.span.end))


def _short(pattern: str) -> str:
    return pattern if len(pattern) <= 80 else pattern[:79] + "…"
