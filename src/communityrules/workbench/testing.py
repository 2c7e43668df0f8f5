"""Running the tests that stand in a rulebook, each against an engine of its own in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from communityrules.checker import checked
from communityrules.checker.scope import RESERVED_RULES
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.facts import Facts
from communityrules.compiler.match import Match
from communityrules.diagnostics.message import Diagnostic
from communityrules.engine.engine import Engine
from communityrules.engine.errors import EventError
from communityrules.language import tree
from communityrules.library.declare import Library
from communityrules.model.decision import Decision
from communityrules.model.event import Event
from communityrules.workbench.coverage import Coverage, Observer, ObservingEvaluator
from communityrules.workbench.expecting import Missing, compare, rule_id
from communityrules.workbench.staging import Stage
from communityrules.workbench.whynot import Opposite, WhyNot


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that was not met."""

    step: tree.Happens | tree.Later
    expect: tree.Expect
    missing: Missing
    #: Everything decided since the line before, in order.
    decisions: tuple[Decision, ...]
    #: The line's own event, None for a line that only waits.
    event: Event | None
    #: Where the expectation names a rule that did not answer the event: why not.
    why_not: WhyNot | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A line whose event could not be judged."""

    step: tree.Happens
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of one test."""

    test: tree.Test
    failures: tuple[Unmet | Broken, ...]
    #: Expectations that were looked at.
    expectations: int

    __test__ = False

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True, slots=True)
class TestRun:
    """What became of all tests of a rulebook."""

    results: tuple[TestResult, ...]
    coverage: Coverage

    __test__ = False

    @property
    def failed(self) -> int:
        return sum(not one.passed for one in self.results)


def run_tests(
    rulebook: checked.Rulebook, library: Library, progress: Callable[[TestResult], None] | None = None
) -> TestRun:
    """Run every test of a checked rulebook, in order. `progress` hears of each as it ends."""
    evaluator = ObservingEvaluator(rulebook, library)
    results: list[TestResult] = []
    opposite: Opposite | None = None
    for test in rulebook.tests:
        result = run_test(test, evaluator, evaluator.observer)
        if any(isinstance(one, Unmet) and _rule_asked(one) is not None for one in result.failures):
            opposite = opposite or Opposite(rulebook, library)
            result = _explained(result, evaluator, opposite)
        results.append(result)
        if progress is not None:
            progress(result)
    return TestRun(tuple(results), evaluator.observer.coverage())


def _rule_asked(one: Unmet) -> str | None:
    """The rule that should have answered the line's event and did not."""
    wanted = (under for item, under in one.expect.rules() if item.what is not None and not item.absent)
    written = next((under for under in wanted if under is not None), None)
    if written is None or one.event is None:
        return None
    rule = rule_id(written, one.decisions)
    answered = any(outcome.rule == rule for decision in one.decisions for outcome in decision.outcomes)
    return None if answered or rule in RESERVED_RULES else rule


def _explained(result: TestResult, evaluator: ObservingEvaluator, opposite: Opposite) -> TestResult:
    """The same result, with the reasons of rules that did not answer: the test is run once more to see them."""
    asked = {(one.event.id, rule) for one in result.failures if isinstance(one, Unmet) and one.event is not None
             and (rule := _rule_asked(one)) is not None}  # fmt: skip
    reasons: dict[tuple[str, str], WhyNot] = {}

    def look(event: Event, facts: Facts, match: Match) -> None:
        for event_id, rule in asked:
            if event_id == event.id:
                matched = any(hit.rule.id == rule for hit in match.hits)
                reasons[event_id, rule] = opposite.why_not(rule, event, facts, matched)

    evaluator.asked = look
    try:
        run_test(result.test, evaluator)
    finally:
        evaluator.asked = None
    return replace(result, failures=tuple(_with_reason(one, reasons) for one in result.failures))


def _with_reason(one: Unmet | Broken, reasons: Mapping[tuple[str, str], WhyNot]) -> Unmet | Broken:
    if isinstance(one, Broken) or one.event is None or (rule := _rule_asked(one)) is None:
        return one
    # An event that reached no rule at all came from somebody who may not write.
    return replace(one, why_not=reasons.get((one.event.id, rule), WhyNot(rule, "quiet")))


def run_test(
    test: tree.Test, evaluator: Evaluator, observer: Observer | None = None, *, until_failure: bool = False
) -> TestResult:
    """Run one test. `observer` hears of the rules that answered; `until_failure` stops at the first thing wrong."""
    stage = Stage(evaluator)
    failures: list[Unmet | Broken] = []
    expectations = 0
    #: The sanctions that are in force.
    told: set[str] = set()
    with Engine(evaluator) as engine:
        for step in test.steps:
            if failures and until_failure:
                break
            match step:
                case tree.SetDay():
                    stage.begin(step.day.value)
                case tree.Given():
                    stage.tell(step)
                case tree.Happens() | tree.Later():
                    event = stage.event(step) if isinstance(step, tree.Happens) else None
                    until = stage.now if isinstance(step, tree.Happens) else stage.wait(step.duration)
                    decisions = list(engine.advance(until))
                    own: Decision | None = None
                    if event is not None and isinstance(step, tree.Happens):
                        try:
                            own = engine.judge(event)
                        except EventError as error:
                            failures.append(Broken(step, error.diagnostic))
                        else:
                            decisions.append(own)
                    for decision in decisions:
                        stage.learn(decision)
                        if observer is not None:
                            for outcome in decision.outcomes:
                                observer.answered(outcome.rule, decision.time)
                    if step.expect is not None:
                        expectations += 1
                        missing = compare(step.expect, decisions, own, evaluator.library, told)
                        if missing is not None:
                            failures.append(Unmet(step, step.expect, missing, tuple(decisions), event))
                    for sanction in (one for decision in decisions for one in decision.sanctions):
                        (told.add if sanction.status == "in_force" else told.discard)(sanction.id)
    return TestResult(test, tuple(failures), expectations)
