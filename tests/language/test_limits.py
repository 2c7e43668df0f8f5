"""Files come from strangers: whatever a text holds, it is read or refused in bounded time, and nothing breaks."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import TOURS, case, codes

from communityrules.diagnostics.source import Source
from communityrules.language import limits
from communityrules.language.parse import parse

#: How many mutated rulebooks a run tries, and for how many seconds at most. Raise both for a long search.
MUTANTS = int(os.environ.get("MUTANTS", "400"))
BUDGET = float(os.environ.get("MUTANTS_SECONDS", "20"))
SEED = 20241004

FRAGMENTS = (
    "(", ")", '"', "“", "」", "/", "|", "#", "\n", "\r", "\t", "、", "。", ":", ",", "@", "\\", "\x02", "\ue000",
    "\ue003", "\u200b", "𝒳", "0", "9" * 60, "1e9", "24 hours", "2024-99-99", "25:61", "not ", "非 ", "rule", "若", "则",
    "or ", "且", "expect ", "table t on message\n | rule | if |\n", "逾期", "under", " within ",
    "x" * 300, "(" * 60, "not " * 60,
)  # fmt: skip


def slowest(seconds: float) -> float:
    """What one file may take. A busy machine is no error of the parser, so the clock counts our own work only."""
    return time.process_time() - seconds


@pytest.mark.parametrize(
    "text",
    [
        "define a as " + "(" * 100_000 + "x" + ")" * 100_000,
        "define a as " + "(" * 100_000,
        "define a as " + "not " * 100_000 + "x",
        "定义 a 为 " + "非 " * 100_000 + "x",
        "define a as " + "not (" * 50_000 + "x",
        "define a as " + "count(" * 50_000 + "x",
        "rule 1\n  if " + "（" * 100_000,
    ],
)
def test_deep_nesting_is_refused_quickly(text: str) -> None:
    codes('list warm_up = file "x"')
    start = time.process_time()
    assert "CR107" in codes(text)
    assert slowest(start) < 1


@pytest.mark.parametrize("operator", [" + 1", " * 1", " - -1"])
def test_long_sums_are_refused(operator: str) -> None:
    assert set(codes("define a as 1" + operator * 2_000 + " > 1")) == {"CR107"}


def test_trees_stay_shallow() -> None:
    """Whoever walks a tree recursively need not fear for the stack, even when errors were reported."""
    text = "define a as " + "(" * 45 + "1" + " + 1" * 300 + ")" * 45 + " or x" * 3_000
    file, problems = parse(Source("x", text))
    assert {one.code for one in problems} == {"CR107"}
    assert _depth(file) < 20 + 2 * limits.MAX_DEPTH


def _depth(node: object) -> int:
    if isinstance(node, tuple):
        return max(map(_depth, node), default=0)
    fields = [name for name in getattr(node, "__dataclass_fields__", ()) if name != "span"]
    return 1 + max((_depth(getattr(node, name)) for name in fields), default=0)


def test_limits_allow_what_people_write() -> None:
    assert codes("define a as " + "(" * 40 + "x" + ")" * 40) == []
    assert codes("define a as x" + " or x" * 5_000) == []
    assert codes("define a as 1" + " + 1" * 40 + " > 1") == []
    assert codes("list a = " + ", ".join(f'"word {n}"' for n in range(20_000))) == []


@pytest.mark.parametrize(
    "text",
    [
        "1" + " " * 200_000 + "x",
        "list a = " + "9" * 200_000,
        "list a = " + '"' * 200_001,
        "list a = " + "\\" * 200_000,
        'list a = "' + "\\" * 200_000,
        "pattern a = /" + "[" * 200_000,
        "pattern a = /" + "(" * 200_000 + "/",
        "define a as x" + "." * 200_000,
        "define a as x" + ". " * 100_000,
        "x" * 200_000,
        "文" * 200_000,
        "rule 1" + "\n" * 200_000 + "x",
        "table t\n" + "|" * 200_000,
        "table t\n" + "| rule " * 20_000,
        "if " * 60_000,
        "rule 1 then " + "a, " * 60_000,
        "@ " * 60_000,
        "# \n" * 60_000,
        "then " + ", " * 60_000 + " if",
        'test "x" ' + "09:00 a b " * 20_000,
        "24" * 50_000 + " hours later",
    ],
)
def test_strange_files_take_no_time(text: str) -> None:
    start = time.process_time()
    codes(text)
    assert slowest(start) < 3


def test_naughty_strings_are_texts() -> None:
    for text in ("\u202e", "\u0000"[:0], "﷽", "Ω≈ç√∫˜µ≤≥÷", "👩‍👩‍👧", "\x7f\x1b[31m", "ﬁ", "İ", "ǅ", "\u0301"):
        assert codes(f'list a = "{text}"') == []


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=200),
    st.sampled_from(["", "rule 1\n  if ", 'test "x"\n  ', "表 t\n | 规则 | 若 |\n", "list a = "]),
)
def test_any_text_is_read_or_refused(text: str, before: str) -> None:
    for one in parse(Source("x", before + text))[1]:
        assert one.span is not None
        assert one.text("zh")


# --- mutants -------------------------------------------------------------------------------------------------


def originals() -> list[str]:
    tours = [TOURS / "tour.en.rules", TOURS / "tour.zh.rules"]
    found = [path.read_text(encoding="utf-8") for path in tours if path.is_file()]
    return [case("sample.en.rules"), case("sample.zh.rules"), *found]


def mutate(text: str, choose: random.Random) -> str:
    for _ in range(choose.choice((1, 1, 1, 2, 4, 12))):
        at = choose.randrange(len(text) + 1)
        length = choose.choice((1, 1, 2, 5, 20, 200))
        match choose.randrange(6):
            case 0:
                text = text[:at] + text[at + length :]
            case 1:
                text = text[:at] + choose.choice(FRAGMENTS) + text[at:]
            case 2:
                text = text[:at] + choose.choice(FRAGMENTS) + text[at + length :]
            case 3:
                text = text[:at] + text[at : at + length] * 2 + text[at + length :]
            case 4:
                other = choose.randrange(len(text) + 1)
                text = text[:at] + text[other : other + length] + text[at:]
            case _:
                letter = chr(choose.choice((choose.randrange(0x20, 0x250), choose.randrange(0x3000, 0x9FFF))))
                text = text[:at] + letter + text[at:]
    return text


def test_mutated_rulebooks_give_coded_diagnostics(tmp_path: Path) -> None:
    choose = random.Random(SEED)
    texts = originals()
    stop = time.monotonic() + BUDGET
    for number in range(MUTANTS):
        if time.monotonic() > stop:
            break
        text = mutate(choose.choice(texts), choose)
        (tmp_path / "mutant.rules").write_text(text, encoding="utf-8")
        start = time.process_time()
        _, problems = parse(Source(f"mutant {number}", text))
        took = slowest(start)
        assert took < 1 or number == 0, f"{took:.2f} s"
        for one in problems:
            assert one.span is not None
            assert 0 <= one.span.start <= one.span.end <= len(text)
            assert one.code.startswith("CR1")
            assert one.text("en") != one.text("zh")
            assert one.hint("en")
            assert one.hint("zh")
