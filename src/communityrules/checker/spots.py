"""Places that are conditions: `place desk as event.channel is "wechat" and event.place is not "staff_room"`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from communityrules.checker import checked
from communityrules.checker.context import PLACE
from communityrules.checker.walk import walk
from communityrules.checker.wording import text_of
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

NOT_A_PLACE: Final = Message(
    code="CR254",
    severity="error",
    title=Bilingual("Place that is more than a place", "场所的条件超出了地点"),
    text=Bilingual(
        "The condition of the place `{name}` reads more than where an event happened: `{what}`.",
        "场所 `{name}` 的条件不只是事件发生在哪里:`{what}`。",
    ),
    hint=Bilingual(
        "A place reads `event.channel`, `event.place`, `event.community`, `event.type` and `event.time`; put the rest "
        "into `if` or `applies to`.",
        "场所只看 `事件.渠道`、`事件.场所`、`事件.社群`、`事件.类型` 和 `事件.时刻`;其余请写在 `若` 或 `适用` 中。",
    ),
)

_REFUSED: Final = (
    checked.AggregateRef, checked.GroupSize, checked.InGroup, checked.StateRef,
)  # fmt: skip


def read_spots(resolver: Resolver) -> dict[str, checked.Expression]:
    """The conditions of places, by name; those at fault are reported and left out."""
    found: dict[str, checked.Expression] = {}
    for name, node in resolver.scope.declared.get("place", {}).items():
        declared: tree.PlaceDeclaration = node
        if declared.condition is None:
            continue
        condition = resolver.condition(declared.condition, PLACE)
        if condition is None:
            continue
        wrong = next((one for one in walk(condition, resolver.definitions.plain) if _is_wrong(one)), None)
        if wrong is None:
            found[name] = condition
            continue
        what = getattr(wrong, "what", "") or getattr(wrong, "name", "") or getattr(wrong, "group", "")
        span = resolver.place(wrong) or declared.condition.span
        resolver.report.add(NOT_A_PLACE, span, name=name, what=what or text_of(declared.condition))
    return found


def _is_wrong(one: checked.Expression) -> bool:
    return isinstance(one, _REFUSED) or (isinstance(one, checked.FieldRef) and one.root != "event")
