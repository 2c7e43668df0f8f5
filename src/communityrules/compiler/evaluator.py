"""The evaluator: a compiled rulebook. A pure function from an event and the facts about it to what matched."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import Any, Final

from communityrules.checker import checked
from communityrules.compiler import evidence, expressions, feeds, overrides, rules
from communityrules.compiler.facts import Facts
from communityrules.compiler.index import compile_events
from communityrules.compiler.match import NOTHING, Hit, Match, Observer
from communityrules.compiler.notes import Notes
from communityrules.compiler.outcome import Answers, strictest, unread
from communityrules.compiler.plain import noted
from communityrules.compiler.reasons import reason_of
from communityrules.compiler.rules import Found, Judge
from communityrules.compiler.scoring import Scorer
from communityrules.compiler.writer import Plan, Program, Writer
from communityrules.library.declare import Library
from communityrules.library.patterns import Required
from communityrules.library.scores import Scored
from communityrules.model.decision import Decision, Outcome, RulebookRef, RuleFailure, Verdict
from communityrules.model.event import Event, Member
from communityrules.model.values import Value


class Evaluator:
    """What a rulebook answers to an event.

    Pure and synchronous: no store, no clock, no randomness; the same event and facts give the same answer. It may be
    used from several threads. What it builds on first use (how to explain a match, expressions asked for by `value`)
    is only kept to save time.
    """

    def __init__(
        self,
        rulebook: checked.Rulebook,
        library: Library,
        on_score: Callable[[Scored], None] | None = None,
        *,
        indexed: bool | None = None,
        patterns: Mapping[str, Required] | None = None,
        before: Evaluator | None = None,
    ) -> None:
        """`indexed`: whether an index tells which rules an event may match; None: where there are many. `patterns`:
        what its patterns require, of those of which that is known. `before`: that of another version, of which this
        one has most conditions, the same objects. The answers are the same."""
        self.rulebook: Final = rulebook
        self.library: Final = library
        self._program: Final[Program] = Program(
            rulebook, library, patterns, before._program.known if before is not None else None
        )
        self._program.namespace["in_group"] = self.in_group
        self._program.namespace["scores"] = Scorer(library.scores, on_score)
        self._judges = compile_events(self._program, indexed)
        #: Whether a message that answers another is judged otherwise than one that does not.
        self._replies_differ = self._judges.get("message") is not self._judges.get("reply")
        #: By event type, who tells the rules that are worth asking, where there is no more to be told apart.
        self._possible = {
            kind: (judge, judge.known)
            for kind, judge in self._judges.items()
            if judge.possible is not None and kind != "finding" and not (kind == "message" and self._replies_differ)
        }
        self._findings, self._found_by_id = rules.compile_findings(self._program)
        self._periods = rules.compile_periods(self._program)
        self._index: dict[int, int] | None = None
        self._ref: Final = RulebookRef(rulebook.name, rulebook.version, rulebook.digest)
        self._values: dict[Hashable, Any] = {}
        #: What rules say whose outcomes were asked for.
        self._answers: Final = Answers(library)
        self._apply = overrides.apply if any(rule.overrides for rule in rulebook.rules) else tuple
        #: By event type, what feeds the measures of the rulebook.
        self.observers: Final[Mapping[str, Observer]] = feeds.compile_observers(self._program)

    @property
    def patterns(self) -> Mapping[str, Required]:
        """What those patterns require that the index goes by."""
        return self._program.patterns

    # --- judging -------------------------------------------------------------------------------------------

    def match(self, event: Event, facts: Facts) -> Match:
        """Every rule that matches an event: in force at its instant, on its type, about its subject and place.

        Periodic rules are judged by `match_period` alone. On a `finding`, rules found by a group match when the event
        names them and its sender is in that group.
        """
        asked = self._possible.get(event.type)
        if asked is None:
            return self._match_otherwise(event, facts)
        judge, known = asked
        told = known(event, facts, judge.explain)
        if told is None:
            return NOTHING
        hits, left = told
        if hits is not None:
            return Match(self._apply(hits))
        found = judge.ask(event, facts, *left)
        return NOTHING if found is None else self._answer(judge, event, facts, found, left[1])

    def _match_otherwise(self, event: Event, facts: Facts) -> Match:
        """The same where all rules are asked, where replies are judged otherwise, and of findings."""
        kind = event.type
        if kind == "message":
            if self._replies_differ:
                kind = event.heard_as
        elif kind == "finding":
            return self._match_finding(event, facts)
        judge = self._judges.get(kind)
        if judge is None:
            return NOTHING
        answered = judge.found(event, facts)
        if answered is None:
            return NOTHING
        return self._answer(judge, event, facts, *answered)

    def _match_finding(self, event: Event, facts: Facts) -> Match:
        hits: list[Hit] = []
        errors: list[RuleFailure] = []
        judge = self._judges.get("finding")
        if judge is not None:
            answered = judge.found(event, facts)
            if answered is not None:
                self._collect(judge, event, facts, *answered, hits, errors)
        judge = self._findings
        slots = judge.blank.copy()
        found: Found = None
        for index in self._found_by_id.get(event.target.rule or "", ()):
            found = judge.single[index](event, facts, slots, found)
        self._collect(judge, event, facts, found or [], slots, hits, errors)
        if not hits and not errors:
            return NOTHING
        hits.sort(key=lambda hit: self._index_of(hit.rule))
        return Match(self._apply(hits), tuple(errors))

    def match_period(self, rule: checked.Rule, event: Event, facts: Facts) -> Match:
        """What a periodic rule answers for the member who is the event's subject, or for the community without one.

        `event.time` is the instant at which the period ended; the text in force, and parameters, are those of the
        period's last microsecond. Conditions read the facts as handed in. ValueError when the rule is not a periodic
        one of this rulebook.
        """
        index = self._index_of(rule)
        judge = self._periods
        if index not in judge.single:
            raise ValueError(f"rule {rule.id} is not judged by period")
        slots = judge.blank.copy()
        found = judge.single[index](event, facts, slots, None)
        return NOTHING if found is None else self._answer(judge, event, facts, found, slots)

    def _index_of(self, rule: checked.Rule) -> int:
        places = self._index
        if places is None:
            places = self._index = {id(one): at for at, one in enumerate(self.rulebook.rules)}
        index = places.get(id(rule))
        return index if index is not None else self.rulebook.rules.index(rule)

    # --- what came of it -------------------------------------------------------------------------------------

    def _answer(self, judge: Judge, event: Event, facts: Facts, found: list[Any], slots: list[Any]) -> Match:
        hits: list[Hit] = []
        errors: list[RuleFailure] = []
        self._collect(judge, event, facts, found, slots, hits, errors)
        return Match(self._apply(hits), tuple(errors))

    def _collect(
        self,
        judge: Judge,
        event: Event,
        facts: Facts,
        found: list[Any],
        slots: list[Any],
        hits: list[Hit],
        errors: list[RuleFailure],
    ) -> None:
        every, explains, blank = self.rulebook.rules, judge.explain, judge.blank
        law = event.time - 1 if judge.plan.periodic else event.time
        for one in found:
            if one.__class__ is int:
                rule = every[one]
                try:
                    explain = explains.get(one) or evidence.compile_rule(judge, one)
                    if len(slots) < len(blank):
                        judge.grow(slots)
                    notes = Notes()
                    told = tuple(notes) if explain(event, facts, slots, notes) else notes.pieces()
                except Exception as failure:  # noqa: BLE001  # whatever goes wrong inside one rule is that rule's alone
                    errors.append(self._failure(rule, failure))
                else:
                    trial, grace = rule.trial_end, rule.grace_end
                    hits.append(
                        Hit(
                            rule,
                            told,
                            trial is not None and law < trial,
                            None,
                            grace is not None and law < grace,
                        )
                    )
            else:
                index, error = one
                errors.append(self._failure(self.rulebook.rules[index], error))

    def _failure(self, rule: checked.Rule, error: Exception) -> RuleFailure:
        origin = self._program.origin(error) or rule.origin
        return RuleFailure(rule.id, origin.file, origin.line, reason_of(error))

    # --- parts that the engine asks for ----------------------------------------------------------------------

    def in_group(self, group: str, member: Member, time: int, facts: Facts) -> bool:
        """Whether a member is in a group (canonical name; `everyone` holds all) at an instant.

        KeyError when there is no such group; raises what functions in the group's condition raise.
        """
        asked = Event("", time, "", "", member=member, subject=member)
        return bool(self._ask(("group", group), lambda w: expressions.group(w, group), False)(asked, facts))

    def value(self, expression: checked.Expression, event: Event, facts: Facts) -> Value:
        """What an expression is worth on an event; a Fraction where a division left one. None when absent.

        Raises what arithmetic without end and functions raise.
        """
        sender = rules.sender_is_subject(self._program, event.type)
        found: Value = self._ask(("value", expression), lambda w: expressions.value(w, expression), sender)(
            event, facts
        )
        return found

    def measure(self, name: str, event: Event, facts: Facts) -> Value:
        """The value of a metric or a named condition on an event. KeyError when there is none of that name."""
        body = self.rulebook.definitions[name]
        return self.value(body, event, facts)

    def _ask(self, key: Hashable, write: Any, sender: bool) -> Any:
        known = self._values.get((key, sender))
        if known is not None:
            return known
        with self._program.writing:
            plan = Plan(self._program, sender)

            def function() -> list[str]:
                w = Writer(plan)
                code = write(w)
                name = self._program.name("ask")
                slots = [f"slots = [UNSET] * {len(plan.slots)}"] if plan.slots else ["slots = None"]
                plan.source.add(w.function(name, [*slots, f"return {code}"], "event, facts"))
                return [name]

            (name,) = rules.twice(plan, function)
            known = self._values[(key, sender)] = self._program.namespace[name]
        return known

    # --- a decision without an engine --------------------------------------------------------------------------

    def outcome(self, hit: Hit, event: Event, facts: Facts) -> Outcome:
        """A hit as the outcome that a decision shows, with the rule's direct actions."""
        answer = self._answers.of(hit.rule)
        return answer.outcome(hit, event, partial(self._read, event, facts) if answer.reads else unread)

    def _read(self, event: Event, facts: Facts, said: checked.FieldRef | checked.ParameterRef | checked.Noted) -> Any:
        """What an action reads of an event."""
        if isinstance(said, checked.Noted):
            try:
                found = self.value(said.value, event, facts)
            except Exception:  # noqa: BLE001  # an extension's score may raise anything, and notes nothing then
                return None
            return noted(found, said.value.type.kind, self.rulebook.timezone)
        value = self.value(said, event, facts)
        return value if isinstance(said, checked.ParameterRef) or isinstance(value, str) else None

    def evaluate(self, event: Event, facts: Facts) -> Decision:
        """The decision that the rules alone give: no history but the facts, no sanction, duty or case.

        A penalty counts as allow: its step is only known to an engine that counts offences.
        """
        match = self.match(event, facts)
        if match is NOTHING:
            return Decision(event.id, event.time, event.community, self._ref, "allow")
        told = self._answers.usual(match.hits, event) or self._outcomes(match.hits, event, facts)
        return Decision(event.id, event.time, event.community, self._ref, told[1], told[0], errors=match.errors)

    def _outcomes(self, hits: tuple[Hit, ...], event: Event, facts: Facts) -> tuple[tuple[Outcome, ...], Verdict]:
        """The outcomes of hits one by one, and the strictest verdict of those that have effect."""
        self._answers.meet(event.type)
        outcomes = tuple([self.outcome(hit, event, facts) for hit in hits])
        return outcomes, strictest(one.verdict for one in outcomes if not one.trial and one.overridden_by is None)
