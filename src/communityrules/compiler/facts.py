"""What an evaluator may ask about the past and the community while it judges one event.

Facts about people travel with the event (`Event.subject`, `Event.member`); everything else is asked here, lazily, so
that only facts that some still possible rule reads are ever loaded. Asking changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from communityrules.model.event import Member
from communityrules.model.values import Value


class Facts(Protocol):
    """Answers are for the instant of the judged event and include it where the aggregate's definition does."""

    def aggregate(self, index: int, key: tuple[Value, ...]) -> Value:
        """The value of `Rulebook.aggregates[index]` for a key, never holding None in the key.

        Counts may stop at the aggregate's limit. None where there is no value (average of nothing). For `similar` the
        key ends with the text that others are compared with, and the answer is an `Alike`.
        """

    def state(self, name: str) -> str:
        """The value that a state of the community has now."""

    def member(self, id: str) -> Member | None:
        """What is known of a member whom a field names, or None."""

    def size(self, group: str) -> int:
        """How many known members are in a group now."""


class Alike(int):
    """What `similar` answers: how many, and what evidence tells beside the number."""

    #: The id of the latest of those events before the judged one, None when there is none.
    like: str | None
    #: Whether there may be more: not all of the window could be looked at.
    at_least: bool

    def __new__(cls, number: int, like: str | None = None, at_least: bool = False) -> Alike:
        made = super().__new__(cls, number)
        made.like = like
        made.at_least = at_least
        return made


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """Facts written down, for calling an evaluator without an engine and for tests."""

    aggregates: Mapping[tuple[int, tuple[Value, ...]], Value] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    #: What an aggregate without an entry has for a value.
    default: Value = 0
    members: Mapping[str, Member] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)

    def aggregate(self, index: int, key: tuple[Value, ...]) -> Value:
        return self.aggregates.get((index, key), self.default)

    def state(self, name: str) -> str:
        return self.states.get(name, "")

    def member(self, id: str) -> Member | None:
        return self.members.get(id)

    def size(self, group: str) -> int:
        return self.sizes.get(group, 0)
