"""What holds at every step of every worked case of the cookbook, whatever its rules say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from deciding import CASES, Line, book_of, events_of, in_short, read

from communityrules import Decision, Engine, Rulebook, load
from communityrules.checker.scope import RESERVED_RULES
from communityrules.model.values import DAY

each_case = pytest.mark.parametrize("cases", sorted(CASES.glob("*.jsonl")), ids=lambda cases: cases.stem)

_RESERVED = set(RESERVED_RULES.values())


def step(engine: Engine, line: Line) -> list[Decision]:
    """The decisions of one line."""
    if "event" in line:
        return list(engine.run(events_of([line])))
    if "until" in line:
        return list(engine.advance(datetime.fromisoformat(line["until"])))
    return []


def decisions(rulebook: Rulebook, lines: list[Line]) -> Iterator[Decision]:
    with Engine(rulebook) as engine:
        for line in lines:
            yield from step(engine, line)


@each_case
def test_stopping_after_every_line_changes_nothing(cases: Path, tmp_path: Path) -> None:
    """Timers, duties, cases, sanctions, labels and points are all in the store."""
    rulebook, lines = load(book_of(cases)), read(cases)
    store = f"sqlite:///{(tmp_path / 'store.db').as_posix()}"
    found: list[str] = []
    for line in lines:
        with Engine(rulebook, store) as engine:
            found += [json.dumps(in_short(one, rulebook)) for one in step(engine, line)]
    assert found == [json.dumps(line["decision"]) for line in lines if "decision" in line]


@each_case
def test_the_same_events_again_give_the_same_decisions(cases: Path, tmp_path: Path) -> None:
    rulebook, lines = load(book_of(cases)), read(cases)
    # Some cases reach over more years than ids are usually remembered.
    with Engine(rulebook, f"sqlite:///{(tmp_path / 'store.db').as_posix()}", remember=100 * 366 * DAY) as engine:
        first = list(engine.run(events_of(lines)))
        again = [one for one in engine.run(events_of(lines)) if isinstance(one.event, str)]
    assert again == [one for one in first if isinstance(one.event, str)]


@each_case
def test_the_ledger_sums_to_the_balances(cases: Path) -> None:
    balances: dict[str, int] = {}
    for decision in decisions(load(book_of(cases)), read(cases)):
        for one in decision.points:
            balances[one.member] = balances.get(one.member, 0) + one.change
            assert one.balance == balances[one.member]


@each_case
def test_what_is_settled_stays_settled(cases: Path) -> None:
    """A duty that was met, late or cancelled, and a case that was settled, are not heard of again."""
    ended: set[str] = set()
    for decision in decisions(load(book_of(cases)), read(cases)):
        about: list[tuple[str, str]] = [(duty.id, duty.status) for duty in decision.duties]
        about += [(case.id, case.status) for case in decision.cases]
        assert not ended.intersection(name for name, _ in about)
        ended.update(name for name, status in about if status != "open")


@each_case
def test_no_sanction_without_a_rule_in_force(cases: Path) -> None:
    rulebook = load(book_of(cases))
    rules = rulebook.checked.rules
    for decision in decisions(rulebook, read(cases)):
        for one in decision.sanctions:
            in_force = {
                rule.id
                for rule in rules
                if (rule.start is None or rule.start <= one.start)
                and (rule.end is None or one.start < rule.end)
                and (rule.trial_end is None or rule.trial_end <= one.start)
            }
            assert one.rules
            assert set(one.rules) <= in_force | _RESERVED
            assert one.end is None or one.start <= one.end


@each_case
def test_advice_never_punishes(cases: Path) -> None:
    """What a `may` or `should` rule did is no sanction, holds nothing and blocks nothing."""
    rulebook = load(book_of(cases))
    for decision in decisions(rulebook, read(cases)):
        for outcome in decision.outcomes:
            # What staff do by hand, within their powers, is not the rule's doing.
            if outcome.modality in ("may", "should") and outcome.rule not in _RESERVED:
                assert outcome.verdict in ("allow", "flag")
                assert not {one.do for one in outcome.actions} & {"warn", "mute", "kick", "ban", "penalty", "deduct"}
