"""Folding: what looks alike folds alike, everywhere the same, and spans lead back to the original."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityrules.library import fold as module
from communityrules.library.fold import MAX_TEXT, STEPS, at_word_edges, fold, fold_text
from communityrules.library.fold_ranges import RANGES, changes
from communityrules.library.narrow import narrow

#: Texts rich in what folding has to deal with.
TEXTS = st.text(
    st.one_of(
        st.sampled_from(
            "aAbBzZ09 \t\n汉字加微信。，！ａＢ１①㎏ßİéñ\u0301\u0336\u200b\u200d\ufe0f\u3000ｶﾞガ각가\u1100\u1161ﬁ"
        ),
        st.characters(),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hello", "hello"),
        ("ＡＢｃ１２", "abc12"),
        ("加\u200b微\u200d信", "加微信"),
        ("ｅａｒｎ　ｆｒｏｍ　ｈｏｍｅ", "earn from home"),
        ("earn  from\n home", "earn from home"),
        ("I\u0308\u0336d\u0336i\u0336ot", "idiot"),
        ("Café", "cafe"),
        ("STRASSE straße", "strasse strasse"),
        ("①②③ ㎏", "123 kg"),
        ("𝐀𝐝𝐬", "ads"),
        ("ｶﾞ", "ガ"),
        ("か\u3099", "が"),
        ("각", "각"),
        (unicodedata.normalize("NFD", "각"), "각"),
        ("", ""),
        ("\u200b", ""),
        ("\x00a\x7fb", "ab"),
        ("\ud800A", "\ud800a"),
    ],
)
def test_examples(text: str, folded: str) -> None:
    assert fold_text(text) == folded


def test_steps_are_named_and_documented() -> None:
    assert [step.name for step in STEPS] == ["invisible", "width", "case", "marks"]
    assert all(type(step).__doc__ for step in STEPS)


def test_a_plain_text_keeps_its_places() -> None:
    assert fold("plain text").span(2, 4) == (2, 4)
    assert fold("今天，很好").span(0, 2) == (0, 2)


@pytest.mark.parametrize(
    ("text", "found", "original"),
    [
        ("x 加\u200b微\u200b信 y", "加微信", "加\u200b微\u200b信"),
        ("5㎏ x", "kg", "㎏"),
        ("5㎏ x", "g", "㎏"),
        ("i\u0336d\u0336i\u0336o\u0336t\u0336 x", "idiot", "i\u0336d\u0336i\u0336o\u0336t\u0336"),
        ("a  \n b", "a b", "a  \n b"),
        ("ab\u200b\u200b cd", "ab", "ab"),
        ("か\u3099x", "が", "か\u3099"),
        ("ab   ", "b", "b"),
    ],
)
def test_spans_lead_back(text: str, found: str, original: str) -> None:
    folded = fold(text)
    at = folded.text.index(found)
    start, end = folded.span(at, at + len(found))
    assert text[start:end] == original


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold_text(text)
    assert fold_text(once) == once


@given(TEXTS, st.data())
def test_every_span_holds_what_was_found_in_it(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    first, last = folded.span(start, end)
    assert 0 <= first <= last <= len(text)
    if start < end:
        # Runs of spaces are one space in what was found, and are cut where the span cuts them.
        assert folded.text[start:end].strip() in fold_text(text[first:last])


@given(TEXTS)
def test_the_quick_way_and_the_slow_way_agree(text: str) -> None:
    quick = fold(text)
    slow = module.Folded(*module._fold_slowly(text)[:1], text, module._fold_slowly(text)[1])
    assert quick.text == slow.text
    for at in range(len(quick.text)):
        assert quick.span(at, at + 1) == slow.span(at, at + 1)


@given(TEXTS)
def test_spans_of_neighbours_follow_each_other(text: str) -> None:
    folded = fold(text)
    spans = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert spans == sorted(spans)
    assert all(start < end for start, end in spans)


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    folded = fold("a" * MAX_TEXT + "b")
    assert len(folded.text) == len(folded.original) == MAX_TEXT


@pytest.mark.skipif(
    unicodedata.unidata_version != "14.0.0", reason="only a Python with this version of Unicode can tell"
)
def test_ranges_hold_every_character_that_unicode_14_changes() -> None:
    for code_point in range(0x110000):
        char = chr(code_point)
        hangul = 0xAC00 <= code_point <= 0xD7A3
        if hangul or unicodedata.category(char) == "Cs":
            continue
        plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKD", char).casefold())
        assert plain == char or changes(code_point) or unicodedata.category(char) == "Cn", hex(code_point)


@pytest.mark.skipif(
    unicodedata.unidata_version != "14.0.0", reason="only a Python with this version of Unicode can tell"
)
def test_ranges_hold_no_character_that_a_later_unicode_could_change() -> None:
    unassigned = [
        code_point
        for low, high in RANGES
        for code_point in range(low, high + 1)
        if unicodedata.category(chr(code_point)) == "Cn" and fold_text(chr(code_point)) != ""
    ]
    assert unassigned == []


def test_folding_is_the_same_on_every_python() -> None:
    """The digest of what every character folds to. It must never change by itself."""
    known = (*RANGES, *module._INVISIBLE, *module._JOINING, (0, 0x17F))
    every = "\n".join(fold_text(chr(code_point)) for low, high in known for code_point in range(low, high + 1))
    assert hashlib.sha256(every.encode()).hexdigest()[:16] == "720926131b78cb27"


@pytest.mark.parametrize(
    ("text", "narrowed"),
    [
        ("１３８－００００", "138-0000"),
        ("ＡＢ．ｃｏｍ", "AB.com"),
        ("好，的！", "好，的！"),
        ("a\u00a0b", "a b"),
        ("①", "1"),
        ("汉", "汉"),
    ],
)
def test_narrow(text: str, narrowed: str) -> None:
    assert narrow(text) == narrowed


@given(TEXTS)
def test_narrow_keeps_every_place(text: str) -> None:
    narrowed = narrow(text)
    assert len(narrowed) == len(text)
    assert all(one == other or one.isascii() for one, other in zip(narrowed, text, strict=True))


@pytest.mark.parametrize(
    ("text", "word", "stands"),
    [
        ("class", "ass", False),
        ("ass", "ass", True),
        ("an ass!", "ass", True),
        ("加vx群", "vx", True),
        ("加vx123", "vx", True),
        ("12345", "234", False),
        ("a234b", "234", True),
        ("naïveté", "té", False),
        ("спамер", "спам", False),
        ("спам!", "спам", True),
        ("加微信号", "微信", True),
        ("_ass_", "ass", True),
    ],
)
def test_word_edges(text: str, word: str, stands: bool) -> None:
    at = text.index(word)
    assert at_word_edges(text, at, at + len(word)) is stands
