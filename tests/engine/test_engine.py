"""One event at a time: what is remembered, refused, rolled back, late, and left for `advance`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from streams import BUSY, START, at, evaluator_of, lines, message, stream

from communityrules.compiler.evaluator import Evaluator
from communityrules.engine.consequences import Consequences
from communityrules.engine.counts import Counts
from communityrules.engine.engine import Engine
from communityrules.engine.errors import EventError
from communityrules.engine.quarantine import Quarantined
from communityrules.model.decision import Timer
from communityrules.model.event import Event, Member, Message
from communityrules.model.values import DAY, HOUR, MINUTE, SECOND, instant
from communityrules.stores.errors import CANNOT_READ, CANNOT_WRITE, StoreError
from communityrules.stores.sqlite import SqliteStore
from communityrules.wire.events import WireError

EVALUATOR = evaluator_of(BUSY)
BASE = instant(START)


@pytest.fixture(params=["memory", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/e.db"
    with Engine(EVALUATOR, url) as made:
        yield made


def feedback(id_: str, seconds: float) -> dict[str, Any]:
    return {**message(id_, seconds), "type": "feedback"}


def test_counts_include_the_judged_event(engine: Engine) -> None:
    verdicts = [engine.judge(message(f"m{number}", number)).verdict for number in range(4)]
    assert verdicts == ["allow", "allow", "block", "block"]


def test_an_event_object_and_its_wire_form_judge_alike(engine: Engine) -> None:
    made = Event("m1", BASE, "message", "c", Member("amy"), Message("m1", "hi"))
    assert engine.judge(made).event == "m1"
    assert engine.judge(made).event == "m1"
    assert engine.counts == Counts(2, 1, 1, 0, 0)
    with pytest.raises(EventError):
        engine.judge(replace(made, message=Message("m1", "other")))


def test_the_same_id_again_changes_nothing(engine: Engine) -> None:
    first = [engine.judge(message(f"m{number}", number)) for number in range(3)]
    again = [engine.judge(message(f"m{number}", number)) for number in range(3)]
    assert lines(first) == lines(again)
    assert engine.judge(message("m3", 3)).outcomes[0].evidence[0]["value"] == 3
    assert engine.counts == Counts(7, 4, 3, 0, 0)


def test_the_same_id_with_another_body_is_refused(engine: Engine) -> None:
    first = engine.judge(message("m1", 0))
    with pytest.raises(EventError) as caught:
        engine.judge(message("m1", 0, text="other"))
    assert caught.value.diagnostic.code == "CR851"
    assert engine.counts == Counts(2, 1, 0, 1, 0)
    assert engine.judge(message("m1", 0)) == first


def test_ids_belong_to_a_community(engine: Engine) -> None:
    engine.judge(message("m1", 0))
    assert engine.judge(message("m1", 0, text="other", community="d")).community == "d"


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{}/h.db"])
def test_ids_are_remembered_for_a_horizon(tmp_path: Path, url: str) -> None:
    with Engine(EVALUATOR, url.format(tmp_path), remember=HOUR) as engine:
        engine.judge(message("m1", 0))
        engine.judge(message("m2", 3600))
        engine.judge(message("m1", 0))
        assert engine.counts.duplicate == 1
        engine.judge(message("m3", 3601))
        # By now the first is forgotten: a late event like any other.
        assert engine.judge(message("m1", 0)).late
    with Engine(EVALUATOR, url.format(tmp_path).replace("h.db", "n.db"), remember_ids=2) as engine:
        for number in range(3):
            engine.judge(message(f"n{number}", number))
        engine.judge(message("n1", 1))
        assert engine.counts.duplicate == 1
        engine.judge(message("n0", 0))
        assert engine.counts.duplicate == 1


def test_late_events_are_judged_at_their_own_time(engine: Engine) -> None:
    for number in range(3):
        engine.judge(message(f"m{number}", 100 + number))
    late = engine.judge(message("early", 50))
    assert late.late
    assert late.verdict == "allow"
    assert engine.counts.late == 1
    # It counts where it stands.
    assert engine.judge(message("other", 51)).verdict == "allow"
    assert engine.judge(message("third", 52)).verdict == "block"
    assert not engine.judge(message("now", 200)).late


def test_bad_wire_events_are_refused_and_counted(engine: Engine) -> None:
    with pytest.raises(WireError):
        engine.judge({"id": "x"})
    assert engine.counts == Counts(1, 0, 0, 1, 0)
    refused: list[Quarantined] = []
    bad = {**message("m2", 2), "type": 5}
    decisions = list(engine.run([message("m1", 1), bad, message("m1", 1, text="x"), message("m3", 3)], refused.append))
    assert [one.event for one in decisions] == ["m1", "m3"]
    assert [(one.position, one.event, one.field, one.diagnostic.code) for one in refused] == [
        (2, "m2", "type", "CR803"),
        (3, "m1", None, "CR851"),
    ]
    assert engine.counts == Counts(5, 2, 0, 3, 0)


def test_an_event_that_breaks_the_engine_leaves_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = Engine(EVALUATOR)
    events = stream(300, seed=5, late=False, twice=False)
    match = Evaluator.match
    refused: list[Quarantined] = []

    def breaking(self: Any, event: Event, facts: Any) -> Any:
        answer = match(self, event, facts)
        if event.id.startswith("bad"):
            judge = facts._judging
            tx = judge.work
            tx.put("member", "amy", {"broken": True})
            tx.delete("member", "bob")
            tx.schedule(tx.now + 1, "state", "mood")
            judge.observe(event)
            raise ZeroDivisionError("deep inside")
        return answer

    expected = lines(clean.run(events))
    mixed: list[dict[str, Any]] = []
    for number, event in enumerate(events):
        if number % 3 == 0 and event["type"] == "message":
            mixed.append({**event, "id": f"bad{number}"})
        mixed.append(event)
    monkeypatch.setattr(Evaluator, "match", breaking)
    # An engine asks the evaluator that it was handed.
    engine.swap(EVALUATOR)
    assert lines(engine.run(mixed, refused.append)) == expected
    assert len(refused) == len(mixed) - 300 > 50
    assert {one.diagnostic.code for one in refused} == {"CR852"}
    assert "ZeroDivisionError: deep inside" in refused[0].diagnostic.text("en")
    counts = engine.counts
    assert counts.read == counts.judged + counts.duplicate + counts.quarantined == len(mixed)


def test_a_timer_that_breaks_ends_with_a_decision(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(*_: Any) -> Any:
        raise ZeroDivisionError("deep inside")

    engine.judge(feedback("f1", 0))
    monkeypatch.setattr(Consequences, "handle_timer", breaking)
    (decision,) = [one for one in engine.advance(BASE + HOUR) if one.errors]
    assert isinstance(decision.event, Timer)
    assert decision.errors[0].error == "ZeroDivisionError: deep inside"
    assert list(engine.advance(BASE + HOUR)) == []


def test_timers_come_before_events_at_their_instant(engine: Engine) -> None:
    engine.judge(feedback("f1", 0))
    reply = {**message("r1", 3600, member="eve"), "type": "reply", "target": {"message": "f1"}}
    out = list(engine.run([reply]))
    assert [one.event if isinstance(one.event, str) else one.event.what for one in out] == ["duty", "r1"]
    assert out[0].time == BASE + HOUR
    assert [one.status for one in out[0].duties] == ["late"]


def test_judge_leaves_timer_decisions_to_advance(engine: Engine) -> None:
    engine.judge(feedback("f1", 0))
    engine.judge(message("m1", 7200))
    (late,) = list(engine.advance(START + timedelta(hours=2)))
    assert late.duties[0].status == "late"
    assert list(engine.advance(START + timedelta(hours=2))) == []


def test_what_judge_leaves_comes_out_of_run_before_the_next_event(engine: Engine) -> None:
    engine.judge(feedback("f1", 0))
    engine.judge(message("m1", 7200))
    out = list(engine.run([message("m2", 7201)]))
    assert [one.event if isinstance(one.event, str) else one.event.what for one in out] == ["duty", "m2"]


def test_advance_includes_its_instant_and_orders_by_time(engine: Engine) -> None:
    engine.judge(feedback("f1", 10))
    engine.judge({**feedback("f2", 5), "community": "d"})
    assert list(engine.advance(BASE + HOUR + 5 * SECOND - 1)) == []
    out = list(engine.advance(BASE + HOUR + 10 * SECOND))
    assert [(one.community, one.time) for one in out] == [
        ("d", BASE + HOUR + 5 * SECOND),
        ("c", BASE + HOUR + 10 * SECOND),
    ]


def test_advance_within_run_gives_nothing_twice(engine: Engine) -> None:
    seen: list[Any] = []
    events = [feedback("f1", 0), message("m1", 7200), message("m2", 7201)]
    for decision in engine.run(events):
        seen.append(decision)
        seen.extend(engine.advance(decision.time))
    names = [str(one.event) for one in seen]
    assert len(names) == len(set(names)) == 4


def test_periods_of_years_of_silence(engine: Engine) -> None:
    patrol = {
        "id": "p1",
        "time": at(0),
        "type": "patrol",
        "community": "c",
        "member": {"id": "eve", "roles": ["staff"]},
    }
    engine.judge(patrol)
    out = list(engine.run([message("m1", 3 * 365 * 86_400)]))
    # Every day that began after the first event: the duty opens and, a day on, is late.
    assert sum(one.duties[-1].status == "late" for one in out[:-1] if one.duties) >= 3 * 365 - 2
    times = [one.time for one in out]
    assert times == sorted(times)


def test_a_swap_keeps_unchanged_measures(engine: Engine) -> None:
    engine.judge(message("m1", 0))
    engine.judge(message("m2", 1))
    engine.swap(
        evaluator_of(BUSY.replace('version "1"', 'version "2"').replace("then delete, penalty", "then penalty"))
    )
    third = engine.judge(message("m3", 2))
    assert third.rulebook.version == "2"
    assert [one.do for one in third.outcomes[0].actions][:1] != ["delete"]
    assert third.outcomes[0].rule == "1"


def test_a_bad_swap_changes_nothing(engine: Engine) -> None:
    class Broken:
        rulebook = None

    engine.judge(message("m1", 0))
    with pytest.raises(AttributeError):
        engine.swap(Broken())  # type: ignore[arg-type]
    engine.judge(message("m2", 1))
    assert engine.judge(message("m3", 2)).verdict == "block"


def test_arrival_far_from_the_events_time() -> None:
    arrived = {"m1": BASE, "m2": BASE + 10 * MINUTE, "m3": None, "m4": BASE}
    with Engine(EVALUATOR, skew=5 * MINUTE, arrival=lambda event: arrived[event.id]) as engine:
        engine.judge(message("m1", 0))
        with pytest.raises(EventError) as caught:
            engine.judge(message("m2", 1))
        assert caught.value.diagnostic.code == "CR853"
        said = caught.value.diagnostic.text("en")
        assert "says 2024-10-08T09:00:01+08:00 and arrived at 2024-10-08T09:10:00+08:00" in said
        engine.judge(message("m3", 2))
        with pytest.raises(EventError):
            engine.judge(message("m4", 86_400))
        assert engine.counts == Counts(4, 2, 0, 2, 0)


def test_a_store_that_does_not_answer_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(EVALUATOR, f"sqlite:///{tmp_path}/e.db")
    for number in range(3):
        engine.judge(message(f"m{number}", number))
    engine.close()
    engine = Engine(EVALUATOR, f"sqlite:///{tmp_path}/e.db")
    real = SqliteStore.window

    def silent(*_: Any) -> Any:
        raise StoreError(CANNOT_READ, file="e.db", reason="gone")

    monkeypatch.setattr(SqliteStore, "window", silent)
    with pytest.raises(StoreError):
        engine.judge(message("m3", 3))
    with pytest.raises(StoreError):
        list(engine.run([message("m3", 3)]))
    assert engine.counts == Counts()
    monkeypatch.setattr(SqliteStore, "window", real)
    assert engine.judge(message("m3", 3)).verdict == "block"
    engine.close()


def test_a_failed_commit_is_as_if_nothing_had_been_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = stream(400, seed=9)
    expected = lines(Engine(EVALUATOR).run(events))
    real = SqliteStore.commit
    calls = 0

    def failing(self: Any, batch: Any) -> None:
        nonlocal calls
        calls += 1
        if calls % 3 == 0:
            raise StoreError(CANNOT_WRITE, file="e.db", reason="disk full")
        real(self, batch)

    monkeypatch.setattr(SqliteStore, "commit", failing)
    engine = Engine(EVALUATOR, f"sqlite:///{tmp_path}/e.db", batch=37)
    got: list[bytes] = []
    for _ in range(50):
        got = []
        try:
            for decision in engine.run(events):
                got += lines([decision])
        except StoreError:
            counts = engine.counts
            assert counts.read == counts.judged + counts.duplicate + counts.quarantined
            # As after a restart: the same events are given again from the beginning.
            engine.close()
            engine = Engine(EVALUATOR, f"sqlite:///{tmp_path}/e.db", batch=37)
            continue
        break
    assert got == expected
    assert calls > 10


def test_a_closed_engine_says_so(engine: Engine) -> None:
    engine.close()
    engine.close()
    for use in (lambda: engine.judge(message("m", 1)), lambda: list(engine.run([])), lambda: list(engine.advance(1))):
        with pytest.raises(StoreError) as caught:
            use()
        assert caught.value.diagnostic.code == "CR759"


def test_a_restarted_bot_gets_what_nobody_got(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    with Engine(EVALUATOR, url) as engine:
        engine.judge(feedback("f1", 0))
        engine.judge(message("m1", 7200))
    with Engine(EVALUATOR, url) as engine:
        # The last event comes again, as hosts do after a restart.
        engine.judge(message("m1", 7200))
        (late,) = list(engine.advance(BASE + 2 * HOUR))
        assert late.duties[0].status == "late"
    with Engine(EVALUATOR, url) as engine:
        assert list(engine.advance(BASE + 2 * HOUR)) == []
        out = list(engine.advance(BASE + 3 * DAY))
        assert all(one.time > BASE + 2 * HOUR for one in out)


def test_the_log_is_in_order(engine: Engine) -> None:
    events = stream(200, seed=3, twice=False)
    out = lines(engine.run(events))
    assert lines(engine.log()) == out


def test_datetime_and_microseconds(engine: Engine) -> None:
    assert list(engine.advance(datetime.fromisoformat("2024-10-08T00:00:00+00:00"))) == []
