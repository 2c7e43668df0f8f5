"""Words and domains in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityrules.library.declare import Match
from communityrules.library.disguise.steps import USUAL, Seeing
from communityrules.library.fold import at_word_edges, fold, fold_text
from communityrules.library.matching import WordMatcher


def found(matcher: WordMatcher, text: str) -> list[tuple[str, str | None]]:
    return [(text[one.start : one.end], one.word) for one in matcher.find(text)]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["加微信"], "快来加微信聊", [("加微信", "加微信")]),
        (["加微信"], "快来 加\u200b微\u200b信 聊", [("加\u200b微\u200b信", "加微信")]),
        (["ass"], "class assess", []),
        (["ass"], "ASS!", [("ASS", "ass")]),
        (["ＢＵＹ"], "buy", [("buy", "ＢＵＹ")]),
        (["earn from home"], "Earn  from\nhome now", [("Earn  from\nhome", "earn from home")]),
        (["微信", "加微信"], "加微信", [("加微信", "加微信"), ("微信", "微信")]),
        (["idiot", "傻瓜"], "i\u0301diot 傻瓜", [("i\u0301diot", "idiot"), ("傻瓜", "傻瓜")]),
        (["A", "a"], "a", [("a", "A")]),
        (["café"], "CAFE", [("CAFE", "café")]),
        ([], "anything", []),
        (["\u200b"], "anything", []),
        (["!!"], "wow!!!", [("!!", "!!"), ("!!", "!!")]),
        (["vx"], "加VX123", [("VX", "vx")]),
        (["\ud800x"], "\ud800x", [("\ud800x", "\ud800x")]),
    ],
)
def test_words(words: list[str], text: str, expected: list[tuple[str, str]]) -> None:
    matcher = WordMatcher(words)
    assert found(matcher, text) == expected
    assert matcher.contains(text) is bool(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("BUY NOW!", True), ("buy now", False), ("ＢＵＹ ＮＯＷ", False), ("xBUY NOW", False), ("BUY  NOW", False)],
)
def test_exactly_sees_no_disguise(text: str, expected: bool) -> None:
    matcher = WordMatcher(["BUY NOW"], exactly=True)
    assert matcher.contains(text) is expected
    assert bool(matcher.find(text)) is expected


def test_a_folded_text_can_be_looked_through_again() -> None:
    folded = fold("Ｈｅｌｌｏ WORLD")
    assert WordMatcher(["hello"]).find_in(folded) == (Match(0, 5, "hello"),)
    assert WordMatcher(["WORLD"], exactly=True).find_in(folded) == (Match(6, 11, "WORLD"),)


def test_all_of_the_words() -> None:
    matcher = WordMatcher(["加微信", "free"])
    assert matcher.contains_all("FREE 加微信")
    assert not matcher.contains_all("FREE")
    assert WordMatcher([]).contains_all("anything")


def test_the_whole_text() -> None:
    matcher = WordMatcher(["Owner"])
    assert matcher.equals("ＯＷＮＥＲ")
    assert not matcher.equals("owners")


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("Sale: x", True, False),
        ("  sale", True, True),
        ("sales", False, False),
        ("no Sale ", False, True),
        ("", False, False),
    ],
)
def test_beginning_and_end(text: str, starts: bool, ends: bool) -> None:
    matcher = WordMatcher(["sale"])
    assert matcher.starts(text) is starts
    assert matcher.ends(text) is ends


ALPHABET = "aAbＢ1加微 \u200b\u0301ß㎏"


@given(st.lists(st.text(ALPHABET, min_size=1, max_size=3), max_size=4), st.text(ALPHABET, max_size=20))
def test_against_looking_everywhere(words: list[str], text: str) -> None:
    """The automaton finds exactly what looking at every place finds; and what stands there folds to the word."""
    matcher = WordMatcher(words)
    folded = fold(text)
    expected = set()
    for word in words:
        pattern = fold_text(word)
        for at in range(len(folded.text) - len(pattern) + 1):
            if pattern and folded.text.startswith(pattern, at) and at_word_edges(folded.text, at, at + len(pattern)):
                expected.add(folded.span(at, at + len(pattern)))
    matches = matcher.find(text)
    assert {(one.start, one.end) for one in matches if not one.seen} == expected
    assert matcher.contains(text) is bool(matches)
    for one in matches:
        assert one.word in words
        assert one.seen or fold_text(one.word or "").strip() in fold_text(text[one.start : one.end])
    assert list(matches) == sorted(matches, key=lambda one: (one.start, one.end))


@pytest.mark.parametrize(
    ("words", "without", "text", "quoted"),
    [
        (["FREE"], "case", "FREE free F.R.E.E f.r.e.e", ["FREE", "F.R.E.E"]),
        (["FREE", "free"], "case", "FREE", ["FREE"]),
        (["FREE", "free"], "case", "free", ["free"]),
        (["Straße"], "case", "Straße", ["Straße"]),
        (["Straße"], "case", "STRASSE", []),
        (["É"], "marks", "É E", ["É"]),
        (["é"], "marks", "É", ["É"]),
        (["ＶＸ"], "width", "ＶＸ VX", ["ＶＸ"]),
        (["ＶＸ"], "case", "VX vx", ["VX"]),
        (["㎏"], "width", "㎏ kg", ["㎏"]),
        (["c++"], "width", "c++ ｃ++ C++", ["c++", "C++"]),
        (["!!"], "case", "wow!!", ["!!"]),
        (["か\u3099"], "case", "か\u3099", ["か\u3099"]),
        (["加\u200b微"], "invisible", "加\u200b微", ["加\u200b微"]),
        (["IDIOT"], "case", "1D10T 1d10t", ["1D10T"]),
        (["FREE"], "case", "FREEEEE freeeee", ["FREEEEE"]),
    ],
)
def test_words_are_compared_as_written_where_a_step_of_folding_is_off(
    words: list[str], without: str, text: str, quoted: list[str]
) -> None:
    matcher = WordMatcher(words, seeing=Seeing(USUAL - {without}))
    assert [text[one.start : one.end] for one in matcher.find(text)] == quoted
    assert matcher.contains(text) is bool(quoted)


def test_a_gap_beside_a_character_of_several_letters_is_told() -> None:
    """`㎏` is two letters, so three letters may fill three places and still not stand together."""
    (found,) = WordMatcher(["1㎏"]).find("1 ㎏")
    assert (found.start, found.end, found.seen) == (0, 3, "separators")
    (found,) = WordMatcher(["1㎏"]).find("1㎏")
    assert (found.start, found.end, found.seen) == (0, 2, "")
