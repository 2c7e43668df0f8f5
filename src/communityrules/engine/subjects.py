"""The subject of an event: the member and the message that it is about, on whom actions fall."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from communityrules.engine import members, messages
from communityrules.engine.book import Book
from communityrules.engine.transaction import Transaction
from communityrules.model.event import Event

#: Events that carry the text of a message sent before.
_OF_ANOTHER: Final = frozenset({"edit", "delete", "reaction", "approve", "reject"})


def settle(tx: Transaction, book: Book, event: Event) -> None:
    """Set `subject` and `subject_message` of a host's event, and `target.member` where only a message is named."""
    kind = book.subject_kind(event.type)
    target = event.target
    if kind == "sender":
        event.subject = event.member
        if event.message is not None:
            event.subject_message = event.message
            if event.message.id == target.message is not None and event.type not in _OF_ANOTHER:
                # An answer is not what it answers: its own id is that of its event.
                event.subject_message = replace(event.message, id=event.id)
            elif event.type == "edit" and target.message is not None:
                event.subject_message = replace(event.message, id=target.message)
        elif target.message is not None:
            event.subject_message = messages.shown(tx, target.message)
        return
    if kind == "community":
        return
    if target.message is not None:
        event.subject_message = messages.shown(tx, target.message)
    about = target.member
    if about is None and target.message is not None:
        remembered = messages.recall(tx, target.message)
        about = remembered.author if remembered is not None else None
        if about is not None:
            # What asks whom the event is about gets one answer, however the host named them.
            event.target = type(target)(target.message, about, target.case, target.rule)
    if about is not None:
        event.subject = members.find(tx, about)


def aim(tx: Transaction, event: Event) -> None:
    """Set `aimed` of a host's event: what is known of whom it is about, named or as the author of a message."""
    target = event.target
    about = target.member
    if about is None and target.message is not None:
        remembered = messages.recall(tx, target.message)
        about = remembered.author if remembered is not None else None
    if about is not None:
        event.aimed = members.find(tx, about)
