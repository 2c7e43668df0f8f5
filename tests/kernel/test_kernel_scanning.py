"""The kernel prepares texts as what is written in Python."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from communityrules.diagnostics.source import Source
from communityrules.kernel import native
from communityrules.language import scan as scanning
from communityrules.language.scan import QUOTES, Scan, scan

pytestmark = pytest.mark.skipif(native("scanning") is None, reason="the kernel was not built")

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.rules"))
#: Quotes of all kinds, what is changed, spaces of all kinds, what may open a pattern, and what is nothing of that.
BITS = (
    *QUOTES, *QUOTES.values(), '"a"', '"', "\\", "\n", "\n", "\n  ", " ", "\t", "\r", "\r\n", "\x02", "\x00", "\x1c",
    "\x85", "\u2028", "\u3000", "\ue000", "\ue001", "。", "；", ";", ".", "，", "（", "＃", "#", "/", "/a/", "/[/]/i",
    " matches ", " 匹配 ", ".matches ", "=", "(", "rule", "规则", "é", "😀", "\U0001d4b3", "\ufeff", "ﾠ", "\ud800",
)  # fmt: skip


def _plainly(text: str, monkeypatch: pytest.MonkeyPatch) -> Scan:
    with monkeypatch.context() as patch:
        patch.setattr(scanning, "native", lambda _: None)
        patch.setattr(scanning, "_usual", lambda: None)
        return scan(Source("x", text))


def _same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, slow = scan(Source("x", text)), _plainly(text, monkeypatch)
    for name in ("text", "values", "comments", "unclosed", "unclosed_regexes", "firsts"):
        assert getattr(quick, name) == getattr(slow, name), name
    assert len(quick.text) == len(text)
    assert quick.text.isascii() == slow.text.isascii()
    assert hash(quick.text) == hash(slow.text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda one: one.stem)
def test_examples(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _same(path.read_text(encoding="utf-8"), monkeypatch)


@pytest.mark.parametrize("seed", range(200))
def test_texts_of_anything(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(seed)
    _same("".join(draw.choices(draw.choices(BITS, k=12), k=draw.randrange(60))), monkeypatch)
    _same("".join(draw.choices(BITS, k=200)), monkeypatch)


def test_what_is_refused() -> None:
    kernel = native("scanning")
    assert kernel is not None
    table = kernel.table({}, "")
    for place, letters in ((-1, table), (3, table), (0, b"")):
        with pytest.raises(ValueError, match="place"):
            kernel.usual("ab", place, letters, {})
    for changed in ({-1: 1}, {1: 1 << 16}, {1 << 70: 1}):
        with pytest.raises((ValueError, OverflowError)):
            kernel.table(changed, "")
    assert kernel.usual("ab", 2, table, {}) == ("", 2)
    assert kernel.marked("", []) == ""
