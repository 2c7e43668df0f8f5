"""Where the order of events that share an instant cannot matter, found from the rules alone.

Two events at one instant are judged one after the other. Their order is of no account when neither changes what the
other one's rules look at. What an event may look at and change is read off the checked rulebook here, on the safe side:

* a measure is changed by the events that it counts and looked at by the rules that ask for it; one that is kept by
  member does not join the events of different members;
* a penalty, a state, the points, labels, facts noted, cooldowns, powers, breakers and cases are each one thing that
  whatever names them both looks at and changes;
* a duty is looked at and changed by what opens it and by the event type that meets it;
* events that the engine raises itself (`late`, `breach`, …) belong to the events that bring them about.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from communityrules.checker import checked
from communityrules.checker.walk import walk

#: What a raised event comes from.
_RAISED_BY: Final = {
    "breach": ("penalty",), "sanctioned": ("penalty",), "alert": ("alert",), "settled": ("cases",),
    "late": ("duties",), "met": ("duties",), "ranked": (), "review": (),
}  # fmt: skip
_SETTLING: Final = frozenset({"approve", "reject", "appeal", "finding", "staff_action"})
#: Those of whom everybody is known to be there or gone.
_COMING: Final = frozenset({"join", "leave"})


class Order:
    """Which event types of a rulebook may change places with which."""

    def __init__(self, rulebook: checked.Rulebook) -> None:
        self._book = rulebook
        self._known: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def touches(self, kind: str) -> tuple[frozenset[str], frozenset[str]]:
        """What events of a type look at, and what they change."""
        if kind not in self._known:
            looks, changes = self._touches(kind)
            self._known[kind] = frozenset(looks), frozenset(changes)
        return self._known[kind]

    def free(self, events: list[Mapping[str, Any]]) -> bool:
        """Whether these events, which share an instant, may stand in any order."""
        people = [name for one in events for name in _people(one)]
        if len(people) != len(set(people)) or any(_answers_one_of(one, events) for one in events):
            return False
        touched = [self.touches(one["type"]) for one in events]
        return not any(
            mine[1] & (theirs[0] | theirs[1]) or theirs[1] & mine[0] for mine, theirs in combinations(touched, 2)
        )

    def shuffled(self, events: list[Mapping[str, Any]], luck: random.Random) -> tuple[list[Mapping[str, Any]], int]:
        """The stream with such events in another order, and how many of them changed places."""
        found: list[Mapping[str, Any]] = []
        moved = 0
        for together in _by_instant(events):
            other = list(together)
            if len(together) > 1 and self.free(together):
                luck.shuffle(other)
                moved += sum(mine is not theirs for mine, theirs in zip(other, together, strict=True))
            found.extend(other)
        return found, moved

    def _touches(self, kind: str) -> tuple[set[str], set[str]]:
        book = self._book
        heard = {kind, "message"} if kind == "reply" else {kind, "reply"} if kind == "message" else {kind}
        looks: set[str] = set()
        changes: set[str] = set()
        if kind in _SETTLING:
            changes |= {"cases", "penalty", "duties"}
        if kind in _COMING:
            changes |= {"members", "duties", "cases"}
        rules = [one for one in book.rules if heard & set(one.events) or (kind == "finding" and one.found_by)]
        before = -1
        while before != len(rules):
            before = len(rules)
            for rule in rules:
                self._rule(rule, looks, changes)
            raised = {name for name, causes in _RAISED_BY.items() if set(causes) & changes}
            heard |= raised
            rules += [one for one in book.rules if raised & set(one.events) and one not in rules]
        for number, one in enumerate(book.aggregates):
            if heard & set(one.events) and not _by_member(one):
                changes.add(f"measure {number}")
        if any(duty.event in heard for rule in book.rules for duty in rule.duties):
            changes.add("duties")
        if book.breakers and "penalty" in changes:
            looks.add("members")
        return looks, changes

    def _rule(self, rule: checked.Rule, looks: set[str], changes: set[str]) -> None:
        book = self._book
        groups = [name for name in (*rule.applies_to, *rule.excluded) if name in book.groups]
        for condition in (rule.condition, *(book.groups[name] for name in groups)):
            if condition is not None:
                looks |= set(_seen(condition, book))
        if rule.cooldown is not None:
            changes.add(f"cooldown {rule.id}")
        if rule.duties:
            changes.add("duties")
        if rule.each:
            looks.add("members")
        late = [one for duty in rule.duties for one in duty.if_late]
        for action in (*rule.actions, *late, *(one for of in rule.actions for one in of.if_late)):
            match action.do:
                case "penalty" | "warn" | "mute" | "kick" | "ban":
                    # One member's ladder is not another's, but caps, breakers and appeals are everybody's.
                    changes |= {"penalty", "points", "labels"}
                case "award" | "deduct" | "take back":
                    changes.add("points")
                case "label" | "unlabel":
                    changes.add("labels")
                case "note":
                    changes.add("facts")
                case "set":
                    changes.add("states")
                case "hold" | "refer":
                    changes.add("cases")
                case "assign" | "release":
                    changes.add("duties")
                case "alert":
                    changes.add("alert")


def _seen(condition: checked.Expression, book: checked.Rulebook) -> Iterator[str]:
    for one in walk(condition, book.definitions):
        match one:
            case checked.AggregateRef():
                aggregate = book.aggregates[one.index]
                if aggregate.function in ("open_duties", "oldest_duty"):
                    yield "duties"
                yield f"measure {one.index}"
                if aggregate.where is not None:
                    yield from _seen(aggregate.where, book)
            case checked.StateRef():
                yield "states"
            case checked.GroupSize():
                yield "members"
            case checked.FieldRef(name="points"):
                yield "points"
            case checked.FieldRef(name="labels"):
                yield "labels"
            case checked.FieldRef(root="member" | "sender" | "whom" | "named", custom=True):
                yield "facts"
            case checked.InGroup():
                yield from _seen(book.groups[one.group], book)


def _by_member(aggregate: checked.Aggregate) -> bool:
    """Whether each member has a measure of their own."""
    names = [key for key in aggregate.keys if isinstance(key, checked.FieldRef) and key.type.kind == "member"]
    return any(key.root in ("member", "sender", "target") and key.name in ("id", "member") for key in names)


def _people(event: Mapping[str, Any]) -> list[str]:
    """Whom an event is by and about."""
    named = [event["member"]["id"], event.get("target", {}).get("member")]
    own = event.get(event["type"], {})
    named += [value for value in own.values() if isinstance(value, str) and value.startswith("u")]
    return list(dict.fromkeys(one for one in named if one is not None))


def _answers_one_of(event: Mapping[str, Any], events: list[Mapping[str, Any]]) -> bool:
    target = event.get("target", {})
    case = target.get("case")
    # A case is named after the event that opened it.
    about = {target.get("message"), event["message"].get("reply_to"), case and case.split("/")[0]} - {None}
    ids = {name for one in events if one is not event for name in (one["id"], one["message"]["id"])}
    others = {one.get("target", {}).get("message") for one in events if one is not event} - {None}
    return bool(about & (ids | others))


def _by_instant(events: list[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    together: list[Mapping[str, Any]] = []
    for one in events:
        if together and together[0]["time"] != one["time"]:
            yield together
            together = []
        together.append(one)
    if together:
        yield together
