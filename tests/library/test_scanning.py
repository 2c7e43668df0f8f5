"""Both matchers tell the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityrules.library.scanning import FAST, Scanner, in_bytes, in_text

TEXTS = st.text(st.sampled_from("ab加微信 é🐷"), max_size=30)
WORDS = st.lists(st.text(st.sampled_from("ab加微信é🐷"), min_size=1, max_size=3), min_size=1, max_size=8, unique=True)


def _found(scanner: Scanner, text: str | bytes) -> list[int]:
    return sorted(hit[scanner.number] for hit in scanner.scan(text))


@given(WORDS, TEXTS)
def test_the_same_words_are_found(words: list[str], text: str) -> None:
    wanted = sorted(number for number, word in enumerate(words) for at in range(len(text)) if text.startswith(word, at))
    for fast in {FAST, False}:
        assert _found(in_text(words, fast), text) == wanted
        assert _found(in_bytes(words, fast), text.encode()) == wanted


@pytest.mark.parametrize(
    "fast", [False, pytest.param(True, marks=pytest.mark.skipif(not FAST, reason="daachorse is not installed"))]
)
def test_halves_of_characters_are_refused(fast: bool) -> None:
    with pytest.raises(UnicodeEncodeError):
        in_text(["a"], fast).scan("a\ud800")
