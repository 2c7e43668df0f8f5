"""One rulebook as the consequences look things up in it. Made once for each rulebook; holds no state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, Protocol

from communityrules.checker import checked
from communityrules.checker.walk import walk
from communityrules.compiler.facts import Facts
from communityrules.compiler.match import Match
from communityrules.engine.confiding import Confidence
from communityrules.library.declare import Library, SubjectKind
from communityrules.library.events import heard_by
from communityrules.model.decision import Verdict
from communityrules.model.event import Event, Member
from communityrules.model.values import Type, Value

#: Events by which people answer something, so that they must say what.
ANSWERS: Final = frozenset({"reply", "resolved", "approve", "reject"})
#: Events of a sender about somebody's message, which they name and do not carry.
_POINTING: Final = frozenset({"delete", "reaction"})


class Evaluating(Protocol):
    """What the consequences need of an evaluator; `compiler.evaluator.Evaluator` is the real one."""

    @property
    def rulebook(self) -> checked.Rulebook:
        """The rules that it evaluates."""

    @property
    def library(self) -> Library:
        """What the rules can name."""

    def match(self, event: Event, facts: Facts) -> Match:
        """The rules in force on the event that match it, in the order of the rulebook."""

    def match_period(self, rule: checked.Rule, event: Event, facts: Facts) -> Match:
        """Whether a periodic rule applies to the event's subject and its condition holds."""

    def in_group(self, group: str, member: Member, time: int, facts: Facts) -> bool:
        """Whether a member is in a group at an instant."""

    def value(self, expression: checked.Expression, event: Event, facts: Facts) -> Value:
        """What an expression is worth on an event; None when absent."""


class Book:
    """A rulebook with its evaluator and the library's declarations."""

    def __init__(self, evaluator: Evaluating) -> None:
        self.evaluator = evaluator
        self.rulebook = rulebook = evaluator.rulebook
        self.actions = evaluator.library.actions
        self._events = evaluator.library.events
        self.periodic = tuple(rule for rule in rulebook.rules if rule.every is not None)
        self.periods = tuple(dict.fromkeys(rule.every for rule in self.periodic if rule.every is not None))
        #: The same by name, as timers and cells know them. A list, as it comes back from a store.
        self.periods_named = [f"{one.count} {one.unit}" for one in self.periods]
        #: Whether any text is new for a time in which the one before still holds.
        self.graces = any(rule.grace_end is not None for rule in rulebook.rules)
        #: Versions of rules that are to be reviewed on a day.
        self.reviewed = tuple(rule for rule in rulebook.rules if rule.review_by is not None)
        #: Everything that comes with time and is watched for from a community's first event on, by name.
        self.watched = [
            *self.periods_named,
            *(f"leaderboard {one.name} {one.aggregate}" for one in rulebook.leaderboards),
            *(f"review {one.id} {one.review_by}" for one in self.reviewed),
        ]
        named = {name for rule in rulebook.rules for name in rule.events}
        named.update(name for one in rulebook.aggregates for name in one.events)
        heard = {one for name in named for one in heard_by(name)}
        #: Event types that some rule is on or some measure counts.
        self.heard = frozenset(heard)
        #: Event types that some rule is on; and findings, which rules are found broken by.
        self.listening = frozenset(one for rule in rulebook.rules for name in rule.events for one in heard_by(name))
        self.listening |= {"finding"}
        self._steady: dict[str, bool] = {}
        owed = {duty.event for rule in rulebook.rules for duty in rule.duties}
        #: By the identity of a rule, its actions where they are the same on every event. Filled when first asked for.
        self.fixed_acts: dict[int, Any] = {}
        #: Whether a rule on an event may open a duty, hand it over or release somebody from it.
        self.owes = any(
            rule.duties or any(act.do in ("assign", "release") for act in rule.actions) for rule in rulebook.rules
        )
        #: By the identity of a periodic rule, whether it is judged for each member. Asked at every end of a period.
        self.personal = {id(rule): self._is_personal(rule) for rule in self.periodic}
        #: Whether any rule releases people from their duties.
        self.releases = any(act.do == "release" for rule in rulebook.rules for act in rule.actions)
        #: What only some groups may see.
        self.confidence = Confidence(rulebook)
        #: Event types that meet duties of this rulebook.
        self.owed = frozenset(owed)
        #: Whether anything stops sanctions when they become too many.
        self.restrains = bool(rulebook.breakers) or any(one.caps for one in rulebook.penalties.values())
        #: Rules of which others take back what they have given.
        doing = tuple([(rule.actions, rule.duties) for rule in rulebook.rules])
        self.taken_back = frozenset(str(one.arguments["rule"]) for one in _below(doing, _takes_back))
        #: Event types whose subject is not who sent them.
        self.about_others = frozenset(name for name, one in self._events.items() if one.subject != "sender")
        about_others = {name for name in heard if self._is_about_others(name)}
        #: Whether anything is read of the member that an event is about, beyond who it is.
        parts = (
            *(one.condition for one in rulebook.rules),
            *rulebook.definitions.values(),
            *rulebook.aggregates,
        )
        said = (rulebook.templates, rulebook.penalties, doing)
        self.reads_targets = any(
            one.root == "whom" for one in _below((parts, said), lambda part: isinstance(part, checked.FieldRef))
        )
        #: Whether who wrote which message must be remembered: for events about messages, and for threads.
        self.remembers_messages = bool(owed or about_others or rulebook.powers or self.reads_targets) or any(
            one.found_by is not None for one in rulebook.rules
        )
        #: Whether what messages say must be remembered too: for rules that read the text of a reported message.
        about_texts = bool(about_others) and reads_message(said, rulebook)
        self.remembers_texts = any(
            not about_others.isdisjoint(rule.events) and (about_texts or reads_message(rule.condition, rulebook))
            for rule in rulebook.rules
        )

    def _is_about_others(self, event_type: str) -> bool:
        """Whether hosts send events of a type about messages of others."""
        declared = self._events.get(event_type)
        if declared is None or declared.raised:
            return False
        return declared.subject == "target" or event_type in _POINTING

    def subject_kind(self, event_type: str) -> SubjectKind:
        """Who or what the subject of events of a type is; of a declared type, the sender."""
        declared = self._events.get(event_type)
        return declared.subject if declared is not None else "sender"

    def verdict(self, action: str) -> Verdict:
        """How strict an action is; one that the library does not know is let pass."""
        declared = self.actions.get(action)
        return declared.verdict if declared is not None else "allow"

    def is_sanction(self, action: str) -> bool:
        declared = self.actions.get(action)
        return declared is not None and declared.sanction

    def punishes(self, action: str) -> bool:
        declared = self.actions.get(action)
        return declared is not None and declared.punishes

    def steady(self, group: str) -> bool:
        """Whether who is in a group depends on nothing but what members' cells say, whenever it is asked."""
        known = self._steady.get(group)
        if known is None:
            condition = self.rulebook.groups.get(group)
            known = self._steady[group] = condition is None or self._is_steady(condition)
        return known

    def _is_steady(self, condition: checked.Expression) -> bool:
        for one in walk(condition, self.rulebook.definitions):
            match one:
                case checked.FieldRef():
                    if not (one.custom or one.name in _LASTING):
                        return False
                case checked.InGroup():
                    if not self.steady(one.group):
                        return False
                case checked.AggregateRef() | checked.StateRef() | checked.ParameterRef() | checked.FunctionCall():
                    return False
                case _:
                    pass
        return True

    def amount(self, said: int | checked.ParameterRef, now: int) -> int:
        """A length of time or a number that rules say, as of an instant. Before its first date it is the first one."""
        return int(self.value(said, now)) if isinstance(said, checked.ParameterRef) else said

    def most(self, said: int | checked.ParameterRef) -> int:
        """The largest that a length of time or a number can be, whenever."""
        if not isinstance(said, checked.ParameterRef):
            return said
        values: Any = self.rulebook.parameters[said.name].values
        return max(int(value) for _, value in values)

    def value(self, said: checked.ParameterRef, now: int) -> Any:
        """What a parameter says as of an instant. Before its first date it is the first value."""
        found = self.parameter(said.name, now)
        return self.rulebook.parameters[said.name].values[0][1] if found is None else found

    def _is_personal(self, rule: checked.Rule) -> bool:
        if rule.applies_to or reads_member(rule.condition, self.rulebook):
            return True
        declared = [self.actions.get(act.do) for act in rule.actions]
        return any(one is not None and one.falls_on != "community" for one in declared)

    def parameter(self, name: str, now: int) -> Any | None:
        """The value that a dated parameter has at an instant, or None."""
        declared = self.rulebook.parameters.get(name)
        if declared is None:
            return None
        found = None
        for start, value in declared.values:
            if start is None or start <= now:
                found = value
        return found


def _below(node: object, wanted: Callable[[object], bool]) -> Iterator[Any]:
    """The outermost records that are wanted, each once: what many rules have alike is looked through once."""
    rest = [node]
    # By their ids, which stay their own: whoever asks holds the node, and that all that is in it.
    seen: set[int] = set()
    add = seen.add
    while rest:
        one = rest.pop()
        kind = one.__class__
        if kind is tuple:
            inside: Sequence[object] = one  # type: ignore[assignment]  # its class was asked
        elif wanted(one):
            yield one
            continue
        else:
            read = _READ.get(kind)
            if read is None:
                read = _READ[kind] = _reader(kind)
            inside = read(one)
        for part in inside:
            if not part or part.__class__ in _LEAVES or id(part) in seen:
                continue
            if part.__class__ is tuple and len(part) == 1 and part[0].__class__ in _LEAVES:
                # One word that is looked for, as of most conditions.
                continue
            add(id(part))
            rest.append(part)


#: What holds nothing that anybody asks for.
_LEAVES: Final = frozenset({
    type(None), str, int, bool, Decimal, date, Type, checked.Const, checked.ListRef, checked.DetectorRef,
    checked.Origin,
})  # fmt: skip
#: What stands directly in an object, by its class.
_READ: dict[type, Callable[[Any], Sequence[object]]] = {}


def _reader(kind: type) -> Callable[[Any], Sequence[object]]:
    if issubclass(kind, Mapping):
        return lambda one: tuple(one.values())
    if issubclass(kind, tuple):
        return tuple
    if is_dataclass(kind) and kind.__module__ == checked.__name__:
        # Texts of the writer hold nothing; two names at least, so that it is a tuple that is given.
        names = [one.name for one in fields(kind) if one.name not in ("what", "origin", "do", "name", "id")]
        return attrgetter(*names, *names[:1]) if names else lambda _: ()
    return lambda _: ()


def _takes_back(part: object) -> bool:
    return isinstance(part, checked.Action) and part.do == "take_back"


def reads_member(node: object, rulebook: checked.Rulebook) -> bool:
    """Whether what a condition says depends on which member it is asked of."""
    for one in _below(node, lambda part: isinstance(part, _TELLING)):
        if isinstance(one, checked.DefinitionRef):
            if reads_member(rulebook.definitions[one.name], rulebook):
                return True
        elif not isinstance(one, checked.FieldRef) or one.root in _PEOPLE or one.type.kind == "member":
            return True
    return False


def reads_message(node: object, rulebook: checked.Rulebook) -> bool:
    """Whether a condition reads what the subject message says, beyond which one it is."""
    for one in _below(node, lambda part: isinstance(part, checked.DefinitionRef | checked.FieldRef)):
        if isinstance(one, checked.DefinitionRef):
            if reads_message(rulebook.definitions[one.name], rulebook):
                return True
        elif one.root == "label" or (one.root == "message" and one.name != "id"):
            return True
    return False


def reads_measure(node: object, rulebook: checked.Rulebook, index: int) -> bool:
    """Whether a condition asks for a measure, itself or through what it names."""
    for one in _below(node, lambda part: isinstance(part, checked.DefinitionRef | checked.AggregateRef)):
        if isinstance(one, checked.AggregateRef):
            if one.index == index:
                return True
        elif reads_measure(rulebook.definitions[one.name], rulebook, index):
            return True
    return False


#: Facts of members that stay what they are until a cell says otherwise.
_LASTING: Final = frozenset({"id", "name", "roles", "joined"})
_TELLING: Final = (checked.DefinitionRef, checked.InGroup, checked.FieldRef)
_PEOPLE: Final = checked.OF_MEMBERS | {"target"}
