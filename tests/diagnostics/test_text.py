"""Diagnostics as people see them: the caret stands under what is meant, whatever stands before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communityrules.diagnostics.formats import render_github, render_json, render_sarif
from communityrules.diagnostics.message import Bilingual, Diagnostic, Fix, Message
from communityrules.diagnostics.source import Source, Span
from communityrules.diagnostics.text import EXCERPT, render_text, summary
from communityrules.diagnostics.width import cells, cut, cut_left, pad, visible

UNKNOWN = Message(
    "CR201",
    "error",
    Bilingual("Unknown name", "未知名称"),
    Bilingual("There is no `{name}`.", "没有 `{name}`。"),
    Bilingual("Did you mean `{near}`?", "是否想写 `{near}`?"),
)
UNUSED = Message(
    "CR250",
    "warning",
    Bilingual("Unused", "未使用"),
    Bilingual("`{name}` is unused.", "`{name}` 未使用。"),
    Bilingual("", ""),
)


def at(text: str, wanted: str, message: Message = UNKNOWN) -> Diagnostic:
    source = Source("规则.rules", text)
    start = text.index(wanted)
    span = Span(source, start, start + len(wanted))
    return Diagnostic(message, span, {"name": wanted, "near": "x"}, Fix(span, "x"))


@pytest.mark.parametrize(
    "line",
    [
        "if staf",
        "若 成员 属于 staf 则",
        "\tif\tstaf",
        "e\u0301e\u0301 staf",
        "👨\u200d👩\u200d👧 staf",
        "x\u202ey staf",
        "ｆｕｌｌ staf",
        "\x00\x01 staf",
    ],
)
def test_the_caret_stands_under_the_place(line: str) -> None:
    shown = render_text([at(f"first\n{line}\nlast", "staf")], "en").splitlines()
    excerpt, caret = shown[3], shown[4]
    before = excerpt[: excerpt.index("staf")]
    assert cells(before) == caret.index("^")
    assert caret.count("^") == 4


def test_wide_places_have_wide_carets() -> None:
    shown = render_text([at("若 广告此 则", "广告此")], "zh").splitlines()
    assert shown[4].count("^") == 6


def test_a_screen_of_one_error_and_one_warning() -> None:
    found = [at("rule 1\n  applies to staf", "staf"), at("list x", "x", UNUSED)]
    assert render_text(found, "en") == (
        "error[CR201]: There is no `staf`.\n"
        " --> 规则.rules:2:14\n"
        "  |\n"
        "2 |   applies to staf\n"
        "  |              ^^^^\n"
        "  = help: Did you mean `x`?\n"
        "\n"
        "warning[CR250]: `x` is unused.\n"
        " --> 规则.rules:1:6\n"
        "  |\n"
        "1 | list x\n"
        "  |      ^\n"
        "\n"
        "1 error, 1 warning\n"
    )
    assert summary(found, "zh") == "1 个错误,1 个警告"
    assert summary([], "en") == "no problems"
    assert summary(found * 2, "en") == "2 errors, 2 warnings"


def test_a_span_over_several_lines_marks_the_first() -> None:
    shown = render_text([at('text "unclosed\nnext line', '"unclosed\nnext')], "en").splitlines()
    assert shown[4].count("^") == len('"unclosed')


def test_an_empty_span_at_the_end_has_a_caret() -> None:
    source = Source("x", "rule")
    shown = render_text([Diagnostic(UNKNOWN, Span(source, 4, 4), {"name": "", "near": ""})], "en").splitlines()
    assert shown[3:5] == ["1 | rule", "  |     ^"]


@given(st.text(max_size=400), st.integers(0, 400), st.integers(0, 400))
def test_any_line_fits_and_nothing_moves_the_cursor(text: str, start: int, length: int) -> None:
    source = Source("x", text)
    start = min(start, len(text))
    span = Span(source, start, min(len(text), start + length))
    for line in render_text([Diagnostic(UNKNOWN, span, {"name": "n", "near": "m"})], "en").split("\n"):
        assert cells(line) <= EXCERPT + 12
        assert "\x1b" not in line
        assert "\r" not in line


def test_a_megabyte_of_line_is_shown_in_part() -> None:
    shown = render_text([at("x" * 500_000 + " staf " + "y" * 500_000, "staf")], "en")
    assert len(shown) < 1000
    assert "…" in shown


@given(st.text(max_size=60), st.integers(1, 40))
def test_cutting_and_padding_keep_to_the_width(text: str, width: int) -> None:
    text = visible(text)
    assert cells(cut(text, width)) <= width
    assert cells(cut_left(text, width)) <= width
    assert cells(pad(cut(text, width), width)) == width


def test_values_with_braces_stay_as_they_are() -> None:
    found = Diagnostic(UNKNOWN, None, {"name": "{near}", "near": "{name}"})
    assert found.text() == "There is no `{near}`."


def test_github_annotations_escape_what_would_end_them() -> None:
    source = Source("a,b:c.rules", "line\nstaf")
    span = Span(source, 5, 9)
    line = render_github([Diagnostic(UNKNOWN, span, {"name": "50%\n", "near": "x"})], "en")
    assert line.count("\n") == 1
    assert line.startswith("::error file=a%2Cb%3Ac.rules,line=2,endLine=2,col=1,endColumn=5,title=CR201 Unknown name::")
    assert "50%25%0A" in line


def test_programs_get_places_that_count_code_points() -> None:
    found = [at("若 👍 广告此", "广告此")]
    assert '"line": 1, "column": 5, "end_line": 1, "end_column": 8' in render_json(found, "zh")
    assert '"startColumn": 5' in render_sarif(found, "en", "1")
