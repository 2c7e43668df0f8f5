"""Texts that are nearly the same."""

from __future__ import annotations

from itertools import combinations

import pytest

from communityrules.library import likeness
from communityrules.library.likeness import ANCHORS, FEWEST, SHARED, SIZE, alike, anchors, sketch

ENGLISH = "Earn $500 a day from home! No experience needed. Contact me on Telegram @quick_cash7 now"
CHINESE = "兼职日结,每天轻松赚300元,不用出门,有手机就能做,详情加微信abc12345咨询小美"


def near(one: str, other: str) -> bool:
    found = alike(sketch(one), sketch(other))
    assert alike(sketch(other), sketch(one)) is found
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ENGLISH, ENGLISH.replace("500", "1,250")),
        (ENGLISH, ENGLISH.replace("$500", "€ 70")),
        (ENGLISH, ENGLISH.replace("@quick_cash7", "https://t.me/other_name")),
        (ENGLISH, ENGLISH.upper()),
        (ENGLISH, ENGLISH.replace(" ", "  🔥 ") + "!!!"),
        (ENGLISH, " ".join(ENGLISH)),
        (ENGLISH, ENGLISH.replace("!", ".").replace(".", " …")),
        (ENGLISH, ENGLISH.replace("from home", "right from your home")),
        (ENGLISH, ENGLISH.replace("No experience needed. ", "")),
        (ENGLISH, "Anna says: " + ENGLISH),
        (ENGLISH, "\u200b".join(ENGLISH)),
        (CHINESE, CHINESE.replace("300", "800")),
        (CHINESE, CHINESE.replace("abc12345", "wx_998877")),
        (CHINESE, CHINESE.replace("小美", "阿强")),
        (CHINESE, CHINESE.replace(",", " ✨ ")),
        (CHINESE, CHINESE.replace("不用出门,", "")),
        (CHINESE, "急招!" + CHINESE + "名额有限"),
        (CHINESE, CHINESE.replace("有手机就能做,", "机会难得,有手机就能做,名额有限,")),
        (CHINESE, " ".join(CHINESE)),
        (CHINESE, "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in CHINESE)),
    ],
)
def test_small_changes_leave_a_text_nearly_the_same(one: str, other: str) -> None:
    assert near(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ok", "thanks"),
        ("ok", "okay"),
        ("哈哈哈", "哈哈哈哈"),
        ("收到", "好的"),
        ("1234567", "7654321"),
        ("https://a.example/x", "https://b.example/y"),
        ("how do I reset my password?", "how do I reset my router?"),
        ("Does anyone know where I can buy a used bicycle?", "Does anyone know where I can buy a used guitar?"),
        ("有没有人知道周末图书馆几点开门呀", "有没有人知道周末博物馆几点开门呀"),
        ("谢谢大家的生日祝福,爱你们", "谢谢大家的新年祝福,爱你们"),
        (ENGLISH, CHINESE),
        (ENGLISH, "Does anybody know a good place to learn how to cook at home?"),
        ("", "ok"),
    ],
)
def test_different_matters_are_not(one: str, other: str) -> None:
    assert not near(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("OK", "ok"), ("ｏｋ", "o\u200bk "), ("哈哈哈", "哈哈哈"), ("", ""), ("👍", "👍")]
)
def test_a_short_text_is_like_what_folds_to_the_same(one: str, other: str) -> None:
    assert near(one, other)


def test_a_sketch_is_small_and_fixed() -> None:
    """Stored sketches of earlier versions are compared with new ones, on any machine."""
    assert sketch("ok").hex() == "804206a6cf37cbde307b77a517127a"
    assert sketch(CHINESE).hex()[:24] == "1c000000c205bf03e5ca3409"
    assert len(sketch(ENGLISH * 200)) <= 4 + 4 * SIZE
    assert len(sketch("ok")) < 4 * FEWEST


def test_alike_texts_share_an_anchor() -> None:
    texts = [
        ENGLISH,
        CHINESE,
        ENGLISH + " hurry",
        CHINESE + "快来",
        "ok",
        "OK",
        ENGLISH * 3,
        "Anna: " + ENGLISH,
        CHINESE[5:],
    ]
    for one, other in combinations(map(sketch, texts), 2):
        if alike(one, other):
            assert one == other or len(set(anchors(one)) & set(anchors(other))) >= SHARED
    assert len(anchors(sketch(ENGLISH))) == ANCHORS


def test_long_texts_are_looked_at_as_far_as_they_are_looked_at() -> None:
    long = "".join(chr(0x4E00 + at % 5000) for at in range(likeness.MOST))
    assert near(long, long + "later " * 500)


def test_hostile_texts_cost_little() -> None:
    for text in ("a" * 60_000, "a." * 30_000, "@" * 60_000, "-a" * 30_000, "\ud800" * 40, "加a" * 30_000):
        assert sketch(text)
