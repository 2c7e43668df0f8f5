"""Actions and the clauses of a rule."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

from communityrules.diagnostics.source import Span
from communityrules.frozen import replace
from communityrules.language import messages
from communityrules.language.building.expressions import ExpressionBuilder
from communityrules.language.token import Token
from communityrules.language.tree import (
    Action,
    Allowance,
    AppliesTo,
    Argument,
    AsRule,
    CalendarUnit,
    Consequence,
    Content,
    Cooldown,
    Duration,
    Effective,
    Every,
    FoundBy,
    If,
    InPlaces,
    Modality,
    Name,
    Number,
    OnEvents,
    Overrides,
    Path,
    Reminder,
    Require,
    Responsible,
    ReviewBy,
    RuleId,
    Slot,
    Text,
    Then,
    Todo,
    Trial,
    Urgency,
)  # fmt: skip

#: The particle after an action's English name, whose object is the first bare argument.
_PARTICLES = ("for", "to")


class ClauseBuilder(ExpressionBuilder):
    # --- actions ---------------------------------------------------------------------------------------------

    def action(self, children: list[Any]) -> Action:
        arguments = tuple(children[1:])
        if arguments and arguments[0].slot in _PARTICLES:
            arguments = (replace(arguments[0], slot="", span=arguments[0].value.span), *arguments[1:])
        name = self.name(children[0])
        if children[0].type == "TAKE_BACK":
            name = Name("take_back", name.span)
        return Action(name, arguments, (), self.span(children))

    def argument(self, children: list[Any]) -> Argument:
        if len(children) == 1:
            return Argument("", children[0], children[0].span)
        if isinstance(children[1], RuleId):
            return Argument("rule", children[1], self.span(children))
        slot = cast(Slot, children[0].type.lower())
        value = children[1]
        if len(children) > 2:
            unit = cast(CalendarUnit, self.keywords.meaning("windows", children[2]))
            span = self.token_span(children[1]).to(self.token_span(children[2]))
            number = self.amount(children[1]) if children[1].type == "NUMBER" else self.name(children[1])
            value = Allowance(number, unit, span)
        elif isinstance(value, Token):
            value = self.day(value)
        return Argument(slot, value, self.span(children))

    def as_rule(self, children: list[Any]) -> AsRule:
        return AsRule(children[1], self.span(children))

    def if_late(self, children: list[Any]) -> IfLate:
        return IfLate(tuple(one for one in children if isinstance(one, Action)), self.span(children))

    def actions(self, children: list[Any]) -> _Actions:
        return _Actions(cast(tuple[Action, ...], self.joined(children)), self.span(children))

    def joined(self, children: list[Any]) -> tuple[Consequence, ...]:
        """A list of consequences; what is done if late belongs to the last one before it."""
        groups: list[tuple[Consequence, ...]] = [
            tuple(one for one in children if isinstance(one, Action | AsRule)),
            *(one.actions for one in children if isinstance(one, IfLate)),
        ]
        late: tuple[Consequence, ...] = ()
        for group in reversed(groups):
            if late:
                last = group[-1]
                if isinstance(last, AsRule):
                    values = {"found": late[0].span.text, "expected": "`,`"}
                    self.report(messages.UNEXPECTED, late[0].span, values)
                else:
                    span = last.span.to(late[-1].span)
                    group = (*group[:-1], replace(last, if_late=cast(tuple[Action, ...], late), span=span))
            late = group
        return late

    # --- clauses ---------------------------------------------------------------------------------------------

    def content(self, children: list[Any]) -> Content:
        return Content(self.quoted(children[1]), self.span(children), self.layout(children))

    def modality(self, children: list[Any]) -> Modality:
        kind = cast(Any, children[0].type.lower())
        return Modality(kind, self.span(children), self.layout(children))

    def names(self, children: list[Any]) -> _Names:
        return _Names(tuple(self.name(one) for one in children[::2]), self.span(children))

    def places(self, children: list[Any]) -> _Names:
        found = tuple(self.quoted(one) if one.type == "TEXT" else self.name(one) for one in children[::2])
        return _Names(found, self.span(children))

    def applies_to(self, children: list[Any]) -> AppliesTo:
        groups, excluded = self._included(children)
        return AppliesTo(
            cast(tuple[Name, ...], groups), cast(tuple[Name, ...], excluded), self.span(children), self.layout(children)
        )

    def in_places(self, children: list[Any]) -> InPlaces:
        places, excluded = self._included(children)
        return InPlaces(places, excluded, self.span(children), self.layout(children))

    @staticmethod
    def _included(children: list[Any]) -> tuple[tuple[Name | Text, ...], tuple[Name | Text, ...]]:
        included = children[1].names if isinstance(children[1], _Names) else ()
        return included, children[3].names if len(children) > 3 else ()

    def responsible(self, children: list[Any]) -> Responsible:
        each = len(children) > 2
        return Responsible(self.name(children[-1]), self.span(children), self.layout(children), each)

    def effective(self, children: list[Any]) -> Effective:
        start = end = None
        for introduced, token in pairwise(children[1:]):
            if introduced.type == "FROM":
                start = self.day(token)
            elif introduced.type == "TO":
                end = self.day(token)
        return Effective(start, end, self.span(children), self.layout(children))

    def review_by(self, children: list[Any]) -> ReviewBy:
        return ReviewBy(self.day(children[1]), self.span(children), self.layout(children))

    def on_events(self, children: list[Any]) -> OnEvents:
        return OnEvents(cast(tuple[Name, ...], children[1].names), self.span(children), self.layout(children))

    def every(self, children: list[Any]) -> Every:
        token = children[1]
        if token.type == "DURATION":
            period = self.duration(token)
        else:
            period = Duration(self.decimal("1", token), self.unit(token), self.token_span(token))
        return Every(period, self.span(children), self.layout(children))

    def if_(self, children: list[Any]) -> If:
        condition = None if isinstance(children[1], Token) else children[1]
        return If(condition, self.span(children), self.layout(children))

    def then(self, children: list[Any]) -> Then:
        return Then(self.joined(children), self.span(children), self.layout(children))

    def urgency(self, children: list[Any]) -> Urgency:
        return Urgency(self.name(children[1]), self.length(children[3]), self.span(children))

    def reminder(self, children: list[Any]) -> Reminder:
        ahead = children[2] if isinstance(children[2], Token) else None
        before = self.length(children[1]) if ahead is not None else None
        share: Number | Name | None = None
        if before is None:
            share = self.amount(children[1]) if children[1].type == "NUMBER" else self.name(children[1])
        return Reminder(share, before, (children[-1],), self.span(children))

    def until(self, children: list[Any]) -> Path:
        return self.path(children[1:])

    def require(self, children: list[Any]) -> Require:
        times: Number | Name | None = None
        within: Duration | Name | None = None
        calendar: Name | None = None
        until: Path | None = None
        late: list[IfLate] = []
        urgencies: list[Urgency] = []
        reminders: list[Reminder] = []
        for before, child in pairwise(children[1:]):
            match child:
                case IfLate():
                    late.append(child)
                case Path():
                    until = child
                case Urgency():
                    urgencies.append(child)
                case Reminder():
                    reminders.append(child)
                case Action():
                    last = reminders[-1]
                    reminders[-1] = replace(last, actions=(*last.actions, child), span=last.span.to(child.span))
                case Token(type="NUMBER"):
                    times = self.amount(child)
                case Token(type="DURATION"):
                    within = self.duration(child)
                case Token(type="NAME") if isinstance(before, Token) and before.type == "AT_LEAST":
                    times = self.name(child)
                case Token(type="NAME") if isinstance(before, Token) and before.type == "WITHIN":
                    within = self.name(child)
                case Token() if isinstance(before, Token) and before.type == "BY":
                    calendar = self.name(child)
        if_late: tuple[Action, ...] = ()
        if late:
            actions = [*late[0].actions, *late[1:]]
            if_late = cast(tuple[Action, ...], self.joined(actions))
        event = self.name(children[1])
        return Require(
            event, times, within, calendar, if_late, self.span(children), self.layout(children), until,
            tuple(urgencies), tuple(reminders),
        )  # fmt: skip

    def cooldown(self, children: list[Any]) -> Cooldown:
        return Cooldown(self.length(children[1]), self.span(children), self.layout(children))

    def overrides(self, children: list[Any]) -> Overrides:
        rules = tuple(one for one in children if isinstance(one, RuleId))
        return Overrides(rules, self.span(children), self.layout(children))

    def trial(self, children: list[Any]) -> Trial:
        return Trial(self.day(children[2]), self.span(children), self.layout(children))

    def todo(self, children: list[Any]) -> Todo:
        return Todo(self.quoted(children[1]), self.span(children), self.layout(children))

    def found_by(self, children: list[Any]) -> FoundBy:
        return FoundBy(self.name(children[1]), self.span(children), self.layout(children))


class Pending:
    """A piece that the rule around it takes apart."""

    __slots__ = ("span",)

    def __init__(self, span: Span) -> None:
        self.span = span


class IfLate(Pending):
    __slots__ = ("actions",)

    def __init__(self, actions: tuple[Action, ...], span: Span) -> None:
        super().__init__(span)
        self.actions = actions


class _Actions(Pending):
    __slots__ = ("actions",)

    def __init__(self, actions: tuple[Action, ...], span: Span) -> None:
        super().__init__(span)
        self.actions = actions


class _Names(Pending):
    __slots__ = ("names",)

    def __init__(self, names: tuple[Name | Text, ...], span: Span) -> None:
        super().__init__(span)
        self.names = names
