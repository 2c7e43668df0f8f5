"""Conditions on one value alone, as plain data: rules that ask the same share one, and it can be kept."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, NamedTuple

from communityrules.checker import checked
from communityrules.library.fold import fold_short

#: In which form a value is compared: as it is, folded, on the local clock or calendar, or where the event happened; of
#: a list each item, as it is or folded; of any value whether there is one.
Form = Literal["plain", "folded", "minute_of_day", "date", "place", "items", "folded items", "present"]

#: What a value is asked, by its kind and what that goes by:
#: `(operator, point)` a comparison; `("in", values, negated)`; `("between", low, high, outside)` both included;
#: `("clock", low, high, outside)` its start included and its end not, past midnight when it starts later than it ends;
#: `("since", start, end)` from an instant on to before another, either may be None; `("holds", values, exactly)` a list
#: that holds any of some texts; `("true",)`; `("there", negated)` whether there is a value;
#: `("not", test)`, `("all", tests)`, `("any", tests)`. False of an absent value but for `there` and `not`.
Test = tuple[Any, ...]

_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Other:
    """Stands for every value that no rule names."""


class Split(NamedTuple):
    """A condition on one value alone."""

    operand: checked.Expression
    form: Form
    test: Test

    @property
    def key(self) -> tuple[Form, int]:
        """The same for those on the same value: guards name equal operands by one object."""
        return self.form, id(self.operand)

    @property
    def points(self) -> tuple[Any, ...]:
        """Where the answer may change: values in the form in which they are compared."""
        return points(self.test)

    def holds(self, value: Any) -> bool:
        """The answer of a value in that form; of None where the fact is absent."""
        return tester(self.test)(value)


def points(test: Test) -> tuple[Any, ...]:
    """Where the answer of a test may change."""
    match test:
        case ("in" | "holds", values, _):
            return tuple(values)
        case ("between" | "clock", low, high, _):
            return (low, high)
        case ("since", start, end):
            return tuple(one for one in (start, end) if one is not None)
        case ("true",) | ("there", _):
            return (True, False)
        case ("not", inner):
            return points(inner)
        case ("all" | "any", several):
            return tuple(dict.fromkeys(point for one in several for point in points(one)))
        case (_, point):
            return (point,)
    raise AssertionError(test)


def together(splits: Sequence[Split], joint: Literal["all", "any"]) -> Split:
    """Several conditions on one value as one."""
    if len(splits) == 1:
        return splits[0]
    return splits[0]._replace(test=(joint, tuple([one.test for one in splits])))


def denied(split: Split) -> Split:
    return split._replace(test=("not", split.test))


def tester(test: Test) -> Callable[[Any], bool]:
    """What answers a test."""
    compare = _OPERATORS.get(test[0])
    if compare is not None:
        point = test[1]
        return lambda value: value is not None and compare(value, point)
    match test:
        case ("in", values, negated):
            wanted = frozenset(values)
            return lambda value: value is not None and (value in wanted) is not negated
        case ("between", low, high, outside):
            return lambda value: value is not None and (low <= value <= high) is not outside
        case ("clock", low, high, outside):
            if low <= high:
                return lambda value: value is not None and (low <= value < high) is not outside
            return lambda value: value is not None and (value >= low or value < high) is not outside
        case ("since", start, end):
            return lambda now: now is not None and (start is None or now >= start) and (end is None or now < end)
        case ("holds", values, exactly):
            texts = frozenset(values)
            look: Callable[[str], str] = str if exactly else fold_short
            return lambda items: items is not None and any(look(one) in texts for one in items)
        case ("true",):
            return lambda value: value is True
        case ("there", negated):
            return lambda there: (there is True) is negated
        case ("not", inner):
            asked = tester(inner)
            return lambda value: not asked(value)
        case ("all", several):
            tests = tuple(map(tester, several))
            return lambda value: all(one(value) for one in tests)
        case ("any", several):
            tests = tuple(map(tester, several))
            return lambda value: any(one(value) for one in tests)
    raise AssertionError(test)
