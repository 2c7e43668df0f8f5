"""Actions, the clauses of a rule, the steps of a test."""

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
    Expect,
    Expected,
    ExpectedBalance,
    ExpectedCase,
    ExpectedDuty,
    FieldValues,
    FoundBy,
    Given,
    Happens,
    If,
    InPlaces,
    Later,
    Modality,
    Moment,
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
    SetDay,
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

    def if_late(self, children: list[Any]) -> _IfLate:
        return _IfLate(tuple(one for one in children if isinstance(one, Action)), self.span(children))

    def actions(self, children: list[Any]) -> _Actions:
        return _Actions(cast(tuple[Action, ...], self._joined(children)), self.span(children))

    def _joined(self, children: list[Any]) -> tuple[Consequence, ...]:
        """A list of consequences; what is done if late belongs to the last one before it."""
        groups: list[tuple[Consequence, ...]] = [
            tuple(one for one in children if isinstance(one, Action | AsRule)),
            *(one.actions for one in children if isinstance(one, _IfLate)),
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
        return Then(self._joined(children), self.span(children), self.layout(children))

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
        late: list[_IfLate] = []
        urgencies: list[Urgency] = []
        reminders: list[Reminder] = []
        for before, child in pairwise(children[1:]):
            match child:
                case _IfLate():
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
            if_late = cast(tuple[Action, ...], self._joined(actions))
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

    # --- tests -----------------------------------------------------------------------------------------------

    def set_day(self, children: list[Any]) -> SetDay:
        return SetDay(self.day(children[0]), self.span(children), self.layout(children))

    def field_item(self, children: list[Any]) -> _FieldItem:
        value = children[-1]
        return _FieldItem(self._field_path(children[0]) if len(children) > 1 else None, value, self.span(children))

    def moment(self, children: list[Any]) -> Moment:
        return Moment(self.day(children[0]), self.time_of_day(children[1], seconds=True), self.span(children))

    def _field_path(self, token: Token) -> Path:
        """`labels.off_topic`, which the lexer gives as one token."""
        parts = []
        offset = token.start_pos
        for part in token.split("."):
            start = offset + len(part) - len(part.lstrip())
            word = part.strip()
            parts.append(Name(word, Span(self.scan.source, start, start + len(word))))
            offset += len(part) + 1
        return Path(tuple(parts), self.token_span(token))

    def _fields(self, children: list[Any]) -> tuple[FieldValues, ...]:
        fields: list[FieldValues] = []
        for item in children:
            if not isinstance(item, _FieldItem):
                continue
            if item.path is not None:
                fields.append(FieldValues(item.path, (item.value,), item.span))
            elif fields:
                last = fields[-1]
                fields[-1] = replace(last, values=(*last.values, item.value), span=last.span.to(item.span))
            else:
                self.report(messages.UNEXPECTED, item.span, {"found": item.span.text, "expected": "`field:`"})
        return tuple(fields)

    def given(self, children: list[Any]) -> Given:
        return Given(self.name(children[1]), self._fields(children), self.span(children), self.layout(children))

    def happens(self, children: list[Any]) -> Happens:
        target = children[3] if len(children) > 3 and isinstance(children[3], Token) else None
        rule = text = expect = None
        for child in children[3:]:
            if isinstance(child, RuleId):
                rule = child
            elif isinstance(child, Expect):
                expect = child
            elif isinstance(child, Token) and child.type == "TEXT":
                text = self.quoted(child)
        return Happens(
            self.time_of_day(children[0], seconds=True), self.name(children[1]), self.name(children[2]),
            self.name(target) if target is not None and target.type == "NAME" else None,
            rule, text, self._fields(children), expect, self.span(children), self.layout(children),
        )  # fmt: skip

    def later(self, children: list[Any]) -> Later:
        token = children[0]
        words = [*self.keywords.entry("words", "later").en, *self.keywords.entry("words", "later").zh]
        length = next(len(word) for word in sorted(words, key=len, reverse=True) if token.endswith(word))
        text = str(token)[:-length].rstrip()
        span = Span(self.scan.source, self.start(token), self.start(token) + len(text))
        unit = self.unit(text.lstrip("0123456789. \t"))
        duration = Duration(self.decimal(text, token), unit, span)
        expect = children[1] if len(children) > 1 else None
        return Later(duration, expect, self.span(children), self.layout(children))

    def expect(self, children: list[Any]) -> Expect:
        items = [one for one in children if isinstance(one, Expected)]
        late = [one for one in children if isinstance(one, _IfLate)]
        last = items[-1]
        if late and isinstance(last.what, Action):
            (action,) = self._joined([last.what, *late])
            under = children[-1] if isinstance(children[-1], RuleId) else last.under
            items[-1] = replace(last, what=cast(Action, action), under=under, span=last.span.to(late[-1].span))
        elif late:
            values = {"found": late[0].span.text, "expected": "`,`"}
            self.report(messages.UNEXPECTED, late[0].span, values)
        return Expect(tuple(items), self.span(children))

    def expected(self, children: list[Any]) -> Expected:
        kinds = Action | ExpectedDuty | ExpectedCase | ExpectedBalance
        what = next((one for one in children if isinstance(one, kinds)), None)
        absent = isinstance(children[0], Token) and children[0].type == "NO"
        under = children[-1] if isinstance(children[-1], RuleId) else None
        return Expected(what, absent, under, self.span(children))

    def owed(self, children: list[Any]) -> ExpectedDuty:
        names = [self.name(one) for one in children if one.type == "NAME"]
        status = cast(Any, self._status(children[-1], "duty_") or "open")
        return ExpectedDuty(names[0], names[1] if len(names) > 1 else None, status, self.span(children))

    def pending(self, children: list[Any]) -> ExpectedCase:
        group = next((self.name(one) for one in children if one.type == "NAME"), None)
        status = cast(Any, self._status(children[-1], "case_") or "open")
        return ExpectedCase(group, status, self.span(children))

    def balance(self, children: list[Any]) -> ExpectedBalance:
        member = next((self.name(one) for one in children if one.type == "NAME"), None)
        points = self.amount(children[-1])
        if children[-2].type == "MINUS":
            points = replace(points, value=-points.value, span=self.token_span(children[-2]).to(points.span))
        return ExpectedBalance(member, points, self.span(children))

    def _status(self, token: Token, prefix: str) -> str | None:
        meaning = self.keywords.meaning("words", token) if token.type.endswith("_STATUS") else None
        return meaning.removeprefix(prefix) if meaning is not None else None


class _Pending:
    """A piece that the rule around it takes apart."""

    __slots__ = ("span",)

    def __init__(self, span: Span) -> None:
        self.span = span


class _IfLate(_Pending):
    __slots__ = ("actions",)

    def __init__(self, actions: tuple[Action, ...], span: Span) -> None:
        super().__init__(span)
        self.actions = actions


class _Actions(_Pending):
    __slots__ = ("actions",)

    def __init__(self, actions: tuple[Action, ...], span: Span) -> None:
        super().__init__(span)
        self.actions = actions


class _Names(_Pending):
    __slots__ = ("names",)

    def __init__(self, names: tuple[Name | Text, ...], span: Span) -> None:
        super().__init__(span)
        self.names = names


class _FieldItem(_Pending):
    __slots__ = ("path", "value")

    def __init__(self, path: Path | None, value: Any, span: Span) -> None:
        super().__init__(span)
        self.path = path
        self.value = value
