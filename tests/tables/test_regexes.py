"""Words and Python's expressions as patterns: what they find, and what is said of what they cannot."""

from __future__ import annotations

import re

import pytest

from communityrules.library.patterns import PatternMatcher
from communityrules.tables.regexes import Lost, Method, literal, pattern, patterns


def found(values: list[str], text: str, method: Method = "includes-word", **how: bool) -> bool:
    made = patterns(values, method, **how)
    assert not made.lost
    return any(PatternMatcher(one).found(text) for one in made.patterns)


@pytest.mark.parametrize(
    ("values", "text", "is_there"),
    [
        (["ass"], "an ass!", True), (["ass"], "class", False), (["ass"], "ASS", True), (["ass"], "ass_", False),
        (["[Meta]"], "x[meta]y", True), (["$5"], "US$5", True), (["$5"], "US$55", False), (["c++"], "C++11", True),
        (["café"], "cafés", False), (["汉"], "汉字", False), (["汉"], "(汉)", True), (["a/b"], "see a/b", True),
        (["a\nb"], "a\nb", True), (["two words"], "in two words.", True),
    ],
)  # fmt: skip
def test_whole_words(values: list[str], text: str, is_there: bool) -> None:
    assert found(values, text) is is_there


@pytest.mark.parametrize(
    ("method", "fits", "does_not"),
    [
        ("includes", "class", "clas"), ("starts-with", "assay", "an ass"), ("ends-with", "an ass", "asset"),
        ("full-exact", "ass", "ass!"), ("full-text", "  ass!!", "my ass"), ("domain", "m.ass", "mass"),
    ],
)  # fmt: skip
def test_other_ways_to_look(method: Method, fits: str, does_not: str) -> None:
    assert found(["ass"], fits, method)
    assert not found(["ass"], does_not, method)


EXPRESSIONS = [
    r"\bsale\b", r"(?i)sale", r"sal(e|t)s?", r".*sale", r"^sale", r"sale$", r"(?:sale|\d{3})", r"\(?sale\)?", r"a{,2}b",
    r"[a-f]+\d", r"(sale|[.!?])x?", r"s.le", r"\$\d+", r"(?#money)\d+", r"x|\bsale", r"(\bsale\b|y)",
    r"\+?[\d ]{2,}", r"[^a-z]+", r"s.", r"\S+", r"\D", r"a(b|!)", r"(a(1|!b?)+)", r"[]x!]+", r"[^]x]s?", r".+l.",
    r"(?:s|\()\w*",
]  # fmt: skip
TEXTS = [
    "sale", "sales", "a sale.", "resale", "SALT", "sale\nx", "(sale)", "123", "a1b2", "$55", "aab", "b", "x", "?x",
    "wholesale!", "sale汉", "汉sale", "", "_sale", "y.",
]  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("method", ["includes-word", "includes", "starts-with", "full-exact"])
def test_expressions_find_what_python_finds(expression: str, method: Method) -> None:
    wrapped = {
        "includes-word": r"(?:^|\W|\b)(?:{})(?:$|\W|\b)", "includes": "(?:{})", "starts-with": "^(?:{})",
        "full-exact": r"^(?:{})\Z",
    }[method]  # fmt: skip
    made = patterns([expression], method, regex=True)
    assert not made.lost
    plain = re.compile(wrapped.replace("{}", expression.replace("(?i)", "")), re.IGNORECASE | re.DOTALL)
    matchers = [PatternMatcher(one) for one in made.patterns]
    for text in TEXTS:
        if made.latin_edges and not text.isascii():
            continue
        assert any(one.found(text) for one in matchers) == (plain.search(text) is not None), (text, made.patterns)


@pytest.mark.parametrize("expression", [r"(\w)\1", r"a(?=b)(?!c)d*", r"(", r"(?x) a b", "", r"[b-a]", r"a{2000}"])
def test_what_cannot_run_is_lost_with_its_reason(expression: str) -> None:
    made = patterns([expression, "plain"], regex=True)
    assert len(made.patterns) >= 1
    for one in made.lost:
        assert one.value == expression
        assert one.why.en
        assert one.why.zh


def test_long_lists_are_cut_into_patterns_that_can_be_read() -> None:
    words = [f"word{number}" for number in range(2000)]
    made = patterns(words)
    assert 10 < len(made.patterns) < 40
    assert all(len(one) < 1400 for one in made.patterns)
    assert any(PatternMatcher(one).found("a word1999.") for one in made.patterns)


def test_a_pattern_by_itself() -> None:
    assert pattern("a/b+", ignore_case=True) == r"(?i)a\/b+"
    assert pattern("(?i)x", ignore_case=False) == "(?i)x"
    assert isinstance(pattern(r"(a)\1", ignore_case=False), Lost)


def test_signs_stand_for_themselves() -> None:
    for text in ("a.b*c/d\\e", "tab\there", "\u200bzero", "“quotes”", "{x}"):
        assert PatternMatcher(literal(text)).found(f"<{text}>")
        assert "/" not in literal(text).replace("\\/", "")


def test_whether_a_pattern_fits_nothing_at_all() -> None:
    assert patterns(["^$", "a"], "includes", regex=True).fits_empty
    assert not patterns(["a"], regex=True).fits_empty
    assert not patterns(["a"]).fits_empty
    for one in (".*", "a?", "(a|b)*", "(x?)"):
        made = patterns([one], regex=True)
        assert made.fits_empty
        assert not made.lost
