"""Hits as the outcomes that decisions show, where no engine does what they ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from communityrules.checker import checked
from communityrules.compiler.match import Hit
from communityrules.kernel import native
from communityrules.library.declare import Library
from communityrules.model.decision import STRICTNESS, ActionTaken, Outcome, Verdict
from communityrules.model.event import Event, Member

#: Reads the id that a field of the event names, the amount that a parameter says, or what is to be written down.
Read = Callable[[checked.FieldRef | checked.ParameterRef | checked.Noted], Any]


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    """The strictest of some verdicts; allow when there is none."""
    return max(verdicts, key=STRICTNESS.__getitem__, default="allow")


class Answers:
    """What the rules of one rulebook answer, each worked out when it first matches."""

    def __init__(self, library: Library) -> None:
        self._library: Final = library
        #: By the `id` of a rule, which its answer keeps alive.
        self._known: dict[int, Answer] = {}
        #: The same of those that are `Answer.usual`.
        self._usual: dict[int, tuple[Any, ...]] = {}
        self._done: dict[str, tuple[Any, ...]] = {}
        self._sent: dict[str, bool] = {}
        kernel = native("sifting")
        #: The outcomes of hits and their verdict, where all can be told at once; else None: each answer is to be asked.
        self.usual: Final[Callable[[tuple[Hit, ...], Event], tuple[tuple[Outcome, ...], Verdict] | None]] = (
            _unknown if kernel is None else kernel.Outcomes(Outcome, ActionTaken, STRICTNESS, self._usual, self._sent)
        )

    def meet(self, event_type: str) -> None:
        """Makes sure that `usual` knows what events of a type are about."""
        if event_type != "join_request" and event_type not in self._sent:
            self._sent[event_type] = sent_by_subject(event_type, self._library)

    def of(self, rule: checked.Rule) -> Answer:
        """What a rule answers."""
        found = self._known.get(id(rule))
        if found is None:
            found = self._known[id(rule)] = Answer(rule, self._library)
            if found.usual is not None:
                *cited, done = found.usual
                # Most rules do what many do: what they share is near when it is needed.
                self._usual[id(rule)] = (*cited, self._done.setdefault(repr(done), done))
        return found


def _unknown(hits: object, event: object) -> None:  # noqa: ARG001  # the kernel's way in, where there is none
    return None


class Answer:
    """What one rule's outcomes say, as far as no event changes it worked out once."""

    __slots__ = ("_actions", "_library", "_rule", "_verdict", "reads", "usual")

    def __init__(self, rule: checked.Rule, library: Library) -> None:
        self._rule = rule
        self._library = library
        fixed = [_fixed(action) for action in rule.actions]
        #: Each action, what it falls on, and its arguments where no event changes them.
        self._actions = [
            (action, library.actions[action.do].falls_on, told)
            for action, told in zip(rule.actions, fixed, strict=True)
        ]
        #: Whether an outcome reads anything of the event.
        self.reads = None in fixed or any(action.against is not None for action in rule.actions)
        #: None where an action may be left out: one on a member.
        self._verdict = (
            None
            if any(falls_on == "member" for _, falls_on, _ in self._actions)
            else strictest(library.actions[action.do].verdict for action in rule.actions)
        )
        done = [(action.do, told) for action, told in zip(rule.actions, fixed, strict=True)]
        #: What an outcome cites, and the actions with their arguments, where all are on a message and the same for all.
        self.usual = (
            (rule.id, rule.name, rule.content, rule.modality, self._verdict, tuple(done))
            if not self.reads and all(falls_on == "message" for _, falls_on, _ in self._actions)
            else None
        )

    def outcome(self, hit: Hit, event: Event, read: Read) -> Outcome:
        """The outcome of a hit, with the rule's direct actions. A penalty by itself is allow: its step decides.

        An action on a member is left out where the event has none. `read` is only asked when `reads`.
        """
        rule, library = self._rule, self._library
        taken: list[ActionTaken] = []
        for action, falls_on, fixed in self._actions:
            on = self._on_message(event) if falls_on == "message" else falling(action, falls_on, event, library, read)
            if on is not None:
                taken.append(
                    ActionTaken(action.do, on, fixed.copy() if fixed is not None else arguments(action.arguments, read))
                )
        verdict = self._verdict
        if verdict is None:
            verdict = strictest([library.actions[one.do].verdict for one in taken])
        # In the order in which they are declared.
        return Outcome(
            rule.id,
            rule.name,
            rule.content,
            rule.modality,
            verdict,
            hit.trial,
            hit.overridden_by,
            tuple(taken),
            hit.evidence,
        )

    def _on_message(self, event: Event) -> Mapping[str, str]:
        """The message of an event; the event where it has none."""
        message = event.subject_message
        if message is None and sent_by_subject(event.type, self._library):
            message = event.message
        # What somebody says when they ask to be let in is not a message in the community.
        if message is not None and message.id is not None and event.type != "join_request":
            return {"message": message.id}
        subject = subject_of(event, self._library)
        return {"event": event.id, **({"member": subject.id} if subject is not None else {})}


def falling(
    action: checked.Action, falls_on: str, event: Event, library: Library, read: Read
) -> Mapping[str, str] | None:
    """What an action falls on that does not fall on a message; None when on a member and there is none."""
    against = read(action.against) if action.against is not None else None
    if falls_on == "member":
        subject = subject_of(event, library)
        who = against if action.against is not None else subject.id if subject is not None else None
        if who is None:
            return None
        written = action.arguments.get("value")
        return None if isinstance(written, checked.Noted) and read(written) is None else {"member": who}
    if falls_on == "case" and event.target.case is not None:
        return {"case": event.target.case}
    return {"member": against} if against is not None else {}


def _fixed(action: checked.Action) -> dict[str, Any] | None:
    """An action's arguments where no event changes them."""
    read = checked.FieldRef | checked.ParameterRef | checked.Noted
    for value in action.arguments.values():
        said = value.points if isinstance(value, checked.Allowance) else value
        if isinstance(said, read):
            return None
    return arguments(action.arguments, unread)


def unread(said: object) -> None:
    """Reads for a rule whose actions read nothing."""
    raise AssertionError(said)


def arguments(given: Mapping[str, checked.ArgumentValue | checked.FieldRef], read: Read) -> dict[str, Any]:
    """An action's arguments as the wire says them: lengths in microseconds, a range from `duration` to `up_to`."""
    told: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, checked.DurationRange):
            told["duration"] = value.low
            told["up_to"] = value.high
        elif isinstance(value, checked.Allowance):
            points = value.points if isinstance(value.points, int) else read(value.points)
            told.update(at_most=points, per=value.unit)
        elif value is not None and name != "against":
            told[name] = (
                read(value) if isinstance(value, checked.FieldRef | checked.ParameterRef | checked.Noted) else value
            )
    return told


def sent_by_subject(event_type: str, library: Library) -> bool:
    """Whether events of a type are about who sent them, where nothing else is said."""
    declared = library.events.get(event_type)
    return declared is None or declared.subject == "sender"


def subject_of(event: Event, library: Library) -> Member | None:
    """The member whom the event is about."""
    if event.subject is not None or not sent_by_subject(event.type, library):
        return event.subject
    return event.member
