"""`confidential`: fields whose values only some groups may see."""

from __future__ import annotations

from typing import Final, Literal, cast

from communityrules.checker import checked
from communityrules.checker.context import LOOSE
from communityrules.checker.expressions import Resolver
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

NOT_HIDDEN: Final = Message(
    code="CR617",
    severity="error",
    title=Bilingual("Not a field that can be kept confidential", "不能保密的字段"),
    text=Bilingual(
        "`{name}` is no value of a member, a message or an event that could be covered.",
        "`{name}` 不是可以遮盖的成员、消息或事件的值。",
    ),
    hint=Bilingual(
        "Name fields such as `member.birthday`, `complaint.text` or `complaint.category`.",
        "请写字段,例如 `成员.生日`、`投诉.文本` 或 `投诉.类别`。",
    ),
)

FOR_EVERYONE: Final = Message(
    code="CR618",
    severity="error",
    title=Bilingual("Confidential to everyone", "对所有人“保密”"),
    text=Bilingual("What everyone may see is not confidential.", "所有人都可以看的不是保密内容。"),
    hint=Bilingual(
        "Name a group that may see it, or leave the declaration out.", "请写可以看的用户组,或省去这一声明。"
    ),
)

_TOLD: Final = frozenset({"id", "reply_to"})


def read_confidential(resolver: Resolver, declarations: list[tree.Declaration]) -> tuple[checked.Confidential, ...]:
    """Every field that is confidential, with who may see it; what is at fault is reported and left out."""
    scope = resolver.scope
    found: list[checked.Confidential] = []
    for node in declarations:
        if not isinstance(node, tree.Confidential):
            continue
        groups: list[str] = []
        for name in node.groups:
            if scope.library.resolve("groups", name.text) is not None and scope.value_kind(name.text) is None:
                resolver.report.add(FOR_EVERYONE, name.span)
            elif scope.has_group(name):
                groups.append(name.text)
        listed = tuple(sorted(set(groups)))
        for path in node.fields:
            field = _field(path, resolver)
            if field is not None and listed:
                found.append(checked.Confidential(*field, listed))
    return tuple(dict.fromkeys(found))


_Field = tuple[Literal["member", "message", "label", "own"], str, str | None]


def _field(path: tree.Path, resolver: Resolver) -> _Field | None:
    text = _text_of_event(path, resolver)
    if text is not None:
        return ("message", "text", text)
    if len(path.parts) == 1:
        resolver.report.add(NOT_HIDDEN, path.span, name=path.text)
        return None
    value = resolver.value(path, LOOSE)
    if value is None:
        return None
    hidden = isinstance(value, checked.FieldRef) and value.root not in ("event", "target") and value.name not in _TOLD
    if not hidden or not isinstance(value, checked.FieldRef):
        resolver.report.add(NOT_HIDDEN, path.span, name=path.text)
        return None
    if value.root in checked.OF_MEMBERS:
        return ("member", value.name, None)
    if value.root == "own":
        return ("own", value.name, resolver.scope.event(path.parts[0].text))
    return (cast("Literal['message', 'label']", value.root), value.name, None)


def _text_of_event(path: tree.Path, resolver: Resolver) -> str | None:
    """The event type of `complaint.text`, which is the text of the message that the event carries."""
    scope = resolver.scope
    if len(path.parts) != 2 or scope.library.resolve("entities", path.parts[0].text) is not None:
        return None
    event = scope.event(path.parts[0].text)
    declared = scope.event_type(event) if event is not None else None
    if event is None or path.parts[1].text in scope.fields_of("events", event):
        return None
    field = scope.fields_of("entities", "message").get(path.parts[1].text)
    carries = declared is None or declared.carries_text
    return event if carries and field is not None and field.name == "text" else None
