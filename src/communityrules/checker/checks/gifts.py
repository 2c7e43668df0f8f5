"""What is given and taken back: allowances that always cut, and rules that have nothing to take back."""

from __future__ import annotations

from typing import Final

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

ALWAYS_CUT: Final = Message(
    code="CR422",
    severity="warning",
    title=Bilingual("Points that are always cut", "总被削减的积分"),
    text=Bilingual(
        "`{action}` gives {points} points at once, and no more than {most} are left in a period.",
        "`{action}` 一次计 {points} 分,而一期之内至多 {most} 分。",
    ),
    hint=Bilingual(
        "Raise what stands after `up to`, or give fewer points.", "请提高 `至多` 之后的数,或减少一次的分数。"
    ),
)

NOTHING_GIVEN: Final = Message(
    code="CR423",
    severity="error",
    title=Bilingual("Nothing that could be taken back", "没有可收回的"),
    text=Bilingual(
        "Rule `{rule}` neither moves points nor puts on a label, so there is nothing to take back.",
        "规则 `{rule}` 既不计分也不贴标签,没有可收回的。",
    ),
    hint=Bilingual(
        "Name the rule that gives them; what a penalty does is taken back by an appeal.",
        "请指明给出它们的规则;处罚由申诉撤销。",
    ),
)

_GIVING: Final = frozenset({"award", "deduct", "label"})


def check_gifts(book: Book) -> None:
    """Both kinds."""
    giving = {one.rule.id for one in book.rules for act in _all(one.rule) if act.do in _GIVING}
    for _, asked in book.asked:
        for action, name in asked:
            if name == "take_back" and book.complete:
                for one in action.arguments:
                    rule = one.value
                    if isinstance(rule, tree.RuleId) and rule.text in book.scope.rules and rule.text not in giving:
                        book.report.add(NOTHING_GIVEN, rule.span, rule=rule.text)
            elif name in ("award", "deduct"):
                _check_allowance(book, action)


def _check_allowance(book: Book, action: tree.Action) -> None:
    allowance = next((one.value for one in action.arguments if isinstance(one.value, tree.Allowance)), None)
    points = next((one.value for one in action.arguments if not one.slot and isinstance(one.value, tree.Number)), None)
    most = allowance.number if allowance is not None else None
    if allowance is not None and points is not None and isinstance(most, tree.Number) and points.value > most.value:
        book.report.add(
            ALWAYS_CUT,
            allowance.span,
            action=action.name.text,
            points=f"{points.value:f}",
            most=f"{most.value:f}",
        )


def _all(rule: checked.Rule) -> list[checked.Action]:
    late = [one for duty in rule.duties for one in duty.if_late]
    return [*rule.actions, *late, *(one for act in rule.actions for one in act.if_late)]
