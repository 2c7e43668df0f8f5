"""Facts worked out from the whole past each time they are asked for: slow, and plain enough to believe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from communityrules.checker import checked
from communityrules.compiler.facts import Alike
from communityrules.library.likeness import alike, sketch
from communityrules.model.event import Event, Member

#: `observe(aggregate index, stage, event)`: the key and the value, or None when the event is not counted.
Observe = Callable[[int, int, Event], tuple[tuple[Any, ...], Any] | None]


def kinds(event: Event) -> tuple[str, ...]:
    """What an event is: replies are messages, and messages that answer another are replies."""
    if event.type == "reply":
        return ("reply", "message")
    if event.type == "message" and event.message is not None and event.message.reply_to is not None:
        return ("message", "reply")
    return (event.type,)


class Past:
    """Every event of a community up to the judged one, in order; the judged one is the last."""

    def __init__(
        self,
        rulebook: checked.Rulebook,
        observe: Observe,
        states: dict[str, str],
        duties: Callable[[int], list[tuple[int, Event]]] = lambda _: [],
    ) -> None:
        """`duties` gives the open duties at an instant: how long each has been open, and what it is seen as."""
        self._duties = duties
        self._rulebook = rulebook
        self._observe = observe
        self._states = states
        #: As they were when they last sent something.
        self._members: dict[str, Member] = {}
        self._zone = ZoneInfo(rulebook.timezone)
        self.now = 0
        #: For each measure: (number of the event, time, stage, key, value).
        self._seen: list[list[tuple[int, int, int, tuple[Any, ...], Any]]] = [[] for _ in rulebook.aggregates]
        self._number = 0

    def add(self, event: Event) -> None:
        """Makes an event the judged one."""
        self.now = event.time
        self._number += 1
        if event.member is not None:
            self._members[event.member.id] = event.member
        for index, aggregate in enumerate(self._rulebook.aggregates):
            for stage, event_type in enumerate(aggregate.events):
                if event_type in kinds(event):
                    observed = self._observe(index, stage, event)
                    if observed is not None:
                        self._seen[index].append((self._number, event.time, stage, *observed))

    def state(self, name: str) -> str:
        return self._states[name]

    def member(self, id_: str) -> Member | None:
        return self._members.get(id_)

    def size(self, group: str) -> int:
        return len(self._members) * len(group)

    def aggregate(self, index: int, key: tuple[Any, ...]) -> Any:
        aggregate = self._rulebook.aggregates[index]
        if aggregate.function in ("open_duties", "oldest_duty"):
            return self._open(index, aggregate.function, key)
        text = ""
        if aggregate.function == "similar":
            *rest, text = key
            key = tuple(rest)
        seen = [one for one in self._seen[index] if one[3] == key and self._within(aggregate.window, one[1])]
        before = [one for one in seen if one[0] < self._number]
        values = [one[4] for one in seen]
        match aggregate.function:
            case "count":
                return len(seen)
            case "distinct":
                return len(set(values))
            case "sum":
                return _whole(sum(map(Fraction, values), Fraction(0)))
            case "average":
                return _whole(sum(map(Fraction, values), Fraction(0)) / len(values)) if values else None
            case "last":
                return before[-1][4] if before else None
            case "since":
                return self.now - before[-1][1] if before else None
            case "similar":
                mine = sketch(text)
                like = [one for one in seen if alike(sketch(one[4][0]), mine)]
                earlier = [one[4][1] for one in like if one[0] < self._number]
                return Alike(len(like), earlier[-1] if earlier else None)
        stage, latest = 0, 0
        for one in seen:
            # One event takes one place, even where its type stands twice.
            if stage < len(aggregate.events) and one[2] == stage and one[0] > latest:
                stage, latest = stage + 1, one[0]
        return stage == len(aggregate.events)

    def _open(self, index: int, function: str, key: tuple[Any, ...]) -> Any:
        """Of the duties that are open, those that a measure asks for."""
        ages = [
            age for age, duty in self._duties(self.now) if (seen := self._observe(index, 0, duty)) and seen[0] == key
        ]
        return len(ages) if function == "open_duties" else max(ages, default=None)

    def _within(self, window: checked.SlidingWindow | checked.CalendarWindow | None, time: int) -> bool:
        if window is None:
            return True
        if isinstance(window, checked.SlidingWindow):
            return self.now - time <= self._length(window)
        return self._unit(window.unit, time) == self._unit(window.unit, self.now)

    def _length(self, window: checked.SlidingWindow) -> int:
        """How long a window is now; by parameter, what that says now, or first where that is later."""
        if isinstance(window.length, int):
            return window.length
        values: Any = self._rulebook.parameters[window.length.name].values
        return next((one for since, one in reversed(values) if since is None or since <= self.now), values[0][1])

    def _unit(self, unit: str, time: int) -> tuple[Any, ...]:
        local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)).astimezone(self._zone)
        if unit == "week":
            return tuple(local.isocalendar()[:2])
        if unit == "quarter":
            return local.year, (local.month - 1) // 3
        parts = (local.year, local.month, local.day, local.hour)
        return parts[: ("year", "month", "day", "hour").index(unit) + 1]


def _whole(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value
