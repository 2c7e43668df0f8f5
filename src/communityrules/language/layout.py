"""Which comments and blank lines belong to which item of the tree."""

from __future__ import annotations

from typing import Any

from communityrules.frozen import replace
from communityrules.language.scan import Scan
from communityrules.language.tree import PLAIN, File, Layout

_AFTER_BLANK = Layout(blank=True)
#: Fields that hold items with a layout of their own.
_ITEM_FIELDS = ("entries", "lines", "texts", "clauses", "rows", "steps")


class Layouts:
    """The layouts of a source by the offset of the first word of a line; each is handed out once."""

    def __init__(self, scan: Scan) -> None:
        #: Those that nothing has taken yet.
        self.pending: dict[int, Layout] = {}
        self.trailing: tuple[str, ...] = ()
        self._collect(scan)

    def take(self, start: int) -> Layout:
        """The layout of the item that starts there; plain when it is not the first on its line."""
        return self.pending.pop(start, PLAIN)

    def _collect(self, scan: Scan) -> None:
        text = scan.source.text
        comments = scan.comments
        index = 0
        gap = 0
        for first in scan.firsts:
            line_end = text.find("\n", first)
            line_end = len(text) if line_end < 0 else line_end
            if index < len(comments) and comments[index].start < line_end:
                index = self._collect_comments(scan, index, gap, first, line_end)
            elif _blank_between(text, gap, first):
                self.pending[first] = _AFTER_BLANK
            gap = line_end
        trailing: list[str] = []
        for comment in comments[index:]:
            if _blank_between(text, gap, comment.start) and (trailing or scan.firsts):
                trailing.append("")
            trailing.append(comment.text)
            gap = _end_of_line(text, comment.start)
        self.trailing = tuple(trailing)

    def _collect_comments(self, scan: Scan, index: int, gap: int, first: int, line_end: int) -> int:
        """The layout of a line that has comments, from that number on; the number of the next one."""
        text, comments = scan.source.text, scan.comments
        line_start = text.rfind("\n", 0, first) + 1
        before: list[str] = []
        blank = False
        while index < len(comments) and comments[index].start < line_start:
            if _blank_between(text, gap, comments[index].start):
                if before:
                    before.append("")
                else:
                    blank = True
            before.append(comments[index].text)
            gap = _end_of_line(text, comments[index].start)
            index += 1
        if _blank_between(text, gap, first):
            if before:
                before.append("")
            else:
                blank = True
        after = None
        if index < len(comments) and comments[index].start < line_end:
            after = comments[index].text
            index += 1
        self.pending[first] = Layout(tuple(before), after, blank)
        return index

    def place_rest(self, file: File) -> File:
        """Comments on lines that begin no item (inside a condition of several lines) move before the next item."""
        rest = sorted((start, one) for start, one in self.pending.items() if one.before or one.after is not None)
        if not rest:
            return file
        pending = [(start, (*one.before, *(() if one.after is None else (one.after,)))) for start, one in rest]
        declarations = tuple(_place(one, pending) for one in file.declarations)
        left = tuple(text for _, texts in pending for text in texts)
        return replace(file, declarations=declarations, trailing=(*left, *file.trailing))


def _place(item: Any, pending: list[tuple[int, tuple[str, ...]]]) -> Any:
    """The item with the comments that stand before it, and the same for the items inside it, in source order."""
    taken: list[str] = []
    while pending and pending[0][0] < item.span.start:
        taken.extend(pending.pop(0)[1])
    changes: dict[str, Any] = {}
    if taken:
        changes["layout"] = replace(item.layout, before=(*taken, *item.layout.before))
    for name in _ITEM_FIELDS:
        if hasattr(item, name) and pending and pending[0][0] < item.span.end:
            inner = tuple(_place(one, pending) if hasattr(one, "layout") else one for one in getattr(item, name))
            changes[name] = inner
    return replace(item, **changes) if changes else item


def _blank_between(text: str, start: int, end: int) -> bool:
    """Whether an empty line stands between two places; comments do not count as empty."""
    if start == 0:
        return any(not line.strip("\ufeff \t\r\u3000") for line in text[:end].split("\n")[:-1])
    return text.count("\n", start, end) >= 2


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
