"""Every coded message: unique codes, both languages, the same placeholders in each."""

from __future__ import annotations

import re
import types

import pytest

from communityrules.checker.messages import ALL_MESSAGES, gather
from communityrules.diagnostics.message import Bilingual, Message

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def texts(message: Message) -> tuple[Bilingual, Bilingual, Bilingual]:
    return message.title, message.text, message.hint


@pytest.mark.parametrize("code", ALL_MESSAGES)
def test_both_languages_say_something_with_the_same_placeholders(code: str) -> None:
    for text in texts(ALL_MESSAGES[code]):
        assert text.en.strip()
        assert text.zh.strip()
        assert set(_PLACEHOLDER.findall(text.en)) == set(_PLACEHOLDER.findall(text.zh))


@pytest.mark.parametrize("code", ALL_MESSAGES)
def test_codes_are_cr_and_three_digits(code: str) -> None:
    assert re.fullmatch(r"CR[1-7][0-9]{2}", code)
    assert ALL_MESSAGES[code].code == code


def test_a_code_is_declared_once() -> None:
    one, other = types.ModuleType("one"), types.ModuleType("other")
    words = Bilingual("x", "x")
    vars(one)["A"] = Message("CR999", "error", words, words, words)
    vars(other)["B"] = Message("CR999", "warning", words, words, words)
    with pytest.raises(ValueError, match="CR999"):
        gather([one, other])


def test_words_of_ours_inside_a_message_follow_its_language() -> None:
    text = Bilingual("`{name}` is {type}", "`{name}` 是{type}")
    values = {"name": "{type}", "type": Bilingual("a text", "文本")}
    assert text.fill("en", values) == "`{type}` is a text"
    assert text.fill("zh", values) == "`{type}` 是文本"
