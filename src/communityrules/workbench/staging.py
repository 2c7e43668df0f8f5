"""The stage of a rulebook's test: its members, what they have written, what is open; makes events of test lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import replace

from communityrules.checker import checked, dates, given
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.facts import GivenFacts
from communityrules.language import tree
from communityrules.model.decision import Case, Decision, Duty
from communityrules.model.event import NO_TARGET, Event, Member, Message, Target
from communityrules.model.values import Value, instant
from communityrules.model.zones import zone

COMMUNITY: Final = "test"
#: Who speaks in a test without saying more has this role.
ROLES: Final = ("member",)
#: Events that settle cases, and events that meet duties by answering.
_VOTES: Final = frozenset({"approve", "reject"})
_ANSWERS: Final = frozenset({"reply", "resolved"})
#: Events about somebody's message, the latest one where the test names only the member.
_ABOUT_MESSAGES: Final = frozenset({"report", "reaction", "delete", "finding"})
_WITH_MESSAGE: Final = frozenset({"message", "edit"})


@dataclass(slots=True)
class Stage:
    """Where one test stands."""

    evaluator: Evaluator
    #: The day on which the next line's time of day falls.
    day: date = date(2024, 1, 1)
    #: The instant of the previous line.
    now: int = 0
    _members: dict[str, Member] = field(default_factory=dict)
    #: Messages in order: who wrote them and their ids.
    _messages: list[tuple[str, str]] = field(default_factory=list)
    _duties: dict[str, Duty] = field(default_factory=dict)
    _cases: dict[str, Case] = field(default_factory=dict)
    _count: int = 0

    @property
    def _rulebook(self) -> checked.Rulebook:
        return self.evaluator.rulebook

    # --- time ------------------------------------------------------------------------------------------------

    def begin(self, day: date) -> None:
        """Go to the beginning of a day."""
        self.day = day
        self.now = max(self.now, self._at(0))

    def wait(self, duration: tree.Duration) -> int:
        """Let time pass; the instant that it leads to."""
        self.now += dates.measure(duration) or 0
        where = zone(self._rulebook.timezone)
        self.day = datetime.fromtimestamp(self.now // 1_000_000, where).date()
        return self.now

    def _at(self, minutes: int, seconds: int = 0, on: date | None = None) -> int:
        day = on or self.day
        local = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes, seconds=seconds)
        return instant(local.replace(tzinfo=zone(self._rulebook.timezone)))

    # --- members ---------------------------------------------------------------------------------------------

    def tell(self, step: tree.Given) -> None:
        """Take what the test says of a member; it holds from now on."""
        member = self._member(step.member.text)
        changes: dict[str, Any] = {}
        fields = dict(member.fields)
        for one in step.fields:
            meant = given.member_field(self.evaluator.library, self._rulebook.member_fields, one.path)
            if meant is None:
                continue  # the checker refuses such a test
            value = self._value(meant, one.values)
            if meant.custom:
                fields[meant.name] = value
            else:
                changes[meant.name] = value
        self._members[member.id] = replace(member, fields=fields, **changes)

    def _member(self, name: str) -> Member:
        known = self._members.get(name)
        if known is None:
            known = self._members[name] = Member(name, ROLES, roles_said=True)
        return known

    # --- events ----------------------------------------------------------------------------------------------

    def event(self, step: tree.Happens) -> Event:
        """The event of a line."""
        library = self.evaluator.library
        kind = library.resolve("events", step.event.text) or step.event.text
        self.now = self._at(step.time.minutes, step.time.seconds)
        self._count += 1
        event_id = f"t{self._count}"
        sender = self._member(step.member.text)
        target = self._target(step, kind)
        message = self._message(step, kind, event_id, target)
        event = Event(event_id, self.now, kind, COMMUNITY, replace(sender), message, target)
        fields: dict[str, Value] = {}
        for one in step.fields:
            self._give(event, fields, one)
        event.fields = fields
        if event.message is not None and kind == "message":
            event.fields = event.message.fields
        event.described = tuple(replace(one) for one in self._members.values() if one.id != sender.id)
        if event.message is not None and event.message.id is not None:
            self._messages.append((sender.id, event.message.id))
        return event

    def _give(self, event: Event, fields: dict[str, Value], one: tree.FieldValues) -> None:
        meant = given.event_field(self.evaluator.library, self._rulebook.event_types, event.type, one.path)
        if meant is None:
            return  # the checker refuses such a test
        value = self._value(meant, one.values)
        if meant.root == "own":
            fields[meant.name] = value
        elif meant.root == "event":
            setattr(event, meant.name, value)
        else:
            message = event.message or Message(event.id)
            if meant.root == "label":
                event.message = replace(message, labels={**message.labels, meant.name: value})
            elif meant.custom:
                event.message = replace(message, fields={**message.fields, meant.name: value})
            elif meant.name == "reply_to" and isinstance(value, str):
                event.message = replace(message, reply_to=self._latest([value]) or value)
            else:
                changes: dict[str, Any] = {meant.name: value}
                event.message = replace(message, **changes)

    def _value(self, meant: checked.FieldRef, written: Iterable[Any]) -> Any:
        kind = meant.type.kind
        values = [
            self._single(meant.type.item.kind if kind == "list" and meant.type.item else kind, one) for one in written
        ]
        return tuple(values) if kind == "list" else values[0]

    def _single(self, kind: str, written: Any) -> Value:
        match written:
            case tree.Text() | tree.Flag():
                return written.value
            case tree.Number():
                number: int | Decimal = dates.whole(written.value)
                return number
            case tree.Day():
                where = zone(self._rulebook.timezone)
                return dates.midnight(written.value, where) if kind == "instant" else written.value
            case tree.Moment():
                return self._at(written.time.minutes, written.time.seconds, written.day.value)
            case tree.Duration():
                return dates.measure(written) or 0
            case tree.TimeOfDay():
                return written.minutes
            case _:
                return str(written.text)

    def _message(self, step: tree.Happens, kind: str, event_id: str, target: Target) -> Message | None:
        if step.text is None and kind not in _WITH_MESSAGE:
            return None
        text = step.text.value if step.text is not None else ""
        if kind == "edit":
            return Message(target.message or event_id, text)
        answers = target.message if kind in _ANSWERS or (kind == "message" and step.target is not None) else None
        return Message(event_id, text, reply_to=answers)

    # --- what a line is about --------------------------------------------------------------------------------

    def _target(self, step: tree.Happens, kind: str) -> Target:
        speaker = step.member.text
        named = step.target.text if step.target is not None else None
        rule = step.rule.text if step.rule is not None else None
        if kind in _VOTES:
            case = self._open_case(speaker, named)
            if case is not None:
                return Target(case=case.id, member=case.member, rule=rule)
        elif kind in _ANSWERS:
            duty = self._open_duty(kind, speaker, named)
            if duty is not None:
                return Target(message=duty.about, member=duty.member, rule=rule)
            others = [named] if named is not None else [one for one in self._members if one != speaker]
            return Target(message=self._latest(others), member=named, rule=rule)
        elif kind == "edit":
            return Target(message=self._latest([speaker]), rule=rule)
        elif kind in _ABOUT_MESSAGES or (kind == "message" and named is not None):
            whose = named if named is not None else speaker if kind == "delete" else None
            return Target(message=self._latest([whose]) if whose is not None else None, member=named, rule=rule)
        if named is None and rule is None:
            return NO_TARGET
        message = self._open_matter(named)
        if message is None and kind == "staff_action" and named is not None:
            message = self._latest([named])
        return Target(message=message, member=named, rule=rule)

    def _open_matter(self, member: str | None) -> str | None:
        """What the latest open duty towards a member is about: that is what is taken over, handed on or called off."""
        matters = (one.about for one in reversed(self._duties.values()) if one.member == member)
        return next(matters, None) if member is not None else None

    def _latest(self, members: Iterable[str]) -> str | None:
        """The latest message of any of some members."""
        wanted = set(members)
        return next((message for author, message in reversed(self._messages) if author in wanted), None)

    def _open_case(self, speaker: str, about: str | None) -> Case | None:
        """The latest open case that the speaker may settle; else the latest, for the engine to refuse."""
        open_ones = [one for one in self._cases.values() if about is None or one.member == about]
        may = [one for one in open_ones if one.member != speaker and self._in(one.group, speaker)]
        return next(reversed(may or open_ones), None)

    def _open_duty(self, kind: str, speaker: str, about: str | None) -> Duty | None:
        """The latest open duty that the speaker may meet by this kind of event; else the latest of that kind."""
        open_ones = [
            one
            for one in self._duties.values()
            if one.what == kind and one.about is not None and (about is None or one.member == about)
        ]
        may = [
            one
            for one in open_ones
            if one.member != speaker
            and one.responsible is not None
            and (one.responsible == speaker or self._in(one.responsible, speaker))
        ]
        return next(reversed(may or open_ones), None)

    def _in(self, group: str, name: str) -> bool:
        try:
            return self.evaluator.in_group(group, self._member(name), self.now, GivenFacts())
        except KeyError:
            return False  # a duty that was assigned names a member, not a group

    # --- what came of it -------------------------------------------------------------------------------------

    def learn(self, decision: Decision) -> None:
        """Follow what is open."""
        for duty in decision.duties:
            self._duties.pop(duty.id, None)
            if duty.status == "open":
                self._duties[duty.id] = duty
        for case in decision.cases:
            self._cases.pop(case.id, None)
            if case.status == "open":
                self._cases[case.id] = case
