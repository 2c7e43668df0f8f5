"""The steps of a test."""

from __future__ import annotations

from typing import Any, cast

from communityrules.diagnostics.source import Span
from communityrules.frozen import replace
from communityrules.language import messages
from communityrules.language.building.clauses import ClauseBuilder, IfLate, Pending
from communityrules.language.token import Token
from communityrules.language.tree import (
    Action,
    Duration,
    Expect,
    Expected,
    ExpectedBalance,
    ExpectedCase,
    ExpectedDuty,
    FieldValues,
    Given,
    Happens,
    Later,
    Moment,
    Name,
    Path,
    RuleId,
    SetDay,
)


class StepBuilder(ClauseBuilder):
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
        late = [one for one in children if isinstance(one, IfLate)]
        last = items[-1]
        if late and isinstance(last.what, Action):
            (action,) = self.joined([last.what, *late])
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


class _FieldItem(Pending):
    __slots__ = ("path", "value")

    def __init__(self, path: Path | None, value: Any, span: Span) -> None:
        super().__init__(span)
        self.path = path
        self.value = value
