"""Decisions: everything that the rules answer to one event. Mirrors the wire contract field by field.

Nested values are plain frozen records; `to_wire` gives dictionaries in the contract's key order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

Verdict = Literal["allow", "flag", "hold", "block"]
#: Strictness by name; the strictest verdict wins.
STRICTNESS: dict[str, int] = {"allow": 0, "flag": 1, "hold": 2, "block": 3}

#: A piece of evidence: `kind` first, then what that kind says. Plain JSON values only.
Evidence = Mapping[str, Any]


class ActionTaken(Struct, frozen=True):
    """One action that an outcome asks for."""

    #: The canonical English name of the action.
    do: str
    #: What it falls on: `{"message": id}`, `{"member": id}`, `{"case": id}`, or empty for the community.
    on: Mapping[str, str]
    #: The action's arguments by the names its declaration gives them: `{"penalty": "standard"}`, `{"to": "managers"}`.
    arguments: Mapping[str, Any]


class Outcome(Struct, frozen=True):
    """One rule's answer."""

    rule: str
    name: str | None
    content: str | None
    modality: Literal["may", "should", "must", "must_not"] | None
    verdict: Verdict
    trial: bool
    overridden_by: str | None
    actions: tuple[ActionTaken, ...]
    evidence: tuple[Evidence, ...]


class Sanction(Struct, frozen=True):
    """An action on a member that lasts. Instants in microseconds; `end` None: forever; of warn and kick: the start."""

    id: str
    member: str
    kind: str
    start: int
    end: int | None
    penalty: str | None
    step: int | None
    rules: tuple[str, ...]
    status: Literal["in_force", "ended", "reversed", "pending"] = "in_force"


class Duty(Struct, frozen=True):
    """Something owed by someone by a deadline."""

    id: str
    rule: str
    #: The event type that meets it.
    what: str
    #: A group's name, or a member's id once assigned.
    responsible: str | None
    due: int | None
    status: Literal["open", "met", "late", "cancelled"]
    #: The event or case that it answers.
    about: str | None = None
    member: str | None = None
    met_by: str | None = None


class Case(Struct, frozen=True):
    """Something held until people settle it."""

    id: str
    rule: str
    kind: Literal["hold", "appeal", "discretion"]
    group: str
    quorum: int
    opened: int
    due: int | None
    status: Literal["open", "approved", "rejected", "expired"]
    about: str | None
    member: str | None
    votes: tuple[tuple[str, str], ...] = ()


class Notice(Struct, frozen=True):
    """A message to people that the host is to deliver: a reminder, a notification, an escalation."""

    id: str
    kind: str
    #: `{"member": id}` or `{"group": name}`.
    to: Mapping[str, str]
    rule: str
    #: The template's name and its text by language, parameters filled in.
    template: str | None
    texts: Mapping[str, str]


class PointsChange(Struct, frozen=True):
    """A movement on the points ledger."""

    id: str
    member: str
    change: int
    balance: int
    rule: str


class LabelChange(Struct, frozen=True):
    """A label put on a member or a message, or taken off."""

    on: Mapping[str, str]
    label: str
    #: None: until taken off.
    end: int | None
    rule: str
    removed: bool = False


class RuleFailure(Struct, frozen=True):
    """A rule that failed while running; it was skipped and harmed no other."""

    rule: str
    #: Where the rule stands: file name and line, from 1.
    file: str
    line: int
    error: str


class RulebookRef(Struct, frozen=True):
    """Which text decided."""

    name: str
    version: str | None
    digest: str


class Timer(Struct, frozen=True):
    """What a decision answers when it was time, not an event, that brought it about."""

    id: str
    #: `duty`, `case`, `sanction`, `label`, `state`, `period`.
    what: str


class Decision(Struct, frozen=True):
    """All that follows from one event or one timer."""

    event: str | Timer
    time: int
    community: str
    rulebook: RulebookRef
    verdict: Verdict
    outcomes: tuple[Outcome, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    duties: tuple[Duty, ...] = ()
    cases: tuple[Case, ...] = ()
    notices: tuple[Notice, ...] = ()
    points: tuple[PointsChange, ...] = ()
    labels: tuple[LabelChange, ...] = ()
    errors: tuple[RuleFailure, ...] = ()
    late: bool = False
