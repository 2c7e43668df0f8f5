"""How the library declares what rules can name.

Every event type, field, function, aggregate, operator, action and detector is declared once, in one file and one
line of a visible table, with its names in both languages, its types, its documentation and its cost. The checker, the
formatter, the evaluator, completion and the reference pages all read these declarations. The canonical name of a
thing is its English name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any, Literal

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass
from communityrules.model.values import Type

#: What one evaluation costs, as the checker adds it up: a look-up, a window, one pass over the text, a pattern.
Cost = Literal["constant", "window", "text", "pattern"]


@dataclass(frozen=True, slots=True)
class Names:
    """The spellings of one thing; aliases are read but never printed."""

    en: str
    zh: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an entity or of an event type."""

    names: Names
    type: Type
    doc: Bilingual
    cost: Cost = "constant"


@dataclass(frozen=True, slots=True)
class Entity:
    """What a path can begin with besides an event type: `member`, `message`, `event`."""

    names: Names
    fields: tuple[Field, ...]
    doc: Bilingual


#: Who or what the subject of an event is: its sender and own message; the target member and message; whoever owes.
SubjectKind = Literal["sender", "target", "responsible", "community"]


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event. Every type has `member` (who sent it), `target`, `time` besides its own fields."""

    names: Names
    fields: tuple[Field, ...]
    doc: Bilingual
    subject: SubjectKind = "sender"
    #: Whether it carries a text of its own, readable as `message.text`.
    carries_text: bool = False
    #: Raised by the engine, never sent by a host.
    raised: bool = False


#: What kind of thing an argument of an action takes.
ArgumentKind = Literal[
    "duration",
    "range",
    "number",
    "penalty",
    "template",
    "group",
    "state",
    "value",
    "label",
    "member",
    "calendar",
    "priority",
    "unit",
    "rule",
    "allowance",
    "text",
    "field",
    "fact",
]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of an action: the slot it stands in, its name on the wire, what it takes.

    Several parameters may share a slot: an argument goes to the first of them, in the order declared, that is still
    free and whose kind fits. Of those that share a slot and are `required`, one must be given.
    """

    slot: str
    name: str
    kind: ArgumentKind
    required: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """Something a `then` can ask for."""

    names: Names
    doc: Bilingual
    verdict: Literal["allow", "flag", "hold", "block"]
    #: What it falls on.
    falls_on: Literal["message", "member", "community", "case"]
    #: Whether it punishes, so that only `must` and `must not` may ask for it.
    punishes: bool = False
    #: What kind of lasting sanction it imposes on a member, if any.
    sanction: bool = False
    #: Modalities that may not ask for it, beside what `punishes` says: `should` may remind, flag, label, award, notify.
    allowed_for: tuple[str, ...] = ("should", "must", "must_not")
    parameters: tuple[Parameter, ...] = ()
    #: The English word that follows the name before its object: `hold for`, `escalate to`.
    particle: str = ""
    #: Whether `, if late …` may follow.
    takes_if_late: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What was found: the half-open range `[start, end)` in code points of the text that was looked through."""

    start: int
    end: int
    #: For a list of words: the word as its writer spelt it.
    word: str | None = None
    #: How it was seen through disguise, `separators, leet`; nothing when it stands as it is.
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Detector:
    """Finds things in a text: phone numbers, cards, links."""

    names: Names
    doc: Bilingual
    find: Callable[[str], Iterable[Match]]
    cost: Cost = "pattern"


@dataclass(frozen=True, slots=True)
class Function:
    """A pure function over values. `run` gets positional arguments, never None, and must be total over its types.

    A list is a tuple, an instant or a duration whole microseconds, a number an int or a Decimal.
    """

    names: Names
    doc: Bilingual
    parameters: tuple[Type, ...]
    returns: Type
    run: Callable[..., object]
    cost: Cost = "constant"
    #: `run` gets the name of the rulebook's time zone (IANA) before its arguments.
    zoned: bool = False
    #: Its arguments are conditions with weights, `3 if …`, as many as there are; `run` gets the weights that count.
    weighted: bool = False
    #: How many of the last parameters may be left out.
    optional: int = 0
    #: Its argument is the name of a group; `run` gets how many known members are in it.
    of_group: bool = False


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A measure over past events: `count`, `distinct`, `sum`, `average`, `last`, `since`, `sequence`, `similar`."""

    names: Names
    doc: Bilingual
    #: Whether its first argument is an event type (`count`), a field of one (`sum`), several types (`sequence`), or
    #: an event type that open duties wait for (`open_duties`), which may be left out.
    over: Literal["event", "field", "events", "duties"]
    #: The type of the field, where it takes one; None is any.
    takes: Type | None
    #: None: the type of the field.
    returns: Type | None
    #: Whether a window must be given.
    needs_window: bool = True
    cost: Cost = "window"
    #: Whether the value of the judged event is what those of the counted ones are compared with.
    compared: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A function of the host's that says something of a message; rules read it as `message.labels.NAME`.

    See `library.scores`.
    """

    names: Names
    doc: Bilingual
    #: Which model answers, and which version of it.
    model: str
    version: str
    #: Gets the text of the message, or the `Event`.
    run: Callable[[Any], object]
    #: A number, a boolean or a text.
    returns: Type
    of: Literal["text", "event"] = "text"


@dataclass(frozen=True, slots=True)
class Operator:
    """A predicate of the language; its spelling is a keyword of the same name."""

    keyword: str
    doc: Bilingual
    #: Types of the left operand that it takes; of the right one, "same", or None for no right operand.
    left: tuple[str, ...]
    right: tuple[str, ...]
    cost: Cost = "constant"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the library that stands as an argument: a priority, a unit, `everyone`."""

    names: Names
    doc: Bilingual


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that seeing through disguise undoes."""

    names: Names
    doc: Bilingual
    #: As it is written, and the word that is found.
    example: tuple[str, str]
    #: Whether it is done unless a writer says otherwise.
    usual: bool = True
    #: Whether what it finds is only weak evidence.
    weak: bool = False


@dataclass(frozen=True)
class Library:
    """Everything rules can name. Tables are by canonical name; `resolve_*` take any spelling."""

    entities: Mapping[str, Entity]
    events: Mapping[str, EventType]
    actions: Mapping[str, Action]
    detectors: Mapping[str, Detector]
    functions: Mapping[str, Function]
    aggregates: Mapping[str, Aggregate]
    operators: Mapping[str, Operator]
    #: Groups that are always there; priorities; what can be awarded.
    groups: Mapping[str, Word] = field(default_factory=dict)
    values: Mapping[str, Word] = field(default_factory=dict)
    units: Mapping[str, Word] = field(default_factory=dict)
    #: The steps of seeing through disguise.
    steps: Mapping[str, Step] = field(default_factory=dict)
    #: What only installed packages and hosts add.
    scores: Mapping[str, Score] = field(default_factory=dict)
    _spellings: dict[str, dict[str, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def resolve(self, kind: str, spelling: str) -> str | None:
        """The canonical name behind a spelling of the table `kind` (`"events"`, `"actions"`, …), or None."""
        known = self._spellings.get(kind)
        if known is None:
            known = {}
            for name, declared in getattr(self, kind).items():
                names: Names | None = getattr(declared, "names", None)
                for one in (name,) if names is None else (names.en, names.zh, *names.aliases):
                    known[one] = name
            self._spellings[kind] = known
        return known.get(spelling)

    def fields_of(self, owner: str) -> tuple[Field, ...]:
        """Every field that a path can name after `owner`, the canonical name of an entity or an event type.

        In the order of precedence: the entity's own, the event type's own, those that every event has. Empty when
        there is no such owner. A name that comes twice means the first.
        """
        entity = self.entities.get(owner)
        event = self.events.get(owner)
        return (
            *(entity.fields if entity else ()),
            *(event.fields if event else ()),
            *(self.entities["event"].fields if event else ()),
        )

    def field(self, owner: str, spelling: str) -> Field | None:
        """The field behind a spelling after `owner` (canonical name of an entity or event type), or None."""
        for one in self.fields_of(owner):
            if spelling in (one.names.en, one.names.zh) or spelling in one.names.aliases:
                return one
        return None
