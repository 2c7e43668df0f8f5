"""Two hundred members of a simulated community: customers, newcomers, and staff who work in shifts."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from vocabulary import Vocabulary

from communityrules.model.values import Type

MEMBERS: Final = 200
#: Members of staff for each role that the rulebook speaks of.
FOR_EACH_ROLE: Final = 3
#: Hours of the day in which the shifts work, in the community's own zone.
SHIFTS: Final = ((6, 14), (10, 18), (14, 24))
#: So many come in during the month; so many write more than others.
NEWCOMERS: Final = 60
TALKERS: Final = 8


@dataclass(frozen=True, slots=True)
class Person:
    """A member, as hosts know them."""

    id: str
    roles: tuple[str, ...]
    joined: datetime | None
    #: Facts that the rulebook declares, on the wire.
    facts: Mapping[str, Any]
    #: Hours in which they are there.
    shift: tuple[int, int]

    def on_the_wire(self) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self.id, "roles": list(self.roles), **self.facts}
        if self.joined is not None:
            told["joined"] = self.joined.isoformat()
        return told


class Population:
    """Everybody, and who is in which group by their roles."""

    def __init__(self, vocabulary: Vocabulary, fields: Mapping[str, Type], start: datetime, seed: int) -> None:
        luck = random.Random(f"people {seed}")
        roles = list(dict.fromkeys(role for of in vocabulary.roles.values() for role in of))
        self.people: dict[str, Person] = {}
        for number in range(MEMBERS):
            role = roles[number // FOR_EACH_ROLE] if number // FOR_EACH_ROLE < len(roles) else None
            known = luck.choice([2, 6, 40, 200, 340, 355, 364.5, 900])
            if number >= MEMBERS - NEWCOMERS:
                known = -31 * luck.random()
            joined = start - timedelta(days=known) if luck.random() < 0.9 else None
            facts = {name: _fact(name, kind.kind, vocabulary, luck) for name, kind in fields.items()}
            self.people[f"u{number}"] = Person(
                f"u{number}", () if role is None else (role,), joined,
                {name: value for name, value in facts.items() if value is not None},
                SHIFTS[number % len(SHIFTS)],
            )  # fmt: skip
        self.ids: list[str] = list(self.people)
        self.staff: list[str] = [one.id for one in self.people.values() if one.roles]
        self.talkers: list[str] = luck.sample(self.ids, TALKERS)
        self._roles = vocabulary.roles

    def in_group(self, name: str) -> list[str]:
        """Who is in a group by a role; everybody where no role makes anybody so."""
        roles = self._roles.get(name, [])
        found = [one.id for one in self.people.values() if set(one.roles) & set(roles)]
        return found or self.ids

    def here(self, when: datetime) -> list[str]:
        """Those who have joined by then."""
        return [one.id for one in self.people.values() if one.joined is None or one.joined <= when]

    def newest(self, when: datetime) -> list[str]:
        """The last ten who have joined by then."""
        here = [one for one in self.people.values() if one.joined is not None and one.joined <= when]
        return [one.id for one in sorted(here, key=lambda one: one.joined or when)[-10:]] or self.ids

    def there(self, among: Iterable[str], hour: int) -> list[str]:
        """Those whose shift it is."""
        return [one for one in among if self.people[one].shift[0] <= hour < self.people[one].shift[1]]


def _fact(name: str, kind: str, vocabulary: Vocabulary, luck: random.Random) -> Any:
    if luck.random() < 0.1:
        return None
    known = vocabulary.constants.get(name, [])
    match kind:
        case "number":
            numbers = [float(one) for one in known if isinstance(one, int | float | Decimal)] or [3.0]
            return luck.choice(numbers) + luck.choice([-1, 0, 2])
        case "boolean":
            return luck.random() < 0.2
        case "text":
            return luck.choice([*(one for one in known if isinstance(one, str)), "other"])
        case "date":
            return date(1990, luck.choice([4, 6, 6, 7, 7]), luck.randrange(1, 29)).isoformat()
    return None
