"""Dotted names to facts: `member.level`, `message.labels.off_topic`, `rating.target`, `ad_words`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from communityrules.checker import checked, suggest
from communityrules.checker.context import Context
from communityrules.checker.scope import FieldInfo, Scope, spellings
from communityrules.checker.unknown import suggestion
from communityrules.checker.words import KINDS, a_kind
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.language import tree
from communityrules.library.entities import OPEN_DUTY
from communityrules.model.values import MEMBER, MESSAGE, NUMBER, TEXT, Type

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

UNKNOWN_FIELD: Final = Message(
    code="CR202",
    severity="error",
    title=Bilingual("Unknown field", "未知的字段"),
    text=Bilingual("`{owner}` has no field `{name}`.", "`{owner}` 没有字段 `{name}`。"),
    hint=Bilingual("{suggestion}", "{suggestion}"),
)

NOT_AT_HAND: Final = Message(
    code="CR206",
    severity="error",
    title=Bilingual("Fact that is not at hand", "此处没有这个事实"),
    text=Bilingual("`{name}` is not at hand {where}.", "{where},没有 `{name}` 可用。"),
    hint=Bilingual(
        "Use facts of the event that the rule is on, or put the rule on the event that has this one.",
        "请使用规则所当事件的事实,或让规则当有此事实的事件。",
    ),
)

MISPLACED: Final = Message(
    code="CR210",
    severity="error",
    title=Bilingual("Name that cannot stand here", "名称不能用在这里"),
    text=Bilingual("`{name}` is {kind} and has no value of its own.", "`{name}` 是{kind},本身没有值。"),
    hint=Bilingual(
        "A list or detector follows `contains any of`, a pattern `matches`; an event stands in `count(…)`, "
        "a label is `message.labels.NAME`.",
        "词表和检测器用在 `包含任一` 之后,格式用在 `匹配` 之后;事件用在 `计数(…)` 之内,标签写作 `消息.标签.名称`。",
    ),
)

KEY_NOT_AT_HAND: Final = Message(
    code="CR213",
    severity="error",
    title=Bilingual("Key that the judged event does not have", "被判定的事件没有这个键"),
    text=Bilingual(
        "The measure is kept by `{name}`, and {where} that is not known.",
        "这个统计按 `{name}` 记录,而{where},无从得知它。",
    ),
    hint=Bilingual(
        "Keep it by `member` or by a fact that the judged event has, or put the rule on the counted event.",
        "改按 `成员` 或被判定事件具有的事实统计,或让规则当被统计的事件。",
    ),
)


def resolve(path: tree.Path, resolver: Resolver, context: Context) -> checked.Expression | None:
    """The value behind a dotted name; None after reporting why there is none."""
    if len(path.parts) == 1:
        return _single(path, resolver, context)
    head = path.parts[0]
    scope = resolver.scope
    entity = scope.library.resolve("entities", head.text)
    event = scope.event(head.text)
    if entity is None and event is None:
        _unknown_head(path, resolver)
        return None
    if entity is not None:
        known = scope.fields_of("entities", entity).get(path.parts[1].text)
        if known is not None:
            return _entity_field(path, entity, known, resolver, context)
    if event is not None:
        return _event_field(path, event, resolver, context)
    _unknown_field(path, 1, resolver, list(scope.fields_of("entities", entity or "")))
    return None


def _single(path: tree.Path, resolver: Resolver, context: Context) -> checked.Expression | None:
    name = path.parts[0]
    scope = resolver.scope
    entity = scope.library.resolve("entities", name.text)
    if entity == "member":
        return checked.FieldRef("member", "id", MEMBER, what=path.text)
    if entity == "message":
        if not _message_at_hand(path, resolver, context):
            return None
        return checked.FieldRef("message", "id", MESSAGE, what=path.text)
    kind = scope.value_kind(name.text)
    if kind == "parameter":
        scope.used.add((kind, name.text))
        type_ = resolver.parameter_type(name.text)
        return checked.ParameterRef(name.text, type_) if type_ is not None else None
    if kind == "state":
        scope.used.add((kind, name.text))
        return checked.StateRef(name.text, Type("state", name=name.text))
    if kind in ("definition", "metric"):
        scope.used.add((kind, name.text))
        return resolver.definitions.refer(name, context)
    if kind == "group":
        return checked.InGroup(name.text) if scope.has_group(name) else None
    kind = kind or ("detector" if scope.library.resolve("detectors", name.text) else None)
    kind = kind or ("event" if entity == "event" or scope.event(name.text) else None)
    if kind is not None:
        scope.used.add((kind, name.text))
        resolver.report.add(MISPLACED, name.span, name=name.text, kind=a_kind(kind))
        return None
    resolver.unknown_value(name)
    return None


def _entity_field(
    path: tree.Path, entity: str, field: FieldInfo, resolver: Resolver, context: Context
) -> checked.Expression | None:
    if entity == "message" and not _message_at_hand(path, resolver, context):
        return None
    if field.type.kind == "labels":
        return _labels(path, resolver)
    if entity == "event":
        return _universal(path, field, context.events, resolver)
    if len(path.parts) > 2 and entity in ("community", "duty"):
        _unknown_field(path, 2, resolver, [])
        return None
    if entity == "duty":
        return _duty_field(path, field, resolver, context)
    if entity == "community":
        return _community(path, field, resolver)
    type_ = {"member": MEMBER, "message": MESSAGE}[entity] if field.name == "id" else field.type
    root: checked.Root = "member" if entity == "member" else "message"
    return _onward(path, 2, checked.FieldRef(root, field.name, type_, field.custom, what=_words(path, 2)), resolver)


def _duty_field(path: tree.Path, field: FieldInfo, resolver: Resolver, context: Context) -> checked.Expression | None:
    """What an open duty has, inside the measures of duties; on the judged event, its owner is the subject member."""
    if context.kind == "loose" or context.events == (OPEN_DUTY,):
        return checked.FieldRef("own", field.name, field.type, what=path.text)
    if context.query and field.type == MEMBER:
        return checked.FieldRef("member", "id", MEMBER, what=path.text)
    message = KEY_NOT_AT_HAND if context.query else NOT_AT_HAND
    resolver.context_error(message, path.span, context, name=path.text, where=where(context, resolver.scope))
    return None


def _community(path: tree.Path, field: FieldInfo, resolver: Resolver) -> checked.Expression:
    """What the rulebook says of the community is a constant; only its id comes with the event."""
    if field.name == "id":
        return checked.FieldRef("event", "community", TEXT, what=path.text)
    return checked.Const(resolver.about.get(field.name), TEXT, path.text)


def _labels(path: tree.Path, resolver: Resolver) -> checked.Expression | None:
    """`message.labels.NAME`: what the host's classifiers say of a message."""
    if len(path.parts) > 3:
        _unknown_field(path, 3, resolver, [])
        return None
    if len(path.parts) == 2:
        resolver.report.add(MISPLACED, path.span, name=path.text, kind=a_kind("labels"))
        return None
    return label(path.parts[2], path.text, resolver.scope)


def label(name: tree.Name, what: str, scope: Scope) -> checked.FieldRef | None:
    """What a label means: a score, a declared label, or, where none are declared, one whose type nobody said."""
    score = scope.library.resolve("scores", name.text)
    if score is not None:
        return checked.FieldRef("label", score, scope.library.scores[score].returns, True, what=what)
    if name.text in scope.label_types:
        return checked.FieldRef("label", name.text, scope.label_types[name.text], True, what=what)
    if scope.label_types:
        known = [*scope.label_types, *spellings(one.names for one in scope.library.scores.values())]
        near = suggest.closest(name.text, known)
        fix = Fix(name.span, near) if near is not None else None
        advice = suggestion(near, known, KINDS["field"])
        owner = what.rpartition(".")[0]
        scope.report.add(UNKNOWN_FIELD, name.span, fix=fix, owner=owner, name=name.text, suggestion=advice)
        return None
    return checked.FieldRef("label", name.text, NUMBER, what=what)


def _event_field(path: tree.Path, event: str, resolver: Resolver, context: Context) -> checked.Expression | None:
    scope = resolver.scope
    fields = scope.fields_of("events", event)
    field = fields.get(path.parts[1].text)
    if field is None:
        message = scope.fields_of("entities", "message")
        if path.parts[1].text in message and _own_message((event,), scope):
            _field_of_its_message(path, resolver)
        else:
            _unknown_field(path, 1, resolver, [*fields, *(message if event == "message" else ())])
        return None
    found: checked.FieldRef | None
    if field.universal:
        found = _universal(path, field, (event,), resolver)
    else:
        of_message = field.custom and event == "message"
        root: checked.Root = "message" if of_message else "own"
        found = checked.FieldRef(root, field.name, field.type, field.custom, what=_words(path, 2))
        found = _onward(path, 2, found, resolver)
    if found is None or context.kind == "loose" or context.events == (event,):
        return found
    if context.query:
        return _as_query(path, event, found, resolver, context)
    resolver.context_error(NOT_AT_HAND, path.span, context, name=path.text, where=where(context, resolver.scope))
    return None


def _universal(
    path: tree.Path, field: FieldInfo, events: tuple[str, ...], resolver: Resolver
) -> checked.FieldRef | None:
    """A field that every event type has."""
    what = path.text
    scope = resolver.scope
    if field.name == "member" or (field.name == "target" and len(path.parts) > 2):
        if len(path.parts) == 2:
            return checked.FieldRef("sender", "id", MEMBER, what=what)
        of_member = scope.fields_of("entities", "member").get(path.parts[2].text)
        if of_member is None:
            _unknown_field(path, 2, resolver, list(scope.fields_of("entities", "member")))
            return None
        what = _words(path, 3)
        type_ = MEMBER if of_member.name == "id" else of_member.type
        if field.name == "target" and of_member.name == "id":
            found = checked.FieldRef("target", "member", MEMBER, what=what)
        else:
            root: checked.Root = "whom" if field.name == "target" else "sender"
            found = checked.FieldRef(root, of_member.name, type_, of_member.custom, what=what)
        return _onward(path, 3, found, resolver)
    if len(path.parts) > 2:
        _unknown_field(path, 2, resolver, [])
        return None
    if field.name == "target":
        return checked.FieldRef("target", "member", MEMBER, what=what)
    if field.name == "message":
        if _own_message(events, scope):
            return checked.FieldRef("message", "id", MESSAGE, what=what)
        return checked.FieldRef("target", "message", MESSAGE, what=what)
    if field.name in ("case", "rule"):
        return checked.FieldRef("target", field.name, TEXT, what=what)
    return checked.FieldRef("event", field.name, field.type, what=what)


def _words(path: tree.Path, end: int) -> str:
    """The first parts of a path, as they were written."""
    return ".".join(one.text for one in path.parts[:end])


def _onward(path: tree.Path, at: int, found: checked.FieldRef, resolver: Resolver) -> checked.FieldRef | None:
    """What the parts of a path from `at` on say of the member whom the field before them names."""
    if at == len(path.parts):
        return found
    if found.type != MEMBER or found.name == "id" or found.root == "target":
        _unknown_field(path, at, resolver, [])
        return None
    fields = resolver.scope.fields_of("entities", "member")
    field = fields.get(path.parts[at].text)
    if field is None:
        _unknown_field(path, at, resolver, list(fields))
        return None
    if field.name == "id":
        if at + 1 == len(path.parts):
            return found
        _unknown_field(path, at + 1, resolver, [])
        return None
    what = _words(path, at + 1)
    onward = checked.FieldRef("named", field.name, field.type, field.custom, found, what=what)
    return _onward(path, at + 1, onward, resolver)


def _own_message(events: tuple[str, ...], scope: Scope) -> bool:
    """Whether the message of these events is the one they carry; otherwise they name another's."""
    declared = [scope.event_type(name) for name in events]
    return all(one is not None and one.carries_text and one.subject == "sender" for one in declared)


def _as_query(
    path: tree.Path, event: str, found: checked.FieldRef, resolver: Resolver, context: Context
) -> checked.Expression | None:
    """A key of a counted event, read on a judged event of another type."""
    mixed = event in context.events
    if found.type == MEMBER and (not mixed or _is_subject(event, found, resolver)):
        return checked.FieldRef("member", "id", MEMBER, what=path.text)
    if found.type == MESSAGE and not mixed and has_message(resolver, context):
        return checked.FieldRef("message", "id", MESSAGE, what=path.text)
    resolver.context_error(KEY_NOT_AT_HAND, path.span, context, name=path.text, where=where(context, resolver.scope))
    return None


def _is_subject(event: str, found: checked.FieldRef, resolver: Resolver) -> bool:
    declared = resolver.scope.event_type(event)
    subject = declared.subject if declared is not None else "sender"
    return (found.root, subject) in (("sender", "sender"), ("target", "target"))


def has_message(resolver: Resolver, context: Context) -> bool:
    """Whether every judged event has a subject message; declared events may carry one."""
    if context.kind == "loose":
        return True
    if context.kind in ("period", "group", "place"):
        return False
    for name in context.events:
        declared = resolver.scope.event_type(name)
        if declared is not None and not declared.carries_text and not _about_a_message(name, declared.subject):
            return False
    return True


def _about_a_message(event: str, subject: str) -> bool:
    return subject == "target" or event in (
        "delete",
        "edit",
        "reaction",
        "reply",
        "breach",
        "sanctioned",
        "settled",
        "late",
        "met",
    )


def _message_at_hand(path: tree.Path, resolver: Resolver, context: Context) -> bool:
    if has_message(resolver, context):
        return True
    message = KEY_NOT_AT_HAND if context.query else NOT_AT_HAND
    resolver.context_error(message, path.span, context, name=path.text, where=where(context, resolver.scope))
    return False


def where(context: Context, scope: Scope) -> Bilingual:
    """Where an expression stands, as the end of a sentence."""
    if context.kind == "period":
        return Bilingual("in a rule judged every period", "在按周期判定的规则中")
    if context.kind == "group":
        return Bilingual("in the condition of a group", "在用户组的条件中")
    if context.kind == "place":
        return Bilingual("in the condition of a place", "在场所的条件中")
    events = scope.event_words(context.events)
    if context.kind == "counted":
        return Bilingual(f"on a counted {events.en}", f"在被统计的 {events.zh} 上")
    return Bilingual(f"on {events.en}", f"当 {events.zh} 时")


def _unknown_head(path: tree.Path, resolver: Resolver) -> None:
    head = path.parts[0]
    kind = resolver.scope.value_kind(head.text)
    if kind is not None:
        resolver.scope.used.add((kind, head.text))
        _unknown_field(path, 1, resolver, [])
        return
    resolver.unknown_value(head)


def _unknown_field(path: tree.Path, index: int, resolver: Resolver, known: list[str]) -> None:
    name = path.parts[index]
    if name.text in resolver.report.lost_words:
        return
    near = suggest.closest(name.text, known)
    owner = ".".join(part.text for part in path.parts[:index])
    resolver.report.add(
        UNKNOWN_FIELD,
        name.span,
        fix=Fix(name.span, near) if near is not None else None,
        owner=owner,
        name=name.text,
        suggestion=suggestion(near, known, KINDS["field"]),
    )


def _field_of_its_message(path: tree.Path, resolver: Resolver) -> None:
    """`complaint.text`: what an event says is its message's."""
    head, name = path.parts[0], path.parts[1]
    names = resolver.scope.library.entities["message"].names
    entity = names.zh if head.text > "\u2e80" else names.en
    near = f"{entity}.{name.text}"
    fix = Fix(head.span, entity)
    advice = suggestion(near, [], KINDS["field"])
    resolver.report.add(UNKNOWN_FIELD, name.span, fix=fix, owner=head.text, name=name.text, suggestion=advice)
