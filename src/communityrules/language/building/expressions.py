"""Conditions, sums, calls and constants."""

from __future__ import annotations

from typing import Any, Literal, cast

from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.source import Span
from communityrules.language import messages
from communityrules.language.building.base import BaseBuilder
from communityrules.language.limits import MAX_TEXT
from communityrules.language.token import Token
from communityrules.language.tree import (
    Arithmetic,
    AtLeast,
    Calendar,
    CalendarUnit,
    Call,
    Compare,
    CompareOperator,
    Duration,
    DurationRange,
    Expression,
    Flag,
    Forever,
    Group,
    Logic,
    Not,
    Path,
    Predicate,
    PredicateOperator,
    Regex,
    Sliding,
    Weighted,
    Window,
)  # fmt: skip

_COMPARISONS: dict[str, CompareOperator] = {
    "IS": "is", "EQUAL": "is", "IS_NOT": "is_not", "UNEQUAL": "is_not", "LESS": "<", "AT_MOST": "<=", "MORE": ">",
    "NOT_LESS": ">=",
}  # fmt: skip


class ExpressionBuilder(BaseBuilder):
    def logic(self, children: list[Any]) -> Logic:
        operands = tuple(children[::2])
        operator: Literal["and", "or"] = "or" if children[1].type == "OR" else "and"
        return cast(Logic, self.deepen(Logic(operator, operands, self.span(children)), *operands))

    def negated(self, children: list[Any]) -> Not:
        return cast(Not, self.deepen(Not(children[1], self.span(children)), children[1]))

    def compare(self, children: list[Any]) -> Compare:
        left, operator, right = children
        node = Compare(_COMPARISONS[operator.type], left, right, self.span(children))
        return cast(Compare, self.deepen(node, left, right))

    def predicate(self, children: list[Any]) -> Predicate:
        left = children[0]
        exactly = children[1].type == "EXACTLY"
        operator = children[2 if exactly else 1]
        right = tuple(one for one in children[3 if exactly else 2 :] if not isinstance(one, Token))
        kind = cast(PredicateOperator, operator.type.lower())
        return cast(Predicate, self.deepen(Predicate(kind, left, right, exactly, self.span(children)), left, *right))

    def at_least(self, children: list[Any]) -> AtLeast:
        conditions = tuple(one for one in children[4:] if not isinstance(one, Token))
        node = AtLeast(self.amount(children[1]), conditions, self.span(children))
        return cast(AtLeast, self.deepen(node, *conditions))

    def weighted(self, children: list[Any]) -> Weighted:
        weight, _, condition = children
        return cast(Weighted, self.deepen(Weighted(weight, condition, self.span(children)), weight, condition))

    def arithmetic(self, children: list[Any]) -> Arithmetic:
        left, operator, right = children
        sign = {"PLUS": "+", "MINUS": "-", "STAR": "*", "SLASH": "/"}[operator.type]
        return cast(Arithmetic, self.deepen(Arithmetic(cast(Any, sign), left, right, self.span(children)), left, right))

    def group_(self, children: list[Any]) -> Group:
        return cast(Group, self.deepen(Group(children[1], self.span(children)), children[1]))

    def path(self, children: list[Any]) -> Path:
        if len(children) == 1:
            name = self.name(children[0])
            return Path((name,), name.span)
        return Path(tuple(self.name(one) for one in children[::2]), self.span(children))

    def call(self, children: list[Any]) -> Call:
        arguments: list[Expression] = []
        by: tuple[Expression, ...] | None = None
        window: Window | None = None
        where: Expression | None = None
        for child in children[2:-1]:
            if isinstance(child, _Keys):
                if by is not None:
                    self._repeated(child.span)
                by = by or child.keys
            elif isinstance(child, _Where):
                if where is not None:
                    self._repeated(child.span)
                where = where or child.condition
            elif isinstance(child, Sliding | Calendar):
                if window is not None:
                    self._repeated(child.span)
                window = window or child
            elif not isinstance(child, Token):
                arguments.append(child)
        inner: list[Any] = [*arguments, *(by or ())]
        if where is not None:
            inner.append(where)
        node = Call(self.name(children[0]), tuple(arguments), by or (), window, where, self.span(children))
        return cast(Call, self.deepen(node, *inner) if inner else node)

    def by_keys(self, children: list[Any]) -> _Keys:
        return _Keys(tuple(children[1::2]), self.span(children))

    def sliding(self, children: list[Any]) -> Sliding:
        return Sliding(self.length(children[1]), self.span(children))

    def calendar_window(self, children: list[Any]) -> Calendar:
        unit = self.keywords.meaning("windows", children[0])
        return Calendar(cast(CalendarUnit, unit), self.span(children))

    def where(self, children: list[Any]) -> _Where:
        return _Where(children[1], self.span(children))

    def number(self, children: list[Any]) -> Any:
        return self.negative(children)

    def constant(self, children: list[Any]) -> Any:
        token = children[0]
        match token.type:
            case "TEXT":
                return self.quoted(token)
            case "NUMBER":
                return self.amount(token)
            case "DURATION":
                return self.duration(token)
            case "DATE":
                return self.day(token)
            case "TIME":
                return self.time_of_day(token)
            case "TRUE" | "FALSE":
                return Flag(token.type == "TRUE", self.token_span(token))
            case "FOREVER":
                return Forever(self.token_span(token))
            case "RANGE":
                return self._range(token)
            case _:
                return self.regex(token)

    def regex(self, token: Token) -> Regex:
        pattern = self.scan.values[token.start_pos]
        if len(pattern) > MAX_TEXT:
            self.too_long(token, Bilingual("pattern", "格式"), MAX_TEXT)
        return Regex(pattern, self.token_span(token))

    def _range(self, token: Token) -> DurationRange:
        """`1 to 30 days`; both ends in the unit of the last."""
        last = next(position for position in range(len(token) - 1, -1, -1) if token[position].isdigit())
        first = last
        while first > 0 and (token[first - 1].isdigit() or token[first - 1] == "."):
            first -= 1
        low = self.decimal(token, token)
        span = self.token_span(token)
        high = Span(span.source, span.start + first, span.end)
        unit = self.unit(token[last + 1 :])
        return DurationRange(low, Duration(self.decimal(token[first:], token), unit, high), span)

    def _repeated(self, span: Span) -> None:
        self.report(messages.REPEATED, span, {"found": span.text[:60]})


class _Keys:
    """The keys after `by`, until their call takes them."""

    __slots__ = ("keys", "span")

    def __init__(self, keys: tuple[Expression, ...], span: Span) -> None:
        self.keys = keys
        self.span = span


class _Where:
    """The condition after `where`, until its call takes it."""

    __slots__ = ("condition", "span")

    def __init__(self, condition: Expression, span: Span) -> None:
        self.condition = condition
        self.span = span
