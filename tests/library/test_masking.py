"""Covering personal data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityrules.library.detectors import DETECTORS
from communityrules.library.functions import FUNCTIONS
from communityrules.library.masking import mask, masked


@pytest.mark.parametrize(
    ("detector", "found", "shown"),
    [
        ("phone_number", "13812341234", "138****1234"),
        ("phone_number", "138-1234-5678", "138-****-5678"),
        ("phone_number", "+86 138 1234 5678", "+86 138 **** 5678"),
        ("phone_number", "+44 20 7946 0958", "+44 2* **** 0958"),
        ("id_card", "11010519491231002X", "110***********002X"),
        ("bank_card", "6222021234561234", "6222********1234"),
        ("bank_card", "6222 0212 3456 1234", "6222 **** **** 1234"),
        ("email", "alice@host.example", "a***@host.example"),
        ("email", "bob (at) host dot com", "b*** (at) host dot com"),
        ("messenger_id", "abc_12345", "ab*_****5"),
        ("group_invite", "https://t.me/+AbCd123", "https://t.me/+Ab*****"),
        ("group_invite", "123456789", "12*******"),
        ("postal_address", "朝阳区建国路88号", "朝阳区建国路**号"),
        ("money_amount", "500元", "500元"),
        ("link", "https://a.example/x", "https://a.example/x"),
    ],
)
def test_what_is_covered(detector: str, found: str, shown: str) -> None:
    assert mask(detector, found) == shown


def test_a_message_stays_readable() -> None:
    text = "找我13812345678或alice@host.com,卡4111 1111 1111 1111,微信：wxid_9876,价格500元"
    assert masked(text) == "找我138****5678或a***@host.com,卡4111 **** **** 1111,微信：wx**_***6,价格500元"


def test_it_is_a_function_of_rules() -> None:
    function = FUNCTIONS["masked"]
    assert function.run("call 13812345678") == "call 138****5678"
    assert function.names.zh == "打码"


PIECES = st.sampled_from(
    (
        *("13812345678", "11010519491231002X", "4111111111111111", "a@b.com", "微信：abc_123", "QQ 12345678", "你好"),
        *(" ", "1", "-", "一三八一二三四五六七八"),
    )
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=8).map("".join))
def test_nothing_personal_is_left(text: str) -> None:
    shown = masked(text)
    for detector in ("id_card", "bank_card", "phone_number"):
        assert not list(DETECTORS[detector].find(shown))


@pytest.mark.parametrize("text", ["t.me/+AbCdEf123", "https://discord.gg/abc123 !", "**t.me/+AbCdEf123**"])
def test_a_covered_invitation_stays_as_it_is(text: str) -> None:
    covered = masked(text)
    assert "Ab*" in covered or "ab*" in covered
    assert masked(covered) == covered
