"""Declarations that nothing uses."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from communityrules.checker.book import Book
from communityrules.checker.report import Reporter
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

_WORD: Final = re.compile(r"\w+")
#: Kinds of declarations that something should use.
CAN_BE_UNUSED: Final = (
    "group", "place", "list", "pattern", "parameter", "definition", "metric", "state", "calendar", "penalty",
    "template",
)  # fmt: skip


def check_unused(book: Book) -> None:
    """Declarations of the main file that nothing uses; a file of shared words, without rules, may have any."""
    if not book.complete or not any(book.of_type(tree.Rule, tree.Table)):
        return
    # What stands in a part that is at fault may not have been looked up; it is mentioned all the same.
    mentioned = Counter(_WORD.findall(book.main.text)) if book.report.errors else Counter()
    for kind in CAN_BE_UNUSED:
        for name, node in book.scope.declared.get(kind, {}).items():
            used = (kind, name) in book.scope.used or mentioned[name] > 1
            if not used and node.span.source is book.main:
                put_unused(book.report, kind, node.name)


def put_unused(report: Reporter, kind: str, name: tree.Name) -> None:
    report.add(UNUSED, name.span, kind=KINDS[kind], name=name.text)
