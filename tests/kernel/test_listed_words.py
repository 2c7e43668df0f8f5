"""Where a plain text holds a word of an ordinary list as it is written, the kernel finds and tells what Python does."""

from __future__ import annotations

import json
import random

import pytest

from communityrules import loads
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.facts import GivenFacts
from communityrules.compiler.rules import Judge
from communityrules.kernel import native
from communityrules.library.table import STANDARD
from communityrules.model.event import Event, Member, Message

pytestmark = pytest.mark.skipif(native("sifting") is None, reason="the kernel was not built")

WORDS = (
    "加微信", "兼职", "兼职日结", "刷单", "贷款", "办证", "微商", "木林", "spam", "spamm", "casino", "fall", "fail",
    "lol", "free gift", "hello", "vx", "food", "f00d", "赚钱", "赚錢", "aa", "b", "口", "SALE", "naïve", "x9",
    "qq群", "c++", "sale", "lottery", "ottery", "casin", "日结", "兼", "ill",
)  # fmt: skip
PIECES = (
    *WORDS, *WORDS, " ", " ", " ", "  ", "，", "!", ".", "-", "a", "s", "o", "1", "日", "说", "of", "S", "I", "|",
    "\u200b", "\u0301", "p a", "ca sino", "兼 职", "兼兼职", "casiino", "ccasino", "sp@m", "贷贷款款", "力口微信",
    "木木", "😀", "É", "錢",
)  # fmt: skip


def _rules(draw: random.Random) -> str:
    how = ("", "", "", " anywhere", " whole words", " exactly", " exactly anywhere")
    lists, rules = [], []
    for number in range(draw.randrange(2, 9)):
        words = ", ".join(json.dumps(word, ensure_ascii=False) for word in draw.sample(WORDS, draw.randrange(1, 9)))
        lists.append(f"list w{number}{draw.choice(how)} = {words}\n")
        also = draw.choice(("", "", "", " and member.rank >= 2", " or member.rank is 1"))
        asked = draw.choice((f"message.text contains any of w{number}", f"message.text contains w{number}"))
        if draw.random() < 0.1:
            asked = f"message.text contains any of (w{number}, w{draw.randrange(number + 1)})"
        rules.append(f"rule {number}\n  must not\n  on message\n  if {asked}{also}\n  then flag\n")
    rules += [f"rule n{at}\n  must not\n  on message\n  if member.rank is {at + 50}\n  then flag\n" for at in range(12)]
    return 'rulebook "Lists"\n\nmember (rank: number)\n\n' + "".join(lists) + "\n" + "\n".join(rules)


@pytest.mark.parametrize("shard", range(8))
def test_the_same_is_found_and_told(shard: int) -> None:
    draw = random.Random(shard)
    facts, hits = GivenFacts(), 0
    for _ in range(10):
        checked = loads(_rules(draw)).evaluator.rulebook
        quick, slow = (Evaluator(checked, STANDARD, indexed=indexed) for indexed in (True, False))
        for number in range(70):
            text = "".join(draw.choices(PIECES, k=draw.randrange(1, 7)))
            if draw.random() < 0.05:
                text += " and so on" * draw.choice((20, 60))
            who = Member("amy", fields={"rank": draw.randrange(4)})
            event = Event(f"e{number}", 1_780_000_000_000_000 + number, "message", "c", who, Message("m", text))
            found, wanted = quick.match(event, facts), slow.match(event, facts)
            assert repr(found) == repr(wanted), text
            hits += len(found.hits)
    assert hits > 500


def _asked(monkeypatch: pytest.MonkeyPatch, rules: str, *texts: str) -> list[int]:
    """How many rules are asked in Python of each text, all rules having been asked once."""
    evaluator = loads(rules).evaluator
    facts, asked = GivenFacts(), [0]

    def judge(text: str) -> None:
        evaluator.match(Event("e", 1_780_000_000_000_000, "message", "c", Member("amy"), Message("m", text)), facts)

    ask = Judge.ask

    def counted(self: Judge, event: Event, facts: GivenFacts, places: list[int], slots: list[object]) -> object:
        asked[0] += len(places)
        return ask(self, event, facts, places, slots)

    judge(texts[0])
    monkeypatch.setattr(Judge, "ask", counted)
    told = []
    for text in texts:
        asked[0] = 0
        judge(text)
        told.append(asked[0])
    return told


RULES = """rulebook "Asked"

list bad = "casino", "兼职", "refund"

""" + "\n".join(
    f"rule {one}\n  must not\n  on message\n  if {what}\n  then flag\n"
    for one, what in enumerate(
        ["message.text contains any of bad", *(f"message.length is {4000 + n}" for n in range(12))]
    )
)


def test_python_is_asked_of_what_is_disguised_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "the casino, of course",
        "找兼职的来",
        "no re fund here",
        "the ca sino",
        "casino and casino",
        "Casino",
        "casinoo",
        "xcasino",
        "no",
    ]
    assert _asked(monkeypatch, RULES, *texts) == [0, 0, 1, 1, 1, 1, 1, 0, 0]


def test_a_letter_that_stands_twice_only_across_words_is_no_disguise(monkeypatch: pytest.MonkeyPatch) -> None:
    # Letters of other words touch both ends.
    assert _asked(monkeypatch, RULES, "the casino", "sonic casinoo", "cc asinot", "logic casinos", "xcasinox") == [
        0,
        1,
        0,
        0,
        0,
    ]
