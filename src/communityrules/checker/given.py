"""Fields that the tests of a rulebook give: of members (`roles: "service"`) and of events (`score: 5`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from communityrules.checker import checked
from communityrules.language import tree
from communityrules.library.declare import Field, Library
from communityrules.model.values import NUMBER, Type

#: Facts of a member that the host sends; labels and points come from rules, tenure from the day of joining.
_MEMBER: Final = ("name", "roles", "joined")
_MESSAGE: Final = ("text", "reply_to", "topic", "attachments", "labels")
_ENVELOPE: Final = ("channel", "place", "community")


def member_field(library: Library, declared: Mapping[str, Type], path: tree.Path) -> checked.FieldRef | None:
    """What `roles`, `member.roles` or a declared field means for a member; None when tests cannot give it."""
    parts = _parts(path, library, "member")
    if len(parts) != 1:
        return None
    if parts[0] in declared:
        return checked.FieldRef("member", parts[0], declared[parts[0]], True)
    found = _field(library.entities["member"].fields, parts[0])
    if found is None or found.names.en not in _MEMBER:
        return None
    return checked.FieldRef("member", found.names.en, found.type)


def event_field(
    library: Library, events: Mapping[str, checked.CustomEvent], event: str, path: tree.Path
) -> checked.FieldRef | None:
    """What a field means that a test gives with an event of the type `event` (canonical); None when there is none.

    Its root is `own`, `message`, `label` or `event`. Own fields come first, then those of the message it carries.
    """
    parts = _parts(path, library, event)
    type_ = library.events.get(event)
    custom = events.get(event)
    if len(parts) == 1 and custom is not None and parts[0] in custom.fields:
        root: checked.Root = "message" if event == "message" else "own"
        return checked.FieldRef(root, parts[0], custom.fields[parts[0]], True)
    if len(parts) == 1 and type_ is not None:
        found = _field(type_.fields, parts[0])
        if found is not None:
            return checked.FieldRef("own", found.names.en, found.type)
    if len(parts) == 1:
        found = _field(library.entities["event"].fields, parts[0])
        if found is not None and found.names.en in _ENVELOPE:
            return checked.FieldRef("event", found.names.en, found.type)
    if type_ is not None and not type_.carries_text:
        return None
    return _message_field(library, events, _parts(path, library, "message"))


def _message_field(
    library: Library, events: Mapping[str, checked.CustomEvent], parts: tuple[str, ...]
) -> checked.FieldRef | None:
    own = events.get("message")
    if len(parts) == 1 and own is not None and parts[0] in own.fields:
        return checked.FieldRef("message", parts[0], own.fields[parts[0]], True)
    found = _field(library.entities["message"].fields, parts[0]) if parts else None
    if found is None or found.names.en not in _MESSAGE:
        return None
    if found.names.en == "labels":
        return checked.FieldRef("label", parts[1], NUMBER) if len(parts) == 2 else None
    return checked.FieldRef("message", found.names.en, found.type) if len(parts) == 1 else None


def _parts(path: tree.Path, library: Library, owner: str) -> tuple[str, ...]:
    """The path without the owner that may stand before it: `message.labels.spam` is `labels.spam`."""
    parts = tuple(one.text for one in path.parts)
    if len(parts) > 1 and owner in (
        library.resolve("entities", parts[0]),
        library.resolve("events", parts[0]),
        parts[0],
    ):
        return parts[1:]
    return parts


def _field(fields: tuple[Field, ...], spelling: str) -> Field | None:
    return next(
        (one for one in fields if spelling in (one.names.en, one.names.zh) or spelling in one.names.aliases), None
    )


def fits(
    field: checked.FieldRef,
    value: tree.Text | tree.Number | tree.Day | tree.Moment | tree.Duration | tree.TimeOfDay | tree.Flag | tree.Path,
) -> bool:
    """Whether a written value can be what a field holds; an item of a list stands for itself."""
    type_ = field.type.item if field.type.kind == "list" and field.type.item is not None else field.type
    single = isinstance(value, tree.Path) and len(value.parts) == 1
    if field.root == "label":
        return isinstance(value, tree.Text | tree.Number | tree.Flag)
    match type_.kind:
        case "text":
            return isinstance(value, tree.Text)
        case "member" | "message":
            return isinstance(value, tree.Text) or single
        case "number":
            return isinstance(value, tree.Number)
        case "boolean":
            return isinstance(value, tree.Flag)
        case "date":
            return isinstance(value, tree.Day)
        case "instant":
            return isinstance(value, tree.Day | tree.Moment)
        case "duration":
            return isinstance(value, tree.Duration)
        case "time_of_day":
            return isinstance(value, tree.TimeOfDay)
        case _:
            return False
