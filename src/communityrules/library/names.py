"""The names of the library for the formatter: what each is called in the other language.

Made from the declarations, so that a new thing needs nothing here. The formatter's protocol is `language.names`.
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
    "entity": ("entities",),
    "function": ("aggregates", "functions"),
    "action": ("actions",),
    "detector": ("detectors",),
    "group": ("groups",),
    "value": ("values",),
    "unit": ("units",),
}


class LibraryNames:
    """Translates the names of one library; names that are not of the library are the writer's and stay."""

    __slots__ = ("_library",)

    def __init__(self, library: Library = STANDARD) -> None:
        self._library = library

    def translate(self, kind: str, name: str, to: Language) -> str:
        """A name in the printed spelling of a language, or as it is when the library has none of that kind.

        Kinds: `event`, `entity`, `field`, `function` (aggregates too), `action`, `detector`, `group`, `value`
        (priorities), `unit`. A field is given with what it belongs to, an entity or an event type in any spelling:
        `message.text`, `评价.分数`; the answer is the field alone. Of an event type that a rulebook declares, the
        fields that every event has are known.
        """
        if kind == "field":
            owner, _, field = name.rpartition(".")
            return self._field(owner, field, to)
        for table in _TABLES[kind]:
            canonical = self._library.resolve(table, name)
            if canonical is not None:
                names: Names = getattr(self._library, table)[canonical].names
                return _spelling(names, to)
        return name

    def particle(self, action: str) -> str:
        """The English word that stands between an action's name, in any spelling, and its object; mostly none."""
        canonical = self._library.resolve("actions", action)
        return self._library.actions[canonical].particle if canonical is not None else ""

    def _field(self, owner: str, field: str, to: Language) -> str:
        library = self._library
        found = None
        for name in dict.fromkeys((library.resolve("entities", owner), library.resolve("events", owner))):
            found = found or (library.field(name, field) if name is not None else None)
        if found is None and library.resolve("entities", owner) is None:
            found = library.field("event", field)
        return field if found is None else _spelling(found.names, to)


def _spelling(names: Names, to: Language) -> str:
    return names.zh if to == "zh" else names.en
