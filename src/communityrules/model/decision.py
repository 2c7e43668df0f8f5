"""Decisions: everything that the rules answer to one event. Mirrors the wire contract field by field.

Nested values are plain frozen records; `to_wire` gives dictionaries in the contract's key order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

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
    #: By which it was assigned.
    priority: str | None = None


class Case(Struct, frozen=True):
    """Something held until people settle it."""

    id: str
    rule: str
    kind: Literal["hold", "appeal", "discretion", "referral"]
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
    #: Of a leaderboard its name and its rows, best first: whom or what (several keys: a tuple) and the value.
    name: str | None = None
    rows: tuple[tuple[str | tuple[str, ...], Any], ...] = ()
    #: The groups that may see the texts, where they say something confidential; and the texts for all others.
    confidential: tuple[str, ...] = ()
    covered: Mapping[str, str] = {}
    #: Whether the texts are those for all others.
    hidden: bool = False


class PointsChange(Struct, frozen=True):
    """A movement on the points ledger."""

    id: str
    member: str
    change: int
    balance: int
    rule: str
    #: The movement that this one takes back, by its id.
    reverses: str | None = None


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
    #: `duty`, `reminder`, `case`, `sanction`, `label`, `state`, `period`, `breaker`.
    what: str


class Decision(Struct, frozen=True, gc=False):
    """All that follows from one event or one timer."""

    # Nothing in a decision leads back to it: the garbage collector need not look through the thousands of a batch.

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

    def seen_by(self, *groups: str) -> Decision:
        """The decision as somebody may see it who is in these groups (names as declared), and in no other.

        What the rulebook keeps `confidential` from them is covered: in the evidence, in what `mask` shows, in notices.
        A piece that is covered has `"confidential": true` where the whole decision names the groups that may see it.
        """
        return replace(
            self,
            outcomes=tuple(
                replace(
                    one,
                    actions=tuple(_action_for(action, groups) for action in one.actions),
                    evidence=tuple(_piece_for(piece, groups) for piece in one.evidence),
                )
                for one in self.outcomes
            ),
            notices=tuple(_notice_for(one, groups) for one in self.notices),
        )


#: What stands for a value that is not to be seen.
HIDDEN = "…"
#: What is told of a piece of evidence whose value is not to be seen, and where the value stands.
_TOLD = ("kind", "field", "member", "what", "operator")
_VALUES = ("text", "value")


def _kept_from(told: Mapping[str, Any], groups: tuple[str, ...]) -> bool:
    may = told.get("confidential")
    return isinstance(may, list | tuple) and not set(groups).intersection(may)


def _piece_for(piece: Evidence, groups: tuple[str, ...]) -> Evidence:
    if not _kept_from(piece, groups):
        return piece
    told = {name: piece[name] for name in _TOLD if name in piece}
    if "field" in told:
        told.pop("what", None)  # it may be the very word that was found
    return {**told, **{name: HIDDEN for name in _VALUES if name in piece}, "confidential": True}


def _action_for(action: ActionTaken, groups: tuple[str, ...]) -> ActionTaken:
    if not _kept_from(action.arguments, groups):
        return action
    hidden = {name: HIDDEN for name in _VALUES if name in action.arguments}
    return replace(action, arguments={**action.arguments, **hidden, "confidential": True})


def _notice_for(notice: Notice, groups: tuple[str, ...]) -> Notice:
    if not notice.confidential or set(groups).intersection(notice.confidential):
        return notice
    return replace(notice, texts=notice.covered, confidential=(), covered={}, hidden=True)
