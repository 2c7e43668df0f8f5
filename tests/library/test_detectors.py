"""Detectors: what they find, and what only looks like it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityrules.library.detectors import DETECTORS
from communityrules.library.detectors.bank_card import is_bank_card
from communityrules.library.detectors.digits import luhn
from communityrules.library.detectors.id_card import is_id_card


def found(detector: str, text: str) -> list[str]:
    return [text[one.start : one.end] for one in DETECTORS[detector].find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "138-1234-5678",
        "138 1234 5678",
        "１３８１２３４５６７８",
        "138　1234　5678",
        "+86 138 1234 5678",
        "+8613812345678",
        "0086-13812345678",
        "86 13812345678",
        "19912345678",
        "(021)62345678",
        "0755-26123456",
        "+86-10-62345678",
        "+1 (415) 555-2671",
        "(415) 555-2671",
        "415-555-2671",
        "+44 20 7946 0958",
        "+852 2345 6789",
        "+81 90-1234-5678",
    ],
)
@pytest.mark.parametrize("around", ["{}", "电话{}吧", "call {} now", "({})", "tel:{}", "我的号是{},谢谢"])
def test_phone_numbers(text: str, around: str) -> None:
    if around == "({})" and text.startswith("("):
        pytest.skip("a bracket of its own")
    assert found("phone_number", around.format(text)) == [text]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("13812345678 13912345678", ["13812345678", "13912345678"]),
        ("13812345678,13912345678", ["13812345678", "13912345678"]),
        ("13812345678/13912345678", ["13812345678", "13912345678"]),
        ("vx13812345678", ["13812345678"]),
        ("WeChat:13812345678", ["13812345678"]),
    ],
)
def test_several_phone_numbers(text: str, numbers: list[str]) -> None:
    assert found("phone_number", text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "订单20241008123456",
        "订单号 SN13812345678",
        "2024-10-08 12:00:00",
        "2024-10-08T12:00:00+08:00",
        "￥13812345678",
        "13812345678元",
        "1381,234,5678",
        "1,381,234,567",
        "13812345678.5",
        "0.13812345678",
        "138123456789",
        "113812345678",
        "12345678901",
        "1728360000000",
        "1728360000",
        "+500分",
        "+10000000000",
        "400-123-4567",
        "95588",
        "110",
        "192.168.138.123",
        "3.14159265358979",
        "13812345678abc",
        "138 1234 56789",
        "version 2024.10.8",
        "QQ 123456789",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "16:00-18:00",
        "11010519491231002X",
        "",
    ],
)
def test_no_phone_numbers(text: str) -> None:
    assert found("phone_number", text) == []


def id_card(seventeen: str) -> str:
    return next(seventeen + last for last in "0123456789X" if is_id_card(seventeen + last))


@pytest.mark.parametrize(
    "text", ["11010519491231002X", "11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"]
)
@pytest.mark.parametrize("around", ["{}", "身份证{}。", "id {} ok", "{},13812345678"])
def test_id_cards(text: str, around: str) -> None:
    assert found("id_card", around.format(text)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # wrong check character
        "11010519491331002X",  # month 13
        "99010519491231002X",  # no such region
        "11010518491231002X",  # another century
        "110105491231002",  # the old form
        "1101051949123100",
        "011010519491231002X",
        "11010519491231002XY",
        "202410081234567890",
    ],
)
def test_no_id_cards(text: str) -> None:
    assert found("id_card", text) == []


@given(st.dates(), st.integers(0, 999))
def test_one_check_character_is_right(day: object, serial: int) -> None:
    seventeen = f"110105{str(day).replace('-', '')}{serial:03d}"
    right = [last for last in "0123456789X" if is_id_card(seventeen + last)]
    assert len(right) == (1 if "1900" <= seventeen[6:10] <= "2099" else 0)


@pytest.mark.parametrize(
    "text",
    [
        "6222021234567890128",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "5555555555554444",
        "378282246310005",
        "3782 822463 10005",
        "30569309025904",
        "6011111111111117",
        "3530111333300000",
        "４１１１１１１１１１１１１１１１",
    ],
)
@pytest.mark.parametrize("around", ["{}", "卡号{}。", "card {} please", "卡号:{}"])
def test_bank_cards(text: str, around: str) -> None:
    assert found("bank_card", around.format(text)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # wrong check digit
        "2024100812345678",  # an order number
        "ORDER4111111111111111",
        "62220212345678901",
        "4111111111111111.00",
        "￥4111111111111111",
        "41111111111111111111111",
        "1728360000000000",
        "1 1 1 1 2 2 2 2 3 3 3 3 4 4 4 4",
        "13812345678",
    ],
)
def test_no_bank_cards(text: str) -> None:
    assert found("bank_card", text) == []


def test_an_identity_number_is_no_bank_card() -> None:
    numbers = [id_card(f"62010219{year:02d}0101{serial:03d}") for year in range(50, 90) for serial in range(25)]
    fitting = [number for number in numbers if "X" not in number and luhn(number)]
    assert fitting
    assert not any(is_bank_card(number) for number in fitting)


@pytest.mark.parametrize(
    "text", ["a@b.com", "first.last+tag@mail.example.co.uk", "ＡＢ＠ＱＱ．ＣＯＭ", "123456@qq.com", "user_1@163.com"]
)
@pytest.mark.parametrize("around", ["{}", "邮箱{}吧", "mail {}.", "<{}>"])
def test_emails(text: str, around: str) -> None:
    assert found("email", around.format(text)) == [text]


@pytest.mark.parametrize("text", ["@bob", "a@b", "logo@2x.png", "5 @ 3.50", "me@", "x@y.nothing", "a@b@c", "user@1.2"])
def test_no_emails(text: str) -> None:
    assert found("email", text) == []


def test_links() -> None:
    assert found("link", "看Example.com/a和https://b.example") == ["Example.com/a", "https://b.example"]


@pytest.mark.parametrize("detector", DETECTORS)
@given(text=st.text(st.sampled_from("0123456789Xx+-() .@/:１２a汉w\u200b"), max_size=60))
def test_matches_lie_apart_within_the_text(detector: str, text: str) -> None:
    end = 0
    for one in DETECTORS[detector].find(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize(
    "piece",
    ["1", "1 ", "13812345678 ", "a", "a.", "a@", "@a.", "-", "+1 ", "(0", "1.", "1-", "汉", "://", "a://", "x@a.com "],
)
def test_long_texts_cost_little(detector: str, piece: str) -> None:
    text = (piece * 70_000)[:70_000]
    before = time.perf_counter()
    for _ in DETECTORS[detector].find(text):
        pass
    assert time.perf_counter() - before < 5
