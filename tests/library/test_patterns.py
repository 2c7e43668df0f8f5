"""Patterns: what they find, what is refused and why, and how else to write it."""

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from communityrules.library.fold import MAX_TEXT, fold_text
from communityrules.library.patterns import REASONS, PatternMatcher, PatternRefused


def found(pattern: str, text: str) -> list[str]:
    return [text[one.start : one.end] for one in PatternMatcher(pattern).find(text)]


def refused(pattern: str) -> PatternRefused:
    with pytest.raises(PatternRefused) as caught:
        PatternMatcher(pattern)
    return caught.value


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"\b[A-Z]{2}\d{8}\b", "单号AB12345678吧", ["AB12345678"]),
        (r"\b[A-Z]{2}\d{8}\b", "xAB12345678", []),
        (r"\bvip\b", "加vip群 vips", ["vip"]),
        (r"\d+", "1２３", ["1２３"]),
        (r"\w+", "你好 world_1!", ["你好", "world_1"]),
        (r"\W+", "你好 world_1!", [" ", "!"]),
        (r"\s", "a\u3000b\x1cc\u2028", ["\u3000", "\x1c", "\u2028"]),
        (r"\S+", "a\u3000b", ["a", "b"]),
        (r"\D+", "1２a汉", ["a汉"]),
        (r"[\W]+", "a_ 汉!", [" ", "!"]),
        (r"[^\W]+", "a_ 汉!", ["a_", "汉"]),
        (r"[\S]+", "a\u3000b c", ["a", "b", "c"]),
        (r"[^\s]+", "a\u3000b c", ["a", "b", "c"]),
        (r"[\D]+", "1a2", ["a"]),
        (r"\u4e00|\x41|\x{42}|\U00000043", "一ABC", ["一", "A", "B", "C"]),
        (r"\p{Han}+", "abc汉字", ["汉字"]),
        (r"[[:alpha:]]+", "ab1", ["ab"]),
        (r"[]a-]+", "]a-", ["]a-"]),
        (r"[^]]+", "a]b", ["a", "b"]),
        (r"a{,3}", "a{,3}", ["a{,3}"]),
        (r"a{2", "a{2", ["a{2"]),
        (r"(?i)vx", "VX vX", ["VX", "vX"]),
        (r"a(?i:b)c", "aBc aBC", ["aBc"]),
        (r"(?P<name>a)(?<other>b)", "ab", ["ab"]),
        (r"a(?#comment)b", "ab", ["ab"]),
        (r"end\Z", "the end", ["end"]),
        (r"^a.c$", "a\nc", []),
        (r"(?s)^a.c$", "a\nc", ["a\nc"]),
        (r"(?m)^b$", "a\nb", ["b"]),
        (r"a*?b", "aab", ["aab"]),
        (r"a*", "baab", ["aa"]),
        (r"\.\/\-\@\_\汉", "./-@_汉", ["./-@_汉"]),
        (r"[\b\n]", "a\b\n", ["\b", "\n"]),
        (r"\0\07", "\0\7", ["\0\7"]),
        ("加.?微.?信", "加-微-信 加微信", ["加-微-信", "加微信"]),
        (r"\t", "\t", ["\t"]),
        (r"x{2,}y{1,2}z{3}", "xxxyyzzz", ["xxxyyzzz"]),
        ("", "ab", []),
    ],
)
def test_what_patterns_find(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected
    assert PatternMatcher(pattern).found(text) is (bool(expected) or PatternMatcher(pattern).fits_everything)


@pytest.mark.parametrize(
    ("pattern", "reason", "place", "rewrite"),
    [
        (r"foo(?=bar)", "look_ahead", "(?=bar)", "foo(?:bar)"),
        (r"(?<=foo)bar", "look_behind", "(?<=foo)", "(?:foo)bar"),
        (r"(?<!\d)1\d{10}(?!\d)", "look_behind", r"(?<!\d)", r"(?:^|\D)1\d{10}(?:\D|$)"),
        (r"a(?![xy])", "look_ahead", "(?![xy])", "a(?:[^xy]|$)"),
        (r"a(?![^xy])", "look_ahead", "(?![^xy])", "a(?:[xy]|$)"),
        (r"(?i)a(?!b)", "look_ahead", "(?!b)", "(?i)a(?:[^b]|$)"),
        (r"a(?!bc)", "look_ahead", "(?!bc)", None),
        (r"^(?=.*\d)x", "look_ahead", r"(?=.*\d)", None),
        (r"x|a(?!b)", "look_ahead", "(?!b)", None),
        (r"(a)\1", "back_reference", r"\1", None),
        (r"(?P<a>a)(?P=a)", "back_reference", "(?P=a)", None),
        (r"(?<a>a)\k<a>", "back_reference", r"\k<a>", None),
        (r"a++b(?>c)", "possessive", "+", "a+b(?:c)"),
        (r"(?>a+)b", "atomic_group", "(?>a+)", "(?:a+)b"),
        (r"(?(1)a)", "condition", "(?(", None),
        (r"(?R)", "condition", "(?R", None),
        (r"\b加微信\b", "boundary_beside_wide", r"\b", "加微信"),
        (r"加\b微", "boundary_beside_wide", r"\b", "加微"),
        (r"\d+\b元", "boundary_beside_wide", r"\b", r"\d+元"),
        (r"[\u4e00-\u9fff]\b", "boundary_beside_wide", r"\b", r"[\u4e00-\u9fff]"),
        (r"\p{Han}\b", "boundary_beside_wide", r"\b", r"\p{Han}"),
        (r"(?:vip|群)\b", "boundary_beside_wide", r"\b", "(?:vip|群)"),
        (r"群?\bvip", "boundary_beside_wide", r"\b", "群?vip"),
        (r"群x?\bvip", "boundary_beside_wide", r"\b", "群x?vip"),
        (r"(?:\bvip|加)+x", "boundary_beside_wide", r"\b", "(?:vip|加)+x"),
        (r"\q", "unknown_escape", r"\q", None),
        (r"a\xZZ", "unknown_escape", r"\xZZ", None),
        (r"\ud800", "unknown_escape", r"\ud800", None),
        (r"a\p{Foo}", "unknown_class", r"\p{Foo}", None),
        (r"[[:foo:]]", "unknown_class", "[:foo:]", None),
        (r"(?x)a", "unknown_flag", "(?x)", None),
        (r"[z-a]", "bad_range", "z-a", None),
        (r"a{3,2}", "bad_range", "{3,2}", None),
        (r"*a", "bad_repeat", "*", None),
        (r"a|*", "bad_repeat", "*", None),
        (r"a**", "bad_repeat", "*", None),
        (r"^*", "bad_repeat", "*", None),
        (r"a{1001}", "repeat_too_large", "{1001}", None),
        (r"(?:(?:a{100}){100}){10}", "repeat_too_large", "(?:(?:a{100}){100}){10}", None),
        (r"[a", "unclosed_class", "[", None),
        (r"(a", "unclosed_group", "(", None),
        (r"a(?#b", "unclosed_group", "(", None),
        (r"a)", "unopened_group", ")", None),
        (r"(?P<1>a)", "bad_group", "(?P", None),
        (r"(?~a)", "bad_group", "(?", None),
        ("a\\", "dangling_escape", "\\", None),
    ],
)
def test_what_is_refused(pattern: str, reason: str, place: str, rewrite: str | None) -> None:
    error = refused(pattern)
    assert (error.reason, error.rewrite) == (reason, rewrite)
    assert pattern[error.start : error.end] == place
    assert error.text is REASONS[reason]


def test_limits() -> None:
    assert refused("x" * 5000).reason == "too_long"
    assert refused("(" * 200 + "a" + ")" * 200).reason == "too_deep"
    assert refused("(" * 4000).reason == "too_deep"
    assert PatternMatcher("(" * 100 + "a" + ")" * 100).found("a")
    assert refused("(" + "|".join(rf"\p{{L}}{{{n}}}" for n in range(400, 600)) + ")").reason in (
        "too_large",
        "repeat_too_large",
    )


def test_every_reason_is_in_both_languages() -> None:
    for text in REASONS.values():
        assert text.en
        assert text.zh
        assert text.en != text.zh


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?<!\d)1\d{10}(?!\d)", "a13812345678b"),
        (r"(?<!\d)1\d{10}(?!\d)", "13812345678"),
        (r"(?<!\d)1\d{10}(?!\d)", "913812345678"),
        (r"(?<!\d)1\d{10}(?!\d)", "138123456789"),
        (r"foo(?=bar)", "foobar"),
        (r"foo(?=bar)", "foobaz"),
        (r"a(?![xy])", "ax"),
        (r"a(?![xy])", "a"),
    ],
)
def test_a_rewrite_finds_the_same_texts(pattern: str, text: str) -> None:
    rewrite = refused(pattern).rewrite
    assert rewrite is not None
    assert PatternMatcher(rewrite).found(text) is (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    ("pattern", "everything"), [("a*", True), ("", True), ("a|", True), ("a+", False), (r"\b", False)]
)
def test_patterns_that_fit_everything(pattern: str, everything: bool) -> None:
    assert PatternMatcher(pattern).fits_everything is everything


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"加微信\d+", ("加微信",)),
        (r"(?:加|薇|v)[信x]", ("v", "加", "薇")),
        (r"(?i)VIP\d*", ("vip",)),
        (r"\d+", ()),
        (r"a?b", ("b",)),
        (r"(?:ab|\d)c", ("c",)),
        (r"ab cd", ("ab",)),
        (r"(?:free)+ (?:money|cash)", ("free",)),
        (r"é+", ()),
    ],
)
def test_literals_that_a_pattern_requires(pattern: str, literals: tuple[str, ...]) -> None:
    assert PatternMatcher(pattern).required == literals


PATTERNS = st.recursive(
    st.sampled_from(["a", "B", "加", r"\d", r"\w", "[ab加]", "[^a]", ".", " ", "é", "1", r"\.", r"\s", "ab"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        inner.map(lambda one: f"({one})"),
        inner.map(lambda one: f"(?:{one})?"),
        inner.map(lambda one: f"(?:{one})+"),
        inner.map(lambda one: f"(?:{one}){{1,2}}"),
        inner.map(lambda one: f"(?i:{one})"),
    ),
    max_leaves=8,
)
SUBJECTS = st.text("aAbB加1１ é.\u0301\n_", max_size=12)


@given(PATTERNS, SUBJECTS)
def test_against_the_regular_expressions_of_python(pattern: str, text: str) -> None:
    """Both know the same texts; where several ways fit, both choose the leftmost."""
    # Python's `\\w` leaves marks out, which belong to the letter before them.
    assume("\u0301" not in text or r"\w" not in pattern)
    theirs = re.search(pattern, text)
    ours = PatternMatcher(pattern).search(text)
    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert ours.start == theirs.start()


@given(PATTERNS, SUBJECTS)
def test_a_text_that_fits_holds_what_is_required(pattern: str, text: str) -> None:
    matcher = PatternMatcher(pattern)
    if matcher.found(text) and matcher.required:
        folded = fold_text(text)
        assert any(literal in folded for literal in matcher.required)


@given(st.text(st.sampled_from("ab()[]{}|*+?\\^$.-,:<>=!PiImdwbsx019加 "), max_size=14))
def test_any_text_is_a_pattern_or_refused(pattern: str) -> None:
    refusal = None
    try:
        PatternMatcher(pattern).find("ab加 1")
    except PatternRefused as error:
        refusal = error
    if refusal is not None:
        assert refusal.reason in REASONS
        assert 0 <= refusal.start <= refusal.end <= len(pattern)
        if refusal.rewrite is not None:
            PatternMatcher(refusal.rewrite)


def test_time_is_linear() -> None:
    text = "a" * MAX_TEXT + "!"
    before = time.perf_counter()
    assert not PatternMatcher(r"^([A-Za-z]|[A-Za-z][0-9]*|[0-9]*[A-Za-z])+$").found(text[: MAX_TEXT - 1] + "!")
    assert time.perf_counter() - before < 2


def test_only_the_beginning_of_a_long_text_is_searched() -> None:
    assert not PatternMatcher("b").found("a" * MAX_TEXT + "b")


def test_half_characters_do_no_harm() -> None:
    assert found("a.b", "a\ud800b") == ["a\ud800b"]
