"""Declarations that nothing uses."""

from __future__ import annotations

from typing import Final

from communityrules.checker.book import Book
from communityrules.checker.words import KINDS
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

UNUSED: Final = Message(
    code="CR229",
    severity="warning",
    title=Bilingual("Name that nothing uses", "没有用到的名称"),
    text=Bilingual("Nothing uses the {kind} `{name}`.", "没有任何地方用到{kind} `{name}`。"),
    hint=Bilingual("Use it or remove it.", "请使用或删去它。"),
)

_CHECKED: Final = (
    "group", "place", "list", "pattern", "parameter", "definition", "metric", "state", "calendar", "penalty",
    "template",
)  # fmt: skip


def check_unused(book: Book) -> None:
    """Declarations of the main file that nothing uses; a file of shared words, without rules, may have any."""
    if not book.complete or not any(book.of_type(tree.Rule, tree.Table)):
        return
    for kind in _CHECKED:
        for name, node in book.scope.declared.get(kind, {}).items():
            if (kind, name) not in book.scope.used and node.span.source is book.main:
                book.report.add(UNUSED, node.name.span, kind=KINDS[kind], name=name)
