"""Lists, places and calendars that hold nothing."""

from __future__ import annotations

from typing import Final

from communityrules.checker.book import Book
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language.messages import EMPTY_LIST
from communityrules.library.fold import fold_text

EMPTY_PLACE: Final = Message(
    code="CR602",
    severity="error",
    title=Bilingual("Empty place", "空场所"),
    text=Bilingual("The place `{name}` names no channel.", "场所 `{name}` 没有列出频道。"),
    hint=Bilingual(
        'Name its channels, such as `place lobby = "general"`.', '请列出频道,例如 `场所 大厅 = "general"`。'
    ),
)

EMPTY_CALENDAR: Final = Message(
    code="CR312",
    severity="error",
    title=Bilingual("Calendar without working time", "日历没有办公时间"),
    text=Bilingual(
        "By the calendar `{name}` no time is ever worked, so no deadline would ever come.",
        "日历 `{name}` 没有任何办公时间,期限永远不会到来。",
    ),
    hint=Bilingual("Add such as `Monday to Friday 09:00 to 18:00`.", "例如加上 `周一 至 周五 09:00 至 18:00`。"),
)


def check_emptiness(book: Book) -> None:
    """Every list, place and calendar."""
    declared = book.scope.declared
    for name, words in book.lists.items():
        node = declared["list"][name]
        if not any(word if words.exactly else fold_text(word) for word in words.items):
            book.report.add(EMPTY_LIST, node.file.span if node.file is not None else node.name.span, name=name)
    for name, node in declared.get("place", {}).items():
        if node.condition is None and not any(one.value.strip() for one in node.channels):
            book.report.add(EMPTY_PLACE, node.name.span, name=name)
    for name, calendar in book.calendars.items():
        if not any(calendar.week) and book.complete:
            book.report.add(EMPTY_CALENDAR, declared["calendar"][name].name.span, name=name)
