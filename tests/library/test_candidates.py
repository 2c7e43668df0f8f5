"""Of a short list only those words are prepared that a text may hold: never one too few, and the same are seen."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

import pytest
from disguises import CHINESE, CLASSES, ENGLISH, disguised, pairs

from communityrules.library.disguise.candidates import ListLooker
from communityrules.library.disguise.looking import Looker
from communityrules.library.disguise.reading import Reading
from communityrules.library.disguise.steps import AS_USUAL
from communityrules.library.disguise.tables import common_shapes, parts

WORDS = (
    *CHINESE, *ENGLISH, "林场", "微商代理", "微信", "ill will", "lilli", "hello", "木林森", "c++", "+v", "好好学习",
    "好", "lol", "a1b2", "bookkeeper", "aaa", "加 V", "钱", "己所不欲", "qq群", "q", "Straße",
)  # fmt: skip
PIECES = (
    *WORDS, " ", "!", "，", "|", "1", "i", "l", "I", "亻", "弋", "贝", "木", "木木", "人", "v", "vx", "扣扣", "q", "@",
    "$", "+", "🐷", "➕", "ß", "ﬁ", "\u200b", "\u0301", "ｌ", "Ⅰ", "．", "\x00", "\x01", "㎏", "가",
    *(split for char in "林群兼好信钱" for split in parts().get(char, ())),
    *(one for char in common_shapes() for one in common_shapes()[char]),
)  # fmt: skip


def _seen(looker: Looker | ListLooker, text: str) -> set[tuple[int, int, int, frozenset[str]]]:
    reading = Reading(text)
    return set(looker.look(reading, AS_USUAL)) if looker.maybe(reading) else set()


def _same(words: list[str], text: str) -> None:
    """Each word is seen in a list as it is by itself."""
    several = ListLooker(words, AS_USUAL)
    found = several._candidates(Reading(text))
    for number, word in enumerate(words):
        alone = _seen(Looker([word], AS_USUAL), text)
        assert number in found or not alone, (word, text)
        if alone:
            assert _seen(ListLooker([word], AS_USUAL), text) == alone, (word, text)


@pytest.mark.parametrize("classes", [*((name,) for name in CLASSES), *pairs()], ids=" and ".join)
def test_a_disguised_word_is_a_candidate(classes: tuple[str, ...]) -> None:
    for word, _, text in disguised(classes, random.Random(str(classes)), 12):
        _same([word], text)


@pytest.mark.parametrize("shard", range(6))
def test_what_is_seen_of_a_word_alone_is_a_candidate_of_any_list(shard: int) -> None:
    draw = random.Random(shard)
    for _ in range(150):
        text = "".join(draw.choices(PIECES, k=draw.randrange(12)))
        _same(draw.sample(WORDS, draw.randrange(1, 12)), text)
        word = draw.choice(WORDS)
        for _ in range(draw.randrange(3)):
            at = draw.randrange(len(word) + 1)
            word = word[:at] + draw.choice((draw.choice(PIECES), word[at : at + 1])) + word[at:]
        _same(draw.sample(WORDS, 6), text[:3] + word + text[3:])


def test_what_is_seen_does_not_depend_on_what_was_asked_before() -> None:
    texts = ["加v信 now", "l o t t e r y", "jackpot casino lottery bitcoin viagra giveaway refund payday crypto loan"]
    fresh = [_seen(ListLooker(WORDS, AS_USUAL), text) for text in texts]
    looker = ListLooker(WORDS, AS_USUAL)
    assert all(fresh)
    for order in ((0, 1, 2), (2, 1, 0), (2, 2, 1)):
        assert [_seen(looker, texts[one]) for one in order] == [fresh[one] for one in order]


def test_words_that_a_text_does_not_hold_are_not_prepared() -> None:
    looker = ListLooker(CHINESE, AS_USUAL)
    reading = Reading("今天天气不错，大家出来走走吧，兼职的来，到时候见。")
    assert [CHINESE[one] for one in looker._candidates(reading)] == ["兼职"]
    assert looker.maybe(reading)
    assert looker._whole is None
    assert not looker.maybe(Reading("今天天气不错，大家出来走走吧"))


def test_to_look_at_a_text_that_holds_no_word_of_a_list_takes_as_long_for_many_words_as_for_few() -> None:
    # A small rulebook asks its lists of every message.
    def lines(words: tuple[str, ...]) -> int:
        looker = ListLooker(words, AS_USUAL)
        for number in range(100):
            assert not looker.maybe(Reading(f"今天天气不错，大家出来走走吧 {number}"))
        count = 0

        def trace(_: FrameType, event: str, __: Any) -> Any:
            nonlocal count
            count += event == "line"
            return trace

        reading, before = Reading("今天天气不错，大家出来走走吧"), sys.gettrace()
        sys.settrace(trace)
        try:
            looker.maybe(reading)
        finally:
            sys.settrace(before)
        return count

    many = tuple(f"{chr(0x8000 + at)}{chr(0x8300 + at)}群" for at in range(250))
    assert lines(many) < 2 * lines(many[:2])


@pytest.mark.parametrize("shard", range(4))
def test_a_list_that_was_asked_often_has_the_same_candidates(shard: int) -> None:
    draw = random.Random(shard)
    for _ in range(40):
        words = draw.sample(WORDS, draw.randrange(1, 12))
        often = ListLooker(words, AS_USUAL)
        for _ in range(40):
            assert not often._candidates(Reading("…"))
        assert often._signs is not None or not often._numbers
        for _ in range(20):
            reading = Reading("".join(draw.choices((*words, *PIECES), k=draw.randrange(8))))
            assert often._candidates(reading) == ListLooker(words, AS_USUAL)._candidates(reading), (words, reading.text)


def test_a_list_of_nothing_that_is_disguised_has_no_candidates() -> None:
    assert ListLooker(["+", "!"], AS_USUAL)._candidates(Reading("+ and !")) == []
    assert ListLooker([], AS_USUAL)._candidates(Reading("")) == []
    # Each word once, however it is known to be written.
    assert ListLooker(["微信", "微"], AS_USUAL)._candidates(Reading("加v信 微信 vx wx")) == [0, 1]


def _at_each_line(code: CodeType, do: Callable[[], object], run: Callable[[], object]) -> int:
    """Runs something, and before each line of a function something else, as another thread may; how many lines."""
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        if frame.f_code is not code:
            return None
        if event == "line":
            lines += 1
            sys.settrace(None)
            do()
            sys.settrace(trace)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize("prepare", [ListLooker._prepared, Looker._prepare], ids=["list", "looker"])
@pytest.mark.parametrize(("word", "text"), [("乳孚", "爪了一乙爪了一"), ("casino", "casiiiiino"), ("spam", "spam")])
def test_another_thread_may_look_while_words_are_prepared(prepare: Any, word: str, text: str) -> None:
    wanted = _seen(Looker([word], AS_USUAL), text)
    assert wanted
    for line in range(100):
        # At one line alone: what was asked before it may have prepared all.
        looker: ListLooker | Looker = (ListLooker if prepare is ListLooker._prepared else Looker)([word], AS_USUAL)
        seen: list[object] = []
        passed = iter(range(100))

        def do(
            at: int = line, looker: ListLooker | Looker = looker, seen: list[object] = seen, passed: Any = passed
        ) -> None:
            if next(passed) == at:
                seen.append(_seen(looker, text))

        lines = _at_each_line(prepare.__code__, do, lambda looker=looker: _seen(looker, text))  # type: ignore[misc]  # a lambda without types
        assert all(one == wanted for one in seen), line
        assert _seen(looker, text) == wanted, line
        if line >= lines:
            break
    assert lines > 3
