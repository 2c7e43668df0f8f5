"""Small changes to the tree of a rulebook: a limit moved, an operator turned round, a clause or a part left out.

The change is made where the words stand, so that it can be shown as its writer would read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal

from communityrules.checker.packs import is_pack
from communityrules.diagnostics.source import Span
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.library.table import STANDARD

#: What was done: a declaration, clause or part taken away; a number, length or time moved by the least step; an
#: operator turned round; a comparison that includes its limit made to exclude it, or the other way round.
Kind = Literal["removed", "limit", "operator", "boundary"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change in one place."""

    kind: Kind
    #: The exact place.
    span: Span
    #: The item on whose line it is made, as it was and as it became; None when all of it is taken away.
    before: Any
    after: Any | None
    #: The declaration, as it became; None when all of it is taken away.
    declaration: tree.Declaration | None


#: What no test can look at, or what is not law: names, texts, tests, words of lists, what hosts send. A list has many
#: words for one thing; that no test says each of them is no fault of the tests.
_LEFT_ALONE: Final = (
    tree.Header, tree.Use, tree.MemberFields, tree.LabelTypes, tree.EventType, tree.TemplateDeclaration,
    tree.ListDeclaration, tree.PatternDeclaration, tree.StateDeclaration, tree.Test,
)  # fmt: skip
#: Declarations that say nothing any more once they are away; others are named somewhere.
_WHOLE: Final = (tree.Rule, tree.Amend, tree.Repeal, tree.Power, tree.Breaker, tree.Leaderboard)
_BOUNDARY: Final[dict[str, tree.CompareOperator]] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_OPPOSITE: Final[dict[str, tree.CompareOperator]] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "is": "is_not",
    "is_not": "is",
}
_TURNED: Final[dict[str, tree.PredicateOperator]] = {
    "one_of": "not_one_of", "not_one_of": "one_of", "empty": "not_empty", "not_empty": "empty", "between": "outside",
    "outside": "between", "starts_with": "ends_with", "ends_with": "starts_with",
}  # fmt: skip
#: Of several words it matters whether any or all must be there.
_SEVERAL: Final[dict[str, tree.PredicateOperator]] = {
    "has_any": "has_all", "has_all": "has_any", "contains_any": "contains_all", "contains_all": "contains_any",
}  # fmt: skip
_ARITHMETIC: Final[dict[str, Literal["+", "-", "*", "/"]]] = {"+": "-", "-": "+", "*": "/", "/": "*"}
#: A unit and how many of the next smaller one it is.
_SMALLER: Final[dict[str, tuple[tree.TimeUnit, int]]] = {
    "minute": ("second", 60),
    "hour": ("minute", 60),
    "day": ("hour", 24),
    "week": ("day", 7),
}
_LONGER: Final[dict[str, tree.CalendarUnit]] = {
    "hour": "day", "day": "week", "week": "month", "month": "quarter", "quarter": "year", "year": "quarter",
}  # fmt: skip
#: Clauses without which a rule says something else that can be said.
_CLAUSES: Final = (
    tree.AppliesTo, tree.InPlaces, tree.Effective, tree.If, tree.Then, tree.Require, tree.Cooldown, tree.Overrides,
    tree.Trial, tree.OnEvents, tree.Every, tree.FoundBy, tree.Responsible,
)  # fmt: skip
#: Where a condition needs no parentheses around it.
_CONDITIONS: Final = (
    tree.If, tree.Definition, tree.Metric, tree.GroupDeclaration, tree.PlaceDeclaration, tree.Group,
)  # fmt: skip
#: Fields of a node that hold several, each of which may be left out while another stays.
_PARTS: Final = {
    tree.Logic: ("operands",), tree.AtLeast: ("conditions",), tree.OnEvents: ("events",), tree.Then: ("consequences",),
    tree.Overrides: ("rules",), tree.Power: ("actions",), tree.Breaker: ("actions",), tree.PenaltyStep: ("actions",),
    tree.CalendarDeclaration: ("lines",), tree.Reminder: ("actions",), tree.AppliesTo: ("groups", "excluded"),
    tree.InPlaces: ("places", "excluded"), tree.Require: ("urgencies", "reminders"), tree.Action: ("if_late",),
    tree.ParameterDeclaration: ("values",),
}  # fmt: skip
#: Fields that may be left out altogether, and what stands there then.
_OPTIONS: Final[dict[type, dict[str, Any]]] = {
    tree.AppliesTo: {"groups": (), "excluded": ()},
    tree.InPlaces: {"places": (), "excluded": ()},
    tree.Responsible: {"each": False},
    tree.Effective: {"start": None, "end": None},
    tree.Require: {"times": None, "calendar": None, "if_late": (), "urgencies": (), "reminders": ()},
    tree.Action: {"if_late": ()},
    tree.Call: {"where": None, "by": ()},
    tree.Predicate: {"exactly": False},
    tree.PenaltyDeclaration: {"over": None},
    tree.Appeal: {"times": None, "within": None},
    tree.PenaltyCap: {"by": None},
    tree.Power: {"above": ()},
    tree.Table: {"first_match": False},
}


def changes(declaration: tree.Declaration) -> Iterator[Change]:
    """Every change to one declaration, in the order of its text; none to what comes from a pack."""
    if isinstance(declaration, _LEFT_ALONE) or is_pack(declaration.span.source.name):
        return
    if isinstance(declaration, _WHOLE):
        yield Change("removed", declaration.span, declaration, None, None)
    for kind, span, before, after, changed in _within(declaration):
        yield Change(kind, span, before, after, changed)


#: The kind, the place, the item on the line before and after (neither while it has not been come to), the changed node.
_Found = tuple[Kind, Span, Any, Any, Any]


def _within(node: Any) -> Iterator[_Found]:
    """Changes to a node and to what is in it."""
    # What stands on a line of its own has a layout.
    own_line = hasattr(node, "layout")
    for kind, span, before, after, changed in _anywhere(node):
        if own_line and before is None:
            yield kind, span, node, changed, changed
        else:
            yield kind, span, before, after, changed


def _anywhere(node: Any) -> Iterator[_Found]:
    yield from _own(node)
    for one in fields(node):
        if one.name in ("span", "layout"):
            continue
        value: Any = getattr(node, one.name)
        if isinstance(value, tuple):
            for index, item in enumerate(value):
                if is_dataclass(item):
                    for kind, span, before, after, changed in _within(item):
                        whole = replace(node, **{one.name: (*value[:index], changed, *value[index + 1 :])})
                        yield kind, span, before, after, whole
        elif is_dataclass(value):
            for kind, span, before, after, changed in _within(value):
                if (
                    isinstance(changed, tree.Group)
                    and isinstance(node, _CONDITIONS)
                    and changed.span is getattr(value, "span", None)
                ):
                    changed = changed.inner
                yield kind, span, before, after, replace(node, **{one.name: changed})


def _own(node: Any) -> Iterator[_Found]:
    """Changes to a node itself."""
    for kind, changed in _turned(node):
        yield kind, node.span, None, None, changed
    for name, value in _OPTIONS.get(type(node), {}).items():
        if getattr(node, name) != value:
            yield "removed", node.span, None, None, replace(node, **{name: value})
    for name in _PARTS.get(type(node), ()):
        parts = getattr(node, name)
        for index, part in enumerate(parts):
            rest = _without(parts, index)
            if not rest:
                continue
            changed = rest[0] if isinstance(node, tree.Logic) and len(rest) == 1 else replace(node, **{name: rest})
            yield "removed", part.span, None, None, changed
    yield from _lines(node)


def _turned(node: Any) -> Iterator[tuple[Kind, Any]]:
    """The other values that a limit or an operator may have."""
    match node:
        case tree.Compare():
            if node.operator in _BOUNDARY:
                yield "boundary", replace(node, operator=_BOUNDARY[node.operator])
            yield "operator", replace(node, operator=_OPPOSITE[node.operator])
        case tree.Predicate():
            turned = _TURNED.get(node.operator) or (_SEVERAL.get(node.operator) if len(node.right) > 1 else None)
            if turned is not None:
                yield "operator", replace(node, operator=turned)
            else:
                yield "operator", tree.Not(node, node.span)
        case tree.Logic():
            yield "operator", _grouped(replace(node, operator="or" if node.operator == "and" else "and"))
        case tree.Not():
            yield "operator", node.operand
        case tree.Arithmetic():
            yield "operator", replace(node, operator=_ARITHMETIC[node.operator])
        case tree.Number():
            for value in _near(node.value):
                yield "limit", replace(node, value=value)
        case tree.Duration():
            yield from (("limit", one) for one in _lengths(node))
        case tree.DurationRange():
            if node.low > 1:
                yield "limit", replace(node, low=node.low - 1)
            yield "limit", replace(node, low=node.low + 1)
        case tree.TimeOfDay():
            step = 60 if node.minutes % 60 == 0 else 1
            for minutes in (node.minutes - step, node.minutes + step):
                if 0 <= minutes <= 24 * 60:
                    yield "limit", replace(node, minutes=minutes)
        case tree.Calendar():
            yield "limit", replace(node, unit=_LONGER[node.unit])
        case tree.Flag():
            yield "operator", replace(node, value=not node.value)
        case tree.Call() if len(node.by) > 1:
            for index in range(len(node.by)):
                yield "removed", replace(node, by=_without(node.by, index))
        case tree.Call() if len(node.arguments) > 1 and isinstance(node.arguments[0], tree.Weighted):
            for index in range(len(node.arguments)):
                yield "removed", replace(node, arguments=(*node.arguments[:index], *node.arguments[index + 1 :]))
        case tree.Action() | tree.AsRule():
            yield from _arguments(node)


def _arguments(node: tree.Action | tree.AsRule) -> Iterator[tuple[Kind, Any]]:
    if isinstance(node, tree.Action):
        for index, one in enumerate(node.arguments):
            # `set by` goes with its range; what stands bare is what the action is about, where it needs that. A test
            # need not say how a text is worded.
            droppable = one.slot != "set_by" if one.slot else _may_be_bare(node)
            if droppable and not isinstance(one.value, tree.Text):
                yield "removed", replace(node, arguments=(*node.arguments[:index], *node.arguments[index + 1 :]))


def _may_be_bare(action: tree.Action) -> bool:
    """Whether an action says something without what stands right after its name, as `remind` and `flag` do."""
    declared = STANDARD.actions.get(STANDARD.resolve("actions", action.name.text) or "")
    return declared is not None and not any(one.required for one in declared.parameters if not one.slot)


def _lines(node: Any) -> Iterator[_Found]:
    """Lines of a declaration that are taken away."""
    match node:
        case tree.Rule() | tree.Amend():
            yield from _clauses(node)
        case tree.Table():
            yield from _clauses(node)
            for index, row in enumerate(node.rows):
                yield "removed", row.span, row, None, replace(node, rows=_without(node.rows, index))
        case tree.Row():
            for index, cell in enumerate(node.cells):
                if cell is not None and isinstance(cell, _CLAUSES):
                    cells = (*node.cells[:index], None, *node.cells[index + 1 :])
                    yield "removed", cell.span, cell, None, replace(node, cells=cells)
        case tree.PenaltyDeclaration():
            for index, line in enumerate(node.lines):
                yield "removed", line.span, line, None, replace(node, lines=_without(node.lines, index))


def _clauses(node: tree.Rule | tree.Amend | tree.Table) -> Iterator[_Found]:
    for index, clause in enumerate(node.clauses):
        if isinstance(clause, _CLAUSES):
            yield "removed", clause.span, clause, None, replace(node, clauses=_without(node.clauses, index))


def _without(parts: tuple[Any, ...], index: int) -> tuple[Any, ...]:
    return (*parts[:index], *parts[index + 1 :])


def _grouped(node: tree.Logic) -> tree.Expression:
    """`or` in place of `and` must not bind its neighbours otherwise than `and` did."""
    return tree.Group(node, node.span)


def _near(value: Decimal) -> tuple[Decimal, Decimal]:
    """A number a step of its last digit below and above."""
    step = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
    return value - step, value + step


def _lengths(node: tree.Duration) -> Iterator[tree.Duration]:
    """A little shorter and a little longer."""
    below, above = _near(node.amount)
    if below > 0:
        yield replace(node, amount=below)
    elif node.unit in _SMALLER:
        unit, many = _SMALLER[node.unit]
        yield replace(node, amount=Decimal(many - 1), unit=unit)
    yield replace(node, amount=above)
