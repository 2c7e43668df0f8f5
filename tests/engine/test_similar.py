"""`similar` against a naive answer from the whole history, in memory and in a store."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring import PARAMETERS, UNIT_OF, Bench, Seen, aggregate, plan, seconds

from communityrules import Engine, event_from_wire, loads
from communityrules.checker.checked import CalendarWindow, SlidingWindow
from communityrules.engine import history, similar
from communityrules.engine.spans import span_of
from communityrules.library.likeness import alike, sketch
from communityrules.model.values import HOUR, MINUTE, SECOND, instant
from communityrules.stores.sqlite import SqliteStore

START = instant(datetime(2024, 3, 10, 3, tzinfo=UTC))
ADVERT = "Earn {}$ a day from home! Contact me on Telegram @cash{} now, places are few"
TEXTS = (
    ADVERT.format(5, 1), ADVERT.format(70, 22), ADVERT.format("9.50", "x9").upper(),
    "Anna says: " + ADVERT.format(1, 2), "ok", "OK", "thanks", "how do I reset my password?",
    "how do I reset my router?", "有手机就能做的兼职,日结,加微信 abc123", "有手机就能做的兼职,日结!加 微 信 xyz999",
)  # fmt: skip
MEASURES = (
    aggregate("similar", SlidingWindow(10 * SECOND)),
    aggregate("similar", SlidingWindow(3 * HOUR), limit=3),
    aggregate("similar", CalendarWindow("day")),
)
GAPS = st.sampled_from([0, 1, seconds(3), seconds(10), seconds(11), MINUTE, 20 * MINUTE, 2 * HOUR, 9 * HOUR])
LATE = st.sampled_from([0, 0, 0, 0, seconds(1), seconds(10), seconds(40), MINUTE])
STEPS = st.lists(
    st.tuples(GAPS, LATE, st.sampled_from("ab"), st.integers(0, len(TEXTS) - 1), st.integers(0, 9)), max_size=50
)


def told(answer: Any) -> tuple[int, str | None, bool]:
    return int(answer), answer.like, answer.at_least


def naive(
    one: Any, past: list[Seen], key: str, text: str, time: int, judged: Seen | None
) -> tuple[int, str | None, bool]:
    first = span_of(one.window, UNIT_OF, PARAMETERS).start(time)
    inside = sorted(
        (seen for seen in past if seen.key == key and first <= seen.time <= time), key=lambda seen: seen.time
    )
    like = [seen for seen in inside if alike(sketch(seen.value[0]), sketch(text))]
    number = len(like) if one.limit is None else min(len(like), one.limit + 1)
    return number, next((seen.value[1] for seen in reversed(like) if seen is not judged), None), False


def walk(bench: Bench, steps: list[Any], store: bool) -> None:
    past: list[Seen] = []
    clock = START
    for number, (gap, late, key, text, luck) in enumerate(steps):
        clock += gap
        seen = Seen(clock - late, "message", key, (TEXTS[text], f"m{number}"))
        if luck == 0:
            # An event that is taken back leaves nothing behind.
            bench.begin(Seen(seen.time + HOUR, "message", key, (TEXTS[0], "gone")))
            bench.begin(Seen(seen.time, "message", key, (TEXTS[text], "gone too")))
            bench.roll_back()
            bench.windows.home.clock = bench.before = max((one.time for one in past), default=0)
        bench.begin(seen)
        past.append(seen)
        for at, one in enumerate(MEASURES):
            for who in "ab":
                for said in (TEXTS[text], TEXTS[0]):
                    got = bench.windows.answer(at, (who, said), seen.time, False)
                    assert told(got) == naive(one, past, who, said, seen.time, seen if who == key else None)
        bench.settle()
        if store and luck in (1, 2, 3):
            bench.commit(reopen=luck == 1)


@given(STEPS)
@settings(max_examples=100, deadline=None)
def test_it_equals_the_naive_answer(steps: list[Any]) -> None:
    walk(Bench(plan(*MEASURES)), steps, store=False)


@given(STEPS)
@settings(max_examples=40, deadline=None)
def test_it_equals_the_naive_answer_in_a_store(tmp_path_factory: pytest.TempPathFactory, steps: list[Any]) -> None:
    store = SqliteStore(str(tmp_path_factory.mktemp("similar") / "w.db"))
    try:
        walk(Bench(plan(*MEASURES), store), steps, store=True)
    finally:
        store.close()


@pytest.mark.parametrize("stored", [False, True])
def test_a_busy_key_is_bounded_and_says_so(stored: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more texts than are compared, the newest are; evidence then tells `at_least`."""
    monkeypatch.setattr(similar, "COMPARED", 20)
    monkeypatch.setattr(similar, "KEPT", 10)
    monkeypatch.setattr(history, "PIECE", 8)
    store = SqliteStore(str(tmp_path / "w.db")) if stored else None
    bench = Bench(plan(aggregate("similar", SlidingWindow(3 * HOUR))), store)
    luck = random.Random(5)
    past: list[Seen] = []
    most = 0
    for number in range(600):
        late = luck.choice([0, 0, 0, 0, 5 * SECOND])
        seen = Seen(START + number * 10 * SECOND - late, "message", "a", (luck.choice(TEXTS), f"m{number}"))
        bench.begin(seen)
        past.append(seen)
        upto = sorted((one for one in past if one.time <= seen.time), key=lambda one: one.time)
        like = [one for one in upto[-20:] if alike(sketch(one.value[0]), sketch(seen.value[0]))]
        got = bench.windows.answer(0, ("a", seen.value[0]), seen.time, False)
        before = [one.value[1] for one in like if one is not seen]
        assert told(got) == (len(like), before[-1] if before else None, len(upto) > 20)
        bench.settle()
        (cell,) = bench.windows.measures[0].cells.values()
        most = max(most, len(cell.stamps))
        assert sum(cell.known.values()) == len(cell.notes)
        if stored and luck.random() < 0.1:
            bench.commit(reopen=luck.random() < 0.5)
    assert most <= 20 + 10 + 8 + 16
    if store is not None:
        store.close()


def test_an_event_older_than_anything_kept_is_like_itself() -> None:
    bench = Bench(plan(MEASURES[0]))
    bench.begin(Seen(START + 30 * HOUR, "message", "a", ("hello there", "m1")))
    bench.settle()
    bench.begin(Seen(START, "message", "a", ("ok", "m2")))
    assert told(bench.windows.answer(0, ("a", "ok"), START, False)) == (1, None, False)
    assert told(bench.windows.answer(0, ("a", "thanks"), START, False)) == (0, None, False)


def test_beside_another_count_it_is_a_plain_number() -> None:
    text = 'rulebook "B"\n  timezone UTC\nrule 1\n  must not\n  on message\n  if {}\n  then delete\n'
    book = loads(text.format("similar(message within 1 hour) * 2 > count(message within 1 hour)"))
    with Engine(book) as engine:
        decision = engine.judge(event_from_wire(message("m1", "amy", 1, "hello there"), book.events))
    evidence = decision.outcomes[0].evidence
    assert evidence
    for one in evidence:
        assert {type(value) for value in one.values()} <= {str, int}


BOOK = """
rulebook "Adverts"
timezone Asia/Shanghai
rule 1 "No repetition"
  must not
  on message
  if similar(message by member within 10 minutes) >= 3
  then delete
rule 2 "No campaigns"
  must not
  on message
  if similar(message.text within 1 hour where message.length >= 15) > 4
  then hold for staff
rule 3 "Names of raiders"
  must
  on join
  if similar(join.member.name within 1 hour) >= 3
  then notify staff
rule 4 "Reported adverts"
  must
  on report
  if similar(message by event.place within 1 day) >= 2
  then delete
"""


def message(id_: str, who: str, second: int, text: str) -> dict[str, Any]:
    time = f"2024-10-08T09:{second // 60:02d}:{second % 60:02d}+08:00"
    about = {"id": id_, "text": text}
    return {
        "id": id_, "time": time, "type": "message", "community": "c", "place": "general", "member": {"id": who},
        "message": about,
    }  # fmt: skip


def test_rules_see_repetition_through_small_changes(tmp_path: Path) -> None:
    book = loads(BOOK)
    events = [message(f"m{at}", "bob", at * 20, ADVERT.format(at, at * 7)) for at in range(5)]
    events[3:3] = [
        message("n1", "amy", 61, "ok"),
        message("n2", "amy", 62, "ok then"),
        message("n3", "cy", 63, "thanks"),
    ]
    events += [message(f"x{at}", f"cy{at}", 200 + at, ADVERT.format(at, at * 7)) for at in range(2)]
    for at, name in enumerate(("Official Support Team 01", "official  support_team", "OFFICIAL SUPPORT TEAM №5")):
        events.append(
            {"id": f"j{at}", "time": f"2024-10-08T09:05:0{at}+08:00", "type": "join", "community": "c",
             "member": {"id": f"r{at}", "name": name}}
        )  # fmt: skip
    events.append(
        {"id": "r", "time": "2024-10-08T09:10:00+08:00", "type": "report", "community": "c", "place": "general",
         "member": {"id": "zoe"}, "target": {"message": "m4", "member": "bob"},
         "message": {"id": "m4", "text": ADVERT.format(4, 28)}}
    )  # fmt: skip
    logs = []
    for url in ("memory:", f"sqlite:///{tmp_path / 'a.db'}"):
        with Engine(book, url) as engine:
            logs.append([engine.judge(event_from_wire(one, book.events)) for one in events])
    assert logs[0] == logs[1]
    by_id = {one.event: {o.rule: o.evidence for o in one.outcomes} for one in logs[0]}
    what = "similar(message by member within 10 minutes)"
    assert by_id["m1"] == {}
    assert by_id["m2"] == {
        "1": ({"kind": "count", "what": what, "value": 3, "limit": 3, "at_least": True, "like": "m1"},)
    }
    assert by_id["n2"] == by_id["n3"] == {}
    assert list(by_id["x0"]) == ["2"]
    assert by_id["x0"]["2"][0]["like"] == "m4"
    assert [list(by_id[one]) for one in ("j0", "j1", "j2")] == [[], [], ["3"]]
    assert by_id["r"]["4"][0]["like"] == "x1"
