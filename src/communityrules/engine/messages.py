"""Who wrote which message, remembered for a while: so that a report finds the author and a reply its thread.

Two generations of cells take turns, each as long as `HORIZON`; the one before last is dropped whole. A message is
remembered for at least one horizon and at most two.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from communityrules.engine.plain import from_plain, to_plain
from communityrules.engine.transaction import Transaction
from communityrules.engine.turn import Affected
from communityrules.model.event import Event, Message
from communityrules.model.values import DAY

#: How long a message is remembered at least, in microseconds.
HORIZON: Final = 30 * DAY
_GENERATION: Final = "generation"
#: Threads longer than this many answers to answers begin anew; a loop of answers ends here too.
_DEEP: Final = 64


class Remembered(NamedTuple):
    """A message that was seen."""

    #: The member who wrote it.
    author: str | None
    #: The id of the event that carried it.
    event: str
    #: The message that it answers.
    reply_to: str | None
    #: What it says, where rules read that: its parts by their names in `model.event.Message`.
    content: dict[str, Any] | None = None


def remember(tx: Transaction, event: Event, texts: bool) -> None:
    """Remember the message that an event carries of its own, with what it says if `texts`; an edit says it anew."""
    message = event.message
    if message is None:
        return
    content = None
    if texts:
        content = {
            "text": message.text, "topic": message.topic, "attachments": list(message.attachments),
            "labels": {name: to_plain(value) for name, value in message.labels.items()},
            "fields": {name: to_plain(value) for name, value in message.fields.items()},
        }  # fmt: skip
    own = own_message(event)
    if own is not None:
        author = event.member.id if event.member is not None else None
        what = Remembered(author, event.id, message.reply_to or event.target.message, content)
        _write(tx, event.time, own, what)
    elif texts and event.type == "edit":
        edited = event.target.message or message.id
        before = recall(tx, edited) if edited is not None else None
        if edited is not None and before is not None:
            _write(tx, event.time, edited, before._replace(content=content))


def shown(tx: Transaction, message: str) -> Message:
    """A message by its id, with what is remembered of it."""
    seen = recall(tx, message)
    if seen is None:
        return Message(message)
    said = seen.content or {}
    return Message(
        message,
        said.get("text", ""),
        seen.reply_to,
        said.get("topic"),
        tuple(said.get("attachments", ())),
        {name: from_plain(value) for name, value in said.get("labels", {}).items()},
        {name: from_plain(value) for name, value in said.get("fields", {}).items()},
    )


def alias(tx: Transaction, time: int, case: str, affected: Affected) -> None:
    """Remember what a case is about, so that who answers the case answers that."""
    if affected.event is not None:
        _write(tx, time, case, Remembered(affected.member, affected.event, affected.message))


def _write(tx: Transaction, time: int, key: str, what: Remembered) -> None:
    generation = time // HORIZON
    newest = tx.get("message_generation", _GENERATION)
    if newest is None or generation > newest:
        tx.put("message_generation", _GENERATION, generation)
        if newest is not None:
            for old in (newest - 1, newest) if generation > newest + 1 else (newest - 1,):
                _drop(tx, old)
        newest = generation
    if generation >= newest - 1:  # what is older was forgotten already
        tx.put(_table(generation), key, list(what))


def recall(tx: Transaction, message: str) -> Remembered | None:
    """What is remembered of a message."""
    newest: int | None = tx.get("message_generation", _GENERATION)
    if newest is None:
        return None
    for generation in (newest, newest - 1):
        found: Any = tx.get(_table(generation), message)
        if found is not None:
            return Remembered(*found)
    return None


def thread(tx: Transaction, message: str) -> list[str]:
    """A message and those that it answers, nearest first, with the ids of the events that carried them."""
    found = [message]
    at: str | None = message
    for _ in range(_DEEP):
        seen = recall(tx, at) if at is not None else None
        if seen is None:
            break
        for one in (seen.event, seen.reply_to):
            if one is not None and one not in found:
                found.append(one)
        at = seen.reply_to
    return found


def own_message(event: Event) -> str | None:
    """The id of the message that an event brings into the world; None when it carries none or names another's."""
    message = event.message
    if message is None or message.id is None or message.id == event.target.message or event.type == "edit":
        return None
    return message.id


def _table(generation: int) -> str:
    return f"message_{generation % 3}"


def _drop(tx: Transaction, generation: int) -> None:
    table = _table(generation)
    for message in [message for message, _ in tx.items(table)]:
        tx.delete(table, message)
