"""The kernel finds the same rules, and tells the same of them, as what is written in Python."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest

from communityrules import loads
from communityrules.compiler import outcome, sieve, sifted, telling
from communityrules.compiler.evaluator import Evaluator
from communityrules.diagnostics.message import RulesError
from communityrules.kernel import native
from communityrules.library.fold import MAX_TEXT, fold, whole_characters
from communityrules.library.matching import Needed
from communityrules.model.event import Event, Member, Message

kernel = native("sifting")
pytestmark = pytest.mark.skipif(kernel is None, reason="the kernel was not built")

PIECES = ["加微信", "兼职", "ab", "abc", "casino", "freegift", "😀", "x", "\ud800", "ß", "7", "spamspamspam", " ", "é"]


def _without(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sieve, sifted, telling, outcome):
        monkeypatch.setattr(module, "native", lambda _: None)


# --- words -----------------------------------------------------------------------------------------------------


def _text(draw: random.Random, most: int) -> str:
    kind = draw.random()
    size = draw.randrange(most)
    if kind < 0.6:
        return "".join(draw.choice(PIECES) for _ in range(size))
    if kind < 0.8:
        return "".join(draw.choice("ab") for _ in range(size))
    return "".join(chr(draw.randrange(0x110000)) for _ in range(size))


def _left(words: list[str], of: list[int], rules: tuple[tuple[int, ...], ...], text: str) -> int:
    looked = whole_characters(text[:MAX_TEXT])
    found = {
        bit for word, owner in zip(words, of, strict=True) if whole_characters(word) in looked for bit in rules[owner]
    }
    return sum(1 << bit for bit in found)


@pytest.mark.parametrize("shard", range(4))
def test_words_stand_where_python_finds_them(shard: int) -> None:
    draw = random.Random(shard)
    for _ in range(60):
        words = list({whole_characters(_text(draw, 8)) for _ in range(draw.randrange(1, 60))} - {""})
        rules = tuple(tuple(sorted(draw.sample(range(200), draw.randrange(0, 30)))) for _ in range(12))
        of = [draw.randrange(len(rules)) for _ in words]
        try:
            looker = kernel.Words(words, of, rules)
        except ValueError:
            assert len(words) > 50
            continue
        texts = ["", *(_text(draw, 60) for _ in range(20)), *(one for one in words[:5]), "".join(words)]
        texts += [text + word for text, word in zip(texts, words, strict=False)]
        for text in texts:
            assert int.from_bytes(looker.left(text), "little") == _left(words, of, rules, text)
            assert looker.left(text, True) == looker.left(text)


def test_of_a_very_long_text_only_the_beginning_is_looked_at() -> None:
    looker = kernel.Words(["兼职", "abcdefghij"], [0, 1], ((0,), (70,)))
    for text in (
        "a" * (MAX_TEXT - 2) + "兼职",
        "a" * (MAX_TEXT - 1) + "兼职",
        "é" * 1000 + "abcdefghij",
        "y" * 200_000,
    ):
        assert int.from_bytes(looker.left(text), "little") == _left(["兼职", "abcdefghij"], [0, 1], ((0,), (70,)), text)


def test_thousands_of_words() -> None:
    draw = random.Random(11)
    words = list(
        {
            "".join(draw.choice("abcdefghij零一二三四五六七八九") for _ in range(draw.randrange(3, 12)))
            for _ in range(9_000)
        }
    )
    of = [at % 900 for at in range(len(words))]
    rules = tuple((at * 7,) for at in range(900))
    looker = kernel.Words(words, of, rules)
    for _ in range(80):
        text = "".join(draw.choice([*words[:40], *"abcdefghij零一二三四五六七八九"]) for _ in range(60)) + draw.choice(
            words
        )
        assert int.from_bytes(looker.left(text), "little") == _left(words, of, rules, text)
        assert looker.left(text, True) == looker.left(text)


def test_words_wherever_a_step_ends() -> None:
    word = "abcdefgh12"
    looker = kernel.Words([word, "zz", "q", "wxyz"], [0, 1, 2, 3], ((0,), (1,), (2,), (3,)))
    for before in range(120, 140):
        for planted, bit in ((word, 0), ("zz", 1), ("q", 2), ("wxyz", 3)):
            for plainly in (False, True):
                assert looker.left("-" * before + planted + "-", plainly) == (1 << bit).to_bytes(8, "little")
            assert looker.left("-" * before + planted[:-1]) == bytes(8)


@pytest.mark.parametrize(
    "given",
    [
        (["a"], [1], ((0,),)),
        (["a"], [0, 0], ((0,),)),
        ([""], [0], ((0,),)),
        (["a"], [0], ([0],)),
        (["a"], [0], ((-1,),)),
        ([b"a"], [0], ((0,),)),
        ("a", [0], ((0,),)),
        (["ab"] * 100, [0] * 100, ((0,),)),
    ],
)
def test_what_does_not_fit_is_refused(given: Any) -> None:
    with pytest.raises((ValueError, TypeError, OverflowError)):
        kernel.Words(*given)


@pytest.mark.parametrize("words", [["ab" * 2000 + "ab" * more for more in range(5)], ["ab" * 5000]])
def test_words_that_would_be_compared_at_every_place_of_a_text_are_looked_for_in_python(words: list[str]) -> None:
    """A text of `abab...` would take the time of its length times that of the words."""
    assert kernel is not None
    kernel.Words([words[0][:8000]], [0], ((0,),))
    with pytest.raises(ValueError, match="alike"):
        kernel.Words(words, [0] * len(words), ((0,),))
    for needs in (Needed(tuple(words)), Needed(plain=tuple(words))):
        made = sieve.Sieve(0b11, [(0, [needs])])
        assert made.native is None
        assert made.of_folded(fold(f"see {words[0]}")) == 0b11
        assert made.of_folded(fold(f"see {words[0][:-1]}")) == 0b10


@pytest.mark.parametrize(
    "words",
    [
        [str(13_800_000 + 5 * number) for number in range(20_000)],
        [f"加{chr(0x4E00 + at)}{chr(0x4F00 - at)}群" for at in range(200)],
    ],
)
def test_words_of_which_only_the_sums_of_characters_are_alike_are_no_words_alike(words: list[str]) -> None:
    assert kernel is not None
    looker = kernel.Words(words, [at % 2 for at in range(len(words))], ((0,), (1,)))
    for at in (0, 7, len(words) - 1):
        assert looker.left(f"see {words[at]}!") == (1 << at % 2).to_bytes(8, "little")
        mixed = words[at][:1] + words[at][-2:0:-1] + words[at][-1:]
        assert mixed in words or looker.left(mixed) == bytes(8)


# --- rules -----------------------------------------------------------------------------------------------------

HEAD = """rulebook "Sifted"
  timezone Asia/Shanghai

member (rank: text, age: number, proven: boolean, tags: list)

group newcomers as member.tenure < 7 days
group old as member.age > 5
place room1 = "room1"
place room2 = "room2"

list exact exactly anywhere = "加微信", "casino", "abc", "ab", "😀"
list edged exactly = "ab", "兼职"
list seen = "vip", "返利"

"""
CONDITIONS = [
    'event.channel is "room{a}"',
    'event.channel is not "room{b}"',
    'member.rank is one of ("low{a}", "Mid{b}")',
    "member.age < {a}",
    "member.age >= {b}.5",
    "(member.age < {a} or member.age is {b})",
    "(member.age < {a} or message.length > {b})",
    "member.age between {a} and {c}",
    "member.age is empty",
    "member.proven",
    "not member.proven",
    'member.roles has any of ("mod{a}", "admin")',
    "newcomers",
    "not old",
    "message.text contains exact",
    "message.text contains edged",
    "message.text contains seen",
    'message.text contains "abc{a}"',
    "message.text matches /(casino|兼职)[0-9]{{2}}{a}/",
    "message.text matches /x{a}+/",
    "message.length > {a}",
    "message.links is empty",
    "message.labels.toxic > 0.{a}",
    "event.time outside 08:00 to {c}:00",
    "count(message by member today) > {a}",
    "count(message by member and message.text within 10 minutes) >= {b}",
    "{b} > count(message by event.channel within 1 hour)",
    "average(message.length by member within 1 day) < {c}",
    "count(message by member today) > {a} and member.age < {c}",
]


class _Text(str):
    __slots__ = ()


class _Odd(Mapping[str, Any]):
    """A mapping of a host's own, which may fail."""

    def __init__(self, fields: dict[str, Any], fails: bool) -> None:
        self._fields, self._fails = fields, fails

    def __getitem__(self, name: str) -> Any:
        if self._fails:
            raise RuntimeError(name)
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


class _Facts:
    """Facts that note what they are asked, and that fail for some keys."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.asked: list[Any] = []

    def aggregate(self, index: int, key: tuple[Any, ...]) -> Any:
        self.asked.append((index, key))
        drawn = (index * 7 + len(str(key)) + self._number) % 9
        if drawn == 8:
            raise RuntimeError("no answer")
        return None if drawn == 7 else Fraction(drawn, 2) if drawn == 6 else drawn

    def state(self, name: str) -> str:  # noqa: ARG002
        return ""

    def member(self, id: str) -> Member | None:  # noqa: ARG002
        return None

    def size(self, group: str) -> int:  # noqa: ARG002
        return 0


def _book(draw: random.Random, number: int) -> Any:
    said = []
    for rule in range(number):
        some = draw.sample(CONDITIONS, draw.choice((1, 1, 2, 2, 3)))
        condition = " and ".join(
            one.format(a=draw.randrange(1, 5), b=draw.randrange(1, 7), c=draw.randrange(9, 20)) for one in some
        )
        more = draw.choice(
            ("", "", "  applies to newcomers\n", "  applies to everyone except staff\n", "  in room1, room2\n")
        )
        # It ends among the events.
        more += draw.choice(("", "", "", "  trial through 2024-10-08\n"))
        said.append(f"rule {rule}\n  must not\n{more}  on message\n  if {condition}\n  then flag\n\n")
    return _loaded(said)


def _loaded(said: list[str]) -> Any:
    """Without the rules that contradict themselves, which no rulebook may hold."""
    while True:
        text = HEAD + "".join(said)
        try:
            return loads(text)
        except RulesError as refused:
            lines = text.splitlines()
            codes = ("CR501", "CR502")
            wrong = {lines[: one.span.line].count("  must not") - 1 for one in refused.diagnostics if one.code in codes}
            if not wrong:
                raise
            said = [one for at, one in enumerate(said) if at not in wrong]


def _event(draw: random.Random, at: int) -> Event:
    fields: Any = {
        "rank": draw.choice(["low1", "LOW2", "mid3", "top", None, 5, _Text("low1")]),
        "age": draw.choice(
            [0, 1, 2, 3, 6, 7, None, 2.5, float("nan"), True, Decimal("1.5"), "3", 1 << 70, Fraction(1, 3)]
        ),
        "proven": draw.choice([True, False, None, 1, "yes"]),
        "tags": draw.choice([(), ("a",), None, ["a"]]),
    }
    kind = draw.random()
    if kind < 0.1:
        fields = MappingProxyType(fields)
    elif kind < 0.2:
        fields = _Odd(fields, fails=kind < 0.13)
    elif kind < 0.25:
        fields = {}
    roles: Any = draw.choice([(), ("mod1",), ("MOD2", "admin"), ["mod1"], (_Text("mod1"),), (3,), ("a" * 99,) * 60])
    who = Member("amy", roles, draw.choice([None, 0, at - 10**12, "long ago"]), fields=fields)
    text: Any = _text(draw, 30)
    kind = draw.random()
    if kind < 0.3:
        text += draw.choice(["x" * 600, "casino12", "兼职991", "casino123", "x1x2", "vip", " ab ", "http://a.example/"])
    elif kind < 0.35:
        text = draw.choice([_Text("加微信"), None, 7, b"ab", "兼职" * 400])
    message = (
        None
        if kind > 0.95
        else Message(f"m{at}", text, labels=draw.choice([{}, {"toxic": 0.25}, {"toxic": 1}, {"toxic": "no"}]))
    )
    return Event(
        f"e{at}",
        1_728_360_000_000_000 + at * 977_000_000,
        "message",
        "c",
        member=None if draw.random() < 0.05 else who,
        subject=who if draw.random() < 0.5 else None,
        message=message,
        channel=draw.choice(["room1", "room2", "ROOM3", None, _Text("room1"), 4]),
        place=draw.choice([None, None, "room2", ""]),
    )


def _answer(evaluator: Evaluator, event: Event, number: int) -> Any:
    facts = _Facts(number)
    try:
        match = evaluator.match(event, facts)
        decision = evaluator.evaluate(event, _Facts(number))
    except Exception as error:  # noqa: BLE001
        return type(error), str(error)
    hits = [(hit.rule.id, [list(one.items()) for one in hit.evidence], hit.trial, hit.grace) for hit in match.hits]
    types = [[type(value) for one in hit.evidence for value in one.values()] for hit in match.hits]
    return hits, types, match.errors, decision


@pytest.mark.parametrize("shard", range(4))
def test_the_same_rules_and_evidence_as_python(shard: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(100 + shard)
    for size in (9, 80):
        book = _book(draw, size)
        indexed = draw.random() < 0.5 or None
        with_kernel = Evaluator(book.evaluator.rulebook, book.evaluator.library, indexed=indexed)
        with monkeypatch.context() as patch:
            _without(patch)
            alone = Evaluator(book.evaluator.rulebook, book.evaluator.library, indexed=indexed)
            events = [_event(draw, at) for at in range(60)]
            expected = [_answer(alone, event, at) for at, event in enumerate(events)]
        for at, event in enumerate(events):
            answer = _answer(with_kernel, event, at)
            assert answer == expected[at], event


def test_a_measure_is_asked_once_and_only_where_the_rule_is_possible() -> None:
    rules = "".join(
        f'rule {at}\n  must not\n  on message\n  if event.channel is "room{at % 3}" and '
        f"count(message by member today) > {at}\n  then flag\n\n"
        for at in range(12)
    )
    evaluator = Evaluator(loads(HEAD + rules).evaluator.rulebook, loads(HEAD + rules).evaluator.library, indexed=True)
    amy = Member("amy")
    for channel, times in (("room1", 1), ("elsewhere", 0)):
        event = Event("e", 1_728_360_000_000_000, "message", "c", member=amy, subject=amy, channel=channel)
        facts = _Facts(3)
        evaluator.match(event, facts)
        assert len(facts.asked) == times


def test_a_keyboard_interrupt_is_not_swallowed() -> None:
    class Interrupting(_Facts):
        def aggregate(self, *_: Any) -> Any:
            raise KeyboardInterrupt

    rules = "".join(
        f"rule {at}\n  must not\n  on message\n  if count(message by member today) > {at}\n  then flag\n\n"
        for at in range(9)
    )
    amy = Member("amy")
    event = Event("e", 1_728_360_000_000_000, "message", "c", member=amy, subject=amy, message=Message("m", "x"))
    with pytest.raises(KeyboardInterrupt):
        loads(HEAD + rules).evaluator.match(event, Interrupting(0))


def test_the_collector_may_come_by_while_an_index_is_made() -> None:
    rules = "".join(
        f'rule {at}\n  must not\n  on message\n  if event.channel is "room{at % 3}" and member.age > {at} and '
        f'member.name is "n{at}" and member.tenure > {at} days\n  then flag\n\n'
        for at in range(12)
    )
    book = loads(HEAD + rules)
    before = gc.get_threshold()
    gc.set_threshold(1)
    leaves_it = b"\x01" + bytes(7) + b"\x01" + bytes(7)
    try:
        # Dictionaries that were let go of would be used again without the collector hearing of it.
        kept = [{} for _ in range(200)]
        sift = kernel.Sift(  # type: ignore[union-attr]  # skipped where there is none
            lambda *_: None, [], int, True, ((0, "type", None, 0),), (),
            ((0,), tuple((0, lambda _: leaves_it) for _ in range(100)), (), (), (), bytes(8), (), None),
            ((), (), (), (), (), b"", (), None),
        )  # fmt: skip
        Evaluator(book.evaluator.rulebook, book.evaluator.library, indexed=True)
    finally:
        gc.set_threshold(*before)
    assert kept
    assert sift(Event("e", 0, "message", "c"), _Facts(0))[0] == [0]


@pytest.mark.parametrize(
    "answer",
    [
        b"\x02" + bytes(7) + b"\x01" + bytes(7),  # of one word the second
        b"\x01" + bytes(7),
        bytes(24),
        None,
    ],
)
def test_an_answer_of_a_table_that_does_not_fit_is_left_to_the_twin(answer: Any) -> None:
    sift = kernel.Sift(  # type: ignore[union-attr]  # skipped where there is none
        lambda *_: "the twin", [], int, True, ((0, "type", None, 0),), (),
        ((0,), ((0, lambda _: answer),), (), (), (), bytes(8), (), None),
        ((), (), (), (), (), b"", (), None),
    )  # fmt: skip
    assert sift(Event("e", 0, "message", "c"), _Facts(0)) == "the twin"


@pytest.mark.parametrize("size", [0, 1, 2, 63, 64, 65, 200])
def test_a_mask_tells_which_of_its_words_are_not_empty(size: int) -> None:
    draw = random.Random(size)
    words = [draw.choice((0, 1, 1 << 63)) for _ in range(size)]
    mask = b"".join(one.to_bytes(8, "little") for one in words)
    made = kernel.with_live(mask)  # type: ignore[union-attr]  # skipped where there is none
    before = (size + 63) // 64 * 8
    assert made[before:] == mask
    assert int.from_bytes(made[:before], "little") == sum(1 << at for at, one in enumerate(words) if one)
    with pytest.raises(TypeError):
        kernel.with_live(mask + b"1")  # type: ignore[union-attr]


def test_thousands_of_rules_of_which_an_event_matches_few_or_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than 64 words of masks, more rules left than have their place on the stack, and than are remembered."""
    draw = random.Random(7)
    lists, said = [], []
    for at in range(4_200):
        said.append(
            f'rule {2 * at}\n  must not\n  on message\n  if event.channel is "room{draw.randrange(50)}" and '
            f"member.age >= {draw.randrange(1, 300)}\n  then flag\n\n"
        )
        words = [f"w{draw.randrange(90_000)}x" for _ in range(2)] + ["common"] * (at % 4 == 0)
        lists.append(
            "list l{} exactly anywhere = {}\n".format(at, ", ".join(f'"{one}"' for one in dict.fromkeys(words)))
        )
        more = f" and member.age < {draw.randrange(1, 300)}" * (at % 2)
        said.append(
            f"rule {2 * at + 1}\n  must not\n  on message\n  if message.text contains l{at}{more}\n  then flag\n\n"
        )
    book = loads(HEAD + "".join(lists) + "\n" + "".join(said)).evaluator
    with monkeypatch.context() as patch:
        _without(patch)
        alone = Evaluator(book.rulebook, book.library)
    matched = []
    for at in range(60):
        age: Any = draw.choice([0, 5, 150, 255, 256, 299, 100_000, -1, None, 1 << 70, 2.5])
        who = Member("amy", fields={"age": age})
        text = " ".join(f"w{draw.randrange(90_000)}x" for _ in range(3)) + " common" * (at % 5 == 0)
        event = Event(
            "e", 1_728_360_000_000_000, "message", "c", member=who, subject=who, message=Message("m", text),
            channel=f"room{draw.randrange(52)}",
        )  # fmt: skip
        expected = alone.evaluate(event, _Facts(at))
        assert book.evaluate(event, _Facts(at)) == expected
        assert book.evaluate(event, _Facts(at)) == expected
        matched.append(len(expected.outcomes))
    assert min(matched) == 0 or min(matched) < 3
    assert max(matched) > 600


def test_a_place_in_objects_of_another_class_is_not_read() -> None:
    class Other:
        __slots__ = ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "name")

    class Small:
        # What is read of it fails, as it does in Python.
        name = Other.name  # type: ignore[has-type]

    rules = "".join(
        f'rule {at}\n  must not\n  on message\n  if member.name is "n{at}"\n  then flag\n\n' for at in range(12)
    )
    book = loads(HEAD + rules).evaluator
    event = Event("e", 1_728_360_000_000_000, "message", "c", member=Small(), message=Message("m", "x"))  # type: ignore[arg-type]
    match = Evaluator(book.rulebook, book.library, indexed=True).match(event, _Facts(0))
    assert len(match.errors) == 12


def test_words_of_one_kind_that_are_too_much_alike_leave_the_other_kinds_to_the_kernel() -> None:
    alike = tuple("ab" * 2000 + "ab" * more for more in range(5))
    needs = Needed(plain=alike), Needed(("casino",)), Needed(folded=("1+1",)), Needed(("+v", "c++"))
    made = sieve.Sieve(0b1111, list(enumerate([one] for one in needs)))
    assert made.native is None
    for text, left in (("the ca$ino", 0b10), ("the casino", 0b10), (f"see {alike[0]}", 0b1), ("is 1+1 2", 0b100)):
        # Of `c++` a letter alone may tell.
        assert made.of_folded(fold(text)) & 0b111 == left, text
    made = sieve.Sieve(0b11, [(0, [Needed(alike)]), (1, [Needed(plain=("casino",))])])
    assert made.native is None
    for text, left in ((f"see {alike[0]}", 0b1), ("the casino", 0b10), ("the ca sino", 0)):
        assert made.of_folded(fold(text)) == left, text
