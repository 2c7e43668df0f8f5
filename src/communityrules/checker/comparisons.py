"""`is`, `<` and their like, and ranges: which types stand beside each other, and what dates mean against instants."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from communityrules.checker import checked, dates
from communityrules.checker.context import Context
from communityrules.checker.scope import RESERVED_RULES
from communityrules.checker.types import is_open_label, type_of
from communityrules.checker.wording import text_of
from communityrules.checker.words import operator_word, type_word
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.library.operators import comparable
from communityrules.model.values import BOOLEAN, INSTANT, NUMBER, TEXT, Type

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

WRONG_TYPES: Final = Message(
    code="CR207",
    severity="error",
    title=Bilingual("Wrong type", "类型不符"),
    text=Bilingual(
        "`{left}` is {left_type} and `{right}` is {right_type}; they cannot be compared.",
        "`{left}` 是{left_type},`{right}` 是{right_type},无法比较。",
    ),
    hint=Bilingual("{advice}", "{advice}"),
)

NO_ORDER: Final = Message(
    code="CR214",
    severity="error",
    title=Bilingual("Operator that does not fit the type", "运算符与类型不符"),
    text=Bilingual("`{what}` is {type}, which `{operator}` does not take.", "`{what}` 是{type},不能用 `{operator}`。"),
    hint=Bilingual("Use an operator for {type}, or another fact.", "请用适合{type}的运算符,或换个事实。"),
)

PERCENT_OF_COUNT: Final = Message(
    code="CR231",
    severity="error",
    title=Bilingual("Count beside a percentage", "数量与百分数相比"),
    text=Bilingual(
        "`{what}` is a whole number; `{limit}` is a part of one.", "`{what}` 是整数,而 `{limit}` 是一的几分之几。"
    ),
    hint=Bilingual(
        "Compare a share, such as `count(…) / count(…) > 5%`, or write a whole number.",
        "请比较占比,例如 `计数(…) / 计数(…) > 5%`,或写整数。",
    ),
)

#: Fields that the engine fills with names of its own and ids.
_ID_FIELDS: Final = frozenset({"rule", "penalty", "case", "kind", "duty", "result", "sanction", "action"})
_FLIPPED: Final[dict[str, tree.CompareOperator]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compare(node: tree.Compare, resolver: Resolver, context: Context) -> checked.Expression | None:
    """One comparison."""
    known = resolver.alike.sides(node.left, node.operator, node.right, context)
    if known is not None:
        return checked.Compare(node.operator, *known, is_id(known[0]), text_of(node, node.right))
    group = _membership(node, resolver, context)
    if group is not None:
        return group
    pair = both(node.left, node.right, resolver, context, ordered=node.operator not in ("is", "is_not"))
    if pair is None:
        return None
    left, right = pair
    what = text_of(node, node.right)
    if not check_types(left, right, node.operator, node.left, node.right, resolver):
        return None
    _check_percent(left, node.left, node.right, resolver)
    _check_percent(right, node.right, node.left, resolver)
    dated = _against_day(node.operator, left, right, what, resolver)
    if dated is not None:
        return dated
    resolver.alike.note(node.left, node.operator, node.right, context, left, right)
    return checked.Compare(node.operator, left, right, is_id(left) or is_id(right), what=what)


def _check_percent(
    counted: checked.Expression, what: tree.Expression, limit: tree.Expression, resolver: Resolver
) -> None:
    """`count(…) > 5%`: a whole number against a part of one."""
    if not isinstance(counted, checked.AggregateRef) or not isinstance(limit, tree.Number) or not limit.percent:
        return
    if resolver.measures[counted.index].function in ("count", "distinct", "similar", "open_duties"):
        resolver.report.add(PERCENT_OF_COUNT, limit.span, limit=limit.span.text, what=text_of(what))


def range_(node: tree.Predicate, resolver: Resolver, context: Context) -> checked.Expression | None:
    """`between … and …`, `outside … to …`."""
    if len(node.right) != 2:
        return None
    operand = resolver.value(node.left, context)
    low = resolver.value(node.right[0], context)
    high = resolver.value(node.right[1], context)
    if operand is None or low is None or high is None:
        return None
    for bound, written in ((low, node.right[0]), (high, node.right[1])):
        if not check_types(operand, bound, "<=", node.left, written, resolver):
            return None
    if type_of(operand) == INSTANT:
        low = _first_instant(low, resolver)
        high = _last_instant(high, resolver)
    return checked.InRange(operand, low, high, node.operator == "outside", what=text_of(node))


def both(
    left_node: tree.Expression,
    right_node: tree.Expression,
    resolver: Resolver,
    context: Context,
    *,
    ordered: bool = False,
) -> tuple[checked.Expression, checked.Expression] | None:
    """Both sides of a comparison; a name beside a state is one of its values, a label takes the type it meets.

    A label that is `ordered` against something stays the number that it usually is.
    """
    left_state, right_state = _state(left_node, resolver), _state(right_node, resolver)
    if left_state is not None and right_state is None:
        left = resolver.value(left_node, context)
        right: checked.Expression | None = resolver.state_value(left_state, right_node)
    elif right_state is not None and left_state is None:
        right = resolver.value(right_node, context)
        left = resolver.state_value(right_state, left_node)
    else:
        left = resolver.value(left_node, context)
        right = _library_name(left, right_node, resolver) or _rule_number(left, right_node, resolver)
        if right is None and _is_unquoted(left, right_node, resolver):
            return None
        if right is None:
            right = resolver.value(right_node, context)
    if left is None or right is None:
        return None
    return _meet(left, right, ordered)


def _is_unquoted(left: checked.Expression | None, node: tree.Expression, resolver: Resolver) -> bool:
    """`report.category is spam`: a word without quotes beside a text; reports it when it is one."""
    if left is None or type_of(left) != TEXT or not isinstance(node, tree.Path) or len(node.parts) != 1:
        return False
    name = node.parts[0]
    scope = resolver.scope
    if scope.value_kind(name.text) is not None or scope.event(name.text) or scope.is_library_name(name.text):
        return False
    resolver.unknown_value(name, quotable=True)
    return True


def _meet(
    left: checked.Expression, right: checked.Expression, ordered: bool
) -> tuple[checked.Expression, checked.Expression]:
    if ordered:
        return left, right
    if is_open_label(left):
        left = as_type(left, type_of(right))
    elif is_open_label(right):
        right = as_type(right, type_of(left))
    # An id written as a text is that member or message.
    if isinstance(right, checked.Const) and right.type == TEXT and type_of(left).kind in ("member", "message"):
        right = checked.Const(right.value, type_of(left))
    elif isinstance(left, checked.Const) and left.type == TEXT and type_of(right).kind in ("member", "message"):
        left = checked.Const(left.value, type_of(right))
    return left, right


def as_type(label: checked.FieldRef, type_: Type) -> checked.FieldRef:
    """A classifier's label is a number unless it is compared with a text or with true and false."""
    return replace(label, type=type_) if type_ in (TEXT, BOOLEAN) else replace(label, type=NUMBER)


def check_types(
    left: checked.Expression,
    right: checked.Expression,
    operator: str,
    left_node: tree.Expression,
    right_node: tree.Expression,
    resolver: Resolver,
) -> bool:
    """Whether two operands fit each other and the operator; reports it when not."""
    left_type, right_type = type_of(left), type_of(right)
    # Only a written date is a day of the rulebook's calendar against an instant.
    dated = {left_type.kind, right_type.kind} == {"date", "instant"}
    written = isinstance(left if left_type.kind == "date" else right, checked.Const)
    if not comparable(left_type, right_type) or (dated and not written):
        resolver.report.add(
            WRONG_TYPES,
            right_node.span,
            left=text_of(left_node),
            left_type=type_word(left_type),
            right=text_of(right_node),
            right_type=type_word(right_type),
            advice=_advice(left_type, right_type),
        )
        return False
    declared = resolver.scope.library.operators.get(operator)
    if declared is not None and left_type.kind not in declared.left:
        resolver.report.add(
            NO_ORDER,
            left_node.span,
            what=text_of(left_node),
            type=type_word(left_type),
            operator=operator_word(operator),
        )
        return False
    return True


def _advice(left: Type, right: Type) -> Bilingual:
    """What to do about two types that cannot be compared."""
    if left.kind == "list" and right == left.item:
        return Bilingual("Ask with `has` whether it holds that.", "要问其中有没有,请用 `有`。")
    if left.kind == "instant" and right.kind == "number":
        return Bilingual("Write a time of day such as `08:00`, or a date.", "请写时刻,例如 `08:00`,或写日期。")
    word = type_word(left)
    return Bilingual(f"Compare it with {word.en}.", f"请与{word.zh}比较。")


def is_id(operand: checked.Expression) -> bool:
    """Whether an operand holds an id or a name of the engine's, which compare as they are."""
    if not isinstance(operand, checked.FieldRef):
        return False
    if operand.root in ("event", "target") or (
        operand.root == "own" and not operand.custom and operand.name in _ID_FIELDS
    ):
        return operand.type == TEXT
    return operand.type.kind in ("member", "message")


def _bare(node: tree.Expression) -> str | None:
    while isinstance(node, tree.Group):
        node = node.inner
    return node.text if isinstance(node, tree.Path) and len(node.parts) == 1 else None


def _state(node: tree.Expression, resolver: Resolver) -> str | None:
    name = _bare(node)
    return name if name is not None and resolver.scope.value_kind(name) == "state" else None


def _library_name(left: checked.Expression | None, node: tree.Expression, resolver: Resolver) -> checked.Const | None:
    """`event.type is message`, `sanctioned.kind is mute`: the canonical name, in any spelling, quoted or not."""
    if not isinstance(left, checked.FieldRef) or left.custom:
        return None
    written = node.value if isinstance(node, tree.Text) else _bare(node)
    if written is None or resolver.scope.value_kind(written) is not None:
        return None
    known: str | None = None
    if (left.root, left.name) in (("event", "type"), ("own", "duty")):
        known = resolver.scope.event(written)
    elif (left.root, left.name) in (("own", "kind"), ("own", "action")):
        known = resolver.scope.library.resolve("actions", written)
    return checked.Const(known, TEXT) if known is not None else None


def _rule_number(left: checked.Expression | None, node: tree.Expression, resolver: Resolver) -> checked.Const | None:
    """`breach.rule is 5`: the number of a rule, quoted or not; also one under which the engine itself answers."""
    if not (isinstance(left, checked.FieldRef) and left.name == "rule" and left.root in ("own", "target")):
        return None
    if not isinstance(node, tree.Text | tree.Number):
        return None
    id_ = tree.RuleId(node.value if isinstance(node, tree.Text) else node.span.text, node.span)
    if id_.text in RESERVED_RULES and id_.text not in resolver.scope.rules:
        return checked.Const(RESERVED_RULES[id_.text], TEXT)
    resolver.scope.has_rule(id_)
    return checked.Const(id_.text, TEXT)


def _membership(node: tree.Compare, resolver: Resolver, context: Context) -> checked.Expression | None:
    """`member is staff`: the subject is in that group."""
    name = _bare(node.right)
    if name is None or node.operator not in ("is", "is_not"):
        return None
    if resolver.scope.value_kind(name) != "group":
        return None
    left = _bare(node.left)
    if left is None or resolver.scope.library.resolve("entities", left) != "member":
        return None
    inside = resolver.value(node.right, context)
    if inside is None or node.operator == "is":
        return inside
    return checked.Not(inside)


def _against_day(
    operator: tree.CompareOperator, left: checked.Expression, right: checked.Expression, what: str, resolver: Resolver
) -> checked.Expression | None:
    """An instant against a written date: the whole day, in the rulebook's zone."""
    if type_of(left).kind == "date" and type_of(right) == INSTANT:
        flipped = _FLIPPED.get(operator, operator)
        return _against_day(flipped, right, left, what, resolver)
    if type_of(left) != INSTANT or not isinstance(right, checked.Const) or not isinstance(right.value, date):
        return None
    first, last = _first_instant(right, resolver), _last_instant(right, resolver)
    if operator in ("is", "is_not"):
        return checked.InRange(left, first, last, operator == "is_not", what=what)
    return checked.Compare(operator, left, first if operator in ("<", ">=") else last, what=what)


def _first_instant(bound: checked.Expression, resolver: Resolver) -> checked.Expression:
    if isinstance(bound, checked.Const) and isinstance(bound.value, date):
        return checked.Const(dates.midnight(bound.value, resolver.zone), INSTANT)
    return bound


def day_as_instant(operand: checked.Expression, wanted: Type, resolver: Resolver) -> checked.Expression:
    """A written date as the instant at which it begins, where an instant is wanted."""
    return _first_instant(operand, resolver) if wanted == INSTANT else operand


def _last_instant(bound: checked.Expression, resolver: Resolver) -> checked.Expression:
    if isinstance(bound, checked.Const) and isinstance(bound.value, date):
        end = dates.after(bound.value, resolver.zone)
        return checked.Const(end - 1 if end is not None else dates.midnight(bound.value, resolver.zone), INSTANT)
    return bound
