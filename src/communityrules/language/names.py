"""What the formatter asks about library names: their other spelling, what a path stands for, particles.

The language knows no library names. Whoever formats hands in a table; the library has one made from its declarations.
"""

from __future__ import annotations

from typing import Literal, Protocol

from communityrules.language.keywords import Language

#: What a name is the name of, as far as its place in the tree tells.
NameKind = Literal["event", "entity", "field", "function", "action", "detector", "group", "value", "unit", "step"]


class NameTable(Protocol):
    """Spellings of library names. Names that it does not know come back as they are."""

    def translate(self, kind: NameKind, name: str, to: Language, parent: str | None = None) -> str:
        """The canonical spelling of a name in a language, whichever spelling it has.

        `parent` is, for a `field`, the English name of the entity or event type that it belongs to (`message`,
        `rating`); for a `unit` the action that takes it; for a `value` the slot that introduces it (`priority`).
        Translating to the other language and back must give the canonical spelling again.
        """
        ...

    def entity(self, name: str, parent: str | None = None) -> str | None:
        """What a name stands for, as the English name of an entity or event type: `message` for 消息.

        With a parent, what that one's field of this name is: `member` for 对象 of `rating`. None when it is neither.
        """
        ...

    def particle(self, action: str) -> str:
        """The English particle before the object of an action, in any spelling of it: `for` of `hold`, `to`, or ``."""
        ...


class NoNames:
    """A table that knows no names: everything stays as it is written."""

    def translate(self, kind: NameKind, name: str, to: Language, parent: str | None = None) -> str:  # noqa: ARG002 # the protocol's signature
        return name

    def entity(self, name: str, parent: str | None = None) -> str | None:  # noqa: ARG002 # the protocol's signature
        return None

    def particle(self, action: str) -> str:  # noqa: ARG002 # the protocol's signature
        return ""
