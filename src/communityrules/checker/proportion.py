"""Proportion: how often a penalty may strike, and the breaker that stops sanctions when too many are struck."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from communityrules.checker import checked, dates
from communityrules.checker.actions import Actions
from communityrules.checker.context import GROUP
from communityrules.checker.wording import shortened
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

BAD_CAP: Final = Message(
    code="CR474",
    severity="error",
    title=Bilingual("Cap that is none", "不成立的封顶次数"),
    text=Bilingual("`{number}` is not a number of sanctions from 1 to {most}.", "`{number}` 不是 1 到 {most} 的次数。"),
    hint=Bilingual("Write `at most 10 times within 1 day`.", "写作 `封顶 10次 最近 1天`。"),
)

BAD_KEY: Final = Message(
    code="CR475",
    severity="error",
    title=Bilingual("Cap counted by something else", "封顶次数不能这样计"),
    text=Bilingual(
        "A cap is counted `by member` or for everybody, not by `{name}`.",
        "封顶次数只能 `按 成员` 或合计,不能按 `{name}`。",
    ),
    hint=Bilingual("Write `by member`, or leave it out.", "写作 `按 成员`,或省去。"),
)

BAD_BREAKER: Final = Message(
    code="CR476",
    severity="error",
    title=Bilingual("Breaker that cannot work", "不起作用的熔断"),
    text=Bilingual("`{number}` is not {wanted}.", "`{number}` 不是{wanted}。"),
    hint=Bilingual(
        "Write `breaker 5% of members and at least 50 members within 1 day`.",
        "写作 `熔断 5%的成员 且 至少 50名成员 最近 1天`。",
    ),
)

NOT_TELLING: Final = Message(
    code="CR477",
    severity="error",
    title=Bilingual("Breaker that does more than tell", "熔断只能告知"),
    text=Bilingual(
        "A breaker is about no one member, so it cannot `{action}`.", "熔断不针对任何一个成员,不能 `{action}`。"
    ),
    hint=Bilingual(
        "It can notify, escalate, raise an alert or set a state, such as `then notify managers`.",
        "它可以通知、上报、告警或置状态,例如 `则 通知 managers`。",
    ),
)

#: The times of so many sanctions are remembered at most.
_MOST: Final = 10_000
_SHARE: Final = Bilingual("a share of the members, from 0.01% to 100%", "成员的百分比(0.01% 到 100%)")
_NUMBER: Final = Bilingual("a whole number of members from 1", "从 1 起的整数人数")


def read_caps(node: tree.PenaltyDeclaration, resolver: Resolver) -> tuple[checked.PenaltyCap, ...]:
    """The caps of a penalty."""
    found: list[checked.PenaltyCap] = []
    for line in node.lines:
        if not isinstance(line, tree.PenaltyCap):
            continue
        times = _whole(line.times, _MOST)
        if times is None:
            resolver.report.add(BAD_CAP, line.times.span, number=line.times.span.text, most=str(_MOST))
        if line.by is not None and resolver.scope.library.resolve("entities", line.by.text) != "member":
            resolver.report.add(BAD_KEY, line.by.span, name=line.by.text)
        within = dates.length(line.within, resolver.report)
        if times is not None and within is not None:
            found.append(checked.PenaltyCap(times, within, line.by is not None))
    return tuple(found)


def read_breakers(
    resolver: Resolver, actions: Actions, declarations: list[tree.Declaration]
) -> tuple[checked.Breaker, ...]:
    """The breakers of the rulebook; what is at fault is reported and left out."""
    report, library = resolver.report, resolver.scope.library
    found: list[checked.Breaker] = []
    for node in declarations:
        if not isinstance(node, tree.Breaker):
            continue
        share = node.share.value
        sound = node.share.percent and Decimal("0.0001") <= share <= 1
        if not sound:
            report.add(BAD_BREAKER, node.share.span, number=node.share.span.text, wanted=_SHARE)
        least = _whole(node.least, 1_000_000_000)
        if least is None:
            report.add(BAD_BREAKER, node.least.span, number=node.least.span.text, wanted=_NUMBER)
        within = dates.length(node.within, report)
        resolved = actions.several(node.actions, GROUP)
        for one, action in zip(resolved, node.actions, strict=False):
            if library.actions[one.do].falls_on != "community" or one.do == "assign":
                report.add(NOT_TELLING, action.span, action=action.name.text)
        if sound and least is not None and within is not None:
            found.append(checked.Breaker(share, least, within, resolved, shortened(node.span)))
    return tuple(found)


def _whole(node: tree.Number, most: int) -> int | None:
    number = dates.whole(node.value)
    return number if isinstance(number, int) and not node.percent and 1 <= number <= most else None
