"""JSON Schemas of the wire contract, made from pydantic models. Imported only when a schema is asked for.

What a schema cannot say stays with `communityrules.wire.events`: that a day exists, that an event has at most 1 MiB,
and which types a rulebook declares (`event_schema` can be given them).
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, WithJsonSchema

from communityrules.model.values import Type
from communityrules.wire.types import (
    BUILT_IN,
    MAX_FIELDS,
    MAX_ID,
    MAX_ITEMS,
    MAX_NUMBER,
    MAX_SECONDS,
    MAX_TEXT,
    STANDARD_TYPES,
    WireTypes,
)

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

#: `$` alone would let a line end follow, in some dialects.
_END: Final = r"$(?!\n)"
_HOURS: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_ZONED: Final = (
    rf"^YEAR-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]{_HOURS}(:[0-5][0-9](\.[0-9]{{1,9}})?)?(Z|[+-]{_HOURS}){_END}"
)
_ID: Final = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_ID,
    "not": {"pattern": "[\\u0000-\\u001f\\u007f]"},
}
_TEXT: Final = {"type": "string", "maxLength": MAX_TEXT}
_NUMBER: Final = {"type": "number", "minimum": -MAX_NUMBER, "maximum": MAX_NUMBER}
_INSTANT: Final = {
    "type": "string",
    "format": "date-time",
    "pattern": _ZONED.replace("YEAR", "(19[7-9][0-9]|20[0-9]{2}|21[0-9]{2})"),
}
_WRITTEN_INSTANT: Final = {
    "type": "string",
    "format": "date-time",
    "pattern": _ZONED.replace("YEAR", "[0-9]{4}"),
}
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "text": _TEXT,
    "number": _NUMBER,
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date", "pattern": f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_END}"},
    "instant": _INSTANT,
    "time_of_day": {"type": "string", "pattern": f"^({_HOURS}|24:00){_END}"},
    "duration": {
        "anyOf": [
            {"type": "number", "minimum": 0, "maximum": MAX_SECONDS},
            {
                "type": "string",
                "pattern": "^P(?=[0-9T])([0-9]{1,6}W|([0-9]{1,6}D)?(T(?=[0-9])"
                "([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,9}S)?)?)" + _END,
            },
        ]
    },
    "member": _ID,
    "message": _ID,
    "state": _TEXT,
}

Id = Annotated[str, WithJsonSchema(_ID)]
Words = Annotated[str, WithJsonSchema(_TEXT)]
Number = Annotated[float, WithJsonSchema(_NUMBER)]
Instant = Annotated[str, WithJsonSchema(_INSTANT)]
WrittenInstant = Annotated[str, WithJsonSchema(_WRITTEN_INSTANT)]
Label = Annotated[
    bool | float | str | None, WithJsonSchema({"anyOf": [{"type": "boolean"}, _NUMBER, _TEXT, {"type": "null"}]})
]


class _Open(BaseModel):
    """What comes in may hold more than is read."""

    model_config = ConfigDict(extra="allow")


class Member(_Open):
    """A person. Fields that the rulebook declares for members stand here too."""

    id: Id
    roles: Annotated[list[Id], Field(max_length=MAX_ITEMS)] | None = None
    joined: Instant | None = None
    name: Words | None = None


class Message(_Open):
    """A text that somebody sent."""

    id: Id | None = None
    text: Words | None = None
    reply_to: Id | None = None
    topic: Words | None = None
    attachments: Annotated[list[Words], Field(max_length=MAX_ITEMS)] | None = None
    labels: Annotated[dict[str, Label], Field(max_length=MAX_FIELDS)] | None = None


class Target(_Open):
    """Whom or what an event is about."""

    message: Id | None = None
    member: Id | None = None
    case: Id | None = None
    rule: Id | None = None


class Event(_Open):
    """One event. `ts`, `author` and `text` are the flat way to write `time`, `member` and `message`."""

    id: Id
    time: Instant | None = None
    ts: Instant | None = None
    type: str
    community: Id
    channel: Id | None = None
    place: Id | None = None
    member: Member | None = None
    author: Id | None = None
    message: Message | None = None
    text: Words | None = None
    target: Target | None = None


def _field(type_: Type) -> dict[str, Any]:
    if type_.kind == "list":
        item = _KINDS.get(type_.item.kind if type_.item else "text", _TEXT)
        return {"type": "array", "items": item, "maxItems": MAX_ITEMS}
    return _KINDS.get(type_.kind, _TEXT)


def _declared(fields: Any) -> dict[str, Any]:
    return {name: {"anyOf": [_field(type_), {"type": "null"}]} for name, type_ in sorted(fields.items())}


def event_schema(types: WireTypes = STANDARD_TYPES) -> dict[str, Any]:
    """The JSON Schema of an event of any of the given types."""
    schema = Event.model_json_schema()
    schema["$defs"]["Member"]["properties"].update(_declared(types.member))
    schema["properties"]["type"] = {"enum": sorted(types.events)}
    for name in ("time", "ts"):
        # Absent or a time: a time that is null is a mistake.
        schema["properties"][name] = _INSTANT
    schema["oneOf"] = [{"required": ["time"]}, {"required": ["ts"]}]
    conditions: list[dict[str, Any]] = [
        {"not": {"required": ["member", "author"]}},
        {"not": {"required": ["message", "text"]}},
        {
            "if": {"properties": {"type": {"enum": sorted(BUILT_IN)}}},
            "then": {
                "anyOf": [
                    {"required": ["member"], "properties": {"member": {"type": "object"}}},
                    {"required": ["author"], "properties": {"author": {"type": "string"}}},
                ]
            },
        },
        {
            "if": {"properties": {"type": {"enum": ["edit", "message"]}}},
            "then": {
                "anyOf": [
                    {"required": ["message"], "properties": {"message": {"type": "object"}}},
                    {"required": ["text"], "properties": {"text": {"type": "string"}}},
                ]
            },
        },
    ]
    for kind, fields in sorted(types.events.items()):
        conditions.append(
            {
                "if": {"properties": {"type": {"const": kind}}},
                "then": {
                    "properties": {
                        kind: {
                            "type": ["object", "null"],
                            "properties": _declared(fields),
                            "maxProperties": MAX_FIELDS,
                        }
                    }
                },
            }
        )
    schema["allOf"] = conditions
    return {"$schema": DIALECT, "title": "Event", **{k: v for k, v in schema.items() if k != "title"}}


# --- decisions -----------------------------------------------------------------------------------------------


class _Closed(BaseModel):
    """What goes out holds exactly this."""

    model_config = ConfigDict(extra="forbid")


Verdict = Literal["allow", "flag", "hold", "block"]
Whole = Annotated[int, Strict()]


class Timer(_Closed):
    """What a decision answers when it was time that brought it about."""

    type: Literal["timer"]
    id: str
    what: str


class Rulebook(_Closed):
    """Which text decided."""

    name: str
    version: str | None
    digest: str


class Action(_Open):
    """One action. Its arguments stand beside `do` under the names that its declaration gives them."""

    do: str
    on: dict[str, str]


class Evidence(_Open):
    """Why: a match in a text, a count and its limit, a value and what it was compared with."""

    kind: str


class Outcome(_Closed):
    """One rule's answer."""

    rule: str
    name: str | None
    content: str | None
    modality: Literal["may", "should", "must", "must_not"] | None
    verdict: Verdict
    trial: bool
    overridden_by: str | None
    actions: list[Action]
    evidence: list[Evidence]


class Sanction(_Closed):
    """An action on a member that lasts. `end` null is forever."""

    id: str
    member: str
    kind: str
    start: WrittenInstant
    end: WrittenInstant | None
    penalty: str | None
    step: Whole | None
    rules: list[str]
    status: Literal["in_force", "ended", "reversed", "pending"]


class Duty(_Closed):
    """Something owed by someone by a deadline; `on` is the event type that meets it."""

    id: str
    rule: str
    on: str
    responsible: str | None
    due: WrittenInstant | None
    status: Literal["open", "met", "late", "cancelled"]
    about: str | None
    member: str | None
    met_by: str | None
    priority: str | None


class Vote(_Closed):
    """One member's vote on a case."""

    member: str
    vote: str


class Case(_Closed):
    """Something held until people settle it."""

    id: str
    rule: str
    kind: Literal["hold", "appeal", "discretion", "referral"]
    group: str
    quorum: Whole
    opened: WrittenInstant
    due: WrittenInstant | None
    status: Literal["open", "approved", "rejected", "expired"]
    about: str | None
    member: str | None
    votes: list[Vote]


class Notice(_Closed):
    """A message that the host is to deliver."""

    id: str
    kind: str
    to: dict[str, str]
    rule: str
    template: str | None
    texts: dict[str, str]
    #: Only of a leaderboard: its name, and its rows from the first place on, each what is ranked and its value.
    name: str = ""
    rows: list[tuple[str | list[str], Any]] = []
    #: Only of texts that say something confidential: the groups that may see them, and the texts for all others;
    #: `true` alone where these are the texts for all others.
    confidential: list[str] | bool = []
    covered: dict[str, str] = {}


class Points(_Closed):
    """A movement on the points ledger."""

    id: str
    member: str
    change: Whole
    balance: Whole
    rule: str
    #: Only on a movement that takes another one back: its id.
    reverses: str = ""


class LabelChange(_Closed):
    """A label put on or taken off."""

    on: dict[str, str]
    label: str
    end: WrittenInstant | None
    rule: str
    removed: bool


class Failure(_Closed):
    """A rule that failed while running."""

    rule: str
    file: str
    line: Whole
    error: str


class Decision(_Closed):
    """All that follows from one event or one timer."""

    event: str | Timer
    time: WrittenInstant
    community: str
    rulebook: Rulebook
    verdict: Verdict
    outcomes: list[Outcome]
    sanctions: list[Sanction]
    duties: list[Duty]
    cases: list[Case]
    notices: list[Notice]
    points: list[Points]
    labels: list[LabelChange]
    errors: list[Failure]
    late: bool


def decision_schema() -> dict[str, Any]:
    """The JSON Schema of a decision."""
    schema = Decision.model_json_schema()
    return {"$schema": DIALECT, "title": "Decision", **{k: v for k, v in schema.items() if k != "title"}}
