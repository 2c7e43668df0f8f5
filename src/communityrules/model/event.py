"""Events: one thing that happened in a community, in the form that is judged.

The wire form is read by `communityrules.wire.events`. An `Event` and what hangs on it is never changed once it has
been judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from communityrules.model.values import Value

# Structs of msgspec are made in a fifth of the time that a dataclass takes, and several are made for every event.


class Member(Struct, eq=False):
    """A person as known when an event is judged."""

    id: str
    roles: tuple[str, ...] = ()
    #: When the host says they joined, else the first join seen; microseconds since the epoch.
    joined: int | None = None
    name: str | None = None
    #: Fields that the rulebook declares, and any other that the host sent, by their name on the wire.
    fields: Mapping[str, Value] = {}
    #: Labels in force, with the instant at which each ends (None: never). Filled by the engine.
    labels: Mapping[str, int | None] = {}
    #: The balance of the points ledger. Filled by the engine.
    points: int = 0
    #: Whether the event says that these are all their roles. When it does not and `roles` is empty, the roles last
    #: said hold.
    roles_said: bool = False

    def __eq__(self, other: object) -> bool:
        """Whether the same is known of the same person, however it was said."""
        return isinstance(other, Member) and _parts(self) == _parts(other)

    __hash__ = None  # type: ignore[assignment]  # what the engine fills in would change it


class Message(Struct):
    """A text that somebody sent."""

    id: str | None
    text: str = ""
    reply_to: str | None = None
    topic: str | None = None
    attachments: tuple[str, ...] = ()
    #: What the host's classifiers say: numbers, booleans or texts.
    labels: Mapping[str, Value] = {}
    fields: Mapping[str, Value] = {}


class Target(Struct, frozen=True):
    """Whom or what an event is about."""

    message: str | None = None
    member: str | None = None
    case: str | None = None
    rule: str | None = None


NO_TARGET: Final = Target()


class Event(Struct, eq=False):
    """One event, as judged."""

    id: str
    #: Microseconds since the epoch.
    time: int
    #: The canonical English name of the type: `message`, `join_request`, or a declared name.
    type: str
    community: str
    #: Who sent it. None for an event without a sender.
    member: Member | None = None
    #: The text it carries, for every type that carries one.
    message: Message | None = None
    target: Target = NO_TARGET
    #: Typed fields that stand under the event's own name on the wire, by name: for a rating, `score`.
    fields: Mapping[str, Value] = {}
    channel: str | None = None
    place: str | None = None
    #: The member whom actions fall on and `applies to` and `member.…` speak of. Set by the engine; the sender until
    #: then.
    subject: Member | None = None
    #: The message that actions fall on: of a report, the reported one. Set by the engine.
    subject_message: Message | None = None
    #: The group that the event is about where no one member is: of a late duty, the group that owed it. `applies to`
    #: that group, or to everyone, holds for it. Set by the engine.
    subject_group: str | None = None
    #: What the host says of other members, beside who sent it: whom it is about, whom its fields name.
    described: tuple[Member, ...] = ()
    #: Digest of the body, to tell a repeated id with the same body from one with another. Hex, 16 characters.
    digest: str = ""
    #: The member that `target` names, as far as they are known: whom `EVENT.target.…` speaks of. Set by the engine.
    aimed: Member | None = None

    @property
    def heard_as(self) -> str:
        """The type whose rules and measures hear it: a message that answers another is a reply, however it was sent."""
        message = self.message
        if self.type == "message" and message is not None and message.reply_to is not None:
            return "reply"
        return self.type

    def __eq__(self, other: object) -> bool:
        """Whether the same happened, whatever the host says beside it and in whichever form it came."""
        return isinstance(other, Event) and _parts(self) == _parts(other)

    __hash__ = None  # type: ignore[assignment]  # what the engine fills in would change it


#: What does not tell two apart.
_BESIDE: Final = frozenset({"roles_said", "described", "digest"})


def _parts(one: Member | Event) -> list[object]:
    return [getattr(one, name) for name in one.__struct_fields__ if name not in _BESIDE]
