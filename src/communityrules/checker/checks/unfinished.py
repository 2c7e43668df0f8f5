"""What writers have left to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from communityrules.checker.book import Book
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

LEFT_TO_DO: Final = Message(
    code="CR419",
    severity="warning",
    title=Bilingual("Something is left to do", "还有待办"),
    text=Bilingual("Rule `{rule}` is not finished: {todo}", "规则 `{rule}` 尚未写完:{todo}"),
    hint=Bilingual(
        "Write what is missing and remove the `todo`. Until then the rule does what the rest of it says, "
        "and nothing when the rest does not say what follows.",
        "请补写缺少的内容并删去 `待办`。在此之前,规则按其余内容执行;其余内容没有写明后果时,规则不起作用。",
    ),
)
#: Characters of a `todo` that the message repeats.
_MOST: Final = 200


def check_unfinished(book: Book) -> None:
    """Every `todo`, of rules, rows, heads of tables and amendments."""
    for one in book.declarations:
        for rule, todo in _todos(one):
            text = todo.text.value
            said = text if len(text) <= _MOST else text[:_MOST] + "…"
            book.report.add(LEFT_TO_DO, todo.span, rule=rule, todo=said)


def _todos(one: tree.Declaration) -> Iterator[tuple[str, tree.Todo]]:
    match one:
        case tree.Rule():
            yield from ((one.id.text, clause) for clause in one.clauses if isinstance(clause, tree.Todo))
        case tree.Amend():
            yield from ((one.rule.text, clause) for clause in one.clauses if isinstance(clause, tree.Todo))
        case tree.Table():
            yield from ((one.name.text, clause) for clause in one.clauses if isinstance(clause, tree.Todo))
            for row in one.rows:
                yield from ((row.id.text, cell) for cell in row.cells if isinstance(cell, tree.Todo))
