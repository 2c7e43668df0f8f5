"""Patterns: what they find, what is refused and why, and how else to write it."""

import re
import sys
import time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from communityrules.library.fold import MAX_TEXT, fold_text
from communityrules.library.patterns import REASONS, PatternMatcher, PatternRefused, matcher, required_by, usable
from communityrules.library.patterns.literals import Required
from communityrules.library.patterns.matcher import let_go
from communityrules.library.patterns.syntax import parse
from communityrules.library.patterns.tree import counted_places


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
        # What going back over a text could not change is taken as written without it.
        (r"\d++元", "12元", ["12元"]),
        (r"(?>foo|bar)x", "foox barx", ["foox", "barx"]),
        (r"a++b(?>c)", "aabc", ["aabc"]),
        (r"(?>\d+)(?:元|块)", "5块", ["5块"]),
        # Spellings of other engines.
        (r"(?'name'a)(?|b|c)", "ac", ["ac"]),
        (r"\h+\R", "a \t\r\nb", [" \t\r\n"]),
        (r"\Qa.b*\E+", "a.b**", ["a.b**"]),
        (r"[\h,]+[^\P{Emoji}]", "a, 🚀", [", 🚀"]),
        (r"\p{Script=Han}+\p{Letter}\p{IsHan}", "汉字a汉", ["汉字a汉"]),
        (r"\p{Emoji}", "a🚀1", ["🚀"]),
        (r"(?iu)vx", "VX", ["VX"]),
        (r"\e\cA", "\x1b\x01", ["\x1b\x01"]),
        (r"\#\!\:\;\,\=\<\>\&\%\~\`\'\"\ ", "#!:;,=<>&%~`'\" ", ["#!:;,=<>&%~`'\" "]),
    ],
)
def test_what_patterns_find(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected
    assert PatternMatcher(pattern).found(text) is (bool(expected) or PatternMatcher(pattern).fits_everything)


@pytest.mark.parametrize(
    ("pattern", "reason", "place", "rewrite"),
    [
        (r"foo(?=bar)", "look_ahead", "(?=bar)", "foobar"),
        (r"(?<=foo)bar", "look_behind", "(?<=foo)", "foobar"),
        (r"(?<!\d)1\d{10}(?!\d)", "look_behind", r"(?<!\d)", r"(?:\A|\D)1\d{10}(?:\z|\D)"),
        (r"a(?![xy])", "look_ahead", "(?![xy])", r"a(?:\z|[^xy])"),
        (r"a(?![^xy])", "look_ahead", "(?![^xy])", r"a(?:\z|[xy])"),
        (r"(?i)a(?!b)", "look_ahead", "(?!b)", r"(?i)a(?:\z|[^Bb])"),
        (r"a(?!bc)", "look_ahead", "(?!bc)", r"a(?:\z|[^b]|b(?:\z|[^c]))"),
        (r"(?!三文鱼)三[文纹][鱼渔]", "look_ahead", "(?!三文鱼)", "三(?:文渔|纹[鱼渔])"),
        (r"(?<!围棋)高手", "look_behind", "(?<!围棋)", r"(?:\A|[^棋]|(?:\A|[^围])棋)高手"),
        (r"(?<=^|\s)vx(?=\s|$)", "look_behind", r"(?<=^|\s)", r"(?:\A|\s)vx(?:\s|\z)"),
        (r"(?<!\w)x(?!\w)", "look_behind", r"(?<!\w)", r"(?:\A|\W)x(?:\z|\W)"),
        (r"^(?!foo)(bar|foobar)", "look_ahead", "(?!foo)", "^bar"),
        (r"(?<=\b)vip", "look_behind", r"(?<=\b)", r"\bvip"),
        (r"(?:a(?!b))+", "look_ahead", "(?!b)", None),
        (r"(?!.*b)a", "look_ahead", "(?!.*b)", None),
        (r"^(?=.*\d)x", "look_ahead", r"(?=.*\d)", None),
        (r"x|a(?!b)", "look_ahead", "(?!b)", r"x|a(?:\z|[^b])"),
        (r"(a)\1", "back_reference", r"\1", None),
        (r"(?P<a>a)(?P=a)", "back_reference", "(?P=a)", None),
        (r"(?<a>a)\k<a>", "back_reference", r"\k<a>", None),
        (r"a++a", "possessive", "+", None),
        (r"(?>a|ab)c", "atomic_group", "(?>a|ab)", None),
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
        (r"加\B\S", "boundary_beside_wide", r"\B", None),
        (r"\bcafé\b", "boundary_beside_wide", r"\b", r"\bcafé(?:\z|\W)"),
        (r"\bслово\b", "boundary_beside_wide", r"\b", r"(?:\A|\W)слово(?:\z|\W)"),
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
    assert error.text.en.startswith(REASONS[reason].en)
    assert error.text.zh.startswith(REASONS[reason].zh)


def test_limits() -> None:
    assert refused("x" * 5000).reason == "too_long"
    assert refused("(" * 200 + "a" + ")" * 200).reason == "too_deep"
    assert refused("(" * 4000).reason == "too_deep"
    assert PatternMatcher("(" * 100 + "a" + ")" * 100).found("a")
    assert refused("(" + "|".join(rf"\p{{L}}{{{n}}}" for n in range(400, 600)) + ")").reason in (
        "too_large",
        "repeat_too_large",
    )


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"[\w.-]{1,64}@[\w-]{1,63}\.\w{2,6}", "a"),
        (r"\w{1,50}@", "汉"),
        (r"(?:a{0,50}){0,20}b", "a"),
        (r"加.{0,1000}信", "加"),
    ],
)
def test_counted_repetition_stays_near_a_plain_look(pattern: str, text: str) -> None:
    def seconds(matcher: PatternMatcher) -> float:
        began = time.perf_counter()
        assert not matcher.found(text * 60_000)
        return time.perf_counter() - began

    matcher, plain = PatternMatcher(pattern), PatternMatcher(r"[^z]*z")
    seconds(matcher)
    # Where the engine cannot keep what it learnt it takes hundreds to thousands of times as long.
    assert min(seconds(matcher) for _ in range(3)) < 30 * min(seconds(plain) for _ in range(3))


def test_places_of_counted_repetitions() -> None:
    counted = {r"a+b*c?": 0, r"a{3}": 3, r"(?:a.){1,50}b": 100, r"(\w{2,}x){5}|\d{4}": 19, r"(?:^a|\bbc){2}": 6}
    assert {one: counted_places(parse(one)) for one in counted} == counted


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
    ("pattern", "instead"),
    [
        (r"(a)\1", "longest_run"),
        (r"^(?=.*\d)(?!.*x).{8,}$", r"`… matches /^.*\d/ and not (… matches /^.*x/) and … matches /^.{8,}$/`"),
        (r"(?i)^(?=a|b)(?!.*spam)", r"`… matches /(?i)^(?:a|b)/ and not (… matches /(?i)^.*spam/)`"),
        (r"(?!.*b)a", "conditions of their own"),
        (r"a++a", "finds more"),
    ],
)
def test_what_to_write_instead(pattern: str, instead: str) -> None:
    error = refused(pattern)
    assert error.rewrite is None
    assert error.instead is not None
    assert instead in error.text.en
    assert error.instead.zh in error.text.zh


PIECES = st.sampled_from(["a", "b", "[ab]", r"\d", "(?:ab)", "(?:a|b)", "(?:a|ab)", "a?", "1", "(?:b1|a)"])


def test_a_refusal_writes_the_rewrite_out() -> None:
    error = refused("foo(?!b)")
    assert error.rewrite is not None
    assert f"/{error.rewrite}/" in error.text.en
    assert f"/{error.rewrite}/" in error.text.zh


LOOKED_FOR = st.sampled_from(["a", "ab", "[ab]", "加", "a|加b", "ab?", r"\d", "a$", "(?:a|b)b", "[^a]", "a+", "加{2}"])
AROUND = st.sampled_from(["", "a", "b", "[ab]", "(a|b)", "加?", "a+", "[^b]加", "(?:ab|a)b", "x*", ".", "a{1,2}b"])


@given(
    st.sampled_from(["(?={})", "(?!{})", "(?<={})", "(?<!{})"]),
    LOOKED_FOR,
    AROUND,
    AROUND,
    st.text("aab加1", max_size=6),
)
def test_rewrites_of_looking_around_find_the_same_texts(
    look: str, asked: str, before: str, after: str, text: str
) -> None:
    pattern = before + look.format(asked) + after
    try:
        theirs = re.compile(pattern)
    except re.error:
        return  # it looks behind at texts of several lengths
    rewrite = refused(pattern).rewrite
    if rewrite is not None:
        assert PatternMatcher(rewrite).found(text) is (theirs.search(text) is not None)


@given(
    st.sampled_from(["(?>{})", "{}"]),
    PIECES,
    st.sampled_from(["?+", "*+", "++", "{1,2}+", ""]),
    PIECES,
    st.text("ab1", max_size=7),
)
def test_possessive_repetition_that_is_taken_finds_the_same_texts(
    group: str, piece: str, count: str, after: str, text: str
) -> None:
    pattern = group.format(piece + count) + after
    try:
        matcher = PatternMatcher(pattern)
    except PatternRefused as error:
        reason = error.reason
        matcher = None
    if matcher is None:
        assert reason in ("possessive", "atomic_group", "bad_repeat")
        return
    found = re.search(pattern, text)
    match = matcher.search(text)
    assert (match and (match.start, match.end)) == (found and found.span())


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
        (r"ab cd", ("ab cd",)),
        (r"(?i)ab cd", ("ab",)),
        (r"VIP", ("VIP",)),
        (r"顶{6,}", ("顶顶顶顶顶顶",)),
        (r"(?P<i>x)", ("x",)),
        (r"(?:free)+ (?:money|cash)", ("free",)),
        (r"é+", ("é",)),
        (r"(?i:é+)", ()),
    ],
)
def test_literals_that_a_pattern_requires(pattern: str, literals: tuple[str, ...]) -> None:
    assert PatternMatcher(pattern).required == (literals, "(?i" in pattern)


PATTERNS = st.recursive(
    st.sampled_from(["a", "B", "加", r"\d", r"\w", "[ab加]", "[^a]", ".", " ", "é", "1", r"\.", r"\s", "ab"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        inner.map(lambda one: f"({one})"),
        inner.map(lambda one: f"(?:{one})?"),
        inner.map(lambda one: f"(?:{one})+"),
        inner.map(lambda one: f"(?:{one}){{1,2}}"),
        inner.map(lambda one: f"{one}{{2,}}" if len(one) == 1 else one),
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
    literals, folded = matcher.required
    if matcher.found(text) and literals:
        looked = fold_text(text) if folded else text
        assert any(literal in looked for literal in literals)


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
    # They are read as the sign for what cannot be read, which a pattern may name.
    assert found("a\ufffd.long", "a\ud800xlong") == ["a\ud800xlong"]
    assert PatternMatcher("a\ufffd.long").found("a\ud800xlong")


def test_what_was_checked_is_built_when_first_asked() -> None:
    pattern = "lazy-[0-9]{2}built"
    one = usable(pattern)
    assert usable(pattern) is one
    assert one.found("a lazy-12built b")
    assert matcher(pattern) is one
    with pytest.raises(PatternRefused):
        usable("lazy(?=ahead)").found("lazyahead")
    with pytest.raises(PatternRefused):
        matcher("lazy(?=ahead)")


def test_what_patterns_require_outlives_them() -> None:
    known = required_by("outlives-[a-z]+")
    remember = let_go()
    remember()
    assert required_by("outlives-[a-z]+") == known == (("outlives-",), False)


def test_what_a_pattern_needs_beside_is_known_once_it_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = "beside[0-9]{2}more(one|two)end"
    matcher(pattern)
    remember = let_go()
    remember()
    monkeypatch.setitem(let_go.__globals__, "parse", lambda _: pytest.fail("parsed once more"))
    assert usable(pattern).also_required == (("end",), ("one", "two"), ("more",))


def test_patterns_are_forgotten_while_other_threads_check_some(monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, Required] = {}

    class Meanwhile(Required):
        def __reduce__(self) -> tuple[type[Required], tuple[tuple[str, ...], bool]]:
            known["other"] = Required(("other",), False)
            return Required, (self.literals, self.folded)

    known |= {"one": Meanwhile(("one",), False), "two": Required(("two",), True)}
    monkeypatch.setitem(let_go.__globals__, "_REQUIRED", known)
    let_go()()
    assert known["one"] == Required(("one",), False)
    assert known["two"].folded


class _Public:
    """An object of which only what is public may be asked."""

    def __init__(self, behind: Any) -> None:
        self._behind = behind

    def __getattr__(self, name: str) -> Any:
        assert not name.startswith("_"), f"{name} is not public"
        return getattr(self._behind, name)


def test_only_what_the_engine_s_package_makes_public_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = pytest.importorskip("re2")

    class Package(_Public):
        def compile(self, *given: Any) -> _Public:
            return _Public(engine.compile(*given))

    monkeypatch.setitem(sys.modules, "re2", Package(engine))
    for pattern in (r"b+\s*汉", r"[\w.]{1,64}@x"):
        one = PatternMatcher(pattern, at_once=False)
        text = "a 汉 b 汉 a.b@x \ud800"
        assert one.found(text)
        assert one.search(text[:-1]) == one.search(text) == one.find(text)[0]
        assert one.search("ａ") is None
        assert not one.found("a")
        assert not one.fits_everything
    assert refused(r"(a{999}){999}").reason == "repeat_too_large"
    let_go()()
