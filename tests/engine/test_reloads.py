"""Rulebooks that come in while events are judged: nothing is dropped, and nothing judged by a mix of two."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from streams import message

from communityrules import Engine, loads
from communityrules.loading import Rulebook
from communityrules.model.decision import Decision
from communityrules.stores.errors import CANNOT_WRITE, StoreError
from communityrules.stores.sqlite import SqliteStore

RELOADS = 200
EVENTS = 2000


def _text(version: int) -> str:
    """A rulebook of which every part tells its version: what it is called, finds, counts and does."""
    return f"""rulebook "reloaded"
  version "{version}"
  timezone UTC

list words = "w{version % 2}", "of {version}"

rule a{version} "by word"
  must not
  on message
  if message.text contains words
  then flag

rule b{version} "by number"
  must not
  on message
  if count(message by member within 1 hour) >= 1
  then {"delete" if version % 2 else "flag"}
"""


@pytest.fixture(scope="module")
def books() -> list[Rulebook]:
    return [loads(_text(version)) for version in range(8)]


def _judged_by(decision: Decision, books: list[Rulebook]) -> int:
    """The version that judged; everything that a decision says must be of that one."""
    by_digest = {book.digest: version for version, book in enumerate(books)}
    version = by_digest[decision.rulebook.digest]
    assert decision.rulebook.version == str(version)
    assert [one.rule for one in decision.outcomes] == [f"a{version}", f"b{version}"]
    assert decision.verdict == ("block" if version % 2 else "flag")
    return version


def _event(number: int) -> dict[str, Any]:
    return {**message(f"m{number}", number), "text": "w0 and w1"}


@pytest.mark.parametrize("store", ["memory:", "sqlite"])
def test_a_rulebook_given_between_events_judges_the_next(store: str, books: list[Rulebook], tmp_path: Path) -> None:
    url = store if store == "memory:" else f"sqlite:///{tmp_path}/e.db"
    with Engine(books[0], url) as engine:

        def stream() -> Iterator[dict[str, Any]]:
            for number in range(2 * RELOADS):
                if number % 2:
                    engine.swap(books[(number // 2 + 1) % len(books)])
                yield _event(number)

        found = [_judged_by(one, books) for one in engine.run(stream())]
        assert found == [(number + 1) // 2 % len(books) for number in range(2 * RELOADS)]
        assert engine.counts.read == engine.counts.judged == 2 * RELOADS


@pytest.mark.parametrize("store", ["memory:", "sqlite"])
def test_rulebooks_given_by_another_thread(store: str, books: list[Rulebook], tmp_path: Path) -> None:
    url = store if store == "memory:" else f"sqlite:///{tmp_path}/e.db"
    turns, given = threading.Semaphore(0), threading.Semaphore(0)
    with Engine(books[0], url, batch=50) as engine:

        def reload() -> None:
            for number in range(1, RELOADS + 1):
                turns.acquire()
                engine.swap(books[number % len(books)])
                given.release()

        def stream() -> Iterator[dict[str, Any]]:
            for number in range(EVENTS):
                if number % (EVENTS // RELOADS) == 0:
                    # From now on, at whatever point of an event,
                    turns.release()
                elif number % (EVENTS // RELOADS) == EVENTS // RELOADS - 1:
                    # and before this one: a thread that is not woken while events are judged would give them all
                    # at the end, which shows nothing.
                    assert given.acquire(timeout=60)
                yield _event(number)

        thread = threading.Thread(target=reload)
        thread.start()
        decisions = list(engine.run(stream()))
        thread.join()
        assert [one.event for one in decisions] == [f"m{number}" for number in range(EVENTS)]
        versions = [_judged_by(one, books) for one in decisions]
        changes = [later for earlier, later in pairwise(versions) if earlier != later]
        # Each was given before the last event of its turn, and that event is judged by it.
        assert versions[EVENTS // RELOADS - 1 :: EVENTS // RELOADS] == [
            number % len(books) for number in range(1, RELOADS + 1)
        ]
        assert len(changes) == RELOADS
        assert engine.counts.judged == EVENTS
        assert engine.counts.quarantined == 0
        # The count goes on over all of them, as the measure is the same.
        last = engine.judge(_event(EVENTS))
        assert last.outcomes[1].evidence[0]["value"] >= 1
        assert _judged_by(last, books) == RELOADS % len(books)


def test_what_a_measure_counts_goes_on_over_reloads() -> None:
    counting = [loads(_text(version).replace(">= 1", f">= {RELOADS}")) for version in range(2)]
    with Engine(counting[0]) as engine:
        for number in range(RELOADS - 1):
            assert len(engine.judge(_event(number)).outcomes) == 1
            engine.swap(counting[number % 2])
        assert len(engine.judge(_event(RELOADS)).outcomes) == 2


@pytest.mark.parametrize("failing", ["commit", "keep_measures"])
def test_a_rulebook_waits_on_when_the_store_does_not_answer(
    failing: str, books: list[Rulebook], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore(f"{tmp_path}/e.db")
    with Engine(books[0], store) as engine:
        run = engine.run(_event(number) for number in range(4))
        assert _judged_by(engine.judge(_event(9)), books) == 0

        def fail(*_: object) -> None:
            raise StoreError(CANNOT_WRITE, file="e.db", reason=failing)

        with monkeypatch.context() as patch:
            patch.setattr(store, failing, fail)
            engine.swap(books[1])
            with pytest.raises(StoreError):
                next(run)
        assert [_judged_by(one, books) for one in engine.run(_event(number) for number in range(4))] == [1] * 4
        engine.swap(books[2])
        assert _judged_by(engine.judge(_event(5)), books) == 2


def test_a_field_of_another_type_is_read_anew() -> None:
    """`true` and 1 are equal, and not the same."""
    rules = 'rulebook "r"\nmember (level: {})\nrule 1\n  should\n  on message\n  then remind "{{member.level}}"\n'
    number, boolean = (loads(rules.format(kind)) for kind in ("number", "boolean"))

    def said(engine: Engine, name: str, level: object) -> object:
        member = {"id": "amy", "joined": "2020-01-01T00:00:00Z", "level": level}
        event = {"id": name, "time": "2024-01-01T00:00:00Z", "type": "message", "community": "c", "member": member}
        return engine.judge({**event, "message": {"text": "hi"}}).notices[0].texts

    with Engine(number) as engine:
        assert [said(engine, name, 1) for name in ("m1", "m2")] == [{"en": "1"}] * 2
        engine.swap(boolean)
        assert said(engine, "m3", True) == {"en": "yes"}
