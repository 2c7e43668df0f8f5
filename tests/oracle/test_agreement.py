"""The generated evaluator and the plain interpreter give the same answers, evidence included."""

from __future__ import annotations

import json
import os
from typing import Any

from choices import Choices
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st
from interpreter import Answers, Interpreter
from past import Past
from random_events import duties, events, member
from random_rules import LIBRARY, START, Maker

from communityrules.checker import checked
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.match import Match
from communityrules.library.scores import ScoreError
from communityrules.model.event import Event

#: How many random rulebooks are tried, each on fifty events. A long run, of 2,000, is asked for by name.
RULEBOOKS = int(os.environ.get("COMMUNITYRULES_ORACLE_RULEBOOKS", "600"))
EVENTS = 50
#: Tests that share the rulebooks, so that they can run beside each other.
SHARDS = 4


def _plain(rules: list[checked.Rule], match: Match | Answers) -> Any:
    hits = [(rules.index(hit.rule), list(hit.evidence), hit.trial, hit.overridden_by, hit.grace) for hit in match.hits]
    if isinstance(match, Match):
        return hits, sorted((one.rule, one.line) for one in match.errors)
    return hits, sorted((one.id, one.origin.line) for one in match.failed)


def _ignore(*_: Any) -> None:
    """What another measure is fed."""


def _agree(rules_from: bytes, events_from: bytes) -> None:
    maker = Maker(Choices(rules_from))
    rulebook = maker.rulebook()
    evaluator = compile_rulebook(rulebook, LIBRARY)
    indexed = Evaluator(rulebook, LIBRARY, indexed=True)
    plain = Interpreter(rulebook, LIBRARY)
    states = {"raid": "high" if rules_from[:1] > b"\x80" else "calm"}

    def observed(index: int, stage: int, event: Event) -> Any:
        place = stage if rulebook.aggregates[index].function == "sequence" else 0
        found: list[Any] = []

        def sink(key: Any, time: int, value: Any, places: tuple[int, ...]) -> None:
            assert time == event.time
            if place in places:
                found.append((key, value))

        def failed(_: int, error: Exception) -> None:
            assert isinstance(error, RuntimeError | ScoreError), error

        observer = evaluator.observers[event.heard_as]
        for part, first, end in observer.parts:
            sinks = tuple(sink if one == index else _ignore for one in observer.indices[first:end])
            part(event, past, sinks, failed)
        assert len(found) < 2
        return found[0] if found else None

    def seen(index: int, _stage: int, event: Event) -> Any:
        try:
            return plain.observe(rulebook.aggregates[index], event, plain_past)
        except RuntimeError:
            return None

    past, plain_past = (Past(rulebook, look, states, duties) for look in (observed, seen))
    rules = list(rulebook.rules)
    choices = Choices(events_from)
    for event in events(choices, EVENTS):
        past.add(event)
        plain_past.add(event)
        given_, wanted = evaluator.match(event, past), plain.match(event, plain_past)
        assert _plain(rules, given_) == _plain(rules, wanted), event
        by_index = indexed.match(event, past)
        assert (by_index.hits, _plain(rules, by_index)) == (given_.hits, _plain(rules, given_)), event
        for hit in given_.hits:
            taken = evaluator.outcome(hit, event, past).actions
            noted = [(one.on["member"], one.arguments["field"], one.arguments["value"]) for one in taken]
            assert noted == plain.noted(hit.rule, event, plain_past), event
        json.dumps([hit.evidence for hit in given_.hits], allow_nan=False)
        for rule in rules:
            if rule.every is not None:
                about = Event("period", event.time, "period", "c1", subject=event.member)
                ours, theirs = evaluator.match_period(rule, about, past), plain.match_period(rule, about, plain_past)
                assert _plain(rules, ours) == _plain(rules, theirs), about
    someone = member(choices)
    for group in rulebook.groups:
        assert _asked(evaluator, group, someone, past) == _asked(plain, group, someone, plain_past)


def _asked(of: Any, group: str, who: Any, facts: Any) -> Any:
    try:
        return of.in_group(group, who, START, facts)
    except RuntimeError as error:
        return str(error)


def _shard(number: int) -> Any:
    """One part of the rulebooks, the same on every run."""

    @example(b"", b"")
    @seed(number)
    @settings(
        max_examples=-(-RULEBOOKS // SHARDS), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    @given(st.binary(min_size=1000, max_size=1000), st.binary(min_size=2000, max_size=2000))
    def agree(rules_from: bytes, events_from: bytes) -> None:
        _agree(rules_from, events_from)

    return agree


test_random_rulebooks_0 = _shard(0)
test_random_rulebooks_1 = _shard(1)
test_random_rulebooks_2 = _shard(2)
test_random_rulebooks_3 = _shard(3)
