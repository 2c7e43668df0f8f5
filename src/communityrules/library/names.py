"""The names of the library for the formatter: what each is called in the other language.

Made from the declarations, so that a new thing needs nothing here. It follows the protocol `language.names.NameTable`
without importing it: library and language are neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from communityrules.library.declare import Library, Names
from communityrules.library.table import STANDARD

Language = Literal["en", "zh"]

#: What the formatter calls a kind of name → the tables of the library that hold such names.
_TABLES: Mapping[str, tuple[str, ...]] = {
    "event": ("events",),
    "entity": ("entities", "events"),
    "function": ("aggregates", "functions"),
    "action": ("actions",),
    "detector": ("detectors",),
    "group": ("groups",),
    "value": ("values",),
    "unit": ("units",),
    "step": ("steps",),
}


class LibraryNames:
    """Translates the names of one library; names that it does not know are the writer's and stay as they are."""

    __slots__ = ("_library",)

    def __init__(self, library: Library = STANDARD) -> None:
        self._library = library

    def translate(self, kind: str, name: str, to: Language, parent: str | None = None) -> str:
        """The printed spelling of a name in a language, whichever spelling it has.

        `kind` is one of `event`, `entity` (what a path begins with: event types too), `field`, `function` (aggregates
        too), `action`, `detector`, `group`, `value`, `unit`, `step`. `parent` in any spelling: of a field the entity
        or event type that it belongs to, without which it is the writer's; of a unit the action that takes it; of a
        value the slot that introduces it: only priorities are words of the library, a state's values are the writer's.
        """
        if kind == "field":
            return self._field(name, to, parent)
        if kind == "value" and parent not in (None, "priority"):
            return name
        if kind == "unit" and parent is not None and not self._takes_unit(parent):
            return name
        for table in _TABLES[kind]:
            canonical = self._library.resolve(table, name)
            if canonical is not None:
                return _spelling(getattr(self._library, table)[canonical].names, to)
        return name

    def entity(self, name: str, parent: str | None = None) -> str | None:
        """What a name stands for, as the English name of an entity or event type; None when it is neither.

        `message` for 消息, `rating` for 评价; with a parent, what that one's field of this name is: `member` for the
        field 对象 of `rating`.
        """
        if parent is None:
            return self._library.resolve("entities", name) or self._library.resolve("events", name)
        owner = self.entity(parent)
        field = self._library.field(owner, name) if owner is not None else None
        return field.type.kind if field is not None and field.type.kind in ("member", "message") else None

    def particle(self, action: str) -> str:
        """The English word that stands between an action's name, in any spelling, and its object; mostly none."""
        canonical = self._library.resolve("actions", action)
        return self._library.actions[canonical].particle if canonical is not None else ""

    def _field(self, name: str, to: Language, parent: str | None) -> str:
        owner = self.entity(parent) if parent is not None else None
        field = self._library.field(owner, name) if owner is not None else None
        return name if field is None else _spelling(field.names, to)

    def _takes_unit(self, action: str) -> bool:
        canonical = self._library.resolve("actions", action)
        return canonical is not None and any(one.kind == "unit" for one in self._library.actions[canonical].parameters)


def _spelling(names: Names, to: Language) -> str:
    return names.zh if to == "zh" else names.en
