"""The predicates of the language. Their spellings are keywords; here stand their types, meaning and cost."""

from __future__ import annotations

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Operator
from communityrules.model.values import Type

_PLAIN = ("text", "number", "boolean", "date", "instant", "time_of_day", "duration", "member", "message", "state")
_ORDERED = ("number", "date", "instant", "time_of_day", "duration")

_ALL = (
    Operator("is", Bilingual("Equal.", "等于。"), _PLAIN, ("same",)),
    Operator("is_not", Bilingual("Not equal; false when absent.", "不等于;缺则为假。"), _PLAIN, ("same",)),
    Operator("<", Bilingual("Less, or earlier.", "小于或早于。"), _ORDERED, ("same",)),
    Operator("<=", Bilingual("At most.", "不大于。"), _ORDERED, ("same",)),
    Operator(">", Bilingual("More, or later.", "大于或晚于。"), _ORDERED, ("same",)),
    Operator(">=", Bilingual("At least.", "不小于。"), _ORDERED, ("same",)),
    Operator("between", Bilingual("Within a range.", "在范围之内。"), _ORDERED, ("same", "same")),
    Operator(
        "outside",
        Bilingual("Not within a range; false when absent.", "在范围之外;缺则为假。"),
        _ORDERED,
        ("same", "same"),
    ),
    Operator("one_of", Bilingual("Equal to one of several.", "等于其中之一。"), _PLAIN, ("same", "list")),
    Operator("not_one_of", Bilingual("Equal to none of several.", "不等于其中任何一个。"), _PLAIN, ("same", "list")),
    Operator("has", Bilingual("A list holds the item.", "列表中有该项。"), ("list", "labels"), ("item",)),
    Operator(
        "has_any", Bilingual("A list holds one of the items.", "列表中有任一项。"), ("list", "labels"), ("item", "list")
    ),
    Operator(
        "has_all",
        Bilingual("A list holds all of the items.", "列表中有全部各项。"),
        ("list", "labels"),
        ("item", "list"),
    ),
    Operator(
        "contains",
        Bilingual("A text holds the words; of links, the domain.", "文本含有该词;链接则看域名。"),
        ("text", "list"),
        ("text", "list", "detector"),
        "text",
    ),
    Operator(
        "contains_any",
        Bilingual("A text holds one of the words.", "文本含有任一词。"),
        ("text", "list"),
        ("text", "list", "detector"),
        "text",
    ),
    Operator(
        "contains_all",
        Bilingual("A text holds all of the words.", "文本含有全部各词。"),
        ("text", "list"),
        ("text", "list", "detector"),
        "text",
    ),
    Operator("starts_with", Bilingual("A text begins so.", "文本以此开头。"), ("text",), ("text", "list"), "text"),
    Operator("ends_with", Bilingual("A text ends so.", "文本以此结尾。"), ("text",), ("text", "list"), "text"),
    Operator(
        "matches",
        Bilingual("The original text fits a pattern somewhere.", "原文某处符合格式。"),
        ("text", "list"),
        ("pattern",),
        "pattern",
    ),
    Operator(
        "empty",
        Bilingual("Absent, or without content.", "缺,或没有内容。"),
        (*_PLAIN, "list", "labels"),
        (),
    ),
    Operator(
        "not_empty",
        Bilingual("Present and with content.", "有,且有内容。"),
        (*_PLAIN, "list", "labels"),
        (),
    ),
)

#: By keyword, as the tree spells it.
OPERATORS = {one.keyword: one for one in _ALL}

#: Pairs of different types that may be compared, either way round: an instant is read on the rulebook's clock or
#: calendar; a member or a message is its id.
_ALSO = frozenset(
    {("instant", "time_of_day"), ("instant", "date"), ("member", "text"), ("message", "text"), ("state", "text")}
)


def comparable(left: Type, right: Type) -> bool:
    """Whether values of the two types may stand on the two sides of `is`, `<` and their like."""
    if left.kind == right.kind:
        return left.kind != "state" or left.name == right.name
    return (left.kind, right.kind) in _ALSO or (right.kind, left.kind) in _ALSO


def accepts(parameter: Type, given: Type) -> bool:
    """Whether a function's parameter takes a value: of the same type, an id for a text, a date for an instant."""
    if parameter.kind == "list":
        return given.kind == "list" and (parameter.item is None or parameter.item == given.item)
    return (
        parameter.kind == given.kind
        or (parameter.kind == "text" and given.kind in ("member", "message"))
        or (parameter.kind == "instant" and given.kind == "date")
    )
