"""A plain interpreter of checked rulebooks: walks the tree for every event, remembers nothing, hurries nowhere.

Written from the descriptions in `checker.checked` and `compiler.evidence`, without a look at the generated code, so
that the two can be held against each other. It shares with the product only the library: folding, detectors, links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from past import kinds
from plain_evidence import Run

from communityrules.checker import checked
from communityrules.library.declare import Library
from communityrules.model.event import Event, Member


@dataclass
class Answer:
    """One rule that matched."""

    rule: checked.Rule
    evidence: list[dict[str, Any]]
    trial: bool
    overridden_by: str | None = None
    grace: bool = False


@dataclass
class Answers:
    hits: list[Answer]
    #: Rules that failed.
    failed: list[checked.Rule]


class Interpreter:
    def __init__(self, rulebook: checked.Rulebook, library: Library) -> None:
        self.rulebook = rulebook
        self.library = library

    # --- rules -----------------------------------------------------------------------------------------------

    def match(self, event: Event, facts: Any) -> Answers:
        run = Run(self.rulebook, self.library, event, facts)
        answers = Answers([], [])
        closed: set[str] = set()
        for rule in self.rulebook.rules:
            if rule.every is not None:
                continue
            if rule.found_by is not None:
                if event.type != "finding" or event.target.rule != rule.id:
                    continue
            elif not set(kinds(event)) & set(rule.events):
                continue
            if rule.first_match in closed:
                continue
            self.ask(rule, run, answers)
            if (
                any(hit.rule is rule and not hit.trial and not hit.grace for hit in answers.hits)
                and rule.first_match is not None
            ):
                closed.add(rule.first_match)
        mark_overridden(answers.hits)
        return answers

    def match_period(self, rule: checked.Rule, event: Event, facts: Any) -> Answers:
        answers = Answers([], [])
        self.ask(rule, Run(self.rulebook, self.library, event, facts, law=event.time - 1, fallback=False), answers)
        mark_overridden(answers.hits)
        return answers

    def noted(self, rule: checked.Rule, event: Event, facts: Any) -> list[tuple[str, str, Any]]:
        """Of whom a rule writes down what, as a decision tells it."""
        run = Run(self.rulebook, self.library, event, facts)
        found = []
        for action in rule.actions:
            name, noted = action.arguments["field"], action.arguments["value"]
            assert isinstance(noted, checked.Noted)
            subject = run.subject.id if run.subject is not None else None
            who = run.value(action.against) if action.against is not None else subject
            value = run.shown(noted.value)
            if who is not None and value is not None:
                found.append((who, name, value))
        return found

    def ask(self, rule: checked.Rule, run: Run, answers: Answers) -> None:
        try:
            if self.considered(rule, run) and (rule.condition is None or run.test(rule.condition)):
                trial = rule.trial_end is not None and run.law < rule.trial_end
                pieces: list[dict[str, Any]] = []
                for piece in run.why(rule):
                    if piece not in pieces:
                        pieces.append(piece)
                grace = rule.grace_end is not None and run.law < rule.grace_end
                answers.hits.append(Answer(rule, pieces, trial, None, grace))
        except Exception:  # noqa: BLE001  # whatever a rule raises, it has failed
            answers.failed.append(rule)

    def considered(self, rule: checked.Rule, run: Run) -> bool:
        if rule.start is not None and run.law < rule.start:
            return False
        if rule.end is not None and run.law >= rule.end:
            return False
        place = run.event.place if run.event.place is not None else run.event.channel
        spots = any(run.test(one) for one in rule.in_places)
        if (rule.places or rule.in_places) and place not in rule.places and not spots:
            return False
        if any(run.test(one) for one in rule.except_places):
            return False
        if place in rule.excluded_places:
            return False
        if rule.found_by is not None:
            finder = run.event.member
            if finder is None or not self.in_group(rule.found_by, finder, run.event.time, run.facts):
                return False
        for group in rule.excluded:
            if run.member_of(group):
                return False
        return not rule.applies_to or any(run.about(group) for group in rule.applies_to)

    def in_group(self, group: str, member: Member, time: int, facts: Any) -> bool:
        event = Event("", time, "", "", member=member, subject=member)
        return Run(self.rulebook, self.library, event, facts, fallback=False).member_of(group)

    # --- measures ----------------------------------------------------------------------------------------------

    def observe(self, aggregate: checked.Aggregate, event: Event, facts: Any) -> tuple[tuple[Any, ...], Any] | None:
        run = Run(self.rulebook, self.library, event, facts)
        if aggregate.where is not None and not run.test(aggregate.where):
            return None
        keys = []
        for key in aggregate.keys:
            value = run.value(key)
            if value is None:
                return None
            keys.append(value)
        if aggregate.value is None:
            return tuple(keys), None
        value = run.value(aggregate.value)
        if aggregate.function == "similar" and value is not None:
            value = value, event.id
        return None if value is None else (tuple(keys), value)


def mark_overridden(hits: list[Answer]) -> None:
    """Who wins is settled from the top: what nobody overrides stands, what stands strikes what it names."""
    standing: list[int] = []
    struck: dict[int, list[int]] = {}

    def strikers(of: int) -> list[int]:
        return [
            at
            for at, hit in enumerate(hits)
            if not (hit.trial or hit.grace)
            and hits[of].rule.id in hit.rule.overrides
            and hit.rule.id != hits[of].rule.id
        ]

    for _ in range(len(hits) + 1):
        for at in range(len(hits)):
            if at in standing or at in struck:
                continue
            if any(one in standing for one in strikers(at)):
                struck[at] = strikers(at)
            elif all(one in struck for one in strikers(at)):
                standing.append(at)
    for at, by in struck.items():
        hits[at].overridden_by = hits[min(one for one in by if one in standing)].rule.id
