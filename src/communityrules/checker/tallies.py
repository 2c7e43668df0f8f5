"""Tallies: conditions with weights, added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from communityrules.checker import checked
from communityrules.checker.context import Context
from communityrules.checker.types import type_of
from communityrules.checker.wording import text_of
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.model.values import NUMBER

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

NOT_WEIGHED: Final = Message(
    code="CR241",
    severity="error",
    title=Bilingual("Tally of something without a weight", "计分项没有分值"),
    text=Bilingual(
        "`{what}` in `{function}` is no weight with a condition.", "`{function}` 中的 `{what}` 不是带分值的条件。"
    ),
    hint=Bilingual(
        "Write `{function}(3 if message.links is not empty, 2 if …)`.",
        "写作 `{function}(3 若 消息.链接 不为空, 2 若 …)`。",
    ),
)

BAD_WEIGHT: Final = Message(
    code="CR242",
    severity="error",
    title=Bilingual("Weight that is not a number", "分值不是数值"),
    text=Bilingual(
        "`{what}` cannot be a weight: it must be known before anything happens.",
        "`{what}` 不能作分值:分值须在事件之前就已知。",
    ),
    hint=Bilingual(
        "Write a number other than 0, or the name of a parameter that is one.", "请写非零的数值,或数值参数的名称。"
    ),
)

WEIGHT_ELSEWHERE: Final = Message(
    code="CR243",
    severity="error",
    title=Bilingual("Weight outside a tally", "分值用在计分之外"),
    text=Bilingual("`{what}` is a weight, and only `tally` takes weights.", "`{what}` 是分值,只能写在 `计分` 之内。"),
    hint=Bilingual("Write `tally({what}) >= …`, or the condition alone.", "写作 `计分({what}) >= …`,或只写条件。"),
)

COUNTED_TWICE: Final = Message(
    code="CR244",
    severity="error",
    title=Bilingual("Condition that is weighed twice", "同一条件计分两次"),
    text=Bilingual(
        "`{what}` stands in this tally twice, so both weights count together.",
        "`{what}` 在此计分中出现两次,分值会相加。",
    ),
    hint=Bilingual("Write it once, with the weight that it should have.", "请只写一次,并写明应有的分值。"),
)


def tally(node: tree.Call, resolver: Resolver, context: Context) -> checked.Tally | None:
    """`tally(3 if a, 2 if b)`."""
    resolver.tallied = True
    known: list[checked.Weight] = []
    sound = bool(node.arguments)
    if not node.arguments:
        resolver.report.add(NOT_WEIGHED, node.span, what=text_of(node), function=node.function.text)
    seen: set[checked.Expression] = set()
    for one in node.arguments:
        if not isinstance(one, tree.Weighted):
            resolver.report.add(NOT_WEIGHED, one.span, what=text_of(one), function=node.function.text)
            sound = False
            continue
        weight = _weight(one.weight, resolver, context)
        condition = resolver.condition(one.condition, context)
        if weight is None or condition is None:
            sound = False
            continue
        if condition in seen:
            resolver.report.add(COUNTED_TWICE, one.condition.span, what=text_of(one.condition))
        seen.add(condition)
        known.append(checked.Weight(weight, condition, what=text_of(one.condition)))
    return checked.Tally(tuple(known), NUMBER, what=text_of(node)) if sound else None


def _weight(node: tree.Expression, resolver: Resolver, context: Context) -> checked.Const | checked.ParameterRef | None:
    inner = node
    while isinstance(inner, tree.Group):
        inner = inner.inner
    if isinstance(inner, tree.Number | tree.Path):
        found = resolver.value(inner, replace(context, query=False))
        if found is None:
            return None
        if (
            isinstance(found, checked.Const | checked.ParameterRef)
            and type_of(found) == NUMBER
            and not (isinstance(found, checked.Const) and not found.value)
        ):
            return found
    resolver.report.add(BAD_WEIGHT, node.span, what=text_of(node))
    return None
