"""Checked rules: the canonical form of a rulebook, which the compiler, the engine, `diff` and the audit log speak of.

Every name is resolved to its canonical spelling, every date to an instant in the rulebook's time zone, `as rule N` to
what that rule does, amendments to versions. Instants and lengths of time are whole microseconds. What compares equal
here judges equal: origins and the writer's wording (`what`) do not take part in equality nor in the digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.model.values import Type, Value


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands: file name as given, line and column from 1."""

    file: str
    line: int
    column: int


# --- expressions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Const:
    """A value written in the rules. A duration is microseconds, a time of day minutes, a percentage its fraction."""

    value: Value
    type: Type
    #: What the writer wrote where the value does not say it: the path that stands for it (`community.purpose`), a
    #: length, a time of day.
    what: str = field(default="", compare=False)


#: What a field is read from:
#: `event` the envelope (`id time type community channel place`); `member` the subject member
#: (`id name roles joined tenure labels points`, or a declared field with `custom`); `sender` the same of who sent it;
#: `whom` the same of the member that `target` names, without `id`;
#: `named` the same of the member whom another field names (`FieldRef.by`), without `id`;
#: `message` the subject message (`id text links length reply_to topic attachments …`, or a declared field);
#: `label` what classifiers said of the subject message (`message.labels.NAME`, type number unless compared otherwise);
#: `target` (`message member case rule`, ids); `own` a field that stands under the event's own name.
Root = Literal["event", "member", "sender", "whom", "named", "message", "label", "target", "own"]
#: The roots of facts about a member.
OF_MEMBERS: Final[frozenset[Root]] = frozenset({"member", "sender", "whom", "named"})


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A fact of the event at hand: the judged one in conditions, the counted one in keys, values and `where` of
    aggregates. An absent fact is None."""

    root: Root
    name: str
    type: Type
    #: Declared in the rulebook; stands in the `fields` mapping.
    custom: bool = False
    #: Of root `named`: the field that names the member.
    by: FieldRef | None = None
    #: The path in the writer's spelling, for evidence.
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ParameterRef:
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class StateRef:
    """The value that a state of the community has."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class DefinitionRef:
    """A named condition or metric; see `Rulebook.definitions`."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class AggregateRef:
    """The value of `Rulebook.aggregates[index]` for the key that `keys` give on the judged event.

    When any key is None the value is absent. For `similar` one more follows the keys: the text of the judged event.
    """

    index: int
    keys: tuple[Expression, ...]
    type: Type
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A library function by canonical name; absent when an argument is."""

    function: str
    arguments: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class GroupSize:
    """How many known members are in a group at the instant of the event; those who left are not known."""

    group: str
    type: Type
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """False when either side is absent. An instant against a time of day compares its local time in minutes.

    Text compares after folding (see `library.fold`) unless `exactly`; ids (members, messages, rules, states) compare
    as they are.
    """

    operator: Literal["is", "is_not", "<", "<=", ">", ">="]
    left: Expression
    right: Expression
    exactly: bool = False
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class InRange:
    """`between a and b` (both included) for numbers, dates, durations; for a time of day its start included and its
    end not, past midnight when start > end. `outside` is its negation for a present operand; false when absent."""

    operand: Expression
    low: Expression
    high: Expression
    outside: bool
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ListRef:
    """A list of the rulebook by name."""

    name: str


@dataclass(frozen=True, slots=True)
class DetectorRef:
    """A detector of the library by canonical name."""

    name: str


#: What a text is looked through for.
Matcher = Const | ListRef | DetectorRef | ParameterRef


@dataclass(frozen=True, slots=True)
class Contains:
    """A text operand: whether it contains any (or all) of the matchers, words at word boundaries.

    A list operand (`message.links contains any of sites`, `member.roles has any of (…)`): whether any item equals
    (folded unless `exactly`) a word of the matchers; links compare by domain and subdomain.
    For `all`, every word of every matcher must be there.
    """

    operand: Expression
    matchers: tuple[Matcher, ...]
    mode: Literal["any", "all"]
    exactly: bool
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether the operand equals one of the items."""

    operand: Expression
    items: tuple[Matcher | Expression, ...]
    negated: bool
    exactly: bool
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Affix:
    """`starts with` / `ends with`."""

    operand: Expression
    end: Literal["start", "end"]
    items: tuple[Matcher | Expression, ...]
    exactly: bool
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Matches:
    """The original text against a pattern: `Rulebook.patterns[name]`, or an inline one with its regex for a name."""

    operand: Expression
    #: The pattern's text, linear-time syntax, as written between the slashes.
    regex: str
    #: The writer's name of the pattern, or the pattern itself.
    name: str
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Empty:
    """`is empty`: absent, or a text or list without content. `negated` for `is not empty`."""

    operand: Expression
    negated: bool
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class InGroup:
    """Whether the subject member is in a group (used where a group's name stands as a condition)."""

    group: str


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Logic:
    operator: Literal["and", "or"]
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    number: int
    conditions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """One condition of a tally and what it counts: a number, or a parameter that is one."""

    weight: Const | ParameterRef
    condition: Expression
    #: The condition in the writer's words.
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Tally:
    """The sum of the weights of those conditions that hold, exact; 0 of none. All are looked at, in order. A parameter
    that has no value yet weighs nothing."""

    weights: tuple[Weight, ...]
    type: Type
    what: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Exact; division by zero is absent. Two instants subtract to a duration."""

    operator: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression
    type: Type


Expression = (
    Const | FieldRef | ParameterRef | StateRef | DefinitionRef | AggregateRef | FunctionCall | GroupSize | Compare
    | InRange | Contains | OneOf | Affix | Matches | Empty | InGroup | Not | Logic | AtLeast | Tally | Arithmetic
)  # fmt: skip

# --- measures over time --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SlidingWindow:
    """Events whose age is at most `length` microseconds, or what a parameter says at the instant of asking."""

    length: int | ParameterRef


@dataclass(frozen=True, slots=True)
class CalendarWindow:
    """Events since the beginning of the current unit in the rulebook's zone. Weeks begin on Monday."""

    unit: Literal["hour", "day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One measure whose history the engine keeps for each key, within each community.

    `count` events; `distinct` values; `sum`, `average` of numbers; `last` value and `since` the latest event, both of
    events before the judged one; `sequence` whether events of the types came in that order; `similar` events whose text
    is nearly the same as the one that is asked about (see `library.likeness`). `open_duties` and `oldest_duty` keep no
    history: they look at the duties that are open, each seen as an event of type `library.entities.OPEN_DUTY`. All
    others but `last` and `since` include the judged event. `average` of nothing, `last` and `since` of nothing and
    `oldest_duty` of nothing are absent.
    """

    function: Literal[
        "count", "distinct", "sum", "average", "last", "since", "sequence", "similar", "open_duties", "oldest_duty"
    ]
    #: One event type; for `sequence` two or more, in order. Canonical names.
    events: tuple[str, ...]
    #: What is counted distinct, summed, averaged, remembered or compared; read on the counted event.
    value: Expression | None
    #: Read on the counted event; an event with an absent key is not counted.
    keys: tuple[Expression, ...]
    where: Expression | None
    window: SlidingWindow | CalendarWindow | None
    type: Type
    #: Where counting may stop: `min(value, limit)` gives every rule the same answer as the value itself (4 for `> 3`,
    #: 3 for `>= 3`, over all values of a parameter). None when rules read the exact value.
    limit: int | None = field(default=None, compare=False)
    #: Stable name made of the canonical form without `limit`: unchanged measures keep their history across versions.
    id: str = field(default="", compare=False)
    what: str = field(default="", compare=False)


# --- consequences --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DurationRange:
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most so many points of a rule, for each member, in a calendar unit of the rulebook's zone."""

    points: int | ParameterRef
    unit: Literal["hour", "day", "week", "month", "quarter", "year"]


#: "forever", or microseconds, a range, an allowance, a number, a parameter that is an amount, a name, a text.
@dataclass(frozen=True, slots=True)
class Noted:
    """What an action writes down: a fact of the event at hand, a parameter as of then, or a value."""

    value: FieldRef | ParameterRef | Const


ArgumentValue = int | str | DurationRange | Allowance | ParameterRef | Noted | Value


@dataclass(frozen=True, slots=True)
class Action:
    """One action by canonical name, arguments by the names of its declaration (`library.actions`).

    Durations are microseconds or the text `forever`.
    """

    do: str
    arguments: Mapping[str, ArgumentValue]
    if_late: tuple[Action, ...] = ()
    #: The member it falls on, when not the subject.
    against: FieldRef | None = None
    origin: Origin | None = field(default=None, compare=False)
    #: What its own text says of the event; what a template says stands with the template.
    fills: tuple[Fill, ...] = ()


@dataclass(frozen=True, slots=True)
class Fill:
    """A fact that a text says: `{settled.result}`. Parameters are not among them."""

    #: What stands in the braces, as its writer spelt it.
    name: str
    value: Expression
    #: The type of the events that have it, where not all do; absent on others.
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Urgency:
    """The deadline of a duty that was assigned with a priority."""

    priority: str
    within: int | ParameterRef


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is done before the deadline: once `share` (0.8 for 80%) of the time is over, or `before` microseconds ahead
    of it, both in the duty's working time."""

    share: Decimal | ParameterRef | None
    before: int | ParameterRef | None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class DutySpec:
    """`require reply at least 2 times within 24 hours by office_hours, at 80% remind, if late …`.

    `within` None only for a periodic rule, due at the period's end, and for one whose deadline is read from a field.
    """

    event: str
    times: int | ParameterRef
    within: int | ParameterRef | None
    calendar: str | None
    if_late: tuple[Action, ...]
    origin: Origin | None = field(default=None, compare=False)
    #: The instant of the event that opens the duty by which it is due.
    until: FieldRef | None = None
    urgencies: tuple[Urgency, ...] = ()
    #: In the writer's order.
    reminders: tuple[Reminder, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """Every `count` calendar units, beginning at the unit's beginning in the rulebook's zone.

    Minutes divide an hour, and count on the zone's clock, also where it goes back.
    """

    unit: Literal["minute", "hour", "day", "week", "month", "quarter", "year"]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule: in force at instants with `start <= t < end`."""

    id: str
    name: str | None
    #: Never None: the name, or the id, when the writer gave none.
    content: str
    modality: Literal["may", "should", "must", "must_not"]
    #: Groups; none means everyone.
    applies_to: tuple[str, ...]
    excluded: tuple[str, ...]
    #: Channel names; none means everywhere. Compared with the event's `place`, else its `channel`.
    places: tuple[str, ...]
    excluded_places: tuple[str, ...]
    responsible: str | None
    start: int | None
    end: int | None
    #: Until this instant, not included, the rule only records.
    trial_end: int | None
    review_by: date | None
    events: tuple[str, ...]
    every: Period | None
    #: None when the rule has no `if`: it matches every event that it is on and applies to.
    condition: Expression | None
    actions: tuple[Action, ...]
    duties: tuple[DutySpec, ...]
    cooldown: int | ParameterRef | None
    #: What a cooldown hangs on: the subject member when every measure in the condition is kept by member.
    cooldown_by: Literal["community", "member"]
    overrides: tuple[str, ...]
    found_by: str | None
    #: The first-match table it belongs to: of such a table only the first matching row answers.
    first_match: str | None
    origin: Origin = field(compare=False)
    #: Until this instant, not included, the version before is in force too, and what only this one catches is
    #: reminded in place of being punished, held or blocked.
    grace_end: int | None = None
    #: Whether every known member of the responsible group owes a duty of their own.
    each: bool = False
    #: Conditions of places by which it holds as well as in `places`, and by which it does not: of the envelope alone.
    in_places: tuple[Expression, ...] = ()
    except_places: tuple[Expression, ...] = ()


# --- other declarations --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WordList:
    name: str
    exactly: bool
    #: In the writer's order, without repetition.
    items: tuple[str, ...]
    origin: Origin = field(compare=False)
    #: The steps of seeing through disguise that are done, by English name; None: those of the rulebook.
    steps: tuple[str, ...] | None = None
    #: How the words stand: None by themselves in scripts with spaces, `whole` in every script, or `anywhere`.
    edges: Literal["whole", "anywhere"] | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """`values[i]` holds from its instant (None: always) until the next one's."""

    name: str
    type: Type
    values: tuple[tuple[int | None, Value], ...]


@dataclass(frozen=True, slots=True)
class State:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Weekday (0 Monday) → worked minutes-of-day ranges `[start, end)`; regions and days off; days worked after all."""

    name: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    regions: tuple[str, ...]
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class PenaltyStep:
    """Offences number `first` to `last` (None: and all after)."""

    first: int
    last: int | None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Appeal:
    times: int | None
    group: str
    within: int | ParameterRef | None


@dataclass(frozen=True, slots=True)
class PenaltyCap:
    """At most so many sanctions, warnings aside, whose age is at most `within` microseconds."""

    times: int
    within: int
    #: Of one member, or of the whole community.
    by_member: bool


@dataclass(frozen=True, slots=True)
class Penalty:
    """Offences whose age is at most `over` microseconds count; None: all."""

    name: str
    over: int | ParameterRef | None
    steps: tuple[PenaltyStep, ...]
    appeal: Appeal | None
    origin: Origin = field(compare=False)
    caps: tuple[PenaltyCap, ...] = ()


@dataclass(frozen=True, slots=True)
class Power:
    """`caps[action]` is the longest sanction in microseconds; None: no cap."""

    group: str
    caps: Mapping[str, int | None]
    #: A `hold` for who decides what is above a cap; None: the next rank.
    above: Action | None = None
    #: As it was written.
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Breaker:
    """No more automatic sanctions once `share` of the known members, and at least `least`, have been sanctioned."""

    #: 0.05 for 5%.
    share: Decimal
    least: int
    #: Microseconds: sanctions whose age is at most this count.
    within: int
    #: What is done once when it trips.
    actions: tuple[Action, ...]
    #: As it was written.
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Confidential:
    """A field whose value only some groups may see: of members, of messages, or of events of one type."""

    root: Literal["member", "message", "label", "own"]
    name: str
    #: The type of the events; None where it is one of members, or of whatever carries a message.
    event: str | None
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatedTexts:
    """What a template says for a time: `start <= t < end`."""

    start: int | None
    end: int | None
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    #: By language; empty where the template is dated.
    texts: Mapping[str, str]
    #: The facts that its texts say, of all times.
    fills: tuple[Fill, ...] = ()
    #: In the order of time, where it is dated.
    dated: tuple[DatedTexts, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaderboard:
    name: str
    top: int
    #: Index into `Rulebook.aggregates`; its keys name what is ranked.
    aggregate: int
    #: As it was written.
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class CustomEvent:
    """The fields that a rulebook declares for an event type, its own or a built-in one."""

    name: str
    fields: Mapping[str, Type]
    built_in: bool


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A checked rulebook."""

    name: str
    version: str | None
    language: Literal["en", "zh"]
    #: An IANA zone name.
    timezone: str
    #: Midnight of the published day.
    published: int | None
    purpose: str | None
    member_fields: Mapping[str, Type]
    #: Declared event types and additions to built-in ones, by name.
    event_types: Mapping[str, CustomEvent]
    groups: Mapping[str, Expression]
    places: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, WordList]
    patterns: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    #: Definitions and metrics.
    definitions: Mapping[str, Expression]
    states: Mapping[str, State]
    calendars: Mapping[str, WorkCalendar]
    penalties: Mapping[str, Penalty]
    powers: tuple[Power, ...]
    templates: Mapping[str, Template]
    leaderboards: tuple[Leaderboard, ...]
    aggregates: tuple[Aggregate, ...]
    #: Every version of every rule, in the order of the text; versions of one rule follow each other by date.
    rules: tuple[Rule, ...]
    #: SHA-256 of the canonical JSON form, 64 hex digits.
    digest: str
    #: In-file tests, as parsed; outside the digest.
    tests: tuple[tree.Test, ...] = field(default=(), compare=False)
    #: The steps of seeing through disguise that are done, by English name; None: the usual ones.
    steps: tuple[str, ...] | None = None
    breakers: tuple[Breaker, ...] = ()
    confidential: tuple[Confidential, ...] = ()
