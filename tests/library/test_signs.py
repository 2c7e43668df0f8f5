"""Whether what the kernel tells of a text beforehand never hides what is in it."""

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from communityrules.kernel import native
from communityrules.library import signs
from communityrules.library.detectors import DETECTORS
from communityrules.library.links import find_links, links_of, mentions_of

pytestmark = pytest.mark.skipif(native("signs") is None, reason="the kernel is not built")

LOOKING: dict[str, Callable[[str], Iterable[Any]]] = {
    "links": links_of,
    "places of links": find_links,
    "mentions": mentions_of,
    **{name: one.find for name, one in DETECTORS.items()},
}
#: What some of them find, or nearly find.
FOUND = (
    "https://a.example.com/x", "hxxp://evil[.]com", "h**ps://evil.com", "evil点com", "evil 點 net", "evil。com",
    "evil·top", "evil，cn", "evil dot com", "evil (dot) com", "evil[.]com", "evil 【点】 com", "e v i l . c o m",
    "e v 。 c n", "a.b.co.uk", "evil . com", "evil. com", "evil .com", "a【evil .cn", "02162块45678¥500室", "億元",
    "evil点com.cn", "1.2.3.4:80", "1.2.3.4/a", "ｅｖｉｌ．ｃｏｍ", "例子.中国", "http://例子.中国/a",
    "tg://join?a=b", "https:\\\\evil.com", "www.evil.com", "shop点\u017fhop", "ev\u200bil.com", "t.me/joinchat/abc",
    "discord.gg/abc", "xn--fsqu00a.xn--fiqs8s", "@bob", "＠bob", "@小明", "a@b.example", "name@mail.com",
    "name (at) mail dot com", "name[at]mail.com", "name艾特qq点com", "123456@qq。com", "name (a) mail.com",
    "name_1 at mail dot com", "name（at）mail.com", "na\u200bme@mail.com", "13812345678", "138-1234-5678",
    "１３８１２３４５６７８", "一三八一二三四五六七八", "1\ufe0f\u20e33812345678", "+44 20 7946 0958",
    "(010) 8888 6666", "(852) 9123 4567", "0912-345-678", "1-3-8-1-2-3-4-5-6-7-8", "电话02162345678",
    "1\u200b3812345678", "①③⑧①②③④⑤⑥⑦⑧", "1··3··8··1··2··3··4··5··6··7··8", "11010519491231002X",
    "110105 19491231 002X", "一一0105194912310 02X", "4111 1111 1111 1111", "6222021234567890128", "378282246310005",
    "5555-5555-5555-4444", "四111111111111111", "30569309025904", "加微信：abc_123", "vx:abc123", "QQ 12345678",
    "扣扣12345678", "telegram: @some_name", "whatsapp +44 7911 123456", "line id: abcd1", "contact @some_name",
    "13812345678微信同号", "discord: name_1", "name#1234 discord", "加v abc12345", "企鹅12345678",
    "ｖｘ：ａｂｃ１２３", "群号 123456", "QQ群：12345678", "邀请码 AB12CD", "referral code X12345",
    "invite code: AB12", "promo CODE ABCD1", "加裙123456", "频道号123456", "¥500", "$1.5k", "500€", "500元", "300块",
    "50 USDT", "20 dollars", "三千块", "五万元", "月入3万", "日赚500+", "工资8k", "月入三千", "100 руб",
    "20 \u212arw", "￥１００", "两百块", "押金一百", "朝阳区建国路88号", "幸福小区3号楼2单元501室",
    "221B Baker Street", "建国路八十八弄", "12 Main St",
)  # fmt: skip
BESIDE = (
    *" .。,，:：/\\@-_+()[]{}【】（）<>点點·•｡‧dotatcome0123456789一二三十百万元块号室群码特Kkſıİ\n\t",
    *"\u200b\u200d\ufe0f\u20e3\u00ad\u3000\u00a0．／＠：①⑴❶🄋𝟏𝐚①❤️",
    *(" at ", " dot ", "code", "referral", ". com", "hello there. ", "大家好，", "the ", " a ", "www.", "\ud800"),
)


def _text(draw: random.Random) -> str:
    """Something that may be found between what may be beside it, with a character or two changed."""
    parts: list[str] = []
    for _ in range(draw.randint(1, 4)):
        parts.append(draw.choice(FOUND) if draw.random() < 0.5 else "".join(draw.choices(BESIDE, k=draw.randint(1, 6))))
        if draw.random() < 0.7:
            parts.append(draw.choice(BESIDE))
    text = list("".join(parts))
    for _ in range(draw.choice((0, 0, 1, 2, 3))):
        at = draw.randrange(len(text) + 1)
        text[at : at + draw.randint(0, 1)] = draw.choice(BESIDE) if draw.random() < 0.8 else ""
    return "".join(text)


def _disagreements(seed: int, number: int) -> tuple[list[tuple[str, str]], dict[str, int], dict[str, int]]:
    """Where looking and looking with every sign differ; how often something was found, and how often not looked for."""
    draw = random.Random(seed)
    wrong, found, spared = [], dict.fromkeys(LOOKING, 0), dict.fromkeys(LOOKING, 0)
    told = signs._signs
    for _ in range(number):
        text = _text(draw)
        for name, look in LOOKING.items():
            quick = list(look(text))
            try:
                signs._signs = None  # type: ignore[misc]
                whole = list(look(text))
            finally:
                signs._signs = told  # type: ignore[misc]
            found[name] += bool(whole)
            spared[name] += not signs.may_hold(text, OF[name])
            if quick != whole:
                wrong.append((name, text))
    return wrong, found, spared


OF = {
    "links": signs.LINKS, "places of links": signs.LINKS, "mentions": signs.MENTIONS, "link": signs.LINKS,
    "phone_number": signs.PHONE_NUMBERS, "id_card": signs.ID_CARDS, "bank_card": signs.BANK_CARDS,
    "email": signs.EMAILS, "messenger_id": signs.MESSENGER_IDS, "group_invite": signs.GROUP_INVITES,
    "money_amount": tuple(row for kind in signs.MONEY_AMOUNTS for row in kind),
    "postal_address": signs.POSTAL_ADDRESSES,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_hidden(seed: int) -> None:
    wrong, found, spared = _disagreements(seed, 1_500)
    assert not wrong, wrong[:3]
    assert all(number > 10 for number in found.values()), found
    assert all(number > 10 for number in spared.values()), spared


@pytest.mark.parametrize("text", FOUND)
def test_each_is_found_as_ever(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {name: list(look(text)) for name, look in LOOKING.items()}
    monkeypatch.setattr(signs, "_signs", None)
    assert quick == {name: list(look(text)) for name, look in LOOKING.items()}


@pytest.mark.parametrize("name", OF)
def test_a_plain_text_is_spared(name: str) -> None:
    assert not signs.may_hold("大家好，明天见！", OF[name])
    if name != "messenger_id":
        assert not signs.may_hold("Hello there. See you tomorrow, at last (if you like).", OF[name])


@pytest.mark.parametrize("given", [("text",), ("text", b""), ("text", "table"), (b"text", bytes(0x20000)), ()])
def test_what_is_not_a_text_and_a_table_is_refused(given: tuple[Any, ...]) -> None:
    kernel: Any = native("signs")
    with pytest.raises((TypeError, ValueError)):
        kernel.signs_of(*given)


def test_every_class_stands_where_the_kernel_has_it() -> None:
    kernel: Any = native("signs")
    for number, chars in enumerate(signs._CLASSES.values()):
        for char in chars:
            assert kernel.signs_of(char, signs.table()) == 1 << number, (char, number)
