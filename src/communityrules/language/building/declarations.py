"""Declarations, from the header to tests."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

from communityrules.diagnostics.message import Fix
from communityrules.frozen import replace
from communityrules.language import messages
from communityrules.language.building.steps import StepBuilder
from communityrules.language.expected import choice
from communityrules.language.suggest import nearest
from communityrules.language.token import Token
from communityrules.language.tree import (
    Amend,
    Appeal,
    Breaker,
    CalendarDeclaration,
    Confidential,
    DatedValue,
    Day,
    Definition,
    EventType,
    Expression,
    FieldDeclaration,
    GroupDeclaration,
    Header,
    HeaderEntry,
    Holidays,
    LabelTypes,
    Leaderboard,
    ListDeclaration,
    ListWay,
    MemberFields,
    Metric,
    Name,
    ParameterDeclaration,
    Path,
    PatternDeclaration,
    PenaltyCap,
    PenaltyDeclaration,
    PenaltyStep,
    PlaceDeclaration,
    Power,
    Regex,
    Repeal,
    Rule,
    RuleId,
    Setting,
    StateDeclaration,
    TemplateDeclaration,
    TemplateText,
    Test,
    Text,
    TypeName,
    Use,
    Weekday,
    Workdays,
    WorkingHours,
)  # fmt: skip

#: What people call types that have other names.
_TYPE_HABITS = {
    "integer": "number", "int": "number", "float": "number", "decimal": "number", "money": "number", "string": "text",
    "str": "text", "bool": "boolean", "flag": "boolean", "datetime": "time", "timestamp": "time", "user": "member",
    "整数": "数值", "小数": "数值", "金额": "数值", "字符串": "文本", "文字": "文本", "布尔": "真假", "是否": "真假",
    "时间": "时刻", "用户": "成员", "人": "成员",
}  # fmt: skip


class DeclarationBuilder(StepBuilder):
    def header(self, children: list[Any]) -> Header:
        return Header(self.quoted(children[1]), tuple(children[2:]), self.span(children), self.layout(children))

    def header_entry(self, children: list[Any]) -> HeaderEntry:
        key, token = children
        value: Any
        if not isinstance(token, Token):
            value = token.names
        elif token.type == "TEXT":
            value = self.quoted(token)
        elif token.type == "DATE":
            value = self.day(token)
        else:
            value = self.name(token)
        return HeaderEntry(cast(Any, key.type.lower()), value, self.span(children), self.layout(children))

    def use(self, children: list[Any]) -> Use:
        days: dict[str, Day] = {}
        settings: list[Setting] = []
        for token, following in pairwise(children):
            if isinstance(token, Token) and token.type in ("FROM", "TO"):
                days[token.type] = self.day(following)
            if isinstance(following, Setting):
                settings.append(following)
            elif isinstance(following, DatedValue):
                last = settings[-1] if settings else None
                if last is None or last.file is not None:
                    found = {"found": following.span.text[:60], "expected": "`name =`"}
                    self.report(messages.UNEXPECTED, following.span, found)
                else:
                    settings[-1] = replace(last, values=(*last.values, following), span=last.span.to(following.span))
        return Use(
            self.quoted(children[1]), days.get("FROM"), days.get("TO"), tuple(settings), self.span(children),
            self.layout(children),
        )  # fmt: skip

    def setting(self, children: list[Any]) -> Setting:
        operator: Any = {"PLUS": "+", "MINUS": "-"}.get(children[1].type, "=")
        file = self.quoted(children[3]) if isinstance(children[2], Token) else None
        values = () if file is not None else (children[2],)
        return Setting(self.name(children[0]), operator, values, file, self.span(children))

    def member_fields(self, children: list[Any]) -> MemberFields:
        return MemberFields(_all(children, FieldDeclaration), self.span(children), self.layout(children))

    def label_types(self, children: list[Any]) -> LabelTypes:
        return LabelTypes(_all(children, FieldDeclaration), self.span(children), self.layout(children))

    def event_type(self, children: list[Any]) -> EventType:
        fields = _all(children, FieldDeclaration)
        return EventType(self.name(children[1]), fields, self.span(children), self.layout(children))

    def declared_field(self, children: list[Any]) -> FieldDeclaration:
        return FieldDeclaration(self.name(children[0]), children[2], self.span(children))

    def type(self, children: list[Any]) -> TypeName:
        token = children[-1]
        kind = self.keywords.meaning("types", token)
        if kind is None:
            kind = self._unknown_type(token)
        span = self.token_span(token)
        if len(children) == 1:
            return TypeName(cast(Any, kind), None, span)
        return TypeName("list", TypeName(cast(Any, kind), None, span), self.span(children))

    def _unknown_type(self, token: Token) -> str:
        """Reports a word that is no type; the type that is meant."""
        types = self.keywords.section("types")
        span = self.token_span(token)
        spellings = [spelling for one in types for spelling in (*one.en, *one.zh)]
        suggestion = _TYPE_HABITS.get(token.lower()) or nearest(token, spellings)
        if suggestion is not None:
            values = {"found": str(token), "suggestion": suggestion}
            self.report(messages.UNKNOWN_WORD, span, values, Fix(span, suggestion))
            return self.keywords.meaning("types", suggestion) or "text"
        expected = choice([one.en[0] for one in types], [one.zh[0] for one in types])
        self.report(messages.UNEXPECTED, span, {"found": str(token), "expected": expected})
        return "text"

    def group(self, children: list[Any]) -> GroupDeclaration:
        return GroupDeclaration(self.declared(children[1]), children[3], self.span(children), self.layout(children))

    def place(self, children: list[Any]) -> PlaceDeclaration:
        channels = tuple(self.quoted(one) for one in _tokens(children, "TEXT"))
        written = next((one for one in children[2:] if not isinstance(one, Token)), None)
        condition: Expression | None = None
        if isinstance(written, Text):
            channels = (written, *channels)  # `place bot_chat as "bots", "test"`
        elif written is not None:
            condition = written
            for one in _tokens(children, "TEXT"):
                found = {"found": self.token_span(one).text[:60], "expected": "`and`"}
                self.report(messages.UNEXPECTED, self.token_span(one), found)
            channels = ()
        return PlaceDeclaration(
            self.declared(children[1]), channels, self.span(children), self.layout(children), condition
        )

    def word_list(self, children: list[Any]) -> ListDeclaration:
        # There may be thousands of words.
        kinds = [one.type if one.__class__ is Token else "" for one in children]
        quoted = self.quoted
        texts = tuple([quoted(one) for one, kind in zip(children, kinds, strict=True) if kind == "TEXT"])
        ways = tuple([one for one, kind in zip(children, kinds, strict=True) if not kind])
        from_file = "FILE" in kinds
        return ListDeclaration(
            self.declared(children[1]), "EXACTLY" in kinds, () if from_file else texts, texts[0] if from_file else None,
            self.span(children), self.layout(children), ways,
        )  # fmt: skip

    def list_way(self, children: list[Any]) -> ListWay:
        steps = children[1].names if len(children) > 1 else ()
        return ListWay(cast(Any, children[0].type.lower()), steps, self.span(children))

    def pattern(self, children: list[Any]) -> PatternDeclaration:
        return PatternDeclaration(
            self.declared(children[1]), self.regex(children[3]), self.span(children), self.layout(children)
        )

    def parameter(self, children: list[Any]) -> ParameterDeclaration:
        values = _all(children, DatedValue)
        return ParameterDeclaration(self.declared(children[1]), values, self.span(children), self.layout(children))

    def dated_value(self, children: list[Any]) -> DatedValue:
        value = children[0]
        if isinstance(value, Regex):
            self.report(messages.UNEXPECTED, value.span, {"found": value.span.text[:60], "expected": "`3`"})
        start = self.day(children[2]) if len(children) > 1 else None
        return DatedValue(value, start, self.span(children))

    def definition(self, children: list[Any]) -> Definition:
        return Definition(self.declared(children[1]), children[3], self.span(children), self.layout(children))

    def metric(self, children: list[Any]) -> Metric:
        return Metric(self.declared(children[1]), children[3], self.span(children), self.layout(children))

    def state(self, children: list[Any]) -> StateDeclaration:
        values = tuple(self.declared(one) for one in children[3::2])
        return StateDeclaration(self.declared(children[1]), values, self.span(children), self.layout(children))

    # --- calendars, penalties, templates ---------------------------------------------------------------------

    def calendar(self, children: list[Any]) -> CalendarDeclaration:
        lines = tuple(children[2:])
        return CalendarDeclaration(self.declared(children[1]), lines, self.span(children), self.layout(children))

    def working_hours(self, children: list[Any]) -> WorkingHours:
        days = [cast(Weekday, self.keywords.meaning("weekdays", one)) for one in _tokens(children, "WEEKDAY")]
        start, end = (self.time_of_day(one) for one in _tokens(children, "TIME"))
        last = days[1] if len(days) > 1 else None
        return WorkingHours(days[0], last, start, end, self.span(children), self.layout(children))

    def holidays(self, children: list[Any]) -> Holidays:
        region = next((self.name(one) for one in _tokens(children, "NAME")), None)
        days = tuple(self.day(one) for one in _tokens(children, "DATE"))
        file = next((self.quoted(one) for one in _tokens(children, "TEXT")), None)
        return Holidays(region, days, file, self.span(children), self.layout(children))

    def workdays(self, children: list[Any]) -> Workdays:
        days = tuple(self.day(one) for one in _tokens(children, "DATE"))
        return Workdays(days, self.span(children), self.layout(children))

    def penalty(self, children: list[Any]) -> PenaltyDeclaration:
        over = self.length(children[3]) if len(children) > 3 and _is(children[2], "OVER") else None
        lines = tuple(one for one in children if isinstance(one, PenaltyStep | Appeal | PenaltyCap))
        return PenaltyDeclaration(self.declared(children[1]), over, lines, self.span(children), self.layout(children))

    def penalty_step(self, children: list[Any]) -> PenaltyStep:
        token = children[0]
        when: Any = self.ordinal(token) if token.type == "ORDINAL" else token.type.lower()
        return PenaltyStep(when, children[-1].actions, self.span(children), self.layout(children))

    def appeal(self, children: list[Any]) -> Appeal:
        times: int | None = None
        match children[1].type:
            case "ONCE":
                times = 1
            case "TWICE":
                times = 2
            case "NUMBER":
                times = self._whole(children[1])
        group = self.name(_tokens(children, "NAME")[0])
        within = self.length(children[-1]) if _is(children[-2], "WITHIN") else None
        return Appeal(times, group, within, self.span(children), self.layout(children))

    def _whole(self, token: Token) -> int:
        number = self.amount(token).value
        if number != number.to_integral_value():
            self.report(messages.BAD_NUMBER, self.token_span(token), {"found": str(token), "limit": "9"})
        return int(number)

    def power(self, children: list[Any]) -> Power:
        above = children[5].actions if len(children) > 5 else ()
        return Power(self.name(children[1]), children[3].actions, above, self.span(children), self.layout(children))

    def penalty_cap(self, children: list[Any]) -> PenaltyCap:
        by = next((self.name(one) for one in _tokens(children, "NAME")), None)
        within = self.duration(_tokens(children, "DURATION")[0])
        return PenaltyCap(self.amount(children[1]), within, by, self.span(children), self.layout(children))

    def breaker(self, children: list[Any]) -> Breaker:
        share, least = (self.amount(one) for one in _tokens(children, "NUMBER"))
        within = self.duration(_tokens(children, "DURATION")[0])
        actions = children[-1].actions if not isinstance(children[-1], Token) else ()
        return Breaker(share, least, within, actions, self.span(children), self.layout(children))

    def confidential(self, children: list[Any]) -> Confidential:
        fields = _all(children, Path)
        return Confidential(fields, children[-1].names, self.span(children), self.layout(children))

    def template(self, children: list[Any]) -> TemplateDeclaration:
        texts = _all(children, TemplateText)
        days = {
            token.type: self.day(following)
            for token, following in pairwise(children)
            if isinstance(token, Token) and token.type in ("FROM", "TO")
        }
        return TemplateDeclaration(
            self.declared(children[1]), texts, self.span(children), self.layout(children), days.get("FROM"),
            days.get("TO"),
        )  # fmt: skip

    def template_text(self, children: list[Any]) -> TemplateText:
        language, text = children
        spelt = "zh" if language.type == "TEXT_ZH" else "en"
        return TemplateText(cast(Any, spelt), self.quoted(text), self.span(children), self.layout(children))

    def leaderboard(self, children: list[Any]) -> Leaderboard:
        top = self.amount(children[3])
        return Leaderboard(self.declared(children[1]), top, children[5], self.span(children), self.layout(children))

    # --- rules and tests -------------------------------------------------------------------------------------

    def rule(self, children: list[Any]) -> Rule:
        name = None
        clauses = children[2:]
        if clauses and isinstance(clauses[0], Token):
            name = self.quoted(clauses[0])
            clauses = clauses[1:]
        return Rule(children[1], name, tuple(clauses), self.span(children), self.layout(children))

    def amend(self, children: list[Any]) -> Amend:
        rule = cast(RuleId, children[2])
        start, clauses = self._start(children[3:])
        grace = None
        if clauses and isinstance(clauses[0], Token):
            grace = self.duration(clauses[1])
            clauses = clauses[2:]
        return Amend(rule, start, tuple(clauses), self.span(children), self.layout(children), grace)

    def repeal(self, children: list[Any]) -> Repeal:
        start, _ = self._start(children[3:])
        return Repeal(children[2], start, self.span(children), self.layout(children))

    def _start(self, children: list[Any]) -> tuple[Day | None, list[Any]]:
        """`from 2025-01-01` or `immediately`, and what follows."""
        if children[0].type == "IMMEDIATELY":
            return None, children[1:]
        return self.day(children[1]), children[2:]

    def test(self, children: list[Any]) -> Test:
        return Test(self.quoted(children[1]), tuple(children[2:]), self.span(children), self.layout(children))

    # --- names of the writer ---------------------------------------------------------------------------------

    def declared(self, token: Token) -> Name:
        """The name that a declaration gives; a word of the language is refused."""
        if str(token) in self.reserved:
            separator = "" if token > "\u2e80" else "_"
            values = {"found": str(token), "mended": f"{token}{separator}1"}
            self.report(messages.RESERVED, self.token_span(token), values)
        return self.name(token)


def _is(child: Any, kind: str) -> bool:
    """Whether a child is a token of a kind."""
    return isinstance(child, Token) and child.type == kind


def _tokens(children: list[Any], kind: str) -> list[Token]:
    return [one for one in children if isinstance(one, Token) and one.type == kind]


def _all(children: list[Any], kind: type) -> Any:
    return tuple(one for one in children if isinstance(one, kind))
