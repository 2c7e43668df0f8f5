"""The syntax tree of a rulebook: frozen, typed, with spans and comments.

One tree serves both spellings. Syntax words are meanings here (`"must_not"`, `"contains_any"`, `"day"`), never
spellings; names of the library and of the writer stand as written (`message.text`, `消息.文本`, `ad_words`) and are
resolved by the checker. Spans and layout do not take part in equality, so formatting and parsing again gives an
equal tree.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Literal

from communityrules.diagnostics.source import Span
from communityrules.frozen import dataclass

# --- layout --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Layout:
    """Comments around an item, without the `#`; and whether a blank line stood before it."""

    #: Whole-line comments directly before the item. An empty string is a blank line between comments.
    before: tuple[str, ...] = ()
    #: The comment at the end of the item's first line.
    after: str | None = None
    #: Whether a blank line stood before the item and its comments.
    blank: bool = field(default=False, compare=False)


PLAIN = Layout()

# --- atoms ---------------------------------------------------------------------------------------------------

TimeUnit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
#: A calendar window: from the beginning of the current unit up to now.
CalendarUnit = Literal["hour", "day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Name:
    """One name as written: of the library or of the writer."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text, without its quotes."""

    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal number. `5%` is the value 0.05 with `percent` set."""

    value: Decimal
    percent: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time. Months, quarters and years are calendar units and only periods may use them."""

    amount: Decimal
    unit: TimeUnit
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Forever:
    """A length without end, for sanctions."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date."""

    value: date
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Minutes since midnight, 0 to 1440 (`24:00`), and in the lines of tests seconds after them, 0 to 59."""

    minutes: int
    span: Span = field(compare=False, repr=False)
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """`2026-03-05 14:00`, in the fields of tests."""

    day: Day
    time: TimeOfDay
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`."""

    value: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """A pattern between slashes, as written, escapes kept."""

    pattern: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RuleId:
    """The number of a rule as written, without quotes: `5`, `A-1`, `3.1`, `第十五条`."""

    text: str
    span: Span = field(compare=False, repr=False)


# --- expressions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Path:
    """A dotted name: `ad_words`, `message.text`, `message.labels.off_topic`."""

    parts: tuple[Name, ...]
    span: Span = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Sliding:
    """`within 10 minutes`, or the parameter that says it."""

    duration: Duration | Name
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`today`, `this month`."""

    unit: CalendarUnit
    span: Span = field(compare=False, repr=False)


Window = Sliding | Calendar


@dataclass(frozen=True, slots=True)
class Call:
    """A library function with parentheses: `count(message by member within 1 day where …)`, `lower(name)`."""

    function: Name
    #: `message`; `join, message` for `sequence`; ordinary arguments for functions.
    arguments: tuple[Expression, ...]
    #: The keys after `by`, joined by `and`.
    by: tuple[Expression, ...]
    window: Window | None
    where: Expression | None
    span: Span = field(compare=False, repr=False)


CompareOperator = Literal["is", "is_not", "<", "<=", ">", ">="]
PredicateOperator = Literal[
    "one_of", "not_one_of", "has", "has_any", "has_all", "contains", "contains_any", "contains_all",
    "starts_with", "ends_with", "matches", "empty", "not_empty", "between", "outside",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compare:
    """`left < right`."""

    operator: CompareOperator
    left: Expression
    right: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Predicate:
    """`left contains any of (a, b)`: the operand, the operator, what follows it.

    `between` and `outside` have two on the right, `empty` and `not_empty` none. A single name after
    `contains_any` and its like stands alone in `right`, with or without parentheses.
    """

    operator: PredicateOperator
    left: Expression
    right: tuple[Expression, ...]
    #: `exactly` stood before the operator: no seeing through disguise.
    exactly: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not operand`."""

    operand: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Logic:
    """Two or more conditions joined by one of `and`, `or`. Nested only where parentheses or precedence ask."""

    operator: Literal["and", "or"]
    operands: tuple[Expression, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`at least 2 of (a, b, c)`."""

    number: Number
    conditions: tuple[Expression, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Weighted:
    """`3 if condition`, an argument of `tally`."""

    weight: Expression
    condition: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left + right` and its like; `*` and `/` bind tighter."""

    operator: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Parentheses around one expression, kept so that formatting keeps them."""

    inner: Expression
    span: Span = field(compare=False, repr=False)


Expression = (
    Path | Text | Number | Duration | Day | TimeOfDay | Flag | Regex | Call | Compare | Predicate | Not | Logic
    | AtLeast | Weighted | Arithmetic | Group
)  # fmt: skip

# --- actions -------------------------------------------------------------------------------------------------

#: How an argument of an action is introduced. "" stands for a bare one, `for` covers `for 20 minutes`.
Slot = Literal[
    "", "to", "for", "from", "by", "within", "up_to", "set_by", "quorum", "priority", "against", "with", "at", "rule",
    "as",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DurationRange:
    """`1 to 30 days`."""

    low: Decimal
    high: Duration
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Allowance:
    """`10 today` behind `up to`: at most so many, or as many as a parameter says, in a calendar unit."""

    number: Number | Name
    unit: CalendarUnit
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an action. `5 points` is a number with the unit word as the next bare argument."""

    slot: Slot
    value: Path | Text | Number | Duration | DurationRange | Forever | Day | RuleId | Allowance | Flag
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Action:
    """`hold for staff within 4 hours by office_hours, if late reject`.

    The particle that belongs to an action's English name (`hold for`, `escalate to`, `assign to`) is not an argument:
    its object is the first bare argument.
    """

    name: Name
    arguments: tuple[Argument, ...]
    if_late: tuple[Action, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AsRule:
    """`as rule 5`: do what that rule's `then` does."""

    rule: RuleId
    span: Span = field(compare=False, repr=False)


Consequence = Action | AsRule

# --- clauses of a rule ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Content:
    text: Text
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Modality:
    kind: Literal["may", "should", "must", "must_not"]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Groups; none in `groups` means everyone."""

    groups: tuple[Name, ...]
    excluded: tuple[Name, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class InPlaces:
    """Names of places or quoted channels; none in `places` means everywhere."""

    places: tuple[Name | Text, ...]
    excluded: tuple[Name | Text, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Responsible:
    group: Name
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN
    #: Whether every member of the group owes a duty of their own.
    each: bool = False


@dataclass(frozen=True, slots=True)
class Effective:
    """`effective immediately` has neither date; both dates are included."""

    start: Day | None
    end: Day | None
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class ReviewBy:
    day: Day
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class OnEvents:
    events: tuple[Name, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Every:
    """`every month`, `every 2 weeks`."""

    period: Duration
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class If:
    """`condition` is None for `otherwise` in a table."""

    condition: Expression | None
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Then:
    consequences: tuple[Consequence, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Urgency:
    """`priority urgent within 2 hours`: the deadline of a duty that was assigned with that priority."""

    priority: Name
    within: Duration | Name
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reminder:
    """`at 80% remind`, `at 1 hour before notify staff`: what is done before the deadline."""

    #: The part of the time that is over, with a percent sign; or how long before the deadline. One of the two, or the
    #: parameter that says it.
    share: Number | Name | None
    before: Duration | Name | None
    actions: tuple[Action, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Require:
    """`require reply at least 2 times within 24 hours by office_hours, at 80% remind, if late escalate to managers`."""

    event: Name
    #: A number, or the parameter that says it; so too a length of time.
    times: Number | Name | None
    within: Duration | Name | None
    #: The calendar whose working time counts.
    calendar: Name | None
    if_late: tuple[Action, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN
    #: The field that holds the deadline, in place of `within`.
    until: Path | None = None
    urgencies: tuple[Urgency, ...] = ()
    reminders: tuple[Reminder, ...] = ()


@dataclass(frozen=True, slots=True)
class Cooldown:
    #: A parameter where it is a name.
    duration: Duration | Name
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Overrides:
    rules: tuple[RuleId, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Trial:
    """The last day, included, on which the rule only records."""

    through: Day
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class FoundBy:
    group: Name
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Todo:
    """What is still to be written; a rule may have several."""

    text: Text
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


Clause = (
    Content | Modality | AppliesTo | InPlaces | Responsible | Effective | ReviewBy | OnEvents | Every | If | Then
    | Require | Cooldown | Overrides | Trial | FoundBy | Todo
)  # fmt: skip

# --- tests ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldValues:
    """`roles: "publisher", "reviewer"` or `labels.off_topic: 0.9`."""

    path: Path
    values: tuple[Text | Number | Day | Moment | Duration | TimeOfDay | Flag | Path, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectedDuty:
    """`duty reply`, `duty reply sue late`: a duty that came about, was met, became late or was cancelled."""

    event: Name
    #: Who owes it: a group or a member.
    owner: Name | None
    status: Literal["open", "met", "late", "cancelled"]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectedCase:
    """`case`, `case managers approved`: a case that was opened or came to an end."""

    group: Name | None
    status: Literal["open", "approved", "rejected", "expired"]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpectedBalance:
    """`balance amy 15`: the points that a movement on the ledger left."""

    member: Name | None
    points: Number
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that an expectation names: `delete`, `no notify`, `duty reply late`, `nothing`."""

    #: None for `nothing`.
    what: Action | ExpectedDuty | ExpectedCase | ExpectedBalance | None
    #: `no` stood before it.
    absent: bool
    #: As written behind it; see `Expect.rules`.
    under: RuleId | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Expect:
    """`expect delete, warn under 5`, `expect approve under 1, no notify`, `expect nothing`."""

    items: tuple[Expected, ...]
    span: Span = field(compare=False, repr=False)

    def rules(self) -> tuple[tuple[Expected, RuleId | None], ...]:
        """Each thing with the rule that it is under: the next one written, behind it or behind one after it."""
        found: list[tuple[Expected, RuleId | None]] = []
        under: RuleId | None = None
        for one in reversed(self.items):
            under = one.under or under
            found.append((one, under))
        return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class SetDay:
    """`2024-10-08`: what follows happens on this day."""

    day: Day
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Given:
    """`given sue (roles: "service")`."""

    member: Name
    fields: tuple[FieldValues, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Happens:
    """`09:00 amy message "one" expect allow`; `10:10 rae approve pat`; `11:00 zoe rating sue (score: 5)`."""

    time: TimeOfDay
    member: Name
    event: Name
    #: Whom it is about: the reported, rated or found member, or the author of what is approved or answered.
    target: Name | None
    #: The rule that a finding names: `finding bob rule 13 "note"`.
    rule: RuleId | None
    text: Text | None
    fields: tuple[FieldValues, ...]
    expect: Expect | None
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Later:
    """`24 hours later expect escalate under 3`."""

    duration: Duration
    expect: Expect | None
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


Step = SetDay | Given | Happens | Later

# --- declarations --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeaderEntry:
    """`version "2024.10"`, `language en`, `timezone Asia/Shanghai`, `published 2024-10-04`, `purpose "…"`,
    `seeing homophones`, `without leet, parts`."""

    key: Literal["version", "language", "timezone", "published", "purpose", "seeing", "without"]
    value: Text | Name | Day | tuple[Name, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Header:
    name: Text
    entries: tuple[HeaderEntry, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class TypeName:
    """`number`, `text`, `list of text`."""

    kind: Literal["text", "number", "boolean", "date", "time", "duration", "member", "message", "list"]
    #: The type of a list's items.
    item: TypeName | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    name: Name
    type: TypeName
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MemberFields:
    """`member (level: number)`."""

    fields: tuple[FieldDeclaration, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class LabelTypes:
    """`labels (off_topic: number)`: what the host's classifiers say of messages."""

    fields: tuple[FieldDeclaration, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class EventType:
    """`event trade (amount: number, buyer: member)`; for a built-in event, more fields."""

    name: Name
    fields: tuple[FieldDeclaration, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class GroupDeclaration:
    name: Name
    condition: Expression
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class PlaceDeclaration:
    """`place bot_chat = "bots", "test"`, or `place desk as event.channel is "wechat"`."""

    name: Name
    channels: tuple[Text, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN
    #: In place of the channels.
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class ListWay:
    """How a list is looked for: `seeing homophones`, `without leet, parts`, `whole words`, `anywhere`."""

    kind: Literal["seeing", "without", "whole_words", "anywhere"]
    #: The steps of seeing through disguise that are named.
    steps: tuple[Name, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ListDeclaration:
    """`list ad_words = "a", "b"` or `list sites = file "sites.txt"`."""

    name: Name
    exactly: bool
    items: tuple[Text, ...]
    file: Text | None
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN
    ways: tuple[ListWay, ...] = ()


@dataclass(frozen=True, slots=True)
class PatternDeclaration:
    name: Name
    regex: Regex
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class DatedValue:
    """`3 from 2024-10-04`; without a date, from the beginning."""

    value: Text | Number | Duration | TimeOfDay | Day | Flag
    start: Day | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Setting:
    """`links_per_day = 3 from 2024-10-04`, `ad_words + "a", "b"`, `ad_words - file "ours.txt"` behind a `use`."""

    name: Name
    #: `=` takes the place of a parameter's values or a list's words; `+` and `-` add words to a list or take some out.
    operator: Literal["=", "+", "-"]
    values: tuple[DatedValue, ...]
    #: The file that holds the words, in place of values.
    file: Text | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Use:
    """`use "words.rules"`, `use "pack:ads" from 2025-03-01 with links_per_day = 3`."""

    path: Text
    #: From and through which day the rules of the file hold, where they say nothing else themselves.
    start: Day | None
    end: Day | None
    settings: tuple[Setting, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class ParameterDeclaration:
    name: Name
    #: None where it is `required`: whoever uses the file sets it.
    values: tuple[DatedValue, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Definition:
    """`define advertising as …`, a named condition."""

    name: Name
    condition: Expression
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Metric:
    """`metric complaint_rate as …`, a named number."""

    name: Name
    value: Expression
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class StateDeclaration:
    """`state raid = calm, high`; the first value is the one it falls back to."""

    name: Name
    values: tuple[Name, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """`Monday to Friday 09:00 to 18:00`; one day has `last` None."""

    first: Weekday
    last: Weekday | None
    start: TimeOfDay
    end: TimeOfDay
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Holidays:
    """`holidays CN`, `holidays 2024-12-24, 2024-12-25`, `holidays file "off.txt"`."""

    region: Name | None
    days: tuple[Day, ...]
    file: Text | None
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Workdays:
    """`workdays 2024-10-12`: days that are worked although the week or the holidays say otherwise."""

    days: tuple[Day, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class CalendarDeclaration:
    name: Name
    lines: tuple[WorkingHours | Holidays | Workdays, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class PenaltyStep:
    """`1st: warn`, `then on: mute forever`, `always: ban …`."""

    #: The number of the offence, counted from 1; or what follows the last number; or every offence.
    when: int | Literal["then_on", "always"]
    actions: tuple[Action, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Appeal:
    """`appeal once to managers within 7 days`; `times` is None when `once` is not written."""

    times: int | None
    group: Name
    within: Duration | Name | None
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class PenaltyCap:
    """`at most 10 times within 1 day by member`; `by` is None when the whole community is meant."""

    times: Number
    within: Duration
    by: Name | None
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class PenaltyDeclaration:
    name: Name
    over: Duration | Name | None
    lines: tuple[PenaltyStep | Appeal | PenaltyCap, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Power:
    """`power moderators may delete, mute, ban up to 1 day`: the cap belongs to the action it follows."""

    group: Name
    actions: tuple[Action, ...]
    #: What becomes of an act above its cap: `above that hold for managers within 4 hours`.
    above: tuple[Action, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Breaker:
    """`breaker 5% of members and at least 50 members within 1 day, then notify managers`."""

    share: Number
    least: Number
    within: Duration
    actions: tuple[Action, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class TemplateText:
    language: Literal["en", "zh"]
    text: Text
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class TemplateDeclaration:
    """Texts may hold `{parameter}` and `{settled.result}`. `start` and `end` are the days from and through which it
    holds, where it is dated; several of one name then follow each other."""

    name: Name
    texts: tuple[TemplateText, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN
    start: Day | None = None
    end: Day | None = None


@dataclass(frozen=True, slots=True)
class Confidential:
    """`confidential complaint.text, member.birthday to managers`: who may see what fields hold."""

    fields: tuple[Path, ...]
    groups: tuple[Name, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Leaderboard:
    name: Name
    top: Number
    measure: Expression
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Rule:
    """One numbered norm; clauses in the writer's order."""

    id: RuleId
    name: Text | None
    clauses: tuple[Clause, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


#: What stands at the head of a table's column: the number, the name, or a clause.
Column = Literal[
    "rule", "name", "content", "modality", "applies_to", "in", "responsible", "effective", "review_by", "on",
    "every", "if", "then", "require", "cooldown", "overrides", "trial", "found_by", "todo",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A rule of a table: its number, its name and the clauses of its cells, in the order of the columns.

    An empty cell is None.
    """

    id: RuleId
    name: Text | None
    cells: tuple[Clause | None, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """`table after_sales on complaint, first match`: the clauses of the head hold for every row."""

    name: Name
    clauses: tuple[Clause, ...]
    first_match: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Amend:
    """From that day the named rule has these clauses in place of its own of the same kind."""

    rule: RuleId
    #: None for `immediately`: as long as the rule itself, which stands in a used file.
    start: Day | None
    clauses: tuple[Clause, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN
    #: `grace 14 days`: for how long the text before still holds, and this one only reminds.
    grace: Duration | None = None


@dataclass(frozen=True, slots=True)
class Repeal:
    rule: RuleId
    #: None for `immediately`.
    start: Day | None
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class Test:
    name: Text
    steps: tuple[Step, ...]
    span: Span = field(compare=False, repr=False)
    layout: Layout = PLAIN

    __test__ = False


Declaration = (
    Header | Use | MemberFields | LabelTypes | EventType | GroupDeclaration | PlaceDeclaration | ListDeclaration
    | PatternDeclaration | ParameterDeclaration | Definition | Metric | StateDeclaration | CalendarDeclaration
    | PenaltyDeclaration | Power | Breaker | Confidential | TemplateDeclaration | Leaderboard | Rule | Table | Amend
    | Repeal
    | Test
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """One parsed file."""

    declarations: tuple[Declaration, ...]
    #: Comments after the last declaration. An empty string is a blank line.
    trailing: tuple[str, ...]
    span: Span = field(compare=False, repr=False)
    #: The spelling that most of its words have; what the formatter keeps.
    spelling: Literal["en", "zh"] = field(default="en", compare=False)
