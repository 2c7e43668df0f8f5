"""With an index, a rulebook of many rules gives the same answers as one rule after another."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from communityrules import loads
from communityrules.checker.checked import Compare, Const, FieldRef, FunctionCall, Logic, OneOf, Rulebook
from communityrules.compiler.evaluator import Evaluator
from communityrules.compiler.facts import GivenFacts
from communityrules.compiler.masks import MOST, Named, Ordered, alike, between_numbers, bits_of, mask_of
from communityrules.compiler.sieve import Sieve
from communityrules.compiler.splits import Split
from communityrules.compiler.texts import seeing
from communityrules.diagnostics.message import RulesError
from communityrules.library.disguise import tables
from communityrules.library.fold import fold
from communityrules.library.matching import Needed, WordMatcher
from communityrules.library.table import STANDARD
from communityrules.model.event import Event, Member, Message
from communityrules.model.values import HOUR, INSTANT, NUMBER, TEXT, TIME_OF_DAY

#: Whatever value a table is of.
NOW = FieldRef("event", "time", INSTANT)
WORDS = [
    "加微信",
    "兼职",
    "刷单",
    "casino",
    "free gift",
    "password",
    "ass",
    "$ale",
    "返利",
    "vip",
    "代购",
    "t.me",
    "赌",
]
OTHERS = ["FREE", "free", "ß", "SS", "c++", "C++", "İx", "é", "é", "cáfe", "a​b", "ＶＸ", "vx", "家薇新", "㎏", "kg"]
CONDITIONS = [
    'event.channel is "room{a}"',
    'event.channel is not "room{a}"',
    'member.rank is one of ("low{a}", "Mid{b}")',
    'member.rank is not one of ("low{a}", "top")',
    "member.age < {a}",
    "member.age >= {a}.5",
    "not member.age > {b}",
    "member.age between {a} and {c}",
    "(member.age < {a} or member.age is {b})",
    "member.age is empty",
    "member.proven",
    "not member.proven",
    "event.time between 0{a}:00 and 1{b}:30",
    "event.time outside 2{e}:00 to 0{a}:15",
    'message.text contains "{w}"',
    'message.text contains any of ("{w}", "{v}")',
    'message.text contains all of ("{w}", "{v}")',
    "message.text contains list{d}",
    'message.text exactly contains "{w}"',
    'message.text starts with "{w}"',
    'message.text is "{w}"',
    "message.text matches /{p}{a}/",
    "message.text matches /[a-c]{{2}}{a}|{p}/",
    '(message.text contains "{w}" or message.text contains list{d})',
    'at least 1 of (message.text contains "{w}", message.text contains "{v}")',
    "message.length > {c}",
    "noisy",
    "not noisy",
    'count(message by member today where message.text contains "{w}") >= 1',
    "regulars",
    "not regulars",
    "message.text contains phone_number or member.age is {a}",
    "message.links is not empty",
    "message.text is empty",
    "member.rank is not empty",
    'member.roles has any of ("helper{a}", "Vip{e}")',
    'not member.roles has any of ("helper{a}", "moderator")',
    'member.roles has any of ("moderator", "VIP{e}") and not member.roles has any of ("helper{a}")',
    "member.roles has any of (list1, list3)",
    "member.roles is empty",
]
HEAD = """rulebook "Many"
  timezone Asia/Shanghai

member (rank: text, age: number, proven: boolean)

group regulars as member.age > 3 and not member.rank is "top"
define noisy as message.text contains "casino" or message.text contains "刷单"
place room1 = "room1"
place room2 = "room2"
place room3 = "room3"
place room4 = "room4"
list list0 = "兼职", "vx", "laptop"
list list1 exactly = "VIP", "加微信"
list list2 whole words = "张三", "gift"
list list3 anywhere = "ass", "$ale"
list list4 without case = "FREE", "ß", "c++", "İx"
list list5 without marks without invisible = "é", "cáfe", "a​b"
list list6 without width seeing homophones = "ＶＸ", "加微信", "㎏"
"""


def _condition(draw: random.Random) -> str:
    word, other = draw.sample(WORDS, 2)
    return draw.choice(CONDITIONS).format(
        a=draw.randint(1, 9),
        b=draw.randint(0, 9),
        c=draw.randint(10, 60),
        d=draw.randint(0, 6),
        e=draw.randint(0, 3),
        w=word,
        v=other,
        p=draw.choice(["微信", "vx", "qq", "https?:"]),
    )


def _rulebook(draw: random.Random, rules: int) -> list[str]:
    made = [HEAD]
    for number in range(rules):
        lines = [f"rule {number + 1}", "  must not"]
        if draw.random() < 0.2:
            lines.append(f"  applies to {draw.choice(['regulars', 'staff', 'everyone except regulars'])}")
        if draw.random() < 0.2:
            lines.append(f"  in {draw.choice(['room1', 'room2, room3', 'room4'])}")
        if draw.random() < 0.2:
            lines.append(f"  effective from 2026-0{draw.randint(1, 9)}-01")
        conditions = dict.fromkeys(_condition(draw) for _ in range(draw.randint(1, 3)))
        joint = draw.choice([" and ", " and ", " or "])
        lines += ["  on message", f"  if {joint.join(conditions)}", "  then flag", ""]
        made.append("\n".join(lines))
    return made


def _checked(parts: list[str]) -> Rulebook:
    """Without the rules that contradict themselves, which no rulebook may hold."""
    while True:
        text = "\n".join(parts)
        try:
            return loads(text).checked
        except RulesError as refused:
            lines = text.splitlines()
            wrong = {
                lines[: one.span.line].count("  must not")
                for one in refused.diagnostics
                if one.code in ("CR501", "CR502")
            }
            if not wrong:
                raise
            parts = [part for number, part in enumerate(parts) if number not in wrong]


def _text(draw: random.Random) -> str:
    plain = ["今天 天气 不错 ", "hello class ", "look at this ", "我们 开会 ", "q q 1 ", "see https://x.example/a ", ""]
    found = "".join(draw.choice(plain) for _ in range(draw.randint(0, 4)))
    if draw.random() < 0.7:
        word = draw.choice([*WORDS, "张三", "laptop", "微信5", "qq7", "VIP", "13800138000", *OTHERS])
        disguise = draw.randint(0, 6)
        if disguise == 1:
            word = " ".join(word)
        elif disguise == 2:
            word = word.upper()
        elif disguise == 3:
            word = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in word)
        elif disguise == 4:
            word = "".join(one * draw.randint(1, 3) for one in word)
        elif disguise == 5:
            word = word.replace("s", "$").replace("i", "1").replace("o", "0")
        elif disguise == 6:
            word = "\u200b".join(word)
        found += word + draw.choice(["", " ", "!", "\u1100\u1161", "\ud800"])
    return found


def _event(draw: random.Random, number: int) -> Event:
    fields: dict[str, str | int | Decimal | bool] = {}
    if draw.random() < 0.9:
        fields["rank"] = draw.choice(["low3", "LOW4", "Mid2", "top", "other"])
    if draw.random() < 0.9:
        fields["age"] = draw.choice([draw.randint(0, 70), Decimal("4.5"), 10**30])
    if draw.random() < 0.5:
        fields["proven"] = draw.random() < 0.5
    roles = ["moderator", "helper3", "Helper4", "vip1", "VIP", "ass"]
    who = Member("amy", tuple(draw.sample(roles, draw.choice([0, 0, 1, 1, 2]))), fields=fields)
    text = _text(draw) if draw.random() < 0.95 else None
    return Event(
        f"e{number}",
        1_790_000_000_000_000 + number * 5 * HOUR,
        "message",
        "c",
        member=who,
        subject=who,
        message=None if text is None else Message(f"m{number}", text),
        channel=draw.choice([None, "room1", "room2", "room5"]),
        place=draw.choice([None, "room3", "room4"]),
    )


@pytest.mark.parametrize("seed", range(6))
def test_the_same_answers(seed: int) -> None:
    draw = random.Random(seed)
    book = _checked(_rulebook(draw, 150))
    indexed, plain = (Evaluator(book, STANDARD, indexed=wanted) for wanted in (True, False))
    facts = GivenFacts()
    hits = 0
    for number in range(150):
        event = _event(draw, number)
        given, wanted = indexed.match(event, facts), plain.match(event, facts)
        assert given == wanted, event
        hits += len(given.hits)
    assert hits > 1_000


def test_many_rules_have_an_index_by_themselves() -> None:
    rules = "".join(
        f'rule {one}\n  must not\n  on message\n  if message.text contains "word{one}x"\n  then flag\n\n'
        for one in range(40)
    )
    book = loads(f'rulebook "Forty"\n\n{rules}').checked
    judge = Evaluator(book, STANDARD)._judges["message"]
    assert judge.possible is not None
    event = Event("e", 0, "message", "c", message=Message("m", "see word7x and word31x, not word9"))
    possible = judge.possible(event, GivenFacts())
    assert possible is not None
    assert possible[0] == [7, 31]
    # What was never possible was never written.
    assert not judge.single


@pytest.mark.parametrize("seed", range(3))
def test_what_is_disguised_is_never_left_out(seed: int) -> None:
    """Characters in parts, parts of parts, characters that are repeated: whatever a list finds its sieve lets through,
    and texts that hold only some of it are let through seldom."""
    draw = random.Random(seed)
    parts = tables.parts()
    known = [char for char in "明林新柏好加微信赌博代购刷单古品晶森故湖样树想箱霜村时对们她妈张" if char in parts]

    def written(char: str) -> str:
        way = draw.random()
        if way < 0.5:
            return char
        pieces = draw.choice(parts[char])
        if way < 0.6:
            pieces = "".join(draw.choice(parts[one]) if one in parts else one for one in pieces)
        if way < 0.7:
            pieces = "".join(one * draw.randint(1, 3) for one in pieces)
        return char * draw.randint(2, 3) if way < 0.8 else pieces + draw.choice(["", "", " ", "."])

    found = passed = 0
    for _ in range(60):
        lists = [["".join(draw.choices(known, k=draw.randint(1, 4))) for _ in range(3)] for _ in range(4)]
        matchers = [WordMatcher(words) for words in lists]
        sieve = Sieve((1 << len(lists)) - 1, [(bit, [one.needed]) for bit, one in enumerate(matchers)])
        for _ in range(10):
            word = draw.choice(draw.choice(lists))
            text = f"{draw.choice(['', '看 ', 'see '])}{''.join(map(written, word))}{draw.choice(['', '$', '了'])}"
            left = sieve.of_folded(fold(text))
            for bit, matcher in enumerate(matchers):
                assert left >> bit & 1 or not matcher.contains(text), (lists[bit], text)
                found += matcher.contains(text)
                passed += left >> bit & 1
    assert found > 300
    assert passed < 2 * found


def test_plain_texts_with_parts_of_characters_leave_no_list() -> None:
    lists = [["林木"], ["新品"], ["加好友"]]
    matchers = [WordMatcher(words) for words in lists]
    sieve = Sieve(7, [(bit, [one.needed]) for bit, one in enumerate(matchers)])
    assert [sieve.of_folded(fold(text)) for text in ("一小口木木", "看看人人日日", "口口声声")] == [0, 0, 0]
    assert sieve.of_folded(fold("亲斤品")) == 2
    assert sieve.of_folded(fold("亲亲斤斤品品")) == 2


def test_a_rule_that_fails_before_its_guard_is_still_told() -> None:
    """An index may not leave out a rule that would have failed: only what comes before may be asked."""
    rules = "".join(
        f"rule {one}\n  must not\n  on message\n  if sample(message.text, message.id) < 2 and "
        f'message.text contains "w{one}"\n  then flag\n\n'
        for one in range(3)
    )
    book = loads(f'rulebook "Fails"\n\n{rules}').checked

    def broken(*_: object) -> object:
        raise RuntimeError("down")

    library = replace(
        STANDARD, functions={**STANDARD.functions, "sample": replace(STANDARD.functions["sample"], run=broken)}
    )
    event = Event("e", 0, "message", "c", message=Message("m", "nothing here"))
    indexed, plain = (Evaluator(book, library, indexed=wanted) for wanted in (True, False))
    found = indexed.match(event, GivenFacts())
    assert found == plain.match(event, GivenFacts())
    assert [one.rule for one in found.errors] == ["0", "1", "2"]


def _numbers(draw: random.Random, bits: int) -> list[tuple[int, Split]]:
    def split(low: int, high: int, outside: bool) -> Split:
        return Split(NOW, "plain", ("between", low, high, outside))

    made = []
    for bit in range(bits):
        low = draw.randint(0, 3 * bits)
        made.append((bit, split(low, low + draw.randint(0, 9), draw.random() < 0.3)))
    return made


@pytest.mark.parametrize("bits", [5, 80, 900])
def test_a_table_of_numbers_leaves_what_holds(bits: int) -> None:
    draw = random.Random(bits)
    splits = _numbers(draw, bits)
    everyone = (1 << (bits + 1)) - 1
    table = Ordered(everyone, alike(splits), between_numbers)
    values = [None, -5, *range(0, 3 * bits + 12, max(1, bits // 40)), Decimal("7.5"), 10**40]
    for value in (*values, *values):
        wanted = mask_of(bit for bit, one in splits if one.holds(value)) | 1 << bits
        assert table[value] == wanted, value


def _named(names: frozenset[str], negated: bool) -> Split:
    return Split(NOW, "plain", ("in", tuple(sorted(names)), negated))


@pytest.mark.parametrize("bits", [4, 2_000])
def test_a_table_of_names_leaves_what_holds(bits: int) -> None:
    draw = random.Random(bits)
    splits = []
    for bit in range(bits):
        names = frozenset(f"n{draw.randint(0, bits)}" for _ in range(3))
        negated = draw.random() < 0.3
        splits.append((bit, _named(names, negated)))
    table = Named((1 << bits) - 1, alike(splits))
    for name in [None, "nobody", *(f"n{one}" for one in range(0, bits, max(1, bits // 50)))]:
        wanted = mask_of(bit for bit, one in splits if one.holds(name))
        assert table[name] & wanted == wanted
        if bits < 10:
            assert table[name] == wanted
    assert len(set(table.values())) <= MOST + 2


def test_bits() -> None:
    assert bits_of(mask_of([0, 9, 64, 9])) == [0, 9, 64]
    assert mask_of([]) == 0


def test_lists_beside_each_other_find_what_each_finds_alone() -> None:
    draw = random.Random(11)
    names = [line.split()[1] for line in HEAD.splitlines() if line.startswith("list ")]
    rules = "".join(
        f"rule {name}\n  must not\n  on message\n  if message.text contains {name}\n  then flag\n\n" for name in names
    )
    book = loads(f"{HEAD}\n{rules}").checked
    evaluators = [Evaluator(book, STANDARD, indexed=wanted) for wanted in (True, False)]
    alone = {name: WordMatcher(book.lists[name].items, book.lists[name].exactly, seeing(book, name)) for name in names}
    seen = set()
    for number in range(600):
        text = _text(draw)
        wanted = [name for name in names if alone[name].contains(text)]
        event = Event(f"e{number}", number, "message", "c", message=Message("m", text))
        for evaluator in evaluators:
            assert [hit.rule.id for hit in evaluator.match(event, GivenFacts()).hits] == wanted, text
        seen.update(wanted)
    assert seen == set(names)


def test_where_characters_join_only_what_a_text_holds_is_found() -> None:
    """What disguised words are there only folding tells of such a text; words as they stand are told all the same, and
    rules that ask no more than for them are not asked again."""
    rules = "".join(
        f"rule {number}\n  must not\n  on message\n  if message.text contains {name}\n  then flag\n\n"
        for number in range(20)
        for name in [f"{('plain', 'seen', 'signs')[number % 3]}{number}"]
    )
    lists = "".join(
        f'list plain{number} exactly anywhere = "word{number}x"\n'
        f'list seen{number + 1} = "word{number + 1}x"\n'
        f'list signs{number + 2} = "+word{number + 2}x"\n'
        for number in range(0, 20, 3)
    )
    book = loads(f'rulebook "Joining"\n\n{lists}\n{rules}'.replace('list signs20 = "+word20x"\n', "")).checked
    indexed, plain = (Evaluator(book, STANDARD, indexed=wanted) for wanted in (True, False))
    for text, wanted in (
        ("\u3099。!", []),
        ("\u3099 word3x word4x +word5x", ["3", "4", "5"]),
        ("\u1100\u1161 word6x", ["6"]),
    ):
        event = Event("e", 0, "message", "c", message=Message("m", text))
        found = indexed.match(event, GivenFacts())
        assert found == plain.match(event, GivenFacts())
        assert [hit.rule.id for hit in found.hits] == wanted
        assert not found.errors


# --- what an index must not hide -------------------------------------------------------------------------------


def _same(book: Rulebook, events: list[Event]) -> list[list[str]]:
    """The rules that fail or match for each event, told alike by both."""
    indexed, plain = (Evaluator(book, STANDARD, indexed=wanted) for wanted in (True, False))
    told = []
    for event in events:
        given = indexed.match(event, GivenFacts())
        assert given == plain.match(event, GivenFacts()), event
        told.append([*(hit.rule.id for hit in given.hits), *(f"{one.rule} failed" for one in given.errors)])
    return told


def _book(*conditions: str) -> Rulebook:
    rules = "".join(
        f"rule {one}\n  must not\n  on message\n  if {condition}\n  then flag\n\n"
        for one, condition in enumerate(conditions)
    )
    return loads(f"{HEAD}\n{rules}").checked


def _sent(text: str = "hello", **fields: Any) -> Event:
    return Event("e", 1_790_000_000_000_000, "message", "c", Member("amy", fields=fields), Message("m", text))


def test_one_is_not_true() -> None:
    """In Python they are equal, so a table of both must not take one for the other."""
    book = _book("member.proven", "not member.proven", "member.proven is true")
    assert _same(book, [_sent(proven=True), _sent(proven=1), _sent(proven=0), _sent()]) == [
        ["0", "2"], ["1", "2"], ["1"], ["1"],
    ]  # fmt: skip


def test_a_value_of_another_type_fails_as_without_an_index() -> None:
    book = _book(
        'member.rank is empty and message.text contains "gift"',
        'member.rank is "top" and message.text contains "gift"',
        'member.roles contains "helper" and message.text contains "gift"',
    )
    odd: list[Any] = [5, True, ["top"], float("nan")]
    told = _same(book, [_sent(rank=one) for one in odd])
    assert [one[0] for one in told] == ["0 failed"] * len(odd)
    events = [_sent(), _with_member(_sent(), roles=(["x"],)), _with_member(_sent(), roles=5)]
    assert _same(book, events) == [[], ["2 failed"], ["2 failed"]]


def _with_member(event: Event, **changed: Any) -> Event:
    assert event.member is not None
    return structs.replace(event, member=structs.replace(event.member, **changed))


def test_numbers_between_long_decimals_are_exact() -> None:
    long = Decimal("12345678901234567890123456789012345.5")
    low = between_numbers(None, long)
    assert low < long < between_numbers(long, None)


def test_what_no_value_can_meet_has_a_table() -> None:
    everyone = 0b111
    table = Ordered(everyone, [(("in", (), False), [0]), (("is", 4), [1])], between_numbers)
    assert [table[one] for one in (None, 3, 4, 5)] == [0b100, 0b100, 0b110, 0b100]


def test_no_number_has_no_place_in_a_table() -> None:
    table = Ordered(0b11, alike(_numbers(random.Random(1), 1)), between_numbers)
    for value in (float("nan"), Decimal("NaN"), "5"):
        with pytest.raises((TypeError, ArithmeticError)):
            table[value]


def test_a_place_that_fails_is_told_before_a_place_that_is_excepted() -> None:
    """An excepted channel is asked after the places that are conditions."""
    book = _book('message.text contains "gift"')
    measured = FunctionCall("sample", (FieldRef("message", "id", TEXT),), NUMBER)
    spot = Compare("<", measured, Const(2, NUMBER), False, "spot")
    rule = replace(book.rules[0], except_places=(spot,), excluded_places=("room1",))

    def broken(*_: object) -> object:
        raise RuntimeError("down")

    library = replace(
        STANDARD, functions={**STANDARD.functions, "sample": replace(STANDARD.functions["sample"], run=broken)}
    )
    event = structs.replace(_sent("a gift"), channel="room1")
    indexed, plain = (Evaluator(replace(book, rules=(rule,)), library, indexed=wanted) for wanted in (True, False))
    found = indexed.match(event, GivenFacts())
    assert found == plain.match(event, GivenFacts())
    assert len(found.errors) == 1


def test_a_time_of_day_that_no_clock_shows_is_told() -> None:
    """`is one of` some times of day asks the local clock, which fails far outside of all calendars."""
    book = _book('message.text contains "gift"')
    at = FieldRef("own", "at", INSTANT, custom=True)
    hour = OneOf(at, (Const(480, TIME_OF_DAY),), False, False, "at")
    assert book.rules[0].condition is not None
    rule = replace(book.rules[0], condition=Logic("and", (hour, book.rules[0].condition)))
    event = structs.replace(_sent(), fields={"at": 10**30})
    assert _same(replace(book, rules=(rule,)), [event]) == [["0 failed"]]


def test_several_threads_write_rules_at_once() -> None:
    draw = random.Random(7)
    book = _checked(_rulebook(draw, 60))
    events = [_event(draw, number) for number in range(120)]
    plain = Evaluator(book, STANDARD, indexed=False)
    wanted = [plain.evaluate(event, GivenFacts()) for event in events]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            for _ in range(3):
                indexed = Evaluator(book, STANDARD, indexed=True)
                ways = [draw.sample(range(len(events)), len(events)) for _ in range(8)]
                answers = pool.map(
                    lambda way, by=indexed: [(one, by.evaluate(events[one], GivenFacts())) for one in way], ways
                )
                for found in answers:
                    assert all(decision == wanted[one] for one, decision in found)
    finally:
        sys.setswitchinterval(before)


def test_words_that_several_rules_look_for_leave_them_all() -> None:
    lists = [("spam", "scam", "spam"), ("scam", "eggs"), ("eggs", "scam", "ham")]
    sieve = Sieve(0b1111, [(bit, [Needed(plain=words)]) for bit, words in enumerate(lists)])
    for text, wanted in [("spam", 0b1001), ("a scam", 0b1111), ("eggs", 0b1110), ("ham", 0b1100), ("none", 0b1000)]:
        assert sieve.of_folded(fold(text)) == wanted, text
        assert sieve.of_text(text) == wanted, text
        if sieve.native is None:
            assert sieve.left(sieve.scan(text)) == wanted, text


def test_a_text_that_folds_to_more_than_is_looked_at_in_one_go() -> None:
    sieve = Sieve(0b11, [(0, [WordMatcher(["c++", "1+1"]).needed])])
    for number in (0, 10, *range(32_764, 32_772), 65_000):
        text = "ﬀ" * number
        assert sieve.of_folded(fold(text)) == 0b10
        assert sieve.of_folded(fold(text + " c++")) == 0b11
        assert sieve.of_folded(fold(text + " d++" + "ﬀ" * 300)) == 0b10


class _Own(str):
    """A text of a host's own class."""


@pytest.mark.parametrize(
    "needed", [Needed(plain=("spam",)), Needed(disguised=("spam",)), Needed(plain=("spam",), disguised=("eggs",))]
)
def test_a_text_of_another_class_is_looked_through_as_any_other(needed: Needed) -> None:
    sieve = Sieve(0b11, [(0, [needed])])
    assert sieve.bare == (needed.disguised == ())
    for text, wanted in [("a spam", 0b11), ("no", 0b10), ("no " * 40_000, 0b10), ("谁 spam 가", 0b11)]:
        assert sieve.of_folded(fold(_Own(text))) == wanted
        if sieve.bare and sieve.native is not None:
            assert sieve.of_text(_Own(text)) == wanted
