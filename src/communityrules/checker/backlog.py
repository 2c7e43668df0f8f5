"""Measures over the duties that are open now: `open_duties(reply by duty.owner where duty.rule is "3")`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from communityrules.checker import checked
from communityrules.checker.context import Context
from communityrules.checker.wording import shortened, text_of
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.library.entities import OPEN_DUTY
from communityrules.model.values import DURATION, MEMBER, NUMBER, TEXT

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

NOT_DUTIES: Final = Message(
    code="CR234",
    severity="error",
    title=Bilingual("Measure of open duties that is none", "不成立的未结职责统计"),
    text=Bilingual(
        "`{function}` measures the duties that are open now, not `{what}`.",
        "`{function}` 统计现在未结的职责,不能统计 `{what}`。",
    ),
    hint=Bilingual(
        'Write such as `open_duties(reply by duty.owner where duty.rule is "3")`; it takes no window.',
        '例如写作 `未结(回复 按 职责.责任人 其中 职责.规则 是 "3")`;不带时间范围。',
    ),
)

#: What duties are seen as when they are measured.
SEEN: Final = Context("counted", (OPEN_DUTY,))


def measure(node: tree.Call, name: str, resolver: Resolver, context: Context) -> checked.AggregateRef | None:
    """How many duties are open, or how long the oldest has been; None after reporting what is wrong."""
    function: Literal["open_duties", "oldest_duty"] = "open_duties" if name == "open_duties" else "oldest_duty"
    if node.window is not None:
        _refuse(node, node.window, resolver)
        return None
    kind, sound = _kind(node, resolver)
    if not sound:
        return None
    seen = replace(SEEN, use=context.use)
    judged = replace(context, query=context.kind != "loose")
    keys = [resolver.value(one, seen) for one in node.by]
    for key, written in zip(keys, node.by, strict=True):
        if key is not None and not (isinstance(key, checked.FieldRef) and key.type == MEMBER):
            _refuse(node, written, resolver)
            return None
    queries = [resolver.value(one, judged) for one in node.by]
    where = resolver.condition(node.where, seen) if node.where is not None else None
    known = tuple(one for one in keys if one is not None)
    asked = tuple(one for one in queries if one is not None)
    if len(known) < len(node.by) or len(asked) < len(node.by) or (where is None and node.where is not None):
        return None
    parts = [one for one in (kind, where) if one is not None]
    whole = parts[0] if len(parts) == 1 else checked.Logic("and", tuple(parts)) if parts else None
    type_ = NUMBER if function == "open_duties" else DURATION
    what = text_of(node)
    found = checked.Aggregate(function, (OPEN_DUTY,), None, known, whole, None, type_, what=what)
    return checked.AggregateRef(resolver.measures.index(found), asked, type_, what=what)


def _kind(node: tree.Call, resolver: Resolver) -> tuple[checked.Expression | None, bool]:
    """That the duty is met by the event named, None for all duties; and whether it could be read."""
    if not node.arguments:
        return None, True
    (first, *more) = node.arguments
    if more or not isinstance(first, tree.Path) or len(first.parts) > 1:
        _refuse(node, more[0] if more else first, resolver)
        return None, False
    name = first.parts[0]
    scope = resolver.scope
    event = scope.event(name.text)
    if event is None and scope.library.resolve("entities", name.text) == "duty":
        return None, True
    if event is None:
        scope.unknown("event", name, scope.event_names())
        return None, False
    scope.used.add(("event", event))
    owed = checked.FieldRef("own", "duty", TEXT, what="duty.duty")
    return checked.Compare("is", owed, checked.Const(event, TEXT), True, name.text), True


def _refuse(node: tree.Call, at: tree.Expression | tree.Window, resolver: Resolver) -> None:
    resolver.report.add(NOT_DUTIES, at.span, function=node.function.text, what=shortened(at.span))
