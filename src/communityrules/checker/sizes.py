"""The size of a group: `member_count(staff)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from communityrules.checker import checked
from communityrules.checker.context import Context
from communityrules.checker.wording import text_of
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree
from communityrules.model.values import NUMBER

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

NOT_A_GROUP: Final = Message(
    code="CR251",
    severity="error",
    title=Bilingual("Size of something that is no group", "所数的不是用户组"),
    text=Bilingual("`{function}` takes the name of one group.", "`{function}` 的参数是一个用户组的名称。"),
    hint=Bilingual("Write such as `{function}(staff)`.", "例如写作 `{function}(staff)`。"),
)

NOT_NOW: Final = Message(
    code="CR252",
    severity="error",
    title=Bilingual("Size of a group where it cannot be asked", "此处不能问用户组的人数"),
    text=Bilingual(
        "`{what}` is known when a rule is judged, not in the condition of a group nor of a counted event.",
        "`{what}` 在评判规则时才知道,不能用于用户组的条件或被统计事件的条件。",
    ),
    hint=Bilingual("Put it into the `if` of a rule.", "请写在规则的 `若` 之中。"),
)


def size(node: tree.Call, resolver: Resolver, context: Context) -> checked.GroupSize | None:
    """How many members a group has; None after reporting what is wrong."""
    (named,) = node.arguments if len(node.arguments) == 1 else (None,)
    if not isinstance(named, tree.Path) or len(named.parts) > 1:
        resolver.report.add(NOT_A_GROUP, (named or node).span, function=node.function.text)
        return None
    (name,) = named.parts
    scope = resolver.scope
    group = scope.library.resolve("groups", name.text) if scope.value_kind(name.text) is None else None
    if group is None and not scope.has_group(name):
        return None
    if context.kind in ("group", "counted"):
        resolver.context_error(NOT_NOW, node.span, context, what=text_of(node))
        return None
    return checked.GroupSize(group or name.text, NUMBER, what=text_of(node))
