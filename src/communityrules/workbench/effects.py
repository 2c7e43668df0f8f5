"""What each rule of a rulebook has done, counted from decisions as they were written.

Takes one decision after another and keeps counts only, so that any number of them can be looked at. Members are told
apart by a fingerprint; beyond `MOST_MEMBERS` of all rules together no new ones are, and the number is a lower bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

from communityrules.checker.checked import Rulebook

MOST_MEMBERS: Final = 1_000_000
#: Rules and months that a file can name; what is beyond is counted together under the empty name.
_MOST_NAMES: Final = 100_000


@dataclass(slots=True)
class Effect:
    """What one rule did."""

    rule: str
    name: str | None = None
    #: Whether the rulebook has a rule of this id.
    known: bool = False
    #: Answers that took effect; those only shown on trial; those taken away by `overrides`.
    times: int = 0
    trial: int = 0
    overridden: int = 0
    first: str | None = None
    last: str | None = None
    #: Of answers that took effect.
    verdicts: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    #: By kind: those that began, and all that were taken back later.
    sanctions: Counter[str] = field(default_factory=Counter)
    reversed: int = 0
    #: `opened`, `approved`, `rejected`, `expired`: cases of the rule that are no appeals, and appeals.
    cases: Counter[str] = field(default_factory=Counter)
    appeals: Counter[str] = field(default_factory=Counter)
    #: `opened`, `met`, `late`, `cancelled`.
    duties: Counter[str] = field(default_factory=Counter)
    #: Points given, taken, and given or taken back.
    awarded: int = 0
    deducted: int = 0
    returned: int = 0
    labels: int = 0
    errors: int = 0
    members: set[int] = field(default_factory=set)
    #: Whether `members` is only a lower bound.
    at_least: bool = False

    @property
    def did_something(self) -> bool:
        """Whether it answered or owed anything, be it on trial."""
        return bool(self.times or self.trial or self.overridden or self.duties)

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON; months and kinds in order."""
        told: dict[str, Any] = {
            "rule": self.rule, "name": self.name, "known": self.known, "times": self.times, "trial": self.trial,
            "overridden": self.overridden, "first": self.first, "last": self.last, "members": len(self.members),
        }  # fmt: skip
        if self.at_least:
            told["at_least"] = True
        for name in ("verdicts", "actions", "sanctions", "cases", "appeals", "duties", "months"):
            told[name] = dict(sorted(getattr(self, name).items()))
        told["reversed"] = self.reversed
        told["points"] = {"awarded": self.awarded, "deducted": self.deducted, "returned": self.returned}
        return {**told, "labels": self.labels, "errors": self.errors}


class Effects:
    """Counts what rules did. The rules of the rulebook come first, in its order, then others as they were met."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._digest = rulebook.digest
        self._effects: dict[str, Effect] = {}
        for rule in rulebook.rules:
            one = self._effects.setdefault(rule.id, Effect(rule.id, known=True))
            one.name = rule.name or one.name
        self.events = 0
        self.timers = 0
        #: Decisions of other rulebooks, or of other versions of this one.
        self.others = 0
        self.first: str | None = None
        self.last: str | None = None
        self._months: set[str] = set()
        self._members = 0

    @property
    def months(self) -> list[str]:
        """Every month with an answer, `2026-03`, in order."""
        return sorted(self._months)

    @property
    def rules(self) -> list[Effect]:
        """Every rule of the rulebook, and every other that did something."""
        return [one for one in self._effects.values() if one.known or one.did_something or one.errors]

    @property
    def silent(self) -> list[str]:
        """Rules of the rulebook that never did anything."""
        return [one.rule for one in self._effects.values() if one.known and not one.did_something]

    def add(self, decision: Mapping[str, Any]) -> None:
        """Take one decision in the wire form. What is missing or of another type in it counts for nothing."""
        event = decision["event"]
        about = event if isinstance(event, str) else str(event["id"])
        self.events += isinstance(event, str)
        self.timers += not isinstance(event, str)
        self.others += decision["rulebook"].get("digest") != self._digest
        time = decision["time"]
        self.first = time if self.first is None else min(self.first, time)
        self.last = time if self.last is None else max(self.last, time)
        for one in decision["outcomes"]:
            self._outcome(one, time)
        for one in decision["sanctions"]:
            self._sanction(one, about)
        for one in decision["duties"]:
            effect, status = self._of(one.get("rule")), str(one.get("status"))
            if status != "open":
                effect.duties[status] += 1
            if _begun(one, about):
                effect.duties["opened"] += 1
            self._seen(effect, [one.get("member") if one.get("status") == "late" else None])
        for one in decision["cases"]:
            counter = self._of(one.get("rule"))
            of_kind = counter.appeals if one.get("kind") == "appeal" else counter.cases
            if one.get("status") != "open":
                of_kind[str(one.get("status"))] += 1
            elif _begun(one, about):
                of_kind["opened"] += 1
        for one in decision["points"]:
            self._points(one)
        for one in decision["labels"]:
            effect = self._of(one.get("rule"))
            effect.labels += not one.get("removed")
            self._seen(effect, [_member(one.get("on"))])
        for one in decision["errors"]:
            if isinstance(one, dict) and one.get("rule"):
                self._of(one["rule"]).errors += 1

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON."""
        return {
            "decisions": {"events": self.events, "timers": self.timers, "of_other_versions": self.others},
            "first": self.first,
            "last": self.last,
            "rules": [one.to_json() for one in self.rules],
            "silent": self.silent,
        }

    # --- parts of a decision -----------------------------------------------------------------------------------

    def _outcome(self, one: Mapping[str, Any], time: str) -> None:
        effect = self._of(one.get("rule"))
        effect.name = effect.name or (one.get("name") if isinstance(one.get("name"), str) else None)
        effect.first = time if effect.first is None else min(effect.first, time)
        effect.last = time if effect.last is None else max(effect.last, time)
        if one.get("trial"):
            effect.trial += 1
        elif one.get("overridden_by") is not None:
            effect.overridden += 1
        else:
            effect.times += 1
            effect.verdicts[str(one.get("verdict"))] += 1
            month = time[:7]
            if month in self._months or len(self._months) < _MOST_NAMES:
                self._months.add(month)
                effect.months[month] += 1
            actions = [act for act in one.get("actions") or () if isinstance(act, dict)]
            effect.actions.update(str(act.get("do")) for act in actions)
            self._seen(effect, [_member(act.get("on")) for act in actions])

    def _sanction(self, one: Mapping[str, Any], about: str) -> None:
        for rule in one.get("rules") or ():
            effect = self._of(rule)
            if one.get("status") == "reversed":
                effect.reversed += 1
            elif _begun(one, about):
                effect.sanctions[str(one.get("kind"))] += 1
                self._seen(effect, [one.get("member")])

    def _points(self, one: Mapping[str, Any]) -> None:
        effect, change = self._of(one.get("rule")), one.get("change")
        if type(change) is not int:
            return
        if one.get("reverses"):
            effect.returned += abs(change)
        elif change < 0:
            effect.deducted -= change
        else:
            effect.awarded += change
        self._seen(effect, [one.get("member")])

    def _of(self, rule: object) -> Effect:
        id_ = rule if isinstance(rule, str) else ""
        found = self._effects.get(id_)
        if found is None:
            if len(self._effects) >= _MOST_NAMES:
                id_ = ""
            found = self._effects.setdefault(id_, Effect(id_))
        return found

    def _seen(self, effect: Effect, members: Iterable[object]) -> None:
        for member in members:
            if not isinstance(member, str):
                continue
            mark = int.from_bytes(blake2b(member.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
            if mark in effect.members:
                continue
            if self._members >= MOST_MEMBERS:
                effect.at_least = True
                continue
            self._members += 1
            effect.members.add(mark)


def _begun(one: Mapping[str, Any], about: str) -> bool:
    """Whether a sanction, duty or case came into being with this decision: ids begin with what brought them about."""
    return str(one.get("id")).startswith(f"{about}/")


def _member(on: object) -> object:
    return on.get("member") if isinstance(on, dict) else None
