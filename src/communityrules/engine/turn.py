"""One event or one timer being handled: what every part of the consequences is handed.

An `Answer` is an outcome while it is being put together. `Terms` are what an outcome cites of a rule, `Act` is an
action with its member settled, `Affected` is whom and what actions fall on; these three can be kept in cells, so
that a duty or a case goes on under the terms under which it was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct

from communityrules.checker import checked
from communityrules.compiler.reasons import reason_of
from communityrules.engine import confiding, members, saying
from communityrules.engine.parts import Judge, Parts
from communityrules.engine.plain import from_plain, to_plain
from communityrules.engine.transaction import Transaction
from communityrules.model.decision import STRICTNESS, ActionTaken, Evidence, Outcome, RuleFailure, Verdict
from communityrules.model.event import Event, Member
from communityrules.stores.errors import StoreError

if TYPE_CHECKING:
    from communityrules.engine.book import Book

Modality = Literal["may", "should", "must", "must_not"]


class Terms(Struct, frozen=True):
    """What an outcome cites of a rule."""

    rule: str
    name: str | None
    content: str
    modality: Modality

    @classmethod
    def of(cls, rule: checked.Rule) -> Terms:
        return cls(rule.id, rule.name, rule.content, rule.modality)

    @classmethod
    def from_plain(cls, plain: Any) -> Terms:
        return cls(*plain)

    def to_plain(self) -> list[str | None]:
        return [self.rule, self.name, self.content, self.modality]


class Act(Struct, frozen=True):
    """An action to be done, with the member that `against` names, if any, already read."""

    do: str
    arguments: Mapping[str, Any]
    if_late: tuple[Act, ...] = ()
    #: The id of the member that `against` names.
    against: str | None = None
    #: Whether `against` was written, so that an absent fact does not turn the action on the subject.
    aimed: bool = False
    #: What its text says of the event (`engine.saying`).
    said: saying.Said = {}

    @classmethod
    def of(cls, action: checked.Action, event: Event | None, turn: Turn, law: int | None = None) -> Act:
        """The action on one event, from which `against` and other fields are read.

        `law` is the instant whose parameters hold, if not now.
        """
        arguments = {name: _settled(value, event, turn, law) for name, value in action.arguments.items()}
        if turn.book.confidence and event is not None:
            arguments.update(_confided(action, event, turn))
        return cls(
            action.do,
            arguments,
            tuple(cls.of(one, event, turn, law) for one in action.if_late),
            read_member(action.against, event, turn.tx) if action.against is not None else None,
            action.against is not None,
            saying.say(action, event, turn),
        )

    @classmethod
    def from_plain(cls, plain: Any) -> Act:
        do, arguments, if_late, against, aimed, *said = plain
        return cls(
            do,
            {name: from_plain(value) for name, value in arguments.items()},
            tuple(cls.from_plain(one) for one in if_late),
            against,
            aimed,
            *said,
        )

    def to_plain(self) -> list[Any]:
        return [
            self.do,
            {name: to_plain(value) for name, value in self.arguments.items()},
            [one.to_plain() for one in self.if_late],
            self.against,
            self.aimed,
            *([self.said] if self.said else ()),
        ]


def _settled(value: Any, event: Event | None, turn: Turn, law: int | None) -> Any:
    if isinstance(value, checked.Noted):
        return _noted(value, event, turn, law)
    if isinstance(value, checked.ParameterRef):
        return turn.amount(value, law)
    if isinstance(value, checked.Allowance):
        return checked.Allowance(turn.amount(value.points, law), value.unit)
    return read_member(value, event, turn.tx) if isinstance(value, checked.FieldRef) else value


def _noted(noted: checked.Noted, event: Event | None, turn: Turn, law: int | None) -> Any:
    """What an action writes down; None when the event does not have it."""
    value = noted.value
    if isinstance(value, checked.Const):
        return value.value
    if isinstance(value, checked.ParameterRef):
        return turn.book.parameter(value.name, turn.now if law is None else law)
    if event is None:
        return None
    try:
        return turn.book.evaluator.value(value, event, turn.judge.facts(event))
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001  # an extension's score may raise anything, and notes nothing then
        turn.parts.errors.append(RuleFailure("", "", 0, reason_of(error, value.what)))
        return None


def _confided(action: checked.Action, event: Event, turn: Turn) -> dict[str, Any]:
    """Who may see what an action writes down: who may see both what is read and where it is written."""
    noted, name = action.arguments.get("value"), action.arguments.get("field")
    if not isinstance(noted, checked.Noted) or not isinstance(name, str):
        return {}
    confidence = turn.book.confidence
    groups = confidence.of(checked.FieldRef("member", name, turn.book.rulebook.member_fields[name], True), event.type)
    if isinstance(noted.value, checked.FieldRef):
        groups = confiding.common(groups, confidence.of(noted.value, event.type))
    return {"confidential": groups} if groups else {}


def reads_event(action: checked.Action, rulebook: checked.Rulebook) -> bool:
    """Whether the same action is another one on another event."""
    written = (
        one.value if isinstance(one, checked.Noted) else one.points if isinstance(one, checked.Allowance) else one
        for one in action.arguments.values()
    )
    fields = (action.against, *written)
    return (
        any(isinstance(one, checked.FieldRef | checked.ParameterRef) for one in fields)
        or any(not isinstance(one.value, checked.Const) for one in saying.fills_of(action, rulebook))
        or any(reads_event(one, rulebook) for one in action.if_late)
    )


def read_member(ref: checked.FieldRef, event: Event | None, tx: Transaction) -> str | None:
    """The id of the member that a field of an event, or of somebody in it, names; None when it names none."""
    if event is None:
        return None
    if ref.root == "target":
        return event.target.member
    if ref.root in ("own", "event", "message"):
        message = event.subject_message
        named = (message.fields if ref.root == "message" and message is not None else event.fields).get(ref.name)
    else:
        who = _person(ref, event, tx)
        named = None if who is None else who.id if ref.name == "id" else who.fields.get(ref.name)
    return named if isinstance(named, str) else None


def _person(ref: checked.FieldRef, event: Event, tx: Transaction) -> Member | None:
    """The member of whom a field speaks."""
    if ref.root == "named":
        known = read_member(ref.by, event, tx) if ref.by is not None else None
        return members.find(tx, known) if known is not None else None
    return {"sender": event.member, "member": event.subject, "whom": event.aimed}.get(ref.root)


class Affected(Struct, frozen=True):
    """Whom and what actions fall on."""

    #: The subject member.
    member: str | None = None
    #: The group that is responsible, where no one member is.
    group: str | None = None
    #: The subject message.
    message: str | None = None
    #: The event that brought it about.
    event: str | None = None
    #: The type of that event.
    kind: str | None = None

    @property
    def about(self) -> str | None:
        """What a case or a duty is about: the message, else the event."""
        return self.message if self.message is not None else self.event

    @property
    def thing(self) -> dict[str, str]:
        """What an action on a message or request falls on, as the wire says it."""
        if self.message is not None:
            return {"message": self.message}
        found = {"event": self.event} if self.event is not None else {}
        return {**found, **self.person}

    @property
    def person(self) -> dict[str, str]:
        return {"member": self.member} if self.member is not None else {}

    @classmethod
    def of(cls, event: Event) -> Affected:
        """What the actions of a rule on this event fall on."""
        # What somebody says when they ask to be let in is not a message in the community.
        message = event.subject_message if event.type != "join_request" else None
        return cls(
            event.subject.id if event.subject is not None else None,
            event.subject_group,
            message.id if message is not None else None,
            event.id,
            event.type,
        )

    @classmethod
    def from_plain(cls, plain: Any) -> Affected:
        return cls(*plain)

    def to_plain(self) -> list[str | None]:
        return [self.member, self.group, self.message, self.event, self.kind]


class Answer(Struct):
    """An outcome while it is being put together."""

    terms: Terms
    evidence: list[Evidence] = []
    trial: bool = False
    overridden_by: str | None = None
    verdict: Verdict = "allow"
    actions: list[ActionTaken] = []
    #: What the rule itself has given (`engine.reversal`).
    gave: list[dict[str, Any]] = []

    @property
    def effective(self) -> bool:
        """Whether what it asks for is done."""
        return not self.trial and self.overridden_by is None

    def take(self, verdict: Verdict, taken: ActionTaken) -> None:
        """Note an action; the verdict becomes as strict as it."""
        self.actions.append(taken)
        if STRICTNESS[verdict] > STRICTNESS[self.verdict]:
            self.verdict = verdict

    def outcome(self) -> Outcome:
        return Outcome(
            self.terms.rule,
            self.terms.name,
            self.terms.content,
            self.terms.modality,
            self.verdict,
            self.trial,
            self.overridden_by,
            tuple(self.actions),
            tuple(self.evidence),
        )


_NOBODY: Final[frozenset[str]] = frozenset()
_NONE: Final[Mapping[str, tuple[str, ...]]] = {}


class Turn:
    """One event or one timer being handled."""

    __slots__ = (
        "book",
        "depth",
        "event",
        "judge",
        "matters",
        "now",
        "parts",
        "people",
        "raised",
        "struck",
        "tx",
        "withdrawable",
    )

    def __init__(self, tx: Transaction, book: Book, judge: Judge, event: Event | None = None) -> None:
        self.tx = tx
        self.book = book
        self.judge = judge
        #: The event of the host, None for a timer.
        self.event = event
        self.now = tx.now
        self.parts = Parts()
        #: Events that the engine has raised and not yet judged, with how many raised events led to each.
        self.raised: list[tuple[Event, int]] = []
        #: By the id of a raised event, what people can name when they answer it, beside its message and its case.
        self.matters: Mapping[str, tuple[str, ...]] = _NONE
        #: By the id of a raised event, the sanctions with which it is taken back.
        self.withdrawable: Mapping[str, tuple[str, ...]] = _NONE
        #: How many raised events led to what is being judged now.
        self.depth = 0
        #: Whether what is being judged now is what people have found.
        self.people = False
        #: Members whose sanctions this event or timer has counted (`engine.proportion`).
        self.struck: frozenset[str] = _NOBODY

    def give(self, answers: Iterable[Answer]) -> None:
        """Put finished answers into the decision."""
        for one in answers:
            self.parts.outcomes.append(one.outcome())
            if one.effective:
                self.parts.raise_to(one.verdict)

    def amount(self, said: int | checked.ParameterRef, law: int | None = None) -> int:
        """A length of time or a number that rules say, as of now or of another instant."""
        if not isinstance(said, checked.ParameterRef):
            return said
        return self.book.amount(said, self.now if law is None else law)

    def value(self, said: checked.ParameterRef, law: int | None = None) -> Any:
        """What a parameter says, as of now or of another instant; before its first date what it says first."""
        return self.book.value(said, self.now if law is None else law)

    def size(self, group: str) -> int:
        """How many known members are in a group, by what is known now. Of a group that fails none, and it says so."""
        event = self.event or Event("", self.now, "timer", self.tx.community)
        try:
            return self.judge.facts(event).size(group)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  # as in `in_group`
            self.parts.errors.append(RuleFailure("", "", 0, reason_of(error, f"group {group}")))
            return 0

    def in_group(self, group: str, member: Member) -> bool:
        """Whether a member is in a group, by what is known now. A group that fails holds nobody, and says so."""
        event = self.event or Event("", self.now, "timer", self.tx.community)
        try:
            return self.book.evaluator.in_group(group, member, self.now, self.judge.facts(event))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  # an extension's function may raise anything, and harms no other rule
            self.parts.errors.append(RuleFailure("", "", 0, reason_of(error, f"group {group}")))
            return False
