"""Random checked rulebooks that touch every kind of node."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from choices import Choices

from communityrules.checker import checked
from communityrules.checker.checked import (
    Action,
    Affix,
    Aggregate,
    AggregateRef,
    Arithmetic,
    AtLeast,
    CalendarWindow,
    Compare,
    Const,
    Contains,
    DefinitionRef,
    DetectorRef,
    Empty,
    Expression,
    FieldRef,
    FunctionCall,
    GroupSize,
    InGroup,
    InRange,
    ListRef,
    Logic,
    Matches,
    Not,
    Noted,
    OneOf,
    Origin,
    Parameter,
    ParameterRef,
    Period,
    Rule,
    Rulebook,
    SlidingWindow,
    State,
    StateRef,
    Tally,
    Weight,
    WordList,
)  # fmt: skip
from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Function, Library, Names, Score
from communityrules.library.disguise.steps import USUAL
from communityrules.library.entities import OPEN_DUTY
from communityrules.library.table import STANDARD
from communityrules.model.values import (
    BOOLEAN,
    DATE,
    DAY,
    DURATION,
    HOUR,
    INSTANT,
    MEMBER,
    MESSAGE,
    NUMBER,
    TEXT,
    TEXTS,
    TIME_OF_DAY,
    Type,
)  # fmt: skip


def _fragile(text: str) -> int:
    """A function that fails: on texts with a full stop."""
    if "." in text:
        raise RuntimeError("it broke")
    return len(text)


def _heat(text: str) -> float:
    """A score that fails: on texts with an exclamation mark."""
    if "!" in text:
        raise RuntimeError("too hot")
    return len(text) / 16


_DOC: Final = Bilingual("For tests.", "测试用。")
LIBRARY: Final = Library(
    **{
        **{name: getattr(STANDARD, name) for name in STANDARD.__dataclass_fields__ if not name.startswith("_")},
        "functions": {
            **STANDARD.functions,
            "fragile": Function(Names("fragile", "易碎"), _DOC, (TEXT,), NUMBER, _fragile),
        },
        "scores": {"heat": Score(Names("heat", "热度"), _DOC, "thermometer", "2", _heat, NUMBER)},
    }
)

START: Final = 1_728_316_800_000_000  # 2024-10-08 00:00 in Asia/Shanghai
ORIGIN: Final = Origin("random.rules", 1, 1)
TYPES: Final = ("message", "trade", "message", "report", "trade", "finding", "reply")
GROUPS: Final = ("newcomers", "staff", "traders")
WORDS: Final = ("加微信", "刷单", "earn", "earn from home", "Sale", "退款", "ass", "v.x", "café", "77")
ROLES: Final = ("member", "Admin", "service", "moderator", "ｏｗｎｅｒ")
SITES: Final = ("example.com", "evil.example.com", "shop.example.com/a")

_EVENT_FIELDS: Final[dict[str, Type]] = {
    "amount": NUMBER, "score": NUMBER, "note": TEXT, "ok": BOOLEAN, "day": DATE, "at": INSTANT, "span": DURATION,
    "hour": TIME_OF_DAY, "buyer": MEMBER, "tags": TEXTS,
}  # fmt: skip
_BUYER: Final = FieldRef("own", "buyer", MEMBER, True, what="trade.buyer")
_FIELDS: Final[tuple[FieldRef, ...]] = (
    *(FieldRef("own", name, type_, True, what=f"trade.{name}") for name, type_ in _EVENT_FIELDS.items()),
    FieldRef("member", "level", NUMBER, True, what="member.level"),
    FieldRef("member", "verified", BOOLEAN, True, what="member.verified"),
    FieldRef("member", "id", MEMBER, what="member"),
    FieldRef("member", "roles", TEXTS, what="member.roles"),
    FieldRef("member", "labels", TEXTS, what="member.labels"),
    FieldRef("member", "tenure", DURATION, what="member.tenure"),
    FieldRef("member", "joined", INSTANT, what="member.joined"),
    FieldRef("member", "points", NUMBER, what="member.points"),
    FieldRef("member", "name", TEXT, what="member.name"),
    FieldRef("sender", "id", MEMBER, what="event.member"),
    FieldRef("sender", "roles", TEXTS, what="event.member.roles"),
    FieldRef("sender", "tenure", DURATION, what="event.member.tenure"),
    FieldRef("whom", "roles", TEXTS, what="event.target.roles"),
    FieldRef("whom", "tenure", DURATION, what="event.target.tenure"),
    FieldRef("whom", "verified", BOOLEAN, True, what="event.target.verified"),
    FieldRef("message", "id", MESSAGE, what="message"),
    FieldRef("message", "text", TEXT, what="message.text"),
    FieldRef("message", "text", TEXT, what="消息.文本"),
    FieldRef("message", "links", TEXTS, what="message.links"),
    FieldRef("message", "mentions", TEXTS, what="message.mentions"),
    FieldRef("message", "length", NUMBER, what="message.length"),
    FieldRef("message", "topic", TEXT, what="message.topic"),
    FieldRef("message", "reply_to", MESSAGE, what="message.reply_to"),
    FieldRef("label", "spam", NUMBER, what="message.labels.spam"),
    FieldRef("label", "spam", TEXT, what="message.labels.spam"),
    FieldRef("label", "spam", BOOLEAN, what="message.labels.spam"),
    FieldRef("target", "member", MEMBER, what="event.target"),
    FieldRef("target", "message", MESSAGE, what="report.message"),
    FieldRef("event", "time", INSTANT, what="event.time"),
    FieldRef("event", "place", TEXT, what="event.place"),
    FieldRef("event", "type", TEXT, what="event.type"),
    FieldRef("label", "heat", NUMBER, True, what="message.labels.heat"),
    FieldRef("named", "roles", TEXTS, by=_BUYER, what="trade.buyer.roles"),
    FieldRef("named", "level", NUMBER, True, _BUYER, what="trade.buyer.level"),
    FieldRef("named", "verified", BOOLEAN, True, _BUYER, what="trade.buyer.verified"),
    FieldRef("named", "labels", TEXTS, by=_BUYER, what="trade.buyer.labels"),
    FieldRef("named", "tenure", DURATION, by=_BUYER, what="trade.buyer.tenure"),
    FieldRef("named", "name", TEXT, by=_BUYER, what="trade.buyer.name"),
    FieldRef("named", "mentor", MEMBER, True, _BUYER, what="trade.buyer.mentor"),
    FieldRef("named", "points", NUMBER, by=FieldRef("named", "mentor", MEMBER, True, _BUYER), what="of the mentor"),
    FieldRef("named", "name", TEXT, by=FieldRef("member", "mentor", MEMBER, True), what="member.mentor.name"),
)  # fmt: skip
#: What an open duty has.
_DUTY_FIELDS: Final = (
    FieldRef("own", "owner", MEMBER, what="duty.owner"),
    FieldRef("own", "rule", TEXT, what="duty.rule"),
    FieldRef("own", "opened", INSTANT, what="duty.opened"),
    FieldRef("own", "due", INSTANT, what="duty.due"),
    FieldRef("own", "age", DURATION, what="duty.age"),
    FieldRef("own", "priority", TEXT, what="duty.priority"),
)
_MEMBER_FIELDS: Final = tuple(one for one in _FIELDS if one.root == "member")
_BY_KIND: Final = {kind: tuple(f for f in _FIELDS if f.type.kind == kind) for kind in {f.type.kind for f in _FIELDS}}
_MEMBER_BY_KIND: Final = {
    kind: tuple(f for f in _MEMBER_FIELDS if f.type.kind == kind) for kind in {f.type.kind for f in _MEMBER_FIELDS}
}
#: Facts that an action may write down, and where: a field for each kind.
_NOTED: Final = tuple(one for one in _FIELDS if one.type.kind != "time_of_day" and one.name != "heat")
_ORDERED: Final = ("number", "duration", "instant", "date", "time_of_day")
_LEAVES: Final = (
    *("compare",) * 5, "in_range", *("text",) * 4, *("list",) * 2, "one_of", "affix", "affix", "matches", "empty",
    "definition", "definition", "group", "flag",
)  # fmt: skip
#: Functions that give a number, by what they take.
_NUMBERS_OF: Final = {
    "text": ("longest_run", "length", "line_count", "capital_share", "digit_share", "link_count", "mention_count"),
    "instant": ("weekday_of", "hour_of", "day_of", "month_of", "year_of"), "date": ("day_of", "month_of", "year_of"),
    "list": ("size",),
}  # fmt: skip
_OPERATORS: Final = ("is", "is_not", "<", "<=", ">", ">=")
_CONSTANTS: Final[dict[str, tuple[Any, ...]]] = {
    "number": (1, 0, 2, 3, Decimal("0.8"), Decimal("4.5"), -1, 100, Decimal("0.05"), 10**20),
    "text": ("hello", "HELLO", "加微信", "ｅａｒｎ", "general", "trade", "hello hello", ""),
    "duration": (DAY, 3 * DAY, HOUR, 1500 * 1000, 0),
    "instant": (START, START + DAY, START + 12 * HOUR + 1),
    "date": (date(2024, 10, 8), date(2024, 10, 9)),
    "time_of_day": (480, 1320, 0, 720, 1440),
    "member": ("amy", "bob", "AMY"),
    "message": ("m1", "m7"),
    "boolean": (True, False),
}
_TYPES_OF: Final = {
    "number": NUMBER, "text": TEXT, "duration": DURATION, "instant": INSTANT, "date": DATE, "time_of_day": TIME_OF_DAY,
    "member": MEMBER, "message": MESSAGE, "boolean": BOOLEAN, "list": TEXTS,
}  # fmt: skip
_PARAMETERS: Final = {
    "limit": Parameter("limit", NUMBER, ((None, 2), (START + DAY, Decimal("3.5")))),
    "late_limit": Parameter("late_limit", NUMBER, ((START + 12 * HOUR, 1),)),
    "word": Parameter("word", TEXT, ((START + 6 * HOUR, "hello"), (START + DAY, "earn"))),
    "length": Parameter("length", DURATION, ((None, 2 * DAY),)),
    "night": Parameter("night", TIME_OF_DAY, ((None, 1320), (START + DAY, 120))),
}


#: Of one list: what folding does is not all done, and homophones are heard.
_STEPS = tuple(sorted((USUAL | {"homophones"}) - {"case", "leet"}))


class Maker:
    """Builds one rulebook from choices."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.aggregates: list[Aggregate] = []
        self.definitions: dict[str, Expression] = {}
        self.groups: dict[str, Expression] = {}
        self._members_only = False
        self._counted = False

    # --- the whole -------------------------------------------------------------------------------------------

    def rulebook(self) -> Rulebook:
        choices = self.choices
        self._members_only = True
        for name in GROUPS:
            if name != "staff" or choices.chance(3):
                self.groups[name] = self.condition(2)
        self._members_only = False
        self._counted = True
        for at in range(choices.number(5)):
            self.aggregates.append(self.aggregate(at))
        self._counted = False
        for at in range(choices.number(4)):
            if choices.chance(2):
                self.definitions[f"condition{at}"] = self.condition(2)
            else:
                self.definitions[f"metric{at}"] = self.value("number", 2)
        rules = tuple(self.rule(at) for at in range(4 + choices.number(7)))
        return Rulebook(
            name="Random", version=None, language="en",
            timezone=choices.one(("Asia/Shanghai", "America/New_York", "UTC")),
            published=None, purpose=None, event_types={},
            member_fields={
                "level": NUMBER, "verified": BOOLEAN, **{f"noted_{kind}": one for kind, one in _TYPES_OF.items()},
            },
            groups=self.groups, places={},
            lists={
                "ads": WordList("ads", False, WORDS[:6], ORIGIN),
                "shouts": WordList("shouts", True, ("EARN", "Sale", "加微信", "admin"), ORIGIN),
                "sites": WordList("sites", False, SITES, ORIGIN),
                "odd": WordList("odd", False, ("ass", "77", "cafe", "\u200b"), ORIGIN, _STEPS, "anywhere"),
            },
            patterns={}, parameters=_PARAMETERS, definitions=self.definitions,
            states={"raid": State("raid", ("calm", "high"))}, calendars={}, penalties={}, powers=(), templates={},
            leaderboards=(), aggregates=tuple(self.aggregates), rules=rules, digest="",
        )  # fmt: skip

    def rule(self, at: int) -> Rule:
        choices = self.choices
        periodic = choices.chance(8)
        found = not periodic and choices.chance(8)
        id_ = str(1 + choices.number(4)) if choices.chance(3) else str(at + 1)
        instants = (None, START + 6 * HOUR, START + DAY, START + 2 * DAY)
        return Rule(
            id=id_, name=None, content=id_, modality="must_not",
            applies_to=tuple(choices.some((*GROUPS, "everyone"), 2)) if choices.chance(3) else (),
            excluded=tuple(choices.some(GROUPS, 2)) if choices.chance(3) else (),
            places=tuple(choices.some(("general", "test", "qq"), 2)) if choices.chance(4) else (),
            excluded_places=("test",) if choices.chance(6) else (), responsible=None,
            in_places=(self.spot(),) if choices.chance(6) else (),
            except_places=(self.spot(),) if choices.chance(8) else (),
            start=choices.one(instants) if choices.chance(5) else None,
            end=choices.one(instants) if choices.chance(5) else None,
            trial_end=START + DAY if choices.chance(4) else None, review_by=None,
            events=() if periodic or found else tuple(choices.some(TYPES, 3)) or ("message",),
            every=Period("day") if periodic else None,
            condition=None if choices.chance(6) else self.condition(3), actions=self.notes(), duties=(), cooldown=None,
            cooldown_by="community",
            overrides=tuple(choices.some(("1", "2", "3", "4", "5"), 2)) if choices.chance(3) else (),
            found_by=choices.one(GROUPS) if found else None,
            first_match="table" if not periodic and not found and choices.chance(4) else None,
            origin=Origin("random.rules", at + 10, 1),
            grace_end=choices.one((START + 12 * HOUR, START + DAY)) if choices.chance(8) else None,
        )  # fmt: skip

    def notes(self) -> tuple[Action, ...]:
        """Facts that are written down."""
        choices = self.choices
        found = []
        for _ in range(choices.number(3) if choices.chance(2) else 0):
            value: FieldRef | ParameterRef | Const = choices.one(_NOTED)
            if choices.chance(6):
                value = choices.one((ParameterRef("word", TEXT), Const(3, NUMBER), Const(date(2024, 10, 8), DATE)))
            against = choices.one((None, FieldRef("member", "id", MEMBER), FieldRef("sender", "id", MEMBER), _BUYER))
            field = f"noted_{value.type.kind}"
            found.append(Action("note", {"field": field, "value": Noted(value)}, (), against))
        return tuple(found)

    def spot(self) -> Expression:
        """Where an event happens."""
        choices = self.choices
        field = FieldRef("event", choices.one(("channel", "place", "community")), TEXT, what="event.where")
        other = Empty(FieldRef("event", "place", TEXT, what="event.place"), choices.chance(2), "where")
        one = Compare(
            choices.one(("is", "is_not")), field, Const(choices.one(("qq", "test", "C1")), TEXT), choices.chance(3)
        )
        return choices.one((one, other, Logic("or", (one, other)), Not(one)))

    def aggregate(self, at: int) -> Aggregate:
        choices = self.choices
        function = choices.one(
            ("count", "count", "distinct", "sum", "average", "last", "since", "sequence", "similar", "open_duties",
             "oldest_duty")
        )  # fmt: skip
        if function in ("open_duties", "oldest_duty"):
            return self.backlog(function, at)
        events: tuple[str, ...] = (choices.one(TYPES),)
        if function == "sequence":
            events = (choices.one(TYPES), choices.one(TYPES))
        kind = {"sum": "number", "average": "number", "distinct": "text", "last": "number", "similar": "text"}.get(
            function
        )
        type_ = {"since": DURATION, "sequence": BOOLEAN}.get(function, NUMBER)
        said = SlidingWindow(ParameterRef("length", DURATION))
        days, hours = CalendarWindow("day"), CalendarWindow("hour")
        window = choices.one((SlidingWindow(HOUR), SlidingWindow(DAY), days, hours, said))
        return Aggregate(
            function, events, self.value(kind, 1) if kind else None,
            tuple(choices.some((_FIELDS[12], _FIELDS[23], _FIELDS[10], _FIELDS[28]), 2)),
            self.condition(1) if choices.chance(3) else None,
            None if function in ("last", "since") else window, type_,
            limit=choices.one((None, 3)) if function in ("count", "distinct", "similar") else None,
            what=f"measure {at}",
        )  # fmt: skip

    def backlog(self, function: Any, at: int) -> Aggregate:
        choices = self.choices
        field = choices.one(_DUTY_FIELDS)
        where = Compare(
            choices.one(("is", "is_not", "<", ">=") if field.type.kind in _ORDERED else ("is", "is_not")), field,
            Const("sue", MEMBER) if field.type == MEMBER else self.constant(field.type.kind), choices.chance(2), "duty",
        )  # fmt: skip
        return Aggregate(
            function, (OPEN_DUTY,), None, (choices.one((_DUTY_FIELDS[0], _FIELDS[12])),) if choices.chance(2) else (),
            choices.one((None, where, Logic("and", (where, self.condition(1))))), None,
            NUMBER if function == "open_duties" else DURATION, what=f"measure {at}",
        )  # fmt: skip

    # --- values ------------------------------------------------------------------------------------------------

    def field(self, kind: str) -> Expression | None:
        fields = (_MEMBER_BY_KIND if self._members_only else _BY_KIND).get(kind)
        return self.choices.one(fields) if fields else None

    def value(self, kind: str, depth: int) -> Expression:
        choices = self.choices
        way = choices.number(9) if depth > 0 else choices.number(4)
        field = self.field(kind)
        if way == 4:
            wanted = [name for name, one in _PARAMETERS.items() if one.type.kind == kind]
            if wanted:
                return ParameterRef(choices.one(wanted), _TYPES_OF[kind])
        if (way == 5 or (way < 2 and depth > 0)) and not self._members_only and not self._counted:
            measures = [at for at, one in enumerate(self.aggregates) if one.type.kind == kind]
            if measures:
                return self.ask(choices.one(measures))
        if way in (3, 6, 8) and depth > 0 and kind == "number":
            return self.number(depth)
        if way < 4 and field is not None:
            return field
        if way == 7 and kind in ("number", "duration"):
            operator: Any = choices.one(("+", "-", "*", "/") if kind == "number" else ("+", "-"))
            return Arithmetic(operator, self.value(kind, depth - 1), self.value(kind, depth - 1), _TYPES_OF[kind])
        if way == 8 and kind == "text":
            return FunctionCall(choices.one(("lower", "masked")), (self.value("text", depth - 1),), TEXT)
        if way == 8 and kind == "date":
            return FunctionCall("date_of", (self.value("instant", depth - 1),), DATE)
        return field if field is not None and choices.chance(2) else self.constant(kind)

    def constant(self, kind: str) -> Const:
        if kind == "list":
            return Const(("a", "b"), TEXTS)
        return Const(self.choices.one(_CONSTANTS[kind]), _TYPES_OF[kind])

    def ask(self, index: int) -> AggregateRef:
        choices = self.choices
        aggregate = self.aggregates[index]
        keys = tuple(self.value(one.type.kind, 0) for one in aggregate.keys if isinstance(one, FieldRef))
        if aggregate.function == "similar":
            keys = (*keys, aggregate.value if aggregate.value is not None and choices.number(3) else self.text())
        return AggregateRef(index, keys, aggregate.type, what=f"count {index}")

    def number(self, depth: int) -> Expression:
        choices = self.choices
        metrics = [name for name in self.definitions if name.startswith("metric")]
        way = choices.number(8)
        if way == 4:
            return self.tally(depth)
        if way == 5 and not self._members_only and not self._counted:
            return GroupSize(choices.one((*self.groups, "everyone")), NUMBER, "size")
        if way == 6:
            return FunctionCall("anniversary", (self.value("date", 1), self.value("instant", 1)), NUMBER)
        if way == 7:
            salt = (Const("twice", TEXT),) if choices.chance(2) else ()
            return FunctionCall("sample", (self.value("text", 1), *salt), NUMBER)
        if way == 0 and metrics and not self._members_only:
            return DefinitionRef(choices.one(metrics), NUMBER)
        if way == 1:
            return FunctionCall("fragile", (self.text(),), NUMBER)
        # Not of lengths: here an average of them is a fraction, which those functions do not take.
        of = choices.one(("instant", "date", "list")) if way == 2 else "text"
        return FunctionCall(choices.one(_NUMBERS_OF[of]), (self.value(of, depth - 1),), NUMBER)

    def tally(self, depth: int) -> Tally:
        choices = self.choices
        weights: list[Const | ParameterRef] = [
            *(Const(one, NUMBER) for one in (3, 2, 1, -1, Decimal("0.5"), Decimal("2.0"))),
            *(ParameterRef(one, NUMBER) for one in ("limit", "late_limit")),
        ]
        made = tuple(
            Weight(choices.one(weights), self.condition(depth - 1), f"reason {at}")
            for at in range(1 + choices.number(4))
        )
        return Tally(made, NUMBER, "tally")

    # --- conditions ----------------------------------------------------------------------------------------------

    def condition(self, depth: int) -> Expression:
        choices = self.choices
        if depth > 0 and choices.chance(2):
            way = choices.number(7)
            if way == 0:
                return Not(self.condition(depth - 1))
            if way == 1:
                parts = tuple(self.condition(depth - 1) for _ in range(2 + choices.number(3)))
                return AtLeast(1 + choices.number(3), parts)
            parts = tuple(self.condition(depth - 1) for _ in range(2 + choices.number(2)))
            return Logic("and" if way <= 3 else "or", parts)
        return self.leaf(depth)

    def leaf(self, depth: int) -> Expression:
        choices = self.choices
        what = f"leaf {choices.number(3)}"
        match choices.one(_LEAVES):
            case "in_range":
                return self.in_range(depth, what)
            case "text":
                mode: Any = choices.one(("any", "any", "all"))
                return Contains(self.text(), self.matchers("text"), mode, choices.chance(4), what)
            case "list":
                mode = choices.one(("any", "any", "all"))
                return Contains(self.value("list", 0), self.matchers("list"), mode, choices.chance(4), what)
            case "one_of":
                kind = choices.one(("text", "number", "member", "time_of_day", "duration"))
                items = tuple(self.item(kind) for _ in range(1 + choices.number(3)))
                operand = "instant" if kind == "time_of_day" and choices.chance(2) else kind
                return OneOf(self.value(operand, 1), items, choices.chance(3), choices.chance(4), what)
            case "affix":
                end: Any = choices.one(("start", "end"))
                return Affix(self.text(), end, self.matchers("text"), choices.chance(4), what)
            case "matches":
                regex = choices.one((r"[A-Z]{2}[0-9]{8}", r"hel+o", r"e.a", r"^$", r"example\.com", r"[a-z]"))
                return Matches(self.value("list", 0) if choices.chance(4) else self.text(), regex, regex, what)
            case "empty":
                operand = choices.one(("text", "list", "number", "message"))
                return Empty(self.value(operand, 0), choices.chance(2), what)
            case "definition":
                conditions = [name for name in self.definitions if name.startswith("condition")]
                if conditions and not self._members_only:
                    return DefinitionRef(choices.one(conditions), BOOLEAN)
            case "group":
                if self.groups:
                    return InGroup(choices.one(tuple(self.groups)))
            case "flag":
                return self.value("boolean", 1)
        return self.compare(depth, what)

    def compare(self, depth: int, what: str) -> Compare:
        choices = self.choices
        kind = choices.one((*("number",) * 5, *_ORDERED, "text", "member", "message", "boolean", "state"))
        if kind == "state" and not self._members_only and not self._counted:
            raid = Type("state", name="raid")
            return Compare(choices.one(("is", "is_not")), StateRef("raid", raid), Const("high", raid), True, what)
        if kind == "state":
            kind = "text"
        operator: Any = choices.one(_OPERATORS if kind in _ORDERED else _OPERATORS[:2])
        left = self.value(kind, depth)
        if kind == "instant" and choices.chance(2):
            other = choices.one(("time_of_day", "date"))
            right = self.constant(other) if choices.chance(2) else self.value(other, 1)
        else:
            right = self.constant(kind) if choices.number(3) else self.value(kind, depth)
        if choices.chance(5):
            left, right = right, left
        return Compare(operator, left, right, choices.chance(4), what)

    def in_range(self, depth: int, what: str) -> InRange:
        choices = self.choices
        kind = choices.one(_ORDERED)
        operand = "instant" if kind in ("time_of_day", "date") and choices.chance(2) else kind
        ends = [self.constant(kind) if choices.number(4) else self.value(kind, 1) for _ in range(2)]
        return InRange(self.value(operand, depth), ends[0], ends[1], choices.chance(2), what)

    def text(self) -> Expression:
        """Most often the message's, as in real rules."""
        if self._members_only or self.choices.chance(3):
            return self.value("text", 1)
        return FieldRef("message", "text", TEXT, what="message.text")

    def item(self, kind: str) -> Any:
        choices = self.choices
        if kind == "text" and choices.chance(3):
            return choices.one((ListRef("ads"), ListRef("shouts"), DetectorRef("phone_number")))
        return self.constant(kind) if choices.number(3) else self.value(kind, 1)

    def matchers(self, kind: str) -> tuple[checked.Matcher, ...]:
        choices = self.choices
        words = WORDS if kind == "text" else (*ROLES, "amy", "at_risk", *SITES)
        made: list[checked.Matcher] = []
        for _ in range(1 + choices.number(3)):
            way = choices.number(6)
            if way <= 2:
                made.append(Const(choices.one(words), TEXT))
            elif way == 3:
                made.append(ListRef(choices.one(("ads", "shouts", "odd") if kind == "text" else ("sites", "shouts"))))
            elif way == 4:
                made.append(DetectorRef(choices.one(("phone_number", "link", "messenger_id", "money_amount"))))
            else:
                made.append(ParameterRef("word", TEXT))
        return tuple(dict.fromkeys(made))
