"""The kernel looks through plain texts for words in disguise, and leaves no rule out that Python would find."""

from __future__ import annotations

import random
from typing import Any

import pytest

from communityrules.compiler.sieve import Sieve
from communityrules.kernel import native
from communityrules.library.disguise.letters import SIGN_FORMS, SIGNS, skeleton
from communityrules.library.disguise.reading import Reading
from communityrules.library.disguise.steps import Seeing
from communityrules.library.disguise.tables import parts, shapes, standins
from communityrules.library.fold import MAX_TEXT, fold, joining, loosely
from communityrules.library.matching import WordMatcher
from communityrules.library.spelled import foldings, skeletons

kernel = native("sifting")
pytestmark = pytest.mark.skipif(kernel is None, reason="the kernel was not built")

WORDS = [
    "加微信", "兼职", "木", "林场", "spam", "hello", "freegift", "buy now", "c++", "+v", "好好", "viagra", "lol",
    "a1b2", "微商代理", "ass", "ice", "赌博", "bookkeeper", "ｆｕｌｌ", "Straße", "信", "aaa", "$$$", "加 V",
]  # fmt: skip
#: Of what plain texts are.
PLAIN = [
    *WORDS, " ", "  ", "!", "！", "，", "。", "；", "…", "s p a m", "spaam", "5pam", "hel lo", "亻言", "木木", "弋贝",
    "女子", "氵", "言", "😀", "x", "I", "a", "7", "glass", "spams", "ooo", "好", "ice! ", "v ! x", "h!", "é", "\n", "-",
    "信信",
]  # fmt: skip
PIECES = [
    *PLAIN, "|", "@", "+", "(", "sp@m", "🐷", "➕", "ß", "ſ", "\u200b", "\ud800", "\x00", "\x01", "\U000e0041",
    "ｈｅｌｌｏ", "ก", "가", "\u3099", "𝐬", "ice!",
]  # fmt: skip


def _text(draw: random.Random) -> str:
    if draw.random() < 0.1:
        return "".join(chr(draw.randrange(0x110000)) for _ in range(draw.randrange(20)))
    pieces = PLAIN if draw.random() < 0.7 else PIECES
    return "".join(draw.choice(pieces) for _ in range(draw.randrange(14)))


def _lists(draw: random.Random) -> list[WordMatcher]:
    made = []
    for _ in range(draw.randrange(1, 8)):
        edges: Any = draw.choice(("words", "words", "words", "anywhere", "whole"))
        words = draw.sample(WORDS, draw.randrange(1, 8))
        exactly = draw.random() < 0.2
        made.append(WordMatcher(words, exactly, Seeing(edges=edges)))
    return made


def _left(sieve: Sieve, text: str) -> int | None:
    """What the kernel leaves; None where it leaves that to Python."""
    assert sieve.native is not None
    words, disguise, letters, folded = sieve.native
    mask = sieve.always
    if words is not None:
        mask |= int.from_bytes(words.left(text), "little")
    if disguise is not None:
        told = disguise.left(text)
        if told is None:
            return None
        mask |= int.from_bytes(told, "little")
    if folded is not None:
        read = letters.read(text[:MAX_TEXT])
        if read is None:
            return None
        mask |= int.from_bytes(folded.left(read), "little")
    return mask


@pytest.mark.parametrize("shard", range(4))
def test_no_rule_is_left_out_and_few_are_left_for_nothing(shard: int) -> None:
    draw = random.Random(shard)
    told = left_out = 0
    for _ in range(60):
        lists = _lists(draw)
        sieve = Sieve((1 << len(lists)) - 1, [(bit, [one.needed]) for bit, one in enumerate(lists)])
        for _ in range(40):
            text = _text(draw)
            left = _left(sieve, text)
            if left is None:
                continue
            told += 1
            folded = fold(text)
            truly = sum(1 << bit for bit, one in enumerate(lists) if one.contains(folded))
            assert truly & ~left == 0, (text, [one._words for one in lists])
            left_out += bin(left & ~truly).count("1") == 0
    assert told > 700
    assert left_out > told * 0.6


def test_a_plain_text_reads_as_in_python() -> None:
    letters, folding = skeletons(), foldings()
    draw = random.Random(5)
    read = 0
    for _ in range(4000):
        text = _text(draw)
        plain = letters.read(text)
        if plain is not None:
            read += 1
            assert plain.encode() == Reading(text).base().read, text
        folded = folding.read(text)
        if folded is not None:
            assert folded == loosely(text)
            assert not joining(text)
    assert read > 1000


def test_every_character_reads_as_in_python() -> None:
    letters, folding = skeletons(), foldings()
    others = {*SIGNS, *SIGN_FORMS, *standins(), *shapes(), *"".join(map("".join, parts().values()))}
    for char in {
        *map(chr, range(0x3400)),
        *map(chr, range(0x4E00, 0x5200)),
        *map(chr, range(0xD700, 0x10000)),
        *others,
    }:
        plain = letters.read(char)
        if char in SIGNS or char in SIGN_FORMS or char in standins():
            assert plain in (None, "")
        elif plain is not None:
            assert plain == skeleton(char)
        folded = folding.read(char)
        if folded is not None:
            assert folded == loosely(char)


SIGNED = ["@", "$", "!", "|", "(", "<", "+", "a", "I", "x", "B", "7", " ", "。", "-", "啊"]


def test_signs_are_letters_where_python_takes_them_for_some() -> None:
    # Every word is there, so that nothing depends on what was hit.
    matcher = WordMatcher(["a", "x", "b", "啊"])
    sieve = Sieve(1, [(0, [matcher.needed])])
    assert sieve.native is not None
    disguise = sieve.native[1]
    draw = random.Random(6)
    left = kept = 0
    for _ in range(20_000):
        text = "".join(draw.choice(SIGNED) for _ in range(draw.randrange(1, 9)))
        is_left = disguise.left(text) is None
        assert is_left == (Reading(text).quick is None), text
        left += is_left
        kept += not is_left
    assert left > 2000
    assert kept > 2000


def test_long_texts_are_looked_through_as_far_as_in_python() -> None:
    matcher = WordMatcher(["spam"])
    sieve = Sieve(1, [(0, [matcher.needed])])
    for text, there in (("- " * (MAX_TEXT // 2 - 2) + "spam", 1), ("- " * (MAX_TEXT // 2) + "spam", 0)):
        assert _left(sieve, text) == there
        assert matcher.contains(text) == bool(there)


def test_what_is_not_a_number_of_a_letter_is_refused() -> None:
    assert kernel is not None
    for code in (0, -1, 0xFFFF, 1 << 40, "x"):
        with pytest.raises((ValueError, TypeError, OverflowError)):
            kernel.Letters(lambda _, code=code: code).read("a")
