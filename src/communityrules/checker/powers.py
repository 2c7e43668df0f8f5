"""Powers: what each group may do by hand, up to which length, and who decides above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from communityrules.checker import checked
from communityrules.checker.actions import WRONG_ARGUMENT, Actions
from communityrules.checker.context import GROUP
from communityrules.checker.wording import shortened
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.diagnostics.source import Span
from communityrules.language import tree

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

TWO_CAPS: Final = Message(
    code="CR470",
    severity="warning",
    title=Bilingual("Two caps for one power", "同一权限有两个上限"),
    text=Bilingual(
        "`{group}` may `{action}` up to one length here and up to another in line {line}.",
        "`{group}` 在此处与第 {line} 行获得的 `{action}` 权限,上限不同。",
    ),
    hint=Bilingual("Keep one of them; as it is, the longer one counts.", "只保留一处;目前以较长者为准。"),
)

NOBODY_ABOVE: Final = Message(
    code="CR471",
    severity="warning",
    title=Bilingual("Cap above which nobody decides", "超出上限后无人决定"),
    text=Bilingual(
        "Several groups may `{action}`, and nobody may do so for longer than this.",
        "有几个用户组可以 `{action}`,但没有人可以超过此处的时长。",
    ),
    hint=Bilingual(
        "Leave the cap of the highest rank out, or say who decides: `above that hold for GROUP`.",
        "去掉最高一级的上限,或写明由谁决定:`超出则 送审 用户组`。",
    ),
)

NOT_A_HOLD: Final = Message(
    code="CR472",
    severity="error",
    title=Bilingual("What becomes of too much", "超出权限时的处置不成立"),
    text=Bilingual("`{what}` does not say who decides what is above the cap.", "`{what}` 没有说明超出上限的由谁决定。"),
    hint=Bilingual("Write `above that hold for GROUP`, and nothing else.", "只写 `超出则 送审 用户组`。"),
)

NEVER_ABOVE: Final = Message(
    code="CR473",
    severity="warning",
    title=Bilingual("Decision that never comes", "永远用不到的决定"),
    text=Bilingual(
        "No action here has a cap, so that nothing is ever above it.", "这里的操作都没有上限,不会有超出的情形。"
    ),
    hint=Bilingual(
        "Give an action a cap, such as `ban up to 1 day`, or remove `above that …`.",
        "请写上上限,例如 `封禁 至多 1天`,或删去 `超出则 …`。",
    ),
)


def read_powers(
    resolver: Resolver, actions: Actions, declarations: list[tree.Declaration]
) -> tuple[checked.Power, ...]:
    """What each group may do by hand; what is at fault is reported and left out."""
    scope, report = resolver.scope, resolver.report
    found: list[checked.Power] = []
    caps: list[tuple[checked.Power, str, Span]] = []
    for node in declarations:
        if not isinstance(node, tree.Power):
            continue
        sound = scope.has_group(node.group)
        lengths: dict[str, int | None] = {}
        places: dict[str, Span] = {}
        for action in node.actions:
            resolved = actions.one(action, GROUP, lenient=True)
            if resolved is None:
                sound = False
                continue
            for argument in action.arguments:
                if argument.slot != "up_to" or isinstance(argument.value, tree.Allowance):
                    advice = Bilingual(
                        "Only a cap may follow, such as `up to 1 day`.", "其后只写上限,例如 `至多 1天`。"
                    )
                    report.add(
                        WRONG_ARGUMENT,
                        argument.span,
                        action=action.name.text,
                        argument=shortened(argument.span),
                        advice=advice,
                    )
            cap = resolved.arguments.get("up_to")
            lengths[resolved.do] = cap if isinstance(cap, int) else None
            places[resolved.do] = action.span
        above = _above(node, resolver, actions)
        if node.above and all(one is None for one in lengths.values()):
            report.add(NEVER_ABOVE, node.above[0].span)
        if sound:
            power = checked.Power(node.group.text, lengths, above, shortened(node.span))
            found.append(power)
            caps += [(power, name, span) for name, span in places.items()]
    _compare(resolver, caps)
    return tuple(found)


def _above(node: tree.Power, resolver: Resolver, actions: Actions) -> checked.Action | None:
    """The `hold` that says who decides what is above a cap."""
    resolved = actions.several(node.above, GROUP)
    if not node.above or len(resolved) < len(node.above):
        return None
    if len(resolved) == 1 and resolved[0].do == "hold":
        return resolved[0]
    span = node.above[0].span.to(node.above[-1].span)
    resolver.report.add(NOT_A_HOLD, span, what=shortened(span))
    return None


def _compare(resolver: Resolver, caps: list[tuple[checked.Power, str, Span]]) -> None:
    """Powers that say two things, and caps that nobody is above."""
    report = resolver.report
    first: dict[tuple[str, str], tuple[int | None, Span]] = {}
    for power, name, span in caps:
        cap = power.caps[name]
        before = first.setdefault((power.group, name), (cap, span))
        if before[0] != cap:
            report.add(TWO_CAPS, span, group=power.group, action=_shown(span), line=str(before[1].line))
    for name in dict.fromkeys(one for _, one, _ in caps):
        listed = [(power, power.caps[name], span) for power, one, span in caps if one == name]
        lengths = [cap for _, cap, _ in listed]
        if len({power.group for power, _, _ in listed}) < 2 or any(one is None for one in lengths):
            continue
        power, _, span = max(listed, key=lambda one: one[1] or 0)
        if power.above is None:
            report.add(NOBODY_ABOVE, span, action=_shown(span))


def _shown(span: Span) -> str:
    return span.text.split()[0] if span.text.split() else ""
