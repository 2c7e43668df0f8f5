"""What functions and detectors of the library, states and conditions of several rules say tells rules apart, and never
otherwise than asking one rule after another."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from msgspec import structs

from communityrules import loads
from communityrules.checker.checked import Rulebook
from communityrules.compiler import outcome, sieve, sifted, telling
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.facts import GivenFacts
from communityrules.compiler.index import MANY
from communityrules.diagnostics.message import RulesError
from communityrules.library.declare import Library
from communityrules.library.table import STANDARD
from communityrules.model.event import Event, Member, Message
from communityrules.model.values import HOUR

HEAD = """rulebook "Natural"
  timezone Asia/Shanghai

member (level: number, city: text, birthday: date)
group regulars as member.tenure > 30 days and member.points > 5
list sites exactly = "bad.example", "evil.test"
list words exactly anywhere = "gift", "casino"
pattern order_number = /[A-Z]{2}[0-9]{4}/
define advertising as message.text contains any of words or message.links contains any of sites
define doubtful as at least 2 of (member.tenure < 5 days, message.links is not empty, message.text matches order_number)
define loud as capital_share(message.text) > 0.5
define busy as count(message by member today) > 3
state raid = calm, high
"""
ODD = [
    "size(message.links) >= {a}",
    "size(message.links) is {a}",
    "size(message.mentions) > {a}",
    "size(member.roles) > {a}",
    "link_count(message.text) > {a}",
    "mention_count(message.text) is one of ({a}, 3)",
    "length(message.text) < {c}",
    "weekday_of(event.time) is {d}",
    "weekday_of(event.time) is one of ({d}, 6)",
    "hour_of(event.time) between {d} and {c}",
    "date_of(event.time) >= 2026-09-2{d}",
    "month_of(event.time) is not {d}",
    "day_of(event.time) outside {d} to {c}",
    "anniversary(member.birthday, event.time) >= {a}",
    "days(member.tenure) < {c}",
    "hours(member.tenure) is {c}",
    "sample(event.id) < {c}%",
    "digit_share(message.text) > 0.{d}",
    "longest_run(message.text) >= {d}",
    "line_count(message.text) > {a}",
    'lower(message.text) is "gift {a}"',
    "message.length - {a} > {c}",
    "message.length + size(message.links) > {c}",
    "message.text contains phone_number",
    "message.text contains any of (phone_number, email, link)",
    'message.text contains any of (phone_number, "gift")',
    "message.text contains all of (link, email)",
    "not message.text contains money_amount",
    "message.text starts with link",
    'member.city contains "Ber{a}"',
    "member.city contains phone_number",
    "message.links contains any of sites",
    "not message.links contains any of sites",
    "message.links contains link",
    'message.mentions has all of ("bob", "amy")',
    "advertising",
    "not advertising",
    "doubtful",
    "not doubtful",
    "loud",
    "not (loud or doubtful)",
    "regulars",
    "busy",
    "not busy",
    "(message.length > {c} or member.tenure < {a} days)",
    "not (message.length > {c} and member.tenure < {d} days)",
    'member.roles has all of ("guest", "r{a}")',
    "raid is high",
    "raid is not high",
    "count(message by member today) > {a}",
    "count(message by member today) / count(message today) > 0.{d}",
    "since(message by member) < {d} seconds",
    "sequence(join, message by member within 10 minutes)",
    "count(message by member today) + message.length > {c}",
    "tally(3 if message.links is not empty, 1 if loud) >= {a}",
]
PLAIN = [
    "member.level is {d}",
    "member.level > {a}",
    'message.text contains any of ("gift", "x{d}")',
    "message.length > {c}",
    'message.text exactly contains "casino"',
    'event.channel is "room{a}"',
]
TEXTS = [
    "hello there. See you",
    "大家好，明天见",
    "gift 1",
    "GIFT",
    "see https://bad.example/a",
    "see foo.com and bar.org",
    "@bob @amy hi",
    "call 13812345678",
    "mail a@b.example",
    "¥500",
    "AB1234",
    "AAAAAAA",
    "123456789",
    "a\nb\nc\nd",
    "casino x3",
    "",
]


def _rulebook(draw: random.Random, rules: int) -> Rulebook:
    made = []
    for number in range(rules):
        said = [draw.choice(ODD), draw.choice(PLAIN if draw.random() < 0.7 else ODD)][: draw.choice((1, 2, 2))]
        if draw.random() < 0.3:
            said.reverse()
        values = {"a": draw.randint(1, 3), "c": draw.randint(5, 20), "d": draw.randint(1, 6)}
        condition = draw.choice((" and ", " and ", " or ")).join(dict.fromkeys(one.format(**values) for one in said))
        made.append(f"rule {number}\n  must not\n  on message\n  if {condition}\n  then flag\n")
    # Some of what is drawn contradicts itself.
    while True:
        text = HEAD + "\n".join(made)
        try:
            return loads(text).checked
        except RulesError as refused:
            lines = text.splitlines()
            wrong = {lines[: one.span.line].count("  must not") - 1 for one in refused.diagnostics}
            if -1 in wrong:
                raise
            made = [one for number, one in enumerate(made) if number not in wrong]


def _event(draw: random.Random, number: int) -> Event:
    at = 1_790_000_000_000_000 + number * 7 * HOUR
    fields = {
        "level": draw.randint(0, 7),
        "city": draw.choice(("Ber1", "Rome")),
        "birthday": date(1990, 9, draw.randint(20, 28)),
    }
    joined = draw.choice((None, at - draw.randint(0, 40) * 24 * HOUR, at - draw.randint(0, 9) * HOUR))
    roles = tuple(draw.sample(("guest", "r1", "r2"), draw.randint(0, 3)))
    who = Member("amy", roles, joined, fields=fields, points=draw.randint(0, 9))
    text = " ".join(draw.sample(TEXTS, draw.randint(1, 3)))
    said = Message(f"m{number}", text) if draw.random() < 0.95 else None
    channel = draw.choice(("room1", "room2", None))
    return Event(f"e{number}", at, "message", "c", member=who, subject=who, message=said, channel=channel)


def _spoilt(draw: random.Random, event: Event) -> Event:
    """With something in it that no host sends."""
    who, said = event.member, event.message
    assert who is not None
    kind = draw.randint(0, 3)
    if kind == 0:
        return structs.replace(event, time=draw.choice((10**30, -(10**30), 2**62, -62_135_596_800_000_001)))
    if kind == 1 and said is not None:
        return structs.replace(event, message=structs.replace(said, text=draw.choice((b"gift", None))))
    if kind == 2:
        who = structs.replace(who, roles=draw.choice((["guest"], (5,), None)))
    else:
        who = structs.replace(who, fields={"level": 3, "city": draw.choice((5, b"Ber1")), "birthday": "1990"})
    return structs.replace(event, member=who, subject=who)


@dataclass(frozen=True)
class _Facts(GivenFacts):
    """Facts that change with every event, some of which nobody can tell."""

    seed: int = 0
    failing: bool = False

    def aggregate(self, index: int, key: tuple[Any, ...]) -> Any:
        draw = random.Random(f"{self.seed} {index} {key}")
        if self.failing and draw.random() < 0.2:
            raise RuntimeError("not known")
        return draw.choice((None, True, False)) if index in self.aggregates else draw.choice((None, 0, 1, 4, 9))

    def state(self, name: str) -> str:
        if self.failing and self.seed % 3 == 0:
            raise RuntimeError("not known")
        return "high" if name == "raid" and self.seed % 2 else "calm"


def _facts(book: Rulebook, seed: int) -> _Facts:
    sequences: Any = {index: True for index, one in enumerate(book.aggregates) if one.function == "sequence"}
    return _Facts(aggregates=sequences, seed=seed, failing=seed % 4 == 0)


def _without_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sieve, sifted, telling, outcome):
        monkeypatch.setattr(module, "native", lambda _: None)


@pytest.mark.parametrize("kernel", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_the_same_answers(seed: int, kernel: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not kernel:
        _without_kernel(monkeypatch)
    draw = random.Random(seed)
    book = _rulebook(draw, 160)
    evaluators = [Evaluator(book, STANDARD, indexed=wanted) for wanted in (False, True, None)]
    hits, failures = 0, 0
    for number in range(150):
        event = _event(draw, number)
        if draw.random() < 0.2:
            event = _spoilt(draw, event)
        facts = _facts(book, number)
        wanted, *given = (one.match(event, facts) for one in evaluators)
        assert given == [wanted, wanted], event
        hits += len(wanted.hits)
        failures += len(wanted.errors)
    assert hits > 1_000
    assert failures > 100


def _book(*conditions: str) -> Rulebook:
    rules = "".join(
        f"rule {number}\n  must not\n  on message\n  if {condition}\n  then flag\n\n"
        for number, condition in enumerate(conditions)
    )
    return loads(f"{HEAD}\n{rules}").checked


def _counted(library: Library, name: str, asked: list[str]) -> Library:
    """With a detector of the library that takes note of what it looks through."""
    detector = library.detectors[name]

    def find(text: str) -> Any:
        asked.append(text)
        return detector.find(text)

    return replace(library, detectors={**library.detectors, name: replace(detector, find=find)})


EVENT = Event(
    "e", 1_790_000_000_000_000, "message", "c", member=Member("amy"), message=Message("m", "call 13812345678")
)


def test_a_detector_of_the_host_is_asked_by_each_rule_as_it_comes() -> None:
    asked: list[str] = []
    book = _book(*(f"message.text contains phone_number and member.level is {number}" for number in range(3 * MANY)))
    evaluator = Evaluator(book, _counted(STANDARD, "phone_number", asked))
    assert not evaluator.match(EVENT, GivenFacts()).hits
    assert len(asked) == 3 * MANY


@pytest.mark.parametrize("kernel", [True, False])
def test_what_the_library_works_out_is_worked_out_where_it_makes_a_difference(
    kernel: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that is left and asks something else has no detector asked."""
    if not kernel:
        _without_kernel(monkeypatch)
    asked: list[str] = []
    # As the library's own.
    counted = _counted(STANDARD, "phone_number", asked)
    monkeypatch.setattr("communityrules.compiler.total.DETECTORS", counted.detectors)
    other = 'event.channel is "room1"'
    book = _book(
        *(f'message.text contains phone_number and event.channel is "room{2 + number % 5}"' for number in range(40)),
        other,
    )
    evaluator = Evaluator(book, counted)
    for channel, wanted, looked in (
        ("room1", ["40"], 0),
        ("room9", [], 0),
        ("room3", [str(1 + 5 * at) for at in range(8)], 1),
    ):
        del asked[:]
        found = evaluator.match(structs.replace(EVENT, channel=channel), GivenFacts())
        assert [hit.rule.id for hit in found.hits] == wanted
        # Evidence says where, once for each rule.
        assert len(asked) == looked + len(wanted if looked else ()), channel


@pytest.mark.parametrize("kernel", [True, False])
def test_a_state_is_asked_where_a_rule_would_ask(kernel: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not kernel:
        _without_kernel(monkeypatch)
    asked: list[str] = []

    class Facts(GivenFacts):
        def state(self, name: str) -> str:
            asked.append(name)
            return "calm"

    book = _book(*(f"member.level is {number} and raid is high" for number in range(20)))
    evaluator = Evaluator(book, STANDARD)
    for level, times in ((5, 1), (50, 0)):
        del asked[:]
        who = Member("amy", fields={"level": level})
        assert not evaluator.match(structs.replace(EVENT, member=who, subject=who), Facts()).hits
        assert len(asked) == times


def test_an_instant_that_no_clock_shows_is_told_whatever_comes_behind() -> None:
    conditions: list[Callable[[int], str]] = [
        lambda number: f"weekday_of(event.time) is {1 + number % 7} and member.level is {number}",
        lambda number: f"event.time outside 0{number % 9}:00 to 22:00 and member.level is {number}",
    ]
    for condition in conditions:
        for rules in (2, 20):
            book = _book(*map(condition, range(rules)))
            event = structs.replace(EVENT, time=10**30)
            wanted, *given = (
                Evaluator(book, STANDARD, indexed=one).match(event, GivenFacts()) for one in (False, True, None)
            )
            assert given == [wanted, wanted]
            assert len(wanted.errors) == rules


def test_more_values_than_a_table_keeps_masks_for_are_told_apart() -> None:
    """Each of very many numbers and names leaves its own rule, and none beside."""
    levels = 1_500
    book = _book(
        *(f"member.level is {number}" for number in range(levels)),
        *(f'event.channel is "room{number}"' for number in range(levels)),
    )
    judge = Evaluator(book, STANDARD)._judges["message"]
    assert judge.possible is not None
    for number in (0, 1, 255, 256, 777, levels - 1):
        who = Member("amy", fields={"level": number})
        event = structs.replace(EVENT, member=who, subject=who, channel=f"room{number}")
        possible = judge.possible(event, GivenFacts())
        assert possible is not None
        assert [one if one >= 0 else ~one for one in possible[0]] == [number, levels + number]
