"""A month of community life: people talk, complain and join, staff answer in their shifts, and all react to decisions.

The stream is made while an engine judges it, because people act on what was decided: they vote on the cases that were
opened, appeal against their sanctions, do what they owe in time, late, or not at all. What comes out is a list of
events that can be given to any other engine. One seed, one stream.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any, Final

from population import Population
from vocabulary import CHAT, PHRASES, Vocabulary, value_of, vocabulary_of

from communityrules import Decision, Engine, Rulebook
from communityrules.engine.quarantine import Quarantined

COMMUNITY: Final = "c"
#: So many times a month, at least, the same thing happens many times at once.
_BURSTS: Final = 6
Wire = dict[str, Any]
#: Somebody does something at an instant, and what that is depends on what has happened by then.
Deed = Callable[[datetime], Wire | None]


class Life:
    """Makes the events of one community under one rulebook."""

    def __init__(self, rulebook: Rulebook, start: datetime, days: float, size: int, seed: int) -> None:
        self._rulebook = rulebook
        self._start = start
        self._end = start + timedelta(days=days)
        self._size = size
        self._luck = random.Random(f"{rulebook.name} {seed}")
        self._zone = rulebook.zone
        self._says: Vocabulary = vocabulary_of(rulebook.checked)
        self._people = Population(self._says, rulebook.checked.member_fields, start, seed)
        self._planned: list[tuple[datetime, int, Deed]] = []
        self._count = 0
        self._made: list[Wire] = []
        #: Messages and matters that others may speak about: id, whose it is.
        self._about: list[tuple[str, str]] = []
        self._seen: set[str] = set()

    def events(self) -> list[Wire]:
        """The whole month, in order of time."""
        self._plan_the_month()
        with Engine(self._rulebook) as engine:
            while self._planned and len(self._made) < 3 * self._size:
                when = self._planned[0][0]
                # What time brings about may be answered before the next event.
                for decision in engine.advance(when):
                    self._react(decision)
                when, _, deed = heappop(self._planned)
                event = deed(when)
                if event is None:
                    continue
                self._made.append(event)
                for decision in engine.run([event], quarantine=_refused):
                    self._react(decision)
        return self._made

    # --- what happens by itself ------------------------------------------------------------------------------------

    def _at(self, when: datetime, deed: Deed) -> None:
        if self._start <= when < self._end:
            self._count += 1
            heappush(self._planned, (when, self._count, deed))

    def _plan_the_month(self) -> None:
        luck, length = self._luck, (self._end - self._start).total_seconds()
        planned = 0
        for _ in range(_BURSTS):
            planned += self._plan_a_burst(self._start + timedelta(seconds=int(luck.random() * length)))
        while planned < self._size:
            # Full seconds, often full quarters of an hour: events share instants.
            when = self._start + timedelta(seconds=int(luck.random() * length))
            if luck.random() < 0.3:
                when = when.replace(minute=15 * (when.minute // 15), second=0)
            if luck.random() < 0.05:
                planned += self._plan_a_burst(when)
                continue
            self._at(when, self._somebody(luck.choice(self._says.types)))
            planned += 1
            while luck.random() < 0.25:
                self._at(when, self._somebody(luck.choice(self._says.types)))
                planned += 1
        for _ in range(min(40, self._size // 20) if self._says.found else 0):
            self._at(self._start + timedelta(seconds=int(luck.random() * length)), self._find)

    def _plan_a_burst(self, when: datetime) -> int:
        """The same again and again, by one or by many, about one thing: spam, a raid, a surge of complaints."""
        luck, says = self._luck, self._says
        kind = luck.choice(says.measured if says.measured and luck.random() < 0.7 else says.types)
        by = luck.choice(self._people.ids[-60:]) if luck.random() < 0.4 else None
        text = self._text() if luck.random() < 0.7 else None
        about = luck.choice(self._about[-30:]) if self._about else None
        same = self._fields(kind, when) if luck.random() < 0.5 else {}
        gap = luck.choice([0, 1, 1, 5, 60, 600])
        many = luck.randrange(4, 12)
        for number in range(many):
            later = when + timedelta(seconds=gap * number)
            self._at(later, self._somebody(kind, by=by, text=text, about=about, own=same))
        return many

    def _fields(self, kind: str, when: datetime) -> dict[str, Any]:
        """Own fields of an event type, some of them absent."""
        return {
            name: value
            for name, of in self._says.fields.get(kind, {}).items()
            if (value := value_of(self._says, name, of, self._luck, when, self._people.ids)) is not None
        }

    def _text(self) -> str:
        luck = self._luck
        way = luck.random()
        if way < 0.45 and self._says.texts:
            return f"{luck.choice(CHAT)} {luck.choice(self._says.texts)} {luck.choice(['', *PHRASES[:6], '!'])}".strip()
        return luck.choice(PHRASES) if way < 0.6 else luck.choice(CHAT)

    def _somebody(self, kind: str, **given: Any) -> Deed:
        def deed(when: datetime) -> Wire:
            return self._event(kind, when, **given)

        return deed

    def _event(
        self, kind: str, when: datetime, *, by: str | None = None, text: str | None = None,
        about: tuple[str, str] | None = None, own: Mapping[str, Any] | None = None,
    ) -> Wire:  # fmt: skip
        """An event of a type, with whatever it needs that is not given."""
        luck, says, id_ = self._luck, self._says, f"e{len(self._made)}"
        if by is None:
            by = self._who(kind, when)
        event: Wire = {"id": id_, "time": when.isoformat(), "type": kind, "community": COMMUNITY}
        event["member"] = self._people.people[by].on_the_wire()
        place, channel = luck.choice(says.places), luck.choice(says.channels)
        event |= {name: value for name, value in (("place", place), ("channel", channel)) if value is not None}
        event["message"] = {"id": id_, "text": text if text is not None else self._text()}
        for name, of in says.labels.items():
            if luck.random() < 0.6 and (value := value_of(says, name, of, luck, when, self._people.ids)) is not None:
                event["message"].setdefault("labels", {})[name] = value
        if luck.random() < 0.15:
            event["message"]["attachments"] = ["picture-1.jpg"]
        if topics := [one for one in says.constants.get("topic", []) if isinstance(one, str)]:
            event["message"]["topic"] = luck.choice([*topics, "other"])
        if about is None and self._about and luck.random() < 0.8:
            about = luck.choice(self._about[-25:])
        if about is not None and kind not in ("message", "join", "profile"):
            event["target"] = {"message": about[0], "member": by if luck.random() < 0.05 else about[1]}
            if kind == "reply":
                event["message"]["reply_to"] = about[0]
        if kind in ("delete", "edit") and self._about:
            mine = [one for one in self._about[-60:] if one[1] == by]
            event["target"] = {"message": (mine or [about or self._about[-1]])[-1][0]}
            if kind == "edit":
                event["message"]["id"] = event["target"]["message"]
        fields = {**self._fields(kind, when), **(own or {})}
        if kind == "staff_action":
            fields["action"] = (own or {}).get("action") or luck.choice(
                ["delete", "warn", "mute", "ban", "edit", "take"]
            )
        if fields:
            event[kind] = {**event.get(kind, {}), **fields}
        if kind not in ("delete", "edit", "approve", "reject", "reply", "resolved", "reaction"):
            self._about.append((id_, by))
        return event

    def _who(self, kind: str, when: datetime) -> str:
        luck, people = self._luck, self._people
        hour = when.astimezone(self._zone).hour
        if people.staff and (kind in ("reply", "resolved", "patrol", "staff_action") or luck.random() < 0.15):
            return luck.choice(people.there(people.staff, hour) or people.staff)
        if luck.random() < 0.3:
            return luck.choice(people.talkers)
        return luck.choice(people.here(when) if luck.random() < 0.7 else people.newest(when))

    def _find(self, when: datetime) -> Wire | None:
        rule, group = self._luck.choice(self._says.found)
        finder = self._luck.choice(self._people.in_group(group) if self._luck.random() < 0.85 else self._people.ids)
        found = self._event("finding", when, by=finder)
        found["target"] = {"member": self._luck.choice(self._people.ids[-25:]), "rule": rule}
        return found

    # --- what is done about decisions --------------------------------------------------------------------------------

    def _react(self, decision: Decision) -> None:
        now = datetime.fromtimestamp(decision.time / 1_000_000, tz=self._start.tzinfo)
        for case in decision.cases:
            if case.status == "open" and case.id not in self._seen:
                self._seen.add(case.id)
                voters = self._people.in_group(case.group)
                due = None if case.due is None else (case.due - decision.time) / 1_000_000
                for _ in range(self._luck.choice([0, 1, case.quorum, case.quorum + 1])):
                    self._at(self._soon(now, due), self._vote(case.id, voters))
        for sanction in decision.sanctions:
            if sanction.status == "in_force" and sanction.id not in self._seen:
                self._seen.add(sanction.id)
                if self._luck.random() < 0.5:
                    self._at(self._soon(now, 86_400), self._appeal(sanction.id, sanction.member))
                if self._luck.random() < 0.5:
                    self._at(self._soon(now, 3600), self._somebody("message", by=sanction.member))
        for duty in decision.duties:
            if duty.status == "open" and duty.id not in self._seen:
                self._seen.add(duty.id)
                left = 86_400.0 if duty.due is None else (duty.due - decision.time) / 1_000_000
                for _ in range(self._luck.choice([0, 1, 1, 2])):
                    self._at(self._soon(now, left), self._answer(duty.what, duty.responsible, duty.about, duty.member))

    def _soon(self, now: datetime, left: float | None) -> datetime:
        """Mostly within the time that is left, now and then at its very end or after it."""
        luck, left = self._luck, 3 * 86_400.0 if left is None else left
        way = luck.random()
        if way < 0.1:
            return now + timedelta(seconds=left)
        if way < 0.15:
            return now
        share = luck.random() * (1 if way < 0.85 else 2)
        return now + timedelta(seconds=max(1, int(left * share)))

    def _vote(self, case: str, voters: list[str]) -> Deed:
        def deed(when: datetime) -> Wire:
            luck = self._luck
            kind = "approve" if luck.random() < 0.6 else "reject"
            by = luck.choice(voters if luck.random() < 0.9 else self._people.ids)
            vote = self._event(kind, when, by=by)
            vote["target"] = {"case": case}
            return vote

        return deed

    def _appeal(self, sanction: str, member: str) -> Deed:
        def deed(when: datetime) -> Wire | None:
            by = member if member in self._people.people else self._people.ids[-1]
            appeal = self._event("appeal", when, by=by, own={"sanction": sanction})
            appeal.pop("target", None)
            return appeal

        return deed

    def _answer(self, kind: str, owner: str | None, about: str | None, member: str | None) -> Deed:
        def deed(when: datetime) -> Wire | None:
            luck, people = self._luck, self._people
            able = [owner] if owner in people.people else people.in_group(owner or "staff")
            by = luck.choice(able if luck.random() < 0.9 else people.ids)
            if kind in ("edit", "delete", "check_in") and member in people.people and luck.random() < 0.8:
                by = str(member)
            event = self._event(kind, when, by=by, text="here is my answer")
            if about is not None and not about.startswith(("timer/", "period/")) and luck.random() < 0.95:
                event["target"] = {"message": about, **({"member": member} if member is not None else {})}
                if kind == "reply":
                    event["message"]["reply_to"] = about
                if kind == "edit":
                    event["message"]["id"] = about
            return event

        return deed


def _refused(quarantined: Quarantined) -> None:
    raise AssertionError(quarantined.diagnostic.text())
