"""Rules that ask for nothing, rows that are never reached, `otherwise` out of place."""

from __future__ import annotations

from typing import Final

from communityrules.checker.book import Book
from communityrules.checker.paths import where
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

ASKS_NOTHING: Final = Message(
    code="CR416",
    severity="error",
    title=Bilingual("Rule that asks for nothing", "规则没有要求任何事"),
    text=Bilingual("Rule `{rule}` has neither a `then` nor a `require`.", "规则 `{rule}` 既没有 `则` 也没有 `要求`。"),
    hint=Bilingual(
        "Say what follows, such as `then remind`, or what is owed, with `require`.",
        "请写明后果,例如 `则 提醒`;或用 `要求` 写明职责。",
    ),
)

OTHERWISE: Final = Message(
    code="CR410",
    severity="error",
    title=Bilingual("`otherwise` out of place", "“其余”用错了地方"),
    text=Bilingual(
        "`otherwise` has a meaning only in a table of which the `first match` answers.",
        "`其余` 只在 `首条命中` 的表中有意义。",
    ),
    hint=Bilingual(
        "Add `first match` to the head of the table, or write a condition.", "请在表头加上 `首条命中`,或写出条件。"
    ),
)

NEVER_REACHED: Final = Message(
    code="CR417",
    severity="error",
    title=Bilingual("Row that is never reached", "永远到不了的行"),
    text=Bilingual(
        "The row `{row}` above takes whatever comes to row `{rule}`.",
        "上面的行 `{row}` 已包括会到 `{rule}` 这一行的一切。",
    ),
    hint=Bilingual("Move the row above it, or remove it.", "请移到它的上面,或删去。"),
)


NOTHING_TO_ACT_ON: Final = Message(
    code="CR418",
    severity="error",
    title=Bilingual("Action with nothing to act on", "动作没有对象"),
    text=Bilingual(
        "`{action}` falls on {object}, and {where} there is none.", "`{action}` 作用于{object},而{where}没有。"
    ),
    hint=Bilingual(
        "Choose an action for what is there, or name a member with `against`.",
        "请改用适合的动作,或用 `针对` 指明成员。",
    ),
)

_OBJECTS: Final = {"message": Bilingual("a message or request", "消息或申请"), "member": Bilingual("a member", "成员")}


def check_objects(book: Book) -> None:
    """A period has no message; an alarm is about no member."""
    for judged in book.rules:
        types = [book.scope.event_type(name) for name in judged.rule.events]
        nobody = any(one is not None and one.subject == "community" for one in types)
        if not nobody and judged.rule.every is None:
            continue
        then = judged.text.get(tree.Then)
        for action in then.consequences if then is not None else ():
            if not isinstance(action, tree.Action):
                continue
            name = book.scope.library.resolve("actions", action.name.text)
            falls_on = book.scope.library.actions[name].falls_on if name is not None else ""
            against = any(one.slot == "against" for one in action.arguments)
            lost = (falls_on == "message" and judged.rule.every is not None and name != "allow") or (
                falls_on == "member" and nobody and not against
            )
            if lost:
                book.report.add(
                    NOTHING_TO_ACT_ON,
                    action.name.span,
                    action=action.name.text,
                    object=_OBJECTS[falls_on],
                    where=where(judged.context, book.scope),
                )


def check_consequences(book: Book) -> None:
    """Every rule and every table."""
    for text in book.texts:
        if text.asks_nothing and not text.todos and book.complete:
            book.report.add(ASKS_NOTHING, text.id.span, rule=text.id.text)
        clause = text.get(tree.If)
        if clause is not None and clause.condition is None and not (text.table is not None and text.table.first_match):
            book.report.add(OTHERWISE, clause.span)
    for table in book.of_type(tree.Table):
        if isinstance(table, tree.Table) and table.first_match:
            _reached(table, book)


def _reached(table: tree.Table, book: Book) -> None:
    """In a first-match table no row follows one that takes everything."""
    texts = {text.id.text: text for text in reversed(book.texts) if text.table is table}
    taker: str | None = None
    for row in table.rows:
        text = texts.get(row.id.text)
        if text is None:
            continue
        if taker is not None:
            book.report.add(NEVER_REACHED, row.id.span, row=taker, rule=row.id.text)
        clause = text.get(tree.If)
        narrowed = text.get(tree.AppliesTo) is not None or text.get(tree.InPlaces) is not None
        if clause is not None and clause.condition is None and not narrowed:
            taker = taker or row.id.text
